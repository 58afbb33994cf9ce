"""Asking about a film in the real window: what is offered, what is sent of it, and where the events come to lie."""

from __future__ import annotations

from pathlib import Path

import pytest
from films import Film, make_film
from loopback.answers import gated, streamed
from loopback.service import LoopbackService
from program_window import ask_loopback, notice_buttons, open_photo, run_to_the_end
from pytestqt.qtbot import QtBot

from qwvis_desktop.app import Program
from qwvis_desktop.core.annotation import Detection, VideoEvent
from qwvis_desktop.core.document import FilmRange
from qwvis_desktop.core.film_sent import FilmWay
from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.providers.recorded import Speed
from qwvis_desktop.ui.editor import DocumentEditor

PIECES = [
    '[{"start_time": "00:00.50", "end_time": "00:01.00", "event": "one"}',
    ', {"start": 1, "end": 2, "event": "two"}]',
]


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_film(tmp_path_factory.mktemp("films"), Film(count=180, size=Size(416, 256)))


@pytest.fixture
def editor(program: Program, qtbot: QtBot, loopback: LoopbackService, film: Path) -> DocumentEditor:
    """A film that is open, with the loopback chosen."""
    ask_loopback(program, loopback)
    opened = open_photo(program, qtbot, film)
    qtbot.waitUntil(lambda: program.panels.prompt.state().task == "video-events")
    return opened


def offered(program: Program) -> list[str]:
    task = program.panels.prompt.fields.task
    return [task.itemData(place) for place in range(task.count())]


def events(editor: DocumentEditor) -> list[tuple[str, float, float]]:
    found = editor.document.annotations.values()
    return [(each.label, each.start, each.end) for each in found if isinstance(each, VideoEvent)]


def test_tasks_options_and_what_is_sent_follow_what_is_looked_at(
    program: Program, editor: DocumentEditor, qtbot: QtBot, photo: Path
) -> None:
    assert offered(program) == ["video-events", "video-boxes", "ask", "caption"]
    pane = program.panels.prompt.options
    pane.set_values({"fps": 1, "send": "frames", "max_pixels": 5, "range": "1-2"})
    assert pane.values == {"fps": 1, "send": "frames"}
    request = program.asking.requests.current()
    assert request is not None
    assert request.options == {"fps": 1, "send": "frames"}
    editor.set_film_range(FilmRange(4.0, None), "Set the range")
    request = program.asking.requests.current()
    assert request is not None
    assert request.options == {"fps": 1, "send": "frames", "range": [4.0, 6.0]}
    program.panels.prompt.fields.task.setCurrentIndex(2)
    assert program.panels.prompt.state().prompt == "What happens in this film?"
    open_photo(program, qtbot, photo)
    assert "detect" in offered(program)
    assert program.panels.prompt.state().task == "detect"
    program.workspace.show(program.workspace.key_of(editor) or "")
    assert program.panels.prompt.state().task == "ask"


def test_events_of_the_part_between_in_and_out_arrive_while_the_reply_streams(
    program: Program, editor: DocumentEditor, qtbot: QtBot, loopback: LoopbackService
) -> None:
    loopback.answer, gates = gated(PIECES)
    editor.set_film_range(FilmRange(2.0, 5.0), "Set the range")
    program.actions["run.start"].trigger()
    gates[0].open()
    qtbot.waitUntil(lambda: events(editor) == [("one", 2.5, 3.0)])
    assert program.inference.is_running(editor)
    for gate in gates[1:]:
        gate.open()
    qtbot.waitUntil(lambda: not program.inference.is_running(editor))
    found = [("one", 2.5, 3.0), ("two", 3.0, 4.0)]
    assert events(editor) == found
    (run,) = editor.document.runs.values()
    assert run.film is not None
    assert run.film.way is FilmWay.FRAMES
    assert run.film.times == pytest.approx((2, 2.5, 3, 3.5, 4, 4.5))
    assert len(loopback.requests[0].film_frames) == 6
    program.actions["edit.undo"].trigger()
    assert events(editor) == []
    # A kept reply is played and read as it was; the film may be cut elsewhere by now.
    editor.set_film_range(FilmRange(0.0, 1.0), "Set the range")
    program.runs.play(run, Speed.AT_ONCE)
    qtbot.waitUntil(lambda: len(editor.document.runs) == 2 and not program.inference.is_running(editor))
    assert events(editor) == found


def test_one_goes_on_asking_about_the_same_part(
    program: Program, editor: DocumentEditor, qtbot: QtBot, loopback: LoopbackService
) -> None:
    loopback.answer = streamed(PIECES[0], finish_reason="length")
    editor.set_film_range(FilmRange(2.0, 5.0), "Set the range")
    run = run_to_the_end(program, qtbot)
    editor.set_film_range(FilmRange(None, None), "Set the range")
    loopback.answer = streamed(PIECES[1])
    assert program.asking.conversation.finish_reply()
    qtbot.waitUntil(lambda: not program.inference.is_running(editor))
    assert editor.document.runs[run.id].reply == "".join(PIECES)
    assert events(editor) == [("one", 2.5, 3.0), ("two", 3.0, 4.0)]
    loopback.answer = streamed("A square.")
    assert program.asking.conversation.ask_further("What moves?")
    qtbot.waitUntil(lambda: len(editor.document.runs) == 2 and not program.inference.is_running(editor))
    first, said, asked = loopback.requests[-1].json["messages"]
    assert [part["type"] for part in first["content"]] == ["video", "text"]
    assert len(first["content"][0]["video"]) == 6
    assert (said["role"], asked["content"]) == ("assistant", [{"type": "text", "text": "What moves?"}])


def test_boxes_a_button_that_mends_and_a_pasted_reply(
    program: Program, editor: DocumentEditor, qtbot: QtBot, loopback: LoopbackService
) -> None:
    loopback.answer = streamed('[{"time": 1.0, "bbox_2d": [0, 0, 500, 500], "label": "square"}]')
    program.panels.prompt.fields.task.setCurrentIndex(1)
    program.panels.prompt.options.set_values({"send": "url"})
    program.actions["run.start"].trigger()
    assert "has no address" in program.canvas.notice
    assert not loopback.requests
    notice_buttons(program)["Send As Fits Best"].click()
    qtbot.waitUntil(lambda: bool(editor.document.runs) and not program.inference.is_running(editor))
    assert loopback.requests[0].film["video_url"]["url"].startswith("data:video/mp4;base64,")
    (box,) = [each for each in editor.document.annotations.values() if isinstance(each, Detection)]
    assert (box.time, tuple(box.box)) == (1.0, (0, 0, 208, 128))
    program.panels.prompt.fields.task.setCurrentIndex(0)
    assert program.runs.read_pasted('[{"start": 1, "end": 99, "event": "a"}, {"start": 50, "end": 60, "event": "b"}]')
    qtbot.waitUntil(lambda: not program.inference.is_running(editor))
    assert events(editor) == [("a", 1, 6)]
