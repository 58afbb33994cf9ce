"""Text on a page as file formats want it: in its order, along its quadrilateral, word by word where that is known.

Models and offline engines tell where a line stands, not its words. Words are known where the line is a single one, or
where a file told them (attribute ``words``); any other place of a word is an estimate, by how wide letters are, and is
marked as one wherever it is written.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TypeAlias

from qwvis_desktop.core.annotation import JsonValue, LayoutBlock, TextRegion
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.geometry import Box, Point, Polygon
from qwvis_desktop.core.plane.outlines import smallest_rectangle
from qwvis_desktop.core.text.places import edges, is_right_to_left, letter_width, sides_of

WORDS = "words"
"""Attribute of a region of which a file told the words: objects with ``text``, ``box`` and perhaps ``score``."""

Quad: TypeAlias = tuple[Point, Point, Point, Point]
"""Corners from the text's own top left, clockwise; the first side runs along the text."""

_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Word:
    """A word, where it stands, its score where one is known, and whether its place is only estimated."""

    text: str
    quad: Quad
    score: float | None = None
    estimated: bool = False

    @property
    def box(self) -> Box:
        """The upright box round it."""
        return Polygon(self.quad).bounds


def texts_in_order(document: Document) -> tuple[TextRegion | LayoutBlock, ...]:
    """Return text regions, and blocks that have a place, in the order in which they are read: the document's own."""
    return tuple(
        each
        for each in document.annotations.values()
        if isinstance(each, TextRegion) or (isinstance(each, LayoutBlock) and each.box is not None)
    )


def quad_of(region: TextRegion) -> Quad:
    """Return the quadrilateral of a region whose first side runs along the text; it turns where that runs downward."""
    points = region.polygon.points
    if len(points) != 4:
        corners = smallest_rectangle(points).corners
        first = min(range(4), key=lambda at: sum(corners[at]))
        region = replace(region, polygon=Polygon((*corners[first:], *corners[:first])))
    first_, second, third, fourth = sides_of(region)
    return first_, second, third, fourth


def degrees_of(quad: Quad) -> float:
    """Return the angle of the text against the horizontal, clockwise as seen, from -180 to 180."""
    a, b, c, d = quad
    return math.degrees(math.atan2(b.y + c.y - a.y - d.y, b.x + c.x - a.x - d.x))


def words_of(region: TextRegion, estimate: bool = False) -> tuple[Word, ...]:
    """Return the words of a region where their places are known; estimated ones else, or none, as ``estimate`` says."""
    found = _told(region)
    texts = _WORD.findall(region.text)
    if not found and len(texts) == 1:
        found = (Word(texts[0], quad_of(region), region.score),)
    return found or (_estimated(region) if estimate else ())


def words_attribute(words: Iterable[Word]) -> list[JsonValue]:
    """Return words that a file told as the attribute ``WORDS`` holds them."""
    told: list[JsonValue] = []
    for word in words:
        value: dict[str, JsonValue] = {"text": word.text, "box": list(word.box)}
        told.append(value if word.score is None else value | {"score": word.score})
    return told


def _told(region: TextRegion) -> tuple[Word, ...]:
    """Return the words that came with a region, where text and place are still those that they were told of."""
    values = region.attributes.get(WORDS)
    if not isinstance(values, list):
        return ()
    found = [_word(value) for value in values]
    words = tuple(word for word in found if word is not None)
    if len(words) != len(found) or [word.text for word in words] != _WORD.findall(region.text):
        return ()
    round_all = Polygon(tuple(point for word in words for point in word.quad)).bounds
    bounds = region.polygon.bounds
    near = max(2.0, bounds.height / 4)
    return words if all(abs(a - b) <= near for a, b in zip(round_all, bounds, strict=True)) else ()


def _word(value: JsonValue) -> Word | None:
    if not isinstance(value, dict):
        return None
    text, box, score = value.get("text"), value.get("box"), value.get("score")
    if not isinstance(text, str) or not isinstance(box, list) or len(box) != 4:
        return None
    sides = [float(side) for side in box if isinstance(side, int | float) and not isinstance(side, bool)]
    if len(sides) != 4:
        return None
    return Word(text, Box(*sides).corners, float(score) if isinstance(score, int | float) else None)


def _estimated(region: TextRegion) -> tuple[Word, ...]:
    lines, quad = region.text.splitlines(), quad_of(region)
    shares = (part_down(quad, at / len(lines), (at + 1) / len(lines)) for at in range(len(lines)))
    return tuple(word for line, share in zip(lines, shares, strict=True) for word in _along(line, share))


def _along(text: str, quad: Quad) -> tuple[Word, ...]:
    shares = edges(text)
    if not shares[-1]:  # nothing but marks: each takes as much room as the next
        shares = tuple(place / max(1, len(text)) for place in range(len(text) + 1))
    backward = is_right_to_left(text)
    words = []
    for found in _WORD.finditer(text):
        start, end = shares[found.start()], shares[found.end()]
        part = part_of(quad, 1 - end, 1 - start) if backward else part_of(quad, start, end)
        words.append(Word(found[0], part, estimated=True))
    return tuple(words)


def part_of(quad: Quad, start: float, end: float) -> Quad:
    """Return the part of a quadrilateral between two shares of its length."""
    a, b, c, d = quad
    return _between(a, b, start), _between(a, b, end), _between(d, c, end), _between(d, c, start)


def part_down(quad: Quad, start: float, end: float) -> Quad:
    """Return the part of a quadrilateral between two shares of its height, from the top."""
    a, b, c, d = quad
    return _between(a, d, start), _between(b, c, start), _between(b, c, end), _between(a, d, end)


def _between(a: Point, b: Point, share: float) -> Point:
    return Point(a.x + (b.x - a.x) * share, a.y + (b.y - a.y) * share)


def width_of(letter: str) -> float:
    """Return how wide a letter is, in parts of its size: 0 where it is a mark on another, or is not seen."""
    return 0.0 if unicodedata.category(letter) in ("Mn", "Me", "Cf", "Cc") else letter_width(letter)
