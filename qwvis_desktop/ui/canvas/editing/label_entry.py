"""``LabelEntry``: asks for a label right where something was drawn, and completes it from those that are known."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, QStringListModel, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QCompleter, QLineEdit, QWidget
from shiboken6 import isValid

_WIDTH = 200


class LabelEntry(QLineEdit):
    """A line over the picture.

    Signals:
        given(str): Return was pressed.
        refused(): Escape was pressed, or the line lost the keyboard to another widget.
    """

    given = Signal(str)
    refused = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._is_open = False
        self._before: QWidget | None = None
        self._known = QStringListModel(self)
        completer = QCompleter(self._known, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.setCompleter(completer)
        self.setPlaceholderText(self.tr("Label"))
        self.setAccessibleName(self.tr("Label"))
        self.resize(_WIDTH, self.sizeHint().height())
        self.installEventFilter(self)
        self.hide()

    def ask(self, place: QPoint, known: Sequence[str], text: str = "") -> None:
        """Ask at a place of the parent, as far as that lies in it; what was asked before is refused.

        Args:
            place: where the top left corner is wanted.
            known: labels to complete from, the likeliest first.
            text: what stands there at first, selected.
        """
        if self._is_open:
            self._end()
            self.refused.emit()
        parent = self.parentWidget()
        assert parent is not None  # it is made with one
        self._known.setStringList(list(known))
        x = min(max(place.x(), 0), max(parent.width() - self.width(), 0))
        y = min(max(place.y(), 0), max(parent.height() - self.height(), 0))
        self.move(x, y)
        self.setText(text)
        self.selectAll()
        self._is_open = True
        before = QApplication.focusWidget()
        self._before = before if before is not self else self._before
        self.show()
        self.raise_()
        self.setFocus()

    def close_entry(self) -> None:
        """Ask no longer; nothing is told."""
        self._is_open = False
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep Escape from the window's shortcut, which stops a run: here it gives no label."""
        is_asked = watched is self and event.type() == QEvent.Type.ShortcutOverride
        if is_asked and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            event.accept()
            return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take Return and Escape; Down offers all labels."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            text = self.text().strip()
            self._end()
            self.given.emit(text)
        elif event.key() == Qt.Key.Key_Escape:
            self._end()
            self.refused.emit()
        elif event.key() == Qt.Key.Key_Down and not self.text():
            self.completer().setCompletionPrefix("")
            self.completer().complete()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Give up when the keyboard goes elsewhere; the list of completions is not elsewhere."""
        super().focusOutEvent(event)
        stays = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)
        if self._is_open and event.reason() not in stays:
            self.close_entry()
            self.refused.emit()

    def _end(self) -> None:
        self.close_entry()
        before, self._before = self._before, None
        # The keyboard goes back to where one was, as to the timeline.
        back = before if before is not None and isValid(before) and before.isVisible() else self.parentWidget()
        if back is not None:
            back.setFocus()
