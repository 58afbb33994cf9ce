from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plane_annotations import BOX, CUBOID, POINT, POLYGON, TEXT, planar

from qwvis_desktop.core.annotation import Annotation, Detection, Provenance, TextRegion
from qwvis_desktop.core.geometry import Box, Point, Polygon
from qwvis_desktop.core.plane.editing import moved, turned
from qwvis_desktop.core.plane.overlap import duplicates, iou

MODEL = Provenance("r", (0, 1))


def detection(key: str, *sides: float, label: str = "cat", score: float | None = None) -> Detection:
    return Detection(id=key, label=label, box=Box(*sides), score=score, provenance=MODEL)


@given(planar(), planar())
def test_iou_is_a_share_and_the_same_both_ways(first: Annotation, second: Annotation) -> None:
    found = iou(first, second)
    assert 0 <= found <= 1
    assert found == pytest.approx(iou(second, first), abs=1e-6)


def test_iou_by_examples() -> None:
    assert iou(BOX, BOX) == 1
    assert iou(POLYGON, POLYGON) == pytest.approx(1)
    assert iou(TEXT, replace(TEXT, polygon=Polygon(tuple(reversed(TEXT.polygon.points))))) == pytest.approx(1)
    assert iou(BOX, CUBOID) == iou(CUBOID, CUBOID) == iou(POINT, POINT) == 0
    assert iou(BOX, moved(BOX, 5000, 0)) == 0
    square = Detection(box=Box(0, 0, 10, 10))
    # Two squares, one turned by 45 degrees: what is common is a regular octagon, 82.84 of 100.
    assert iou(square, turned(square, 45)) == pytest.approx(82.8427 / (200 - 82.8427), abs=1e-4)
    assert iou(square, Detection(box=Box(5, 0, 15, 10))) == pytest.approx(1 / 3)


def test_where_an_outline_is_not_convex_its_box_counts() -> None:
    arrow = Polygon((Point(0, 0), Point(10, 5), Point(0, 10), Point(4, 5)))
    first = Detection(box=arrow.bounds, outline=arrow)
    assert iou(first, Detection(box=Box(0, 0, 10, 10))) == 1
    star = Polygon(tuple(Point(*p) for p in ((5, 0), (8, 10), (0, 4), (10, 4), (2, 10))))
    assert iou(Detection(box=star.bounds, outline=star), Detection(box=star.bounds)) == 1


def test_of_each_pile_the_best_stays() -> None:
    pile: list[Annotation] = [
        detection("low", 0, 0, 10, 10, score=0.3),
        detection("high", 0, 0, 10, 9.5, score=0.9),
        detection("other label", 0, 0, 10, 10, label="dog"),
        detection("elsewhere", 50, 0, 60, 10, score=0.1),
        CUBOID,
    ]
    assert duplicates(pile, 0.9) == ("low",)
    assert duplicates(pile, 0.96) == ()
    by_hand = replace(detection("by hand", 0, 0, 10, 10), provenance=None)
    assert duplicates([*pile, by_hand], 0.9) == ("low", "high")
    same = TextRegion(id="again", text="hello", polygon=TEXT.polygon)
    assert duplicates([TEXT, same], 0.9) == ("again",)


@given(st.lists(st.tuples(st.floats(0, 50), st.floats(0, 50), st.floats(1, 40), st.floats(1, 40)), max_size=12))
def test_none_that_stays_is_a_duplicate_and_each_that_goes_is_one(numbers: list[tuple[float, ...]]) -> None:
    found = [
        detection(str(place), x, y, x + w, y + h, score=(place % 3) / 3) for place, (x, y, w, h) in enumerate(numbers)
    ]
    gone = set(duplicates(found, 0.5))
    stay = [each for each in found if each.id not in gone]
    assert all(iou(a, b) < 0.5 for a in stay for b in stay if a is not b)
    assert all(any(iou(each, kept) >= 0.5 for kept in stay) for each in found if each.id in gone)
