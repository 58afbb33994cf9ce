"""Films written anew: frames into an MP4 with their own times, and a film made small enough to be sent."""

from __future__ import annotations

import math
from collections.abc import Generator, Iterable
from dataclasses import dataclass
from pathlib import Path

from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.media.extraction import extract
from qwvis_desktop.core.media.film import FilmFrame
from qwvis_desktop.core.media.film_index import SAME_TIME, FilmIndex, film_index
from qwvis_desktop.core.media.image import MediaError
from qwvis_desktop.core.media.video import FOLDER, VideoMedia, reading_film
from qwvis_desktop.core.media.write import replacing

SEEN_PIXELS = 655_360
"""Pixels of a frame that a model sees at most unless told otherwise (``qwen-api.md`` 1.6); more are not worth it."""

SENT_RATE = 12.0
"""Frames a second of a film that is made smaller; models look at 10 at most (``qwen-api.md`` 2.3)."""

_STEPS = ((1.0, SENT_RATE), (0.5, SENT_RATE), (0.5, 6.0), (0.25, 6.0), (0.25, 2.0), (0.12, 2.0))
"""Share of ``SEEN_PIXELS`` and frames a second that are tried, the best first."""

_LEAST_BITS = 0.05
"""Bits a pixel of each frame below which x264's pictures fall to pieces."""

LEAST_RATE = 1000
"""Bits a second below which x264 refuses to begin, as it does for a film with a frame in some minutes."""

_ROOM = 0.9
"""Share of the limit that is planned for: encoders miss the bits they are told, and the container takes some."""

_ATTEMPTS = 3

_FEWEST = 4
"""Frames that models want to see (``qwen-api.md`` 5.1): of a film that would keep fewer, all stay."""


@dataclass(frozen=True, slots=True)
class Recoding:
    """How a film is made smaller.

    Attributes:
        size: of its frames.
        rate: frames a second at most; those that remain keep their times.
        bit_rate: bits a second.
        start, end: the part of the film, in seconds.
        limit: bytes that it may take.
    """

    size: Size
    rate: float
    bit_rate: int
    start: float
    end: float
    limit: int

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return self.end - self.start


def plan_recoding(media: VideoMedia, limit: int, start: float = 0.0, end: float | None = None) -> Recoding:
    """Return how a film, or a part of it, is made to take at most ``limit`` bytes.

    Raises:
        MediaError: it would not be worth looking at.
    """
    end = media.duration if end is None else min(end, media.duration)
    start = min(max(0.0, start), end)
    seconds = max(end - start, 1 / media.rate)
    bits = limit * 8 * _ROOM
    for share, most in _STEPS:
        rate = min(media.rate, most)
        size = _within(media.size, SEEN_PIXELS * share)
        if bits >= _LEAST_BITS * size.pixels * max(1.0, rate * seconds):
            # More bits than these only make the file larger.
            enough = 0.25 * size.pixels * rate
            return Recoding(size, rate, max(LEAST_RATE, round(min(bits / seconds, enough))), start, end, limit)
    raise MediaError(
        f'{seconds:,.0f} seconds of "{media.name}" cannot be made to fit into {limit / 1e6:,.1f} MB. '
        "Send a shorter part of it, or frames."
    )


def words(media: VideoMedia, plan: Recoding) -> str:
    """Say beforehand what will be done."""
    width, height = plan.size
    about = min(plan.limit * _ROOM, plan.bit_rate * plan.seconds / 8) / 1e6
    part = "" if plan.seconds >= media.duration - SAME_TIME else f" {plan.seconds:,.1f} s of it,"
    is_folder = media.mime == FOLDER
    what = "is encoded as a film" if is_folder else f"takes {media.byte_count / 1e6:,.1f} MB and is encoded anew"
    return (
        f'"{media.name}" {what} to be sent:{part} {width} x {height} pixels, {plan.rate:.3g} frames a second, '
        f"about {about:,.1f} MB. {'The frames stay as they are.' if is_folder else 'The file stays as it is.'}"
    )


def recode(media: VideoMedia, plan: Recoding, path: Path) -> Generator[float, None, None]:
    """Write a film as planned, and yield how much of it is done, from 0 to 1; leaving off leaves no file.

    Times of the new film count from ``plan.start``.

    Raises:
        MediaError: it cannot be read, or does not get small enough.
        WriteError: it cannot be written.
    """
    with reading_film(media.name):
        from qwvis_desktop.core.media.film_writer import FilmWriter

    times = _kept_times(film_index(media), media.rate, plan)
    bit_rate = plan.bit_rate
    with replacing(path) as temporary:
        for _ in range(_ATTEMPTS):
            with FilmWriter(temporary, plan.size, plan.rate, bit_rate=bit_rate) as writer:
                for number, frame in enumerate(extract(media, times, plan.size)):
                    after = times[number + 1] if number + 1 < len(times) else plan.end
                    shown = max(0.0, times[number] - plan.start)
                    writer.add(frame.raster, shown, max(0.0, after - plan.start - shown))
                    yield (number + 1) / len(times)
            taken = temporary.stat().st_size
            if taken <= plan.limit:
                return
            bit_rate = max(LEAST_RATE, int(bit_rate * _ROOM * plan.limit / taken))
        raise MediaError(
            f'"{media.name}" does not get smaller than {taken / 1e6:,.1f} MB; {plan.limit / 1e6:,.1f} MB are taken. '
            "Send a shorter part of it, or frames."
        )


def write_film(path: Path, frames: Iterable[FilmFrame], rate: float) -> Generator[float, None, None]:
    """Write frames of one size into an MP4, each at its own time, and yield the time of each when it is written.

    Leaving off (closing the iterator) leaves what was there before.

    Args:
        path: the file.
        frames: in order of time; taken one by one.
        rate: frames a second, about.

    Raises:
        MediaError: there is no frame, or what writes films is not installed.
        WriteError: it cannot be written.
    """
    with reading_film(path.name):
        from qwvis_desktop.core.media.film_writer import FilmWriter

    source = iter(frames)
    first = next(source, None)
    if first is None:
        raise MediaError(f'"{path.name}" would hold no frame. Choose a part of the film that has one.')
    with replacing(path) as temporary, FilmWriter(temporary, first.raster.size, rate) as writer:
        frame: FilmFrame | None = first
        while frame is not None:
            writer.add(frame.raster, frame.time - first.time, frame.duration)
            yield frame.time
            frame = next(source, None)


def _kept_times(index: FilmIndex, rate: float, plan: Recoding) -> list[float]:
    """Return when the frames begin that stay, of a film of ``rate`` frames a second; the first shows at the start."""
    first = index.number_at(plan.start)
    times = index.times[first : max(first, index.number_at(plan.end - 2 * SAME_TIME)) + 1]
    if plan.rate >= rate:
        return list(times)
    kept, due = [times[0]], plan.start + 1 / plan.rate
    for time in times[1:]:
        if time >= due - SAME_TIME:
            kept.append(time)
            due = max(due + 1 / plan.rate, time)
    return kept if len(kept) >= _FEWEST else list(times)


def _within(size: Size, pixels: float) -> Size:
    """Return ``size`` made smaller, with even sides, to have at most so many pixels."""
    scale = min(1.0, math.sqrt(pixels / size.pixels))
    return Size(max(16, int(size.width * scale) // 2 * 2), max(16, int(size.height * scale) // 2 * 2))
