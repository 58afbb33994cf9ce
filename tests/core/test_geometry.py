"""core.geometry: arithmetic of points, boxes and polygons."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qwvis_desktop.core.geometry import Box, Point, Polygon, Size

numbers = st.integers(-1000, 1000).map(float)
points = st.builds(Point, numbers, numbers)
boxes = st.builds(Box.from_corners, points, points)


def test_size() -> None:
    assert Size(3, 4).pixels == 12


def test_whole() -> None:
    assert Box.whole(Size(30, 20)) == Box(0.0, 0.0, 30.0, 20.0)


def test_measures() -> None:
    box = Box(10, 20, 40, 80)
    assert (box.width, box.height, box.area) == (30, 60, 1800)
    assert box.center == Point(25, 50)
    assert box.corners == (Point(10, 20), Point(40, 20), Point(40, 80), Point(10, 80))


@given(first=points, second=points)
def test_corners_in_any_order_make_the_same_ordered_box(first: Point, second: Point) -> None:
    box = Box.from_corners(first, second)
    assert (
        box == Box.from_corners(second, first) == Box.from_corners(Point(first.x, second.y), Point(second.x, first.y))
    )
    assert box.left <= box.right
    assert box.top <= box.bottom
    assert box.contains(first)
    assert box.contains(second)


@pytest.mark.parametrize(
    ("x", "y", "inside"),
    [(10, 20, True), (40, 80, True), (9.9, 50, False), (40.1, 50, False), (20, 19.9, False), (20, 80.1, False)],
)
def test_contains_with_its_border(x: float, y: float, inside: bool) -> None:
    assert Box(10, 20, 40, 80).contains(Point(x, y)) is inside


def test_translated() -> None:
    assert Box(1, 2, 3, 4).translated(10, -1) == Box(11, 1, 13, 3)


@given(first=boxes, second=boxes)
def test_intersection(first: Box, second: Box) -> None:
    common = first.intersection(second)
    assert common == second.intersection(first)
    if common is not None:
        assert common.area > 0
        for corner in common.corners:
            assert first.contains(corner)
            assert second.contains(corner)


@pytest.mark.parametrize("other", [Box(10, 0, 20, 10), Box(0, 10, 10, 20), Box(11, 0, 20, 10), Box(0, -9, 10, 0)])
def test_touching_boxes_have_nothing_in_common(other: Box) -> None:
    assert Box(0, 0, 10, 10).intersection(other) is None
    assert Box(0, 0, 10, 10).iou(other) == 0.0


def test_iou() -> None:
    assert Box(0, 0, 10, 10).intersection(Box(5, 5, 20, 20)) == Box(5, 5, 10, 10)
    assert Box(0, 0, 10, 10).iou(Box(5, 0, 15, 10)) == pytest.approx(50 / 150)
    assert Box(0, 0, 10, 10).iou(Box(0, 0, 10, 10)) == 1.0


@given(first=boxes, second=boxes)
def test_iou_is_a_share(first: Box, second: Box) -> None:
    assert 0.0 <= first.iou(second) <= 1.0


@given(box=boxes, turned=st.integers(0, 3), backwards=st.booleans())
def test_a_box_as_polygon(box: Box, turned: int, backwards: bool) -> None:
    outline = [*box.corners[turned:], *box.corners[:turned]]
    polygon = Polygon(tuple(reversed(outline) if backwards else outline))
    assert polygon.bounds == box
    assert polygon.area == pytest.approx(box.area)


def test_area_of_a_triangle() -> None:
    assert Polygon((Point(0, 0), Point(4, 0), Point(0, 3))).area == 6
