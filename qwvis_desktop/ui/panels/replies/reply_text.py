"""``ReplyText``: the raw reply as it streams, with a marked passage and underlined faults."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QMimeData, Qt, QTimer, Signal
from PySide6.QtGui import QHelpEvent, QResizeEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QToolTip, QWidget

from qwvis_desktop.core.annotation import ParseIssue
from qwvis_desktop.ui.panels.replies.text_positions import TextPositions
from qwvis_desktop.ui.theme import Tone, monospace_font, tone_color

PAINT_EVERY_MS = 40
"""The first piece is shown at once; those that come within this time after it are shown together."""


class ReplyText(QPlainTextEdit):
    """Shows text that grows; follows its end unless the user scrolled up. Places are characters of the raw text.

    Signals:
        caret_moved(int): the user put the caret before this character.
    """

    caret_moved = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._raw: list[str] = []
        self._waiting: list[str] = []
        self._positions = TextPositions()
        self._mark: tuple[int, int] | None = None
        self._issues: tuple[ParseIssue, ...] = ()
        self._quiet = False
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setFont(monospace_font())
        self.setTabChangesFocus(True)
        self._timer = QTimer(self, interval=PAINT_EVERY_MS, singleShot=True)
        self._timer.timeout.connect(self._show_waiting)
        self.cursorPositionChanged.connect(self._tell_caret)
        self.verticalScrollBar().valueChanged.connect(self._show_marks)

    @property
    def raw(self) -> str:
        """All characters that were given."""
        if len(self._raw) > 1:
            self._raw = ["".join(self._raw)]
        return self._raw[0] if self._raw else ""

    def set_raw(self, text: str) -> None:
        """Show another text, from its start."""
        self._timer.stop()
        self._raw, self._waiting = [text], []
        self._positions = TextPositions()
        self._mark, self._issues = None, ()
        self._quiet = True
        self.setPlainText(self._positions.append(text))
        self._quiet = False
        self.setExtraSelections([])

    def append_raw(self, text: str) -> None:
        """Take a further piece; it is shown at once where none was shown just now, else with others that come."""
        self._raw.append(text)
        self._waiting.append(text)
        if not self._timer.isActive():
            self._show_waiting()

    def flush(self) -> None:
        """Show at once what was given."""
        self._show_waiting()
        self._timer.stop()

    def _show_waiting(self) -> None:
        """Show what was given, and nothing more for a while; where nothing was, the next piece is shown at once."""
        if not self._waiting:
            return
        self._timer.start()
        text, self._waiting = "".join(self._waiting), []
        bar = self.verticalScrollBar()
        follows = bar.value() >= bar.maximum() - 1
        self._quiet = True
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.insertText(self._positions.append(text))
        self._quiet = False
        if follows:
            bar.setValue(bar.maximum())
        self._show_marks()

    def mark_span(self, start: int, end: int) -> None:
        """Mark the characters [start, end) and scroll to them; the caret goes there too, which is not told."""
        self.flush()
        self._mark = (start, end)
        cursor = self.textCursor()
        self._quiet = True
        # The end first and then the start: of a passage that fits, both are then seen.
        for place in (end, start):
            cursor.setPosition(self._unit(place))
            self.setTextCursor(cursor)
            self.ensureCursorVisible()
        self._quiet = False
        self._show_marks()

    def clear_mark(self) -> None:
        """Mark nothing."""
        self._mark = None
        self._show_marks()

    def set_issues(self, issues: Sequence[ParseIssue]) -> None:
        """Underline where something was refused; the sentence is told when the pointer rests there."""
        self.flush()
        self._issues = tuple(sorted(issues, key=lambda issue: issue.span))
        self._show_marks()

    def issue_at(self, character: int) -> ParseIssue | None:
        """Return the issue whose span holds this character; the shortest of several."""
        holding = [
            issue for issue in self._issues if issue.span[0] <= character < max(issue.span[1], issue.span[0] + 1)
        ]
        return min(holding, key=lambda issue: issue.span[1] - issue.span[0], default=None)

    def selected_raw(self) -> str:
        """Return what is selected, as the model wrote it."""
        cursor = self.textCursor()
        start, end = (self._positions.to_character(unit) for unit in (cursor.selectionStart(), cursor.selectionEnd()))
        return self.raw[start:end]

    def createMimeDataFromSelection(self) -> QMimeData:
        """Copy the model's own characters instead of those shown for them."""
        # Qt's own object: one made here would be called, still on the clipboard, when Python is gone already.
        data = super().createMimeDataFromSelection()
        data.text()  # makes it ready, which would else overwrite what follows
        data.clear()
        data.setText(self.selected_raw())
        return data

    def viewportEvent(self, event: QEvent) -> bool:
        """Say what is wrong where the pointer rests."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            place = self._positions.to_character(self.cursorForPosition(event.pos()).position())
            issue = self.issue_at(place)
            QToolTip.showText(event.globalPos(), issue.message if issue else "", self)
            return True
        return super().viewportEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Underline what came into view."""
        super().resizeEvent(event)
        self._show_marks()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_timer"):
            self._show_marks()

    def _unit(self, character: int) -> int:
        return self._positions.to_unit(min(max(character, 0), self._positions.length))

    def _tell_caret(self) -> None:
        if not self._quiet:
            self.caret_moved.emit(self._positions.to_character(self.textCursor().position()))

    def _visible(self) -> tuple[int, int]:
        """Return [start, end) of the characters in view, and a little more."""
        first = self.firstVisibleBlock().position()
        last_cursor = self.cursorForPosition(self.viewport().rect().bottomRight())
        block = last_cursor.block()
        return self._positions.to_character(first), self._positions.to_character(block.position() + block.length())

    def _show_marks(self) -> None:
        """Mark and underline what is in view; Qt goes through all of them for each line it paints."""
        if self._mark is None and not self._issues:
            if self.extraSelections():
                self.setExtraSelections([])
            return
        first, last = self._visible()
        passages = []
        if self._mark is not None:
            marked = QTextCharFormat()
            marked.setBackground(tone_color(Tone.MARK, self.palette()))
            passages.append((self._mark, marked))
        underlined = QTextCharFormat()
        underlined.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        underlined.setUnderlineColor(tone_color(Tone.ERROR, self.palette()))
        upto = bisect_left(self._issues, last, key=lambda issue: issue.span[0])
        passages += [(issue.span, underlined) for issue in self._issues[:upto] if issue.span[1] >= first]
        self.setExtraSelections([self._selection(*passage) for passage in passages])

    def _selection(self, span: tuple[int, int], look: QTextCharFormat) -> QTextEdit.ExtraSelection:
        selection = QTextEdit.ExtraSelection()
        cursor = QTextCursor(self.document())
        cursor.setPosition(self._unit(span[0]))
        # A fault between two characters (something missing) is shown under the one that follows.
        cursor.setPosition(self._unit(max(span[1], span[0] + 1)), QTextCursor.MoveMode.KeepAnchor)
        selection.cursor = cursor
        selection.format = look
        return selection
