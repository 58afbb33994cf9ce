from __future__ import annotations

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot
from widgets import child

from qwvis_desktop.ui.panels.replies.answer import AnswerPane

CODE = "Here:\n\n```python\nx = 1\n```\n\nand\n\n```html\n<html>\n</html>\n```\n"


@pytest.fixture
def pane(qtbot: QtBot) -> AnswerPane:
    pane = AnswerPane()
    qtbot.addWidget(pane)
    qtbot.addWidget(pane.tools)
    pane.tools.show()
    pane.show()
    return pane


def offered(pane: AnswerPane) -> list[str]:
    return [button.text() for button in pane.tools.findChildren(QToolButton) if button.isVisible()]


def test_code_is_copied_saved_and_shown_only_where_there_is_some(pane: AnswerPane, qtbot: QtBot) -> None:
    pane.settle("no code")
    assert offered(pane) == ["Copy", "Save..."]
    pane.settle("```python\nx = 1\n```")
    assert offered(pane) == ["Copy Code", "Save Code...", "Copy", "Save..."]
    pane.settle(CODE)
    assert offered(pane)[0] == "Open Page..."
    child(pane.tools, QToolButton, "Copy Code").click()
    assert QGuiApplication.clipboard().text() == "<html>\n</html>"
    child(pane.tools, QToolButton, "Copy").click()
    assert QGuiApplication.clipboard().text() == CODE
    with qtbot.waitSignal(pane.save_requested) as saved:
        child(pane.tools, QToolButton, "Save Code").click()
    assert saved.args == ["<html>\n</html>\n", ".html"]
    with qtbot.waitSignal(pane.save_requested) as saved:
        child(pane.tools, QToolButton, "Save").click()
    assert saved.args == [CODE, ".md"]
    with qtbot.waitSignal(pane.page_requested) as page:
        child(pane.tools, QToolButton, "Open Page").click()
    assert page.args == ["<html>\n</html>"]


def test_an_answer_that_came_just_so_is_not_shown_anew(pane: AnswerPane) -> None:
    pane.begin("ask")
    pane.append_reply("<think>x</think>\nA\n\nB")
    pane.text.flush()
    block = pane.text.document().firstBlock()
    assert not child(pane.tools, QToolButton, "Copy").isEnabled()
    pane.settle("A\n\nB")
    assert pane.text.document().firstBlock() == block
    assert child(pane.tools, QToolButton, "Copy").isEnabled()
    pane.begin("ask")
    pane.append_reply("A and more")
    pane.settle("A")
    assert pane.text.toPlainText() == "A"
    pane.append_reply("late")
    assert pane.text.markdown == "A"


def test_a_whole_answer_is_shown_from_its_start_also_before_it_has_a_place(qtbot: QtBot) -> None:
    """Before it is laid out its end is its start: what follows a little later must not lead there."""
    pane = AnswerPane()
    qtbot.addWidget(pane)
    qtbot.addWidget(pane.tools)
    pane.resize(300, 200)
    pane.settle("| Key | Value |\n|---|---|\n" + "| a | b |\n" * 100 + "\n```json\n" + "1\n" * 100 + "```")
    pane.show()
    qtbot.waitUntil(lambda: not pane.text._timer.isActive() and pane.text.verticalScrollBar().maximum() > 0)
    assert pane.text.verticalScrollBar().value() == 0
    assert not pane.text.textCursor().hasSelection()
