"""Going on from a run through the real window: asking further, and finishing what was cut."""

from __future__ import annotations

from pathlib import Path

from loopback.answers import gated, streamed
from loopback.service import LoopbackService
from program_window import ask_loopback, boxes, detections, editor_of, open_photo, run_to_the_end
from PySide6.QtWidgets import QLineEdit, QPushButton
from pytestqt.qtbot import QtBot
from widgets import child

from qwvis_desktop.app import Program
from qwvis_desktop.core.document import Run
from qwvis_desktop.core.geometry import Box
from qwvis_desktop.core.settings import Profile
from qwvis_desktop.ui.panels.replies.answer_text import AnswerText
from qwvis_desktop.ui.panels.replies.further import FurtherRow

CUT = '[{"bbox_2d": [100, 200, 300, 400], "label": "cat"}, {"bbox_2d": [5'
REST = ', {"bbox_2d": [500, 500, 900, 900], "label": "sofa"}]'


def begin(program: Program, qtbot: QtBot, loopback: LoopbackService, photo: Path, task: str) -> None:
    open_photo(program, qtbot, photo)
    ask_loopback(program, loopback)
    program.services.choose_task(task)


def wait_for_end(program: Program, qtbot: QtBot) -> Run:
    qtbot.waitUntil(lambda: not program.inference.is_running(program.workspace.editor))
    return editor_of(program).document.runs[program.panels.reply.run]


def continue_button(program: Program) -> QPushButton:
    return next(b for b in program.panels.reply.further.findChildren(QPushButton) if "Continue" in b.text())


def ask_further(program: Program, qtbot: QtBot, words: str) -> Run:
    row = child(program.panels.reply, FurtherRow)
    assert row.isVisible()
    child(row, QLineEdit).setText(words)
    next(button for button in row.findChildren(QPushButton) if button.text() == "Ask Further").click()
    return wait_for_end(program, qtbot)


def test_a_conversation_is_shown_and_sent_whole(
    program: Program, qtbot: QtBot, loopback: LoopbackService, photo: Path
) -> None:
    loopback.answer = [streamed("A **cat**."), streamed("It is *red*."), streamed("Two.")]
    begin(program, qtbot, loopback, photo, "ask")
    first = run_to_the_end(program, qtbot)
    second = ask_further(program, qtbot, "What colour?")
    third = ask_further(program, qtbot, "How many?")
    assert [run.id for run in editor_of(program).document.runs.values()] == [first.id, second.id, third.id]
    assert (second.after, third.after) == (first.id, second.id)
    sent = loopback.requests[-1].json["messages"]
    assert [message["role"] for message in sent] == ["user", "assistant", "user", "assistant", "user"]
    view = child(program.panels.reply, AnswerText)
    view.flush()
    assert view.toPlainText() == f"{first.prompt}\nA cat.\nWhat colour?\nIt is red.\nHow many?\nTwo."
    assert view.markdown == "Two."
    program.panels.reply.show_run(first.id)
    view.flush()
    assert view.toPlainText() == "A cat."


def test_boxes_of_each_turn_belong_to_its_run(
    program: Program, qtbot: QtBot, loopback: LoopbackService, photo: Path
) -> None:
    loopback.answer = [
        streamed('[{"bbox_2d": [100, 200, 300, 400], "label": "cat"}]'),
        streamed('[{"bbox_2d": [500, 500, 900, 900], "label": "sofa"}]'),
    ]
    begin(program, qtbot, loopback, photo, "detect")
    first = run_to_the_end(program, qtbot)
    second = ask_further(program, qtbot, "Now the sofa.")
    of = {box.label: box.provenance.run for box in detections(program) if box.provenance is not None}
    assert of == {"cat": first.id, "sofa": second.id}
    editor_of(program).undo_stack.undo()
    assert [box.label for box in detections(program)] == ["cat"]


def test_a_cut_reply_is_finished_as_one_run(
    program: Program, qtbot: QtBot, loopback: LoopbackService, photo: Path
) -> None:
    loopback.answer = [streamed(CUT, finish_reason="length"), streamed(REST)]
    begin(program, qtbot, loopback, photo, "detect")
    first = run_to_the_end(program, qtbot)
    (cat,) = detections(program)
    assert continue_button(program).isVisible()
    continue_button(program).click()
    run = wait_for_end(program, qtbot)
    assert run.id == first.id
    assert len(editor_of(program).document.runs) == 1
    assert run.reply == CUT[: CUT.index("}") + 1] + REST
    assert program.panels.reply.raw_text == run.reply
    assert [box.label for box in detections(program)] == ["cat", "sofa"]
    assert detections(program)[0] == cat
    assert boxes(program)[1] == Box(400, 300, 720, 540)
    assert not continue_button(program).isVisible()


def test_a_rest_that_is_stopped_keeps_what_there_was(
    program: Program, qtbot: QtBot, loopback: LoopbackService, photo: Path
) -> None:
    rest, gates = gated([REST])
    loopback.answer = [streamed(CUT, finish_reason="length"), rest]
    begin(program, qtbot, loopback, photo, "detect")
    run_to_the_end(program, qtbot)
    continue_button(program).click()
    qtbot.waitUntil(gates[0].reached.is_set)
    program.actions["run.stop"].trigger()
    run = wait_for_end(program, qtbot)
    assert run.reply == CUT
    assert [box.label for box in detections(program)] == ["cat"]
    assert program.panels.reply.raw_text == CUT
    assert continue_button(program).isVisible()


def test_what_cannot_be_finished_says_why(
    program: Program, qtbot: QtBot, loopback: LoopbackService, photo: Path
) -> None:
    loopback.answer = streamed("A ca", finish_reason="length")
    begin(program, qtbot, loopback, photo, "ask")
    run_to_the_end(program, qtbot)
    assert continue_button(program).isEnabled()
    program.services.keep_profile(Profile("Another", base_url=loopback.base_url, needs_key=False))
    assert not continue_button(program).isEnabled()
    assert "Loopback" in continue_button(program).toolTip()
    with qtbot.waitSignal(program.asking.conversation.problem):
        assert not program.asking.conversation.finish_reply()
    program.services.choose_offline("spot-text")
    assert not child(program.panels.reply.further, QLineEdit).isVisible()


def test_how_far_a_conversation_is_sent_and_what_it_waits_for_is_told_of_its_run(
    program: Program, qtbot: QtBot, loopback: LoopbackService, photo: Path
) -> None:
    loopback.answer = [streamed("A cat."), streamed("Red.")]
    begin(program, qtbot, loopback, photo, "ask")
    run_to_the_end(program, qtbot)
    told: list[tuple[str, int, int]] = []
    program.services.sending.connect(lambda *words: told.append(words))
    second = ask_further(program, qtbot, "What colour?")
    qtbot.waitUntil(lambda: bool(told) and told[-1][1] == told[-1][2])
    assert {run for run, _, _ in told} == {second.id}
