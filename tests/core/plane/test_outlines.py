from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qwvis_desktop.core.annotation import Annotation, Detection, Keypoint, LayoutBlock, TextRegion, VideoEvent
from qwvis_desktop.core.geometry import Box, Point, Polygon
from qwvis_desktop.core.plane.forms import TurnedRectangle
from qwvis_desktop.core.plane.outlines import (
    box_of,
    category_of,
    crosses_itself,
    detection_of,
    is_upright,
    label_of,
    outline_of,
    rectangle_of,
    ring_of,
    smallest_rectangle,
    text_of,
)

SIDE = st.floats(1, 5000)
PLACE = st.floats(-5000, 5000)
RECTANGLES = st.builds(TurnedRectangle.made, st.builds(Point, PLACE, PLACE), SIDE, SIDE, st.floats(-180, 180))
KITE = Polygon((Point(5, 0), Point(12, 5), Point(5, 10), Point(0, 5)))


@given(RECTANGLES)
def test_the_smallest_rectangle_round_a_rectangle_is_itself(rectangle: TurnedRectangle) -> None:
    corners = rectangle.corners
    middle = [Point((a.x + b.x) / 2, (a.y + b.y) / 2) for a, b in pairwise(corners)]
    found = smallest_rectangle([*middle, *corners])
    assert found.width * found.height == pytest.approx(rectangle.width * rectangle.height, rel=1e-4)


@given(st.lists(st.builds(Point, PLACE, PLACE), min_size=3, max_size=12))
def test_the_smallest_rectangle_holds_all_points_and_is_no_larger_than_the_box(points: list[Point]) -> None:
    found = smallest_rectangle(points)
    cos, sin = math.cos(math.radians(found.degrees)), math.sin(math.radians(found.degrees))
    for x, y in points:
        across = (x - found.center.x) * cos + (y - found.center.y) * sin
        down = (y - found.center.y) * cos - (x - found.center.x) * sin
        assert abs(across) <= found.width / 2 + 1e-3
        assert abs(down) <= found.height / 2 + 1e-3
    assert found.width * found.height <= Polygon(tuple(points)).bounds.area + 1e-3


def test_a_rectangle_is_taken_as_it_is_and_else_the_smallest_round_the_points() -> None:
    turned = TurnedRectangle.made(Point(10, 10), 8, 4, 30)
    assert rectangle_of(turned.corners).degrees == pytest.approx(30)
    assert smallest_rectangle([Point(0, 0), Point(3, 4)]).width == pytest.approx(5)
    assert rectangle_of(KITE.points[:3]).width > 0


def test_names_and_outlines_of_each_kind() -> None:
    box = Detection(label="a", box=Box(0, 0, 2, 1))
    kite = replace(box, box=KITE.bounds, outline=KITE)
    text = TextRegion(text="word", polygon=KITE)
    block = LayoutBlock(tag="h1", text="Title", box=Box(0, 0, 2, 1))
    point = Keypoint(point=Point(1, 1))
    event = VideoEvent(start=0, end=1)
    kinds: tuple[Annotation, ...] = (box, kite, text, block, point, event)
    assert [*map(category_of, kinds)] == ["a", "a", "text", "h1", "unlabelled", "unlabelled"]
    assert [*map(outline_of, kinds)] == [None, KITE, KITE, None, None, None]
    assert [len(ring_of(kind)) for kind in kinds] == [4, 4, 4, 4, 0, 0]
    assert [*map(text_of, kinds)] == ["", "", "word", "Title", "", ""]
    assert (label_of("unlabelled"), label_of("cat")) == ("", "cat")


def test_an_outline_that_is_an_upright_box_is_a_box() -> None:
    corners = Box(1, 2, 3, 4).corners
    assert is_upright(corners[::-1])
    assert not is_upright(KITE.points)
    assert detection_of(corners, "a").outline is None
    kite = detection_of(KITE.points, "a", score=0.5)
    assert (kite.outline, kite.box, kite.score) == (KITE, KITE.bounds, 0.5)
    for points in (KITE.points[:2], [Point(0, 0), Point(1, 0), Point(2, 0)]):
        with pytest.raises(ValueError, match="outline"):
            detection_of(points, "a")


def test_a_box_has_an_area() -> None:
    assert box_of(3, 4, 1, 2) == (1, 2, 3, 4)
    with pytest.raises(ValueError, match="no area"):
        box_of(1, 2, 1, 4)


def test_an_outline_that_crosses_itself_is_told_from_one_that_touches_itself() -> None:
    square = [Point(0, 0), Point(10, 0), Point(10, 10), Point(0, 10)]
    assert not crosses_itself(square)
    assert crosses_itself([square[0], square[2], square[1], square[3]])
    # Two squares, and a way from one to the other and back, as tools write what has several parts.
    there = [Point(p.x + 20, p.y) for p in square]
    assert not crosses_itself([*square[:2], *there, there[0], square[1], *square[2:]])
