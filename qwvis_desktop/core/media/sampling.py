"""Which frames of a film a model sees: the makers' sampling rule (``qwen-api.md`` 5.2).

How large it sees them says ``core.request.tokens.frame_rule``. Where the documents contradict each other a setting
says which is followed; the defaults are those of the makers' own code that was run (qwen-vl-utils).
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from enum import Enum, auto

from qwvis_desktop.core.media.film_index import SAME_TIME, FilmIndex

PAIR = 2
"""Frames that make one picture for the model; an odd count is made even."""


class Rounding(Enum):
    """How a number of frames that is not even, or not whole, is rounded."""

    EVEN = auto()
    """Down to an even number, as qwen-vl-utils does."""
    WHOLE = auto()
    """Down to a whole number, as Transformers does; it repeats the last frame where that is odd."""


class Spread(Enum):
    """What of the film the frames lie evenly in."""

    NUMBERS = auto()
    """In the numbers of its frames, as the makers' code counts; at a variable rate, not in time."""
    TIMES = auto()
    """In time, as a list of frames is understood: each 1/fps after the other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampling:
    """How a film is sampled.

    Attributes:
        fps: frames a second to look at.
        max_frames: how many at most; qwen-vl-utils looks at 768, services at up to 8,000 (``qwen-api.md`` 5.1).
        min_frames: how many at least, where the film has as many.
        start, end: the part of the film, in seconds; its end where None.
    """

    fps: float = 2.0
    max_frames: int = 768
    min_frames: int = 4
    start: float = 0.0
    end: float | None = None
    rounding: Rounding = Rounding.EVEN
    spread: Spread = Spread.NUMBERS


def sampled_count(seconds: float, available: int, sampling: Sampling) -> int:
    """Return how many frames are looked at of ``seconds`` of a film that have ``available`` frames (at least one).

    The order is the makers': at least ``min_frames``, then at most ``max_frames``, then as many as there are.
    """
    wanted = max(seconds * sampling.fps, sampling.min_frames)
    # Times come as binary numbers: 1/30 times 60 frames must be 2 seconds, and not a little less.
    count = math.floor(min(wanted, sampling.max_frames, available) + SAME_TIME)
    if sampling.rounding is Rounding.EVEN and count >= PAIR:
        count -= count % PAIR
    return max(1, count)


def sampled_times(index: FilmIndex, sampling: Sampling) -> tuple[float, ...]:
    """Return when the frames begin that are looked at, in order, none of them twice."""
    first, last = _range(index, sampling)
    available = last - first + 1
    start, end = index.times[first], index.end_of(last)
    count = sampled_count(end - start, available, sampling)
    if sampling.spread is Spread.TIMES:
        # Each stands for its part of the film; the first one for the part that begins with it.
        numbers = [index.number_at(start + (end - start) * place / count) for place in range(count)]
    else:
        numbers = [first + round((available - 1) * place / max(1, count - 1)) for place in range(count)]
    return tuple(index.times[number] for number in sorted(set(numbers)))


def padded(times: tuple[float, ...], least: int = 4) -> tuple[float, ...]:
    """Return times with the last one repeated up to an even number of at least ``least``, as lists of frames want."""
    missing = max(0, least - len(times))
    missing += (len(times) + missing) % PAIR
    return times + times[-1:] * missing


def sampled_rate(times: tuple[float, ...], asked: float) -> float:
    """Return the frames a second that a list of frames is sent with, so that the model's seconds are the film's."""
    span = times[-1] - times[0] if times else 0.0
    return (len(times) - 1) / span if span > 0 else asked


def _range(index: FilmIndex, sampling: Sampling) -> tuple[int, int]:
    """Return the numbers of the first and the last frame that begin in the part; at least one frame."""
    first = min(bisect_left(index.times, sampling.start - SAME_TIME), len(index.times) - 1)
    if sampling.end is None:
        return first, len(index.times) - 1
    return first, max(first, bisect_right(index.times, sampling.end + SAME_TIME) - 1)
