"""What a page consists of, as it is read: headings, paragraphs, lists, tables, formulas, figures.

Plain data, made by ``page.document`` and written by the window and the exports. Words are text in all of it: there is
nothing in here that could be loaded, run or followed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, TypeAlias

from qwvis_desktop.core.geometry import Box


class Mark(StrEnum):
    """What sets words apart from those beside them."""

    PLAIN = "plain"
    STRONG = "strong"
    EMPHASIS = "emphasis"
    CODE = "code"
    RAISED = "raised"
    LOWERED = "lowered"
    FORMULA = "formula"


class Piece(NamedTuple):
    """Words of one look; line breaks in them are meant.

    Attributes:
        text: the words; of a formula its LaTeX without marks.
        mark: their look.
        written: of a formula, how it was written; else empty.
    """

    text: str
    mark: Mark = Mark.PLAIN
    written: str = ""


Words: TypeAlias = tuple[Piece, ...]


def plain(words: Iterable[Piece]) -> str:
    """Return words without their looks, formulas as they were written."""
    return "".join(piece.written or piece.text for piece in words)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Element:
    """What all elements share.

    Attributes:
        block: id of the annotation that it was made of; one block may become several elements.
        box: its place on the page in pixels of the upright original; None where that is not known.
    """

    block: str
    box: Box | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading(_Element):
    """A heading; ``level`` is 1 to 6."""

    words: Words
    level: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph(_Element):
    """Words on their own; ``tag`` is what the model called them, such as ``p``, ``caption`` or ``text``."""

    words: Words
    tag: str = "p"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item(_Element):
    """An item of a list.

    Attributes:
        words: what it says.
        depth: how many lists it lies in beyond the first.
        number: as it is counted; None where its list is not numbered.
    """

    words: Words
    depth: int = 0
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table; ``row`` and ``column`` count from 0, ``rows`` and ``columns`` are what it covers."""

    words: Words
    row: int
    column: int
    rows: int = 1
    columns: int = 1
    heading: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Table(_Element):
    """A table; its cells lie in ``rows`` x ``columns`` places, none over another, in reading order."""

    cells: tuple[Cell, ...]
    rows: int
    columns: int

    def grid(self) -> list[list[str]]:
        """Return the table as rows of plain text; what a cell covers beyond its first place is empty."""
        lines = [[""] * self.columns for _ in range(self.rows)]
        for cell in self.cells:
            lines[cell.row][cell.column] = " ".join(plain(cell.words).split())
        return lines


@dataclass(frozen=True, slots=True, kw_only=True)
class FormulaBlock(_Element):
    """A formula on a line of its own: its LaTeX without marks, and how it was written."""

    latex: str
    written: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure(_Element):
    """A part of the page that is seen and not read; ``words`` are what the model says it shows, ``tag`` its kind."""

    words: Words
    tag: str = "image"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageBreak(_Element):
    """Where a further page of a document begins; ``title`` names it."""

    title: str


Element: TypeAlias = Heading | Paragraph | Item | Table | FormulaBlock | Figure | PageBreak


def words_of(element: Element) -> str:
    """Return what an element says as plain text: cells of a table with tabs between, formulas as they were written."""
    match element:
        case Table():
            return "\n".join("\t".join(line) for line in element.grid())
        case FormulaBlock(written=written):
            return written
        case PageBreak(title=title):
            return title
        case _:
            return plain(element.words)
