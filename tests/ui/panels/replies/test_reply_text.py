from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QHelpEvent, QTextCursor
from PySide6.QtWidgets import QToolTip
from pytestqt.qtbot import QtBot
from widgets import press

from qwvis_desktop.core.annotation import ParseIssue
from qwvis_desktop.ui.panels.replies.reply_text import ReplyText

RAW = '[{"label": "𠀀 😀 猫", "bbox_2d": [1, 2, 3, 4]},\r\n {"label": "b"}]'


@pytest.fixture
def view(qtbot: QtBot) -> ReplyText:
    view = ReplyText()
    qtbot.addWidget(view)
    view.resize(500, 200)
    view.show()
    return view


def marked(view: ReplyText) -> list[str]:
    return [selection.cursor.selectedText() for selection in view.extraSelections()]


def test_the_first_piece_is_shown_at_once_and_others_together(view: ReplyText, qtbot: QtBot) -> None:
    for character in RAW:
        view.append_raw(character)
    assert view.toPlainText() == RAW[0]
    qtbot.waitUntil(lambda: "bbox_2d" in view.toPlainText())
    assert view.raw == RAW
    qtbot.waitUntil(lambda: not view._timer.isActive())
    before = view.toPlainText()
    view.append_raw("!")
    assert view.toPlainText() == before + "!"


def test_a_marked_span_is_not_shifted_by_what_stands_before_it(view: ReplyText) -> None:
    view.set_raw(RAW)
    start = RAW.index('{"label": "b"}')
    view.mark_span(start, start + len('{"label": "b"}'))
    assert marked(view) == ['{"label": "b"}']
    view.clear_mark()
    assert marked(view) == []


def test_a_span_is_marked_while_text_still_waits_to_be_shown(view: ReplyText) -> None:
    view.append_raw(RAW)
    view.mark_span(0, 2)
    assert marked(view) == ["[{"]


def test_only_the_user_moves_the_caret(view: ReplyText, qtbot: QtBot) -> None:
    view.set_raw(RAW)
    told: list[int] = []
    view.caret_moved.connect(told.append)
    start = RAW.index("bbox")
    view.mark_span(start, start + 4)
    view.append_raw("\nmore")
    view.flush()
    assert told == []
    view.setFocus()
    press(view, Qt.Key.Key_Right)
    assert told == [start + 1]


def test_marking_scrolls_to_the_passage(view: ReplyText) -> None:
    view.set_raw("\n".join(f"line {number}" for number in range(500)))
    start = view.raw.index("line 400")
    view.mark_span(start, start + 8)
    assert view.firstVisibleBlock().blockNumber() > 350
    assert marked(view) == ["line 400"]


def test_the_end_is_followed_unless_the_user_scrolled_up(view: ReplyText) -> None:
    view.set_raw("line\n" * 100)
    bar = view.verticalScrollBar()
    bar.setValue(bar.maximum())
    view.append_raw("line\n" * 100)
    view.flush()
    assert bar.value() == bar.maximum()
    bar.setValue(10)
    view.append_raw("line\n" * 100)
    view.flush()
    assert bar.value() == 10


def test_issues_are_underlined_where_they_are_seen(view: ReplyText) -> None:
    view.set_raw("x, y\n" * 1000)
    view.set_issues([ParseIssue("bad", f"Fault {n}.", (n * 5, n * 5 + 1)) for n in range(1000)])
    assert 0 < len(marked(view)) < 60
    assert set(marked(view)) == {"x"}
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum())
    assert 0 < len(marked(view)) < 60


def test_a_fault_between_characters_is_shown_under_the_next(view: ReplyText) -> None:
    view.set_raw("[1 2]")
    view.set_issues([ParseIssue("comma", "A comma is missing.", (3, 3))])
    assert marked(view) == ["2"]
    assert view.issue_at(3) is not None
    assert view.issue_at(4) is None


def test_the_sentence_is_told_where_the_pointer_rests(view: ReplyText, qtbot: QtBot) -> None:
    view.set_raw("abcdef")
    view.set_issues([ParseIssue("bad", "This was refused.", (0, 6)), ParseIssue("in", "A number is wrong.", (2, 3))])
    cursor = QTextCursor(view.document())
    cursor.setPosition(2)
    place = view.cursorRect(cursor).center()
    shown: list[str] = []
    place = QPoint(place.x() + 1, place.y())
    view.viewportEvent(QHelpEvent(QHelpEvent.Type.ToolTip, place, view.mapToGlobal(place)))
    shown.append(QToolTip.text())
    QToolTip.hideText()
    assert shown == ["A number is wrong."]


def test_what_is_copied_is_what_the_model_wrote(view: ReplyText) -> None:
    raw = "a\r\nb 😀\u2029\0 end " + "x," * 3000
    view.set_raw(raw)
    view.selectAll()
    assert view.createMimeDataFromSelection().text() == raw


def test_another_text_begins_anew(view: ReplyText) -> None:
    view.set_raw(RAW)
    view.mark_span(0, 5)
    view.append_raw("lost")
    view.set_raw("new")
    assert (view.raw, view.toPlainText(), marked(view)) == ("new", "new", [])
    view.append_raw(" text")
    view.flush()
    assert view.toPlainText() == "new text"
