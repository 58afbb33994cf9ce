"""Fields that a model filled, as rows of key and value: for the eye as Markdown, and for tables."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

from qwvis_desktop.core.annotation import JsonValue
from qwvis_desktop.core.document import Run
from qwvis_desktop.core.tasks import TASKS, ReplyShape

LONGEST_CELL = 1000
"""Characters of a value that a table for the eye shows; the rest is cut."""

TABLE_LENGTH = 4000
"""Characters after which a further table begins: what is shown piece by piece closes long blocks (``AnswerBlocks``)."""

_SPECIAL = re.compile(r"([\\`*_<>#$|~&]|\](?=[(:]))")
"""Of brackets only those that would make a link: both escaped, they would be taken for a formula."""


@dataclass(frozen=True, slots=True)
class Field:
    """A value that a model filled.

    Attributes:
        pointer: its place in the reply's JSON, unambiguous (RFC 6901): ``/items/0/price``.
        path: its place for people: ``items[0].price``.
        read: what the model gave, as text; empty where it gave nothing.
        value: the same, or what a person put in its place.
    """

    pointer: str
    path: str
    read: str
    value: str

    @property
    def is_corrected(self) -> bool:
        """Whether a person put something else in its place."""
        return self.value != self.read


def read_fields(run: Run) -> tuple[Field, ...]:
    """Return the fields of a run, in the reply's order; none where it has no fields."""
    value = read_value(run)
    return tuple(Field(pointer, path, read, run.corrections.get(pointer, read)) for pointer, path, read in _rows(value))


def corrected_value(run: Run) -> JsonValue:
    """Return the fields of a run as the JSON that was asked for, with what a person corrected in place.

    What is corrected is a number or a truth value where it was one and still is; else it is a text.
    """
    value = read_value(run)
    for pointer, words in run.corrections.items():
        _put(value, [_unescaped(part) for part in pointer.split("/")[1:]], words)
    return value


def _put(value: JsonValue, path: list[str], words: str) -> None:
    """Put ``words`` at a place of ``value``; where there is no such place, nothing is done."""
    if not path:
        return
    *way, last = path
    inner: JsonValue = value
    for part in way:
        inner = _inner(inner, part)
    if isinstance(inner, dict) and last in inner:
        inner[last] = _like(inner[last], words)
    elif isinstance(inner, list) and last.isdigit() and int(last) < len(inner):
        inner[int(last)] = _like(inner[int(last)], words)


def _inner(value: JsonValue, part: str) -> JsonValue:
    if isinstance(value, dict):
        return value.get(part)
    if isinstance(value, list) and part.isdigit() and int(part) < len(value):
        return value[int(part)]
    return None


def _like(former: JsonValue, words: str) -> JsonValue:
    if isinstance(former, bool | int | float):
        try:
            new = json.loads(words)
        except ValueError:
            return words
        if isinstance(new, bool | int | float) and isinstance(new, bool) == isinstance(former, bool):
            return new
    return words


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")


def _unescaped(part: str) -> str:
    return part.replace("~1", "/").replace("~0", "~")


def read_value(run: Run) -> JsonValue:
    """Return what a model filled; None where a run has no fields."""
    task = TASKS.get(run.task)
    if task is None or task.shape is not ReplyShape.FIELDS or not run.text:
        return None
    try:
        value: JsonValue = json.loads(run.text)
    except (ValueError, RecursionError):
        return None
    return value


def fields_of(run: Run) -> tuple[tuple[str, str], ...]:
    """Return the fields of a run as pairs of key and value, in the reply's order; none where it has no fields.

    A field inside another goes by its path, ``buyer.name`` or ``items[0].price`` (counted from 0). Values that are no
    text are written as JSON; null and what holds nothing are empty. What a person corrected counts.
    """
    return tuple((each.path, each.value) for each in read_fields(run))


def _rows(value: JsonValue) -> tuple[tuple[str, str, str], ...]:
    """Return pointer, path and text of each value, in order."""
    rows = []
    open_: list[tuple[str, str, JsonValue]] = [("", "", value)]
    while open_:
        pointer, path, inner = open_.pop()
        # A model decides how deep it nests: no recursion, and the first is taken first.
        match inner:
            case dict() if inner:
                open_ += [
                    (f"{pointer}/{_escaped(key)}", f"{path}.{key}" if path else key, each)
                    for key, each in reversed(inner.items())
                ]
            case list() if inner:
                open_ += [(f"{pointer}/{at}", f"{path}[{at}]", inner[at]) for at in reversed(range(len(inner)))]
            case str():
                rows.append((pointer, path, inner))
            case _:
                empty = inner is None or inner in ({}, [])
                rows.append((pointer, path, "" if empty else json.dumps(inner, ensure_ascii=False)))
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
