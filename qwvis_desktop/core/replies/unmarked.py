"""Places without any object round them: a reply that is nothing but lists of numbers, or lines of numbers and text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qwvis_desktop.core.annotation import JsonValue
from qwvis_desktop.core.replies.placing import numbers_in

_ONLY_LISTS = re.compile(r"\s*(?:(?:```\w*|json)\s*)?\[[\[\]\d\s.,eE+-]*\]\s*(?:```\s*)?\Z")
_PAIR = r"\(\s{0,9}-?\d{1,5}(?:\.\d{1,4})?\s{0,9},\s{0,9}-?\d{1,5}(?:\.\d{1,4})?\s{0,9}\)"
_ONLY_PAIRS = re.compile(rf"\s*{_PAIR}(?:\s{{0,9}},?\s{{0,9}}{_PAIR})*\s*\Z")
_ROW = re.compile(r"\[[\d\s.,eE+-]+\]")
_FENCED = re.compile(r"\s*```\w*\s*\Z")
_LINE = re.compile(
    r"\s*((?:-?\d{1,5}(?:\.\d{1,4})?\s*,\s*){4}-?\d{1,3}(?:\.\d{1,4})?|(?:-?\d{1,5}\s*,\s*){7}-?\d{1,5})\s*,\s*(\S.*)\Z"
)
_KEYS = {2: "point_2d", 4: "bbox_2d", 5: "rotate_rect", 8: "location"}


def bare_places(answer: str, *, text: bool, points: bool) -> Iterator[tuple[dict[str, JsonValue], int, int]]:
    """Yield the object that each list stands for, with its place in the reply.

    Args:
        answer: the reply without thoughts.
        points: points were asked for, so that each pair in parentheses is one, and not the corner of a box.
        text: text was asked for, so that lines ``cx,cy,w,h,angle,text`` are text with its place (``qwen-api.md`` 4.4).
    """
    if _ONLY_LISTS.match(answer):
        for row in _ROW.finditer(answer):
            numbers = numbers_in(row.group()) or ()
            if len(numbers) in (2, 4):
                yield {_KEYS[len(numbers)]: list(numbers)}, row.start(), row.end()
    elif _ONLY_PAIRS.match(answer):
        corners = 1 if points else 2
        pairs = re.compile(rf"{_PAIR}(?:\s*,?\s*{_PAIR}){{{corners - 1}}}")
        for found in pairs.finditer(answer):
            yield {_KEYS[2 * corners]: list(numbers_in(found.group()) or ())}, found.start(), found.end()
    elif text:
        yield from _lines(answer)


def _lines(answer: str) -> Iterator[tuple[dict[str, JsonValue], int, int]]:
    place = 0
    found: list[tuple[dict[str, JsonValue], int, int]] = []
    for line in answer.split("\n"):
        match = _LINE.match(line)
        if match:
            numbers = numbers_in(match.group(1)) or ()
            value: dict[str, JsonValue] = {_KEYS[len(numbers)]: list(numbers), "text": match.group(2).rstrip()}
            found.append((value, place, place + len(line)))
        elif line.strip() and not _FENCED.match(line):
            return
        place += len(line) + 1
    yield from found
