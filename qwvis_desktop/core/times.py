"""Times as models write them, in seconds: ``HH:mm:ss``, ``mm:ss.ff``, ``12.5 seconds``, and ranges."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qwvis_desktop.core.annotation import JsonValue

LONGEST = 1e7
"""No film has so many seconds."""

_CLOCK = r"(?:\d{1,3}[:：])?\d{1,4}[:：]\d{1,2}(?:[.,]\d{1,6})?"
_UNIT = r"(?:seconds|second|secs|sec|s|秒)"
_COUNT = r"\d{1,7}(?:\.\d{1,9})?"
_AMOUNT = rf"{_COUNT}(?:\s?{_UNIT})?"
_DASH = r"(?:-{1,2}>?|[–—‒−－~～→]|to|until|and|至|到)"
_TIME = re.compile(rf"\s*<?(?:({_CLOCK})|({_AMOUNT}))>?\s*\Z", re.IGNORECASE)
_RANGE = re.compile(
    rf"\s*[\[(（<]?\s*({_CLOCK}|{_AMOUNT})>?\s*{_DASH}\s*<?({_CLOCK}|{_AMOUNT})\s*[\])）>]?\s*\Z", re.IGNORECASE
)
_IN_PROSE = re.compile(
    rf"(?<![\d:：.])(?:<?({_CLOCK})>?\s{{0,4}}(?:{_DASH}|\|)\s{{0,4}}<?({_CLOCK})>?"
    rf"|<?({_COUNT})\s?{_UNIT}?>?\s{{0,4}}(?:{_DASH}|\|)\s{{0,4}}第?<?({_COUNT})\s?{_UNIT}(?![A-Za-z])>?)"
    r"(?!\d|[:：.]\d)",
    re.IGNORECASE,
)
_LEADS = r"(?:at|from|to|until|till|around|about|near|between|and|after|before|by|第|在|从|到|至|约)"
_MOMENT = re.compile(
    rf"(?<![\w:：./])({_CLOCK})(?![\w:：/]|[.,]\d)"
    rf"|(?:\b{_LEADS}\s|[第在从到至约]\s?|[\[(（<–—~-]\s?)({_COUNT})\s?{_UNIT}(?![A-Za-z])",
    re.IGNORECASE,
)
"""A time that prose names: a clock's, or seconds behind a word that says when rather than how long."""
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def seconds_of(value: JsonValue) -> float | None:
    """Return a time in seconds; None for anything that is none."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value) if 0 <= value < LONGEST else None
    if not isinstance(value, str) or len(value) > 40:
        return None
    match = _TIME.match(value)
    return None if match is None else _seconds(match.group(1) or match.group(2))


def _seconds(text: str) -> float | None:
    """Return the seconds of a text that is a time; None where minutes or seconds pass 60."""
    parts = text.replace("：", ":").split(":")
    if len(parts) == 1:
        number = _NUMBER.match(text.strip())
        return float(number.group()) if number else None
    seconds = float(parts[-1].replace(",", "."))
    if seconds >= 60 or (len(parts) == 3 and int(parts[1]) >= 60):
        return None
    total = seconds + 60 * int(parts[-2])
    return total + 3600 * int(parts[0]) if len(parts) == 3 else total


def range_of(value: JsonValue) -> tuple[float, float] | None:
    """Return start and end in seconds of a range: ``"00:23.00 - 00:48.00"`` or a list of two times."""
    if isinstance(value, list) and len(value) == 2:
        times = (seconds_of(value[0]), seconds_of(value[1]))
    elif isinstance(value, str) and len(value) <= 80:
        match = _RANGE.match(value)
        if match is None:
            return None
        times = (_seconds(match.group(1)), _seconds(match.group(2)))
    else:
        return None
    start, end = times
    return None if start is None or end is None else (start, end)


def ranges_in(text: str) -> Iterator[tuple[float, float, int, int]]:
    """Yield start and end in seconds of each range that prose tells, with its place in the text."""
    for match in _IN_PROSE.finditer(text):
        first, second = (group for group in match.groups() if group is not None)
        start, end = _seconds(first), _seconds(second)
        if start is not None and end is not None:
            yield start, end, match.start(), match.end()


def moments_in(text: str) -> Iterator[tuple[float, int, int]]:
    """Yield the seconds of each time that prose names, with its place in the text; how long something takes is none."""
    for match in _MOMENT.finditer(text):
        group = 1 if match.group(1) is not None else 2
        time = _seconds(match.group(group))
        if time is not None:
            yield time, match.start(group), match.end()
