"""Closer looks through the real window: a frame on the canvas, a step in the answer, the box in its place."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from loopback.answers import DONE, EVENT_STREAM, Answer, delta, event, streamed
from loopback.service import LoopbackService
from program_window import ask_loopback, boxes, open_photo, run_to_the_end
from pytestqt.qtbot import QtBot
from widgets import child

from qwvis_desktop.app import Program
from qwvis_desktop.core.geometry import Box
from qwvis_desktop.ui.panels.replies.answer_text import AnswerText


def call(box: list[int], label: str) -> Answer:
    arguments = json.dumps({"bbox_2d": box, "label": label})
    function = {"name": "image_zoom_in_tool", "arguments": arguments}
    asked = [{"index": 0, "id": "call-1", "type": "function", "function": function}]
    steps = [event(delta(tool_calls=asked)), event(delta(content="", finish_reason="tool_calls")), DONE]
    return Answer(steps, content_type=EVENT_STREAM)


def ask(program: Program, qtbot: QtBot, loopback: LoopbackService, photo: Path, task: str) -> None:
    open_photo(program, qtbot, photo)
    ask_loopback(program, loopback)
    program.services.choose_task(task)
    program.panels.prompt.options.set_values({"zoom": 3})


def test_a_look_is_a_frame_and_its_boxes_are_in_place(
    program: Program, qtbot: QtBot, loopback: LoopbackService, photo: Path
) -> None:
    found = json.dumps([{"bbox_2d": [100, 100, 600, 600], "label": "speck", "image": 1}])
    loopback.answer = [call([500, 500, 750, 750], "the corner"), streamed(found)]
    ask(program, qtbot, loopback, photo, "detect")
    run_to_the_end(program, qtbot)
    assert program.asking.looks.frames.frames == (Box(400, 300, 600, 450),)
    assert program.asking.looks.frames.isVisible()
    (box,) = boxes(program)
    assert (box.left, box.top, box.right, box.bottom) == pytest.approx((420, 315, 520, 390))
    loopback.answer = streamed("[]")
    run_to_the_end(program, qtbot)
    assert not program.asking.looks.frames.isVisible()


def test_a_look_is_a_step_of_the_answer(program: Program, qtbot: QtBot, loopback: LoopbackService, photo: Path) -> None:
    loopback.answer = [call([0, 0, 500, 500], "the sign"), streamed("It says **stop**.")]
    ask(program, qtbot, loopback, photo, "ask")
    run_to_the_end(program, qtbot)
    view = child(program.panels.reply, AnswerText)
    view.flush()
    assert view.toPlainText() == "Look 1: the sign\nIt says stop."
    program.panels.reply.show_run(program.panels.reply.run)
    view.flush()
    assert view.toPlainText() == "Look 1: the sign\nIt says stop."
