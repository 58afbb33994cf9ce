"""A film in the real window: opened, played, stepped through, scrubbed; and what of it lies on the canvas."""

from __future__ import annotations

from pathlib import Path

import pytest
from films import Film, clock, drawn, make_film, times_of
from PIL import Image
from program_window import drop, dropped_files, editor_of, open_photo
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QFileDialog, QLineEdit, QTableView
from pytestqt.qtbot import QtBot
from widgets import child

from qwvis_desktop.app import Program
from qwvis_desktop.core.annotation import Detection, VideoEvent
from qwvis_desktop.core.document import FilmRange
from qwvis_desktop.core.film_request import film_facts
from qwvis_desktop.core.geometry import Box, Point
from qwvis_desktop.core.media.video import VideoMedia
from qwvis_desktop.ui.canvas.editing.label_entry import LabelEntry
from qwvis_desktop.ui.controllers.film.film_playback import OpenFilm
from qwvis_desktop.ui.editor import DocumentEditor

FILM = Film(count=90, key_every=30)
TIMES = times_of(FILM)
NONE = Qt.KeyboardModifier.NoModifier
JUMP = VideoEvent(id="jump", label="jump", start=TIMES[15], end=TIMES[30])
LAND = VideoEvent(id="land", label="land", start=TIMES[60], end=TIMES[66])


def film_of(program: Program) -> OpenFilm:
    film = program.film.films.film
    assert film is not None
    return film


def on_canvas(program: Program) -> int:
    """Return the number of the frame that is on the canvas, read from its pixels."""
    picture = program.canvas.picture
    assert picture is not None
    return clock(picture.raster)


def wait_for_frame(program: Program, qtbot: QtBot, number: int) -> None:
    qtbot.waitUntil(lambda: on_canvas(program) == number and film_of(program).time == pytest.approx(TIMES[number]))


def test_a_film_is_opened_at_its_first_frame_with_its_timeline(
    program: Program, editor: DocumentEditor, photo: Path, qtbot: QtBot
) -> None:
    assert on_canvas(program) == 0
    assert program.panels.timeline.isVisible()
    assert program.panels.timeline.time_text == "0:00:00.000"
    assert program.actions["film.play"].isEnabled()
    qtbot.waitUntil(lambda: len(film_of(program).thumbnails) > 5)
    open_photo(program, qtbot, photo)
    assert not program.panels.timeline.isVisible()
    assert not program.actions["film.play"].isEnabled()
    assert program.actions["view.next"].shortcuts()[0].toString() == "."


def test_stepping_by_frame_by_second_and_to_the_ends(program: Program, editor: DocumentEditor, qtbot: QtBot) -> None:
    for key, modifiers, number in (
        (Qt.Key.Key_Period, NONE, 1),
        (Qt.Key.Key_Period, NONE, 2),
        (Qt.Key.Key_Comma, NONE, 1),
        (Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier, 31),
        (Qt.Key.Key_End, Qt.KeyboardModifier.AltModifier, 89),
        (Qt.Key.Key_Period, NONE, 89),
        (Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier, 59),
        (Qt.Key.Key_Home, Qt.KeyboardModifier.AltModifier, 0),
    ):
        QTest.keyClick(program.canvas, key, modifiers)
        wait_for_frame(program, qtbot, number)


def test_keys_on_the_timeline(program: Program, editor: DocumentEditor, qtbot: QtBot) -> None:
    surface = program.panels.timeline.surface
    surface.setFocus()
    QTest.keyClick(surface, Qt.Key.Key_Right)
    wait_for_frame(program, qtbot, 1)
    QTest.keyClick(surface, Qt.Key.Key_End)
    wait_for_frame(program, qtbot, 89)


def test_to_events_and_boxes(program: Program, editor: DocumentEditor, qtbot: QtBot) -> None:
    editor.add([JUMP, LAND, Detection(id="box", label="car", box=Box(1, 1, 9, 9), time=TIMES[45])], "Add")
    for action, number, selected in (
        ("film.event_on", 15, "jump"),
        ("film.event_on", 45, "box"),
        ("film.event_on", 60, "land"),
        ("film.event_on", 60, "land"),
        ("film.event_back", 45, "box"),
    ):
        program.actions[action].trigger()
        wait_for_frame(program, qtbot, number)
        assert editor.selection == {selected}
    assert program.canvas.accessibleDescription().startswith("car")
    assert program.canvas.accessibleDescription().endswith("0:00:01.500")


def test_a_time_that_was_written_is_gone_to(program: Program, editor: DocumentEditor, qtbot: QtBot) -> None:
    entry = child(program.panels.timeline, QLineEdit)
    for text, number in (("0:01.5", 45), ("2", 60), ("0:00:01.001", 30)):
        entry.setText(text)
        QTest.keyClick(entry, Qt.Key.Key_Return)
        wait_for_frame(program, qtbot, number)
    entry.setText("soon")
    QTest.keyClick(entry, Qt.Key.Key_Return)
    assert "no time" in program.canvas.notice


def test_playing_by_a_tap_of_space_keeps_the_zoom(program: Program, editor: DocumentEditor, qtbot: QtBot) -> None:
    program.canvas.set_zoom(3.0)
    program.canvas.pan(-20, -10)
    before = program.canvas.viewport
    QTest.keyClick(program.canvas, Qt.Key.Key_Space)
    assert film_of(program).is_playing
    qtbot.waitUntil(lambda: on_canvas(program) > 10)
    QTest.keyClick(program.canvas, Qt.Key.Key_Space)
    assert not film_of(program).is_playing
    stopped = round(film_of(program).time * 30)
    wait_for_frame(program, qtbot, stopped)
    assert program.canvas.viewport == before


def test_it_plays_to_the_end_and_then_from_the_beginning(
    program: Program, editor: DocumentEditor, qtbot: QtBot
) -> None:
    child(program.panels.timeline, QComboBox).setCurrentIndex(5)
    program.film.films.go_to(TIMES[70])
    program.actions["film.play"].trigger()
    qtbot.waitUntil(lambda: not film_of(program).is_playing)
    assert on_canvas(program) >= 85
    program.film.films.go_to(TIMES[89])
    wait_for_frame(program, qtbot, 89)
    program.actions["film.play"].trigger()
    qtbot.waitUntil(lambda: film_of(program).time < 1)
    program.film.films.go_to(0)


def test_the_estimate_counts_the_frames_that_are_there(program: Program, tmp_path: Path, qtbot: QtBot) -> None:
    """A film of few frames in a long time, whose header tells neither how many there are nor how far apart."""
    film = Film("sparse.mkv", count=40, stamps=[*range(0, 10 * 3000, 3000), *range(900_000, 27_900_000, 900_000)])
    drop(program, dropped_files(make_film(tmp_path, film)))
    qtbot.waitUntil(lambda: program.film.films.film is not None and program.film.films.film.index is not None)
    media = editor_of(program).document.media
    assert isinstance(media, VideoMedia)
    assert media.frames > film.count == media.counted
    assert film_facts(media).frames == film.count


def test_a_film_in_a_window_that_is_not_seen_makes_no_frames(
    program: Program, editor: DocumentEditor, qtbot: QtBot
) -> None:
    program.actions["film.loop"].trigger()
    player, came = program.film.films.player, on_canvas(program)
    qtbot.waitUntil(lambda: on_canvas(program) != came)
    program.window.hide()
    qtbot.waitUntil(lambda: not player.is_seen)
    program.window.show()
    qtbot.waitUntil(lambda: player.is_seen)
    came = on_canvas(program)
    qtbot.waitUntil(lambda: on_canvas(program) != came)
    assert film_of(program).is_playing


def test_an_event_is_played_again_and_again(program: Program, editor: DocumentEditor, qtbot: QtBot) -> None:
    editor.add([JUMP], "Add")
    child(program.panels.timeline, QComboBox).setCurrentIndex(5)
    seen: list[int] = []
    program.film.films.player.shown.connect(lambda shot: seen.append(clock(shot.picture.raster)))
    surface = program.panels.timeline.surface
    row = surface.scene.index["jump"][0]
    place = QPoint(round(surface.axis.x(TIMES[20])), round(surface.layout_.row_top(row)) + 9)
    QTest.mouseDClick(surface, Qt.MouseButton.LeftButton, NONE, place)
    assert editor.selection == {"jump"}
    qtbot.waitUntil(lambda: seen.count(15) >= 2)
    program.actions["film.loop"].trigger()
    assert not film_of(program).is_playing
    assert set(seen) <= set(range(15, 31))


def test_scrubbing_shows_something_at_once_and_the_frame_when_the_hand_rests(
    program: Program, editor: DocumentEditor, qtbot: QtBot
) -> None:
    program.film.films.scrub(TIMES[50] + 0.01, is_final=False)
    assert program.panels.timeline.time_text.startswith("0:00:01.6")
    wait_for_frame(program, qtbot, 50)
    program.film.films.scrub(TIMES[77] + 0.01, is_final=True)
    wait_for_frame(program, qtbot, 77)


def test_what_is_selected_in_the_list_is_gone_to(program: Program, editor: DocumentEditor, qtbot: QtBot) -> None:
    editor.add([JUMP, LAND], "Add")
    editor.select(["land"])
    wait_for_frame(program, qtbot, 60)
    program.film.films.go_to(TIMES[62])
    wait_for_frame(program, qtbot, 62)
    editor.select([])
    editor.select(["land"])
    assert film_of(program).time == pytest.approx(TIMES[62])


def test_boxes_lie_on_their_frames_alone(program: Program, editor: DocumentEditor, qtbot: QtBot) -> None:
    box = Box(10.0, 20.0, 60.0, 70.0)
    editor.add([Detection(id="a", label="car", box=box, time=TIMES[20])], "Add")
    editor.add([Detection(id="b", label="car", box=box.translated(100, 0), time=TIMES[30])], "Add")
    for number, left in ((20, 10.0), (25, 60.0), (30, 110.0), (31, None), (19, None)):
        program.film.films.go_to(TIMES[number])
        wait_for_frame(program, qtbot, number)
        place = program.canvas.viewport.to_widget(Point((left or 10.0) + 25, 45.0))
        found = program.canvas.ids_at(QPoint(round(place.x), round(place.y)).toPointF())
        assert bool(found) == (left is not None)


def test_the_place_in_a_film_is_kept_while_another_is_looked_at(
    program: Program, editor: DocumentEditor, photo: Path, qtbot: QtBot
) -> None:
    program.film.films.go_to(TIMES[33])
    wait_for_frame(program, qtbot, 33)
    open_photo(program, qtbot, photo)
    qtbot.waitUntil(lambda: program.canvas.picture is not None)
    program.workspace.step(-1)
    assert film_of(program).index is not None
    qtbot.waitUntil(lambda: program.canvas.picture is not None)
    wait_for_frame(program, qtbot, 33)


def test_a_film_is_closed_while_it_plays(program: Program, editor: DocumentEditor, qtbot: QtBot) -> None:
    program.actions["film.play"].trigger()
    qtbot.waitUntil(lambda: on_canvas(program) > 2)
    program.actions["file.close"].trigger()
    assert program.film.films.film is None
    assert program.canvas.picture is None


def test_the_timeline_stays_closed_when_the_user_closed_it(
    program: Program, editor: DocumentEditor, photo: Path, qtbot: QtBot
) -> None:
    program.actions["panel.timeline"].trigger()
    assert not program.panels.timeline.isVisible()
    open_photo(program, qtbot, photo)
    program.workspace.step(-1)
    assert not program.panels.timeline.isVisible()
    program.actions["panel.timeline"].trigger()
    assert program.panels.timeline.isVisible()


def test_boxes_of_a_track_by_their_key_frames(program: Program, editor: DocumentEditor, qtbot: QtBot) -> None:
    box = Box(10.0, 20.0, 60.0, 70.0)
    keys = [Detection(id=f"k{n}", label="car", box=box.translated(n, 0), time=TIMES[n]) for n in (20, 30, 40)]
    editor.add(keys, "Add")
    program.film.films.go_to(TIMES[25])
    wait_for_frame(program, qtbot, 25)
    place = program.canvas.viewport.to_widget(Point(60.0, 45.0))
    QTest.mouseClick(program.canvas, Qt.MouseButton.LeftButton, NONE, QPoint(round(place.x), round(place.y)))
    assert editor.selection == {"k20"}
    assert on_canvas(program) == 25
    QTest.keyClick(program.canvas, Qt.Key.Key_Delete)
    assert "worked out between" in program.canvas.notice
    assert len(editor.document.annotations) == 3
    QTest.keyClick(program.canvas, Qt.Key.Key_F2)
    entry = child(program.canvas, LabelEntry)
    entry.selectAll()
    QTest.keyClicks(entry, "bus")
    QTest.keyClick(entry, Qt.Key.Key_Return)
    assert {each.label for each in editor.document.annotations.values()} == {"bus"}
    assert editor.undo_stack.count() == 2
    program.film.films.go_to(TIMES[30])
    wait_for_frame(program, qtbot, 30)
    editor.select(["k30"])
    QTest.keyClick(program.canvas, Qt.Key.Key_Delete)
    assert set(editor.document.annotations) == {"k20", "k40"}


def test_the_list_of_pictures_shows_the_film_and_how_long_it_is(
    program: Program, editor: DocumentEditor, path: Path, qtbot: QtBot
) -> None:
    table = child(program.panels.filmstrip, QTableView)

    def thumbnail() -> QPixmap | None:
        pixmap = table.model().index(0, 0).data(Qt.ItemDataRole.DecorationRole)
        return pixmap if isinstance(pixmap, QPixmap) else None

    qtbot.waitUntil(lambda: thumbnail() is not None)
    found = thumbnail()
    assert found is not None
    image = found.toImage()
    # White letters on black in the corner, where the film is grey.
    corner = [
        image.pixelColor(image.width() - 4 - x, image.height() - 4 - y).lightness()
        for x in range(30)
        for y in range(14)
    ]
    assert min(corner) < 40 < 200 < max(corner)


def test_what_was_done_on_a_film_is_saved_and_recovered(
    program: Program, editor: DocumentEditor, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor.add([JUMP, Detection(id="box", label="car", box=Box(1, 1, 9, 9), time=TIMES[45])], "Add")
    editor.set_film_range(FilmRange(0.5, 2.0), "Range")
    project = tmp_path / "films.qwvis"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(project), ""))
    program.actions["file.save"].trigger()
    qtbot.waitUntil(lambda: project.exists() and not program.keeping.recorder.dirty)
    kept = dict(editor.document.annotations)
    program.workspace.close_all()
    program.input.open_paths([project])
    qtbot.waitUntil(lambda: program.workspace.editor is not None)
    again = editor_of(program)
    assert again is not editor
    assert dict(again.document.annotations) == kept
    assert again.document.film_range == FilmRange(0.5, 2.0)
    qtbot.waitUntil(lambda: program.canvas.picture is not None)
    assert program.panels.timeline.surface.film is not None
    assert program.panels.timeline.surface.film.end == 2.0


def test_a_folder_of_frames_plays_like_a_film(program: Program, tmp_path: Path, qtbot: QtBot) -> None:
    for number in range(6):
        Image.fromarray(drawn(number, FILM)).save(tmp_path / f"{number}.png")
    program.media.open_as_film(tmp_path, 10.0)
    films = program.film.films
    qtbot.waitUntil(lambda: films.film is not None and films.film.index is not None)
    qtbot.waitUntil(lambda: program.canvas.picture is not None)
    assert on_canvas(program) == 0
    program.actions["film.frame_on"].trigger()
    qtbot.waitUntil(lambda: on_canvas(program) == 1)
    assert film_of(program).time == pytest.approx(0.1)
    program.actions["film.play"].trigger()
    qtbot.waitUntil(lambda: on_canvas(program) == 5)
    program.actions["film.frame"].trigger()
    qtbot.waitUntil(lambda: program.workspace.current is not None and "0.00.00" in program.workspace.current.name)
    qtbot.waitUntil(lambda: program.canvas.picture is not None)
    assert on_canvas(program) == 5
