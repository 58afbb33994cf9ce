"""Workbooks (XLSX) of plain cells: every text is a text, and is never run as a formula.

Written with openpyxl row by row, so that a long table does not stand in memory. What a worksheet cannot hold (ECMA-376,
Excel's limits): control characters become the replacement character; a text beyond 32,767 characters is cut; rows
beyond 1,048,576 go on in a further sheet with the same head.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, count, islice
from typing import Any, TypeAlias

Value: TypeAlias = str | float | int | bool | None
Worksheet: TypeAlias = Any  # of openpyxl, which has no types

LONGEST_TEXT = 32_767
"""Characters that a cell holds, counted as UTF-16 does."""

MOST_ROWS = 1_048_576
"""Rows of a sheet, the head among them."""

MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_NOT_HELD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
"""What programs take for an escaped character (ECMA-376, ST_Xstring) where it was meant as written."""
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]")
_NOT_IN_TITLES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_LONGEST_TITLE = 31


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its title, the head, and rows as long as that; they are taken one by one."""

    title: str
    head: Sequence[str]
    rows: Iterable[Sequence[Value]]


def workbook(sheets: Iterable[Sheet]) -> bytes:
    """Return a workbook; one without sheets has an empty one. The head stays in view, texts are typed as texts."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    titles: set[str] = set()
    for sheet in sheets:
        rows = iter(sheet.rows)
        first = next(rows, None)
        while True:
            page = book.create_sheet(_title(sheet.title, titles))
            page.freeze_panes = "A2"
            page.append(_cells(page, sheet.head, bold=True))
            for row in chain([] if first is None else [first], islice(rows, MOST_ROWS - 2)):
                page.append(_cells(page, row))
            first = next(rows, None)
            if first is None:
                break
    if not titles:
        book.create_sheet()
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def is_too_long(text: str) -> bool:
    """Say whether a cell cannot hold all of a text."""
    return len(text) > LONGEST_TEXT // 2 and len(_held(text)) != len(_whole(text))


def _title(wanted: str, taken: set[str]) -> str:
    """Return a title that sheets may have and that is free; upper and lower case are one."""
    plain = _NOT_IN_TITLES.sub(" ", _NOT_HELD.sub(" ", wanted)).strip().strip("'") or "Sheet"
    for number in count(1):
        end = "" if number == 1 else f" {number}"
        title = plain[: _LONGEST_TITLE - len(end)] + end
        if title.casefold() not in taken:
            taken.add(title.casefold())
            return title
    raise AssertionError("numbers do not end")


def _cells(page: Worksheet, values: Sequence[Value], bold: bool = False) -> Iterator[object]:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    for value in values:
        if not isinstance(value, str):
            yield value
            continue
        text = _held(value)
        cell = WriteOnlyCell(page, text)
        cell.data_type = "s"
        # Without it a program makes a formula of the text as soon as somebody touches the cell.
        cell.quotePrefix = bool(_FORMULA.match(text))
        if bold:
            cell.font = Font(bold=True)
        yield cell


def _whole(text: str) -> str:
    return _ESCAPE.sub("_x005F_", _NOT_HELD.sub("\ufffd", text))


def _held(text: str) -> str:
    """Return what a cell holds of a text, never half of a character."""
    whole = _whole(text)[:LONGEST_TEXT]
    if len(whole) <= LONGEST_TEXT // 2:
        return whole
    return whole.encode("utf-16-le")[: 2 * LONGEST_TEXT].decode("utf-16-le", errors="ignore")
