"""Where each letter of a text region stands: estimated, because recognition says where lines stand, not letters.

A line fills its quadrilateral from end to end; within it each letter takes as much as it does in an ordinary typeface
(``_width``). Lines of a region with several stand below each other. Right-to-left lines run from the right: the whole
line by its first letter with a direction, whatever is mixed into it.
"""

from __future__ import annotations

import math
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from qwvis_desktop.core.annotation import TextRegion
from qwvis_desktop.core.geometry import Point, Polygon

_NARROW = frozenset("iljtfrI.,:;'`!|()[]{}-/\\ \u2019\u2018")
_BROAD = frozenset("mwMW@%&\u2014\u2026")

_RUNS_DOWN = 2.0
"""A region this many times higher than wide, of two letters and more, holds a line that runs down the page."""

_JOINERS = frozenset(("\u200d", "\ufe0e", "\ufe0f"))
"""The zero width joiner and the two variation selectors of emoji."""


class Sides(NamedTuple):
    """The quadrilateral of a line as it is read: corners from the text's own top left, clockwise."""

    first: Point
    second: Point
    third: Point
    fourth: Point

    @property
    def along(self) -> Point:
        """From the start to the end of the line, in pixels: the mean of its upper and lower side."""
        return Point(
            (self.second.x - self.first.x + self.third.x - self.fourth.x) / 2,
            (self.second.y - self.first.y + self.third.y - self.fourth.y) / 2,
        )

    @property
    def down(self) -> Point:
        """From the upper to the lower side, in pixels: the mean of both ends."""
        return Point(
            (self.fourth.x - self.first.x + self.third.x - self.second.x) / 2,
            (self.fourth.y - self.first.y + self.third.y - self.second.y) / 2,
        )

    @property
    def center(self) -> Point:
        """The middle."""
        return Point(sum(p.x for p in self) / 4, sum(p.y for p in self) / 4)

    @property
    def height(self) -> float:
        """How high the line is, in pixels."""
        return math.hypot(*self.down)

    @property
    def width(self) -> float:
        """How long the line is, in pixels."""
        return math.hypot(*self.along)

    def at(self, across: float, down: float) -> Point:
        """Return the place at shares (0 to 1) of length and height."""
        upper = _between(self.first, self.second, across)
        return _between(upper, _between(self.fourth, self.third, across), down)

    def shares(self, point: Point) -> Point:
        """Return at which shares of length and height a place lies; outside of 0 to 1 where it is beside the line."""
        along, down, center = self.along, self.down, self.center
        area = along.x * down.y - along.y * down.x
        if not area:
            return Point(0.5, 0.5)
        x, y = point.x - center.x, point.y - center.y
        return Point(0.5 + (x * down.y - y * down.x) / area, 0.5 + (along.x * y - along.y * x) / area)


def sides_of(region: TextRegion) -> Sides:
    """Return the quadrilateral along which a region is read; a high and narrow one is read down the page."""
    points = region.polygon.points
    if len(points) != 4:
        points = region.polygon.bounds.corners
    sides = Sides(*points)
    if len(region.text) > 1 and "\n" not in region.text and sides.height > _RUNS_DOWN * sides.width:
        return Sides(sides.second, sides.third, sides.fourth, sides.first)
    return sides


def is_right_to_left(text: str) -> bool:
    """Say whether a text runs from right to left, by its first letter with a direction."""
    for letter in text:
        direction = unicodedata.bidirectional(letter)
        if direction in ("L", "R", "AL"):
            return direction != "L"
    return False


def clusters(text: str) -> Iterator[tuple[int, int]]:
    """Yield [start, end) of what is seen as one letter each: marks and joined emoji belong to what they follow."""
    start = 0
    flags = 0
    for place, letter in enumerate(text):
        is_flag = "\U0001f1e6" <= letter <= "\U0001f1ff"
        joins = place > start and (
            letter in _JOINERS
            or text[place - 1] == "\u200d"
            or unicodedata.category(letter) in ("Mn", "Me", "Mc")
            or "\U0001f3fb" <= letter <= "\U0001f3ff"
            or (is_flag and flags % 2 == 1)
        )
        flags = flags + 1 if is_flag else 0
        if place > start and not joins:
            yield start, place
            start = place
    if text:
        yield start, len(text)


@lru_cache(maxsize=4096)
def edges(line: str) -> tuple[float, ...]:
    """Return the shares of a line's length at which its letters begin, and 1 at the end, in the order of the text.

    There is one number for each character and one more; those within a cluster have that of its start.
    """
    found, total = [0.0] * (len(line) + 1), 0.0
    for start, end in clusters(line):
        found[start:end] = [total] * (end - start)
        total += letter_width(line[start])
    found[len(line)] = total
    return tuple(edge / total for edge in found) if total else tuple(found)


def letter_width(letter: str) -> float:
    """Return the usual width of a letter in parts of its size."""
    if unicodedata.east_asian_width(letter) in ("W", "F"):
        return 1.0
    if letter in _NARROW:
        return 0.3
    if letter in _BROAD:
        return 0.85
    return 0.66 if letter.isupper() else 0.54


class TextLine(NamedTuple):
    """A line of a region: [start, end) in its text and the quadrilateral of it."""

    start: int
    end: int
    text: str
    sides: Sides

    def share(self, offset: int) -> float:
        """Return the share of the length, from the left of the quadrilateral, at which a place in the text stands."""
        share = edges(self.text)[min(max(offset - self.start, 0), len(self.text))]
        return 1.0 - share if is_right_to_left(self.text) else share


def lines_of(region: TextRegion) -> list[TextLine]:
    """Return the lines of a region, which share its height evenly."""
    texts = region.text.split("\n")
    sides, count, start = sides_of(region), len(texts), 0
    found = []
    for number, text in enumerate(texts):
        top, bottom = number / count, (number + 1) / count
        part = Sides(sides.at(0, top), sides.at(1, top), sides.at(1, bottom), sides.at(0, bottom))
        found.append(TextLine(start, start + len(text), text, part))
        start += len(text) + 1
    return found


def parts(region: TextRegion, start: int, end: int) -> tuple[Polygon, ...]:
    """Return the outlines of the characters [start, end) of a region, one for each of its lines."""
    found = []
    for line in lines_of(region):
        first, last = max(start, line.start), min(end, line.end)
        if first < last:
            a, b = sorted((line.share(first), line.share(last)))
            sides = line.sides
            found.append(Polygon((sides.at(a, 0), sides.at(b, 0), sides.at(b, 1), sides.at(a, 1))))
    return tuple(found)


def caret(region: TextRegion, offset: int) -> tuple[Point, Point]:
    """Return upper and lower end of the stroke before the character at ``offset``."""
    lines = lines_of(region)
    line = next((each for each in lines if offset <= each.end), lines[-1])
    share = line.share(offset)
    return line.sides.at(share, 0), line.sides.at(share, 1)


def offset_at(region: TextRegion, point: Point) -> int:
    """Return the place in the text, between two letters, that is nearest to a place of the picture."""
    lines = lines_of(region)
    number = math.floor(sides_of(region).shares(point).y * len(lines))
    line = lines[min(max(number, 0), len(lines) - 1)]
    share = line.sides.shares(point).x
    if is_right_to_left(line.text):
        share = 1.0 - share
    stops = [start for start, _ in clusters(line.text)] + [len(line.text)]
    at = [edges(line.text)[stop] for stop in stops]
    after = bisect_left(at, share)
    if after == 0 or (after < len(at) and at[after] - share <= share - at[after - 1]):
        return line.start + stops[after]
    return line.start + stops[after - 1]


def distance(region: TextRegion, point: Point) -> float:
    """Return how far a place lies beside a region, in pixels; 0 inside. Beyond an end counts less than above it."""
    sides = sides_of(region)
    share = sides.shares(point)
    across = max(0.0, -share.x, share.x - 1.0) * sides.width
    down = max(0.0, -share.y, share.y - 1.0) * sides.height
    return math.hypot(across / 2, down)


def word_at(text: str, offset: int) -> tuple[int, int]:
    """Return [start, end) of the word at a place in a text: letters and digits; of anything else, one letter."""
    if not text:
        return 0, 0
    place = min(offset, len(text) - 1)
    if not _in_word(text[place]) and place and _in_word(text[place - 1]) and offset == place:
        place -= 1
    if not _in_word(text[place]):
        return next(part for part in clusters(text) if part[0] <= place < part[1])
    start, end = place, place + 1
    while start and _in_word(text[start - 1]):
        start -= 1
    while end < len(text) and _in_word(text[end]):
        end += 1
    return start, end


def _in_word(letter: str) -> bool:
    return letter.isalnum() or letter in "_'\u2019" or unicodedata.category(letter) in ("Mn", "Mc")


def union(regions: Sequence[TextRegion]) -> Polygon:
    """Return the least rectangle round regions that is turned as the first of them is."""
    sides = sides_of(regions[0])
    found = [sides.shares(point) for region in regions for point in sides_of(region)]
    left, right = min(p.x for p in found), max(p.x for p in found)
    top, bottom = min(p.y for p in found), max(p.y for p in found)
    along, down, center = sides.along, sides.down, sides.center

    def at(x: float, y: float) -> Point:
        x, y = x - 0.5, y - 0.5
        return Point(center.x + x * along.x + y * down.x, center.y + x * along.y + y * down.y)

    return Polygon((at(left, top), at(right, top), at(right, bottom), at(left, bottom)))


def _between(here: Point, there: Point, share: float) -> Point:
    return Point(here.x + (there.x - here.x) * share, here.y + (there.y - here.y) * share)
