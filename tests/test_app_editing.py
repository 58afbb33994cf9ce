"""Drawing, correcting, labelling, copying and undoing through the real window, by mouse and by keyboard alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from loopback.answers import gated, streamed
from loopback.service import LoopbackService
from PIL import Image
from program_window import (
    BOXES,
    PLACES,
    ask_loopback,
    boxes,
    detections,
    drop,
    dropped_files,
    editor_of,
    open_photo,
    run_to_the_end,
    running,
)
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QInputDialog, QLineEdit, QTreeWidgetItem, QUndoView, QWidget
from pytestqt.qtbot import QtBot
from widgets import child

from qwvis_desktop.app import Program
from qwvis_desktop.core.annotation import Annotation, Detection, Keypoint, TextRegion
from qwvis_desktop.core.clip import MIME
from qwvis_desktop.core.comparison import reread
from qwvis_desktop.core.coordinates import CoordinateSpace
from qwvis_desktop.core.geometry import Box, Point
from qwvis_desktop.core.plane.forms import Form, form_of
from qwvis_desktop.ui.action_table.keys import with_key
from qwvis_desktop.ui.canvas.editing.label_entry import LabelEntry
from qwvis_desktop.ui.editor import DocumentEditor
from qwvis_desktop.ui.panels.dialogs.command_palette import CommandPalette
from qwvis_desktop.ui.panels.dialogs.shortcut_dialog import ShortcutDialog
from qwvis_desktop.ui.panels.dialogs.small_dialogs import ShortcutsDialog
from qwvis_desktop.ui.panels.number_field import NumberField

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
NONE = Qt.KeyboardModifier.NoModifier
CAT = Detection(id="cat", label="cat", box=Box(100, 100, 200, 180))
DOG = Detection(id="dog", label="dog", box=Box(300, 110, 380, 200))
OWL = Detection(id="owl", label="owl", box=Box(120, 400, 220, 480))


def key(program: Program, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
    """Press a key where the keyboard is."""
    focus = QApplication.focusWidget()
    QTest.keyClick(focus if focus is not None else program.window, key, modifiers)


def write(words: str) -> None:
    """Write where the keyboard is."""
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClicks(focus, words)


def at(program: Program, x: float, y: float) -> QPoint:
    place = program.canvas.viewport.to_widget(Point(x, y))
    return QPoint(round(place.x), round(place.y))


def drag(program: Program, start: tuple[float, float], end: tuple[float, float]) -> None:
    first, last = at(program, *start), at(program, *end)
    QTest.mousePress(program.canvas, Qt.MouseButton.LeftButton, NONE, first)
    QTest.mouseMove(program.canvas, (first + last) / 2)
    QTest.mouseMove(program.canvas, last)
    QTest.mouseRelease(program.canvas, Qt.MouseButton.LeftButton, NONE, last)


def give_label(program: Program, label: str) -> None:
    """Enter a label where it is asked for."""
    entry = child(program.canvas, LabelEntry)
    assert entry.isVisible()
    QTest.keyClicks(entry, label)
    QTest.keyClick(entry, Qt.Key.Key_Return)


@pytest.fixture
def editor(program: Program, qtbot: QtBot, photo: Path) -> DocumentEditor:
    editor = open_photo(program, qtbot, photo)
    qtbot.waitUntil(lambda: program.canvas.picture is not None)
    program.window.activateWindow()
    program.canvas.setFocus()
    qtbot.waitUntil(program.canvas.hasFocus)
    return editor


def only(editor: DocumentEditor) -> Annotation:
    (found,) = editor.document.annotations.values()
    return found


def close_to(box: Box, *sides: float) -> bool:
    return all(abs(one - other) <= 2 for one, other in zip(box, sides, strict=True))


def test_drawing_correcting_undoing_exporting_by_mouse(
    program: Program, qtbot: QtBot, editor: DocumentEditor, tmp_path: Path
) -> None:
    program.actions["edit.draw_box"].trigger()
    drag(program, (100, 100), (300, 250))
    give_label(program, "cat")
    drawn = only(editor)
    assert isinstance(drawn, Detection)
    assert drawn.label == "cat"
    assert close_to(drawn.box, 100, 100, 300, 250)
    assert editor.selection == {drawn.id}
    assert drawn.provenance is None
    drag(program, (200, 170), (260, 200))
    assert close_to(boxes(program)[0], 160, 130, 360, 280)
    drag(program, (boxes(program)[0].right, boxes(program)[0].bottom), (400, 300))
    assert close_to(boxes(program)[0], 160, 130, 400, 300)
    kept = boxes(program)[0]
    program.actions["edit.undo"].trigger()
    assert close_to(boxes(program)[0], 160, 130, 360, 280)
    program.actions["edit.redo"].trigger()
    assert boxes(program) == [kept]
    target = tmp_path / "out.json"
    with qtbot.waitSignal(program.exports.saved):
        program.exports.export(editor, "coco", target)
    (written,) = json.loads(target.read_text("utf-8"))["annotations"]
    assert written["bbox"] == pytest.approx([kept.left, kept.top, kept.width, kept.height], abs=0.01)
    for _ in range(editor.undo_stack.count()):
        program.actions["edit.undo"].trigger()
    assert boxes(program) == []


def test_the_same_by_keyboard_alone(program: Program, editor: DocumentEditor) -> None:
    key(program, Qt.Key.Key_R)
    key(program, Qt.Key.Key_Return)
    for _ in range(3):
        key(program, Qt.Key.Key_Left, SHIFT)
    key(program, Qt.Key.Key_Down, CONTROL)
    key(program, Qt.Key.Key_Return)
    assert isinstance(QApplication.focusWidget(), LabelEntry)
    write("sofa")
    key(program, Qt.Key.Key_Return)
    assert program.canvas.hasFocus()
    drawn = only(editor)
    assert isinstance(drawn, Detection)
    assert drawn.label == "sofa"
    assert drawn.box.center.x == pytest.approx(400 - 30, abs=1)
    before = drawn.box
    key(program, Qt.Key.Key_Right)
    key(program, Qt.Key.Key_Right, SHIFT)
    assert boxes(program)[0] == before.translated(11, 0)
    key(program, Qt.Key.Key_F2)
    write("armchair")
    key(program, Qt.Key.Key_Return)
    assert detections(program)[0].label == "armchair"
    key(program, Qt.Key.Key_D, CONTROL)
    assert len(boxes(program)) == 2
    key(program, Qt.Key.Key_Delete)
    assert len(boxes(program)) == 1
    for _ in range(3):
        key(program, Qt.Key.Key_Z, CONTROL)
    assert boxes(program) == [before.translated(11, 0)]
    assert detections(program)[0].label == "sofa"
    key(program, Qt.Key.Key_Z, CONTROL)
    assert boxes(program) == [before]
    key(program, Qt.Key.Key_Z, CONTROL)
    assert boxes(program) == []


def test_a_refused_label_draws_nothing(program: Program, editor: DocumentEditor) -> None:
    program.actions["edit.draw_box"].trigger()
    drag(program, (100, 100), (300, 250))
    key(program, Qt.Key.Key_Escape)
    assert len(editor.document.annotations) == 0
    assert editor.undo_stack.count() == 0
    assert program.canvas.hasFocus()


def test_a_point_and_a_text_by_keys(program: Program, editor: DocumentEditor) -> None:
    for letter, words in ((Qt.Key.Key_P, "nose"), (Qt.Key.Key_T, "EXIT")):
        key(program, letter)
        key(program, Qt.Key.Key_Return)
        key(program, Qt.Key.Key_Return)
        give_label(program, words)
    point, text = editor.document.annotations.values()
    assert isinstance(point, Keypoint)
    assert point.label == "nose"
    assert isinstance(text, TextRegion)
    assert text.text == "EXIT"


def test_the_last_label_can_be_kept_and_labels_have_digits(
    program: Program, qtbot: QtBot, editor: DocumentEditor
) -> None:
    for label in ("bird", "fish"):
        key(program, Qt.Key.Key_R)
        key(program, Qt.Key.Key_Return)
        key(program, Qt.Key.Key_Return)
        give_label(program, label)
    program.actions["edit.keep_label"].trigger()
    key(program, Qt.Key.Key_R)
    key(program, Qt.Key.Key_Return)
    key(program, Qt.Key.Key_Return)
    assert [each.label for each in detections(program)] == ["bird", "fish", "fish"]
    assert program.services.settings.labels == ("bird", "fish")
    assert program.services.settings.keep_label
    key(program, Qt.Key.Key_A, CONTROL)
    qtbot.waitUntil(lambda: program.actions["edit.label_2"].isEnabled())
    key(program, Qt.Key.Key_1)
    assert [each.label for each in detections(program)] == ["bird"] * 3
    assert program.actions["edit.label_2"].text() == "fish"
    steps = editor.undo_stack.count()
    key(program, Qt.Key.Key_1)
    assert editor.undo_stack.count() == steps


def test_tab_goes_through_in_reading_order(program: Program, editor: DocumentEditor) -> None:
    editor.add([OWL, DOG, CAT], "Add")
    seen: list[str] = []
    for _ in range(3):
        key(program, Qt.Key.Key_Tab)
        seen += editor.selection
    assert seen == ["cat", "dog", "owl"]
    assert "owl" in program.canvas.accessibleDescription()
    key(program, Qt.Key.Key_Backtab, SHIFT)
    assert editor.selection == {"dog"}
    key(program, Qt.Key.Key_Tab)
    key(program, Qt.Key.Key_Tab)
    assert not program.canvas.hasFocus()


def test_annotations_are_copied_to_another_picture_and_other_things_are_pasted_as_before(
    program: Program, qtbot: QtBot, editor: DocumentEditor, tmp_path: Path
) -> None:
    far = Detection(id="far", label="far", box=Box(600, 500, 700, 560))
    editor.add([CAT, DOG, far], "Add")
    key(program, Qt.Key.Key_A, CONTROL)
    key(program, Qt.Key.Key_C, CONTROL)
    mime = QGuiApplication.clipboard().mimeData()
    assert mime.hasFormat(MIME)
    assert json.loads(mime.text())["annotations"][0]["label"] == "cat"
    other = tmp_path / "z-other.png"
    Image.new("RGB", (340, 300), "navy").save(other)
    second = open_photo(program, qtbot, other)
    key(program, Qt.Key.Key_V, CONTROL)
    assert boxes(program) == [CAT.box, Box(300, 110, 340, 200)]
    assert "1 object lie" in program.canvas.notice or "1 object" in program.canvas.notice
    assert not set(second.document.annotations) & {"cat", "dog"}
    # Once more on the same place would not be seen, so it is put aside.
    key(program, Qt.Key.Key_V, CONTROL)
    assert boxes(program)[2] != boxes(program)[0]
    second.undo_stack.undo()
    second.undo_stack.undo()
    assert boxes(program) == []
    QGuiApplication.clipboard().setText("".join(BOXES))
    key(program, Qt.Key.Key_V, CONTROL)
    qtbot.waitUntil(lambda: len(boxes(program)) == 2)


def test_damaged_annotations_are_not_pasted(program: Program, editor: DocumentEditor) -> None:
    QGuiApplication.clipboard().setText('{"qwvis_annotations": 1, "annotations": 7}')
    key(program, Qt.Key.Key_V, CONTROL)
    assert "damaged" in program.canvas.notice
    assert len(editor.document.annotations) == 0


def test_forms_are_converted(program: Program, editor: DocumentEditor) -> None:
    editor.add([CAT, DOG], "Add")
    editor.select(["cat"])
    for form in (Form.ROTATED, Form.POLYGON, Form.TEXT, Form.BLOCK, Form.POINT, Form.BOX):
        program.actions[f"edit.convert_{form}"].trigger()
        assert form_of(editor.document.annotations["cat"]) is form
        assert list(editor.document.annotations) == ["cat", "dog"]
    for _ in range(6):
        program.actions["edit.undo"].trigger()
    assert editor.document.annotations["cat"] == CAT


def test_duplicates_are_merged_from_an_iou_that_is_asked(
    program: Program, qtbot: QtBot, editor: DocumentEditor, monkeypatch: pytest.MonkeyPatch
) -> None:
    again = Detection(id="again", label="cat", box=Box(102, 100, 200, 180))
    editor.add([CAT, again, DOG], "Add")
    monkeypatch.setattr(QInputDialog, "getDouble", lambda *_: (0.99, True))
    program.actions["edit.merge"].trigger()
    qtbot.waitUntil(lambda: "no duplicates" in program.canvas.notice)
    monkeypatch.setattr(QInputDialog, "getDouble", lambda *_: (0.9, True))
    program.actions["edit.merge"].trigger()
    qtbot.waitUntil(lambda: len(boxes(program)) == 2)
    assert "1 object" in program.canvas.notice
    program.actions["edit.undo"].trigger()
    assert len(boxes(program)) == 3
    monkeypatch.setattr(QInputDialog, "getDouble", lambda *_: (0.1, False))
    program.actions["edit.merge"].trigger()
    assert len(boxes(program)) == 3


def test_what_the_filter_hides_is_met_by_no_key(program: Program, qtbot: QtBot, editor: DocumentEditor) -> None:
    again = replace(CAT, id="cat2", label="owl")
    editor.add([CAT, DOG, OWL, again], "Add")
    child(program.panels.annotations, QLineEdit, "Filter annotations").setText("owl")
    program.actions["edit.select_all"].trigger()
    assert editor.selection == {"owl", "cat2"}
    editor.select([])
    program.canvas.setFocus()
    for chosen in ("cat2", "owl"):
        key(program, Qt.Key.Key_Tab)
        assert editor.selection == {chosen}
    program.editing.edits.select_labelled(["cat"])
    assert editor.selection == frozenset()
    # One that is selected and called otherwise is seen no more, and has no handles.
    editor.select(["owl"])
    editor.replace([replace(OWL, label="hawk")], "Relabel")
    assert program.canvas.chosen() == ()
    with qtbot.waitSignal(program.editing.edits.said):
        program.editing.edits.merge(0.9)
    assert len(editor.document.annotations) == 4


def test_f6_goes_from_the_picture_through_the_panels_in_sight_and_back(
    program: Program, qtbot: QtBot, editor: DocumentEditor
) -> None:
    editor.add([CAT], "Add")
    program.window.activateWindow()
    program.canvas.setFocus()
    qtbot.waitUntil(program.canvas.hasFocus)

    names = [name for name in ("prompt", "pictures", "annotations", "evidence", "reply") if seen(program, name)]
    met = []
    for _ in (*names, "the picture"):
        key(program, Qt.Key.Key_F6)
        focus = program.window.focusWidget()
        inside = [name for name in names if program.window.docks[name].isAncestorOf(focus)]
        met.append(inside[0] if inside else focus.accessibleName())
    assert met == [*names, "Picture"]
    key(program, Qt.Key.Key_F6, SHIFT)
    assert program.window.docks[names[-1]].isAncestorOf(program.window.focusWidget())


def test_f6_passes_a_panel_that_floats_as_others(program: Program, qtbot: QtBot, editor: DocumentEditor) -> None:
    editor.add([CAT], "Add")
    dock = program.window.docks["annotations"]
    dock.setFloating(True)
    program.window.activateWindow()
    program.canvas.setFocus()
    qtbot.waitUntil(program.canvas.hasFocus)
    met = 0
    for _ in range(20):
        focus = QApplication.focusWidget()
        assert focus is not None
        QTest.keyClick(focus, Qt.Key.Key_F6)
        qtbot.waitUntil(lambda former=focus: QApplication.focusWidget() not in (None, former))  # type: ignore[misc]  # mypy guesses no default's type
        focus = QApplication.focusWidget()
        met += focus is not None and dock.isAncestorOf(focus)
        if program.canvas.hasFocus():
            break
    assert (met, program.canvas.hasFocus()) == (1, True)


def seen(program: Program, name: str) -> bool:
    return not program.window.docks[name].visibleRegion().isEmpty()


def test_select_same_label(program: Program, editor: DocumentEditor) -> None:
    again = Detection(id="again", label="cat", box=Box(300, 300, 380, 380))
    editor.add([CAT, again, DOG], "Add")
    editor.select(["cat"])
    program.actions["edit.select_same"].trigger()
    assert editor.selection == {"cat", "again"}


def test_switching_pictures_gives_up_what_was_begun(
    program: Program, qtbot: QtBot, editor: DocumentEditor, tmp_path: Path
) -> None:
    other = tmp_path / "z-other.png"
    Image.new("RGB", (340, 300), "navy").save(other)
    program.actions["edit.draw_box"].trigger()
    drag(program, (100, 100), (300, 250))
    entry = child(program.canvas, LabelEntry)
    assert entry.isVisible()
    drop(program, dropped_files(other))
    qtbot.waitUntil(lambda: program.workspace.editor not in (None, editor))
    assert not entry.isVisible()
    assert boxes(program) == []
    assert len(editor.document.annotations) == 0


def test_escape_belongs_to_what_is_begun_and_stops_the_run_only_then(
    program: Program, qtbot: QtBot, loopback: LoopbackService, editor: DocumentEditor
) -> None:
    loopback.answer, gates = gated(BOXES)
    ask_loopback(program, loopback)
    program.actions["run.start"].trigger()
    gates[0].open()
    qtbot.waitUntil(lambda: len(boxes(program)) == 1)
    program.canvas.setFocus()
    key(program, Qt.Key.Key_R)
    key(program, Qt.Key.Key_Escape)
    assert not program.canvas.is_drawing
    key(program, Qt.Key.Key_R)
    key(program, Qt.Key.Key_Return)
    key(program, Qt.Key.Key_Return)
    key(program, Qt.Key.Key_Escape)
    assert not child(program.canvas, LabelEntry).isVisible()
    assert program.panels.run_bar.state.phase == "receiving"
    key(program, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: program.panels.run_bar.state.phase == "stopped")
    for gate in gates:
        gate.open()


def test_a_drag_while_a_reply_streams_ends_where_the_hand_lets_go(
    program: Program, qtbot: QtBot, loopback: LoopbackService, editor: DocumentEditor
) -> None:
    loopback.answer = streamed("".join(BOXES))
    ask_loopback(program, loopback)
    run_to_the_end(program, qtbot)
    assert boxes(program) == PLACES
    sofa = detections(program)[1]
    editor_of(program).select([sofa.id])
    drag(program, (560, 420), (500, 400))
    assert boxes(program)[0] == PLACES[0]
    assert close_to(boxes(program)[1], 340, 280, 660, 520)
    assert isinstance(program.canvas, QWidget)


# Review


def reviewed(program: Program, qtbot: QtBot, loopback: LoopbackService) -> None:
    """Run a model that gives a cat and a sofa."""
    loopback.answer = streamed("".join(BOXES))
    ask_loopback(program, loopback)
    run_to_the_end(program, qtbot)
    program.canvas.setFocus()


def figures(program: Program) -> dict[str, str]:
    program.editing.reviews.count()
    return program.panels.review.figures


def test_the_review_by_keys_counts_what_became_of_the_models_boxes(
    program: Program, qtbot: QtBot, loopback: LoopbackService, editor: DocumentEditor
) -> None:
    assert "Once a model" in program.panels.review.sentence
    reviewed(program, qtbot, loopback)
    assert figures(program)["Accepted"] == "0"
    assert program.panels.review.sentence == "0 of 2 looked at"
    key(program, Qt.Key.Key_N)
    cat, sofa = detections(program)
    assert editor.selection == {cat.id}
    key(program, Qt.Key.Key_A)
    assert editor.selection == {sofa.id}
    assert detections(program)[0].accepted
    assert figures(program)["Accepted"] == "1"
    key(program, Qt.Key.Key_Right, SHIFT)
    found = figures(program)
    assert program.panels.review.sentence == "All 2 looked at"
    assert found["Moved"].startswith("1 (mean IoU 0.9")
    program.actions["edit.undo"].trigger()
    program.actions["edit.undo"].trigger()
    assert figures(program) == {"Accepted": "0", "Moved": "0", "Relabelled": "0", "Deleted": "0", "Added": "0"}
    editor.select([sofa.id])
    key(program, Qt.Key.Key_X)
    assert figures(program)["Deleted"] == "1"
    assert editor.selection == {cat.id}
    key(program, Qt.Key.Key_D, CONTROL)
    assert figures(program)["Added"] == "1"
    program.actions["edit.undo"].trigger()
    program.actions["edit.undo"].trigger()
    assert boxes(program) == PLACES
    assert figures(program)["Deleted"] == "0"
    assert program.panels.review.sentence == "0 of 2 looked at"


def test_accepted_boxes_stay_where_they_are_when_the_reply_is_read_otherwise(
    program: Program, qtbot: QtBot, loopback: LoopbackService, editor: DocumentEditor
) -> None:
    reviewed(program, qtbot, loopback)
    cat = detections(program)[0]
    editor.select([cat.id])
    key(program, Qt.Key.Key_A)
    (run,) = editor.document.runs.values()
    found = reread(editor.document, run, CoordinateSpace.ORIGINAL_PIXELS)
    assert cat.id in found.kept
    assert cat.id not in {each.id for each in found.replaced}


def test_the_steps_can_be_gone_back_to(program: Program, editor: DocumentEditor) -> None:
    editor.add([CAT], "Draw")
    editor.add([DOG], "Draw")
    view = child(program.panels.steps, QUndoView)
    assert view.model().rowCount() == 3
    view.setCurrentIndex(view.model().index(1, 0))
    assert boxes(program) == [CAT.box]
    view.setCurrentIndex(view.model().index(2, 0))
    assert boxes(program) == [CAT.box, DOG.box]


def test_the_numbers_of_what_is_selected_are_changed(program: Program, editor: DocumentEditor) -> None:
    editor.add([CAT], "Draw")
    editor.select(["cat"])
    child(program.panels.object, NumberField, "Left").setValue(90)
    assert boxes(program) == [Box(90, 100, 200, 180)]


# Commands and keys


def palette(program: Program, qtbot: QtBot, words: str) -> CommandPalette:
    """Open the palette and write into it."""
    program.window.activateWindow()
    program.canvas.setFocus()
    qtbot.waitUntil(program.canvas.hasFocus)
    QTest.keyClick(program.canvas, Qt.Key.Key_P, CONTROL | SHIFT)
    opened = program.window.findChildren(CommandPalette)[-1]
    QTest.keyClicks(child(opened, QLineEdit), words)
    return opened


def choose(found: CommandPalette) -> None:
    QTest.keyClick(child(found, QLineEdit), Qt.Key.Key_Return)


def test_the_palette_finds_actions_labels_and_pictures(
    program: Program, qtbot: QtBot, editor: DocumentEditor, tmp_path: Path
) -> None:
    editor.add([CAT, DOG, OWL], "Add")
    found = palette(program, qtbot, "selall")
    assert found.found[0] == "Select All"
    choose(found)
    assert len(editor.selection) == 3
    choose(palette(program, qtbot, "owl"))
    assert editor.selection == {"owl"}
    other = tmp_path / "z-other.png"
    Image.new("RGB", (340, 300), "navy").save(other)
    open_photo(program, qtbot, other)
    choose(palette(program, qtbot, "photo.png"))
    assert program.workspace.editor is editor
    choose(palette(program, qtbot, "shapes samples"))
    qtbot.waitUntil(lambda: program.workspace.current is not None and program.workspace.current.name == "shapes.png")
    # What cannot be done now is not offered.
    assert "Redo" not in palette(program, qtbot, "redo").found


def listed_in(item: QTreeWidgetItem) -> Iterator[tuple[str, str]]:
    """Give the words of all lines below ``item``."""
    for place in range(item.childCount()):
        below = item.child(place)
        assert below is not None
        yield below.text(0), below.text(1)
        yield from listed_in(below)


def test_keys_are_changed_kept_and_shown(
    program: Program, editor: DocumentEditor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def change(dialog: ShortcutDialog) -> int:
        dialog.changed = with_key("edit.duplicate", ("A",), dialog.changed)
        return 1

    monkeypatch.setattr(ShortcutDialog, "exec", change)
    program.actions["help.change_shortcuts"].trigger()
    editor.add([CAT], "Add")
    editor.select(["cat"])
    key(program, Qt.Key.Key_A)
    assert len(boxes(program)) == 2
    assert program.services.settings.shortcuts == {"edit.duplicate": ("A",), "review.accept": ()}
    assert "(A)" in program.actions["edit.duplicate"].toolTip()
    sheet = ShortcutsDialog(program.actions.shortcuts)
    listed = dict(listed_in(sheet.tree.invisibleRootItem()))
    assert listed["Duplicate"] == "A"
    assert "Accept" not in listed
    sheet.deleteLater()


def test_changed_keys_hold_at_the_next_start(qtbot: QtBot, home: Path) -> None:
    home.mkdir(parents=True, exist_ok=True)
    kept = {"format": "2026-11-21", "shortcuts": {"edit.duplicate": ["F9"], "edit.of_tomorrow": ["F8"]}}
    (home / "settings.json").write_text(json.dumps(kept), encoding="utf-8")
    with running() as program:
        assert program.actions["edit.duplicate"].shortcut().toString() == "F9"
