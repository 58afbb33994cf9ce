"""Frames taken out of a film, for a request or for the eye: each exact, none held longer than needed."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Iterator, Sequence

from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.media.film import FilmFrame, FilmReader
from qwvis_desktop.core.media.film_index import FilmIndex
from qwvis_desktop.core.media.large import NotWanted
from qwvis_desktop.core.media.pixels import Encoding
from qwvis_desktop.core.media.raster import by_first_codec
from qwvis_desktop.core.media.video import VideoMedia

SENT = Encoding("image/jpeg", 90)
"""How frames are encoded for sending: as photographs are (``prepare``)."""

STRIP_HEIGHT = 120
"""Pixels of the shorter side of a small view in a strip."""


_FAR = 0.75
"""From how many steps of a strip on a small view is too far away to stand for a place."""


def extract(
    media: VideoMedia, times: Iterable[float], size: Size | None = None, is_wanted: Callable[[], bool] = lambda: True
) -> Iterator[FilmFrame]:
    """Yield the frames that show at ``times``, which must not go back; one that is asked for twice comes twice.

    Frames are scaled while they are decoded, and those that no other frame needs are not decoded unless they are
    wanted. No more is held in memory than a few frames, however long the film is.

    Args:
        media: the film.
        times: in seconds since the first frame.
        size: the size of the upright frames; that of the film where None.
        is_wanted: asked before each.

    Raises:
        NotWanted: ``is_wanted`` said no.
        MediaError: a frame cannot be decoded.
    """
    with FilmReader(media, size=size, is_once=True) as reader:
        frame: FilmFrame | None = None
        for time in times:
            if not is_wanted():
                raise NotWanted
            if frame is None or not frame.time <= time < frame.time + frame.duration:
                frame = reader.at(time)
            yield frame


def encoded(frames: Iterable[FilmFrame], encoding: Encoding = SENT) -> Iterator[tuple[float, bytes]]:
    """Yield the time of each frame and its encoded bytes, as they are sent."""
    for frame in frames:
        yield frame.time, _bytes_of(frame, encoding)


def _bytes_of(frame: FilmFrame, encoding: Encoding) -> bytes:
    return by_first_codec(lambda codec: codec.encode(frame.raster, encoding))


def strip(
    media: VideoMedia, count: int, is_wanted: Callable[[], bool] = lambda: True, index: FilmIndex | None = None
) -> Iterator[FilmFrame]:
    """Yield up to ``count`` small views spread over a film, none twice; for a worker thread.

    Key frames come first, because they are decoded soonest, and such that the whole film is seen roughly at once and
    then finer: the middle of the largest gap is next. Where key frames are too far apart, others follow from the start.

    Args:
        media: the film.
        count: how many at most.
        is_wanted: asked before each.
        index: of the film, where it is at hand; then the nearest key frame is taken, and not the one before.

    Raises:
        NotWanted: ``is_wanted`` said no.
        MediaError: the film cannot be read any more.
    """
    with FilmReader(media, index, strip_size(media.size)) as reader:
        seen: list[float] = []
        for find, time in _wanted(reader, count, seen):
            if not is_wanted():
                raise NotWanted
            frame = find(time)
            if frame.time not in seen:
                insort(seen, frame.time)
                yield frame


def _wanted(
    reader: FilmReader, count: int, seen: Sequence[float]
) -> Iterator[tuple[Callable[[float], FilmFrame], float]]:
    """Yield how and when the next small view is to be found; ``seen`` grows meanwhile."""
    duration = reader.media.duration
    for place in halving(count):
        yield reader.near, place * duration
    for number in range(count):
        time = number * duration / count
        after = bisect_left(seen, time)
        if all(abs(near - time) > _FAR * duration / count for near in seen[max(0, after - 1) : after + 1]):
            yield reader.at, time


def strip_size(size: Size) -> Size:
    """Return the size of a small view of a frame: its shorter side has ``STRIP_HEIGHT`` pixels."""
    scale = STRIP_HEIGHT / min(size)
    return Size(max(1, round(size.width * scale)), max(1, round(size.height * scale)))


def halving(count: int) -> Iterator[float]:
    """Yield ``count`` places from 0 to 1, each in the middle of the largest gap between those before."""
    places = [0.0]
    step = 1.0
    while len(places) < count:
        step /= 2
        places += [place + step for place in places]
    yield from places[:count]
