import math

import pytest
from PySide6.QtCore import Qt

from qwvis_desktop.core.annotation import Cuboid
from qwvis_desktop.core.camera import HALF_TURNS_XYZ, CameraIntrinsics, projected_bounds
from qwvis_desktop.core.cuboid_editing import Face, face_center, heading
from qwvis_desktop.core.geometry import Point
from qwvis_desktop.ui.canvas.editing.cuboid_handles import Grip, Handle, Pull, View, by_key, handle_at, handles_of

CAMERA = CameraIntrinsics(300.0, 300.0, 200.0, 150.0)
VIEW = View(CAMERA, HALF_TURNS_XYZ, 1.0)
CAR = Cuboid(id="car", label="car", center=(0.3, 0.6, 5.0), size=(2.0, 1.0, 1.5), angles=(0.0, 0.1, 0.0))

NONE = Qt.KeyboardModifier.NoModifier


def bottom(cuboid: Cuboid) -> float:
    return cuboid.center[1] + cuboid.size[1] / 2


def handle(cuboid: Cuboid, grip: Grip, face: Face | None = None) -> Handle:
    return next(each for each in handles_of(cuboid, VIEW) if each.grip is grip and face in (None, each.face))


def test_handles_stand_on_the_faces_that_are_seen_and_above() -> None:
    found = handles_of(CAR, VIEW)
    faces = [each for each in found if each.grip is Grip.FACE]
    assert 1 <= len(faces) <= 3
    for each in faces:
        assert each.face is not None
        assert each.place == CAMERA.project(face_center(CAR, each.face))
    turn = handle(CAR, Grip.TURN)
    bounds = projected_bounds(CAR, CAMERA)
    assert bounds is not None
    assert turn.foot is not None
    assert turn.place.y < turn.foot.y


def test_handles_are_met_at_the_same_distance_on_the_screen_at_every_zoom() -> None:
    for unit in (0.1, 1.0, 7.0):
        view = View(CAMERA, HALF_TURNS_XYZ, unit)
        found = handles_of(CAR, view)
        turn = next(each for each in found if each.grip is Grip.TURN)
        assert turn.foot is not None
        assert math.dist(turn.place, turn.foot) == pytest.approx(34 * unit)
        assert handle_at((turn,), Point(turn.place.x + 8 * unit, turn.place.y), view) is turn
        assert handle_at((turn,), Point(turn.place.x + 10 * unit, turn.place.y), view) is None
    assert handle_at((), Point(0, 0), VIEW) is None


def test_a_box_behind_the_camera_has_no_handles() -> None:
    assert handles_of(Cuboid(center=(0, 0, -5), size=(1, 1, 1), angles=(0, 0, 0)), VIEW) == ()


def test_the_body_follows_the_pointer_along_the_ground() -> None:
    start = Point(220, 190)
    made = Pull(Grip.GROUND, start, CAR, VIEW).to(Point(start.x + 40, start.y - 10))
    assert made is not None
    assert bottom(made) == pytest.approx(bottom(CAR))
    assert made.center[2] > CAR.center[2], "upwards is farther off"
    before = CAMERA.project(face_center(CAR, Face(1, 1)))
    after = CAMERA.project(face_center(made, Face(1, 1)))
    assert (after.x - before.x, after.y - before.y) == pytest.approx((40, -10))
    assert (made.size, made.angles) == (CAR.size, CAR.angles)


def test_above_the_horizon_a_pull_along_the_ground_says_nothing() -> None:
    assert Pull(Grip.GROUND, Point(220, 190), CAR, VIEW).to(Point(220, 20)) is None


def test_a_box_that_stands_at_eye_level_moves_aside_only() -> None:
    level = Cuboid(center=(0.0, -0.5, 5.0), size=(1.0, 1.0, 1.0), angles=(0.0, 0.0, 0.0))
    made = Pull(Grip.GROUND, Point(200, 120), level, VIEW).to(Point(230, 100))
    assert made is not None
    assert made.center == pytest.approx((30 / 300 * 5.0, -0.5, 5.0))


def test_a_pull_in_depth_keeps_the_place_on_the_picture() -> None:
    made = Pull(Grip.DEPTH, Point(220, 190), CAR, VIEW).to(Point(300, 90))
    assert made is not None
    assert made.center[2] > CAR.center[2]
    assert CAMERA.project(made.center) == pytest.approx(CAMERA.project(CAR.center))
    nearer = Pull(Grip.DEPTH, Point(220, 190), CAR, VIEW).to(Point(220, 290))
    assert nearer is not None
    assert 0 < nearer.center[2] < CAR.center[2]


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_face_follows_the_pointer_and_the_opposite_one_stays(place: int) -> None:
    faces = [each for each in handles_of(CAR, VIEW) if each.grip is Grip.FACE]
    if place >= len(faces):
        pytest.skip("not so many faces are seen")
    face = faces[place].face
    assert face is not None
    middle = face_center(CAR, face)
    outwards = tuple(a - b for a, b in zip(middle, CAR.center, strict=True))
    farther = CAMERA.project(tuple(a + 0.3 * b for a, b in zip(middle, outwards, strict=True)))  # type: ignore[arg-type]  # three stay three
    made = Pull(Grip.FACE, faces[place].place, CAR, VIEW, face).to(farther)
    assert made is not None
    assert face_center(made, face.opposite) == pytest.approx(face_center(CAR, face.opposite))
    assert made.size[face.axis] == pytest.approx(CAR.size[face.axis] * 1.15)
    assert CAMERA.project(face_center(made, face)) == pytest.approx(farther)


def test_the_handle_above_turns_about_the_vertical() -> None:
    made = Pull(Grip.TURN, Point(0, 0), CAR, VIEW).to(Point(60, 5))
    assert made is not None
    assert heading(made) - heading(CAR) == pytest.approx(30)
    assert (made.center, made.size) == (CAR.center, CAR.size)


def test_a_pull_to_where_it_began_changes_nothing() -> None:
    start = Point(220, 190)
    for grip in (Grip.GROUND, Grip.DEPTH, Grip.TURN):
        made = Pull(grip, start, CAR, VIEW).to(start)
        assert made is not None
        assert made.center == pytest.approx(CAR.center)
        assert made.angles == pytest.approx(CAR.angles)


@pytest.mark.parametrize(
    ("key", "modifiers", "moved"),
    [
        (Qt.Key.Key_Right, NONE, (0.05, 0, 0)),
        (Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier, (-0.5, 0, 0)),
        (Qt.Key.Key_Up, NONE, (0, 0, 0.05)),
        (Qt.Key.Key_Down, NONE, (0, 0, -0.05)),
        (Qt.Key.Key_PageUp, NONE, (0, -0.05, 0)),
        (Qt.Key.Key_PageDown, Qt.KeyboardModifier.ShiftModifier, (0, 0.5, 0)),
    ],
)
def test_keys_move(key: Qt.Key, modifiers: Qt.KeyboardModifier, moved: tuple[float, float, float]) -> None:
    made = by_key(CAR, key, modifiers, HALF_TURNS_XYZ)
    assert made is not None
    assert tuple(a - b for a, b in zip(made.center, CAR.center, strict=True)) == pytest.approx(moved)


def test_keys_turn_and_resize() -> None:
    turned = by_key(CAR, Qt.Key.Key_BracketLeft, NONE, HALF_TURNS_XYZ)
    back = by_key(CAR, Qt.Key.Key_BraceRight, Qt.KeyboardModifier.ShiftModifier, HALF_TURNS_XYZ)
    assert turned is not None
    assert back is not None
    assert heading(turned) - heading(CAR) == pytest.approx(1)
    assert heading(back) - heading(CAR) == pytest.approx(-10)
    higher = by_key(CAR, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier, HALF_TURNS_XYZ)
    assert higher is not None
    assert higher.size == pytest.approx((2.0, 1.05, 1.5))
    assert bottom(higher) == pytest.approx(bottom(CAR))
    longer = by_key(CAR, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier, HALF_TURNS_XYZ)
    assert longer is not None
    assert longer.size == pytest.approx((2.05, 1.0, 1.5))
    assert by_key(CAR, Qt.Key.Key_Plus, NONE, HALF_TURNS_XYZ) is None
