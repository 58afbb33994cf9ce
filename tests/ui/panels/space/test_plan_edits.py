from __future__ import annotations

import math
from dataclasses import replace

import pytest
from cuboid_scenes import CAR, VAN
from hypothesis import assume, given
from hypothesis import strategies as st

from qwvis_desktop.core.camera import HALF_TURNS_XYZ
from qwvis_desktop.core.cuboid_editing import Face, face_center, heading
from qwvis_desktop.core.geometry import Point
from qwvis_desktop.ui.panels.space.plan_edits import (
    face_towards,
    grown,
    moved_by,
    outwards,
    pulled,
    turn_between,
    turned_by,
)

STEP = st.floats(-10, 10)
TURN = st.floats(-1, 1)


@given(STEP, STEP)
def test_upright_boxes_move_level(dx: float, dz: float) -> None:
    car, van = moved_by((CAR, VAN), Point(dx, dz), HALF_TURNS_XYZ)
    assert car.center == pytest.approx((CAR.center[0] + dx, CAR.center[1], CAR.center[2] + dz))
    assert van.center == pytest.approx((VAN.center[0] + dx, VAN.center[1], VAN.center[2] + dz), abs=1e-6)


@given(TURN, st.floats(-170, 170))
def test_turning_is_counter_clockwise_on_the_plan(yaw: float, degrees: float) -> None:
    before = replace(CAR, angles=(0.0, yaw, 0.0))
    (after,) = turned_by((before,), degrees, HALF_TURNS_XYZ)
    gone = math.radians(heading(after, HALF_TURNS_XYZ) - heading(before, HALF_TURNS_XYZ) - degrees)
    assert math.cos(gone) == pytest.approx(1)


@given(STEP, STEP, st.floats(-3, 3), st.floats(0.1, 5))
def test_the_turn_between_two_places_is_that_of_the_pointer(x: float, z: float, turn: float, reach: float) -> None:
    start = Point(x + reach, z)
    here = Point(x + 2 * reach * math.cos(turn), z + 2 * reach * math.sin(turn))
    assert turn_between(Point(x, z), start, here) == pytest.approx(math.degrees(turn), abs=1e-6)


def test_no_turn_where_there_is_no_direction() -> None:
    assert turn_between(Point(0, 0), Point(0, 0), Point(1, 1)) == 0


@given(TURN, st.sampled_from([(0, 1), (0, -1), (2, 1), (2, -1)]), st.floats(-0.5, 3))
def test_a_pulled_face_follows_and_the_opposite_stays(yaw: float, side: tuple[int, int], by: float) -> None:
    before, face = replace(CAR, angles=(0.0, yaw, 0.0)), Face(*side)
    way = outwards(before, face, HALF_TURNS_XYZ)
    after = pulled(before, face, Point(way.x * by, way.y * by), HALF_TURNS_XYZ)
    assert after.size[face.axis] == pytest.approx(before.size[face.axis] + by)
    old, new = (face_center(cuboid, face.opposite, HALF_TURNS_XYZ) for cuboid in (before, after))
    assert new == pytest.approx(old, abs=1e-9)


def test_what_is_pulled_sideways_stays() -> None:
    assert pulled(CAR, Face(0, 1), Point(0, 3), HALF_TURNS_XYZ) == CAR
    assert pulled(CAR, Face(1, 1), Point(3, 3), HALF_TURNS_XYZ) == CAR, "its roof does not lie in the plan"


@given(TURN, st.floats(-math.pi, math.pi))
def test_the_face_towards_a_direction_looks_there_most(yaw: float, way: float) -> None:
    assume(abs(math.sin(2 * (way - yaw * math.pi))) < 2)
    cuboid, towards = replace(CAR, angles=(0.0, yaw, 0.0)), Point(math.cos(way), math.sin(way))
    out = outwards(cuboid, face_towards(cuboid, towards, HALF_TURNS_XYZ), HALF_TURNS_XYZ)
    assert out.x * towards.x + out.y * towards.y >= math.sqrt(0.5) - 1e-9


def test_growing_moves_the_side_that_faces_there() -> None:
    (right,) = grown((CAR,), Point(1, 0), 0.5, HALF_TURNS_XYZ)
    assert right.size == pytest.approx((4.5, 1.5, 1.8))
    assert right.center[0] == pytest.approx(CAR.center[0] + 0.25)
    (nearer,) = grown((CAR,), Point(0, -1), -0.2, HALF_TURNS_XYZ)
    assert nearer.size == pytest.approx((4.0, 1.5, 1.6))
    assert nearer.center[2] == pytest.approx(CAR.center[2] + 0.1)
