"""``CorrectionBar``: one text at a time, large, under its enlarged part of the picture; keys lead on."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QTextCursor, QTextOption
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from qwvis_desktop.ui.panels.labels import ElidingLabel, ToneLabel
from qwvis_desktop.ui.theme import Tone, icon

PART_HEIGHT = 64
"""Widget units that the enlarged part of the picture is high."""

_LETTERS = 1.9
"""How many times as large as elsewhere letters are."""

_MOST_LINES = 3


@dataclass(frozen=True, slots=True)
class TextUnderEdit:
    """What the bar shows.

    Attributes:
        key: id of the text.
        text: what stands there now.
        place: where it stands among those that are gone through, from 1, and of how many.
        score: what the model gave it; None for nothing.
        was: what the model had read, where a person changed it.
        is_accepted: whether a person found it right.
        part: the part of the picture, laid straight.
        proposal: what was read there again, and waits to be taken or refused; None for nothing.
        reader: who read that.
    """

    key: str
    text: str
    place: tuple[int, int]
    score: float | None
    was: str | None
    is_accepted: bool
    part: QImage
    proposal: str | None = None
    reader: str = ""


class CorrectionBar(QWidget):
    """Shows one text to be corrected; hidden until it is wanted.

    Signals:
        accepted(): what stands in the line is right; the next one is wanted.
        stepped(int): the next text (1) or the one before (-1) is wanted; what was typed is kept.
        left(): no more is to be corrected; what was typed is kept.
        proposal_taken(): what was read again is right.
        proposal_refused(): what stands there is to be kept.
    """

    accepted = Signal()
    stepped = Signal(int)
    left = Signal()
    proposal_taken = Signal()
    proposal_refused = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: TextUnderEdit | None = None
        self._part = _Part()
        self._line = QPlainTextEdit()
        self._line.setAccessibleName(self.tr("Text under edit"))
        font = self._line.font()
        font.setPointSizeF(font.pointSizeF() * _LETTERS)
        self._line.setFont(font)
        self._line.setTabChangesFocus(False)
        self._line.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self._line.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._line.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self._line.installEventFilter(self)
        self._line.textChanged.connect(self._fit_height)
        self._state = ToneLabel("", None)
        self._was = ElidingLabel()
        self._proposal = ElidingLabel("", Tone.ACCENT)
        self._keys = ToneLabel(self.tr("Enter: right, next   Tab: next   Shift+Tab: back   Esc: leave"))
        close = QToolButton()
        close.setIcon(icon("close"))
        close.setAutoRaise(True)
        close.setToolTip(self.tr("Leave (Esc)"))
        close.setAccessibleName(close.toolTip())
        close.clicked.connect(lambda _checked=False: self.left.emit())
        top = QHBoxLayout()
        top.setSpacing(12)
        top.addWidget(self._state)
        top.addStretch(1)
        top.addWidget(self._keys)
        top.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 6, 8, 8)
        layout.setSpacing(6)
        layout.addLayout(top)
        layout.addWidget(self._part)
        layout.addWidget(self._line)
        layout.addWidget(self._was)
        layout.addWidget(self._proposal)
        self._fit_height()
        self.hide()

    @property
    def shown(self) -> TextUnderEdit | None:
        """What is shown; None while the bar is hidden."""
        return self._shown

    @property
    def text(self) -> str:
        """What stands in the line now."""
        return self._line.toPlainText()

    @property
    def caret(self) -> int:
        """How many characters stand before the caret."""
        cursor = self._line.textCursor()
        # Qt counts UTF-16 units.
        return len(self.text.encode("utf-16-le")[: 2 * cursor.position()].decode("utf-16-le", "ignore"))

    @property
    def state(self) -> str:
        """What is said of the text: its place, its score, what was made of it."""
        return self._state.text()

    @property
    def former(self) -> str:
        """What is said of what the model had read."""
        return self._was.text()

    def show_text(self, shown: TextUnderEdit) -> None:
        """Show a text, the caret behind it; of the one that is shown already, what is said of it."""
        is_other = self._shown is None or (shown.key, shown.text) != (self._shown.key, self._shown.text)
        self._shown = shown
        self._part.show_part(shown.part)
        words = [self.tr("Text {n} of {all}").replace("{n}", str(shown.place[0])).replace("{all}", str(shown.place[1]))]
        words += [self.tr("score {score}").replace("{score}", f"{shown.score:.2f}")] if shown.score is not None else []
        words += [self.tr("corrected")] if shown.was is not None else []
        words += [self.tr("found right")] if shown.is_accepted and shown.was is None else []
        self._state.setText(", ".join(words))
        self._line.setAccessibleDescription(self._state.text())
        self._was.setText(self.tr("was: {text}").replace("{text}", shown.was) if shown.was is not None else "")
        self._was.setVisible(shown.was is not None)
        if is_other:
            self._line.setPlainText(shown.text)
            self._line.moveCursor(QTextCursor.MoveOperation.End)
        self.show()

        self._show_proposal(shown)

    @property
    def proposal(self) -> str:
        """What is said of what was read again; empty while nothing is proposed."""
        return self._proposal.text() if not self._proposal.isHidden() else ""

    def _show_proposal(self, shown: TextUnderEdit) -> None:
        self._proposal.setVisible(shown.proposal is not None)
        if shown.proposal is None:
            return
        is_same = shown.proposal == shown.text
        words = self.tr("{reader} reads the same") if is_same else self.tr("{reader} reads: {text}")
        words = words.replace("{reader}", shown.reader).replace("{text}", shown.proposal)
        self._proposal.setText(f"{words} · {self.tr('Enter: take it')} · {self.tr('Esc: keep what stands there')}")

    def forget_typed(self) -> None:
        """Show the next text that is told as it is, whatever was typed."""
        self._shown = None

    def take_keyboard(self) -> None:
        """Let what is typed go into the line."""
        self._line.setFocus()

    def clear(self) -> None:
        """Hide."""
        self._shown = None
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the keys that lead on; keep Escape from the window, and leave it undo once nothing typed is left."""
        if watched is not self._line or not isinstance(event, QKeyEvent):
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            return self._claims(event)
        return event.type() == QEvent.Type.KeyPress and self._does(event)

    def _claims(self, event: QKeyEvent) -> bool:
        """Answer whether a key is the line's before it is a shortcut; say whether that is answered."""
        if event.key() == Qt.Key.Key_Escape:
            event.accept()
            return True
        document = self._line.document()
        is_undo = event.matches(QKeySequence.StandardKey.Undo) and not document.isUndoAvailable()
        if is_undo or (event.matches(QKeySequence.StandardKey.Redo) and not document.isRedoAvailable()):
            event.ignore()
            return True
        return False

    def _does(self, event: QKeyEvent) -> bool:
        has_shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        is_asked = self._shown is not None and self._shown.proposal is not None
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if not has_shift:
                (self.proposal_taken if is_asked else self.accepted).emit()
            case Qt.Key.Key_Tab:
                self.stepped.emit(1)
            case Qt.Key.Key_Backtab:
                self.stepped.emit(-1)
            case Qt.Key.Key_Escape:
                (self.proposal_refused if is_asked else self.left).emit()
            case _:
                return False
        return True

    def _fit_height(self) -> None:
        lines = min(max(self._line.document().lineCount(), 1), _MOST_LINES)
        margins = self._line.contentsMargins()
        frame = 2 * self._line.frameWidth() + 2 * round(self._line.document().documentMargin())
        height = lines * self._line.fontMetrics().lineSpacing() + frame + margins.top() + margins.bottom()
        self._line.setFixedHeight(height)


class _Part(QWidget):
    """A part of the picture, as large as fits."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image = QImage()
        self.setFixedHeight(PART_HEIGHT)
        self.setAccessibleName(self.tr("The text on the picture, enlarged"))

    def show_part(self, image: QImage) -> None:
        """Show an image."""
        self._image = image
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(200, PART_HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it from the left, where the line of letters begins too."""
        if self._image.isNull():
            return
        size = self._image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        top = (self.height() - size.height()) // 2
        painter.drawImage(QRect(0, top, size.width(), size.height()), self._image)
