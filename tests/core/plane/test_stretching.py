import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plane_annotations import BOX, POINT, ROTATED, SIZE, TEXT, places, planar

from qwvis_desktop.core.annotation import Annotation, Detection, Keypoint, bounds_of
from qwvis_desktop.core.geometry import Box, Point
from qwvis_desktop.core.plane.editing import SMALLEST, Side, bounds_of_all
from qwvis_desktop.core.plane.forms import Form, TurnedRectangle, corners_of, form_of
from qwvis_desktop.core.plane.stretching import Stretch, least_of, stretch_to

SIDES: list[Side] = [(x, y) for x in (-1, 0, 1) for y in (-1, 0, 1) if x or y]


def _has_room(annotations: list[Annotation]) -> bool:
    box = bounds_of_all(annotations)
    return box is not None and box.width > SMALLEST and box.height > SMALLEST


several = st.lists(planar(), min_size=2, max_size=4).filter(_has_room)


def pulled(annotations: list[Annotation], side: Side, place: Point, *, keeps_ratio: bool = False) -> Stretch:
    box = bounds_of_all(annotations)
    assert box is not None
    return stretch_to(box, side, place, SIZE, least=least_of(annotations), keeps_ratio=keeps_ratio)


def test_by_numbers() -> None:
    left, right = (Detection(id=key, box=box) for key, box in (("l", Box(10, 10, 30, 20)), ("r", Box(50, 40, 110, 60))))
    stretch = pulled([left, right], (1, 1), Point(210, 35))
    assert stretch == Stretch(Point(10, 10), 2.0, 0.5)
    assert stretch.of(left) == replace(left, box=Box(10, 10, 50, 15))
    assert stretch.of(right) == replace(right, box=Box(90, 25, 210, 35))
    assert stretch.of(Keypoint(point=Point(60, 30))).point == Point(110, 20)  # type: ignore[union-attr]  # a keypoint
    assert stretch.box(Box(10, 10, 110, 60)) == Box(10, 10, 210, 35)


def test_the_other_sides_stay_and_only_the_place_changes() -> None:
    stretch = pulled([BOX, TEXT, POINT], (-1, 0), Point(0, 400))
    assert stretch.y == 1.0
    made = stretch.of(BOX)
    assert isinstance(made, Detection)
    assert made.box[1:] == BOX.box[1:]
    assert replace(made, box=BOX.box) == BOX


@given(several, st.sampled_from(SIDES), places(far=True), st.booleans())
def test_all_corners_go_where_the_box_round_them_goes(
    annotations: list[Annotation], side: Side, place: Point, keeps_ratio: bool
) -> None:
    stretch = pulled(annotations, side, place, keeps_ratio=keeps_ratio)
    before = bounds_of_all(annotations)
    assert before is not None
    after = stretch.box(before)
    for each in annotations:
        made = stretch.of(each)
        assert (made.id, type(made), made.provenance) == (each.id, type(each), each.provenance)
        if form_of(each) is Form.ROTATED:
            continue
        for corner, mapped in zip(corners_of(each), corners_of(made), strict=True):
            share = ((corner.x - before.left) / before.width, (corner.y - before.top) / before.height)
            wanted = Point(after.left + share[0] * after.width, after.top + share[1] * after.height)
            assert mapped == pytest.approx(wanted, abs=1e-6)


@given(several, st.sampled_from(SIDES), places(far=True), st.booleans())
def test_nothing_leaves_the_picture_and_nothing_is_turned_inside_out(
    annotations: list[Annotation], side: Side, place: Point, keeps_ratio: bool
) -> None:
    stretch = pulled(annotations, side, place, keeps_ratio=keeps_ratio)
    before = bounds_of_all(annotations)
    assert before is not None
    for each in annotations:
        box, now = bounds_of(each), bounds_of(stretch.of(each))
        assert box is not None
        assert now is not None
        # What stood out already, as a turned rectangle may, stands out no farther.
        assert now.left >= min(0, before.left) - 1e-6
        assert now.top >= min(0, before.top) - 1e-6
        assert now.right <= max(SIZE.width, before.right) + 1e-6
        assert now.bottom <= max(SIZE.height, before.bottom) + 1e-6
        if form_of(each) is not Form.ROTATED:
            assert now.width >= min(box.width, SMALLEST) - 1e-6
            assert now.height >= min(box.height, SMALLEST) - 1e-6


@given(several, st.sampled_from(SIDES), places(), st.booleans())
def test_what_is_not_pulled_keeps_its_numbers_and_a_pull_to_where_it_was_changes_nothing(
    annotations: list[Annotation], side: Side, place: Point, keeps_ratio: bool
) -> None:
    before = bounds_of_all(annotations)
    assert before is not None
    after = pulled(annotations, side, place, keeps_ratio=keeps_ratio).box(before)
    for way, low, high in ((side[0], 0, 2), (side[1], 1, 3)):
        assert way < 0 or after[low] == before[low]
        assert way > 0 or after[high] == before[high]
    edge = Point(before.left if side[0] < 0 else before.right, before.top if side[1] < 0 else before.bottom)
    back = pulled(annotations, side, edge, keeps_ratio=keeps_ratio)
    assert [back.of(each) for each in annotations] == annotations


@given(several, st.sampled_from([side for side in SIDES if all(side)]), places(far=True))
def test_a_corner_keeps_the_ratio_if_asked(annotations: list[Annotation], side: Side, place: Point) -> None:
    stretch = pulled(annotations, side, place, keeps_ratio=True)
    assert stretch.x == stretch.y
    for each in annotations:
        rectangle = TurnedRectangle.of(corners_of(each)) if form_of(each) is Form.ROTATED else None
        if rectangle is not None:
            made = TurnedRectangle.of(corners_of(stretch.of(each)))
            assert made is not None
            assert made.width == pytest.approx(rectangle.width * stretch.x, rel=1e-6)


@pytest.mark.parametrize(("x", "y"), [(2.0, 1.0), (0.5, 1.0), (1.0, 3.0), (0.25, 4.0)])
def test_a_rotated_rectangle_keeps_its_angle_and_stays_in_its_part(x: float, y: float) -> None:
    stretch = Stretch(Point(0, 0), x, y)
    before, after = (TurnedRectangle.of(corners_of(each)) for each in (ROTATED, stretch.of(ROTATED)))
    assert before is not None
    assert after is not None
    assert after.degrees == pytest.approx(before.degrees)
    assert after.center == pytest.approx((before.center.x * x, before.center.y * y))
    room, now = stretch.box(ROTATED.box), bounds_of(stretch.of(ROTATED))
    assert now is not None
    assert now.left >= room.left - 1e-9
    assert now.right <= room.right + 1e-9
    assert now.top >= room.top - 1e-9
    assert now.bottom <= room.bottom + 1e-9
    assert math.isclose(now.width, room.width) or math.isclose(now.height, room.height) or x * y > 1
