"""Text for spreadsheets: on one line, and never run as a formula."""

from __future__ import annotations

import re
from collections.abc import Iterable

CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
"""What a cell of a text file has no room for: line breaks, tabs, other control characters."""

_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]")
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_SURROGATE = re.compile("[\ud800-\udfff]")


def harmless(text: str) -> str:
    """Return ``text`` on one line, with an apostrophe before what a spreadsheet would run; numbers stay numbers."""
    line = _SURROGATE.sub("\ufffd", CONTROL.sub(" ", text))
    return f"'{line}" if _FORMULA.match(line) and not _NUMBER.fullmatch(line) else line


def as_it_was(cell: str) -> str:
    """Return the text of a cell without the apostrophe that ``harmless`` puts in front."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell[1:]) else cell


def tab_separated(lines: Iterable[Iterable[str]]) -> str:
    """Return rows of texts to be pasted into a spreadsheet."""
    return "".join("\t".join(map(harmless, line)) + "\n" for line in lines)
