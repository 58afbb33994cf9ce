from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QComboBox, QTabWidget, QToolButton
from pytestqt.qtbot import QtBot
from widgets import child

from qwvis_desktop.core.annotation import ReplyStatus
from qwvis_desktop.core.document import Run
from qwvis_desktop.ui.editor import DocumentEditor
from qwvis_desktop.ui.panels.labels import ElidingLabel
from qwvis_desktop.ui.panels.replies.answer_text import AnswerText
from qwvis_desktop.ui.panels.replies.reply import ReplyPanel
from qwvis_desktop.ui.panels.replies.reply_text import ReplyText
from qwvis_desktop.ui.theme import Tone


@pytest.fixture
def panel(qtbot: QtBot) -> ReplyPanel:
    panel = ReplyPanel()
    panel.complete()
    qtbot.addWidget(panel)
    panel.resize(600, 240)
    panel.show()
    return panel


def raw_view(panel: ReplyPanel) -> ReplyText:
    return next(view for view in panel.findChildren(ReplyText) if view.accessibleName() == "Raw reply")


def thinking_view(panel: ReplyPanel) -> ReplyText:
    return next(view for view in panel.findChildren(ReplyText) if view.accessibleName() == "Thinking")


def status(panel: ReplyPanel) -> str:
    return child(panel, ElidingLabel).text()


def tabs(panel: ReplyPanel) -> list[str]:
    bar = child(panel, QTabWidget)
    return [bar.tabText(place) for place in range(bar.count())]


def test_a_new_run_is_shown_at_once_and_grows(
    panel: ReplyPanel, editor: DocumentEditor, runs: Callable[..., Run]
) -> None:
    panel.show_editor(editor)
    begun = runs(status=None, reply="", issues=())
    editor.set_run(begun)
    assert panel.run == begun.id
    panel.append_reply(begun.id, '[{"bbox')
    panel.append_reply("another run", "lost")
    panel.append_reply(begun.id, "_2d")
    raw_view(panel).flush()
    assert raw_view(panel).toPlainText() == '[{"bbox_2d'


def test_a_run_that_ended_gets_its_issues_and_keeps_its_view(
    panel: ReplyPanel, editor: DocumentEditor, run: Run, runs: Callable[..., Run]
) -> None:
    panel.show_editor(editor)
    editor.set_run(runs(status=None, reply="", issues=()))
    panel.append_reply(run.id, run.reply)
    editor.set_run(run)
    assert panel.raw_text == run.reply
    underlined = [selection.cursor.selectedText() for selection in raw_view(panel).extraSelections()]
    assert underlined == ["[880, 120, 1410, 260]"]
    assert "cut off or refused" in status(panel)


def test_what_was_lost_on_the_way_comes_with_the_end(
    panel: ReplyPanel, editor: DocumentEditor, run: Run, runs: Callable[..., Run]
) -> None:
    panel.show_editor(editor)
    editor.set_run(runs(status=None, reply="", issues=()))
    panel.append_reply(run.id, run.reply[:10])
    editor.set_run(run)
    assert raw_view(panel).raw == run.reply


@pytest.mark.parametrize(
    ("changes", "words", "tone"),
    [
        ({"error": "The key is wrong."}, "The key is wrong.", Tone.ERROR),
        ({"error": "stopped"}, "Stopped; this is what came before.", Tone.WARNING),
        ({"status": ReplyStatus.OK_EMPTY}, "The model says there is nothing of that here.", Tone.MUTED),
        ({"status": None}, "", Tone.MUTED),
    ],
)
def test_the_head_line_says_how_it_ended(
    panel: ReplyPanel,
    editor: DocumentEditor,
    runs: Callable[..., Run],
    changes: dict[str, object],
    words: str,
    tone: Tone,
) -> None:
    editor.set_run(runs(**changes))
    panel.show_editor(editor)
    assert status(panel) == words
    assert child(panel, ElidingLabel).tone is tone


def test_thinking_is_folded_apart(panel: ReplyPanel, editor: DocumentEditor, runs: Callable[..., Run]) -> None:
    editor.set_run(runs(status=None, reply="", thinking=""))
    panel.show_editor(editor)
    fold = child(panel, QToolButton, "Fold or unfold the thinking")
    assert not fold.isVisible()
    panel.append_thinking("run-1", "There is a car.")
    assert fold.isVisible()
    assert not thinking_view(panel).isVisible()
    fold.click()
    assert thinking_view(panel).isVisible()
    thinking_view(panel).flush()
    assert thinking_view(panel).toPlainText() == "There is a car."


def test_an_answer_in_prose_stands_before_the_raw_reply(
    panel: ReplyPanel, editor: DocumentEditor, run: Run, runs: Callable[..., Run]
) -> None:
    answer = "**A street** <b>with</b> ![a cat](file:///etc/passwd)"
    editor.set_run(runs(id="prose", text=answer, reply=f"<think>\n</think>{answer}", status=ReplyStatus.OK, issues=()))
    panel.show_editor(editor)
    assert tabs(panel) == ["Answer", "Raw Reply"]
    text = child(panel, AnswerText).toPlainText()
    assert text.startswith("A street <b>with</b>")
    editor.set_run(run)
    assert tabs(panel) == ["Raw Reply"]


def test_an_answer_in_prose_grows_beside_the_raw_reply(
    panel: ReplyPanel, editor: DocumentEditor, runs: Callable[..., Run]
) -> None:
    begun = runs(id="prose", task="ask", status=None, reply="", text=None, issues=())
    editor.set_run(begun)
    panel.show_editor(editor)
    assert tabs(panel) == ["Answer", "Raw Reply"]
    panel.append_reply("prose", "<think>Hm.</think>A **str")
    panel.append_reply("prose", "eet**.")
    view = child(panel, AnswerText)
    view.flush()
    assert view.toPlainText() == "A street."
    editor.set_run(
        runs(id="prose", task="ask", text="A **street**.", reply="<think>Hm.</think>A **street**.", issues=())
    )
    assert view.toPlainText() == "A street."
    assert panel.raw_text.startswith("<think>")


def test_earlier_runs_can_be_chosen(panel: ReplyPanel, editor: DocumentEditor, runs: Callable[..., Run]) -> None:
    editor.set_run(runs(id="first", reply="one", issues=()))
    editor.set_run(runs(id="second", reply="two", issues=()))
    panel.show_editor(editor)
    told: list[str] = []
    panel.run_chosen.connect(told.append)
    assert (panel.run, panel.raw_text) == ("second", "two")
    combo = child(panel, QComboBox)
    combo.setCurrentIndex(0)
    combo.activated.emit(0)
    assert (panel.run, panel.raw_text, told) == ("first", "one", ["first"])


def test_news_of_another_run_change_nothing_that_is_shown(
    panel: ReplyPanel, editor: DocumentEditor, runs: Callable[..., Run]
) -> None:
    editor.set_run(runs(id="first", reply="one", issues=()))
    editor.set_run(runs(id="second", reply="two", issues=()))
    panel.show_editor(editor)
    editor.set_run(runs(id="first", reply="one more", issues=()))
    assert panel.raw_text == "two"


def test_a_span_brings_the_raw_reply_to_the_front(
    panel: ReplyPanel, editor: DocumentEditor, runs: Callable[..., Run]
) -> None:
    editor.set_run(runs(text="Prose.", reply="Prose.", issues=()))
    panel.show_editor(editor)
    panel.mark_span(0, 3)
    assert raw_view(panel).isVisible()


def test_the_caret_is_told_with_its_run(panel: ReplyPanel, editor: DocumentEditor, run: Run) -> None:
    editor.set_run(run)
    panel.show_editor(editor)
    told: list[tuple[str, int]] = []
    panel.caret_moved.connect(lambda of, place: told.append((of, place)))
    cursor = raw_view(panel).textCursor()
    cursor.setPosition(9)
    raw_view(panel).setTextCursor(cursor)
    assert told == [(run.id, 9)]


def test_without_a_document_there_is_nothing(panel: ReplyPanel, editor: DocumentEditor, run: Run) -> None:
    editor.set_run(run)
    panel.show_editor(editor)
    panel.show_editor(None)
    assert (panel.run, panel.raw_text, status(panel)) == ("", "", "")
    editor.set_run(run)
    assert panel.run == ""
