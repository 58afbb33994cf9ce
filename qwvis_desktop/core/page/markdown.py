"""A page as Markdown (GitHub's): what has a meaning there and was only text is escaped."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from qwvis_desktop.core.page.elements import (
    Element,
    Figure,
    FormulaBlock,
    Heading,
    Item,
    Mark,
    PageBreak,
    Piece,
    Table,
    Words,
)
from qwvis_desktop.core.page.html import spoken, table_as_html

_SPECIAL = re.compile(r"([\\`*_<>#$|~&]|\](?=[(:]))")
"""Brackets alone have no meaning; both escaped, many programs would take what is between them for a formula."""

_TASK = re.compile(r"^\[(?=[ xX]\])")
"""A box to tick in a list."""

_AT_START = re.compile(r"^(\s*)(?:([-+=])|(\d{1,9})([.)]))", re.MULTILINE)
_ADDRESS = re.compile(r"(?<=\w)(:)(?=//)|(?<=www)(\.)", re.IGNORECASE)
"""What makes a link of an address in GitHub's Markdown."""

_NOT_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")

Address = Callable[[Figure], str]
"""Gives the address of the picture of a figure; empty where there is none."""


def nowhere(_figure: Figure) -> str:
    """Return no address."""
    return ""


def markdown_of(elements: Iterable[Element], address: Address = nowhere) -> str:
    """Return a page as Markdown."""
    lines: list[str] = []
    in_list = False
    for element in elements:
        if lines and not (in_list and isinstance(element, Item)):
            lines.append("")
        in_list = isinstance(element, Item)
        lines.append(_element(element, address))
    return "\n".join(lines) + "\n" if lines else ""


def escape(text: str) -> str:
    """Return ``text`` as Markdown that says just that."""
    plain = _SPECIAL.sub(r"\\\1", _NOT_TEXT.sub("\ufffd", text))
    plain = _TASK.sub("&#91;", plain)
    plain = _ADDRESS.sub(lambda match: rf"\{match[0]}", plain)
    return _AT_START.sub(
        lambda match: rf"{match[1]}\{match[2]}" if match[2] else rf"{match[1]}{match[3]}\{match[4]}", plain
    )


def words_as_markdown(words: Words, line_end: str = "  \n") -> str:
    """Return words with their looks; ``line_end`` stands for the end of a line in them."""
    return "".join(map(_piece, words)).replace("\n", line_end)


def _piece(piece: Piece) -> str:
    match piece.mark:
        case Mark.FORMULA:
            return _formula(piece.text, piece.written)
        case Mark.STRONG | Mark.EMPHASIS:
            signs = "**" if piece.mark is Mark.STRONG else "*"
            inner = piece.text.strip()
            before, _, after = piece.text.partition(inner) if inner else ("", "", piece.text)
            return f"{before}{signs}{escape(inner)}{signs}{after}" if inner else after
        case Mark.CODE:
            return _code(piece.text)
        case Mark.RAISED:
            return f"<sup>{escape(piece.text)}</sup>"
        case Mark.LOWERED:
            return f"<sub>{escape(piece.text)}</sub>"
        case _:
            return escape(piece.text)


def _formula(latex: str, written: str) -> str:
    return f"${latex}$" if "$" not in latex and "\n" not in latex else _code(written)


def _code(text: str) -> str:
    """Return text of a fixed width between more ticks than it holds in a row."""
    ticks = "`" * (1 + max((len(run) for run in re.findall(r"`+", text)), default=0))
    gap = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{ticks}{gap}{_NOT_TEXT.sub(chr(0xFFFD), text)}{gap}{ticks}"


def _element(element: Element, address: Address) -> str:
    match element:
        case Heading(level=level, words=words):
            return f"{'#' * level} {words_as_markdown(words, ' ')}"
        case Item(words=words, depth=depth, number=number):
            mark = "-" if number is None else f"{number}."
            return f"{'    ' * depth}{mark} {words_as_markdown(words, ' ')}"
        case FormulaBlock(latex=latex, written=written):
            return f"$$\n{latex}\n$$" if "$" not in latex else _code(written)
        case Figure():
            return _figure(element, address(element))
        case Table() | PageBreak():
            return table_as_markdown(element) if isinstance(element, Table) else "---"
        case _:
            return words_as_markdown(element.words)


def _figure(figure: Figure, address: str) -> str:
    if not address:
        return escape(f"[{spoken(figure)}]")
    said = "".join(piece.written or piece.text for piece in figure.words)
    return f"![{escape(' '.join(said.split()))}]({address})"


def table_as_markdown(table: Table) -> str:
    """Return a table with upright strokes; as HTML where a cell covers more than one place."""
    if any(cell.rows > 1 or cell.columns > 1 for cell in table.cells):
        return table_as_html(table)
    lines = [[""] * table.columns for _ in range(table.rows)]
    for cell in table.cells:
        lines[cell.row][cell.column] = words_as_markdown(cell.words, "<br>")
    headed = any(cell.heading for cell in table.cells if cell.row == 0)
    head, body = (lines[0], lines[1:]) if headed else ([""] * table.columns, lines)
    return "\n".join(f"| {' | '.join(line)} |" for line in (head, ["---"] * table.columns, *body))
