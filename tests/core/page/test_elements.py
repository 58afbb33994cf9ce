"""Elements of pages as plain text."""

from __future__ import annotations

from qwvis_desktop.core.page.elements import Cell, Figure, FormulaBlock, Mark, Piece, Table, plain, words_of


def test_formulas_are_as_they_were_written() -> None:
    assert plain((Piece("so "), Piece("x", Mark.FORMULA, r"\(x\)"), Piece("!", Mark.STRONG))) == r"so \(x\)!"
    assert words_of(FormulaBlock(block="a", latex="x", written="$$x$$")) == "$$x$$"


def test_a_table_is_rows_with_tabs() -> None:
    cells = (Cell((Piece("a\nb"),), 0, 0, columns=2), Cell((Piece("c\td"),), 1, 1))
    assert words_of(Table(block="a", cells=cells, rows=2, columns=2)) == "a b\t\n\tc d"


def test_a_figure_says_what_is_said_of_it() -> None:
    assert words_of(Figure(block="a", words=(Piece("a cat"),))) == "a cat"
