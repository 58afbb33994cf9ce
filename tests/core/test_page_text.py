from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plane_documents import BLOCK, BOX, TEXT, plane_document
from text_pages import rectangle

from qwvis_desktop.core.annotation import JsonValue, LayoutBlock, TextRegion
from qwvis_desktop.core.geometry import Box, Point, Polygon
from qwvis_desktop.core.page_text import (
    Word,
    degrees_of,
    part_down,
    quad_of,
    texts_in_order,
    width_of,
    words_attribute,
    words_of,
)


def region(text: str, polygon: Polygon | None = None, **more: Any) -> TextRegion:
    return TextRegion(text=text, polygon=polygon or rectangle(100, 50, 200, 20), **more)


def test_texts_come_in_their_order_without_what_has_no_place() -> None:
    placeless = LayoutBlock(tag="p", text="x", box=None)
    assert texts_in_order(plane_document(TEXT, BOX, placeless, BLOCK)) == (TEXT, BLOCK)


def test_the_first_side_runs_along_the_text() -> None:
    level = region("a line").polygon.points
    assert quad_of(region("a line")) == level
    assert quad_of(region("竖排文字", rectangle(0, 0, 20, 100)))[0] == (20, 0)
    assert quad_of(region("I", rectangle(0, 0, 5, 30)))[0] == (0, 0)
    five = Polygon((Point(0, 0), Point(50, 0), Point(100, 0), Point(100, 20), Point(0, 20)))
    assert quad_of(region("five corners", five)) == ((0, 0), (100, 0), (100, 20), (0, 20))


@pytest.mark.parametrize("degrees", [0, 7, -7, 90, -90, 180])
def test_the_angle_is_that_of_the_text(degrees: float) -> None:
    assert degrees_of(quad_of(region("some text", rectangle(300, 300, 200, 20, degrees)))) == pytest.approx(degrees)


def test_a_single_word_is_known_and_several_are_not() -> None:
    (word,) = words_of(region("Total", score=0.5))
    assert (word.text, word.box, word.score, word.estimated) == ("Total", Box(100, 50, 300, 70), 0.5, False)
    assert words_of(region("two words")) == ()
    first, second = words_of(region("two words", score=0.5), estimate=True)
    assert (first.estimated, first.score, second.estimated) == (True, None, True)
    assert tuple(first.box) == pytest.approx((100, 50, 171.0, 70), abs=0.1)
    assert tuple(second.box) == pytest.approx((183.6, 50, 300, 70), abs=0.1)
    assert words_of(region(" \n"), estimate=True) == ()


def test_wide_letters_take_twice_the_room_and_marks_none() -> None:
    assert [width_of(letter) for letter in "a中é\u0301\u200d"] == [0.54, 1, 0.54, 0, 0]
    first, _ = words_of(region("中文 abc"), estimate=True)
    assert first.box.right == pytest.approx(100 + 200 * 2 / (2 + 0.3 + 3 * 0.54))


def test_what_runs_to_the_left_begins_at_the_right() -> None:
    first, second = words_of(region("שלום עולם"), estimate=True)
    assert (first.box.right, second.box.left) == (300, 100)


def test_words_that_a_file_told_are_known_until_text_or_place_change() -> None:
    told = (
        Word("two", Box(100, 50, 160, 70).corners, 0.9),
        Word("words", Box(170, 51, 299, 70).corners),
    )
    found = region("two words", attributes={"words": words_attribute(told)})
    assert words_of(found, estimate=True) == told
    assert words_of(replace(found, text="two swords")) == ()
    assert words_of(replace(found, polygon=rectangle(400, 50, 200, 20))) == ()
    damages: list[JsonValue] = ["x", [1], [{"text": "two"}], [{"text": "two", "box": [1, 2, 3, "4"]}]]
    for damaged in damages:
        assert words_of(replace(found, attributes={"words": damaged})) == ()


def test_lines_share_the_height() -> None:
    quad = quad_of(region("x"))
    assert Polygon(part_down(quad, 0.5, 1)).bounds == (100, 60, 300, 70)


@given(st.text(max_size=30))
def test_estimated_words_lie_inside_and_hold_all_letters(text: str) -> None:
    words = words_of(region(text), estimate=True)
    assert [word.text for word in words] in ([], text.split())
    for word in words:
        assert word.box.left >= 100 - 1e-9
        assert word.box.right <= 300 + 1e-9
