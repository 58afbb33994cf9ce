"""Pages as Markdown: Qt's own reader finds the words again, and nothing else in them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from page_documents import page_document_of
from PySide6.QtGui import QFont, QTextDocument

from qwvis_desktop.core.page.document import page_elements
from qwvis_desktop.core.page.elements import Cell, Figure, Heading, Item, Mark, PageBreak, Paragraph, Piece, Table
from qwvis_desktop.core.page.markdown import escape, markdown_of


def shown(markdown: str) -> QTextDocument:
    document = QTextDocument()
    document.setDefaultFont(QFont("Sans", 10))
    document.setMarkdown(markdown)
    return document


def test_all_kinds() -> None:
    elements = (
        Heading(block="a", words=(Piece("A # b"),), level=2),
        Paragraph(
            block="b",
            words=(Piece("so "), Piece("it", Mark.STRONG), Piece(" is "), Piece("x^2", Mark.FORMULA, "$x^2$")),
        ),
        Item(block="c", words=(Piece("one"),), number=1),
        Item(block="d", words=(Piece("in"),), depth=1),
        Figure(block="e", words=(Piece("a [cat]"),)),
    )
    assert markdown_of(elements, lambda figure: "p.files/1.png") == (
        "## A \\# b\n\nso **it** is $x^2$\n\n1. one\n    - in\n\n![a [cat]](p.files/1.png)\n"
    )
    assert markdown_of(elements[-1:]) == "[a [cat]]\n"


def test_tables_with_and_without_merged_cells() -> None:
    cells = (Cell((Piece("a|b"),), 0, 0, heading=True), Cell((Piece("c\nd"),), 1, 0))
    table = Table(block="a", cells=cells, rows=2, columns=1)
    assert markdown_of([table]) == "| a\\|b |\n| --- |\n| c<br>d |\n"
    merged = Table(block="a", cells=(Cell((Piece("<x>"),), 0, 0, columns=2),), rows=1, columns=2)
    assert markdown_of([merged]) == '<table>\n<tr><td colspan="2">&lt;x&gt;</td></tr>\n</table>\n'


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize(
    "text",
    ["<script>alert(1)</script>", "# no heading", "- no item", "1. no number", "**no**", "![x](file:///x)", "$no$",
     "[ ] task",
     "[x]: file:///x",
     "a\n===", "http://example.org www.example.org", "&lt;", "| a |", "```\ncode", "> quote", "\\*"],
)  # fmt: skip
def test_text_is_exported_as_text(text: str) -> None:
    element = Paragraph(block="a", words=(Piece(text),))
    document = shown(markdown_of([element]))
    assert document.toPlainText().split() == text.split()
    block = document.begin()
    assert block.blockFormat().headingLevel() == 0
    assert block.textList() is None


@pytest.mark.usefixtures("qapp")
@given(st.text("ab #*_`<>[]()!$|\\~&-+=.:/1w\n", min_size=1, max_size=40).filter(str.strip))
def test_whatever_is_written_is_read_again(text: str) -> None:
    document = shown(f"x {escape(' '.join(text.split()))}")
    assert document.toPlainText().split() == ["x", *text.split()]


def test_a_page_that_went_out_as_markdown_comes_back_the_same() -> None:
    reply = (
        '<h1 data-bbox="1 1 9 9">Title *x*</h1><p data-bbox="1 1 9 9">a <b>b</b> $y$ `z`</p>'
        '<table data-bbox="1 1 9 9"><tr><th>1</th><th>2</th></tr><tr><td>|</td><td>*</td></tr></table>'
    )
    before = page_elements(page_document_of(reply))
    after = page_elements(page_document_of(markdown_of(before), "document-markdown"))
    assert [getattr(each, "words", getattr(each, "cells", ())) for each in after] == [
        getattr(each, "words", getattr(each, "cells", ())) for each in before
    ]


def test_a_further_page_is_parted_by_a_rule() -> None:
    words = Paragraph(block="a", words=(Piece("x"),))
    assert markdown_of([words, PageBreak(block="", title="2"), words]) == "x\n\n---\n\nx\n"
