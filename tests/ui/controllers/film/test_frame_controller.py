"""A frame of a film as a picture, asked about, and what was found back in the film."""

from __future__ import annotations

from pathlib import Path

import pytest
from films import clock
from loopback.answers import streamed
from loopback.service import LoopbackService
from program_window import ask_loopback, detections, drop, dropped_files, editor_of, notice_buttons, run_to_the_end
from pytestqt.qtbot import QtBot

from qwvis_desktop.app import Program
from qwvis_desktop.core.annotation import Detection, VideoEvent
from qwvis_desktop.core.geometry import Box
from qwvis_desktop.ui.editor import DocumentEditor

NUMBER, TIME = 42, 42 / 30


@pytest.fixture
def frame(program: Program, editor: DocumentEditor, qtbot: QtBot) -> DocumentEditor:
    """Open a frame of the film as a picture."""
    films = program.film.films
    films.go_to(TIME)
    qtbot.waitUntil(lambda: films.film is not None and films.film.moment.time == pytest.approx(TIME))
    program.actions["film.frame"].trigger()
    qtbot.waitUntil(lambda: program.workspace.editor not in (None, editor))
    qtbot.waitUntil(lambda: program.canvas.picture is not None)
    return editor_of(program)


def test_a_frame_is_opened_as_the_very_picture(
    program: Program, frame: DocumentEditor, editor: DocumentEditor, path: Path
) -> None:
    assert program.canvas.picture is not None
    assert clock(program.canvas.picture.raster) == NUMBER
    origin = frame.document.origin
    assert origin is not None
    assert origin.film == str(path)
    assert origin.time == pytest.approx(TIME)
    assert frame.document.size == editor.document.size
    assert frame.document.media.name == "film 0.00.01.400.png"
    assert program.actions["film.back"].isEnabled()
    assert not program.actions["film.play"].isEnabled()


def test_what_is_found_is_brought_back(
    program: Program, frame: DocumentEditor, editor: DocumentEditor, loopback: LoopbackService, qtbot: QtBot
) -> None:
    ask_loopback(program, loopback)
    # An answer goes back as an event of that frame, where nothing has a box.
    program.services.choose_task("ask")
    loopback.answer = streamed("A square\nin red.")
    run_to_the_end(program, qtbot)
    notice_buttons(program)["Bring Back"].click()
    (event,) = editor.document.annotations.values()
    assert isinstance(event, VideoEvent)
    assert event.label == "A square in red."
    assert (event.start, event.end) == pytest.approx((TIME, TIME + 1 / 30))
    assert "Brought back: 1 event" in program.canvas.notice
    program.actions["edit.undo"].trigger()
    assert program.workspace.key_of(frame) is not None
    program.workspace.show(program.workspace.key_of(frame) or "")
    loopback.answer = streamed('[{"bbox_2d": [0, 0, 500, 500], "label": "square"}]')
    program.services.choose_task("detect")
    run_to_the_end(program, qtbot)
    (found,) = detections(program)
    assert "0:00:01.400" in program.canvas.notice
    notice_buttons(program)["Bring Back"].click()
    assert program.workspace.editor is editor
    (brought,) = detections(program)
    assert brought.box == found.box == Box(0, 0, 104, 64)
    assert brought.time == pytest.approx(TIME)
    assert brought.provenance is None
    films = program.film.films
    qtbot.waitUntil(lambda: films.film is not None and films.film.moment.shown.keys() == {brought.id})
    assert editor.undo_stack.count() == 1
    assert len(frame.document.annotations) == 1


def test_a_run_that_finds_nothing_offers_nothing(
    program: Program, frame: DocumentEditor, loopback: LoopbackService, qtbot: QtBot
) -> None:
    frame.add([Detection(label="by hand", box=Box(1, 1, 9, 9))], "Draw")
    ask_loopback(program, loopback)
    program.services.choose_task("detect")
    loopback.answer = streamed("[]")
    run_to_the_end(program, qtbot)
    assert "Bring Back" not in notice_buttons(program)


def test_nothing_to_bring_back(program: Program, frame: DocumentEditor) -> None:
    program.actions["film.bring_back"].trigger()
    assert "nothing on this picture that films hold" in program.canvas.notice


def test_back_to_a_film_that_was_closed(program: Program, frame: DocumentEditor, path: Path, qtbot: QtBot) -> None:
    program.workspace.close(str(path))
    program.actions["film.back"].trigger()
    films = program.film.films
    qtbot.waitUntil(lambda: films.film is not None and films.film.moment.time == pytest.approx(TIME))
    assert program.workspace.current is not None
    assert program.workspace.current.key == str(path)


def test_another_picture_has_no_film_to_go_back_to(
    program: Program, frame: DocumentEditor, photo: Path, qtbot: QtBot
) -> None:
    drop(program, dropped_files(photo))
    qtbot.waitUntil(lambda: program.workspace.editor not in (None, frame))
    assert not program.actions["film.back"].isEnabled()
