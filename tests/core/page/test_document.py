"""Pages from replies: what becomes a heading, a list, a table, a figure; and that hostile markup stays plain text."""

from __future__ import annotations

import io
import json
import math
import random
import re
import time
from dataclasses import replace
from pathlib import Path

import pytest
from audit import watched
from hypothesis import given
from hypothesis import strategies as st
from page_documents import page_document_of, page_run
from PIL import Image, ImageChops, ImageStat

from qwvis_desktop.core.annotation import LayoutBlock
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.geometry import Box, Size
from qwvis_desktop.core.media.cut import cut_out
from qwvis_desktop.core.media.image import open_image
from qwvis_desktop.core.page.document import page_elements
from qwvis_desktop.core.page.elements import (
    Element,
    Figure,
    FormulaBlock,
    Heading,
    Item,
    Mark,
    Paragraph,
    Piece,
    Table,
    plain,
    words_of,
)

CORPUS = Path(__file__).parents[3] / ".." / "shared" / "corpus" / "cases.json"
needs_corpus = pytest.mark.skipif(not CORPUS.exists(), reason="the corpus of replies is not beside this checkout")


def elements(reply: str, task: str = "document-html") -> tuple[Element, ...]:
    return page_elements(page_document_of(reply, task))


def only(reply: str, task: str = "document-html") -> Element:
    (element,) = elements(reply, task)
    return element


def html_table(inner: str) -> Table:
    found = only(f'<table data-bbox="0 0 500 500">{inner}</table>')
    assert isinstance(found, Table)
    return found


class TestHtml:
    def test_headings_paragraphs_and_entities(self) -> None:
        heading, paragraph = elements(
            '<h2 data-bbox="10 20 300 40">A &amp; B</h2><p data-bbox="10 50 300 90">one<br>two</p>'
        )
        assert isinstance(heading, Heading)
        assert heading.level == 2
        assert plain(heading.words) == "A & B"
        assert heading.box == Box(10, 20, 300, 40)
        assert isinstance(paragraph, Paragraph)
        assert plain(paragraph.words) == "one\ntwo"

    def test_lists_keep_their_depth_and_numbers(self) -> None:
        found = elements(
            '<ol start="3"><li data-bbox="1 10 90 30">a<ul><li data-bbox="5 20 90 29">in</li></ul></li>'
            '<li data-bbox="1 30 90 40">b</li></ol><ul><li data-bbox="1 50 90 60">c</li></ul>'
        )
        items = [(plain(each.words), each.depth, each.number) for each in found if isinstance(each, Item)]
        assert items == [("a", 0, 3), ("in", 1, None), ("b", 0, 4), ("c", 0, None)]

    def test_a_table_keeps_cells_over_several_rows_and_columns(self) -> None:
        table = html_table(
            '<tr><th rowspan="2">A</th><th colspan=2>B</th></tr><tr><td>1</td><td>m<sup>2</sup></td></tr>'
        )
        assert (table.rows, table.columns) == (2, 3)
        placed = [(plain(c.words), c.row, c.column, c.rows, c.columns, c.heading) for c in table.cells]
        assert placed == [
            ("A", 0, 0, 2, 1, True),
            ("B", 0, 1, 1, 2, True),
            ("1", 1, 1, 1, 1, False),
            ("m2", 1, 2, 1, 1, False),
        ]
        assert table.cells[3].words == (Piece("m"), Piece("2", Mark.RAISED))
        assert table.grid() == [["A", "B", ""], ["", "1", "m2"]]
        assert words_of(table) == "A\tB\t\n\t1\tm2"

    def test_what_stands_in_a_table_outside_of_its_cells_is_kept(self) -> None:
        caption, table = elements('<table data-bbox="0 0 9 9"><caption>Sales</caption><tr><td>1</td></tr></table>')
        assert words_of(caption) == "Sales"
        assert isinstance(table, Table)

    def test_a_table_in_a_cell_is_words_of_that_cell(self) -> None:
        table = html_table("<tr><td>a<table><tr><td>x</td><td>y</td></tr></table></td><td>b</td></tr>")
        assert table.grid() == [["a x y", "b"]]

    @pytest.mark.parametrize(
        ("spans", "size"),
        [
            ('rowspan="0"', (2, 2)),
            ('rowspan="65535" colspan="65535"', (2, 401)),
            ('rowspan="-3" colspan="x"', (2, 2)),
            ('colspan="99999999"', (2, 401)),
        ],
    )
    def test_cells_of_any_size_stay_within_bounds(self, spans: str, size: tuple[int, int]) -> None:
        table = html_table(f"<tr><td {spans}>a</td><td>b</td></tr><tr><td>c</td></tr>")
        assert (table.rows, table.columns) == size
        assert [plain(cell.words) for cell in table.cells] == ["a", "b", "c"]
        assert_no_overlap(table)

    def test_a_table_beyond_all_measure_keeps_its_words(self) -> None:
        table = html_table('<tr><td rowspan="400" colspan="400">x</td></tr>' * 400)
        assert len(table.cells) == 400
        assert table.rows * table.columns <= 20_000

    def test_figures_are_places_with_what_is_said_of_them(self) -> None:
        first, second = elements(
            '<div class="image" data-bbox="10 20 30 40"><img data-bbox="10 20 30 40"/></div>'
            '<div class="music sheet" data-bbox="10 50 30 90">a song</div>'
        )
        assert first == Figure(block=first.block, box=Box(10, 20, 30, 40), words=(), tag="image")
        assert isinstance(second, Figure)
        assert (second.tag, plain(second.words)) == ("music sheet", "a song")

    def test_formulas_alone_and_in_a_line(self) -> None:
        alone, line = elements(
            '<div class="formula" data-bbox="1 1 9 9">E = mc^2</div><p data-bbox="1 9 9 19">so $x^2$, for $5</p>'
        )
        assert isinstance(alone, FormulaBlock)
        assert (alone.latex, alone.written) == ("E = mc^2", "$$E = mc^2$$")
        assert isinstance(line, Paragraph)
        assert line.words == (Piece("so "), Piece("x^2", Mark.FORMULA, "$x^2$"), Piece(", for $5"))

    def test_a_formula_and_a_table_that_were_not_read_are_figures(self) -> None:
        kinds = elements(
            '<div class="formula" data-bbox="1 1 9 9"></div><div class="table" data-bbox="1 9 9 19"></div>'
        )
        assert [(type(each), getattr(each, "tag", "")) for each in kinds] == [(Figure, "formula"), (Figure, "table")]

    def test_a_block_inside_another_is_told_once_and_after_it(self) -> None:
        found = elements('<div class="text" data-bbox="0 0 90 90">out<p data-bbox="5 5 50 50">in</p>side</div>')
        assert [words_of(each) for each in found] == ["out\nside", "in"]


class TestMarkdown:
    REPLY = r"""# Head **bold**

Words with $a$, `code`, \*stars\* and <b>html</b>,
H<sub>2</sub>O ![a cat](http://example.org/cat.png) [here](javascript:alert(1)).

1. one
2. two
   - inner

<!-- Table (100, 200, 300, 400) -->
\begin{table}\caption{Sales}\begin{tabular}{|l|c|}
\hline
A & \multicolumn{2}{c}{B \% $x & y$} \\ \hline
\multirow{2}{*}{tall} & 1 & \textbf{2}\\[2pt]
 & 3 & 4 \\ \hline
\end{tabular}\end{table}

<!-- Image (10, 20, 300, 400) -->

$$
E = mc^2
$$

| a | b |
|---|---|
| 1 | 2 \| 3 |
"""

    def test_all_of_a_page(self) -> None:
        found = elements(self.REPLY, "document-markdown")
        kinds = [type(each).__name__ for each in found]
        assert kinds == [
            *("Heading", "Paragraph", "Item", "Item", "Item", "Paragraph", "Table", "Figure", "FormulaBlock", "Table")
        ]
        heading, words, _, two, inner, caption, table, figure, formula, pipes = found
        assert isinstance(heading, Heading)
        assert heading.words == (Piece("Head "), Piece("bold", Mark.STRONG))
        assert "*stars* and <b>html</b>" in words_of(words)
        assert "a cat (http://example.org/cat.png)" in words_of(words)
        assert isinstance(two, Item)
        assert isinstance(inner, Item)
        assert (two.number, two.depth, inner.number, inner.depth) == (2, 0, None, 1)
        assert words_of(caption) == "Sales"
        assert isinstance(table, Table)
        assert table.grid() == [["A", "B % $x & y$", ""], ["tall", "1", "2"], ["", "3", "4"]]
        assert table.cells[2].rows == 2
        assert table.box == Box(100, 200, 300, 400)
        assert figure.box == Box(10, 20, 300, 400)
        assert isinstance(formula, FormulaBlock)
        assert formula.latex == "E = mc^2"
        assert isinstance(pipes, Table)
        assert pipes.grid() == [["a", "b"], ["1", "2 | 3"]]
        assert [cell.heading for cell in pipes.cells] == [True, True, False, False]

    def test_a_cell_of_latex_does_not_cover_what_has_words(self) -> None:
        table = only(r"\begin{tabular}{cc} \multirow{3}{*}{a} & b \\ x & c \\ \end{tabular}", "document-markdown")
        assert isinstance(table, Table)
        assert table.grid() == [["a", "b"], ["x", "c"]]


class TestEdits:
    def test_what_a_person_wrote_counts_before_the_reply(self) -> None:
        document = page_document_of('<p data-bbox="1 1 9 9">so <b>it</b> was</p>')
        (block,) = document.annotations.values()
        assert isinstance(block, LayoutBlock)
        document.replace([replace(block, text="<b>mine</b>")])
        (element,) = page_elements(document)
        assert isinstance(element, Paragraph)
        assert element.words == (Piece("<b>mine</b>"),)

    def test_a_table_that_was_changed_is_one_by_its_tabs(self) -> None:
        document = page_document_of('<table data-bbox="1 1 9 9"><tr><td>1</td><td>2</td></tr></table>')
        (block,) = document.annotations.values()
        assert isinstance(block, LayoutBlock)
        document.replace([replace(block, text="1\t3\n4\t5")])
        (element,) = page_elements(document)
        assert isinstance(element, Table)
        assert element.grid() == [["1", "3"], ["4", "5"]]

    def test_blocks_without_a_reply_are_plain(self) -> None:
        document = Document(page_document_of("").media)
        document.add([LayoutBlock(tag="title", text="$x$ <i>y</i>", box=None)])
        (element,) = page_elements(document)
        assert isinstance(element, Heading)
        assert element.words == (Piece("x", Mark.FORMULA, "$x$"), Piece(" <i>y</i>"))

    def test_a_reply_that_goes_on_is_given_beside(self) -> None:
        reply = '<p data-bbox="1 1 9 9">a <b>b</b></p>'
        run = page_run(reply)
        document = page_document_of(reply, run=replace(run, reply="", status=None))
        (element,) = page_elements(document, {run.id: reply})
        assert isinstance(element, Paragraph)
        assert element.words == (Piece("a "), Piece("b", Mark.STRONG))


HOSTILE = (
    '<p data-bbox="1 1 9 9">a<script src="http://127.0.0.1:9/x.js">alert(1)</script>b</p>',
    '<p data-bbox="1 1 9 9"><img src="file:///etc/passwd"><img src=http://127.0.0.1:9/x.png onerror=alert(1)>ab</p>',
    '<p data-bbox="1 1 9 9"><iframe src="file:///etc/passwd"></iframe><object data="x.swf"></object>ab</p>',
    '<p data-bbox="1 1 9 9" style="background:url(http://127.0.0.1:9/)"><style>@import "file:///x";</style>ab</p>',
    '<p data-bbox="1 1 9 9"><link rel=stylesheet href="//127.0.0.1:9/x.css"><base href="file:///">ab</p>',
    '<p data-bbox="1 1 9 9">ab<video src="\\\\host\\share"><embed src=x><meta http-equiv=refresh content="0"></p>',
    '<p data-bbox="1 1 9 9">&lt;img src="file:///etc/passwd"&gt; &#0; &#xD800; &bogus; &amp;lt;</p>',
    '<table data-bbox="1 1 9 9"><tr><td background="file:///x">a<td><svg><image href="http://127.0.0.1:9"/></svg>b',
    '<p data-bbox="1 1 9 9">' + "<div>" * 20_000 + "deep" + "</div>" * 20_000 + "</p>",
    '<table data-bbox="1 1 9 9"><tr><td>' + "<table><tr><td>" * 5_000 + "deep",
    '<p data-bbox="1 1 9 9">' + "<!--" * 50_000 + "</p>",
    '<p data-bbox="1 1 9 9">' + "<a '" * 50_000 + "</p>",
    "<ul>" + '<li data-bbox="1 1 9 9">x' * 2_000,
)


class TestHostile:
    def test_nothing_is_opened_and_nothing_is_reached(self) -> None:
        elements('<p data-bbox="1 1 9 9">$x$ <b>warm</b></p>')  # what is loaded once is loaded now
        begun = time.monotonic()
        with watched() as events:
            for reply in HOSTILE:
                for task in ("document-html", "document-markdown"):
                    for each in elements(reply, task):
                        words_of(each)
        assert events == []
        assert time.monotonic() - begun < 20

    @pytest.mark.parametrize("reply", HOSTILE[:6])
    def test_only_words_are_left(self, reply: str) -> None:
        assert "".join(words_of(each) for each in elements(reply)).replace("\n", "") == "ab"

    def test_words_that_look_like_markup_stay_words(self) -> None:
        assert words_of(only(HOSTILE[6])).startswith('<img src="file:///etc/passwd"> ')


PARTS = (
    "<table>", "</table>", "<tr>", "</tr>", "<td>", '<td rowspan="3">', '<td colspan="2">', "<th>", "<p>", "</p>",
    "<b>", "</b>", "<sup>",
    "<script>", "</script>", "<!--", "-->", "<", ">", "&amp;", "&#1;", "$", "$$", "x", "\n", "\t", "|",
    "\\begin{tabular}{c}", "\\end{tabular}", "&", "\\\\", "\\multirow{2}{*}{", "}", "{", "**", "`", "- ", "1. ", "# ",
    '<li data-bbox="1 2 3 4">', '<div class="image" data-bbox="1 2 3 4">', "</div>", "<ol>", "中", "=1+1",
)  # fmt: skip


def assert_no_overlap(table: Table) -> None:
    places = [(c.row + y, c.column + x) for c in table.cells for y in range(c.rows) for x in range(c.columns)]
    assert len(places) == len(set(places))
    assert all(0 <= row < table.rows and 0 <= column < table.columns for row, column in places)


def assert_sound(found: tuple[Element, ...], document: Document) -> None:
    for element in found:
        assert element.block in document.annotations
        if isinstance(element, Table):
            assert_no_overlap(element)
        words_of(element)


@given(st.lists(st.sampled_from(PARTS), max_size=60), st.sampled_from(["document-html", "document-markdown"]))
def test_anything_becomes_something_sound(parts: list[str], task: str) -> None:
    document = page_document_of("".join(parts), task)
    assert_sound(page_elements(document), document)


def test_damaged_pages_lose_no_block() -> None:
    chance = random.Random(7)
    whole = '<h1 data-bbox="1 1 90 9">A</h1><table data-bbox="1 9 90 90"><tr><td>x</td><td>y</td></tr></table>' * 3
    for _ in range(150):
        cut = sorted(chance.sample(range(len(whole)), 2))
        document = page_document_of(whole[: cut[0]] + whole[cut[1] :])
        found = page_elements(document)
        assert_sound(found, document)
        told = {element.block for element in found}
        for block in document.annotations.values():
            assert isinstance(block, LayoutBlock)
            assert block.id in told or not block.text


@needs_corpus
class TestCorpus:
    def pages(self) -> dict[str, tuple[Document, tuple[Element, ...]]]:
        found = {}
        for case in json.loads(CORPUS.read_text("utf-8")):
            if case["task"] in ("document_html", "document_json"):
                size = Size(*case["image_size"])
                space = "sent-pixels" if case["model_family"] == "qwen2.5-vl" else "relative-1000"
                sent = Size(*case["resized_size"]) if case["resized_size"] else size
                run = page_run(case["reply"], "document-html", size, space, sent)
                document = page_document_of(case["reply"], run=run)
                found[case["id"]] = document, page_elements(document)
        return found

    def test_each_page_has_what_its_reply_says(self) -> None:
        counts = {
            name: {
                kind: sum(type(each).__name__ == kind for each in found)
                for kind in ("Heading", "Paragraph", "Table", "Figure", "Item")
            }
            for name, (_, found) in self.pages().items()
        }
        assert counts == {
            "q25-doc-html-cut": {"Heading": 2, "Paragraph": 7, "Table": 0, "Figure": 1, "Item": 0},
            "q25-doc-plainhtml-cut": {"Heading": 6, "Paragraph": 9, "Table": 0, "Figure": 5, "Item": 10},
            "tg-doc-elements": {"Heading": 1, "Paragraph": 4, "Table": 0, "Figure": 0, "Item": 0},
            "q3-doc-html": {"Heading": 0, "Paragraph": 34, "Table": 2, "Figure": 5, "Item": 0},
        }

    def test_tables_are_whole_and_words_are_the_blocks_own(self) -> None:
        pages = self.pages()
        first, second = (each for each in pages["q3-doc-html"][1] if isinstance(each, Table))
        assert (first.rows, first.columns, second.rows, second.columns) == (10, 2, 11, 6)
        assert first.grid()[2] == ["大股东/持股", "宇通集团/37.19%"]
        assert second.grid()[0] == ["", "2015A", "2016A", "2017E", "2018E", "2019E"]
        assert all(cell.heading == (cell.row == 0) for cell in second.cells)
        for document, found in pages.values():
            assert_sound(found, document)
            said = "".join("".join(words_of(each).split()) for each in found)
            for block in document.annotations.values():
                assert isinstance(block, LayoutBlock)
                assert "".join(block.text.split()) in said

    def test_boxes_are_those_of_the_blocks(self) -> None:
        for document, found in self.pages().values():
            for element in found:
                block = document.annotations[element.block]
                assert isinstance(block, LayoutBlock)
                assert element.box == block.box

    def test_places_are_the_numbers_of_the_reply(self) -> None:
        for case in json.loads(CORPUS.read_text("utf-8")):
            if case["id"] not in ("q25-doc-html-cut", "q3-doc-html"):
                continue
            size = Size(*case["image_size"])
            counted = Size(*case["resized_size"]) if case["model_family"] == "qwen2.5-vl" else Size(1000, 1000)
            _, found = self.pages()[case["id"]]
            by_words = {"".join(words_of(each).split()): each.box for each in found}
            checked = 0
            pattern = r'<(?:p|h\d|div class="text") data-bbox="([^"]*)">(.*?)</(?:p|h\d|div)>'
            for numbers, inner in re.findall(pattern, case["reply"], re.DOTALL):
                words = "".join(re.sub("<[^>]*>", "", inner).split())
                box = by_words.get(words) if words else None
                if box is not None:
                    left, top, right, bottom = map(float, numbers.split())
                    across, down = size.width / counted.width, size.height / counted.height
                    assert box == pytest.approx((left * across, top * down, right * across, bottom * down), abs=1)
                    checked += 1
            assert checked >= (8 if case["model_family"] == "qwen2.5-vl" else 34)

    def test_the_figure_is_cut_out_of_the_picture(self) -> None:
        path = CORPUS.parent / "images" / "docparsing_example6.png"
        if not path.exists():
            pytest.skip("the pictures of the corpus are not beside this checkout")
        _, found = self.pages()["q25-doc-html-cut"]
        (figure,) = (each for each in found if isinstance(each, Figure))
        assert figure.box is not None
        data, mime = cut_out(open_image(path), figure.box)
        with Image.open(io.BytesIO(data)) as cut, Image.open(path) as whole:
            left, top, right, bottom = figure.box
            part = whole.convert("RGB").crop((math.floor(left), math.floor(top), math.ceil(right), math.ceil(bottom)))
            # Its name says PNG, and it is a JPEG; so is what is cut out of it.
            assert (mime, cut.size) == ("image/jpeg", part.size)
            assert max(ImageStat.Stat(ImageChops.difference(cut.convert("RGB"), part)).mean) < 2
