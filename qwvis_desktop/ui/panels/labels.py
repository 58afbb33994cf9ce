"""Labels that panels share: words in a colour with a meaning, which follows light and dark."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from qwvis_desktop.ui.theme import Tone, tone_color


class ToneLabel(QLabel):
    """Plain words in the colour of a tone; None is the ordinary colour of text."""

    def __init__(self, text: str = "", tone: Tone | None = Tone.MUTED, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._tone = tone
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._paint_tone()

    @property
    def tone(self) -> Tone | None:
        """The tone it has."""
        return self._tone

    def set_tone(self, tone: Tone | None) -> None:
        """Take another tone."""
        if tone is not self._tone:
            self._tone = tone
            self._paint_tone()

    def say(self, text: str, tone: Tone | None) -> None:
        """Show ``text`` in a tone."""
        self.setText(text)
        self.set_tone(tone)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ApplicationPaletteChange:
            self._paint_tone()

    def _paint_tone(self) -> None:
        palette = QPalette()
        if self._tone is not None:
            palette.setColor(QPalette.ColorRole.WindowText, tone_color(self._tone, palette))
        self.setPalette(palette)


def wrapping_label(text: str = "", tone: Tone | None = Tone.MUTED) -> ToneLabel:
    """Return a label that breaks its lines and takes the height that this needs."""
    label = ToneLabel(text, tone)
    label.setWordWrap(True)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.MinimumExpanding)
    label.setMinimumWidth(40)
    return label
