"""Events made, cut, merged, named and stretched by keys alone, each change one step to undo."""

from __future__ import annotations

import pytest
from program_window import detections
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QInputDialog, QWidget
from pytestqt.qtbot import QtBot
from widgets import child

from qwvis_desktop.app import Program
from qwvis_desktop.core.annotation import Detection, VideoEvent
from qwvis_desktop.core.document import WHOLE_FILM, FilmRange
from qwvis_desktop.core.geometry import Box
from qwvis_desktop.ui.canvas.editing.label_entry import LabelEntry
from qwvis_desktop.ui.editor import DocumentEditor

SHIFT, NONE = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.NoModifier
JUMP = VideoEvent(id="jump", label="jump", start=0.5, end=1.0)
LAND = VideoEvent(id="land", label="land", start=2.0, end=2.2)


def frame(number: int) -> float:
    return number / 30


def go_to(program: Program, qtbot: QtBot, number: int) -> None:
    films = program.film.films
    films.go_to(frame(number))
    qtbot.waitUntil(lambda: films.film is not None and films.film.moment.time == pytest.approx(frame(number)))


def key(program: Program, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
    QTest.keyClick(program.canvas, key, modifiers)


def events(editor: DocumentEditor) -> list[tuple[str, float, float]]:
    found = [each for each in editor.document.annotations.values() if isinstance(each, VideoEvent)]
    return [(each.label, round(each.start, 4), round(each.end, 4)) for each in found]


def give_label(program: Program, label: str) -> None:
    entry = child(program.canvas, LabelEntry)
    assert entry.isVisible()
    QTest.keyClicks(entry, label)
    QTest.keyClick(entry, Qt.Key.Key_Return)


def test_an_event_by_keys_alone(program: Program, editor: DocumentEditor, qtbot: QtBot) -> None:
    go_to(program, qtbot, 15)
    key(program, Qt.Key.Key_I)
    go_to(program, qtbot, 29)
    key(program, Qt.Key.Key_O)
    assert editor.document.film_range == pytest.approx((0.5, 1.0))
    surface = program.panels.timeline.surface
    assert surface.film is not None
    assert surface.film.end == pytest.approx(1.0)
    surface.setFocus()
    QTest.keyClick(surface, Qt.Key.Key_Return)
    give_label(program, "jump")
    assert events(editor) == [("jump", 0.5, 1.0)]
    assert len(editor.selection) == 1
    assert "jump" in program.editing.edits.labels
    program.actions["film.whole"].trigger()
    assert editor.document.film_range == WHOLE_FILM
    assert [editor.undo_stack.text(step) for step in range(editor.undo_stack.count())] == [
        "Set the range",
        "Set the range",
        "Add an event",
        "Set the range",
    ]


def test_an_event_without_a_range_begins_here(program: Program, editor: DocumentEditor, qtbot: QtBot) -> None:
    go_to(program, qtbot, 75)
    key(program, Qt.Key.Key_E)
    give_label(program, "late")
    assert events(editor) == [("late", 2.5, 3.0)]


def test_a_label_that_is_refused_makes_nothing(program: Program, editor: DocumentEditor) -> None:
    key(program, Qt.Key.Key_E)
    QTest.keyClick(child(program.canvas, LabelEntry), Qt.Key.Key_Escape)
    assert events(editor) == []


def test_ends_are_moved_here(program: Program, editor: DocumentEditor, qtbot: QtBot) -> None:
    editor.add([JUMP], "Add")
    editor.select(["jump"])
    go_to(program, qtbot, 18)
    key(program, Qt.Key.Key_I, SHIFT)
    go_to(program, qtbot, 44)
    key(program, Qt.Key.Key_O, SHIFT)
    assert events(editor) == [("jump", 0.6, 1.5)]
    editor.undo_stack.undo()
    editor.undo_stack.undo()
    assert events(editor) == [("jump", 0.5, 1.0)]
    editor.select([])
    key(program, Qt.Key.Key_I, SHIFT)
    assert "Select one event" in program.canvas.notice


def test_cutting_and_merging(program: Program, editor: DocumentEditor, qtbot: QtBot) -> None:
    editor.add([JUMP, LAND], "Add")
    go_to(program, qtbot, 24)
    key(program, Qt.Key.Key_S)
    assert events(editor) == [("jump", 0.5, 0.8), ("land", 2.0, 2.2), ("jump", 0.8, 1.0)]
    assert editor.undo_stack.count() == 2
    editor.select([each for each, found in editor.document.annotations.items() if found.label == "jump"])
    key(program, Qt.Key.Key_M)
    assert events(editor) == [("jump", 0.5, 1.0), ("land", 2.0, 2.2)]
    assert editor.selection == {"jump"}
    editor.undo_stack.undo()
    editor.undo_stack.undo()
    assert events(editor) == [("jump", 0.5, 1.0), ("land", 2.0, 2.2)]
    go_to(program, qtbot, 45)
    key(program, Qt.Key.Key_S)
    assert "No event goes on here" in program.canvas.notice
    editor.select(["land"])
    key(program, Qt.Key.Key_M)
    assert "two events" in program.canvas.notice


def test_a_label_goes_to_what_was_asked_about_last_and_the_keyboard_back_to_where_it_was(
    program: Program, editor: DocumentEditor, qtbot: QtBot
) -> None:
    editor.add([JUMP], "Add")
    editor.select(["jump"])
    surface = program.panels.timeline.surface
    surface.setFocus()
    qtbot.waitUntil(surface.hasFocus)
    QTest.keyClick(surface, Qt.Key.Key_Return)
    assert child(program.canvas, LabelEntry).isVisible()
    # Another question takes the place of the first one, which is not answered.
    program.actions["edit.relabel"].trigger()
    child(program.canvas, LabelEntry).selectAll()
    give_label(program, "leap")
    assert events(editor) == [("leap", 0.5, 1.0)]
    assert surface.hasFocus()
    QTest.keyClick(surface, Qt.Key.Key_Return)
    give_label(program, "new")
    assert [label for label, *_ in events(editor)] == ["leap", "new"]
    assert surface.hasFocus()


def test_naming_and_deleting(program: Program, editor: DocumentEditor, qtbot: QtBot) -> None:
    editor.add([JUMP], "Add")
    editor.select(["jump"])
    key(program, Qt.Key.Key_F2)
    child(program.canvas, LabelEntry).selectAll()
    give_label(program, "leap")
    assert events(editor) == [("leap", 0.5, 1.0)]
    key(program, Qt.Key.Key_Delete)
    assert events(editor) == []
    editor.undo_stack.undo()
    assert events(editor) == [("leap", 0.5, 1.0)]


def test_times_are_stretched(
    program: Program, editor: DocumentEditor, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    program.actions["film.scale"].trigger()
    qtbot.waitUntil(lambda: "no events" in program.canvas.notice)
    editor.add([JUMP, Detection(id="box", label="car", box=Box(1, 1, 9, 9), time=1.5)], "Add")
    asked: list[object] = []

    def answer(_parent: QWidget, title: str, words: str, value: float, *_rest: object) -> tuple[float, bool]:
        asked[:] = [title, words, value]
        return value, True

    monkeypatch.setattr(QInputDialog, "getDouble", answer)
    program.actions["film.scale"].trigger()
    qtbot.waitUntil(lambda: editor.undo_stack.undoText() == "Scale times")
    assert asked[0] == "Scale Times"
    assert asked[2] == pytest.approx(2.0, abs=0.02)
    assert events(editor)[0][1] == pytest.approx(1.0, abs=0.02)
    assert detections(program)[0].time == pytest.approx(3.0, abs=0.05)
    editor.undo_stack.undo()
    assert events(editor) == [("jump", 0.5, 1.0)]


def test_the_range_is_pulled_on_the_timeline(program: Program, editor: DocumentEditor) -> None:
    surface = program.panels.timeline.surface
    editor.set_film_range(FilmRange(0.5, 2.0), "Range")
    surface.range_moved.emit("start", 1.0, False)
    assert surface.film is not None
    assert surface.film.start == 1.0
    assert editor.document.film_range.start == 0.5
    surface.range_moved.emit("start", 2.5, True)
    assert editor.document.film_range.start == pytest.approx(2.0 - 1 / 30)
    surface.range_moved.emit("end", 0.1, True)
    assert editor.document.film_range.end == pytest.approx(2.0)


def test_without_a_film_nothing_happens(program: Program, qapp: QApplication) -> None:
    for act in program.film.does().values():
        act()
    assert program.canvas.notice == ""


def test_what_undo_brings_back_in_its_place_is_seen(program: Program, editor: DocumentEditor, qtbot: QtBot) -> None:
    editor.add([JUMP, LAND], "Add")
    go_to(program, qtbot, 21)
    film = program.film.films.film
    assert film is not None
    assert [each.label for each in film.moment.events] == ["jump"]
    editor.select([JUMP.id, LAND.id])
    program.actions["film.merge"].trigger()
    assert [each.label for each in film.moment.events] == ["jump; land"]
    program.actions["edit.undo"].trigger()
    go_to(program, qtbot, 21)
    assert [each.label for each in film.moment.events] == ["jump"]
    go_to(program, qtbot, 62)
    assert [each.label for each in film.moment.events] == ["land"]
