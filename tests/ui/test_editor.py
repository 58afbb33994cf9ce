from __future__ import annotations

import gc
import random
import weakref

import pytest
from pytestqt.qtbot import QtBot

from qwvis_desktop.core.annotation import Annotation, Detection
from qwvis_desktop.core.camera import ANGLE_CONVENTIONS, HALF_TURNS_XYZ, CameraIntrinsics
from qwvis_desktop.core.coordinates import Orientation
from qwvis_desktop.core.document import WHOLE_FILM, Document, FilmRange
from qwvis_desktop.core.geometry import Box, Size
from qwvis_desktop.core.media.image import ImageMedia
from qwvis_desktop.ui.edit_commands import Command
from qwvis_desktop.ui.editor import Change, DocumentEditor


def detection(key: str, left: float = 0.0) -> Detection:
    return Detection(id=key, label=key, box=Box(left, 0, left + 10, 10))


@pytest.fixture
def editor(qtbot: QtBot) -> DocumentEditor:
    size = Size(100, 100)
    media = ImageMedia(
        name="a.png",
        path=None,
        data=b"",
        size=size,
        stored=size,
        orientation=Orientation.NORMAL,
        mime="image/png",
    )
    return DocumentEditor(Document(media))


def keys(editor: DocumentEditor) -> list[str]:
    return list(editor.document.annotations)


def test_each_command_is_one_step_and_comes_back(editor: DocumentEditor) -> None:
    editor.add([detection("a"), detection("b")], "Add")
    editor.replace([detection("a", left=5)], "Move")
    editor.remove(["a"], "Delete")
    assert keys(editor) == ["b"]
    editor.undo_stack.undo()
    assert keys(editor) == ["a", "b"]
    assert editor.document.annotations["a"] == detection("a", left=5)
    editor.undo_stack.undo()
    assert editor.document.annotations["a"] == detection("a")
    editor.undo_stack.undo()
    assert keys(editor) == []
    for _ in range(3):
        editor.undo_stack.redo()
    assert keys(editor) == ["b"]


def test_a_streamed_reply_is_one_step(editor: DocumentEditor) -> None:
    editor.add([detection("manual")], "Draw")
    for name in "abc":
        editor.add([detection(name)], "Run", run="r1")
    editor.retract(["b"], "Run", run="r1")
    assert keys(editor) == ["manual", "a", "c"]
    assert editor.undo_stack.count() == 2
    editor.undo_stack.undo()
    assert keys(editor) == ["manual"]
    editor.undo_stack.redo()
    assert keys(editor) == ["manual", "a", "c"]


def test_two_runs_are_two_steps(editor: DocumentEditor) -> None:
    editor.add([detection("a")], "Run", run="r1")
    editor.add([detection("b")], "Run", run="r2")
    editor.undo_stack.undo()
    assert keys(editor) == ["a"]


def test_retracting_after_another_step_is_a_step_of_its_own(editor: DocumentEditor) -> None:
    editor.add([detection("a")], "Run", run="r1")
    editor.add([detection("manual")], "Draw")
    editor.retract(["a"], "Run", run="r1")
    assert keys(editor) == ["manual"]
    editor.undo_stack.undo()
    assert keys(editor) == ["a", "manual"]


def test_widgets_are_told(editor: DocumentEditor) -> None:
    changes: list[Change] = []
    editor.changed.connect(changes.append)
    editor.add([detection("a")], "Add")
    editor.replace([detection("a", left=1)], "Move")
    editor.remove(["a"], "Delete")
    assert changes == [Change(added=("a",)), Change(replaced=("a",)), Change(removed=("a",))]


def test_selection_and_hiding_follow_what_is_there(editor: DocumentEditor, qtbot: QtBot) -> None:
    editor.add([detection("a"), detection("b")], "Add")
    with qtbot.waitSignal(editor.selection_changed):
        editor.select(["a", "gone"])
    editor.hide(["a"])
    assert editor.selection == {"a"}
    with qtbot.assertNotEmitted(editor.selection_changed):
        editor.select(["a"])
    editor.remove(["a"], "Delete")
    assert editor.selection == frozenset()
    assert editor.hidden == frozenset()


def test_a_macro_is_one_step_even_when_it_breaks(editor: DocumentEditor) -> None:
    editor.add([detection("a")], "Add")

    def both() -> None:
        with editor.step("Both"):
            editor.replace([detection("a", left=3)], "Move")
            editor.remove(["missing"], "Delete")

    with pytest.raises(KeyError):
        both()
    editor.undo_stack.undo()
    assert editor.document.annotations["a"] == detection("a")


def test_adding_an_id_twice_is_refused(editor: DocumentEditor) -> None:
    editor.add([detection("a")], "Add")
    with pytest.raises(ValueError, match="there already"):
        editor.document.add([detection("a")])


@pytest.mark.parametrize("seed", range(40))
def test_undoing_everything_gives_the_start_and_redoing_the_end(editor: DocumentEditor, seed: int) -> None:
    rng = random.Random(seed)
    names = (f"n{number}" for number in range(1000))
    for _ in range(60):
        present = keys(editor)
        match rng.choice(["add", "stream", "remove", "replace", "undo", "redo"]):
            case "add":
                editor.add([detection(next(names)) for _ in range(rng.randint(1, 4))], "Add")
            case "stream":
                editor.add([detection(next(names))], "Run", run=rng.choice("xy"))
            case "remove" if present:
                editor.remove(rng.sample(present, rng.randint(1, len(present))), "Delete")
            case "replace" if present:
                editor.replace([detection(rng.choice(present), left=rng.random())], "Move")
            case "undo":
                editor.undo_stack.undo()
            case "redo":
                editor.undo_stack.redo()
    end: list[Annotation] = list(editor.document.annotations.values())
    steps = editor.undo_stack.index()
    for _ in range(steps):
        editor.undo_stack.undo()
    assert keys(editor) == []
    for _ in range(steps):
        editor.undo_stack.redo()
    assert list(editor.document.annotations.values()) == end


def camera(focal: float) -> CameraIntrinsics:
    return CameraIntrinsics(focal, focal, 50, 50)


def test_the_camera_changes_by_undo_steps(editor: DocumentEditor, qtbot: QtBot) -> None:
    start = editor.document.camera
    with qtbot.waitSignal(editor.camera_changed):
        editor.set_camera(camera(100), "by hand", "Camera")
    editor.set_camera(camera(200), "P2.txt", "Camera")
    with qtbot.assertNotEmitted(editor.camera_changed):
        editor.set_camera(camera(200), "P2.txt", "Camera")
    assert editor.undo_stack.count() == 2
    editor.undo_stack.undo()
    assert (editor.document.camera, editor.document.camera_source) == (camera(100), "by hand")
    with qtbot.waitSignal(editor.camera_changed):
        editor.undo_stack.undo()
    assert (editor.document.camera, editor.document.camera_source) == (start, "60 degrees per axis")
    editor.undo_stack.redo()
    assert editor.document.camera == camera(100)


def test_the_range_of_a_film_changes_by_undo_steps(editor: DocumentEditor, qtbot: QtBot) -> None:
    with qtbot.waitSignal(editor.film_range_changed):
        editor.set_film_range(FilmRange(2.0, None), "Range")
    with qtbot.assertNotEmitted(editor.film_range_changed):
        editor.set_film_range(FilmRange(2.0, None), "Range")
    editor.set_film_range(FilmRange(2.0, 5.0), "Range")
    assert editor.document.copy().film_range == FilmRange(2.0, 5.0)
    editor.undo_stack.undo()
    assert editor.document.film_range == FilmRange(2.0, None)
    editor.undo_stack.undo()
    assert editor.document.film_range == WHOLE_FILM


def test_a_drag_of_the_slider_is_one_step(editor: DocumentEditor) -> None:
    start = editor.document.camera
    for focal in (100, 110, 120):
        editor.set_camera(camera(focal), "by hand", "Field of view", drag="1")
    for focal in (130, 140):
        editor.set_camera(camera(focal), "by hand", "Field of view", drag="2")
    assert editor.undo_stack.count() == 2
    editor.undo_stack.undo()
    assert editor.document.camera == camera(120)
    editor.undo_stack.undo()
    assert editor.document.camera == start
    editor.undo_stack.redo()
    assert editor.document.camera == camera(120)
    editor.undo_stack.redo()
    assert editor.document.camera == camera(140)


def test_the_same_drag_after_another_step_is_a_step_of_its_own(editor: DocumentEditor) -> None:
    editor.set_camera(camera(100), "by hand", "Field of view", drag="1")
    editor.add([detection("a")], "Add")
    editor.set_camera(camera(110), "by hand", "Field of view", drag="1")
    editor.undo_stack.undo()
    assert (editor.document.camera, keys(editor)) == (camera(100), ["a"])


def test_the_convention_changes_by_undo_steps(editor: DocumentEditor, qtbot: QtBot) -> None:
    with qtbot.waitSignal(editor.camera_changed):
        editor.set_convention(ANGLE_CONVENTIONS["radians-xyz"], "Angles")
    editor.set_convention(ANGLE_CONVENTIONS["radians-xyz"], "Angles")
    assert editor.undo_stack.count() == 1
    editor.undo_stack.undo()
    assert editor.document.convention is HALF_TURNS_XYZ
    editor.undo_stack.redo()
    assert editor.document.convention == ANGLE_CONVENTIONS["radians-xyz"]


def test_an_editor_goes_without_the_garbage_collector(editor: DocumentEditor) -> None:
    """A cycle of editor, stack and commands would crash PySide6 as soon as it is collected."""
    short_lived = DocumentEditor(editor.document)
    for number in range(3):
        short_lived.add([detection(str(number))], "Add")
        short_lived.set_camera(camera(100 + number), "by hand", "Camera", drag="1")
    gone = weakref.ref(short_lived)
    gc.disable()
    try:
        del short_lived
        assert gone() is None
    finally:
        gc.enable()


def test_retracting_what_came_before_an_edit_is_a_step_of_its_own(editor: DocumentEditor) -> None:
    editor.add([detection("a")], "Run", run="r1")
    editor.add([detection("manual")], "Draw")
    editor.add([detection("b")], "Run", run="r1")
    editor.retract(["a"], "Run", run="r1")
    assert keys(editor) == ["manual", "b"]
    assert editor.undo_stack.count() == 4
    for _ in range(4):
        editor.undo_stack.undo()
    assert keys(editor) == []


def test_keys_in_a_row_are_one_step(editor: DocumentEditor) -> None:
    editor.add([detection("a"), detection("b")], "Add")
    told: list[int] = []
    editor.undo_stack.indexChanged.connect(told.append)
    for left in (1, 2, 3):
        editor.replace([detection("a", left=left)], "Move", burst="x")
    assert told == [2, 2, 2]
    editor.replace([detection("a", left=4)], "Move", burst="y")
    editor.replace([detection("b", left=5)], "Move", burst="y")
    assert editor.undo_stack.count() == 4
    editor.undo_stack.undo()
    editor.replace([detection("b", left=6)], "Move", burst="y")
    editor.undo_stack.setClean()
    editor.replace([detection("b", left=7)], "Move", burst="y")
    assert not editor.undo_stack.isClean()
    while editor.undo_stack.canUndo():
        editor.undo_stack.undo()
    assert keys(editor) == []
    while editor.undo_stack.canRedo():
        editor.undo_stack.redo()
    assert editor.document.annotations["a"] == detection("a", left=4)
    assert editor.document.annotations["b"] == detection("b", left=7)


def test_another_order_is_one_step(editor: DocumentEditor, qtbot: QtBot) -> None:
    editor.add([detection("a"), detection("b"), detection("c")], "Add")
    with qtbot.waitSignal(editor.changed) as changed:
        editor.reorder(["c", "a", "b"], "Order")
    assert changed.args == [Change(reordered=True)]
    assert keys(editor) == ["c", "a", "b"]
    editor.reorder(["c", "a", "b"], "Order")
    assert editor.undo_stack.count() == 2
    editor.undo_stack.undo()
    assert keys(editor) == ["a", "b", "c"]
    editor.undo_stack.redo()
    assert keys(editor) == ["c", "a", "b"]


def test_a_redo_selects_what_it_brings_back(editor: DocumentEditor) -> None:
    editor.add([detection("other")], "Draw")
    editor.add([detection("a"), detection("b")], "Paste")
    editor.select(["other"])
    editor.undo_stack.undo()
    editor.redo()
    assert editor.selection == {"a", "b"}
    editor.replace([detection("other", left=5)], "Move")
    editor.undo_stack.undo()
    editor.redo()
    assert editor.selection == {"a", "b"}


def test_an_undo_selects_what_it_brings_back(editor: DocumentEditor) -> None:
    editor.add([detection("a"), detection("b"), detection("c")], "Paste")
    editor.select(["a", "b"])
    editor.remove(["a", "b"], "Delete")
    assert editor.selection == frozenset()
    editor.undo()
    assert editor.selection == {"a", "b"}
    editor.undo()
    assert editor.selection == frozenset()


def test_steps_hold_no_more_than_is_allowed_and_undo_passes_over_the_oldest(
    editor: DocumentEditor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qwvis_desktop.ui.editor.MOST_HELD", 60_000)
    editor.add([detection(str(number)) for number in range(10)], "Add")
    first = editor.undo_stack.command(0)
    for left in range(1, 31):
        with editor.step("Move all"):
            editor.replace([detection(str(number), left=left) for number in range(10)], "Move")
    assert isinstance(first, Command)
    assert (first.held, first.text()) == (0, "Given up")
    assert 30_000 <= editor._held <= 60_000
    assert editor.given_up > 10
    seen = []
    while editor.undo_stack.canUndo():
        editor.undo_stack.undo()
        seen.append(editor.document.annotations["0"].box.left)  # type: ignore[union-attr]  # a detection
    assert len(keys(editor)) == 10
    moved = [left for place, left in enumerate(seen) if place == 0 or left != seen[place - 1]]
    assert moved == sorted(moved, reverse=True)
    assert 5 <= len(moved) <= 10
    while editor.undo_stack.canRedo():
        editor.redo()
    assert editor.document.annotations["0"] == detection("0", left=30)
