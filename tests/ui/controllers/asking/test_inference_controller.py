"""Requests on worker threads: stopping, late results, faults of the program itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from loopback.answers import gated, streamed
from loopback.service import LoopbackService
from program_window import BOXES, PLACES, ask_loopback, boxes, open_photo, run_to_the_end, wait_for_phase
from pytestqt.exceptions import capture_exceptions
from pytestqt.qtbot import QtBot

from qwvis_desktop.app import Program
from qwvis_desktop.core import inference
from qwvis_desktop.core.annotation import ReplyStatus
from qwvis_desktop.core.inference import run_inference
from qwvis_desktop.core.inference_events import InferenceEvent, Received
from qwvis_desktop.core.inference_request import InferenceRequest
from qwvis_desktop.core.providers.base import CancelToken


def test_what_comes_after_stopping_is_dropped(
    program: Program, qtbot: QtBot, loopback: LoopbackService, photo: Path
) -> None:
    loopback.answer, gates = gated(BOXES)
    editor = open_photo(program, qtbot, photo)
    ask_loopback(program, loopback)
    program.actions["run.start"].trigger()
    gates[0].open()
    qtbot.waitUntil(lambda: len(boxes(program)) == 1)
    program.inference.stop(editor)
    with qtbot.assertNotEmitted(editor.changed, wait=100):
        for gate in gates:
            gate.open()
    (run,) = editor.document.runs.values()
    assert (run.reply, run.status) == (BOXES[0], ReplyStatus.PARTIAL)
    assert run.as_read == tuple(editor.document.annotations.values())
    program.inference.stop(editor)  # what is over stays as it is
    assert list(editor.document.runs.values()) == [run]


def test_a_new_run_of_a_picture_stops_the_one_that_goes_on(
    program: Program, qtbot: QtBot, loopback: LoopbackService, photo: Path
) -> None:
    slow, gates = gated(BOXES)
    loopback.answer = [slow, streamed("".join(BOXES))]
    open_photo(program, qtbot, photo)
    ask_loopback(program, loopback)
    program.actions["run.start"].trigger()
    first = loopback.wait_for_request()
    program.runs.read_pasted(BOXES[0] + "]")
    assert first.closed.wait(1.0)
    wait_for_phase(program, qtbot, "done")
    assert boxes(program) == PLACES[:1]
    for gate in gates:
        gate.open()


def test_closing_the_picture_ends_its_run(
    program: Program, qtbot: QtBot, loopback: LoopbackService, photo: Path
) -> None:
    loopback.answer, gates = gated(BOXES)
    open_photo(program, qtbot, photo)
    ask_loopback(program, loopback)
    program.actions["run.start"].trigger()
    request = loopback.wait_for_request()
    gates[0].reached.wait(5.0)
    program.actions["file.close"].trigger()
    assert request.closed.wait(1.0)
    assert program.panels.run_bar.state.phase == "idle"
    for gate in gates:
        gate.open()


def test_a_fault_of_the_program_is_a_failed_run_and_is_reported(
    program: Program,
    qtbot: QtBot,
    loopback: LoopbackService,
    photo: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(request: InferenceRequest, cancel: CancelToken) -> Iterator[InferenceEvent]:
        for event in run_inference(request, cancel):
            yield event
            if isinstance(event, Received) and event.annotations:
                raise RuntimeError("the reader broke")

    monkeypatch.setattr(inference, "run_inference", broken)
    loopback.answer = streamed("".join(BOXES), chunk=len(BOXES[0]))
    open_photo(program, qtbot, photo)
    ask_loopback(program, loopback)
    with capture_exceptions() as reported:
        run = run_to_the_end(program, qtbot, "failed")
    assert [str(error) for _, error, _ in reported] == ["the reader broke"]
    assert "fault in QwVis" in run.error
    assert "RuntimeError: the reader broke" in program.panels.run_bar.state.details
    assert boxes(program) == PLACES[:1]
    assert program.actions["run.start"].isEnabled()


def test_abandoned_thoughts_are_taken_back(
    program: Program, qtbot: QtBot, loopback: LoopbackService, photo: Path
) -> None:
    thought = '[{"bbox_2d": [1, 1, 9, 9], "label": "maybe"}]'
    loopback.answer = streamed(f"{thought}</think>{''.join(BOXES)}")
    editor = open_photo(program, qtbot, photo)
    ask_loopback(program, loopback)
    run_to_the_end(program, qtbot)
    assert boxes(program) == PLACES
    assert editor.undo_stack.count() == 1
