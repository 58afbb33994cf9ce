"""Editing what stands in time: events trimmed, moved, split, merged, and all times of a film stretched.

Pure functions that give new annotations; times are seconds since the film's first frame.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import replace

from qwvis_desktop.core.annotation import Annotation, Detection, VideoEvent, new_id

SHORTEST = 0.001
"""Seconds that an event keeps where an end of it is pulled past the other."""


def trimmed(
    event: VideoEvent, *, start: float | None = None, end: float | None = None, duration: float, least: float = SHORTEST
) -> VideoEvent:
    """Return an event with its start or its end elsewhere, within the film and at least ``least`` seconds long."""
    if start is not None:
        event = replace(event, start=max(0.0, min(start, event.end - least)))
    if end is not None:
        event = replace(event, end=min(duration, max(end, event.start + least)))
    return event


def shifted(event: VideoEvent, seconds: float, duration: float) -> VideoEvent:
    """Return an event moved in time and as long as it was, within the film."""
    by = max(-event.start, min(seconds, duration - event.end)) if event.end - event.start <= duration else 0.0
    return replace(event, start=event.start + by, end=event.end + by)


def split(event: VideoEvent, time: float, least: float = SHORTEST) -> tuple[VideoEvent, VideoEvent] | None:
    """Return the two events that one becomes when it is cut at ``time``; None where that leaves one of them too short.

    The first keeps the id and where it came from; the second is new, since no model gave it.
    """
    if time - event.start < least or event.end - time < least:
        return None
    return replace(event, end=time), replace(event, id=new_id(), start=time, provenance=None, accepted=False)


def merged(events: Sequence[VideoEvent]) -> VideoEvent:
    """Return the event that several become: the earliest one, from the first start to the last end.

    It is called by all their labels, each said once.
    """
    ordered = sorted(events, key=lambda each: (each.start, each.end))
    labels = dict.fromkeys(each.label for each in ordered if each.label)
    return replace(ordered[0], label="; ".join(labels), end=max(each.end for each in ordered))


def times_of(annotation: Annotation) -> tuple[float, float] | None:
    """Return from when to when something is; None where it has no time."""
    match annotation:
        case VideoEvent(start=start, end=end):
            return start, end
        case Detection(time=float() | int() as time):
            return time, time
        case _:
            return None


def stretched(
    annotations: Iterable[Annotation], factor: float, duration: float, origin: float = 0.0
) -> tuple[Annotation, ...]:
    """Return those of these that have a time with it multiplied, counted from ``origin``, all within the film."""

    def there(time: float) -> float:
        return max(0.0, min(origin + (time - origin) * factor, duration))

    made: list[Annotation] = []
    for each in annotations:
        match each:
            case VideoEvent(start=start, end=end):
                made.append(replace(each, start=there(start), end=there(end)))
            case Detection(time=float() | int() as time):
                made.append(replace(each, time=there(time)))
            case _:
                pass
    return tuple(made)


def nearest(times: Sequence[float], time: float) -> float:
    """Return the nearest of ``times``, sorted; the earlier of two as near. ``time`` itself where there are none."""
    place = bisect_left(times, time)
    return min(times[max(place - 1, 0) : place + 1], key=lambda each: abs(each - time), default=time)


def neighbour(times: Iterable[float], time: float, by: int, apart: float) -> float | None:
    """Return the next of ``times`` behind ``time`` (``by`` 1) or before it (-1), at least ``apart`` from it."""
    if by > 0:
        return min((each for each in times if each > time + apart), default=None)
    return max((each for each in times if each < time - apart), default=None)
