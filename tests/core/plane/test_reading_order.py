from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from plane_annotations import CUBOID, planar
from text_lines import line

from qwvis_desktop.core.annotation import Annotation, Detection, Keypoint
from qwvis_desktop.core.geometry import Box, Point
from qwvis_desktop.core.plane.reading_order import column_order, reading_order


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


def stack(prefix: str, left: float, top: float, count: int, width: float = 200) -> list[Detection]:
    return [
        Detection(id=f"{prefix}{row}", box=Box(left, top + 24 * row, left + width, top + 24 * row + 20))
        for row in range(count)
    ]


def spread(key: str, left: float, top: float, right: float, height: float = 20) -> Detection:
    return Detection(id=key, box=Box(left, top, right, top + height))


def assert_read_in_order(parts: Sequence[Sequence[Detection]]) -> None:
    """Check that parts are read in their order, from however they are shuffled."""
    boxes = [each for part in parts for each in part]
    expected = [each.id for each in boxes]
    random.Random(7).shuffle(boxes)
    assert list(column_order(boxes)) == expected


def test_columns_under_a_heading_that_spans_them() -> None:
    heading = [spread("heading", 0, 0, 420, 40)]
    assert_read_in_order([heading, stack("a", 0, 60, 6), stack("b", 220, 60, 6)])
    assert_read_in_order([heading, stack("a", 0, 60, 5, 130), stack("b", 145, 60, 5, 130), stack("c", 290, 60, 5, 130)])


def test_a_heading_between_two_parts_with_columns() -> None:
    assert_read_in_order(
        [
            stack("a", 0, 0, 4),
            stack("b", 220, 0, 4),
            [spread("heading", 0, 110, 420)],
            stack("c", 0, 140, 4),
            stack("d", 220, 140, 4),
        ]
    )


def test_columns_of_other_heights_and_a_footer() -> None:
    assert_read_in_order([stack("a", 0, 0, 8), stack("b", 220, 7, 5), [spread("foot", 100, 260, 320)]])


def test_a_table_is_read_across() -> None:
    rows = [[spread(f"item{row}", 0, 24 * row, 180), spread(f"price{row}", 300, 24 * row, 340)] for row in range(6)]
    assert_read_in_order(rows)


def test_one_column_stays_one() -> None:
    assert_read_in_order([stack("a", 0, 0, 12, 400)])


def test_paragraphs_of_columns_are_not_read_across() -> None:
    assert_read_in_order(
        [[*stack("a", 0, 0, 3), *stack("A", 0, 120, 3)], [*stack("b", 220, 0, 3), *stack("B", 220, 120, 3)]]
    )


def test_columns_of_hebrew_are_read_from_the_right() -> None:
    left = [line("שלום", 0, 24 * row, width=200, key=f"l{row}") for row in range(4)]
    right = [line("עולם", 220, 24 * row, width=200, key=f"r{row}") for row in range(4)]
    assert list(column_order([*left, *right])) == [each.id for each in (*right, *left)]


@given(st.lists(planar(), max_size=8))
def test_each_stands_in_the_order_of_columns_once(annotations: list[Annotation]) -> None:
    order = column_order([CUBOID, *annotations])
    assert sorted(order) == sorted(each.id for each in (CUBOID, *annotations))


@given(st.integers(1, 4), st.integers(3, 6), st.floats(-500, 500), st.floats(0.2, 20))
def test_columns_wherever_and_however_large(columns: int, rows: int, shift: float, scale: float) -> None:
    parts = [stack(f"{column}-", 230 * column, 3 * column, rows) for column in range(columns)]
    moved = [replace(each, box=Box(*(shift + scale * side for side in each.box))) for part in parts for each in part]
    expected = [each.id for each in moved]
    random.Random(3).shuffle(moved)
    assert list(column_order(moved)) == expected


def test_a_thousand_hostile_boxes_end() -> None:
    boxes = [Detection(id=str(n), box=Box(n, n, n + 1, n + 1)) for n in range(1000)]
    assert len(column_order(boxes)) == 1000
