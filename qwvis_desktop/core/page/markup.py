"""Reads the HTML of one block of a page: its words and its tables, as data.

Tags are looked at one after the other, without recursion; of their attributes only the numbers of rows and columns of
cells are used. What no tag is known for is text. Nothing is ever loaded or run.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from typing import TypeAlias

from qwvis_desktop.core.page.elements import Mark, Words
from qwvis_desktop.core.page.tables import Placed, Written, placed
from qwvis_desktop.core.page.words import pieces_of_marked

_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*+)((?>[^<>\"']+|\"[^\"]*\"|'[^']*')*+)>|<![^<>]*>")
_SPAN = re.compile(r"\b(row|col)span\s*=\s*[\"']?\s*(\d{1,5})", re.IGNORECASE)
_MARKS = {
    "b": Mark.STRONG,
    "strong": Mark.STRONG,
    "i": Mark.EMPHASIS,
    "em": Mark.EMPHASIS,
    "code": Mark.CODE,
    "sup": Mark.RAISED,
    "sub": Mark.LOWERED,
}
_LINES = frozenset({
    "p", "div", "li", "br", "tr", "table", "caption", "section", "article", "ul", "ol", "dl", "dt", "dd", "address",
    "blockquote", "pre", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "header", "footer", "main",
    "nav", "form", "aside", "html", "body", "formula",
})  # fmt: skip
"""Tags that begin and end a line."""

_UNREAD = frozenset(["head", "script", "style"])
"""Elements whose text is not for the eye; ``core.replies.html`` leaves out the same."""

_Marked: TypeAlias = list[tuple[str, Mark]]
Part: TypeAlias = Words | Placed


@dataclass(frozen=True, slots=True)
class Markup:
    """What a block holds.

    Attributes:
        parts: words and tables, in order.
        text: all of its text without tags, blanks as they came; to be compared with what the reply was read as.
    """

    parts: tuple[Part, ...]
    text: str


@dataclass(slots=True)
class _Rows:
    """A table that is open."""

    lines: list[list[Written]] = field(default_factory=list)
    cell: _Marked | None = None
    rows: int = 1
    columns: int = 1
    heading: bool = False

    def begin(self, name: str, attributes: str) -> None:
        """Begin a cell."""
        self.end()
        spans = {way.lower(): int(count) for way, count in _SPAN.findall(attributes)}
        self.rows, self.columns = spans.get("row", 1), max(1, spans.get("col", 1))
        self.cell, self.heading = [], name == "th"

    def end(self) -> None:
        """End the cell that is open, if one is."""
        if self.cell is not None:
            if not self.lines:
                self.lines.append([])
            words = pieces_of_marked(self.cell)
            self.lines[-1].append(Written(words, self.rows, self.columns, self.heading))
            self.cell = None


class _Reader:
    """Takes tags and text in turn."""

    def __init__(self) -> None:
        self._parts: list[Part] = []
        self._loose: _Marked = []
        self._all: list[str] = []
        self._marks: list[tuple[str, Mark]] = []
        self._unread: list[str] = []
        self._tables = 0
        self._rows: _Rows | None = None

    def text(self, text: str) -> None:
        """Take text as it stands between tags."""
        if text and not self._unread:
            plain = unescape(text)
            self._all.append(plain)
            self._sink.append((plain, self._marks[-1][1] if self._marks else Mark.PLAIN))

    def tag(self, closing: bool, name: str, attributes: str) -> None:
        """Take a tag."""
        if name in _UNREAD:
            self._pass_over(closing, name)
        elif self._unread:
            return
        elif name in _MARKS:
            self._mark(closing, name)
        elif name == "table":
            self._table(closing)
        elif self._rows is not None and self._tables == 1 and name in ("td", "th", "tr"):
            self._row(closing, name, attributes)
        elif name in _LINES or name == "tr":
            self._sink.append(("\n", Mark.PLAIN))
        elif name in ("td", "th"):
            self._sink.append((" ", Mark.PLAIN))

    def finish(self) -> Markup:
        """Return what there is; what is open ends here."""
        self._end_table()
        self._end_loose()
        return Markup(tuple(self._parts), "".join(self._all))

    @property
    def _sink(self) -> _Marked:
        """Where text goes: the open cell, or what stands outside of tables."""
        return self._rows.cell if self._rows is not None and self._rows.cell is not None else self._loose

    def _pass_over(self, closing: bool, name: str) -> None:
        if not closing:
            self._unread.append(name)
        elif name in self._unread:
            del self._unread[self._unread.index(name) :]

    def _mark(self, closing: bool, name: str) -> None:
        if not closing:
            self._marks.append((name, _MARKS[name]))
        elif any(open_ == name for open_, _ in self._marks[-8:]):
            while self._marks.pop()[0] != name:
                pass

    def _table(self, closing: bool) -> None:
        if closing:
            self._tables = max(0, self._tables - 1)
            if not self._tables:
                self._end_table()
            return
        self._tables += 1
        if self._tables == 1:
            self._end_loose()
            self._rows = _Rows()
        else:
            # A table in a cell: its words are those of the cell.
            self._sink.append(("\n", Mark.PLAIN))

    def _row(self, closing: bool, name: str, attributes: str) -> None:
        assert self._rows is not None
        if name == "tr":
            self._rows.end()
            if not closing:
                self._rows.lines.append([])
        elif closing:
            self._rows.end()
        else:
            self._rows.begin(name, attributes)

    def _end_loose(self) -> None:
        words = pieces_of_marked(self._loose)
        if words:
            self._parts.append(words)
        self._loose = []

    def _end_table(self) -> None:
        rows, self._rows, self._tables = self._rows, None, 0
        if rows is not None:
            rows.end()
            # What stood in the table outside of its cells, such as its caption, goes before it.
            self._end_loose()
            table = placed(rows.lines)
            if table.cells:
                self._parts.append(table)


def read_markup(markup: str) -> Markup:
    """Return what the HTML of a block holds."""
    markup = _without_comments(markup)
    reader, place = _Reader(), 0
    for match in _TAG.finditer(markup):
        reader.text(markup[place : match.start()])
        if match[2]:
            reader.tag(bool(match[1]), match[2].lower(), match[3])
        place = match.end()
    reader.text(markup[place:])
    return reader.finish()


def _without_comments(markup: str) -> str:
    kept, place = [], 0
    while (start := markup.find("<!--", place)) >= 0 and (end := markup.find("-->", start + 4)) >= 0:
        kept.append(markup[place:start])
        place = end + 3
    return "".join([*kept, markup[place:]])
