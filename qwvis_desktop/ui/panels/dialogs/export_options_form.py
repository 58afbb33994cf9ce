"""``ExportOptionsForm``: what can be chosen for a format beside its look."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QLabel, QVBoxLayout, QWidget

from qwvis_desktop.core.export_options import Choice, ExportOptions

_QUALITIES: tuple[int | None, ...] = (85, 70, 95, None)
"""Of the JPEG that a page becomes, in the order in which they are offered; None where nothing is lost."""


class ExportOptionsForm(QWidget):
    """Asks what the chosen format lets one choose; nothing of it is shown for formats without a choice."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = QCheckBox(self.tr("Also write words whose places are only &estimated, marked as such"))
        self._original = QCheckBox(self.tr("Lay the text onto the &original PDF document, which else stays as it is"))
        self._quality = QComboBox()
        self._quality.setAccessibleName(self.tr("Pages"))
        for quality, text in zip(_QUALITIES, self._titles(), strict=True):
            self._quality.addItem(text, quality)
        self._quality_caption = QLabel(self.tr("Pa&ges"))
        self._quality_caption.setBuddy(self._quality)
        form = QFormLayout()
        form.addRow(self._quality_caption, self._quality)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._words)
        layout.addWidget(self._original)
        layout.addLayout(form)
        self._original.toggled.connect(self._quality.setDisabled)

    def _titles(self) -> tuple[str, ...]:
        return (
            self.tr("JPEG, good (quality 85)"),
            self.tr("JPEG, small (quality 70)"),
            self.tr("JPEG, best (quality 95)"),
            self.tr("Without loss: a JPEG stays byte for byte, else every pixel"),
        )

    def show_choices(self, choices: Collection[Choice]) -> None:
        """Show what may be chosen."""
        self._words.setVisible(Choice.ESTIMATED_WORDS in choices)
        for widget in (self._quality_caption, self._quality):
            widget.setVisible(Choice.PICTURE_QUALITY in choices)
        self._original.setVisible(Choice.ONTO_ORIGINAL in choices)
        self.setVisible(bool(choices))

    @property
    def options(self) -> ExportOptions:
        """What was chosen."""
        return ExportOptions(
            estimated_words=self._words.isChecked(),
            onto_original=self._original.isChecked(),
            picture_quality=self._quality.currentData(),
        )
