"""``FilmReader``: the frames of a film, by the time at which they show; and the frame that stands for a whole film."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.media.film_index import SAME_TIME, FilmIndex, film_index
from qwvis_desktop.core.media.image import MediaError
from qwvis_desktop.core.media.pixels import Raster
from qwvis_desktop.core.media.video import VideoMedia, reading_film

if TYPE_CHECKING:  # PyAV is large: it is loaded when the first film is opened
    from av.video.frame import VideoFrame


@dataclass(frozen=True, slots=True)
class FilmFrame:
    """One frame of a film.

    Attributes:
        time: when it begins, in seconds since the first frame.
        duration: how long it shows, in seconds.
        raster: its pixels, upright.
    """

    time: float
    duration: float
    raster: Raster


class FilmReader:
    """Reads frames of a film, each on demand; used by one thread at a time, and closed at the end (``with``).

    Args:
        media: the film.
        index: its index, where it is at hand; else it is made when it is asked for.
        size: the size of the rasters; that of the film where None.
        is_once: frames are read once and forwards, so that none are kept for going back.

    Raises:
        MediaError: the film cannot be opened any more, or what decodes films is not installed.
    """

    def __init__(
        self, media: VideoMedia, index: FilmIndex | None = None, size: Size | None = None, *, is_once: bool = False
    ) -> None:
        self.media = media
        self._index = index
        self._size = size
        self._shown: FilmFrame | None = None
        self._is_near = False
        with reading_film(media.name):
            from qwvis_desktop.core.media.film_seeker import KEPT_BYTES, FilmSeeker
            from qwvis_desktop.core.media.film_stream import FilmStream

            self._stream = FilmStream(media.path or Path(), media.name, origin=media.origin)
            self._seeker = FilmSeeker(self._stream, media.rate, 0 if is_once else KEPT_BYTES)

    def __enter__(self) -> FilmReader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the film's file."""
        self._stream.close()

    @property
    def index(self) -> FilmIndex:
        """When each frame begins; the first time all of the film's file is read for it.

        Raises:
            MediaError: it cannot be read.
        """
        if self._index is None:
            self._index = film_index(self.media)
        return self._index

    def at(self, time: float) -> FilmFrame:
        """Return the frame that shows at ``time``; the first or the last one outside the film.

        Raises:
            MediaError: it cannot be decoded.
        """
        return self._shown_as(lambda: self._seeker.at(self._stamp(time)), is_near=False)

    def following(self) -> FilmFrame | None:
        """Return the frame after the one that was returned last; None after the last one.

        Raises:
            MediaError: it cannot be decoded.
        """
        shown = self._shown
        if shown is None:
            return self.at(0.0)
        if self._is_near or not self._seeker.is_at(self._stamp(shown.time)):
            found = self.at(shown.time + shown.duration)
            return found if found.time > shown.time else None
        with reading_film(self.media.name):
            frame = self._seeker.following()
            if frame is None:
                return None
            self._shown = self._film_frame(frame)
            return self._shown

    def near(self, time: float) -> FilmFrame:
        """Return the key frame near ``time``, which is decoded sooner than the exact one.

        Raises:
            MediaError: it cannot be decoded.
        """
        if self._index is not None:
            time = self._index.key_time_near(time)
        stamp = self._stamp(time)
        return self._shown_as(lambda: self._seeker.near(stamp) or self._seeker.at(stamp), is_near=True)

    def _shown_as(self, find: Callable[[], VideoFrame | None], *, is_near: bool) -> FilmFrame:
        with reading_film(self.media.name):
            frame = find()
            if frame is None:
                raise MediaError(
                    f'A part of "{self.media.name}" cannot be decoded: it is damaged or was cut off. '
                    "Copy or download it again."
                )
            self._shown, self._is_near = self._film_frame(frame), is_near
            return self._shown

    def _stamp(self, time: float) -> int:
        return self._stream.stamp_at(time + SAME_TIME)

    def _film_frame(self, frame: VideoFrame) -> FilmFrame:
        start = self._stream.time_of(frame.pts or 0)
        end = self._stream.time_of(self._seeker.end_of(frame))
        if start < self.media.duration < end:
            end = self.media.duration
        return FilmFrame(start, end - start, self._stream.raster(frame, self.media.orientation, self._size))


def first_frame(media: VideoMedia, at_least: Size | None = None) -> Raster:
    """Return the first frame of a film, which stands for all of it where one picture is wanted.

    Args:
        media: the film.
        at_least: the size it is shown at; it is not reduced below that. All its pixels where None.

    Raises:
        MediaError: it cannot be decoded.
    """
    size = None
    if at_least is not None:
        scale = min(media.size.width / max(1, at_least.width), media.size.height / max(1, at_least.height))
        if scale >= 2:
            size = Size(max(1, round(media.size.width / scale)), max(1, round(media.size.height / scale)))
    with FilmReader(media, size=size) as reader:
        return reader.at(0.0).raster
