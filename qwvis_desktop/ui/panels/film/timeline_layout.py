"""``TimelineLayout``: what is where on a timeline, and ``Film``: what it shows beside the annotations."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage

from qwvis_desktop.ui.panels.film.time_axis import TimeAxis

NAMES = 112
"""Widget units of the column in which lanes have their names."""

RULER, TICKS, STRIP, ROW, GAP = 22, 9, 36, 20, 2
"""Heights of the ruler, of the ticks of frames that a model saw, of the thumbnails, of a row, and below a lane."""


class Zone(Enum):
    """The parts of a timeline, from the top."""

    RULER = auto()
    TICKS = auto()
    STRIP = auto()
    LANES = auto()


@dataclass(frozen=True, slots=True)
class Film:
    """A film as its timeline shows it.

    Attributes:
        duration: seconds.
        frame: seconds that a frame is shown for on average.
        start, end: the range that is sent; None where it is not set.
        seen: times of the frames that the model saw, sorted.
        thumbnails: times with small pictures, sorted.
    """

    duration: float
    frame: float = 0.04
    start: float | None = None
    end: float | None = None
    seen: tuple[float, ...] = ()
    thumbnails: tuple[tuple[float, QImage], ...] = field(default=(), repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class TimelineLayout:
    """Where the parts of a timeline are.

    Attributes:
        axis: across.
        height: of the widget.
        tops: upper edge of each row below that of the first one.
        scroll: widget units that the lanes are moved up by.
        has_strip: whether there is a row of thumbnails.
        has_ticks: whether there is a row of ticks.
    """

    axis: TimeAxis
    height: float
    tops: Sequence[float] = ()
    scroll: float = 0.0
    has_strip: bool = False
    has_ticks: bool = False

    @property
    def ticks_top(self) -> float:
        """Where the ticks begin."""
        return RULER

    @property
    def strip_top(self) -> float:
        """Where the thumbnails begin."""
        return RULER + (TICKS if self.has_ticks else 0)

    @property
    def lanes_top(self) -> float:
        """Where the lanes begin."""
        return self.strip_top + (STRIP if self.has_strip else 0) + GAP

    @property
    def most_scroll(self) -> float:
        """How far the lanes can be moved up."""
        bottom = self.tops[-1] + ROW + GAP if self.tops else 0.0
        return max(0.0, bottom - (self.height - self.lanes_top))

    @property
    def right(self) -> float:
        """Where times end."""
        return self.axis.left + self.axis.width

    def row_top(self, row: int) -> float:
        """Return the upper edge of a row."""
        return self.lanes_top - self.scroll + self.tops[row]

    def row_at(self, y: float) -> int | None:
        """Return the row at a place; None beside all of them."""
        if y < self.lanes_top:
            return None
        row = bisect_right(self.tops, y - self.lanes_top + self.scroll) - 1
        return row if row >= 0 and y < self.row_top(row) + ROW else None

    def rows_in_view(self) -> range:
        """Return the rows that are seen at least in part."""
        first = bisect_right(self.tops, self.scroll - ROW)
        return range(first, max(first, bisect_right(self.tops, self.scroll + self.height - self.lanes_top)))

    def revealing(self, row: int) -> float:
        """Return how far the lanes are to be moved up so that a row is seen."""
        room = self.height - self.lanes_top - ROW
        return min(max(self.scroll, self.tops[row] - room), self.tops[row])

    def zone_at(self, y: float) -> Zone:
        """Return which part is at a place."""
        if y < RULER:
            return Zone.RULER
        if y < self.strip_top:
            return Zone.TICKS
        return Zone.STRIP if y < self.lanes_top else Zone.LANES

    def span(self, row: int, start: float, end: float) -> QRectF:
        """Return what a span of time covers of a row; what is short is still to be seen."""
        left, right = self.axis.x(start), self.axis.x(end)
        return QRectF(left, self.row_top(row) + 1, max(right - left, 3.0), ROW - 2)
