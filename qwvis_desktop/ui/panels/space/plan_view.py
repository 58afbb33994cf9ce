"""``PlanView``: the panel with the plan of the ground, seen from above, and what is said of it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from qwvis_desktop.ui.editor import DocumentEditor
from qwvis_desktop.ui.panels.labels import ElidingLabel
from qwvis_desktop.ui.panels.space.plan_surface import PlanSurface
from qwvis_desktop.ui.panels.space.space_words import words_on
from qwvis_desktop.ui.theme import Tone, icon


class PlanView(QWidget):
    """The plan with its buttons and a line of words.

    Signals:
        picture_requested(): the user wants the plan as a file (``plan_picture.render_plan`` draws it).
    """

    picture_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.surface = PlanSurface()
        self._words = ElidingLabel()
        self._fit = self._button("fit", self.tr("Fit the plan"), self.tr("Show the camera and all that lies near (F)"))
        self._all = self._button("", self.tr("Show all cuboids"), self.tr("Show those far away, too"))
        self._all.setText(self.tr("Show all"))
        self._measure = self._button("", self.tr("Measure"), self.tr("Drag to measure a distance (M)"))
        self._measure.setText(self.tr("Measure"))
        self._measure.setCheckable(True)
        self._zoom_in = self._button("zoom-in", self.tr("Zoom into the plan"), self.tr("Zoom in (+)"))
        self._zoom_out = self._button("zoom-out", self.tr("Zoom out of the plan"), self.tr("Zoom out (-)"))
        self._save = self._button("export", self.tr("Save the plan"), self.tr("Save the plan as PNG, SVG or PDF"))
        self._place()
        self._fit.clicked.connect(lambda: self.surface.fit(everything=False))
        self._all.clicked.connect(lambda: self.surface.fit(everything=True))
        self._measure.toggled.connect(self.surface.set_measuring)
        self._zoom_in.clicked.connect(lambda: self.surface.zoom(1.25))
        self._zoom_out.clicked.connect(lambda: self.surface.zoom(0.8))
        self._save.clicked.connect(self.picture_requested)
        self.surface.measuring_changed.connect(self._measure.setChecked)
        self.surface.news.connect(self._say)
        self._say()

    def show_editor(self, editor: DocumentEditor | None) -> None:
        """Show the plan of another document."""
        self.surface.show_editor(editor)

    @property
    def words(self) -> str:
        """What is said below the plan."""
        return self._words.text()

    def _button(self, name: str, accessible: str, tip: str) -> QToolButton:
        button = QToolButton()
        if name:
            button.setIcon(icon(name))
            button.setIconSize(QSize(16, 16))
        button.setAutoRaise(True)
        button.setAccessibleName(accessible)
        button.setToolTip(tip)
        return button

    def _place(self) -> None:
        bar = QHBoxLayout()
        bar.setContentsMargins(6, 2, 6, 2)
        bar.setSpacing(2)
        for button in (self._measure, self._all):
            bar.addWidget(button)
        bar.addStretch(1)
        for button in (self._save, self._zoom_out, self._zoom_in, self._fit):
            bar.addWidget(button)
        words_row = QHBoxLayout()
        words_row.setContentsMargins(8, 3, 8, 3)
        words_row.addWidget(self._words)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(bar)
        column.addWidget(self.surface, 1)
        column.addLayout(words_row)

    def _say(self) -> None:
        surface = self.surface
        there, beyond = not surface.is_empty, surface.beyond
        self._all.setVisible(bool(beyond))
        for button in (self._measure, self._save, self._zoom_in, self._zoom_out, self._fit):
            button.setEnabled(there)
        pointed = bool(surface.selected or surface.hovered is not None or surface.measured is not None)
        if beyond and not pointed:
            self._words.say(beyond, Tone.WARNING)
        else:
            self._words.say(words_on(surface, surface.measured, surface.measuring), Tone.MUTED)
