"""Tables of a page: cells placed where they stand, from HTML, LaTeX and Markdown.

What a model writes may say anything of a cell's size: one that reaches over another cell or out of bounds is made
smaller, and no words are ever lost for it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from qwvis_desktop.core.page.elements import Cell, Words
from qwvis_desktop.core.page.words import pieces_of, pieces_of_latex, pieces_of_markdown

MAX_PLACES = 20_000
"""Rows times columns of a table, beyond which cells cover one place only."""

MAX_COLUMNS = 400
"""Columns that one cell may say it covers, and rows."""

_BEGIN = re.compile(r"\\begin\{(tabular[x*]?|longtable|array|table)\*?\}")
_END = re.compile(r"\\end\{(?:tabular[x*]?|longtable|array)\*?\}")
_RULES = re.compile(
    r"\\(?:hline|toprule|midrule|bottomrule|centering|small|footnotesize)\b"
    r"|\\(?:cline|cmidrule|rowcolor|cellcolor)(?:\([^()]{0,20}\)|\[[^\[\]]{0,20}\])?\{[^{}]{0,40}\}"
)
_ROW_END = re.compile(r"\s*\*?(?:\[[^\[\]]{0,20}\])?")
_MULTI = re.compile(r"\s*\\multi(?P<way>column|row)\s*(?:\[[^\[\]]{0,20}\])?\{\s*(?P<count>\d{1,4}|\*)\s*\}")
_DIVIDER = re.compile(r"\s*:?-+:?\s*")


@dataclass(frozen=True, slots=True)
class Written:
    """A cell as it was written, before its place is known."""

    words: Words
    rows: int = 1
    columns: int = 1
    heading: bool = False


@dataclass(frozen=True, slots=True)
class Placed:
    """The cells of a table in their places."""

    cells: tuple[Cell, ...]
    rows: int
    columns: int


def placed(lines: Sequence[Sequence[Written]]) -> Placed:
    """Place cells as HTML does: each in the first free place of its row, with what it covers below taken.

    Source: the HTML standard, 4.9.12, "forming a table".
    """
    lines = [line for line in lines if line]
    widest = max((sum(min(cell.columns, MAX_COLUMNS) for cell in line) for line in lines), default=0)
    found = _cells(lines, plain=widest * len(lines) > MAX_PLACES)
    columns = max((cell.column + cell.columns for cell in found), default=0)
    if columns * len(lines) > MAX_PLACES:
        found = _cells(lines, plain=True)
        columns = max((cell.column + 1 for cell in found), default=0)
    return Placed(found, len(lines), columns)


def _cells(lines: Sequence[Sequence[Written]], plain: bool) -> tuple[Cell, ...]:
    """Place cells; ``plain``: each covers one place."""
    taken: set[tuple[int, int]] = set()
    cells: list[Cell] = []
    for row, line in enumerate(lines):
        column = 0
        for written in line:
            while (row, column) in taken:
                column += 1
            across = down = 1
            if not plain and len(taken) < MAX_PLACES:
                across = _room_across(row, column, written.columns, taken)
                down = max(1, min(written.rows or len(lines), MAX_COLUMNS, len(lines) - row))
            if not plain:
                taken.update((row + y, column + x) for y in range(1, down) for x in range(across))
            cells.append(Cell(written.words, row, column, down, across, written.heading))
            column += across
    return tuple(cells)


def _room_across(row: int, column: int, wanted: int, taken: Collection[tuple[int, int]]) -> int:
    """Return how many of the columns that a cell says it covers are free."""
    across = 1
    while across < min(wanted, MAX_COLUMNS) and (row, column + across) not in taken:
        across += 1
    return across


def latex_table(text: str) -> tuple[str, Placed, str] | None:
    """Return what stands before a LaTeX table, the table, and what stands behind; None where there is none."""
    begin, end = None, None
    for match in _BEGIN.finditer(text):
        begin = match
        if match[1] != "table":
            break
    if begin is None or begin[1] == "table" or (end := _END.search(text, begin.end())) is None:
        return None
    body = text[begin.end() : end.start()]
    start = _group_end(body, 0)
    if begin[1] in ("tabularx", "tabular*"):
        start = _group_end(body, start)  # the width stands before the columns
    lines = [_latex_cells(line) for line in _rows(_RULES.sub(" ", body[start:]))]
    return text[: begin.start()], _placed_by_count([line for line in lines if line]), text[end.end() :]


def _group_end(text: str, place: int) -> int:
    """Return where the group in braces (and one in brackets before it) ends that begins at ``place``, if any does."""
    while place < len(text) and text[place].isspace():
        place += 1
    if text[place : place + 1] == "[":
        close = text.find("]", place)
        place = close + 1 if close >= 0 else place
    if text[place : place + 1] != "{":
        return place
    depth = 0
    for at in range(place, len(text)):
        depth += (text[at] == "{") - (text[at] == "}")
        if depth == 0:
            return at + 1
    return place


def _rows(body: str) -> Iterator[str]:
    """Yield the rows of a LaTeX table: what ends with a double backslash outside of braces."""
    start, place, depth = 0, 0, 0
    while place < len(body):
        sign = body[place]
        if body.startswith("\\\\", place) and depth == 0:
            yield body[start:place]
            match = _ROW_END.match(body, place + 2)
            start = place = match.end() if match else place + 2
        else:
            depth = max(0, depth + (sign == "{") - (sign == "}"))
            place += 2 if sign == "\\" else 1
    yield body[start:]


def _latex_cells(line: str) -> list[Written]:
    if not line.strip():
        return []
    cells, start, place, depth = [], 0, 0, 0
    while place < len(line):
        sign = line[place]
        if sign == "&" and depth == 0:
            cells.append(_latex_cell(line[start:place]))
            start = place + 1
        depth = max(0, depth + (sign == "{") - (sign == "}"))
        place += 2 if sign == "\\" else 1
    return [*cells, _latex_cell(line[start:])]


def _latex_cell(text: str) -> Written:
    rows = columns = 1
    for _ in range(2):
        match = _MULTI.match(text)
        if match is None:
            break
        count = int(match["count"]) if match["count"].isdigit() else 1
        rows, columns = (count, columns) if match["way"] == "row" else (rows, count)
        layout = _group_end(text, match.end())
        end = _group_end(text, layout)
        inner = text[layout:end].strip()
        text = (inner[1:-1] if inner.startswith("{") else inner) + text[end:]
    return Written(pieces_of_latex(text), rows, columns)


def _placed_by_count(lines: Sequence[Sequence[Written]]) -> Placed:
    """Place cells as LaTeX does: what a cell covers in the rows below is written there, empty."""
    free: list[list[Written]] = []
    covered: dict[tuple[int, int], int] = {}
    for row, line in enumerate(lines):
        kept, column = [], 0
        for cell in line:
            if (row, column) in covered and not cell.words and cell.columns == 1:
                column += 1
                continue
            room = _rows_free(lines, row, column, cell.rows)
            for y in range(1, room):
                covered.update({(row + y, column + x): 1 for x in range(min(cell.columns, MAX_COLUMNS))})
            kept.append(replace(cell, rows=room))
            column += cell.columns
        free.append(kept)
    return placed(free)


def _rows_free(lines: Sequence[Sequence[Written]], row: int, column: int, wanted: int) -> int:
    """Return how many rows from ``row`` on a cell may cover: those below must be empty in its column."""
    count = 1
    while count < min(wanted, MAX_COLUMNS) and row + count < len(lines):
        column_below = 0
        for cell in lines[row + count]:
            if column_below == column:
                break
            column_below += cell.columns
        else:
            break
        if cell.words:
            break
        count += 1
    return count


def pipe_table(lines: Iterable[str]) -> Placed:
    """Return a table of Markdown: a row a line, cells between upright strokes."""
    rows = [_pipe_cells(line) for line in lines if line.strip()]
    headed = len(rows) > 1 and bool(rows[1]) and all(map(_DIVIDER.fullmatch, rows[1]))
    if headed:
        del rows[1]
    return placed(
        [[Written(pieces_of_markdown(cell), heading=headed and at == 0) for cell in row] for at, row in enumerate(rows)]
    )


def _pipe_cells(line: str) -> list[str]:
    inner = line.strip().removeprefix("|")
    cells = re.split(r"(?<!\\)\|", inner)
    if cells and not cells[-1].strip():
        cells.pop()
    return [cell.replace(r"\|", "|").strip() for cell in cells]


def tab_table(text: str) -> Placed:
    """Return a table of plain text: a row a line, tabs between cells."""
    lines = (line.split("\t") for line in text.split("\n") if line.strip())
    return placed([[Written(pieces_of(cell)) for cell in line] for line in lines])
