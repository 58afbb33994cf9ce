"""The whole program through its real window: dropped files, the loopback service, mouse and keyboard."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from loopback.answers import SILENCE, gated, streamed
from loopback.service import LoopbackService
from PIL import Image
from program_window import BOXES, ask_loopback, boxes, drop, dropped_files, open_photo, press
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from qwvis_desktop.app import Program
from qwvis_desktop.core.annotation import ReplyStatus
from qwvis_desktop.core.geometry import Box


def test_boxes_arrive_while_the_reply_streams(
    program: Program, qtbot: QtBot, loopback: LoopbackService, photo: Path
) -> None:
    loopback.answer, gates = gated(BOXES)
    open_photo(program, qtbot, photo)
    ask_loopback(program, loopback)
    press(program, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    gates[0].open()
    qtbot.waitUntil(lambda: boxes(program) == [Box(80, 120, 240, 240)])
    assert program.panels.run_bar.state.phase == "receiving"
    assert not gates[1].is_open
    gates[1].open()
    gates[2].open()
    qtbot.waitUntil(lambda: program.panels.run_bar.state.phase == "done")
    assert boxes(program) == [Box(80, 120, 240, 240), Box(400, 300, 720, 540)]
    assert "2 boxes" in program.panels.run_bar.state.text
    assert program.panels.reply.raw_text == "".join(BOXES)
    assert program.workspace.editor is not None
    assert program.workspace.editor.undo_stack.count() == 1
    program.actions["edit.undo"].trigger()
    assert boxes(program) == []


def test_stopping_in_mid_stream_closes_the_connection_and_keeps_what_came(
    program: Program, qtbot: QtBot, loopback: LoopbackService, photo: Path
) -> None:
    loopback.answer, gates = gated(BOXES)
    open_photo(program, qtbot, photo)
    ask_loopback(program, loopback)
    program.actions["run.start"].trigger()
    gates[0].open()
    qtbot.waitUntil(lambda: len(boxes(program)) == 1)
    press(program, Qt.Key.Key_Escape)
    assert program.panels.run_bar.state.phase == "stopped"
    request = loopback.wait_for_request()
    assert request.closed.wait(1.0)
    assert boxes(program) == [Box(80, 120, 240, 240)]
    assert program.workspace.editor is not None
    (run,) = program.workspace.editor.document.runs.values()
    assert run.reply == BOXES[0]
    assert run.status is ReplyStatus.PARTIAL
    for gate in gates:
        gate.open()


def test_a_result_goes_to_the_picture_it_was_asked_about(
    program: Program, qtbot: QtBot, loopback: LoopbackService, photo: Path, tmp_path: Path
) -> None:
    other = tmp_path / "z-other.png"
    Image.new("RGB", (300, 300), "navy").save(other)
    loopback.answer, gates = gated(BOXES)
    drop(program, dropped_files(photo, other))
    qtbot.waitUntil(lambda: program.workspace.editor is not None)
    asked = program.workspace.editor
    assert asked is not None
    ask_loopback(program, loopback)
    program.actions["run.start"].trigger()
    gates[0].open()
    qtbot.waitUntil(lambda: len(asked.document.annotations) == 1)
    program.actions["view.next"].trigger()
    qtbot.waitUntil(lambda: program.workspace.editor not in (None, asked))
    gates[1].open()
    gates[2].open()
    qtbot.waitUntil(lambda: not program.inference.is_running(asked))
    assert len(asked.document.annotations) == 2
    assert boxes(program) == []
    program.actions["view.previous"].trigger()
    assert len(boxes(program)) == 2
    assert program.panels.reply.raw_text == "".join(BOXES)


def test_switching_while_a_reply_streams_shows_all_of_it(
    program: Program, qtbot: QtBot, loopback: LoopbackService, photo: Path, tmp_path: Path
) -> None:
    other = tmp_path / "z-other.png"
    Image.new("RGB", (300, 300), "navy").save(other)
    loopback.answer, gates = gated(BOXES)
    drop(program, dropped_files(photo, other))
    qtbot.waitUntil(lambda: program.workspace.editor is not None)
    asked = program.workspace.editor
    assert asked is not None
    ask_loopback(program, loopback)
    program.actions["run.start"].trigger()
    gates[0].open()
    qtbot.waitUntil(lambda: len(asked.document.annotations) == 1)
    program.actions["view.next"].trigger()
    program.actions["view.previous"].trigger()
    assert program.panels.reply.raw_text == BOXES[0]
    gates[1].open()
    gates[2].open()
    qtbot.waitUntil(lambda: program.panels.run_bar.state.phase == "done")
    assert program.panels.reply.raw_text == "".join(BOXES)


@pytest.mark.parametrize(
    ("format_id", "suffix"), [("png", ".png"), ("jpg", ".jpg"), ("coco", ".json"), ("csv", ".csv"), ("reply", ".json")]
)
def test_exports_are_written(
    program: Program, qtbot: QtBot, loopback: LoopbackService, photo: Path, tmp_path: Path, format_id: str, suffix: str
) -> None:
    loopback.answer = streamed("".join(BOXES))
    open_photo(program, qtbot, photo)
    ask_loopback(program, loopback)
    program.actions["run.start"].trigger()
    qtbot.waitUntil(lambda: program.panels.run_bar.state.phase == "done")
    editor = program.workspace.editor
    assert editor is not None
    target = tmp_path / f"out{suffix}"
    with qtbot.waitSignal(program.exports.saved):
        program.exports.export(editor, format_id, target)
    data = target.read_bytes()
    if format_id in ("png", "jpg"):
        with Image.open(BytesIO(data)) as drawn:
            assert drawn.size == (800, 600)
    elif format_id == "coco":
        assert [a["bbox"] for a in json.loads(data)["annotations"]] == [[80, 120, 160, 120], [400, 300, 320, 240]]
    else:
        assert b"cat" in data


def test_a_pasted_reply_is_read_for_the_picture(program: Program, qtbot: QtBot, photo: Path) -> None:
    open_photo(program, qtbot, photo)
    program.services.choose_model("qwen3-vl-plus")
    QGuiApplication.clipboard().setText("".join(BOXES))
    program.actions["edit.paste"].trigger()
    qtbot.waitUntil(lambda: len(boxes(program)) == 2)
    assert boxes(program)[0] == Box(80, 120, 240, 240)


def test_a_reply_without_a_picture_is_refused_in_a_sentence(program: Program, qtbot: QtBot) -> None:
    program.input.read_text("[]")
    assert "Open the picture first" in program.canvas.notice


def test_a_failure_of_the_service_is_a_sentence_and_the_work_is_untouched(
    program: Program, qtbot: QtBot, loopback: LoopbackService, photo: Path
) -> None:
    from loopback.answers import FAULTS

    loopback.answer = streamed("".join(BOXES))
    open_photo(program, qtbot, photo)
    ask_loopback(program, loopback)
    program.actions["run.start"].trigger()
    qtbot.waitUntil(lambda: program.panels.run_bar.state.phase == "done")
    loopback.answer = FAULTS["wrong-key"]
    program.actions["run.start"].trigger()
    qtbot.waitUntil(lambda: program.panels.run_bar.state.phase == "failed")
    assert "key" in program.panels.run_bar.state.text
    assert len(boxes(program)) == 2


def test_samples_play_their_drawn_truth(program: Program, qtbot: QtBot) -> None:
    program.input.open_sample("street")
    qtbot.waitUntil(lambda: program.panels.run_bar.state.phase == "done")
    assert boxes(program)
    editor = program.workspace.editor
    assert editor is not None
    (run,) = editor.document.runs.values()
    assert run.provider == "drawn truth, no model"
    assert not run.issues


def test_closing_with_a_run_under_way_ends_all_threads(
    program: Program, qtbot: QtBot, loopback: LoopbackService, photo: Path
) -> None:
    loopback.answer = streamed("", done=False)
    loopback.answer = type(loopback.answer)([SILENCE], content_type="text/event-stream")
    open_photo(program, qtbot, photo)
    ask_loopback(program, loopback)
    program.actions["run.start"].trigger()
    request = loopback.wait_for_request()
    program.window.close()
    assert program.all_threads_ended
    assert request.closed.wait(1.0)


def test_settings_are_remembered(program: Program, qtbot: QtBot, home: Path, loopback: LoopbackService) -> None:
    ask_loopback(program, loopback, "qwen2.5-vl-7b-instruct")
    program.actions["theme.dark"].trigger()
    program.window.close()
    kept = json.loads((home / "settings.json").read_text(encoding="utf-8"))
    assert (kept["profile"], kept["model"], kept["theme"]) == ("Loopback", "qwen2.5-vl-7b-instruct", "dark")


def test_the_demo_off_screen_reads_its_page_and_saves_two_pictures(home: Path) -> None:
    pytest.importorskip("rapidocr", reason="the offline engine is not installed")
    done = subprocess.run(
        [sys.executable, "-m", "qwvis_desktop", "open", "--demo", "--off-screen"],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        env={**os.environ, "QWVIS_HOME": str(home)},
    )
    assert (done.returncode, done.stderr) == (0, "")
    paths = [Path(line.partition(": ")[2]) for line in done.stdout.splitlines() if ".png" in line]
    assert len(paths) == 2
    for path in paths:
        with Image.open(path) as picture:
            assert min(picture.size) > 500
    assert "Total" in done.stdout or "TOTAL" in done.stdout
