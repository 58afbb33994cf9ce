"""Labels that panels share: words in a colour with a meaning, which follows light and dark."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from qwvis_desktop.ui.theme import Tone, tone_color


class ToneLabel(QLabel):
    """Plain words in the colour of a tone; None is the ordinary colour of text."""

    def __init__(self, text: str = "", tone: Tone | None = Tone.MUTED, parent: QWidget | None = None) -> None:
        self._tone = tone
        super().__init__(text, parent)
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
        if event.type() == QEvent.Type.PaletteChange:
            self._paint_tone()

    def _paint_tone(self) -> None:
        palette = QPalette()
        if self._tone is not None:
            palette.setColor(QPalette.ColorRole.WindowText, tone_color(self._tone, palette))
        # Setting a palette is told as a change of it.
        if palette.color(QPalette.ColorRole.WindowText) != self.palette().color(QPalette.ColorRole.WindowText):
            self.setPalette(palette)


class WrappingLabel(ToneLabel):
    """Words that break into as many lines as they need; as narrow as its place.

    Qt's own label asks for the height it would need were it as narrow as its longest word.
    """

    def __init__(self, text: str = "", tone: Tone | None = Tone.MUTED, parent: QWidget | None = None) -> None:
        super().__init__(text, tone, parent)
        self.setWordWrap(True)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def minimumSizeHint(self) -> QSize:
        """Return the size of a short line; layouts ask for the height at their width."""
        return QSize(40, self.fontMetrics().height())

    def sizeHint(self) -> QSize:
        """Return the size it would like to have."""
        return QSize(self.minimumWidth() or 160, self.heightForWidth(max(self.width(), 160)))


class ElidingLabel(ToneLabel):
    """One line of words; what does not fit is told when the pointer rests on it."""

    def __init__(self, text: str = "", tone: Tone | None = Tone.MUTED, parent: QWidget | None = None) -> None:
        super().__init__(text, tone, parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def minimumSizeHint(self) -> QSize:
        """Return the size of a short line."""
        return QSize(40, self.fontMetrics().height())

    def sizeHint(self) -> QSize:
        """Return the size of a short line, so that long words widen nothing."""
        return self.minimumSizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw what fits."""
        painter = QPainter(self)
        line = " ".join(self.text().split())
        shown = self.fontMetrics().elidedText(line, Qt.TextElideMode.ElideRight, self.width())
        self.setToolTip(self.text() if shown != line else "")
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
