"""``DrawingForm``: fields for how an annotated picture is to look, and a preview of it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QPixmap, QResizeEvent
from PySide6.QtWidgets import QCheckBox, QFormLayout, QLabel, QSizePolicy, QSpinBox, QVBoxLayout, QWidget

from qwvis_desktop.ui.drawing_options import DrawingOptions

PREVIEW = 640
"""Longer side of the preview in pixels."""

_PATIENCE_MS = 150
"""How long the fields must rest before a preview is asked for."""


class DrawingForm(QWidget):
    """Asks how a drawing is to look.

    Signals:
        changed(DrawingOptions): a preview of this is wanted.
    """

    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._line = self._percent(self.tr("Line width"), 25, 400, 100)
        self._font = self._percent(self.tr("Letters"), 25, 400, 100)
        self._fill = self._percent(self.tr("Fill"), 0, 100, 0)
        self._labels = self._switch(self.tr("&Labels"), True)
        self._scores = self._switch(self.tr("&Scores"), True)
        self._colors = self._switch(self.tr("A &colour for each label"), True)
        self._linked = self._switch(self.tr("Name the picture's file instead of holding it"), False)
        self._image = QImage()
        self._preview = QLabel(self.tr("The preview is being drawn..."))
        self._preview.setAccessibleName(self.tr("Preview"))
        self._preview.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._preview.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self._preview.setMinimumSize(QSize(240, 90))
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_PATIENCE_MS)
        self._rest.timeout.connect(lambda: self.changed.emit(self.options))
        self._place()

    def _percent(self, name: str, least: int, most: int, value: int) -> QSpinBox:
        field = QSpinBox()
        field.setAccessibleName(name)
        field.setRange(least, most)
        field.setSingleStep(25 if least else 10)
        field.setSuffix(" %")
        field.setValue(value)
        field.valueChanged.connect(self.ask)
        return field

    def _switch(self, text: str, on: bool) -> QCheckBox:
        switch = QCheckBox(text)
        switch.setChecked(on)
        switch.toggled.connect(self.ask)
        return switch

    def _place(self) -> None:
        form = QFormLayout()
        form.addRow(self.tr("Line &width"), self._line)
        form.addRow(self.tr("L&etters"), self._font)
        form.addRow(self.tr("Fi&ll"), self._fill)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._preview, 1)
        layout.addLayout(form)
        for switch in (self._labels, self._scores, self._colors, self._linked):
            layout.addWidget(switch)

    @property
    def options(self) -> DrawingOptions:
        """What the fields say."""
        return DrawingOptions(
            line=self._line.value() / 100,
            font=self._font.value() / 100,
            fill=self._fill.value(),
            labels=self._labels.isChecked(),
            scores=self._scores.isChecked(),
            by_label=self._colors.isChecked(),
            linked=self._linked.isChecked(),
        )

    def ask(self) -> None:
        """Ask for a preview as soon as the fields rest."""
        self._scores.setEnabled(self._labels.isChecked())
        self._rest.start()

    def show_linked(self, shown: bool) -> None:
        """Offer to name the picture's file, for formats that can."""
        self._linked.setVisible(shown)

    def show_preview(self, image: QImage) -> None:
        """Show a preview; nothing of it remains where ``image`` is empty."""
        self._image = image
        self._scale()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the preview into its place."""
        super().resizeEvent(event)
        self._scale()

    def _scale(self) -> None:
        if self._image.isNull():
            return
        ratio = self.devicePixelRatioF()
        size = self._preview.size() * ratio
        pixmap = QPixmap.fromImage(
            self._image.scaled(size, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
        )
        pixmap.setDevicePixelRatio(ratio)
        self._preview.setPixmap(pixmap)
