"""Labels of films in the real window: dropped with a film or onto it, saved in each format and read again."""

from __future__ import annotations

from pathlib import Path

import pytest
from film_round_trips import told_of
from films import Film, make_film, times_of
from program_window import drop, dropped_files, editor_of
from pytestqt.qtbot import QtBot

from qwvis_desktop.app import Program
from qwvis_desktop.core.annotation import Detection, VideoEvent
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.export import export
from qwvis_desktop.core.geometry import Box
from qwvis_desktop.core.media.film_opening import open_video

FILM = Film(count=90, stamps=[number * 3000 + number * number * 30 for number in range(90)], name="street.mkv")
TIMES = [round(time, 3) for time in times_of(FILM)]
CAR = tuple(
    Detection(label="car", box=Box(10 + place, 20, 60 + place, 70), time=TIMES[place], attributes={"track_id": 4})
    for place in (0, 20, 60)
)
SUBTITLES = "1\n00:00:00,500 --> 00:00:01,500\nwalks\n\n2\n00:00:09,000 --> 00:00:10,000\nmuch later\n"


@pytest.fixture
def film(tmp_path: Path) -> Path:
    return make_film(tmp_path, FILM)


def labels_of(film: Path, format_id: str, folder: Path) -> Path:
    document = Document(open_video(film))
    document.add(CAR)
    target = folder / f"labels.{format_id}"
    export(document, format_id, target)
    return target / "street" / "gt" / "gt.txt" if format_id == "mot" else target.rename(target.with_suffix(".json"))


@pytest.mark.parametrize("format_id", ["mot", "coco-video", "label-studio-video"])
def test_tracks_dropped_onto_a_film_are_one_step(
    format_id: str, program: Program, film: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    path = labels_of(film, format_id, tmp_path)
    said: list[str] = []
    program.imports.said.connect(said.append)
    drop(program, dropped_files(film))
    qtbot.waitUntil(lambda: program.workspace.editor is not None)
    drop(program, dropped_files(path))
    qtbot.waitUntil(lambda: bool(said))
    assert said == [f"Read 3 objects from {path.name}."]
    editor = editor_of(program)
    assert told_of(editor.document.annotations.values()) == told_of(CAR)
    assert editor.undo_stack.count() == 1
    editor.undo_stack.undo()
    assert not editor.document.annotations


def test_a_film_is_dropped_with_its_subtitles(program: Program, film: Path, tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "street.srt"
    path.write_text(SUBTITLES)
    said: list[str] = []
    program.imports.said.connect(said.append)
    drop(program, dropped_files(path, film))
    qtbot.waitUntil(lambda: bool(said))
    (event,) = editor_of(program).document.annotations.values()
    assert isinstance(event, VideoEvent)
    assert (event.label, event.start, event.end) == ("walks", 0.5, 1.5)
    assert said == ["Read 1 object from street.srt. Left out: 1 object after the end of the film."]
    drop(program, dropped_files(film, path))  # the film is open by now
    qtbot.waitUntil(lambda: len(said) == 2)
    assert len(editor_of(program).document.annotations) == 2


def test_labels_of_a_film_are_pasted(program: Program, film: Path, qtbot: QtBot) -> None:
    drop(program, dropped_files(film))
    qtbot.waitUntil(lambda: program.workspace.editor is not None)
    editor = editor_of(program)
    program.input.read_text("1,4,10,20,50,50,1,1,1,1\n21,4,30,20,50,50,1,1,1,0\n")
    qtbot.waitUntil(lambda: len(editor.document.annotations) == 2)
    times = [each.time for each in editor.document.annotations.values() if isinstance(each, Detection)]
    assert times == pytest.approx([0.0, TIMES[20]], abs=0.001)
    with qtbot.waitSignal(program.imports.problem) as problem:
        program.input.read_text("WEBVTT\n\n00:00:02.000 --> 00:00:01.000\nbackwards\n")
    assert "ends (1 s) before it starts" in problem.args[0]
