"""The HTML of one block: its parts, and all of its text."""

from __future__ import annotations

import pytest

from qwvis_desktop.core.page.elements import Mark, Piece
from qwvis_desktop.core.page.markup import read_markup
from qwvis_desktop.core.page.tables import Placed


def test_words_and_tables_in_order() -> None:
    first, table, last = read_markup("<div>a<table><tr><td>b</td></tr></table>c</div>").parts
    assert (first, last) == ((Piece("a"),), (Piece("c"),))
    assert isinstance(table, Placed)
    assert table.cells[0].words == (Piece("b"),)


def test_text_is_all_that_is_for_the_eye() -> None:
    assert read_markup("<p>a &lt;b<!-- no <p> --><style>x</style><b>c</b> < d</p>").text == "a <bc < d"


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ("a<i>b</i>", (Piece("a"), Piece("b", Mark.EMPHASIS))),
        ("<b>a<i>b</b>c", (Piece("a", Mark.STRONG), Piece("b", Mark.EMPHASIS), Piece("c"))),
        ("x<sub>1</sub></sub>y", (Piece("x"), Piece("1", Mark.LOWERED), Piece("y"))),
        ("a<br/><br>b", (Piece("a\nb"),)),
        ("<td>a</td>", (Piece("a"),)),
        ("a <unknown onload='x()'>b</unknown>", (Piece("a b"),)),
    ],
)
def test_looks(markup: str, words: tuple[Piece, ...]) -> None:
    assert read_markup(markup).parts == (words,)


def test_cells_without_a_row_and_tables_without_an_end() -> None:
    (table,) = read_markup("<table><td>a<td>b<tr><th>c").parts
    assert isinstance(table, Placed)
    assert [(cell.row, cell.column, cell.heading) for cell in table.cells] == [
        (0, 0, False),
        (0, 1, False),
        (1, 0, True),
    ]
