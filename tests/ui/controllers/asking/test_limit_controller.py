"""Limits in the window: what would be refused is said before it is sent, and a button mends it."""

from __future__ import annotations

from pathlib import Path

import pytest
from loopback.answers import streamed
from loopback.service import LoopbackService
from PIL import Image
from program_window import (
    BOXES,
    ask_loopback,
    drop,
    dropped_files,
    editor_of,
    notice_buttons,
    open_photo,
    run_to_the_end,
)
from pytestqt.qtbot import QtBot

from qwvis_desktop.app import Program
from qwvis_desktop.core.request import limits
from qwvis_desktop.ui.controllers.asking import together_controller


def over_the_ceiling(program: Program, qtbot: QtBot, loopback: LoopbackService, photo: Path) -> None:
    loopback.answer = streamed("".join(BOXES))
    open_photo(program, qtbot, photo)
    ask_loopback(program, loopback)
    program.panels.prompt.options.set_values({"max_pixels": 99_000_000})
    program.actions["run.start"].trigger()


def test_one_button_mends_it(program: Program, qtbot: QtBot, loopback: LoopbackService, photo: Path) -> None:
    over_the_ceiling(program, qtbot, loopback, photo)
    assert "'max_pixels' must be at most 16,777,216" in program.canvas.notice
    assert loopback.requests == []
    notice_buttons(program)["Set to 16,777,216"].click()
    assert program.canvas.notice == ""
    editor = editor_of(program)
    qtbot.waitUntil(lambda: bool(editor.document.runs) and not program.inference.is_running(editor))
    assert program.panels.prompt.options.values == {"max_pixels": 16_777_216}
    assert len(loopback.requests) == 1


def test_it_can_be_sent_anyway(program: Program, qtbot: QtBot, loopback: LoopbackService, photo: Path) -> None:
    over_the_ceiling(program, qtbot, loopback, photo)
    notice_buttons(program)["Send Anyway"].click()
    editor = editor_of(program)
    qtbot.waitUntil(lambda: bool(editor.document.runs) and not program.inference.is_running(editor))
    assert len(loopback.requests) == 1
    program.actions["run.start"].trigger()
    assert program.canvas.notice, "it is asked each time"


def test_words_that_are_too_many_have_no_button(
    program: Program, qtbot: QtBot, loopback: LoopbackService, photo: Path
) -> None:
    open_photo(program, qtbot, photo)
    ask_loopback(program, loopback)
    program.panels.prompt.fields.prompt.setPlainText("word " * 300_000)
    program.actions["run.start"].trigger()
    assert "tokens are more than the 260,096 that qwen3-vl-plus takes in" in program.canvas.notice
    assert set(notice_buttons(program)) == {"Send Anyway"}
    assert loopback.requests == []


def test_the_first_of_too_many_pictures_are_sent(
    program: Program, qtbot: QtBot, loopback: LoopbackService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loopback.answer = streamed("".join(BOXES))
    monkeypatch.setitem(limits.MOST_PICTURES, "data", 2)
    monkeypatch.setattr(together_controller, "MOST_PICTURES", 2)
    paths = [tmp_path / f"{name}.png" for name in "abc"]
    for path in paths:
        Image.new("RGB", (640, 480), "gray").save(path)
    drop(program, dropped_files(*paths))
    qtbot.waitUntil(lambda: len(program.workspace.entries) == 3)
    ask_loopback(program, loopback)
    program.panels.filmstrip.select(map(str, paths))
    program.actions["run.together"].trigger()
    qtbot.waitUntil(lambda: "Send the First 2" in notice_buttons(program))
    assert program.canvas.notice == "3 pictures are more than the 2 that go into one request."
    assert loopback.requests == []
    notice_buttons(program)["Send the First 2"].click()
    qtbot.waitUntil(lambda: len(loopback.requests) == 1)
    assert len(loopback.requests[0].pictures) == 2
    qtbot.waitUntil(lambda: not program.inference.is_running(editor_of(program)))


def test_what_goes_on_passes_the_limits_too(
    program: Program, qtbot: QtBot, loopback: LoopbackService, photo: Path
) -> None:
    loopback.answer = streamed("".join(BOXES))
    open_photo(program, qtbot, photo)
    ask_loopback(program, loopback)
    run_to_the_end(program, qtbot)
    conversation = program.asking.conversation
    assert not conversation.ask_further("word " * 300_000)
    assert "tokens are more than the 260,096" in program.canvas.notice
    assert len(loopback.requests) == 1
    program.panels.prompt.options.set_values({"max_pixels": 99_000_000})
    assert not conversation.ask_further("And the sofa?")
    assert "'max_pixels' must be at most" in program.canvas.notice
    qtbot.waitUntil(lambda: "Set to 16,777,216" in notice_buttons(program))
    notice_buttons(program)["Set to 16,777,216"].click()
    qtbot.waitUntil(lambda: len(loopback.requests) == 2 and not program.inference.is_running(editor_of(program)))
    assert "And the sofa?" in loopback.requests[-1].prompt
