"""``FilmIndex``: when each frame of a film begins, and which are key frames; found by demuxing, nothing is decoded."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from qwvis_desktop.core.media.image import MediaError
from qwvis_desktop.core.media.large import NotWanted
from qwvis_desktop.core.media.video import FOLDER, VideoMedia, reading_film


@dataclass(frozen=True, slots=True, eq=False)
class FilmIndex:
    """The frames of a film in the order in which they are shown.

    Attributes:
        times: when each begins, in seconds since the first; never empty.
        key_times: the same of those that need no other to be decoded.
        end: when the last one ends.
    """

    times: Sequence[float]
    key_times: Sequence[float]
    end: float

    def number_at(self, time: float) -> int:
        """Return the number of the frame that shows at ``time``, from 0; the first or last one outside the film."""
        return max(0, bisect_right(self.times, time + SAME_TIME) - 1)

    def end_of(self, number: int) -> float:
        """Return when the frame with this number ends."""
        return self.times[number + 1] if number + 1 < len(self.times) else self.end

    def key_time_near(self, time: float) -> float:
        """Return when the key frame begins that is nearest to ``time``."""
        after = bisect_right(self.key_times, time)
        near = self.key_times[max(0, after - 1) : after + 1]
        return min(near, key=lambda key: abs(key - time)) if near else 0.0


SAME_TIME = 1e-6
"""Seconds within which two times are the same: what is lost where stamps are written as numbers of seconds."""


def constant_index(count: int, rate: float) -> FilmIndex:
    """Return the index of ``count`` frames (at least one) at ``rate`` frames a second, each of them whole."""
    times = array("d", (number / rate for number in range(count)))
    return FilmIndex(times, times, count / rate)


def film_index(media: VideoMedia, is_wanted: Callable[[], bool] = lambda: True) -> FilmIndex:
    """Return the index of a film; all of its file is read, so this is not for the window's thread.

    Args:
        media: the film.
        is_wanted: asked now and then.

    Raises:
        NotWanted: ``is_wanted`` said no.
        MediaError: it cannot be read any more.
    """
    if media.mime == FOLDER:
        return constant_index(media.frames, media.rate)
    with reading_film(media.name):
        from qwvis_desktop.core.media.film_stream import FilmStream

        stream = FilmStream(media.path or Path(), media.name, threads=False, origin=media.origin)
        try:
            stamps: list[int] = []
            keys: list[int] = []
            for number, packet in enumerate(stream.packets()):
                if number % 256 == 0 and not is_wanted():
                    raise NotWanted
                stamp = packet.pts
                if stream.is_miscounted(packet):
                    stamp = stream.origin + len(stamps) * (packet.duration or 1)
                if stamp is None or packet.is_discard or stamp < stream.origin:
                    continue
                stamps.append(stamp)
                if packet.is_keyframe:
                    keys.append(stamp)
            if not stamps:
                raise MediaError(f'"{media.name}" holds no frames any more. Open it again.')
            times, key_times = (array("d", map(stream.time_of, sorted(set(found)))) for found in (stamps, keys))
            end = media.duration if media.duration > times[-1] else times[-1] + 1 / media.rate
            return FilmIndex(times, key_times, end)
        finally:
            stream.close()
