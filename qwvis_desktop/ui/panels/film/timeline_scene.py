"""``TimelineScene``: what lies on a timeline, as arrays, so that thousands of events are culled and hit at once.

A lane holds the events of one label, in as many rows as keep them apart, or the boxes of one track. Where many labels
stand once each, as where a model tells what happens, their events share a lane.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from qwvis_desktop.core.annotation import Annotation, VideoEvent
from qwvis_desktop.ui.palette import color_index
from qwvis_desktop.ui.panels.film.timeline_layout import GAP, ROW

if TYPE_CHECKING:  # numpy is slow to load and the window opens without it
    import numpy as np
    from numpy.typing import NDArray

MOST_LANES = 12
"""Labels up to which each has a lane of its own; of more, only those that occur again."""

MOST_ROWS = 40
"""Rows of a lane; events for which there is no further one lie above others."""


@dataclass(frozen=True, slots=True)
class Lane:
    """Rows that belong together.

    Attributes:
        name: the label or the track; empty for the lane that many labels share.
        first, count: its rows among all.
        color: place in ``palette.COLORS``; -1 where each event has its own.
    """

    name: str
    first: int
    count: int
    color: int


class TrackKeys(NamedTuple):
    """A track as a timeline shows it.

    Attributes:
        name, label: what it is called.
        times, ids: of its own boxes.
        spans: from when to when the object is there.
    """

    name: str
    label: str
    times: tuple[float, ...]
    ids: tuple[str, ...]
    spans: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Spans:
    """Events, or boxes (which end where they start), as arrays of one length.

    Attributes:
        ids: of the annotations.
        labels: what stands on them.
        starts, ends: in seconds.
        rows: among all rows of the timeline.
        colors: places in ``palette.COLORS``.
    """

    ids: tuple[str, ...]
    labels: tuple[str, ...]
    starts: NDArray[np.float64]
    ends: NDArray[np.float64]
    rows: NDArray[np.int32]
    colors: NDArray[np.int16]

    def within(self, start: float, end: float, rows: range) -> NDArray[np.intp]:
        """Return the places of those that are seen from ``start`` to ``end`` in these rows."""
        import numpy as np

        seen = (self.ends >= start) & (self.starts <= end) & (self.rows >= rows.start) & (self.rows < rows.stop)
        return np.flatnonzero(seen)

    def at(self, time: float, row: int, reach: float) -> int | None:
        """Return the place of what lies in a row at a time, or nearest within ``reach`` seconds; the shortest first."""
        import numpy as np

        away = np.maximum(np.maximum(self.starts - time, time - self.ends), 0.0)
        near = np.flatnonzero((self.rows == row) & (away <= reach))
        if not len(near):
            return None
        order = np.lexsort((-near, (self.ends - self.starts)[near], away[near]))
        return int(near[order[0]])


class TimelineScene:
    """The lanes of a document, and what lies on them.

    Args:
        events: those that are shown, in the order of the document.
        tracks: of the boxes in time.

    Attributes:
        lanes: from the top.
        bars: from when to when the object of each track is there, by its row.
        rows: how many all lanes have.
        tops: upper edge of each row below that of the first one, in widget units.
        index: id of an event or a box to its row and its times.
    """

    def __init__(self, events: Iterable[VideoEvent] = (), tracks: Sequence[TrackKeys] = ()) -> None:
        groups = _lanes_of(events)
        self.lanes: list[Lane] = []
        placed: list[tuple[VideoEvent, int]] = []
        row = 0
        for name, members in groups:
            rows = _rows_of(members)
            count = max(rows, default=0) + 1
            self.lanes.append(Lane(name, row, count, color_index(name) if name else -1))
            placed += [(event, row + at) for event, at in zip(members, rows, strict=True)]
            row += count
        boxes: list[tuple[str, str, float, int]] = []
        self.bars: dict[int, tuple[tuple[float, float], ...]] = {}
        for track in tracks:
            self.lanes.append(Lane(track.name, row, 1, color_index(track.label)))
            boxes += [(key, track.label, time, row) for key, time in zip(track.ids, track.times, strict=True)]
            self.bars[row] = track.spans
            row += 1
        self.rows = row
        self.tops = tuple(
            float((lane.first + at) * ROW + number * GAP)
            for number, lane in enumerate(self.lanes)
            for at in range(lane.count)
        )
        self._events = [(each.id, each.label, each.start, each.end, at) for each, at in placed]
        self._keys = [(key, label, time, time, at) for key, label, time, at in boxes]
        self.index: dict[str, tuple[int, float, float]] = {
            key: (at, start, end) for key, _label, start, end, at in (*self._events, *self._keys)
        }

    @cached_property
    def events(self) -> Spans:
        """The events as arrays; made when they are drawn, as arrays take long to load."""
        return _spans(self._events)

    @cached_property
    def keys(self) -> Spans:
        """The boxes of tracks as arrays."""
        return _spans(self._keys)

    @property
    def is_empty(self) -> bool:
        """Whether nothing lies on it."""
        return not self.lanes

    def lane_of(self, row: int) -> Lane | None:
        """Return the lane that a row belongs to."""
        return next((lane for lane in self.lanes if lane.first <= row < lane.first + lane.count), None)

    def edges(self, but: str = "") -> list[float]:
        """Return starts and ends of all events except one, for snapping."""
        return [edge for key, *_ in self._events if key != but for edge in self.index[key][1:]]


def shown_events(annotations: Iterable[Annotation], hidden: frozenset[str]) -> list[VideoEvent]:
    """Return the events among annotations that are not hidden."""
    return [each for each in annotations if isinstance(each, VideoEvent) and each.id not in hidden]


def _lanes_of(events: Iterable[VideoEvent]) -> list[tuple[str, list[VideoEvent]]]:
    """Return lanes with their events, in the order in which labels first come; the shared one is the last."""
    groups: dict[str, list[VideoEvent]] = defaultdict(list)
    for event in events:
        groups[event.label].append(event)
    if len(groups) <= MOST_LANES:
        return list(groups.items())
    # The most frequent ones keep theirs.
    own = heapq.nlargest(MOST_LANES, ((len(members), -at) for at, members in enumerate(groups.values())))
    names = list(groups)
    kept = {names[-at] for count, at in own if count > 1}
    shared = [event for name, members in groups.items() if name not in kept for event in members]
    return [*((name, groups[name]) for name in names if name in kept), ("", shared)]


def _rows_of(events: Sequence[VideoEvent]) -> list[int]:
    """Return a row for each event so that those of one row lie one after the other, while there are rows."""
    rows = [0] * len(events)
    ends: list[tuple[float, int]] = []
    free: list[int] = []
    made = 0
    for place in sorted(range(len(events)), key=lambda at: (events[at].start, -events[at].end)):
        event = events[place]
        while ends and ends[0][0] <= event.start:
            heapq.heappush(free, heapq.heappop(ends)[1])
        if free:
            row = heapq.heappop(free)
        elif made < MOST_ROWS:
            row, made = made, made + 1
        else:
            rows[place] = MOST_ROWS - 1
            continue
        rows[place] = row
        heapq.heappush(ends, (max(event.end, event.start + 1e-9), row))
    return rows


def _spans(items: Sequence[tuple[str, str, float, float, int]]) -> Spans:
    import numpy as np

    return Spans(
        tuple(item[0] for item in items),
        tuple(item[1] for item in items),
        np.array([item[2] for item in items], np.float64),
        np.array([item[3] for item in items], np.float64),
        np.array([item[4] for item in items], np.int32),
        np.array([color_index(item[1]) for item in items], np.int16),
    )
