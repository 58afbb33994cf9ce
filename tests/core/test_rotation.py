from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qwvis_desktop.core.camera import ANGLE_CONVENTIONS, HALF_TURNS_XYZ, AngleConvention, Vector, corners
from qwvis_desktop.core.rotation import Rotation, angles_of, is_rotation, rotation_of

half_turns = st.floats(-2, 2)
all_angles = st.tuples(half_turns, half_turns, half_turns)
locked = st.tuples(half_turns, st.sampled_from([0.5, -0.5, 1.5, 0.5 + 1e-9, 0.5 - 1e-7]), half_turns)
conventions = st.sampled_from(list(ANGLE_CONVENTIONS.values()))


def in_convention(angles: Vector, convention: AngleConvention) -> Vector:
    """Return the half turns about x, y and z as ``convention`` writes them."""
    by_axis = dict(zip("xyz", (angle * math.pi / convention.unit for angle in angles), strict=True))
    first, second, third = (by_axis[axis] for axis in convention.order)
    return first, second, third


def difference(first: Rotation, second: Rotation) -> float:
    return max(
        abs(a - b) for ones, others in zip(first, second, strict=True) for a, b in zip(ones, others, strict=True)
    )


def few_digits(row: Vector) -> Vector:
    return round(row[0], 5), round(row[1], 5), round(row[2], 5)


@given(all_angles)
def test_the_columns_are_the_axes_along_which_the_corners_lie(angles: Vector) -> None:
    rotation = rotation_of(angles)
    ends = corners((0, 0, 0), (2, 2, 2), angles)
    for corner, signs in ((0, (1, 1, 1)), (1, (1, 1, -1)), (2, (1, -1, 1)), (4, (-1, 1, 1))):
        expected = [sum(row[axis] * signs[axis] for axis in range(3)) for row in rotation]
        assert ends[corner] == pytest.approx(expected, abs=1e-12)
    assert is_rotation(rotation)


@given(all_angles | locked, conventions)
def test_angles_found_again_give_the_same_turn(half: Vector, convention: AngleConvention) -> None:
    rotation = rotation_of(in_convention(half, convention), convention)
    found = angles_of(rotation, convention)
    assert difference(rotation_of(found, convention), rotation) < 1e-12
    assert all(abs(turn) <= math.pi + 1e-12 for turn in convention.about_axes(found))


@given(all_angles | locked, conventions)
def test_angles_near_their_own_are_their_own(half: Vector, convention: AngleConvention) -> None:
    angles = in_convention(half, convention)
    found = angles_of(rotation_of(angles, convention), convention, near=angles)
    assert difference(rotation_of(found, convention), rotation_of(angles, convention)) < 1e-12
    if abs(math.cos(half[1] * math.pi)) > 1e-3:
        assert convention.about_axes(found) == pytest.approx(convention.about_axes(angles), abs=1e-9)


def test_a_quarter_turn_about_y_keeps_the_wanted_turn_about_z() -> None:
    assert angles_of(rotation_of((0.75, 0.5, 0.75)), near=(0.75, 0.5, 0.75)) == pytest.approx((0.75, 0.5, 0.75))
    assert angles_of(rotation_of((0.75, 0.5, 0.75))) == pytest.approx((0.0, 0.5, 0.0), abs=1e-9)


def test_without_a_wish_the_smallest_turns_are_given() -> None:
    assert angles_of(rotation_of((1.0, 0.75, 1.0))) == pytest.approx((0.0, 0.25, 0.0), abs=1e-12)
    assert angles_of(rotation_of((0.0, 0.25, 0.0)), HALF_TURNS_XYZ, (1.0, 0.75, 1.0)) == pytest.approx((1, 0.75, 1))


@given(all_angles | locked)
def test_numbers_with_few_digits_still_give_nearly_the_turn(angles: Vector) -> None:
    rotation = rotation_of(angles)
    first, second, third = rotation
    rounded = (few_digits(first), few_digits(second), few_digits(third))
    assert is_rotation(rounded)
    assert difference(rotation_of(angles_of(rounded)), rotation) < 1e-4


@pytest.mark.parametrize(
    "rotation",
    [
        ((1, 0, 0), (0, 1, 0), (0, 0, -1)),
        ((2, 0, 0), (0, 1, 0), (0, 0, 0.5)),
        ((1, 0.1, 0), (0, 1, 0), (0, 0, 1)),
        ((0, 0, 0), (0, 0, 0), (0, 0, 0)),
        ((math.nan, 0, 0), (0, 1, 0), (0, 0, 1)),
        ((1, 0, 0), (0, 1, 0), (0, 0, math.nan)),
        ((1, 0, 0), (0, math.inf, 0), (0, 0, 1)),
        ((-1, -1, -1), (-1, -1, -1), (-1, -1, -1)),
    ],
)
def test_other_matrices_are_no_turn(rotation: Rotation) -> None:
    assert not is_rotation(rotation)
