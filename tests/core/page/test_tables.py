"""Tables from what models write: LaTeX, Markdown, tabs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qwvis_desktop.core.page.elements import plain
from qwvis_desktop.core.page.tables import (
    MAX_PLACES,
    Placed,
    Written,
    latex_table,
    pipe_table,
    placed,
    tab_table,
)
from qwvis_desktop.core.page.words import pieces_of


def words(table: Placed) -> list[tuple[str, int, int, int, int]]:
    return [(plain(cell.words), cell.row, cell.column, cell.rows, cell.columns) for cell in table.cells]


@pytest.mark.parametrize(
    ("latex", "cells"),
    [
        (r"\begin{tabular}{ll}a&b\\c&d\end{tabular}",
         [("a", 0, 0, 1, 1), ("b", 0, 1, 1, 1), ("c", 1, 0, 1, 1), ("d", 1, 1, 1, 1)]),
        (r"\begin{tabular}[t]{l}a \& b\\[2pt]\end{tabular}", [("a & b", 0, 0, 1, 1)]),
        (r"\begin{tabularx}{\textwidth}{lX}a&b\end{tabularx}", [("a", 0, 0, 1, 1), ("b", 0, 1, 1, 1)]),
        (r"\begin{tabular}{l}\multicolumn{2}{c|}{\multirow{2}{*}{x}}&y\\ &&z\end{tabular}",
         [("x", 0, 0, 2, 2), ("y", 0, 2, 1, 1), ("z", 1, 2, 1, 1)]),
        (r"\begin{array}{l}{a\\b}\\c\end{array}", [("a\nb", 0, 0, 1, 1), ("c", 1, 0, 1, 1)]),
    ],
)  # fmt: skip
def test_latex(latex: str, cells: list[tuple[str, int, int, int, int]]) -> None:
    found = latex_table(f"before {latex} after")
    assert found is not None
    assert (found[0], found[2]) == ("before ", " after")
    assert words(found[1]) == cells


@pytest.mark.parametrize("text", ["words", r"\begin{tabular}{l} a", r"\begin{table} a \end{table}", r"\end{tabular}"])
def test_what_is_no_whole_table_is_none(text: str) -> None:
    assert latex_table(text) is None


def test_pipes_with_and_without_headings() -> None:
    headed = pipe_table(["| a | b |", "|:--|--:|", "| 1 | **2** |"])
    assert [cell.heading for cell in headed.cells] == [True, True, False, False]
    assert words(pipe_table(["| a |", "| b | c"])) == [("a", 0, 0, 1, 1), ("b", 1, 0, 1, 1), ("c", 1, 1, 1, 1)]


def test_tabs_are_taken_as_they_are() -> None:
    assert words(tab_table("**a**\t\n\nb\tc")) == [
        ("**a**", 0, 0, 1, 1),
        ("", 0, 1, 1, 1),
        ("b", 1, 0, 1, 1),
        ("c", 1, 1, 1, 1),
    ]


written = st.builds(
    Written,
    st.text("ab", max_size=2).map(pieces_of),
    st.integers(-1, 6) | st.sampled_from([0, 400, 70_000]),
    st.integers(-1, 6) | st.sampled_from([400, 70_000]),
)


@given(st.lists(st.lists(written, max_size=6), max_size=8))
def test_cells_never_lie_over_each_other_and_none_is_lost(lines: list[list[Written]]) -> None:
    table = placed(lines)
    places = [(c.row + y, c.column + x) for c in table.cells for y in range(c.rows) for x in range(c.columns)]
    assert len(places) == len(set(places))
    assert all(0 <= row < table.rows and 0 <= column < table.columns for row, column in places)
    assert [cell.words for cell in table.cells] == [cell.words for line in lines for cell in line]
    assert table.rows * table.columns <= MAX_PLACES
