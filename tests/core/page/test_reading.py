from __future__ import annotations

from dataclasses import replace

import pytest
from page_documents import media_of, page_document_of, page_run

from qwvis_desktop.core.annotation import Detection, TextRegion
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.geometry import Box, Polygon
from qwvis_desktop.core.label_file import sentences
from qwvis_desktop.core.page.elements import Paragraph, Table, words_of
from qwvis_desktop.core.page.reading import answer_elements, losses, readable_elements


def line(text: str, left: float, top: float, right: float) -> TextRegion:
    box = Box(left, top, right, top + 20)
    return TextRegion(text=text, polygon=Polygon(box.corners))


def test_blocks_come_before_lines_of_text() -> None:
    document = page_document_of('<p data-bbox="1 1 9 9">block</p>')
    document.add([line("line", 0, 0, 50)])
    assert [words_of(each) for each in readable_elements(document)] == ["block"]
    assert "1 line of text beside the blocks of the page" in " ".join(sentences(losses(document)))


def test_lines_of_text_are_paragraphs_and_tables() -> None:
    document = Document(media_of())
    document.add([line("One", 0, 0, 40), line("two", 0, 24, 40), line("Three $x$", 0, 120, 90)])
    assert [words_of(each) for each in readable_elements(document)] == ["One\ntwo", "Three $x$"]
    document = Document(media_of())
    document.add([line("a", 0, 0, 20), line("b", 200, 0, 220), line("c", 0, 24, 20), line("d", 200, 24, 220)])
    (table,) = readable_elements(document)
    assert isinstance(table, Table)
    assert table.grid() == [["a", "b"], ["c", "d"]]


@pytest.mark.parametrize(
    ("task", "said"),
    [
        ("read-text", ["one\ntwo", "three"]),
        ("ocr:document_parsing", ["one\ntwo", "three"]),
        ("ask", []),
        ("caption", []),
    ],
)
def test_an_answer_is_the_page_where_that_was_asked(task: str, said: list[str]) -> None:
    run = replace(page_run("one\ntwo\n\nthree", task), status=None)
    document = page_document_of("", run=run)
    assert [words_of(each) for each in readable_elements(document)] == said
    assert ("the answer in words" in " ".join(sentences(losses(document)))) == (not said)


def test_a_table_of_the_ocr_service_is_a_table() -> None:
    words, table = answer_elements(
        "```html\n<p>x</p><table><tr><td colspan='2'>a<td>b</tr></table>\n<script src='file:///x'></script>```"
    )
    assert isinstance(words, Paragraph)
    assert isinstance(table, Table)
    assert table.grid() == [["a", "", "b"]]


def test_what_is_no_part_of_a_page_is_said() -> None:
    document = page_document_of('<div class="image" data-bbox="1 1 9 9">x</div><p>y</p>')
    document.add([Detection(label="cat", box=Box(0, 0, 5, 5))])
    assert sentences(losses(document, figures=False)) == sentences(
        (
            (1, "1 box", "{} boxes"),
            (2, "the place of 1 part of the page", "the places of {} parts of the page"),
            (1, "1 figure (what is said of it is kept)", "{} figures"),
        )
    )
