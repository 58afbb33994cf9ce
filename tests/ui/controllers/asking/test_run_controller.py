"""Runs as people see them: states, retries, replays, pasted replies, obstacles, and every fault of a service."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from loopback.answers import FAULTS, error, gated, streamed
from loopback.service import LoopbackService
from PIL import Image
from program_window import (
    BOXES,
    PLACES,
    ask_loopback,
    boxes,
    editor_of,
    open_photo,
    press,
    run_to_the_end,
    wait_for_phase,
)
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLabel, QPushButton
from pytestqt.qtbot import QtBot
from widgets import child

from qwvis_desktop.app import Program
from qwvis_desktop.core.annotation import ReplyStatus
from qwvis_desktop.core.coordinates import CoordinateSpace
from qwvis_desktop.core.document import PASTED
from qwvis_desktop.core.providers.retry import RetryPolicy
from qwvis_desktop.core.request.option_rules import json_schema_format
from qwvis_desktop.core.settings import Profile
from qwvis_desktop.ui.panels.filmstrip import PictureState

REPLY = "".join(BOXES)


@pytest.fixture
def no_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let services be tried again without waiting."""
    plain = RetryPolicy.pause

    def at_once(self: RetryPolicy, attempt: int, error_: object) -> float | None:
        wanted = plain(self, attempt, error_)  # type: ignore[arg-type]  # passed on as it is
        return None if wanted is None else 0.0

    monkeypatch.setattr(RetryPolicy, "pause", at_once)


def bar(program: Program) -> tuple[str, str]:
    state = program.panels.run_bar.state
    return state.phase, state.text


def test_the_states_of_a_run(program: Program, qtbot: QtBot, loopback: LoopbackService, photo: Path) -> None:
    assert bar(program) == ("idle", "")
    loopback.answer, gates = gated(BOXES)
    open_photo(program, qtbot, photo)
    ask_loopback(program, loopback)
    run = child(program.panels.prompt, QPushButton, "Run")
    stop = child(program.panels.prompt, QPushButton, "Stop")
    assert (run.isEnabled(), stop.isEnabled()) == (True, False)
    run.click()
    wait_for_phase(program, qtbot, "waiting")
    assert "sent 800 x 608" in bar(program)[1]
    assert (run.isEnabled(), stop.isEnabled()) == (False, True)
    gates[0].open()
    wait_for_phase(program, qtbot, "receiving")
    qtbot.waitUntil(lambda: bar(program)[1] == "1 object")
    gates[1].open()
    gates[2].open()
    wait_for_phase(program, qtbot, "done")
    assert bar(program)[1] == "sent 800 x 608, thousandths, 2 boxes, 0 refused"
    assert (run.isEnabled(), stop.isEnabled()) == (True, False)
    labels = " ".join(label.text() for label in program.panels.status_bar.findChildren(QLabel))
    assert "800" in labels
    assert "1270" in labels.replace(",", "").replace("\u202f", "")


def test_thinking_is_shown_apart(program: Program, qtbot: QtBot, loopback: LoopbackService, photo: Path) -> None:
    loopback.answer = streamed(REPLY, thinking="Is that a cat? " * 5)
    open_photo(program, qtbot, photo)
    ask_loopback(program, loopback)
    phases: list[str] = []
    program.inference.progressed.connect(lambda run: phases.append(run.phase))
    run = run_to_the_end(program, qtbot)
    assert run.thinking.startswith("Is that a cat?")
    assert program.panels.reply.raw_text == REPLY


def test_a_prose_answer_has_no_boxes_to_count(
    program: Program, qtbot: QtBot, loopback: LoopbackService, photo: Path
) -> None:
    loopback.answer = streamed("A grey picture.")
    open_photo(program, qtbot, photo)
    ask_loopback(program, loopback)
    program.services.choose_task("caption")
    assert run_to_the_end(program, qtbot).text == "A grey picture."
    assert "boxes" not in bar(program)[1]


OUTCOMES = {
    "[]": ReplyStatus.OK_EMPTY,
    "I see nothing of the kind.": ReplyStatus.NO_STRUCTURED_DATA,
    "": ReplyStatus.EMPTY_REPLY,
    BOXES[0] + ', {"bbox_2d": [1, 2': ReplyStatus.PARTIAL,
}


def test_the_outcomes_are_told_apart(program: Program, qtbot: QtBot, loopback: LoopbackService, photo: Path) -> None:
    open_photo(program, qtbot, photo)
    ask_loopback(program, loopback)
    said = set()
    for reply, status in OUTCOMES.items():
        loopback.answer = streamed(reply)
        assert run_to_the_end(program, qtbot).status is status
        assert bar(program)[1].endswith(".")
        said.add(bar(program)[1])
    assert len(said) == len(OUTCOMES)


def test_a_wait_before_the_next_try_is_shown(
    program: Program, qtbot: QtBot, loopback: LoopbackService, photo: Path
) -> None:
    loopback.answer = [FAULTS["too-many"], streamed(REPLY)]
    open_photo(program, qtbot, photo)
    ask_loopback(program, loopback)
    program.actions["run.start"].trigger()
    qtbot.waitUntil(lambda: bar(program)[1].startswith("trying again in 7 s: "))
    assert bar(program)[0] == "waiting"
    program.actions["run.stop"].trigger()
    assert bar(program)[0] == "stopped"
    assert len(loopback.requests) == 1


def test_the_next_try_is_taken(
    program: Program, qtbot: QtBot, loopback: LoopbackService, photo: Path, no_patience: None
) -> None:
    loopback.answer = [FAULTS["overloaded"], streamed(REPLY)]
    open_photo(program, qtbot, photo)
    ask_loopback(program, loopback)
    run_to_the_end(program, qtbot)
    assert len(loopback.requests) == 2
    assert boxes(program) == PLACES


def test_without_a_key_run_cannot_be_pressed_and_the_panel_says_why(
    program: Program, qtbot: QtBot, photo: Path, loopback: LoopbackService
) -> None:
    open_photo(program, qtbot, photo)
    program.services.keep_profile(Profile("Locked", base_url=loopback.base_url, needs_key=True))
    assert not child(program.panels.prompt, QPushButton, "Run").isEnabled()
    labels = program.panels.prompt.findChildren(QLabel)
    qtbot.waitUntil(lambda: "This service needs a key." in [label.text() for label in labels if label.isVisible()])
    press(program, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: bar(program)[0] in ("idle", "failed"))
    assert not loopback.requests
    assert boxes(program) == []


def test_without_a_picture_run_cannot_be_pressed_and_the_panel_says_why(program: Program) -> None:
    assert not program.actions["run.start"].isEnabled()
    labels = [label.text() for label in program.panels.prompt.findChildren(QLabel)]
    assert "Open a picture first." in labels
    program.runs.run()
    program.runs.stop()
    assert bar(program) == ("idle", "")


def test_run_is_not_started_twice(program: Program, qtbot: QtBot, loopback: LoopbackService, photo: Path) -> None:
    loopback.answer, gates = gated(BOXES)
    open_photo(program, qtbot, photo)
    ask_loopback(program, loopback)
    program.actions["run.start"].trigger()
    program.runs.run()
    for gate in gates:
        gate.open()
    wait_for_phase(program, qtbot, "done")
    assert len(loopback.requests) == 1


def test_the_strip_of_pictures_says_how_it_went(
    program: Program, qtbot: QtBot, loopback: LoopbackService, photo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[str, object, str]] = []
    open_photo(program, qtbot, photo)
    ask_loopback(program, loopback)
    original = program.panels.filmstrip.set_state

    def listen(key: str, state: PictureState | str, note: str = "") -> None:
        told.append((key, state, note))
        original(key, state, note)

    monkeypatch.setattr(program.panels.filmstrip, "set_state", listen)
    loopback.answer = [streamed(REPLY), streamed(REPLY), FAULTS["wrong-key"]]
    run_to_the_end(program, qtbot)
    assert told[-1] == (str(photo), PictureState.OK, "2 boxes")
    run_to_the_end(program, qtbot)
    assert told[-1] == (str(photo), PictureState.OK, "4 boxes")
    run_to_the_end(program, qtbot, "failed")
    assert told[-1] == (str(photo), PictureState.FAILED, "failed")


class TestReplay:
    @pytest.mark.parametrize("action", ["run.replay", "run.replay_10", "run.replay_once"])
    def test_a_reply_is_played_again_as_a_run_of_its_own(
        self, program: Program, qtbot: QtBot, loopback: LoopbackService, photo: Path, action: str
    ) -> None:
        loopback.answer = streamed(REPLY)
        open_photo(program, qtbot, photo)
        ask_loopback(program, loopback)
        assert not program.actions[action].isEnabled()
        first = run_to_the_end(program, qtbot)
        program.actions[action].trigger()
        qtbot.waitUntil(lambda: len(editor_of(program).document.runs) == 2)
        wait_for_phase(program, qtbot, "done")
        again = list(editor_of(program).document.runs.values())[-1]
        assert len(loopback.requests) == 1
        assert boxes(program) == PLACES * 2
        assert (again.reply, again.space, again.frame, again.task) == (
            first.reply,
            first.space,
            first.frame,
            first.task,
        )
        assert bar(program)[1].startswith("read for 800 x 608")

    def test_at_its_own_speed_it_keeps_the_times_it_had(
        self, program: Program, qtbot: QtBot, loopback: LoopbackService, photo: Path
    ) -> None:
        loopback.answer = streamed(REPLY)
        open_photo(program, qtbot, photo)
        ask_loopback(program, loopback)
        run = run_to_the_end(program, qtbot)
        slow = replace(run, pace=((0.0, len(BOXES[0])), (60.0, len(REPLY))))
        editor_of(program).set_run(slow)
        program.actions["run.replay"].trigger()
        qtbot.waitUntil(lambda: len(boxes(program)) == 3)
        assert bar(program)[0] == "receiving"
        program.actions["run.stop"].trigger()
        assert boxes(program) == [*PLACES, PLACES[0]]

    def test_a_replay_needs_a_picture(self, program: Program) -> None:
        program.actions["run.replay"].trigger()
        assert bar(program) == ("idle", "")


class TestPasted:
    def test_numbers_are_read_as_the_chosen_model_writes_them(
        self, program: Program, qtbot: QtBot, photo: Path
    ) -> None:
        open_photo(program, qtbot, photo)
        program.services.choose_model("qwen2.5-vl-7b-instruct")
        assert program.runs.read_pasted('[{"bbox_2d": [80, 120, 240, 240], "label": "cat"}]')
        wait_for_phase(program, qtbot, "done")
        (run,) = editor_of(program).document.runs.values()
        assert run.space is CoordinateSpace.SENT_PIXELS
        assert run.frame is not None
        assert bar(program)[1].startswith(f"read for {run.frame.sent.width} x {run.frame.sent.height}")

    def test_no_model_is_said_to_have_written_it_and_nothing_to_have_been_sent(
        self, program: Program, qtbot: QtBot, photo: Path
    ) -> None:
        open_photo(program, qtbot, photo)
        program.runs.read_pasted(REPLY)
        wait_for_phase(program, qtbot, "done")
        (run,) = editor_of(program).document.runs.values()
        assert (run.model, run.provider, run.family) == ("", PASTED, "qwen3-vl")
        shown = [label.text() for label in program.panels.evidence.findChildren(QLabel)]
        assert "Read for" in shown
        assert "Sent" not in shown
        reason = "The reply does not say who wrote it. It was taken for Qwen3-VL's, which writes thousandths."
        assert reason in shown
        assert not any("sent" in label.text() for label in program.panels.status_bar.findChildren(QLabel))
        assert child(program.panels.reply, QComboBox).itemText(0).startswith(f"1  {PASTED}  ")
        assert editor_of(program).undo_stack.undoText() == PASTED
        program.actions["run.replay_once"].trigger()
        wait_for_phase(program, qtbot, "done")
        assert [each.model for each in editor_of(program).document.runs.values()] == ["", ""]

    def test_the_coordinates_setting_overrules_the_model(self, program: Program, qtbot: QtBot, photo: Path) -> None:
        open_photo(program, qtbot, photo)
        program.panels.prompt.set_space(CoordinateSpace.ORIGINAL_PIXELS)
        program.runs.read_pasted('[{"bbox_2d": [1, 2, 300, 400], "label": "cat"}]')
        wait_for_phase(program, qtbot, "done")
        assert [(box.left, box.top, box.right, box.bottom) for box in boxes(program)] == [(1, 2, 300, 400)]

    def test_prose_is_no_boxes(self, program: Program, qtbot: QtBot, photo: Path) -> None:
        open_photo(program, qtbot, photo)
        program.runs.read_pasted("There are two cats.")
        wait_for_phase(program, qtbot, "done")
        assert boxes(program) == []
        assert program.panels.reply.raw_text == "There are two cats."


def test_details_of_a_failure_can_be_read(
    program: Program, qtbot: QtBot, loopback: LoopbackService, photo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from qwvis_desktop.ui.panels.dialogs.small_dialogs import ErrorDialog

    shown: list[str] = []
    monkeypatch.setattr(ErrorDialog, "exec", lambda dialog: shown.append(dialog._copied))
    loopback.answer = FAULTS["wrong-key"]
    open_photo(program, qtbot, photo)
    ask_loopback(program, loopback)
    run_to_the_end(program, qtbot, "failed")
    assert program.panels.run_bar.state.details
    program.panels.run_bar.details_requested.emit(program.panels.run_bar.state.details)
    assert "401" in shown[0]


def test_what_was_lowered_to_fit_is_said(
    program: Program, qtbot: QtBot, loopback: LoopbackService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loopback.answer = streamed("".join(BOXES))
    Image.effect_noise((640, 480), 60).convert("RGB").save(tmp_path / "noise.jpg")
    open_photo(program, qtbot, tmp_path / "noise.jpg")
    ask_loopback(program, loopback)
    monkeypatch.setattr("qwvis_desktop.core.media.prepare.MAX_BASE64", 200_000)
    run_to_the_end(program, qtbot)
    assert '"noise.jpg" is sent as JPEG of quality' in program.panels.run_bar.state.text


def test_a_refused_schema_is_said_and_json_asked_for_once(
    program: Program, qtbot: QtBot, loopback: LoopbackService, photo: Path
) -> None:
    refusal = error(400, "invalid_parameter_error", "'response_format.type' json_schema is not supported")
    loopback.answer = [refusal, streamed("".join(BOXES)), refusal, refusal]
    open_photo(program, qtbot, photo)
    ask_loopback(program, loopback)
    program.panels.prompt.options.set_values({"response_format": json_schema_format({"type": "object"})})
    run = run_to_the_end(program, qtbot)
    forms = [request.json["response_format"]["type"] for request in loopback.requests]
    assert forms == ["json_schema", "json_object"]
    assert "refused the schema for JSON" in program.panels.run_bar.state.text
    assert run.options["response_format"] == {"type": "json_object"}, "the record holds what was answered"
    run_to_the_end(program, qtbot, "failed")
    assert len(loopback.requests) == 4
