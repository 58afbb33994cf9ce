"""Text regions as one text: what stands between two places of it, and how their lines are joined.

The order of a document is the order in which its texts are read.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from qwvis_desktop.core.annotation import Annotation, LayoutBlock, TextRegion
from qwvis_desktop.core.geometry import Point, Polygon
from qwvis_desktop.core.text.places import distance, offset_at, sides_of, word_at

_SAME_LINE = 0.5
"""Of a line's height: by no more than this may the middles of two parts of one line differ."""

_CELL = 2.5
"""Of a line's height: a gap in a line from which on it parts the cells of a table."""

_PARAGRAPH = 1.9
"""Of a line's height: from middle to middle of two lines, from which on a paragraph ends between them."""


class TextPosition(NamedTuple):
    """A place between two letters: which region of the flow, and how many of its characters stand before it."""

    region: int
    offset: int


class TextSpan(NamedTuple):
    """A part of a region: its id and [start, end) in its text."""

    key: str
    start: int
    end: int


def texts_of(annotations: Iterable[Annotation]) -> tuple[TextRegion, ...]:
    """Return the text regions among annotations, in the same order."""
    return tuple(each for each in annotations if isinstance(each, TextRegion))


def searched(annotations: Iterable[Annotation]) -> tuple[TextRegion, ...]:
    """Return all that words are looked for in: text regions, and blocks of a page as if they were some."""
    found = []
    for each in annotations:
        if isinstance(each, TextRegion):
            found.append(each)
        elif isinstance(each, LayoutBlock) and each.box is not None and each.text:
            found.append(TextRegion(id=each.id, text=each.text, polygon=Polygon(each.box.corners)))
    return tuple(found)


def with_texts_ordered(order: Iterable[str], texts: Sequence[str]) -> tuple[str, ...]:
    """Return the order of a document in which its ``texts`` take the places of texts in this order, all else its own.

    ``texts`` holds the id of each text of ``order`` once.
    """
    theirs, following = frozenset(texts), iter(texts)
    return tuple(next(following) if key in theirs else key for key in order)


def with_moved(order: Sequence[str], keys: Collection[str], before: str | None) -> tuple[str, ...]:
    """Return an order in which ``keys`` stand, in their own order, right before another; at the end for None."""
    moved = [key for key in order if key in keys]
    places = {key: place for place, key in enumerate(order)}
    at = places[before] if before is not None else len(order)
    head = [key for key in order[:at] if key not in keys]
    return (*head, *moved, *(key for key in order[at:] if key not in keys))


def with_shifted(order: Sequence[str], keys: Collection[str], by: int) -> tuple[str, ...]:
    """Return an order in which each of ``keys`` stands one place further down (1) or up (-1), as far as it goes."""
    found = list(order) if by < 0 else list(reversed(order))
    for place in range(1, len(found)):
        if found[place] in keys and found[place - 1] not in keys:
            found[place - 1], found[place] = found[place], found[place - 1]
    return tuple(found if by < 0 else reversed(found))


class TextFlow:
    """Regions in reading order."""

    def __init__(self, regions: Sequence[TextRegion]) -> None:
        self.regions = tuple(regions)

    @property
    def whole(self) -> tuple[TextPosition, TextPosition] | None:
        """From the first letter to the last; None where there is no text."""
        if not self.regions:
            return None
        last = len(self.regions) - 1
        return TextPosition(0, 0), TextPosition(last, len(self.regions[last].text))

    def position_at(self, point: Point) -> TextPosition | None:
        """Return the place in the text that is nearest to one of the picture; None where there is no text."""
        if not self.regions:
            return None
        nearest = min(range(len(self.regions)), key=lambda place: distance(self.regions[place], point))
        return TextPosition(nearest, offset_at(self.regions[nearest], point))

    def word_at(self, position: TextPosition) -> tuple[TextPosition, TextPosition]:
        """Return where the word at a place begins and ends."""
        start, end = word_at(self.regions[position.region].text, position.offset)
        return TextPosition(position.region, start), TextPosition(position.region, end)

    def region_at(self, position: TextPosition) -> tuple[TextPosition, TextPosition]:
        """Return where the region at a place begins and ends."""
        return TextPosition(position.region, 0), TextPosition(position.region, len(self.regions[position.region].text))

    def spans(self, one: TextPosition, other: TextPosition) -> tuple[TextSpan, ...]:
        """Return what stands between two places, given in any order."""
        first, last = sorted((one, other))
        found = []
        for place in range(first.region, last.region + 1):
            region = self.regions[place]
            start = first.offset if place == first.region else 0
            end = last.offset if place == last.region else len(region.text)
            if start < end:
                found.append(TextSpan(region.id, start, end))
        return tuple(found)

    def text(self, one: TextPosition, other: TextPosition) -> str:
        """Return what stands between two places as one text: lines, paragraphs, cells of a table."""
        by_id = {region.id: region for region in self.regions}
        written: list[str] = []
        before: TextRegion | None = None
        for key, start, end in self.spans(one, other):
            region = by_id[key]
            written += [joint(before, region)] if before is not None else []
            written.append(region.text[start:end])
            before = region
        return "".join(written)


def joint(before: TextRegion, after: TextRegion) -> str:
    """Return what stands between two regions that follow each other.

    A space (nothing in scripts that write none) or, between cells of a table, a tab where the second goes on in the
    line of the first; a new line below it; an empty line after a paragraph and where a new column begins.
    """
    here, there = sides_of(before), sides_of(after)
    height = max((here.height + there.height) / 2, 1e-6)
    if not here.width or not here.height:
        return "\n"
    share = here.shares(there.center)
    below = (share.y - 0.5) * here.height
    if abs(below) <= _SAME_LINE * min(here.height, there.height):
        ends = [(here.shares(corner).x - 0.5) * here.width for corner in there]
        gap = max(min(ends) - here.width / 2, -max(ends) - here.width / 2)
        if gap >= _CELL * height:
            return "\t"
        if gap > -height:
            return "" if _joins(before.text, after.text) else " "
        return "\n"
    return "\n" if 0 < below < _PARAGRAPH * height else "\n\n"


def _joins(before: str, after: str) -> bool:
    """Say whether two pieces of text are written without a space between them."""
    return bool(before and after) and _is_dense(before[-1]) and _is_dense(after[0])


def _is_dense(letter: str) -> bool:
    """Say whether a letter is of a script that writes no spaces: Chinese and Japanese."""
    wide = unicodedata.east_asian_width(letter) in ("W", "F")
    return (
        wide and not "\uac00" <= letter <= "\ud7a3" and unicodedata.category(letter) in ("Lo", "Lm", "Po", "Ps", "Pe")
    )


def running_joint(before: TextRegion, after: TextRegion) -> str:
    """Return what stands between two regions where lines are not told apart: a space, or nothing."""
    return "" if _joins(before.text, after.text) else " "
