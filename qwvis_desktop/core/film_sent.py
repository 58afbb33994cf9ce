"""``FilmSent``: what of a film went into a request, and how the times a model writes lie in the film.

Times are seconds since the film's first frame, as its container stamps them; a model counts from the start of what it
was sent.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from enum import StrEnum

from qwvis_desktop.core.geometry import Size

ROUNDED = 0.06
"""Seconds by which a model misses a frame's time for having been told it in tenths (``qwen-api.md`` 5.3)."""


class FilmWay(StrEnum):
    """How a film gets to a model."""

    FILE = "file"
    """Its own file, whole."""
    CLIP = "clip"
    """A file of a part of it, encoded anew."""
    FRAMES = "frames"
    """A list of frames that are to be seen as a film."""
    PICTURES = "pictures"
    """Frames as single pictures, each after its time."""
    URL = "url"
    """An address that the service fetches it from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FilmSent:
    """What of a film was sent.

    Attributes:
        way: how it went.
        duration: of the film.
        start, end: the part of the film that was sent.
        fps: frames a second that were asked for, or that the frames of a list lie apart by.
        times: of the frames that the model saw; where the service took them out of a file, by the makers' rule.
        size: of a frame as the model saw it, in pixels.
        byte_count: of what was sent of it, without base64; 0 where only an address was.
    """

    way: FilmWay
    duration: float
    start: float
    end: float
    fps: float
    times: tuple[float, ...]
    size: Size
    byte_count: int = 0

    def film_time(self, seconds: float) -> float:
        """Return the time in the film of what a model calls ``seconds``.

        The frames of a list are 1/fps apart for the model, wherever they lie in the film: between two of them time runs
        evenly, behind the last one as the model counts.
        """
        if self.way is not FilmWay.FRAMES or not self.times:
            return self.start + seconds
        place = max(seconds * self.fps, 0.0)
        before = int(place)
        if before >= len(self.times) - 1:
            return self.times[-1] + (place - (len(self.times) - 1)) / self.fps
        first, after = self.times[before], self.times[before + 1]
        return first + (after - first) * (place - before)

    def frame_time(self, time: float) -> float:
        """Return the time of the frame that is meant by a ``time`` in the film: that of the nearest one the model saw.

        Where none is as near as rounding explains, it is ``time`` itself.
        """
        place = bisect_left(self.times, time)
        near = min(self.times[max(place - 1, 0) : place + 1], key=lambda seen: abs(seen - time), default=time)
        return near if abs(near - time) <= ROUNDED else time
