from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plane_annotations import BLOCK, BOX, CUBOID, EVENT, NOWHERE, PLANAR, POINT, POLYGON, ROTATED, SIZE, TEXT, planar

from qwvis_desktop.core.annotation import Annotation, Detection, LayoutBlock, TextRegion, bounds_of
from qwvis_desktop.core.geometry import Box, Point, Size
from qwvis_desktop.core.plane.forms import (
    Form,
    TurnedRectangle,
    converted,
    corners_of,
    form_of,
    with_corners,
    with_outline,
)


def test_forms() -> None:
    assert [form_of(each) for each in PLANAR] == [
        Form.BOX, Form.ROTATED, Form.POLYGON, Form.POINT, Form.TEXT, Form.BLOCK,
    ]  # fmt: skip
    assert [form_of(each) for each in (CUBOID, EVENT, NOWHERE)] == [None, None, None]
    assert corners_of(CUBOID) == corners_of(NOWHERE) == ()


@given(st.floats(-500, 500), st.floats(-500, 500), st.floats(0.5, 500), st.floats(0.5, 500), st.floats(-179.9, 179.9))
def test_a_rectangle_is_known_by_its_corners(x: float, y: float, width: float, height: float, degrees: float) -> None:
    made = TurnedRectangle.of(TurnedRectangle.made(Point(x, y), width, height, degrees).corners)
    assert made is not None
    assert made.center == pytest.approx((x, y), abs=1e-6)
    assert (made.width, made.height) == pytest.approx((width, height))
    assert math.cos(math.radians(made.degrees - degrees)) == pytest.approx(1)


def test_what_is_no_rectangle() -> None:
    assert TurnedRectangle.of(corners_of(TEXT)) is None
    assert TurnedRectangle.of(corners_of(POLYGON)) is None
    # A parallelogram has its corners where its halves say, and is none.
    assert TurnedRectangle.of([Point(0, 0), Point(10, 0), Point(14, 8), Point(4, 8)]) is None
    # Corners may go round either way.
    turned_round = TurnedRectangle.of(tuple(reversed(Box(0, 0, 10, 20).corners)))
    assert turned_round is not None
    assert {turned_round.width, turned_round.height} == {10, 20}


@given(planar(), st.sampled_from(Form))
def test_conversion_keeps_place_words_and_identity(annotation: Annotation, form: Form) -> None:
    made = converted(annotation, form, SIZE)
    before, after = bounds_of(annotation), bounds_of(made)
    assert before is not None
    assert after is not None
    assert made.id == annotation.id
    assert made.score == annotation.score
    if isinstance(made, Detection) and made.outline is not None:
        assert made.outline.bounds == made.box
    corners = corners_of(annotation)
    is_flat = form is Form.ROTATED and form_of(annotation) is Form.POLYGON
    if not is_flat or len(corners) != 4:
        assert form_of(made) is form
    if Form.POINT not in (form, form_of(annotation)):
        assert after == pytest.approx(before)
    elif form is Form.POINT:
        assert before.contains(Point(*after.center))


def test_words_go_along() -> None:
    box = converted(TEXT, Form.BOX, SIZE)
    assert box.label == "hello"
    text = converted(BOX, Form.TEXT, SIZE)
    assert isinstance(text, TextRegion)
    assert text.text == "cat"
    block = converted(BOX, Form.BLOCK, SIZE)
    assert isinstance(block, LayoutBlock)
    assert (block.tag, block.text) == ("cat", "cat")
    assert converted(BLOCK, Form.BOX, SIZE).label == "title"
    assert converted(CUBOID, Form.BOX, SIZE) == CUBOID
    assert converted(BOX, Form.BOX, SIZE) is BOX


def test_a_rectangle_becomes_a_polygon_that_can_be_bent_and_stays_where_it_is() -> None:
    made = converted(ROTATED, Form.POLYGON, SIZE)
    assert len(corners_of(made)) == 8
    assert corners_of(made)[::2] == corners_of(ROTATED)
    assert corners_of(converted(BOX, Form.ROTATED, SIZE)) == BOX.box.corners
    assert bounds_of(converted(POLYGON, Form.ROTATED, SIZE)) == POLYGON.box


def test_a_point_becomes_a_small_box_in_the_picture() -> None:
    made = bounds_of(converted(POINT, Form.BOX, Size(1000, 400)))
    assert made == Box(23, 34, 43, 54)
    corner = converted(POINT, Form.BOX, Size(35, 4000))
    assert bounds_of(corner) == Box(0, 4, 35, 84)


def test_corners_of_what_is_upright_make_its_box() -> None:
    points = (Point(1, 2), Point(5, 3), Point(4, 9))
    assert bounds_of(with_corners(BOX, points)) == Box(1, 2, 5, 9)
    assert form_of(with_corners(BOX, points)) is Form.BOX
    assert form_of(with_outline(BOX, points)) is Form.POLYGON
    assert form_of(with_outline(BLOCK, points)) is Form.BLOCK
    assert with_corners(CUBOID, points) == CUBOID
