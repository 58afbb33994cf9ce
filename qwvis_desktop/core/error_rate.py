"""Character error rate: how many characters of what a model read a person had to change.

It is the Levenshtein distance (characters put in, taken out, exchanged) between what was read and what stands there
now, by the characters that stand there now, as is usual for text recognition. White space at the ends does not count.
Parts that a person split or merged are compared as a whole, by where they lie.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from qwvis_desktop.core.annotation import TextRegion
from qwvis_desktop.core.document import Document, Run
from qwvis_desktop.core.geometry import Point
from qwvis_desktop.core.text.flow import texts_of
from qwvis_desktop.core.text.places import sides_of

_BAND, _MOST_BANDS = 32.0, 4096
"""How high a band of the page is in pixels, and into how many a region reaches at most."""


class ErrorRate(NamedTuple):
    """Characters that were read wrongly, of how many that stand there now."""

    wrong: int
    characters: int

    @property
    def share(self) -> float | None:
        """The rate, 0 for no mistake; above 1 where more was invented than there is; None where there is no text."""
        return self.wrong / self.characters if self.characters else None


def error_rate(document: Document, runs: Iterable[Run]) -> ErrorRate:
    """Return the error rate of runs on a page, as far as it was corrected: what nobody touched counts as right."""
    read = [text for run in runs for text in texts_of(run.as_read)]
    return compared(read, texts_of(document.annotations.values()))


def compared(read: Sequence[TextRegion], now: Sequence[TextRegion]) -> ErrorRate:
    """Return the error rate of regions as they were read against those that there are now.

    Those with the same id belong together. One that a person made belongs to what was read where it lies, and what was
    read and is gone to what lies there now; without any, its characters were missed or invented.
    """
    groups = _Groups(read, now)
    wrong = sum(_distance(_joined(old), _joined(new)) for old, new in groups.pairs())
    return ErrorRate(wrong, sum(len(_joined([each])) for _, new in groups.pairs() for each in new))


class _Groups:
    """What was read and what is there now, sorted into groups that are compared as a whole."""

    def __init__(self, read: Sequence[TextRegion], now: Sequence[TextRegion]) -> None:
        self._read, self._now = {each.id: each for each in read}, {each.id: each for each in now}
        mine = {each.provenance.run for each in read if each.provenance is not None}
        # What other runs read is none of this one's mistakes.
        self._now = {
            key: each
            for key, each in self._now.items()
            if key in self._read or each.provenance is None or each.provenance.run in mine
        }
        self._group = {key: key for key in (*self._read, *self._now)}
        was, there = _Bands(self._read.values()), _Bands(self._now.values())
        for key, each in self._now.items():
            if key not in self._read:
                self._join(key, was.holding(each))
        for key, each in self._read.items():
            if key not in self._now:
                self._join(key, there.holding(each))

    def pairs(self) -> list[tuple[list[TextRegion], list[TextRegion]]]:
        """Return, for each group, what was read and what is there now."""
        found: dict[str, tuple[list[TextRegion], list[TextRegion]]] = {}
        for side, regions in enumerate((self._read, self._now)):
            for key, each in regions.items():
                found.setdefault(self._top(key), ([], []))[side].append(each)
        return list(found.values())

    def _top(self, key: str) -> str:
        while self._group[key] != key:
            key = self._group[key]
        return key

    def _join(self, key: str, other: str | None) -> None:
        if other is not None:
            self._group[self._top(key)] = self._top(other)


class _Bands:
    """Regions by the bands of the page that they reach into, so that few must be looked at."""

    def __init__(self, regions: Iterable[TextRegion]) -> None:
        self._bands: dict[int, list[TextRegion]] = {}
        for region in regions:
            box = region.polygon.bounds
            first, last = _band(box.top), _band(box.bottom)
            for band in range(first, min(last, first + _MOST_BANDS) + 1):
                self._bands.setdefault(band, []).append(region)

    def holding(self, region: TextRegion) -> str | None:
        """Return the id of the one in whose outline the middle of a region lies; None where there is none."""
        middle = sides_of(region).center
        near = self._bands.get(_band(middle.y), ())
        return next((each.id for each in near if each.id != region.id and _holds(each, middle)), None)


def _band(y: float) -> int:
    return math.floor(y / _BAND)


def _holds(region: TextRegion, point: Point) -> bool:
    share = sides_of(region).shares(point)
    return 0 <= share.x <= 1 and 0 <= share.y <= 1


def _joined(regions: Sequence[TextRegion]) -> str:
    """Return the text of regions without what only joins them."""
    return " ".join(" ".join(each.text.split()) for each in regions)


def _distance(read: str, now: str) -> int:
    if read == now:
        return 0
    from rapidfuzz.distance import Levenshtein  # compiled code that only corrections need

    return int(Levenshtein.distance(read, now))
