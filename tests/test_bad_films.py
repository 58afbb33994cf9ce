"""Films that are broken or odd, through the real window: a sentence each, and nothing is lost."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import hostile_films
import pytest
from films import Film, clock, make_film
from hostile_films import REFUSED
from hostile_media import write_all
from loopback.answers import streamed
from loopback.service import LoopbackService
from program_window import ask_loopback, drop, dropped_files, editor_of, notice_buttons, open_photo, run_to_the_end
from PySide6.QtWidgets import QInputDialog, QLabel
from pytestqt.qtbot import QtBot

from qwvis_desktop.app import Program
from qwvis_desktop.core.annotation import Detection, VideoEvent, new_id
from qwvis_desktop.core.geometry import Box
from qwvis_desktop.ui.controllers.film.film_playback import OpenFilm

OPENED = (
    "called another.avi",
    "called a picture.jpg",
    "one second at 240.mp4",
    "one frame.mp4",
    "cut at 6 tenths.mkv",
    "huge.mp4",
)

ODD = {
    "ten hours at one a second.mp4": (36_000, 35_420.0, 32),
    "ten hours in 400 frames.mp4": (400, 35_910.03, 32),
    "without a length.mkv": (90, 3.0, 6),
    "in pieces.mp4": (90, 3.0, 6),
    "three frames.mp4": (3, 0.1, 4),
    "one second at 240.mp4": (240, 1.03, 4),
    "over 100 MB.mp4": (90, 3.0, 6),
}
"""Films of odd lengths: their frames, their seconds, and how many frames of them a model sees,
of 32 at most."""

READ_WHILE = 20_000
"""Milliseconds in which anything is said; however busy the machine is."""


@pytest.fixture(scope="module")
def bad(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The films, by their names."""
    wanted = {*REFUSED, *OPENED, *ODD}
    made = [case for case in hostile_films.cases() if case[0] in wanted]
    return {path.name: path for path in write_all(tmp_path_factory.mktemp("bad"), made=made)}


def looked_at(program: Program, qtbot: QtBot, path: Path) -> str:
    """Look at a film until it is there, or it is said why not; return that sentence."""
    workspace = program.workspace

    def problem() -> str:
        return next(each.problem for each in workspace.entries if each.key == str(path))

    workspace.show(str(path))
    qtbot.waitUntil(lambda: bool(problem()) or workspace.editor is not None, timeout=READ_WHILE)
    return problem()


def says_before(program: Program, words: str) -> bool:
    """Say whether what the request will take begins with these words."""
    labels = program.panels.prompt.findChildren(QLabel)
    return next(label.text() for label in labels if label.accessibleName() == "What it will take").startswith(words)


def shown(program: Program) -> int:
    """Return the number of the frame on the canvas; -1 where there is none."""
    return clock(program.canvas.picture.raster) if program.canvas.picture is not None else -1


def test_each_is_opened_or_refused_with_a_sentence_and_what_was_drawn_stays(
    program: Program, photo: Path, bad: dict[str, Path], qtbot: QtBot
) -> None:
    editor = open_photo(program, qtbot, photo)
    editor.add([Detection(id=new_id(), label="mine", box=Box(1, 2, 30, 40))], "Draw")
    wanted = {name: path for name, path in bad.items() if name in (*REFUSED, *OPENED)}
    drop(program, dropped_files(*wanted.values()))
    qtbot.waitUntil(lambda: len(program.workspace.entries) == 1 + len(wanted))
    for name, path in wanted.items():
        sentence = looked_at(program, qtbot, path)
        if name in OPENED:
            assert sentence == "", name
            assert program.film.films.film is not None
        else:
            assert REFUSED[name] in sentence, name
            assert name in sentence
            assert sentence.endswith((".", '"'))
            assert program.film.films.film is None
            assert not program.actions["film.play"].isEnabled()
    program.workspace.show(str(photo))
    (kept,) = editor_of(program).document.annotations.values()
    assert kept.label == "mine"


def looked_through(program: Program, qtbot: QtBot, path: Path) -> OpenFilm:
    """Drop a film, wait until all its frames are known, and return it."""
    films = program.film.films
    drop(program, dropped_files(path))
    qtbot.waitUntil(lambda: films.film is not None and films.film.key == str(path), timeout=READ_WHILE)
    film = films.film
    assert film is not None
    qtbot.waitUntil(lambda: film.index is not None and bool(film.thumbnails), timeout=READ_WHILE)
    return film


def test_odd_lengths_are_right_on_the_timeline_in_the_estimate_and_in_what_is_sent(
    program: Program, loopback: LoopbackService, bad: dict[str, Path], qtbot: QtBot
) -> None:
    ask_loopback(program, loopback)
    for name, (count, seconds, seen) in ODD.items():
        film = looked_through(program, qtbot, bad[name])
        assert film.index is not None
        program.services.choose_task("video-events")
        program.panels.prompt.options.set_values({"max_frames": 32})
        program.panels.prompt.options.changed.emit()
        assert len(film.index.times) == count, name
        surface = program.panels.timeline.surface
        assert surface.film is not None
        assert surface.film.duration == pytest.approx(seconds, abs=0.02), name
        assert surface.axis.is_whole
        # The last frame is the last one, and no step leads past it.
        for action in ("film.last", "film.frame_on", "film.second_on"):
            program.actions[action].trigger()
        assert film.time == film.index.times[-1]
        program.actions["film.frame_back"].trigger()
        assert film.time == film.index.times[-2], name
        # What is said to be sent is what is sent: two frames make one of the model's, of patches of 32 x 32.
        run = run_to_the_end(program, qtbot)
        assert run.film is not None
        tokens = len(run.film.times) // 2 * run.film.size.pixels // 1024 + 2
        qtbot.waitUntil(partial(says_before, program, f"{tokens:,} + "))
        assert len(run.film.times) == seen, name
        assert 0 <= run.film.times[0] <= run.film.times[-1] < seconds
        assert surface.film.seen == tuple(sorted(set(run.film.times)))
    # A film that is still being written shows what is there, and opened again, what came since.
    data = bad["without a length.mkv"].read_bytes()
    growing = bad["without a length.mkv"].with_name("being written.mkv")
    growing.write_bytes(data[: len(data) * 2 // 3])
    before = looked_through(program, qtbot, growing)
    assert before.index is not None
    assert 20 < len(before.index.times) < 90
    growing.write_bytes(data)
    program.workspace.close(str(growing))
    after = looked_through(program, qtbot, growing)
    assert after.index is not None
    assert len(after.index.times) == 90
    program.workspace.show(str(bad["over 100 MB.mp4"]))
    # More than goes as a file is said when that is asked for.
    program.panels.prompt.options.set_values({"send": "file"})
    program.panels.prompt.options.changed.emit()
    program.actions["run.start"].trigger()
    qtbot.waitUntil(lambda: '"over 100 MB.mp4" takes 120.0 MB' in program.canvas.notice)
    assert "Send It Re-Encoded" in notice_buttons(program)


def test_a_film_that_is_cut_off_while_it_is_looked_at_costs_nothing(
    program: Program, tmp_path: Path, qtbot: QtBot
) -> None:
    path = make_film(tmp_path, Film("a.mkv", count=120, key_every=20, b_frames=0))
    drop(program, dropped_files(path))
    films = program.film.films
    qtbot.waitUntil(lambda: films.film is not None and films.film.index is not None and bool(films.film.thumbnails))
    editor = editor_of(program)
    event = VideoEvent(id=new_id(), label="mine", start=0.5, end=3.0)
    editor.add([event], "Draw")
    said: list[str] = []
    films.problem.connect(said.append)
    data = path.read_bytes()
    with path.open("r+b") as file:
        file.truncate(len(data) // 3)
    films.go_to(3.5)
    qtbot.waitUntil(lambda: bool(said) or bool(films.film and films.film.moment.time > 0))
    assert all("damaged" in sentence or "cut off" in sentence for sentence in said)
    films.go_to(0.0)
    qtbot.waitUntil(lambda: films.film is not None and films.film.moment.time == 0 and shown(program) == 0)
    editor.undo_stack.undo()
    assert not editor.document.annotations
    editor.undo_stack.redo()
    assert list(editor.document.annotations.values()) == [event]


def test_events_that_cannot_be_are_said_and_the_others_stay(
    program: Program, loopback: LoopbackService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    drop(program, dropped_files(make_film(tmp_path, Film(count=90))))
    qtbot.waitUntil(lambda: program.film.films.film is not None and program.film.films.film.index is not None)
    ask_loopback(program, loopback)
    program.services.choose_task("video-events")
    loopback.answer = streamed(
        '[{"start": 0.5, "end": 1.5, "event": "whole"}, {"start": 2, "end": 1, "event": "backwards"},'
        ' {"start": 2, "end": 9, "event": "too long"}, {"start": 50, "end": 60, "event": "after the end"}]'
    )
    run = run_to_the_end(program, qtbot)
    told = {each.label: each for each in editor_of(program).document.annotations.values()}
    assert {"whole", "too long"} <= told.keys()
    assert "after the end" not in told
    for each in told.values():
        assert isinstance(each, VideoEvent)
        assert 0 <= each.start < each.end <= 3.0 + 1e-6
    assert len(run.issues) >= 2
    assert "backwards" in run.reply
    # Where the model counted too fast, what was refused comes back: 60 s told of 3 s.
    qtbot.waitUntil(lambda: "times up to 0:01:00.000, and the film lasts 0:00:03.000" in program.canvas.notice)
    monkeypatch.setattr(QInputDialog, "getDouble", lambda _parent, _title, _words, value, *_rest: (value, True))
    notice_buttons(program)["Scale Times..."].click()
    editor = editor_of(program)
    qtbot.waitUntil(lambda: editor.undo_stack.undoText() == "Scale times")
    scaled = {each.label: each for each in editor.document.annotations.values() if isinstance(each, VideoEvent)}
    assert (scaled["after the end"].start, scaled["after the end"].end) == pytest.approx((2.5, 3.0))
    assert (scaled["too long"].start, scaled["too long"].end) == pytest.approx((0.1, 0.45))
    assert [issue.code for issue in editor.document.runs[run.id].issues] == ["turned-round"]
    program.actions["edit.undo"].trigger()
    assert {each.label for each in editor.document.annotations.values()} == told.keys()
    assert editor.document.runs[run.id].issues == run.issues
