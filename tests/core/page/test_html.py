"""Pages as HTML of our own, read back by the standard library's reader."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from page_documents import page_document_of

from qwvis_desktop.core.page.document import page_elements
from qwvis_desktop.core.page.elements import Figure, Item, PageBreak, Paragraph, Piece
from qwvis_desktop.core.page.html import html_of

TAGS = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "table", "tr", "td", "th", "div", "span", "figure",
        "figcaption", "strong", "em", "code", "sup", "sub", "br"}  # fmt: skip


class Reader(HTMLParser):
    """Checks that tags are ours and closed in order, and keeps the text."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS
        assert {name for name, _ in attrs} <= {"class", "rowspan", "colspan", "start", "value"}
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def read(html: str) -> str:
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == []
    return reader.text


def test_all_kinds() -> None:
    reply = (
        '<h1 data-bbox="1 1 9 9">T &amp; x</h1><p data-bbox="1 1 9 9">a<br>b <b>c</b> $y$</p>'
        '<table data-bbox="1 1 9 9"><tr><th colspan="2">h</th></tr><tr><td>1</td><td>2</td></tr></table>'
        '<div class="formula" data-bbox="1 1 9 9">z</div><div class="chart" data-bbox="1 1 9 9"></div>'
    )
    assert html_of(page_elements(page_document_of(reply))) == (
        "<h1>T &amp; x</h1>\n"
        '<p>a<br>\nb <strong>c</strong> <span class="formula">$y$</span></p>\n'
        '<table>\n<tr><th colspan="2">h</th></tr>\n<tr><td>1</td><td>2</td></tr>\n</table>\n'
        '<div class="formula"><span class="formula">$$z$$</span></div>\n'
        "<figure><figcaption>[chart]</figcaption></figure>"
    )


@pytest.mark.parametrize(
    ("items", "html"),
    [
        ([(0, None), (0, None)], "<ul> <li>x </li> <li>x </li></ul>"),
        ([(0, 1), (1, None), (0, 2)], "<ol> <li>x <ul> <li>x </li></ul> </li> <li>x </li></ol>"),
        ([(0, 3), (0, 7)], '<ol start="3"> <li>x </li> <li value="7">x </li></ol>'),
        ([(5, None), (0, 1)], "<ul> <li>x </li></ul> <ol> <li>x </li></ol>"),
    ],
)
def test_lists(items: list[tuple[int, int | None]], html: str) -> None:
    elements = [Item(block="a", words=(Piece("x"),), depth=depth, number=number) for depth, number in items]
    assert html_of(elements).replace("\n", " ") == html


@given(st.lists(st.tuples(st.integers(0, 5), st.none() | st.integers(0, 9)), max_size=12))
def test_any_list_is_closed_in_order(items: list[tuple[int, int | None]]) -> None:
    elements = [Item(block="a", words=(Piece("x"),), depth=depth, number=number) for depth, number in items]
    assert read(html_of(elements)).split() == ["x"] * len(items)


@given(st.text(max_size=60))
def test_text_is_text(text: str) -> None:
    found = read(html_of([Paragraph(block="a", words=(Piece(text),)), Figure(block="b", words=(Piece(text),))]))
    plain = "".join(sign for sign in text if sign >= " " and not "\x7f" <= sign <= "\x9f")
    assert (
        "".join(plain.split()).replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd") in "".join(found.split())
        or "\x00" <= min(text) < " "
        or any("\x7f" <= sign <= "\x9f" for sign in text)
    )


def test_a_further_page_is_parted_by_a_rule() -> None:
    assert html_of([PageBreak(block="", title="2")]) == "<hr>"
