"""Fields that a model filled, as rows of key and value: for the eye as Markdown, and for tables."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from qwvis_desktop.core.annotation import JsonValue
from qwvis_desktop.core.document import Run
from qwvis_desktop.core.tasks import TASKS, ReplyShape

LONGEST_CELL = 1000
"""Characters of a value that a table for the eye shows; the rest is cut."""

TABLE_LENGTH = 4000
"""Characters after which a further table begins: what is shown piece by piece closes long blocks (``AnswerBlocks``)."""

_SPECIAL = re.compile(r"([\\`*_\[\]<>#$|~&])")


def fields_of(run: Run) -> tuple[tuple[str, str], ...]:
    """Return the fields of a run as pairs of key and value, in the reply's order; none where it has no fields.

    A field inside another goes by its path, ``buyer.name`` or ``items[0].price`` (counted from 0). Values that are no
    text are written as JSON; null and what holds nothing are empty.
    """
    task = TASKS.get(run.task)
    if task is None or task.shape is not ReplyShape.FIELDS or not run.text:
        return ()
    try:
        value: JsonValue = json.loads(run.text)
    except (ValueError, RecursionError):
        return ()
    return _rows(value)


def _rows(value: JsonValue) -> tuple[tuple[str, str], ...]:
    rows = []
    open_ = [("", value)]
    while open_:
        path, inner = open_.pop()
        # A model decides how deep it nests: no recursion, and the first is taken first.
        match inner:
            case dict() if inner:
                open_ += [(f"{path}.{key}" if path else key, each) for key, each in reversed(inner.items())]
            case list() if inner:
                open_ += [(f"{path}[{at}]", inner[at]) for at in reversed(range(len(inner)))]
            case str():
                rows.append((path, inner))
            case _:
                rows.append((path, json.dumps(inner, ensure_ascii=False) if inner not in (None, {}, []) else ""))
    return tuple(rows) if value else ()


def as_markdown(rows: Iterable[tuple[str, str]], key: str = "Key", value: str = "Value") -> str:
    """Return rows as tables of two columns with these headings; what has a meaning in Markdown is taken as text."""
    head = f"| {_cell(key)} | {_cell(value)} |\n|---|---|"
    tables: list[list[str]] = []
    room = 0
    for path, words in rows:
        line = f"| {_cell(path)} | {_cell(words)} |"
        if not tables or len(line) > room:
            tables.append([head])
            room = TABLE_LENGTH
        tables[-1].append(line)
        room -= len(line)
    return "\n\n".join("\n".join(table) for table in tables)


def _cell(text: str) -> str:
    line = " ".join(text.split())
    return _SPECIAL.sub(r"\\\1", line if len(line) <= LONGEST_CELL else f"{line[:LONGEST_CELL]}…")
