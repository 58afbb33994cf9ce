"""Limits in the window: what would be refused is said before it is sent, and a button mends it."""

from __future__ import annotations

from pathlib import Path

import pytest
from loopback.answers import Answer, streamed
from loopback.service import LoopbackService
from PIL import Image
from program_window import (
    BOXES,
    PLACES,
    ask_loopback,
    boxes,
    drop,
    dropped_files,
    editor_of,
    notice_buttons,
    open_photo,
    run_to_the_end,
)
from pytestqt.qtbot import QtBot

from qwvis_desktop.app import Program
from qwvis_desktop.core.geometry import Box
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


def test_a_narrow_picture_is_laid_on_white_and_its_boxes_stay_in_place(
    program: Program, qtbot: QtBot, loopback: LoopbackService, tmp_path: Path
) -> None:
    path = tmp_path / "narrow.png"
    Image.new("RGB", (3000, 10), "gray").save(path)
    loopback.answer = streamed('[{"bbox_2d": [100, 0, 200, 400], "label": "cat"}]')
    editor = open_photo(program, qtbot, path)
    ask_loopback(program, loopback)
    program.actions["run.start"].trigger()
    assert "or lay it on white" in program.canvas.notice
    notice_buttons(program)["Lay It on White"].click()
    qtbot.waitUntil(lambda: bool(editor.document.runs) and not program.inference.is_running(editor))
    (box,) = boxes(program)
    # The picture was laid on 3000 x 15 pixels: 400 thousandths of these are six pixels.
    assert box == Box(300, 0, 600, 6)
    assert len(loopback.requests) == 1


def test_what_the_service_cannot_fetch_is_sent(
    program: Program, qtbot: QtBot, loopback: LoopbackService, tmp_path: Path
) -> None:
    path = tmp_path / "moving.gif"
    Image.new("RGB", (640, 480), "gray").save(path)
    url = loopback.base_url.replace("/v1", "/moving.gif")
    loopback.answer = [Answer([path.read_bytes()], content_type="image/gif", whole=True), streamed("[]")]
    program.services.update(upload="url")
    program.media.open_urls([url])
    qtbot.waitUntil(lambda: program.workspace.editor is not None)
    editor = editor_of(program)
    ask_loopback(program, loopback)
    program.actions["run.start"].trigger()
    assert "is GIF, which the services do not read" in program.canvas.notice
    notice_buttons(program)["Send It Re-Encoded"].click()
    qtbot.waitUntil(lambda: bool(editor.document.runs) and not program.inference.is_running(editor))
    assert loopback.requests[-1].pictures[0].mime == "image/png"


def test_the_service_fetches_what_has_an_address(
    program: Program, qtbot: QtBot, loopback: LoopbackService, photo: Path
) -> None:
    url = loopback.base_url.replace("/v1", "/photo.png")
    loopback.answer = [Answer([photo.read_bytes()], content_type="image/png", whole=True), streamed("".join(BOXES))]
    program.services.update(upload="url")
    program.media.open_urls([url])
    qtbot.waitUntil(lambda: program.workspace.editor is not None)
    ask_loopback(program, loopback)
    run_to_the_end(program, qtbot)
    content = loopback.requests[-1].json["messages"][0]["content"]
    assert content[0]["image_url"]["url"] == url
    assert boxes(program) == PLACES
