from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from text_lines import line

from qwvis_desktop.core.geometry import Point
from qwvis_desktop.core.text.places import (
    caret,
    clusters,
    distance,
    edges,
    is_right_to_left,
    offset_at,
    parts,
    sides_of,
    union,
    word_at,
)

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
TEXTS = st.text(st.sampled_from("aWi .漢字é\u0301שא1\U0001f600\n"), min_size=1, max_size=12)


def test_what_is_seen_as_one_letter() -> None:
    text = f"e\u0301{FAMILY}\U0001f1e9\U0001f1ea\U0001f1eb\U0001f1f7x"
    assert [text[start:end] for start, end in clusters(text)] == [
        "e\u0301", FAMILY, "\U0001f1e9\U0001f1ea", "\U0001f1eb\U0001f1f7", "x",
    ]  # fmt: skip


def test_letters_take_what_they_do_in_print() -> None:
    assert edges("") == (0.0,)
    first, second, _, end = edges("iW漢")
    assert (first, end) == (0.0, 1.0)
    assert second < 0.2


@pytest.mark.parametrize("degrees", [0, 7, 90, 180, 270])
def test_a_part_lies_in_the_line_however_it_is_turned(degrees: float) -> None:
    region = line("one two", 100, 100, degrees=degrees)
    (part,) = parts(region, 0, 3)
    share = [sides_of(region).shares(point) for point in part.points]
    assert [round(point.y, 6) for point in share] == [0, 0, 1, 1]
    assert min(point.x for point in share) == pytest.approx(0)
    assert 0.35 < max(point.x for point in share) < 0.55


def test_hebrew_begins_on_the_right() -> None:
    region = line("שלום עולם", 0, 0)
    assert is_right_to_left(region.text)
    assert offset_at(region, Point(90, 10)) == 0
    assert offset_at(region, Point(0, 10)) == len(region.text)
    (part,) = parts(region, 0, 4)
    assert part.bounds.right == pytest.approx(90)
    assert not is_right_to_left("12 a שלום")


def test_a_high_and_narrow_one_is_read_downwards() -> None:
    region = line("縦書きの", 0, 0, width=20, height=100)
    assert offset_at(region, Point(10, 1)) == 0
    assert offset_at(region, Point(10, 99)) == 4
    assert offset_at(region, Point(10, 51)) == 2


def test_several_lines_in_one_region() -> None:
    region = line("ab\ncd", 0, 0, width=40, height=40)
    assert offset_at(region, Point(0, 10)) == 0
    assert offset_at(region, Point(0, 30)) == 3
    assert len(parts(region, 1, 4)) == 2
    assert caret(region, 3)[0] == Point(0, 20)


@given(TEXTS, st.floats(-180, 180))
def test_a_caret_is_found_where_it_stands(text: str, degrees: float) -> None:
    region = line(text, 50, 60, width=120, height=30, degrees=degrees)
    for part in text.split("\n"):
        if part:
            for start, _ in clusters(part):
                offset = text.index(part) + start
                upper, lower = caret(region, offset)
                middle = Point((upper.x + lower.x) / 2, (upper.y + lower.y) / 2)
                assert caret(region, offset_at(region, middle))[0] == pytest.approx(upper, abs=1e-6)


@given(TEXTS)
def test_parts_fill_the_line(text: str) -> None:
    region = line(text, 0, 0, width=100, height=20)
    area = sum(part.area for part in parts(region, 0, len(text)))
    filled = sum(1 for each in text.split("\n") if each) / len(text.split("\n"))
    assert area == pytest.approx(2000 * filled, rel=1e-6)


def test_beside_the_end_is_nearer_than_above() -> None:
    region = line("ab", 0, 0, width=20, height=20)
    assert distance(region, Point(10, 10)) == 0
    assert distance(region, Point(30, 10)) < distance(region, Point(10, 30))


@pytest.mark.parametrize(
    ("text", "offset", "word"),
    [
        ("to be", 0, "to"),
        ("to be", 2, "to"),
        ("to be", 5, "be"),
        ("don't go", 2, "don't"),
        ("- x", 0, "-"),
        ("", 0, ""),
    ],
)
def test_words(text: str, offset: int, word: str) -> None:
    start, end = word_at(text, offset)
    assert text[start:end] == word


def test_the_rectangle_round_several() -> None:
    box = union([line("a", 0, 0, width=10), line("b", 30, 4, width=10)]).bounds
    assert box == pytest.approx((0, 0, 40, 24))


def test_a_region_without_extent_breaks_nothing() -> None:
    region = line("ab", 5, 5, width=0, height=0)
    assert offset_at(region, Point(0, 0)) in (0, 1, 2)
    assert distance(region, Point(9, 9)) == 0
