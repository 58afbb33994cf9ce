from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st
from plane_annotations import CUBOID, planar

from qwvis_desktop.core.annotation import Annotation, Detection, Keypoint
from qwvis_desktop.core.geometry import Box, Point
from qwvis_desktop.core.plane.reading_order import reading_order


def word(key: str, left: float, top: float, height: float = 10) -> Detection:
    return Detection(id=key, box=Box(left, top, left + 20, top + height))


def test_line_by_line_each_from_the_left() -> None:
    words = [
        word("f", 60, 42),
        word("b", 30, 3),
        word("a", 0, 0),
        word("c", 70, -1),
        word("d", 0, 40),
        word("e", 30, 38),
    ]
    random.Random(1).shuffle(words)
    assert "".join(reading_order([CUBOID, *words])) == "abcdefcuboid"


def test_what_reaches_over_all_lines_does_not_make_them_one() -> None:
    page = [word("page", 0, 0, 100), word("a", 50, 0), word("b", 0, 40), word("c", 0, 90)]
    order = reading_order(page)
    assert [key for key in order if key != "page"] == ["a", "b", "c"]


def test_points() -> None:
    points = [Keypoint(id=key, point=Point(x, y)) for key, x, y in (("b", 5, 1), ("c", 0, 9), ("a", 1, 1))]
    assert reading_order(points) == ("a", "b", "c")


@settings(max_examples=30)
@given(st.lists(planar(), max_size=6))
def test_each_stands_in_it_once(annotations: list[Annotation]) -> None:
    order = reading_order(annotations)
    assert sorted(order) == sorted(each.id for each in annotations)
