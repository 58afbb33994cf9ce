"""A film from drop to export in the real window: asked about, events as they stream, corrected, undone, saved."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from films import Film, clock, make_film, times_of
from loopback.answers import gated, streamed
from loopback.service import LoopbackService
from program_window import ask_loopback, drop, dropped_files, editor_of, run_to_the_end
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel, QPushButton
from pytestqt.qtbot import QtBot
from widgets import child

from qwvis_desktop.app import Program
from qwvis_desktop.core.annotation import VideoEvent
from qwvis_desktop.core.document import FilmRange
from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.media.film import FilmReader
from qwvis_desktop.core.media.film_opening import open_video
from qwvis_desktop.core.media.pixels import Raster
from qwvis_desktop.ui.editor import DocumentEditor
from qwvis_desktop.ui.palette import color_for
from qwvis_desktop.ui.panels.dialogs.export_progress import FilmProgress

FILM = Film(count=240, key_every=60, size=Size(320, 192))
TIMES = times_of(FILM)
NONE, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
PIECES = [
    '[{"start": "00:01.00", "end": "00:02.00", "event": "walks"}',
    ', {"start": "00:03.00", "end": "00:04.00", "event": "runs"}]',
]


def events(editor: DocumentEditor) -> list[tuple[str, float, float]]:
    found = [each for each in editor.document.annotations.values() if isinstance(each, VideoEvent)]
    return [(each.label, round(each.start, 2), round(each.end, 2)) for each in found]


def estimate(program: Program) -> str:
    labels = program.panels.prompt.findChildren(QLabel)
    return next(label.text() for label in labels if label.accessibleName() == "What it will take")


def go_to(program: Program, qtbot: QtBot, number: int) -> None:
    films = program.film.films
    films.go_to(TIMES[number])
    qtbot.waitUntil(lambda: films.film is not None and films.film.moment.time == pytest.approx(TIMES[number]))


def place_of(program: Program, label: str, time: float) -> QPoint:
    """Return where a time is in the row of an event on the timeline."""
    surface = program.panels.timeline.surface
    found = next(key for key, each in editor_of(program).document.annotations.items() if each.label == label)
    row = surface.scene.index[found][0]
    return QPoint(round(surface.axis.x(time)), round(surface.layout_.row_top(row)) + 9)


def says(raster: Raster, label: str) -> bool:
    """Say whether a frame has the colour of an event at its lower edge."""
    pixels = np.frombuffer(raster.data, np.uint8).reshape(raster.size.height, raster.size.width, 4).astype(int)
    color = color_for(label)
    wanted = np.array([color.blue(), color.green(), color.red()])
    near = np.abs(pixels[raster.size.height * 3 // 4 :, :, :3] - wanted).sum(axis=2) < 90
    return int(near.sum()) > 60


def stop_half_way(program: Program, editor: DocumentEditor, path: Path, qtbot: QtBot) -> None:
    """Stop writing a film over an older one, and see that nothing happened to that."""
    path.parent.mkdir()
    path.write_bytes(b"older")
    program.exports.export(editor, "mp4", path)
    qtbot.waitUntil(lambda: any(each.value() >= 5 for each in program.window.findChildren(FilmProgress)))
    (progress,) = program.window.findChildren(FilmProgress)
    with qtbot.waitSignal(program.exports.problem) as told:
        child(progress, QPushButton).click()
    assert told.args == ["The export was stopped. Nothing was written, and older files are whole."]
    qtbot.waitUntil(lambda: list(path.parent.iterdir()) == [path])
    assert path.read_bytes() == b"older"


@pytest.fixture
def editor(program: Program, tmp_path: Path, qtbot: QtBot) -> DocumentEditor:
    drop(program, dropped_files(make_film(tmp_path, FILM)))
    films = program.film.films
    qtbot.waitUntil(lambda: films.film is not None and films.film.index is not None)
    qtbot.waitUntil(lambda: program.canvas.picture is not None)
    program.window.activateWindow()
    program.canvas.setFocus()
    return editor_of(program)


def test_from_the_drop_to_the_annotated_film(
    program: Program, editor: DocumentEditor, loopback: LoopbackService, tmp_path: Path, qtbot: QtBot
) -> None:
    ask_loopback(program, loopback)
    program.services.choose_task("video-events")
    # In and out by keys.
    go_to(program, qtbot, 15)
    QTest.keyClick(program.canvas, Qt.Key.Key_I)
    go_to(program, qtbot, 224)
    QTest.keyClick(program.canvas, Qt.Key.Key_O)
    assert editor.document.film_range == pytest.approx(FilmRange(0.5, 7.5))
    # What it will take is said before it is sent.
    qtbot.waitUntil(lambda: "tokens" in estimate(program))
    loopback.answer, gates = gated(PIECES)
    program.actions["run.start"].trigger()
    qtbot.waitUntil(lambda: bool(loopback.requests))
    sent = loopback.requests[0]
    # Events come while the reply streams, at times of the film though the model counts from the range.
    gates[0].open()
    qtbot.waitUntil(lambda: len(events(editor)) == 1)
    surface = program.panels.timeline.surface
    qtbot.waitUntil(lambda: len(surface.scene.events.ids) == 1)
    assert program.inference.is_running(editor)
    for gate in gates[1:]:
        gate.open()
    qtbot.waitUntil(lambda: not program.inference.is_running(editor))
    (run,) = editor.document.runs.values()
    assert run.film is not None
    assert run.film.start == pytest.approx(0.5)
    assert events(editor) == [("walks", 1.5, 2.5), ("runs", 3.5, 4.5)]
    # How the times of one came to lie in the film.
    editor.select([next(iter(editor.document.annotations))])
    told = [label.text() for label in program.panels.evidence.findChildren(QLabel)]
    for words in ("1.000 to 2.000 s", "1.500 to 2.500 s", "0.500 to 7.500 s"):
        assert words in told
    editor.select([])
    # The frames that the model saw are ticks.
    assert surface.film is not None
    assert surface.film.seen == run.film.times
    assert all(0.5 <= time <= 7.5 for time in run.film.times)
    assert len(sent.film_frames) == len(run.film.times)
    # One event is corrected by mouse, the other by keys.
    before = editor.undo_stack.count()
    surface.fit()
    start, end = place_of(program, "walks", 2.49), place_of(program, "walks", 3.0)
    QTest.mousePress(surface, Qt.MouseButton.LeftButton, NONE, start)
    QTest.mouseMove(surface, (start + end) / 2)
    QTest.mouseMove(surface, end)
    QTest.mouseRelease(surface, Qt.MouseButton.LeftButton, NONE, end)
    (walks, _) = events(editor)
    assert walks[:2] == ("walks", 1.5)
    assert walks[2] == pytest.approx(3.0, abs=0.07)
    # What is seen then is the last frame of it, as it was while it was pulled.
    films, last = program.film.films, round(walks[2] * 30) - 1
    assert films.film is not None
    assert films.film.time == pytest.approx(TIMES[last])
    qtbot.waitUntil(lambda: program.canvas.picture is not None and clock(program.canvas.picture.raster) == last)
    program.canvas.setFocus()
    runs = next(key for key, each in editor.document.annotations.items() if each.label == "runs")
    editor.select([runs])
    go_to(program, qtbot, 119)
    QTest.keyClick(program.canvas, Qt.Key.Key_O, SHIFT)
    assert events(editor)[1] == ("runs", 3.5, 4.0)
    assert editor.undo_stack.count() == before + 2
    program.actions["edit.undo"].trigger()
    assert events(editor)[1] == ("runs", 3.5, 4.5)
    program.actions["edit.redo"].trigger()
    # Subtitles and the annotated film.
    saved: list[str] = []
    program.exports.saved.connect(lambda path, _lost: saved.append(path))
    program.exports.export(editor, "srt", tmp_path / "out.srt")
    qtbot.waitUntil(lambda: len(saved) == 1)
    text = (tmp_path / "out.srt").read_text("utf-8")
    assert "00:00:03,500 --> 00:00:04,000\nruns" in text.replace("\r", "")
    stop_half_way(program, editor, tmp_path / "kept" / "out.mp4", qtbot)
    program.exports.export(editor, "mp4", tmp_path / "out.mp4")
    qtbot.waitUntil(lambda: len(saved) == 2)
    first = 15
    with FilmReader(open_video(tmp_path / "out.mp4")) as reader:
        for number in (20, 44, 46, 60, 85, 104, 106, 118, 121, 200):
            frame = reader.at(TIMES[number] - TIMES[first] + 0.001)
            assert clock(frame.raster) == number
            assert says(frame.raster, "walks") == (walks[1] <= TIMES[number] < walks[2]), number
            assert says(frame.raster, "runs") == (3.5 <= TIMES[number] < 4.0), number

    check_an_answer_is_seen_and_its_times_lead_there(program, editor, loopback, qtbot)


def check_an_answer_is_seen_and_its_times_lead_there(
    program: Program, editor: DocumentEditor, loopback: LoopbackService, qtbot: QtBot
) -> None:
    reply, timeline = program.window.docks["reply"], program.window.docks["timeline"]
    assert reply.visibleRegion().isEmpty()
    tasks = next(
        each for each in program.panels.prompt.findChildren(QComboBox) if each.findText("Ask about the film") > 0
    )
    tasks.setCurrentIndex(tasks.findText("Ask about the film"))
    loopback.answer = streamed("They walk, and at 0:02.5 they run.")
    run_to_the_end(program, qtbot)
    assert not reply.visibleRegion().isEmpty()
    program.panels.reply.time_chosen.emit(3.0)
    films = program.film.films
    qtbot.waitUntil(lambda: films.film is not None and films.film.moment.time == pytest.approx(TIMES[90]))
    # Events are seen on the timeline, which comes back for them.
    tasks.setCurrentIndex(tasks.findText("Find events in a film"))
    loopback.answer = streamed("[]")
    run_to_the_end(program, qtbot)
    assert not timeline.visibleRegion().isEmpty()
    assert len(editor.document.runs) == 3


def test_a_frame_that_one_rests_on_is_exact(program: Program, editor: DocumentEditor, qtbot: QtBot) -> None:
    films, canvas = program.film.films, program.canvas

    def rests_on_all_of_its_frame() -> bool:
        picture, film = canvas.picture, films.film
        if picture is None or film is None or not picture.is_full:
            return False
        return clock(picture.raster) == round(film.time * 30)

    def is_reduced() -> bool:
        return canvas.picture is not None and canvas.picture.raster.size.width < FILM.size.width

    canvas.set_zoom(0.4)
    go_to(program, qtbot, 200)
    for is_stopped in (True, False):  # by hand, and at the end
        program.actions["film.play"].trigger()
        qtbot.waitUntil(is_reduced)
        if is_stopped:
            program.actions["film.play"].trigger()
        qtbot.waitUntil(lambda: films.film is not None and not films.film.is_playing)
        qtbot.waitUntil(rests_on_all_of_its_frame)
    assert films.film is not None
    assert films.film.time == pytest.approx(TIMES[-1])
    films.scrub(1.0, is_final=False)
    qtbot.waitUntil(is_reduced)
    qtbot.waitUntil(rests_on_all_of_its_frame)
    assert films.film.time == pytest.approx(1.0)
