from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qwvis_desktop.core.annotation import TextRegion
from qwvis_desktop.core.field_places import PageText
from qwvis_desktop.core.geometry import Box, Polygon


def lines(*texts: str) -> list[TextRegion]:
    return [
        TextRegion(id=str(at), text=text, polygon=Polygon(Box(0, 30 * at, 200, 30 * at + 20).corners))
        for at, text in enumerate(texts)
    ]


def found(value: str, *texts: str) -> list[list[str]]:
    regions = lines(*texts)
    by_id = {region.id: region for region in regions}
    places = PageText(regions).places_of(value)
    return [[by_id[span.key].text[span.start : span.end] for span in place] for place in places]


@pytest.mark.parametrize(
    ("value", "text", "seen"),
    [
        ("A-17", "Invoice A-17 of May", "A-17"),
        ("a-17", "INVOICE Ａ－１７", "Ａ－１７"),
        ("Ada Lovelace", "to AdaLovelace, London", "AdaLovelace"),
        ("AdaLovelace", "Ada  Lovelace", "Ada  Lovelace"),
        ("宇通客车", "名称：宇通 客车股份", "宇通 客车"),
        ("1234.5", "Total 1,234.50 EUR", "1,234.50"),
        ("1,234.50", "Summe 1.234,50", "1.234,50"),
        ("1234567", "1'234'567", "1'234'567"),
        ("12345", "10 12 345,00 kg", "12 345,00"),
        ("$ 12.00", "sum 12", "12"),
        ("3.50", "Coffee 3,50", "3,50"),
        ("2024-05-16", "Date: 16.05.2024", "16.05.2024"),
        ("16/5/2024", "on 2024年5月16日", "2024年5月16日"),
        ("2024-05-16", "May 16, 2024", "May 16, 2024"),
        ("2024-05-16", "16th May 2024.", "16th May 2024"),
        ("16.05.24", "2024-05-16", "2024-05-16"),
    ],
)
def test_a_value_is_found_however_it_is_written(value: str, text: str, seen: str) -> None:
    assert found(value, "another line", text) == [[seen]]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("12", "2012 and 121 and A12"),
        ("cat", "category"),
        ("3.5", "3.55"),
        ("1.234", "1,2345"),
        ("2024-05-16", "2024-05-17"),
        ("2024-05-16", "12024-05-16"),
        ("", "anything"),
        ("-", "a - b"),
        ("x" * 5000, "x" * 5000),
        ("100", "1000"),
        ("1020.0", "10 20"),
    ],
)
def test_what_is_not_there_is_not_found(value: str, text: str) -> None:
    assert found(value, text) == []


def test_several_places_are_all_told() -> None:
    assert found("4.00", "Tea 4.00", "Sum 4,00", "40.00") == [["4.00"], ["4,00"]]


def test_a_value_may_go_on_in_the_next_line() -> None:
    assert found("12 High Street, London", "12 High Street,", "London SW1") == [["12 High Street,", "London"]]


@given(st.lists(st.text("12a. -/", min_size=1, max_size=8), min_size=1, max_size=4), st.data())
def test_whatever_stands_alone_in_a_line_is_found_there(texts: list[str], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(texts) - 1))
    value = texts[at]
    places = PageText(lines(*texts)).places_of(value)
    for place in places:
        for span in place:
            assert 0 <= span.start < span.end <= len(texts[int(span.key)])
    if any(map(str.isalnum, value)):
        assert any(span.key == str(at) for place in places for span in place)


def test_a_long_page_takes_no_time() -> None:
    page = PageText(lines(*(f"line {number} of 1,000.00 on 16.05.2024" for number in range(500))))
    begun = time.monotonic()
    for number in range(100):
        page.places_of(f"line {number}")
        page.places_of("2024-05-17")
    assert time.monotonic() - begun < 5
