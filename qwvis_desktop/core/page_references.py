"""What an answer says about pages and pictures by their numbers: "on page 3", "images 2 and 5", "第3页"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

PAGE, IMAGE = "page", "image"

_NUMBER = r"\d{1,5}(?![\d.]*\d)"
_LIST = re.compile(
    rf"(?i)\b(?P<word>pages?|pp?\.|images?|pictures?)\s*(?:no\.\s*)?(?P<numbers>#?{_NUMBER}"
    rf"(?:\s*(?:,|and|or|&|to|through|-|\N{{EN DASH}})\s*(?:and\s+)?{_NUMBER})*)"
)
_CHINESE = re.compile(r"第\s*(?P<page>\d{1,5})\s*页|第\s*(?P<nth>\d{1,5})\s*张图|图(?:片|像)\s*(?P<image>\d{1,5})")
_DIGITS = re.compile(r"\d+")


class Reference(NamedTuple):
    """A mention: its characters in the text, [start, end), whether ``PAGE`` or ``IMAGE`` is meant, and the number."""

    start: int
    end: int
    kind: str
    number: int


def references(text: str) -> Iterator[Reference]:
    """Give the mentions in a text, in order; of a list each number is one, the first with the word before it."""
    found = [*_lists(text), *_chinese(text)]
    yield from sorted(found)


def _lists(text: str) -> Iterator[Reference]:
    for match in _LIST.finditer(text):
        kind = PAGE if match["word"][0] in "pP" and not match["word"].lower().startswith("pic") else IMAGE
        start = match.start()
        for digits in _DIGITS.finditer(text, match.start("numbers"), match.end("numbers")):
            yield Reference(start if start >= 0 else digits.start(), digits.end(), kind, int(digits[0]))
            start = -1


def _chinese(text: str) -> Iterator[Reference]:
    for match in _CHINESE.finditer(text):
        number = match["page"] or match["nth"] or match["image"]
        yield Reference(match.start(), match.end(), PAGE if match["page"] else IMAGE, int(number))
