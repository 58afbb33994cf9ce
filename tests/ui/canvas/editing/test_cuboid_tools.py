import pytest
from canvas_pictures import Opened
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QSignalSpy, QTest

from qwvis_desktop.core.annotation import Annotation, Cuboid, Detection
from qwvis_desktop.core.camera import HALF_TURNS_XYZ, CameraIntrinsics, projected_bounds
from qwvis_desktop.core.cuboid_editing import Face, heading
from qwvis_desktop.core.geometry import Box, Point
from qwvis_desktop.ui.canvas.editing.cuboid_handles import Grip, Handle, View, handles_of
from qwvis_desktop.ui.canvas.editing.cuboid_tools import DEFAULT_DEPTH, cuboid_in
from qwvis_desktop.ui.canvas.view import CanvasView
from qwvis_desktop.ui.editor import DocumentEditor

CAMERA = CameraIntrinsics(300.0, 300.0, 200.0, 150.0)
VIEW = View(CAMERA, HALF_TURNS_XYZ, 1.0)
CAR = Cuboid(id="car", label="car", center=(0.3, 0.6, 5.0), size=(2.0, 1.0, 1.5), angles=(0.0, 0.1, 0.0))

LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier


def bottom(cuboid: Cuboid) -> float:
    return cuboid.center[1] + cuboid.size[1] / 2


def handle(cuboid: Cuboid, grip: Grip, face: Face | None = None) -> Handle:
    return next(each for each in handles_of(cuboid, VIEW) if each.grip is grip and face in (None, each.face))


def test_a_new_box_lies_as_deep_as_its_neighbour_on_the_picture() -> None:
    frame = Box(180, 120, 240, 180)
    assert cuboid_in(frame, [], CAMERA, HALF_TURNS_XYZ).center[2] == DEFAULT_DEPTH
    beside = Cuboid(center=(-3.0, 0.0, 9.0), size=(1, 1, 1), angles=(0, 0, 0))
    behind = Cuboid(center=(0.0, 0.0, -2.0), size=(1, 1, 1), angles=(0, 0, 0))
    near = Cuboid(center=(0.1, 0.0, 3.0), size=(1, 1, 1), angles=(0, 0, 0))
    assert cuboid_in(frame, [beside, near, behind], CAMERA, HALF_TURNS_XYZ).center[2] == pytest.approx(3.0)


# Through the widget


@pytest.fixture
def edited(opened: Opened) -> tuple[CanvasView, DocumentEditor]:
    canvas, editor = opened(CAR)
    editor.document.set_camera(CAMERA)
    canvas.show_editor(editor)
    editor.select(["car"])
    canvas.grab()
    return canvas, editor


def at(canvas: CanvasView, place: Point) -> QPoint:
    x, y = canvas.viewport.to_widget(place)
    return QPoint(round(x), round(y))


def drag(canvas: CanvasView, start: Point, dx: int, dy: int, modifiers: Qt.KeyboardModifier = NONE) -> None:
    begin = at(canvas, start)
    QTest.mousePress(canvas, LEFT, modifiers, begin)
    for share in (1, 2, 3, 4):
        QTest.mouseMove(canvas, begin + QPoint(dx * share // 4, dy * share // 4))
    QTest.mouseRelease(canvas, LEFT, modifiers, begin + QPoint(dx, dy))


def car(editor: DocumentEditor) -> Cuboid:
    found = editor.document.annotations["car"]
    assert isinstance(found, Cuboid)
    return found


def test_one_drag_is_one_undo_step(edited: tuple[CanvasView, DocumentEditor]) -> None:
    canvas, editor = edited
    former = canvas.viewport
    drag(canvas, Point(170, 206), 40, 8)
    assert editor.undo_stack.count() == 1
    assert editor.undo_stack.undoText() == "Move on the ground"
    assert canvas.viewport == former, "the picture was moved along"
    assert car(editor).center[0] > CAR.center[0]
    assert bottom(car(editor)) == pytest.approx(bottom(CAR))
    editor.undo_stack.undo()
    assert car(editor) == CAR


def test_while_it_is_dragged_only_the_canvas_shows_it(edited: tuple[CanvasView, DocumentEditor]) -> None:
    canvas, editor = edited
    before, paints = canvas.grab().toImage(), canvas.exact_paints
    previews = QSignalSpy(canvas.cuboid_previewed)
    begin = at(canvas, Point(170, 206))
    QTest.mousePress(canvas, LEFT, NONE, begin)
    QTest.mouseMove(canvas, begin + QPoint(50, 0))
    assert canvas.grab().toImage() != before
    assert car(editor) == CAR
    assert canvas.exact_paints == paints, "all was painted anew for one box"
    assert previews.count() == 1
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    QTest.mouseMove(canvas, begin + QPoint(70, 20))
    QTest.mouseRelease(canvas, LEFT, NONE, begin + QPoint(70, 20))
    assert car(editor) == CAR
    assert editor.undo_stack.count() == 0
    assert editor.selection == {"car"}


def test_control_drags_in_depth(edited: tuple[CanvasView, DocumentEditor]) -> None:
    canvas, editor = edited
    drag(canvas, Point(170, 206), 0, -30, Qt.KeyboardModifier.ControlModifier)
    assert car(editor).center[2] > CAR.center[2]
    assert CAMERA.project(car(editor).center) == pytest.approx(CAMERA.project(CAR.center))


def test_handles_in_the_widget_resize_and_turn(edited: tuple[CanvasView, DocumentEditor]) -> None:
    canvas, editor = edited
    face = next(each for each in handles_of(CAR, VIEW) if each.face is not None and each.face.axis == 1)
    assert face.face is not None
    drag(canvas, face.place, 0, -25)
    assert car(editor).size[1] > CAR.size[1]
    assert bottom(car(editor)) == pytest.approx(bottom(CAR))
    editor.undo_stack.undo()
    drag(canvas, handle(CAR, Grip.TURN).place, 40, 0)
    assert heading(car(editor)) - heading(CAR) == pytest.approx(20)
    assert editor.undo_stack.undoText() == "Turn"


def test_a_click_on_the_selected_box_still_selects(edited: tuple[CanvasView, DocumentEditor]) -> None:
    canvas, editor = edited
    QTest.mouseClick(canvas, LEFT, NONE, at(canvas, Point(170, 206)))
    assert editor.selection == {"car"}
    QTest.mouseClick(canvas, LEFT, NONE, at(canvas, Point(10, 10)))
    assert not editor.selection
    assert editor.undo_stack.count() == 0


def test_a_box_that_goes_while_it_is_dragged_is_not_put_back(edited: tuple[CanvasView, DocumentEditor]) -> None:
    canvas, editor = edited
    begin = at(canvas, Point(170, 206))
    QTest.mousePress(canvas, LEFT, NONE, begin)
    QTest.mouseMove(canvas, begin + QPoint(50, 0))
    editor.remove(["car"], "gone")
    QTest.mouseRelease(canvas, LEFT, NONE, begin + QPoint(50, 0))
    assert "car" not in editor.document.annotations


def test_keys_change_the_selected_box_and_move_the_picture_without_one(
    edited: tuple[CanvasView, DocumentEditor],
) -> None:
    canvas, editor = edited
    former = canvas.viewport
    QTest.keyClick(canvas, Qt.Key.Key_Right)
    QTest.keyClick(canvas, Qt.Key.Key_BracketRight)
    assert editor.undo_stack.count() == 2
    assert car(editor).center[0] == pytest.approx(CAR.center[0] + 0.05)
    assert canvas.viewport == former
    QTest.keyClick(canvas, Qt.Key.Key_Plus)
    assert canvas.zoom > former.zoom
    editor.select([])
    QTest.keyClick(canvas, Qt.Key.Key_Right)
    assert editor.undo_stack.count() == 2


def added(editor: DocumentEditor) -> Cuboid:
    (key,) = editor.selection
    found: Annotation = editor.document.annotations[key]
    assert isinstance(found, Cuboid)
    return found


def test_a_drag_draws_a_new_box(edited: tuple[CanvasView, DocumentEditor]) -> None:
    canvas, editor = edited
    editor.select([])
    drawing = QSignalSpy(canvas.drawing_changed)
    canvas.start_cuboid()
    assert canvas.cursor().shape() == Qt.CursorShape.CrossCursor
    drag(canvas, Point(50, 60), 80, 70)
    new = added(editor)
    bounds = projected_bounds(new, CAMERA)
    assert bounds is not None
    assert (bounds.left, bounds.top, bounds.right, bounds.bottom) == pytest.approx((50, 60, 130, 130), abs=1.0)
    assert new.center[2] == pytest.approx(CAR.center[2])
    assert canvas.cursor().shape() == Qt.CursorShape.ArrowCursor
    assert [drawing.at(place)[0] for place in range(drawing.count())] == [True, False]
    editor.undo_stack.undo()
    assert list(editor.document.annotations) == ["car"]


def test_escape_and_a_click_draw_nothing(edited: tuple[CanvasView, DocumentEditor]) -> None:
    canvas, editor = edited
    canvas.start_cuboid()
    QTest.mouseClick(canvas, LEFT, NONE, at(canvas, Point(50, 60)))
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    drag(canvas, Point(20, 20), 60, 60)
    assert list(editor.document.annotations) == ["car"]


def test_a_selected_box_on_the_picture_becomes_one_in_space(opened: Opened) -> None:
    canvas, editor = opened(Detection(id="cup", label="cup", box=Box(100, 100, 180, 200)))
    editor.select(["cup"])
    canvas.start_cuboid()
    new = added(editor)
    assert new.label == "cup"
    bounds = projected_bounds(new, editor.document.camera)
    assert bounds is not None
    assert bounds.iou(Box(100, 100, 180, 200)) > 0.999
    assert new.center[2] == DEFAULT_DEPTH


def test_without_a_picture_nothing_is_drawn(opened: Opened) -> None:
    canvas, _ = opened()
    canvas.show_editor(None)
    canvas.start_cuboid()
    assert canvas.cursor().shape() == Qt.CursorShape.ArrowCursor
