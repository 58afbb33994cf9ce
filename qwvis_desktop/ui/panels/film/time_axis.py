"""``TimeAxis``: which time of a film lies where on the timeline, and where its ruler has marks."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from qwvis_desktop.core.film_time import clock

MOST_SCALE = 4000.0
"""Widget units that a second takes at most: a millisecond can be told then."""

_STEPS = (
    *(digit * 10.0**power for power in (-3, -2, -1) for digit in (1, 2, 5)),
    *(1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 900.0, 1800.0, 3600.0, 7200.0, 14400.0, 36000.0),
)
"""Seconds that marks with words may lie apart."""

_APART = 84.0
"""Widget units that words on the ruler lie apart by at least."""

_PARTS = 5
"""Small marks from one with words to the next."""

_AHEAD = 0.1
"""Share of the view that is left before a time which is brought into it."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark of the ruler; ``words`` are empty on small ones."""

    time: float
    words: str


@dataclass(frozen=True, slots=True)
class TimeAxis:
    """From times to places across, and back.

    Attributes:
        duration: of the film, in seconds.
        left, width: where the time ``start`` lies, and how wide the view is, in widget units.
        start: the time at the left edge.
        scale: widget units of a second; 0 shows all of the film.
    """

    duration: float
    left: float
    width: float
    start: float = 0.0
    scale: float = 0.0

    @property
    def whole(self) -> float:
        """The scale at which all of the film fills the view."""
        return self.width / self.duration if self.duration > 0 else 1.0

    @property
    def pixels(self) -> float:
        """Widget units of a second."""
        return max(self.scale, self.whole)

    @property
    def is_whole(self) -> bool:
        """Whether all of the film is seen."""
        return self.scale <= self.whole

    @property
    def end(self) -> float:
        """The time at the right edge."""
        return self.start + self.width / self.pixels

    def x(self, time: float) -> float:
        """Return where a time lies."""
        return self.left + (time - self.start) * self.pixels

    def time(self, x: float) -> float:
        """Return the time at a place, within the film."""
        return min(max(self.start + (x - self.left) / self.pixels, 0.0), self.duration)

    def seconds(self, units: float) -> float:
        """Return how long so many widget units are."""
        return units / self.pixels

    def sized(self, duration: float, left: float, width: float) -> TimeAxis:
        """Return the axis of another film or view; what is seen begins where it did."""
        return replace(self, duration=duration, left=left, width=max(width, 1.0))._within()

    def zoomed(self, factor: float, anchor: float) -> TimeAxis:
        """Return the axis with a second ``factor`` times as wide, and the time at the place ``anchor`` there still."""
        scale = min(self.pixels * factor, max(MOST_SCALE, self.whole))
        if scale <= self.whole:
            return replace(self, scale=0.0, start=0.0)
        time = self.start + (anchor - self.left) / self.pixels
        return replace(self, scale=scale, start=time - (anchor - self.left) / scale)._within()

    def panned(self, units: float) -> TimeAxis:
        """Return the axis moved by widget units: more than none shows later times."""
        return replace(self, start=self.start + units / self.pixels)._within()

    def fitted(self) -> TimeAxis:
        """Return the axis that shows all of the film."""
        return replace(self, start=0.0, scale=0.0)

    def revealing(self, time: float) -> TimeAxis:
        """Return the axis that has a time in view; itself where it has."""
        if self.start <= time <= self.end:
            return self
        span = self.end - self.start
        return replace(self, start=time - span * (_AHEAD if time > self.end else 1 - _AHEAD))._within()

    def ticks(self) -> list[Tick]:
        """Return the marks of the ruler in view, earliest first."""
        step = next((each for each in _STEPS if each * self.pixels >= _APART), _STEPS[-1])
        small, digits = step / _PARTS, 0 if step >= 1 else math.ceil(-math.log10(step) - 1e-9)
        first, last = math.floor(self.start / small), math.ceil(min(self.end, self.duration) / small)
        numbers = range(max(first, 0), last + 1)
        return [
            Tick(n * small, clock(n * small, digits, hours=False) if n % _PARTS == 0 else "")
            for n in numbers
            if n * small <= self.duration + 1e-9
        ]

    def _within(self) -> TimeAxis:
        latest = max(self.duration - self.width / self.pixels, 0.0)
        return replace(self, start=min(max(self.start, 0.0), latest), scale=self.scale if not self.is_whole else 0.0)
