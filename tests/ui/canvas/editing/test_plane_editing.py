from __future__ import annotations

import pytest
from canvas_pictures import Opened
from plane_annotations import BLOCK, BOX, POINT, POLYGON, ROTATED, TEXT
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QSignalSpy, QTest

from qwvis_desktop.core.annotation import Annotation, Detection, Keypoint, bounds_of
from qwvis_desktop.core.geometry import Box, Point
from qwvis_desktop.core.plane.editing import moved
from qwvis_desktop.core.plane.forms import Form, corners_of, form_of
from qwvis_desktop.ui.canvas.editing.plane_handles import Grip, handles_of
from qwvis_desktop.ui.canvas.view import CanvasView
from qwvis_desktop.ui.editor import DocumentEditor

LEFT = Qt.MouseButton.LeftButton
NONE, SHIFT, CONTROL, ALT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
)
BIG = Detection(id="big", label="sofa", box=Box(100, 100, 200, 180))
SMALL = Detection(id="small", label="cat", box=Box(250, 200, 300, 240))


def at(canvas: CanvasView, place: Point) -> QPoint:
    x, y = canvas.viewport.to_widget(place)
    return QPoint(round(x), round(y))


def drag(canvas: CanvasView, start: Point, end: Point, modifiers: Qt.KeyboardModifier = NONE) -> None:
    first, last = at(canvas, start), at(canvas, end)
    QTest.mousePress(canvas, LEFT, modifiers, first)
    QTest.mouseMove(canvas, (first + last) / 2)
    QTest.mouseMove(canvas, last)
    QTest.mouseRelease(canvas, LEFT, modifiers, last)


def click(canvas: CanvasView, place: Point, modifiers: Qt.KeyboardModifier = NONE) -> None:
    QTest.mouseClick(canvas, LEFT, modifiers, at(canvas, place))


def now(editor: DocumentEditor, key: str) -> Annotation:
    return editor.document.annotations[key]


def box(editor: DocumentEditor, key: str) -> Box:
    found = bounds_of(now(editor, key))
    assert found is not None
    return found


def test_a_drag_of_the_body_moves_all_that_is_selected_in_one_step(opened: Opened) -> None:
    canvas, editor = opened(BIG, POINT, ROTATED)
    assert canvas.viewport.zoom == 1
    editor.select(["big", "point"])
    drag(canvas, Point(150, 140), Point(170, 150))
    assert box(editor, "big") == Box(120, 110, 220, 190)
    assert now(editor, "point") == moved(POINT, 20, 10)
    assert now(editor, "rotated") == ROTATED
    assert editor.undo_stack.count() == 1
    editor.undo_stack.undo()
    assert (now(editor, "big"), now(editor, "point")) == (BIG, POINT)


def test_what_is_not_selected_is_not_pulled(opened: Opened) -> None:
    canvas, editor = opened(BIG)
    before = canvas.viewport.placed
    drag(canvas, Point(150, 140), Point(170, 150))
    assert now(editor, "big") == BIG
    assert canvas.viewport.placed != before
    assert editor.selection == frozenset()


def test_a_handle_resizes_and_the_sides_across_stay(opened: Opened) -> None:
    canvas, editor = opened(BIG)
    editor.select(["big"])
    drag(canvas, Point(200, 180), Point(230, 200))
    assert box(editor, "big") == Box(100, 100, 230, 200)
    drag(canvas, Point(230, 200), Point(240, 200), SHIFT)
    grown = box(editor, "big")
    assert grown.width / grown.height == pytest.approx(1.3)
    assert editor.undo_stack.count() == 2


def test_only_what_is_under_edit_is_drawn_live(opened: Opened) -> None:
    others = [Detection(label="x", box=Box(x, y, x + 8, y + 8)) for x in range(0, 390, 10) for y in range(0, 90, 10)]
    canvas, editor = opened(BIG, *others)
    editor.select(["big"])
    canvas.grab()
    paints = canvas.exact_paints
    first = at(canvas, Point(150, 140))
    QTest.mousePress(canvas, LEFT, NONE, first)
    for step in range(1, 15):
        QTest.mouseMove(canvas, first + QPoint(step * 3, step))
        canvas.grab()
    assert canvas.exact_paints == paints
    assert now(editor, "big") == BIG
    QTest.mouseRelease(canvas, LEFT, NONE, first + QPoint(42, 14))
    assert box(editor, "big").left == 142
    assert editor.undo_stack.count() == 1


def test_escape_leaves_all_as_it_was(opened: Opened) -> None:
    canvas, editor = opened(BIG)
    editor.select(["big"])
    canvas.grab()
    before = canvas.grab().toImage()
    QTest.mousePress(canvas, LEFT, NONE, at(canvas, Point(150, 140)))
    QTest.mouseMove(canvas, at(canvas, Point(190, 190)))
    assert canvas.grab().toImage() != before
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    QTest.mouseRelease(canvas, LEFT, NONE, at(canvas, Point(190, 190)))
    assert now(editor, "big") == BIG
    assert editor.undo_stack.count() == 0


def test_turning_and_corners(opened: Opened) -> None:
    canvas, editor = opened(BIG, POLYGON, TEXT, view=(600, 500))
    editor.select(["big"])
    unit = canvas.unit
    turn = next(h for h in handles_of(BIG, unit) if h.grip is Grip.TURN)
    drag(canvas, turn.place, Point(turn.place.x + 40, turn.place.y))
    assert form_of(now(editor, "big")) is Form.ROTATED
    editor.select(["polygon"])
    drag(canvas, Point(80, 100), Point(90, 110))
    assert corners_of(now(editor, "polygon"))[2] == (90, 110)
    middle = next(h for h in handles_of(now(editor, "polygon"), unit) if h.grip is Grip.MIDDLE and h.index == 0)
    drag(canvas, middle.place, Point(middle.place.x, middle.place.y + 20))
    assert len(corners_of(now(editor, "polygon"))) == 6
    click(canvas, corners_of(now(editor, "polygon"))[1], ALT)
    assert len(corners_of(now(editor, "polygon"))) == 5
    assert [editor.undo_stack.text(place) for place in range(4)] == [
        "Turn", "Move a corner", "Add a corner", "Take a corner out",
    ]  # fmt: skip


def test_the_rubber_band_adds_what_lies_in_it(opened: Opened) -> None:
    canvas, editor = opened(BIG, POINT, ROTATED, TEXT)
    editor.select(["rotated"])
    drag(canvas, Point(1, 1), Point(90, 90), SHIFT)
    assert editor.selection == {"rotated", "point", "text"}
    click(canvas, Point(150, 140), SHIFT)
    assert "big" in editor.selection
    click(canvas, Point(150, 140), CONTROL)
    assert "big" not in editor.selection
    assert editor.undo_stack.count() == 0


def test_the_pointer_shows_what_it_would_do(opened: Opened) -> None:
    canvas, editor = opened(BIG)
    editor.select(["big"])
    shapes = []
    for place in (Point(200, 180), Point(150, 140), Point(300, 250)):
        QTest.mouseMove(canvas, at(canvas, place))
        shapes.append(canvas.cursor().shape())
    assert shapes == [Qt.CursorShape.SizeFDiagCursor, Qt.CursorShape.SizeAllCursor, Qt.CursorShape.ArrowCursor]


def test_arrow_keys_of_one_burst_are_one_step(opened: Opened) -> None:
    canvas, editor = opened(BIG, POINT)
    editor.select(["big"])
    for _ in range(5):
        QTest.keyClick(canvas, Qt.Key.Key_Right)
    QTest.keyClick(canvas, Qt.Key.Key_Down, SHIFT)
    assert box(editor, "big") == Box(105, 110, 205, 190)
    assert editor.undo_stack.count() == 1
    editor.select(["point"])
    QTest.keyClick(canvas, Qt.Key.Key_Right)
    assert editor.undo_stack.count() == 2
    editor.undo_stack.undo()
    editor.undo_stack.undo()
    assert (now(editor, "big"), now(editor, "point")) == (BIG, POINT)


def test_corners_by_keys(opened: Opened) -> None:
    canvas, editor = opened(POLYGON)
    editor.select(["polygon"])
    canvas.step_vertex(1)
    canvas.step_vertex(1)
    QTest.keyClick(canvas, Qt.Key.Key_Right, SHIFT)
    assert corners_of(now(editor, "polygon"))[1] == (110, 40)
    QTest.keyClick(canvas, Qt.Key.Key_Insert)
    assert len(corners_of(now(editor, "polygon"))) == 6
    assert canvas.remove_vertex()
    assert len(corners_of(now(editor, "polygon"))) == 5
    assert not canvas.remove_vertex()
    canvas.step_vertex(-1)
    canvas.grab()
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    assert not canvas.remove_vertex()
    canvas.add_vertex()
    assert len(corners_of(now(editor, "polygon"))) == 5


@pytest.mark.parametrize("form", [Form.BOX, Form.TEXT, Form.BLOCK])
def test_frames_are_drawn_and_handed_over(opened: Opened, form: Form) -> None:
    canvas, _ = opened()
    drawn, drawing = QSignalSpy(canvas.drawn), QSignalSpy(canvas.drawing_changed)
    canvas.start_drawing(form)
    assert canvas.cursor().shape() == Qt.CursorShape.CrossCursor
    QTest.mouseMove(canvas, at(canvas, Point(300, 200)))
    plain = canvas.grab().toImage()
    QTest.mouseMove(canvas, at(canvas, Point(50, 60)))
    assert canvas.grab().toImage() != plain
    drag(canvas, Point(50, 60), Point(150, 120))
    made = drawn.at(0)[0]
    assert form_of(made) is form
    assert bounds_of(made) == Box(50, 60, 150, 120)
    assert [drawing.at(place)[0] for place in range(drawing.count())] == [True, False]
    assert not canvas.is_drawing


def test_polygon_and_rotated_and_point_by_the_pointer(opened: Opened) -> None:
    canvas, _ = opened()
    drawn = QSignalSpy(canvas.drawn)
    canvas.start_drawing(Form.POLYGON)
    for place in (Point(50, 50), Point(150, 50), Point(99, 99), Point(100, 150)):
        click(canvas, place)
        QTest.mouseMove(canvas, at(canvas, Point(place.x + 20, place.y)))
    QTest.keyClick(canvas, Qt.Key.Key_Backspace)
    click(canvas, Point(90, 140))
    click(canvas, Point(50, 50))
    assert corners_of(drawn.at(0)[0]) == ((50, 50), (150, 50), (99, 99), (90, 140))
    canvas.start_drawing(Form.ROTATED)
    drag(canvas, Point(100, 100), Point(200, 150))
    QTest.mouseMove(canvas, at(canvas, Point(180, 190)))
    click(canvas, Point(180, 190))
    assert form_of(drawn.at(1)[0]) is Form.ROTATED
    canvas.start_drawing(Form.POINT)
    click(canvas, Point(70, 80))
    assert corners_of(drawn.at(2)[0]) == ((70, 80),)


@pytest.mark.parametrize("form", list(Form))
def test_all_can_be_drawn_by_keys_alone(opened: Opened, form: Form) -> None:
    canvas, editor = opened()
    drawn = QSignalSpy(canvas.drawn)
    canvas.start_drawing(form)
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    canvas.grab()
    QTest.keyClick(canvas, Qt.Key.Key_Right, SHIFT)
    if form is not Form.POINT:
        QTest.keyClick(canvas, Qt.Key.Key_Down, CONTROL | SHIFT)
    assert drawn.count() == 0
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    made = drawn.at(0)[0]
    assert form_of(made) is form
    middle = bounds_of(made)
    assert middle is not None
    assert middle.center.x == pytest.approx(210, abs=1)
    assert editor.undo_stack.count() == 0


def test_escape_gives_up_drawing(opened: Opened) -> None:
    canvas, _ = opened(BLOCK)
    drawn = QSignalSpy(canvas.drawn)
    canvas.start_drawing(Form.BOX)
    QTest.mousePress(canvas, LEFT, NONE, QPoint(60, 60))
    QTest.mouseMove(canvas, QPoint(160, 160))
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    QTest.mouseRelease(canvas, LEFT, NONE, QPoint(160, 160))
    assert not canvas.is_drawing
    assert drawn.count() == 0
    canvas.start_drawing(Form.POLYGON)
    canvas.show_editor(None)
    assert not canvas.is_drawing


def test_the_models_box_is_shown_beside_the_corrected_one(opened: Opened) -> None:
    from dataclasses import replace

    from documents import RUN

    from qwvis_desktop.core.annotation import Provenance

    read = replace(BIG, provenance=Provenance("r1", (0, 9)))
    canvas, editor = opened(read)
    editor.select(["big"])
    (corrected,) = (moved(read, 60, 40),)
    editor.replace([corrected], "Move")
    without = canvas.grab().toImage()
    editor.set_run(replace(RUN, id="r1", as_read=(read,)))
    canvas.update()
    beside = canvas.grab().toImage()
    assert beside != without
    # The dashes lie on the model's upper edge, where nothing else is.
    edge = at(canvas, Point(110, 100))
    assert any(
        beside.pixelColor(edge + QPoint(x, y)) != without.pixelColor(edge + QPoint(x, y))
        for x in range(20)
        for y in (-1, 0, 1)
    )


def test_tab_goes_through_and_on(opened: Opened) -> None:
    canvas, editor = opened(BIG)
    stepped = QSignalSpy(canvas.stepped)
    canvas.setFocus()
    QTest.keyClick(canvas, Qt.Key.Key_Tab)
    QTest.keyClick(canvas, Qt.Key.Key_Backtab, SHIFT)
    assert [stepped.at(place)[0] for place in range(stepped.count())] == [1, -1]
    editor.remove(["big"], "Delete")
    QTest.keyClick(canvas, Qt.Key.Key_Tab)
    assert stepped.count() == 2
    assert canvas.ids_at(QPointF(1, 1)) == []
    assert BOX.id not in editor.document.annotations


@pytest.mark.parametrize("shake", [0, 2, 4])
def test_a_double_click_closes_a_polygon_also_where_the_hand_shakes(opened: Opened, shake: int) -> None:
    canvas, _ = opened()
    drawn = QSignalSpy(canvas.drawn)
    canvas.start_drawing(Form.POLYGON)
    for x, y in ((50, 50), (150, 60), (160, 140)):
        click(canvas, Point(x, y))
    last = at(canvas, Point(70, 150))
    QTest.mouseClick(canvas, LEFT, NONE, last)
    second = last + QPoint(shake, shake)
    QTest.mouseDClick(canvas, LEFT, NONE, second)
    QTest.mouseRelease(canvas, LEFT, NONE, second)
    assert not canvas.is_drawing
    (made,) = drawn.at(0)
    assert len(corners_of(made)) == 4


def test_handles_round_several_resize_them_together_in_one_step(opened: Opened) -> None:
    canvas, editor = opened(BIG, SMALL, POINT)
    editor.select(["big", "small"])
    # Round both lies 100, 100 to 300, 240.
    drag(canvas, Point(300, 240), Point(350, 275))
    assert box(editor, "big") == pytest.approx((100, 100, 225, 200))
    assert box(editor, "small") == pytest.approx((287.5, 225, 350, 275))
    assert (now(editor, "point"), now(editor, "big").label) == (POINT, "sofa")
    assert editor.undo_stack.count() == 1
    assert editor.undo_stack.undoText() == "Resize"
    assert editor.selection == {"big", "small"}
    editor.undo_stack.undo()
    assert [now(editor, key) for key in ("big", "small")] == [BIG, SMALL]


def test_a_side_and_the_ratio_of_several(opened: Opened) -> None:
    canvas, editor = opened(BIG, SMALL)
    editor.select(["big", "small"])
    drag(canvas, Point(100, 170), Point(0, 300))
    assert box(editor, "big") == pytest.approx((0, 100, 150, 180))
    editor.undo_stack.undo()
    drag(canvas, Point(300, 240), Point(350, 241), SHIFT)
    assert box(editor, "small") == pytest.approx((287.5, 225, 350, 275))


def test_several_are_resized_by_keys(opened: Opened) -> None:
    canvas, editor = opened(BIG, SMALL)
    editor.select(["big", "small"])
    canvas.setFocus()
    for _ in range(2):
        QTest.keyClick(canvas, Qt.Key.Key_Right, CONTROL | SHIFT)
    QTest.keyClick(canvas, Qt.Key.Key_Down, CONTROL)
    assert box(editor, "small").right == pytest.approx(320)
    assert box(editor, "small").bottom == pytest.approx(241)
    assert box(editor, "big")[:2] == (100, 100)
    assert editor.undo_stack.count() == 1
    editor.undo_stack.undo()
    assert [now(editor, key) for key in ("big", "small")] == [BIG, SMALL]


def test_the_handles_round_several_are_seen_and_met(opened: Opened) -> None:
    canvas, editor = opened(BIG, SMALL)
    editor.select(["big"])
    QTest.mouseMove(canvas, at(canvas, Point(300, 240)))
    assert canvas.cursor().shape() == Qt.CursorShape.ArrowCursor
    editor.select(["big", "small"])
    QTest.mouseMove(canvas, at(canvas, Point(301, 241)))
    assert canvas.cursor().shape() == Qt.CursorShape.SizeFDiagCursor
    drawn = canvas.grab().toImage().pixelColor(at(canvas, Point(300, 240)))
    assert drawn.name() == "#ffffff"
    # What lies on one line has no box to pull.
    points = [Keypoint(id=key, point=Point(x, 50)) for key, x in (("a", 20), ("b", 60))]
    editor.add(points, "Add")
    editor.select(["a", "b"])
    QTest.mouseMove(canvas, at(canvas, Point(40, 50)))
    assert canvas.cursor().shape() == Qt.CursorShape.ArrowCursor


def test_many_are_resized_as_they_are_drawn_until_the_hand_lets_go(opened: Opened) -> None:
    crowd = [
        Detection(
            id=f"{row} {column}", label="x", box=Box(20 + 20 * column, 20 + 20 * row, 34 + 20 * column, 34 + 20 * row)
        )
        for row in range(8)
        for column in range(9)
    ]
    canvas, editor = opened(*crowd)
    editor.select([each.id for each in crowd])
    canvas.grab()
    first, last = at(canvas, Point(194, 174)), at(canvas, Point(368, 251))
    QTest.mousePress(canvas, LEFT, NONE, first)
    QTest.mouseMove(canvas, (first + last) / 2)
    QTest.mouseMove(canvas, last)
    half = canvas.grab().toImage()
    assert editor.undo_stack.count() == 0
    QTest.mouseRelease(canvas, LEFT, NONE, last)
    assert box(editor, "0 0") == pytest.approx((20, 20, 48, 41))
    assert box(editor, "7 8") == pytest.approx((340, 230, 368, 251))
    # While it is pulled it looks as it will be: dark and coloured lines stand where the boxes end up.
    done = canvas.grab().toImage()
    grey = "#787878"
    lit = [at(canvas, box(editor, each.id).center) for each in crowd]
    assert sum(half.pixelColor(place).name() != grey for place in lit) == len(lit)
    assert sum(done.pixelColor(place).name() != grey for place in lit) == len(lit)
    editor.undo_stack.undo()
    assert tuple(editor.document.annotations.values()) == tuple(crowd)
