"""Limits in the window: what would be refused is said before it is sent, and a button mends it."""

from __future__ import annotations

from pathlib import Path

from loopback.answers import streamed
from loopback.service import LoopbackService
from program_window import BOXES, ask_loopback, editor_of, notice_buttons, open_photo
from pytestqt.qtbot import QtBot

from qwvis_desktop.app import Program


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
