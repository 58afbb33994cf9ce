"""What lies above the picture: what a drop would do, and the notice strip; and the colours round it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QWidget


def is_dark(palette: QPalette) -> bool:
    """Say whether a palette is a dark one."""
    return palette.color(QPalette.ColorRole.Window).lightness() < 128


def ground_of(palette: QPalette) -> QColor:
    """Return the neutral colour round the picture: no tint, so that it does not shift the picture's own."""
    return QColor("#26272a") if is_dark(palette) else QColor("#dfe1e4")


def blank_of(palette: QPalette) -> QColor:
    """Return the colour of a picture's place while it is not there yet."""
    return QColor("#33353a") if is_dark(palette) else QColor("#cdd0d5")


class DropOverlay(QWidget):
    """Says over the whole canvas what a drop will do; lets all events through."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._canvas = parent
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self._sentence = ""
        self._accepted = True
        self.hide()

    @property
    def sentence(self) -> str:
        """What it says; empty while it is hidden."""
        return self._sentence

    def say(self, sentence: str, accepted: bool) -> None:
        """Show ``sentence``; ``accepted``: whether a drop would do something."""
        self._sentence, self._accepted = sentence, accepted
        self.setAccessibleName(sentence)
        self.setGeometry(self._canvas.rect())
        self.raise_()
        self.show()
        self.update()

    def clear(self) -> None:
        """Hide."""
        self._sentence = ""
        self.hide()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw a veil, a frame and the sentence."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        dark = is_dark(self.palette())
        accent = self.palette().color(QPalette.ColorRole.Highlight) if self._accepted else QColor("#d55e00")
        veil = QColor(20, 21, 24, 150) if dark else QColor(250, 250, 252, 170)
        painter.fillRect(self.rect(), veil)
        pen = QPen(accent, 2.5, Qt.PenStyle.SolidLine if self._accepted else Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(10, 10, -10, -10), 8, 8)
        font = self.font()
        font.setPointSizeF(max(font.pointSizeF(), 9.0) * 1.3)
        painter.setFont(font)
        wrap = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        room = QRectF(self.rect()).adjusted(48, 32, -48, -32)
        words = painter.boundingRect(room, wrap, self._sentence)
        painter.setBrush(QColor("#1f2023") if dark else QColor("#ffffff"))
        painter.drawRoundedRect(words.adjusted(-22, -12, 22, 12), 8, 8)
        painter.setPen(QColor("#f2f2f3") if dark else QColor("#1b1c1f"))
        painter.drawText(room, wrap, self._sentence)


MOST_WAITING = 20
"""Sentences that wait below the one that is shown; of more the oldest are given up."""


class NoticeStrip(QFrame):
    """A strip at the canvas's top edge: a sentence, buttons, and a cross that closes it.

    A sentence that was not closed waits below one that comes after it, and is shown again when that is closed. What
    goes by itself, or asks something, does not wait: it is about the moment.

    Signals:
        action(str): the button with this id was pressed.
        size_changed(): it needs another height.
    """

    action = Signal(str)
    size_changed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._canvas = parent
        self.setObjectName("notice")
        self.setAutoFillBackground(True)
        self._label = QLabel(self)
        self._label.setWordWrap(True)
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self._label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._buttons: list[QPushButton] = []
        self._waiting: list[str] = []
        self._lasting: set[str] = set()
        self._stays = False
        self._more = QLabel(self)
        self._close = QToolButton(self)
        self._close.setText("✕")
        self._close.setAutoRaise(True)
        self._close.setToolTip(self.tr("Close this notice"))
        self._close.setAccessibleName(self.tr("Close this notice"))
        self._close.clicked.connect(self.clear)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 6, 6)
        row.setSpacing(8)
        row.addWidget(self._label, 1)
        row.addWidget(self._more)
        row.addWidget(self._close)
        self._row = row
        self.hide()

    @property
    def text(self) -> str:
        """What it says; empty while it is hidden."""
        return self._label.text() if not self.isHidden() else ""

    @property
    def waiting(self) -> int:
        """How many sentences wait below the one that is shown."""
        return len(self._waiting)

    def show_notice(
        self, text: str, actions: Sequence[tuple[str, str]], *, brief: bool = False, lasting: bool = False
    ) -> None:
        """Say ``text`` and offer ``actions``: (id, title).

        Args:
            text: the sentence.
            actions: ids and titles of buttons.
            brief: it will be taken away again by itself.
            lasting: it is not about the picture on view, and stays when another one is.
        """
        if lasting:
            self._lasting.add(text)
        former = self.text
        self._waiting = [sentence for sentence in self._waiting if sentence != text]
        if self._stays and former and former != text:
            self._waiting = [*self._waiting, former][-MOST_WAITING:]
        self._stays = not brief and not actions
        self._fill(text, actions)

    def _fill(self, text: str, actions: Sequence[tuple[str, str]]) -> None:
        for button in self._buttons:
            self._row.removeWidget(button)
            button.deleteLater()
        self._label.setText(text)
        self.setAccessibleName(text)
        self._buttons = [self._button(key, title) for key, title in actions]
        for place, button in enumerate(self._buttons):
            self._row.insertWidget(1 + place, button)
        self._show_count()
        self._recolor()  # it is not told of light and dark while it is hidden
        self.show()
        self.raise_()
        self.size_changed.emit()

    def _show_count(self) -> None:
        self._more.setText(self.tr("{count} more").replace("{count}", str(len(self._waiting))))
        self._more.setVisible(bool(self._waiting))

    def clear(self) -> None:
        """Take the sentence away; the latest one that waits takes its place."""
        self._lasting.discard(self._label.text())
        if self._waiting:
            self._stays = True
            self._fill(self._waiting.pop(), ())
        else:
            self._stays = False
            self.hide()

    def withdraw(self, text: str) -> None:
        """Take a sentence away, shown or waiting: it is true no more."""
        if self.text == text:
            self.clear()
        elif text in self._waiting:
            self._waiting.remove(text)
            self._lasting.discard(text)
            self._show_count()

    def leave_picture(self) -> None:
        """Take away what is about the picture that was on view."""
        self._waiting = [sentence for sentence in self._waiting if sentence in self._lasting]
        if self.text not in self._lasting:
            self.clear()
        elif self._stays:
            self._fill(self.text, ())  # fewer wait than it says

    def height_for(self, width: int) -> int:
        """Return the height that its words need in ``width``."""
        layout_height = self._row.heightForWidth(width)
        return max(layout_height, self._row.sizeHint().height() if layout_height < 0 else 0, 36)

    def sizeHint(self) -> QSize:
        """As wide as the canvas, as high as the words need."""
        width = self._canvas.width()
        return QSize(width, self.height_for(width))

    def changeEvent(self, event: QEvent) -> None:
        """Follow light and dark."""
        if event.type() == QEvent.Type.PaletteChange and self.isVisible():
            self._recolor()
        super().changeEvent(event)

    def _button(self, key: str, title: str) -> QPushButton:
        button = QPushButton(title, self)
        button.setAccessibleName(title)
        button.clicked.connect(lambda: self.action.emit(key))
        return button

    def _recolor(self) -> None:
        dark = is_dark(QGuiApplication.palette())
        ground, words, line = ("#4a3a12", "#ffefc2", "#8a6d1f") if dark else ("#fff4d1", "#3d2f00", "#d9b64a")
        sheet = (
            f"#notice {{ background: {ground}; border-bottom: 1px solid {line}; }} #notice QLabel {{ color: {words}; }}"
        )
        sheet += f" #notice QToolButton {{ color: {words}; }}"
        if self.styleSheet() != sheet:
            self.setStyleSheet(sheet)
