from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plane_documents import BLOCK, plane_document
from text_pages import page, rectangle

from qwvis_desktop.core.annotation import LayoutBlock, TextRegion
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.geometry import Box, Point, Polygon
from qwvis_desktop.core.pdf_text import TextFont, as_seen, lines_of, text_content


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("plain 中文 123", "plain 中文 123"),
        ("אבג דה", "הד גבא"),
        ("אבג 123 abc", "abc 123 גבא"),
        ("one אב גד two", "one דג בא two"),
        ("אב (גד)", ")דג( בא"),
        ("12 אב 34", "34 בא 12"),
        ("", ""),
        ("שָ", "שָ"),
    ],
)
def test_letters_stand_as_they_are_seen(text: str, seen: str) -> None:
    assert as_seen(text) == seen


@given(st.text(alphabet="ab12 א\u05b8ב-ع٣()", max_size=20))
def test_no_letter_is_lost_in_turning(text: str) -> None:
    assert sorted(as_seen(text)) == sorted(text)


def test_each_letter_has_a_code_and_one_beyond_two_bytes_too() -> None:
    font = TextFont()
    assert font.encoded("A中") == "<00414E2D>"
    assert font.encoded("😀A😀") == "<E0000041E000>"
    assert font.encoded("\ue000\ud800") == "<E001FFFD>"
    objects = font.objects(lambda at: f"{at} 0 R")
    assert "20013 [1000]" in objects[1][0]


def test_lines_share_a_region_and_blocks_count_where_there_are_no_regions() -> None:
    region = TextRegion(text="one\n\ntwo", polygon=rectangle(0, 0, 100, 60))
    found = [(text, Polygon(quad).bounds) for text, quad in lines_of(page(region))]
    assert found == [("one", Box(0, 0, 100, 20)), ("two", Box(0, 40, 100, 60))]
    assert [text for text, _ in lines_of(plane_document(region, BLOCK))] == ["one", "two"]
    assert [text for text, _ in lines_of(plane_document(BLOCK))] == ["Title"]
    table = LayoutBlock(tag="table", text="<td>1</td>", box=Box(0, 0, 9, 9))
    assert list(lines_of(plane_document(table))) == []


def test_a_long_block_is_wrapped_without_losing_a_word() -> None:
    words = [f"word{number}" for number in range(60)]
    block = LayoutBlock(tag="p", text=" ".join(words), box=Box(0, 0, 400, 200))
    lines = [text for text, _ in lines_of(plane_document(block))]
    assert 6 <= len(lines) <= 12
    assert " ".join(lines).split() == words


def test_text_is_invisible_and_stretched_to_its_place() -> None:
    region = TextRegion(text="abcd", polygon=rectangle(10, 20, 100, 25))
    content = text_content(page(region), TextFont(), lambda point: Point(point.x, 1000 - point.y)).decode()
    assert "3 Tr" in content
    assert re.search(r"25\.0000 Tf 185\.1852 Tz 1 0 0 1 10 955 Tm", content)
    assert text_content(page(), TextFont(), lambda point: point) == b""
    flat = TextRegion(text="abcd", polygon=rectangle(10, 20, 100, 0))
    assert text_content(page(flat), TextFont(), lambda point: point) == b""


@given(st.text(max_size=10))
def test_any_text_is_plain_ascii_in_the_file(text: str) -> None:
    region = TextRegion(text=text, polygon=rectangle(10, 20, 100, 25))
    content = text_content(page_of(region), TextFont(), lambda point: point)
    has_width = any(unicodedata.category(letter)[0] not in "CZM" for letter in text)
    assert not has_width or content.isascii()


def page_of(region: TextRegion) -> Document:
    return plane_document(region)
