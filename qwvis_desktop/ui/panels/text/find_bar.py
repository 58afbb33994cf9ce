"""``FindBar``: a line above the picture to find words in its texts and in those of all other pages."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QToolButton, QWidget

from qwvis_desktop.core.text.search import Wanted
from qwvis_desktop.ui.panels.labels import ToneLabel
from qwvis_desktop.ui.theme import Tone, icon


class FindBar(QWidget):
    """Asks what to find; hidden until it is wanted.

    Signals:
        wanted_changed(Wanted): something else is looked for.
        next_requested(int): go to the next hit (1) or the previous one (-1).
        closed(): nothing is looked for any more.
    """

    wanted_changed = Signal(object)
    next_requested = Signal(int)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = QLineEdit()
        self._words.setPlaceholderText(self.tr("Find in texts"))
        self._words.setAccessibleName(self.tr("Find in texts"))
        self._words.setClearButtonEnabled(True)
        self._words.installEventFilter(self)
        self._count = ToneLabel()
        self._count.setAccessibleName(self.tr("How much was found"))
        self._case = _switch("Aa", self.tr("Tell upper and lower case apart"))
        self._whole = _switch("|ab|", self.tr("Find whole words only"))
        self._previous = _button("previous", self.tr("Previous hit (Shift+F3)"))
        self._next = _button("next", self.tr("Next hit (F3)"))
        self._close = _button("close", self.tr("Stop finding (Esc)"))
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 4, 8, 4)
        row.setSpacing(4)
        row.addWidget(self._words, 1)
        for widget in (self._case, self._whole, self._previous, self._next, self._count, self._close):
            row.addWidget(widget)
        self._count.setMinimumWidth(self.fontMetrics().horizontalAdvance("000 of 000 hits on 000 pages"))
        self._words.textChanged.connect(self._tell)
        self._case.toggled.connect(self._tell)
        self._whole.toggled.connect(self._tell)
        self._previous.clicked.connect(lambda: self.next_requested.emit(-1))
        self._next.clicked.connect(lambda: self.next_requested.emit(1))
        self._close.clicked.connect(self.leave)
        self.hide()

    @property
    def wanted(self) -> Wanted:
        """What is looked for."""
        return Wanted(self._words.text(), self._case.isChecked(), self._whole.isChecked())

    @property
    def sentence(self) -> str:
        """What is said of the hits."""
        return self._count.text()

    def ask(self, words: str = "") -> None:
        """Show the line, with ``words`` in it where there are any, and take the keyboard."""
        was_hidden = self.isHidden()
        self.show()
        if words:
            self._words.setText(words)
        self._words.selectAll()
        self._words.setFocus()
        if was_hidden:
            self._tell()

    def leave(self) -> None:
        """Hide; nothing is looked for any more."""
        if not self.isHidden():
            self.hide()
            self.closed.emit()

    def say(self, sentence: str, *, found: bool) -> None:
        """Say how much was found; the buttons follow."""
        self._count.say(sentence, Tone.MUTED if found or not sentence else Tone.WARNING)
        self._previous.setEnabled(found)
        self._next.setEnabled(found)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take Return and Escape; keep the latter from the window, where it stops a run."""
        if watched is not self._words or not isinstance(event, QKeyEvent):
            return False
        is_escape = event.key() == Qt.Key.Key_Escape
        if event.type() == QEvent.Type.ShortcutOverride and is_escape:
            event.accept()
            return True
        if event.type() != QEvent.Type.KeyPress:
            return False
        if is_escape:
            self.leave()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            back = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            self.next_requested.emit(-1 if back else 1)
        else:
            return False
        return True

    def _tell(self) -> None:
        self.wanted_changed.emit(self.wanted)


def _switch(text: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setCheckable(True)
    button.setAutoRaise(True)
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    return button


def _button(name: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setIcon(icon(name))
    button.setAutoRaise(True)
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    return button
