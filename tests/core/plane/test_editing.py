from __future__ import annotations

import math
from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plane_annotations import (
    BLOCK,
    BOX,
    CUBOID,
    EVENT,
    NOWHERE,
    POINT,
    POLYGON,
    ROTATED,
    SIZE,
    TEXT,
    boxes,
    places,
    planar,
)

from qwvis_desktop.core.annotation import Annotation, Detection, Provenance, bounds_of
from qwvis_desktop.core.geometry import Box, Point, Polygon
from qwvis_desktop.core.plane.editing import (
    SMALLEST,
    bounds_of_all,
    boxed,
    clip,
    clipped,
    inside,
    moved,
    resized,
    shift_within,
    turned,
    with_box,
    with_label,
    with_new_vertex,
    with_vertex,
    with_words,
    without_vertex,
    words_of,
)
from qwvis_desktop.core.plane.forms import Form, TurnedRectangle, corners_of, form_of

SIDES = [(x, y) for x in (-1, 0, 1) for y in (-1, 0, 1) if (x, y) != (0, 0)]


def is_whole(annotation: Annotation) -> bool:
    """Say whether the box of a detection with an outline is the box round it."""
    return not isinstance(annotation, Detection) or (
        annotation.outline is None or annotation.outline.bounds == annotation.box
    )


@given(planar(), st.floats(-300, 300), st.floats(-300, 300))
def test_moving_moves_each_corner_and_nothing_else(annotation: Annotation, dx: float, dy: float) -> None:
    made = moved(annotation, dx, dy)
    assert form_of(made) == form_of(annotation)
    for before, after in zip(corners_of(annotation), corners_of(made), strict=True):
        assert after == pytest.approx((before.x + dx, before.y + dy))
    assert is_whole(made)
    assert (made.id, made.label, made.score) == (annotation.id, annotation.label, annotation.score)
    back = moved(made, -dx, -dy)
    for before, after in zip(corners_of(annotation), corners_of(back), strict=True):
        assert after == pytest.approx(before, abs=1e-9)


def test_a_detection_in_another_box_keeps_all_else() -> None:
    whole = Detection(
        label="cat",
        score=0.5,
        accepted=True,
        attributes={"a": 1},
        provenance=Provenance("r", (1, 2)),
        box=Box(1, 2, 3, 4),
        outline=Polygon((Point(1, 2), Point(3, 2), Point(3, 4))),
        time=1.5,
        image=2,
    )
    plain = Detection(id=whole.id, box=whole.box)
    unset = [field.name for field in fields(Detection) if getattr(whole, field.name) == getattr(plain, field.name)]
    assert sorted(unset) == ["box", "id"]
    assert boxed(whole, Box(5, 6, 7, 8)) == replace(whole, box=Box(5, 6, 7, 8))


def test_what_has_no_place_is_left_alone() -> None:
    for annotation in (CUBOID, EVENT, NOWHERE):
        assert moved(annotation, 5, 5) == annotation
        assert resized(annotation, (1, 1), Point(5, 5)) == annotation
        assert turned(annotation, 30) == annotation
        assert clipped(annotation, SIZE) == annotation
        assert with_box(annotation, Box(0, 0, 5, 5)) == annotation
    assert turned(POINT, 30) == POINT
    assert turned(BLOCK, 30) == BLOCK
    assert resized(POLYGON, (1, 1), Point(5, 5)) == POLYGON


@given(boxes(), st.sampled_from(SIDES), places())
def test_the_sides_of_a_box_that_are_not_pulled_keep_their_very_numbers(
    box: Box, side: tuple[int, int], place: Point
) -> None:
    made = bounds_of(resized(Detection(box=box), side, place))
    assert made is not None
    x, y = side
    still_x = (box.left, box.right) if x == 0 else (box.left,) if x > 0 else (box.right,)
    still_y = (box.top, box.bottom) if y == 0 else (box.top,) if y > 0 else (box.bottom,)
    assert all(number in (made.left, made.right) for number in still_x)
    assert all(number in (made.top, made.bottom) for number in still_y)
    if x:
        assert made.width >= SMALLEST - 1e-9
        assert abs(place.x - still_x[0]) < SMALLEST or place.x in (made.left, made.right)
    if y:
        assert made.height >= SMALLEST - 1e-9


@given(boxes(least=2), st.floats(-180, 180), st.sampled_from(SIDES), places())
def test_a_turned_rectangle_stays_one_and_keeps_the_side_across(
    box: Box, degrees: float, side: tuple[int, int], place: Point
) -> None:
    rectangle = TurnedRectangle.made(box.center, box.width, box.height, degrees)
    before = Detection(box=Polygon(rectangle.corners).bounds, outline=Polygon(rectangle.corners))
    made = resized(before, side, place)
    after = TurnedRectangle.of(corners_of(made))
    assert after is not None
    assert is_whole(made)
    assert math.cos(math.radians(after.degrees - rectangle.degrees)) == pytest.approx(1, abs=1e-6)
    # The middle of what lies across has not moved: it is still on the rectangle's rim.
    still = rectangle.at(-side[0], -side[1])
    rim = [after.at(x, y) for x in (-1, 0, 1) for y in (-1, 0, 1)]
    assert min(math.dist(still, each) for each in rim) == pytest.approx(0, abs=1e-6)
    assert min(after.width, after.height) >= SMALLEST - 1e-6
    if not side[0]:
        assert after.width == pytest.approx(rectangle.width)


@given(boxes(least=2), st.sampled_from([side for side in SIDES if all(side)]), places(), st.floats(-80, 80))
def test_a_corner_keeps_the_ratio_if_asked(box: Box, side: tuple[int, int], place: Point, degrees: float) -> None:
    made = bounds_of(resized(Detection(box=box), side, place, keeps_ratio=True))
    assert made is not None
    if min(made.width, made.height) > SMALLEST:
        assert made.width / made.height == pytest.approx(box.width / box.height)
    rectangle = TurnedRectangle.made(box.center, box.width, box.height, degrees)
    leaning = Detection(box=Polygon(rectangle.corners).bounds, outline=Polygon(rectangle.corners))
    after = TurnedRectangle.of(corners_of(resized(leaning, side, place, keeps_ratio=True)))
    assert after is not None
    assert after.width / after.height == pytest.approx(box.width / box.height)


def test_pulled_through_itself_a_rectangle_is_on_the_other_side() -> None:
    made = resized(Detection(box=Box(10, 10, 30, 30)), (1, 0), Point(2, 99))
    assert bounds_of(made) == Box(2, 10, 10, 30)
    thin = resized(Detection(box=Box(10, 10, 30, 30)), (1, 0), Point(10, 10))
    assert bounds_of(thin) == Box(10, 10, 11, 30)
    left = resized(Detection(box=Box(10, 10, 30, 30)), (-1, 0), Point(29.7, 10))
    assert bounds_of(left) == Box(29, 10, 30, 30)


@given(st.floats(-720, 720))
def test_turning_and_turning_back(degrees: float) -> None:
    for annotation in (BOX, ROTATED, POLYGON, TEXT):
        made = turned(annotation, degrees)
        assert is_whole(made)
        if isinstance(annotation, Detection) and annotation is not POLYGON and degrees:
            rectangle = TurnedRectangle.of(corners_of(made))
            assert rectangle is not None
            assert {round(rectangle.width, 6), round(rectangle.height, 6)} == {
                round(side, 6) for side in _sides(annotation)
            }


def _sides(annotation: Annotation) -> tuple[float, float]:
    rectangle = TurnedRectangle.of(corners_of(annotation))
    assert rectangle is not None
    return rectangle.width, rectangle.height


def test_a_turned_box_is_a_rotated_rectangle() -> None:
    made = turned(BOX, 90)
    assert form_of(made) is Form.ROTATED
    box = bounds_of(BOX)
    assert box is not None
    around = bounds_of(made)
    assert around is not None
    assert (around.width, around.height) == pytest.approx((box.height, box.width))
    assert turned(BOX, 0) == BOX


@given(boxes(), st.floats(-3000, 3000), st.floats(-3000, 3000))
def test_nothing_is_moved_out_of_the_picture(box: Box, dx: float, dy: float) -> None:
    x, y = shift_within(box, dx, dy, SIZE)
    made = box.translated(x, y)
    assert made.left >= -1e-9
    assert made.top >= -1e-9
    assert made.right <= SIZE.width + 1e-9
    assert made.bottom <= SIZE.height + 1e-9
    assert abs(x) <= abs(dx)
    assert x * dx >= 0


def test_what_stands_out_already_can_be_moved_in() -> None:
    assert shift_within(Box(-20, 0, 10, 10), 5, 0, SIZE) == (5, 0)
    assert shift_within(Box(-20, 0, 10, 10), -5, 0, SIZE) == (0, 0)


@given(planar(), boxes())
def test_fitting_into_a_box(annotation: Annotation, box: Box) -> None:
    made = with_box(annotation, box)
    around, before = bounds_of(made), bounds_of(annotation)
    assert around is not None
    assert before is not None
    assert is_whole(made)
    assert (around.left, around.top) == pytest.approx((box.left, box.top), abs=1e-6)
    if before.area > 0:
        assert around == pytest.approx(box, abs=1e-6)


def test_corners_are_moved_added_and_taken_out() -> None:
    more = with_new_vertex(POLYGON, 1, Point(55, 5))
    assert len(corners_of(more)) == len(corners_of(POLYGON)) + 1
    assert corners_of(more)[1] == (55, 5)
    assert without_vertex(more, 1) == POLYGON
    assert corners_of(with_vertex(TEXT, 2, Point(1, 2)))[2] == (1, 2)
    assert is_whole(with_vertex(POLYGON, 0, Point(1, 1)))
    assert with_new_vertex(TEXT, 1, Point(1, 1)) == TEXT
    assert without_vertex(TEXT, 1) == TEXT
    assert without_vertex(BOX, 1) == BOX
    assert form_of(with_new_vertex(BOX, 1, Point(15, 0))) is Form.POLYGON
    triangle = replace(POLYGON, outline=Polygon((Point(0, 0), Point(9, 0), Point(0, 9))), box=Box(0, 0, 9, 9))
    assert without_vertex(triangle, 0) == triangle


@given(planar(far=True))
def test_clipping_leaves_nothing_outside(annotation: Annotation) -> None:
    made = clipped(annotation, SIZE)
    before = bounds_of(annotation)
    assert before is not None
    if made is None:
        common = Box.whole(SIZE).intersection(before)
        assert common is None or form_of(annotation) in (Form.POLYGON, Form.ROTATED, Form.POINT)
        return
    after = bounds_of(made)
    assert after is not None
    assert is_whole(made)
    assert min(after.left, after.top) >= -1e-9
    assert after.right <= SIZE.width + 1e-9
    assert after.bottom <= SIZE.height + 1e-9
    assert clipped(made, SIZE) in (made, None) or form_of(made) in (Form.POLYGON, Form.ROTATED)


def test_clipping_by_examples() -> None:
    def clipped_box(*sides: float) -> Box | None:
        made = clipped(Detection(box=Box(*sides)), SIZE)
        return bounds_of(made) if made is not None else None

    assert clipped_box(-10, -10, 20, 30) == Box(0, 0, 20, 30)
    assert clipped_box(-10, -10, -1, 30) is None
    assert clipped_box(1, 2, 3, 4) == Box(1, 2, 3, 4)
    square = (Point(0, 0), Point(10, 0), Point(10, 10), Point(0, 10))
    diamond = (Point(5, -5), Point(15, 5), Point(5, 15), Point(-5, 5))
    assert Polygon(tuple(clip(diamond, square))).area == pytest.approx(100)
    assert clip((Point(20, 20), Point(30, 20), Point(30, 30)), square) == []
    assert inside(Point(-3, 9999), SIZE) == (0, SIZE.height)


def test_words_and_labels() -> None:
    assert words_of(with_words(TEXT, "new")) == "new"
    assert with_words(TEXT, "new").label == TEXT.label
    assert with_label(TEXT, "new").label == "new"
    assert words_of(with_label(TEXT, "new")) == words_of(TEXT)
    for annotation in (BOX, POINT, POLYGON, BLOCK, CUBOID, EVENT):
        assert words_of(with_words(annotation, "new")) == "new"
        assert words_of(with_label(annotation, "other")) == "other"


def test_the_box_round_all() -> None:
    assert bounds_of_all([]) is None
    assert bounds_of_all([CUBOID]) is None
    two: list[Annotation] = [Detection(box=Box(1, 2, 3, 4)), CUBOID, Detection(box=Box(0, 3, 9, 5))]
    assert bounds_of_all(two) == Box(0, 2, 9, 5)
