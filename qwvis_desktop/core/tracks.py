"""Tracks: the boxes of one object at its moments of a film, and where it is between them.

A model gives boxes at the frames it was shown (``Detection.time``). Those of one label, and of one id where the model
gave ids, are one track. Between two boxes the place is worked out by a straight line, and said to be so; before the
first and after the last there is nothing, since nothing is known, and after a box with ``ENDS`` there is nothing until
the next one.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from operator import attrgetter

from qwvis_desktop.core.annotation import Annotation, Detection
from qwvis_desktop.core.geometry import Box

IDENTITY_KEYS = ("track_id", "track", "object_id", "instance_id", "id")
"""Attributes that tell which object a box is of, surest first."""

ENDS = "ends"
"""Attribute of a box after which its object is not there until its track's next box."""

SAME_MOMENT = 0.0005
"""Seconds within which two times are the same: half of the least that a model or a format writes."""


@dataclass(frozen=True, slots=True)
class Track:
    """One object in a film.

    Attributes:
        label: what it is.
        identity: what tells it from others of the same label; empty where there is one only.
        keys: its boxes, at least one, each at a time of its own, earliest first.
    """

    label: str
    identity: str
    keys: tuple[Detection, ...]

    @property
    def name(self) -> str:
        """What it is called: the label, and what tells it from others."""
        return f"{self.label} {self.identity}".strip()

    @property
    def start(self) -> float:
        """Seconds of its first box."""
        return _time(self.keys[0])

    @property
    def end(self) -> float:
        """Seconds of its last box."""
        return _time(self.keys[-1])


def tracks(annotations: Iterable[Annotation]) -> tuple[Track, ...]:
    """Return the tracks of all boxes that have a time, in the order in which their labels and ids first come.

    Where several boxes of one label stand at one moment and no id tells them apart, each goes on with the nearest one
    before: first those that overlap most, then those whose middles are nearest, if no further apart than the larger
    of the two is long. What finds none begins a track of its own; such tracks are counted, as ``#1``.
    """
    groups: dict[tuple[str, str], list[Detection]] = defaultdict(list)
    for each in annotations:
        if isinstance(each, Detection) and each.time is not None:
            groups[each.label, identity_of(each)].append(each)
    return tuple(track for (label, identity), group in groups.items() for track in _split(label, identity, group))


def key_at(track: Track, time: float, tolerance: float = SAME_MOMENT) -> Detection | None:
    """Return the track's own box at ``time``, the nearest one within ``tolerance`` seconds; None where there is none.

    Whoever shows frames passes half a frame: what a model calls 1.0 may be the frame stamped 1.001.
    """
    place = bisect_left(track.keys, time, key=_time)
    near = min(track.keys[max(place - 1, 0) : place + 1], key=lambda each: abs(_time(each) - time))
    return near if abs(_time(near) - time) <= tolerance else None


def box_at(
    track: Track, time: float, tolerance: float = SAME_MOMENT, *, seen: Sequence[float] = ()
) -> tuple[Box, bool] | None:
    """Return where the object is at ``time`` and whether that was worked out; None where it is not known to be.

    Args:
        track: the object.
        time: seconds.
        tolerance: as for ``key_at``.
        seen: times of all frames that the model looked at, sorted. Where one of them lies between two boxes and has
            none, the object was not found there, and nothing is made up for the time between.
    """
    own = key_at(track, time, tolerance)
    if own is not None:
        return own.box, False
    place = bisect_left(track.keys, time, key=_time)
    if not 0 < place < len(track.keys):
        return None
    before, after = track.keys[place - 1], track.keys[place]
    first, last = _time(before), _time(after)
    if is_parted(before, after, seen):
        return None
    share = (time - first) / (last - first)
    return Box(*(a + (b - a) * share for a, b in zip(before.box, after.box, strict=True))), True


def is_parted(before: Detection, after: Detection, seen: Sequence[float]) -> bool:
    """Say whether the object is not there between two boxes of its track that follow each other.

    That is so where a file said it, and where the model looked at a frame between them, neither of theirs counted.
    """
    place = bisect_left(seen, _time(before) + SAME_MOMENT)
    return bool(before.attributes.get(ENDS)) or (place < len(seen) and seen[place] < _time(after) - SAME_MOMENT)


def looked_at(before: Detection, after: Detection, seen: Mapping[str, Sequence[float]]) -> Sequence[float]:
    """Return the times of the frames that were looked at for two boxes; none where they are not of one run.

    Args:
        before: one box.
        after: the next one of its track.
        seen: times of all frames that the model looked at, sorted, by the id of the run.
    """
    runs = {each.provenance.run if each.provenance is not None else "" for each in (before, after)}
    return seen.get(runs.pop(), ()) if len(runs) == 1 else ()


def stretches(track: Track, seen: Mapping[str, Sequence[float]]) -> tuple[tuple[float, float], ...]:
    """Return from when to when an object is there, in seconds; ``seen`` as for ``looked_at``.

    Of a box for itself, start and end are the same.
    """
    found = [[track.start, track.start]]
    for before, after in pairwise(track.keys):
        if is_parted(before, after, looked_at(before, after, seen)):
            found.append([_time(after), _time(after)])
        else:
            found[-1][1] = _time(after)
    return tuple((start, end) for start, end in found)


def _time(detection: Detection) -> float:
    return detection.time if detection.time is not None else 0.0


def identity_of(detection: Detection) -> str:
    """Return what the box itself tells of which object it is; empty where it tells nothing."""
    given = (detection.attributes.get(key) for key in IDENTITY_KEYS)
    return next((str(value) for value in given if isinstance(value, str | int) and value != ""), "")


def _split(label: str, identity: str, group: list[Detection]) -> Iterator[Track]:
    """Yield the tracks among boxes of one label and id."""
    lines = _followed(sorted(group, key=_time))
    for number, line in enumerate(lines, 1):
        told = identity if len(lines) == 1 else f"{identity} #{number}".strip()
        yield Track(label, told, tuple(line))


def _followed(boxes: list[Detection]) -> list[list[Detection]]:
    """Return ``boxes``, sorted by time, as lines in which each stands at a time of its own."""
    moments = [list(each) for _, each in groupby(boxes, key=attrgetter("time"))]
    if all(len(moment) == 1 for moment in moments):
        return [boxes]
    lines: list[list[Detection]] = []
    for moment in moments:
        pairs = sorted(
            (
                (-line[-1].box.iou(box.box), _distance(line[-1].box, box.box), here, there)
                for here, line in enumerate(lines)
                for there, box in enumerate(moment)
                if _is_near(line[-1].box, box.box)
            ),
        )
        gone_on: set[int] = set()
        placed: set[int] = set()
        for *_, here, there in pairs:
            if here not in gone_on and there not in placed:
                lines[here].append(moment[there])
                gone_on.add(here)
                placed.add(there)
        lines.extend([box] for there, box in enumerate(moment) if there not in placed)
    return lines


def _distance(one: Box, other: Box) -> float:
    return math.dist(one.center, other.center)


def _is_near(one: Box, other: Box) -> bool:
    longest = max(one.width, one.height, other.width, other.height)
    return one.intersection(other) is not None or _distance(one, other) <= longest
