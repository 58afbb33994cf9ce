"""``StreamFrames``: the frames of a film's file. Loads PyAV; import it where a film is at hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from av.video.frame import VideoFrame

from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.media.film_frame import FilmFrame
from qwvis_desktop.core.media.film_index import SAME_TIME
from qwvis_desktop.core.media.film_seeker import KEPT_BYTES, FilmSeeker
from qwvis_desktop.core.media.film_stream import FilmStream
from qwvis_desktop.core.media.video import VideoMedia


class StreamFrames:
    """Frames by their times, as rasters (``film_frame.Frames``).

    Args:
        media: the film.
        size: the size of the rasters; that of the film where None.
        is_once: none are kept for going back.

    Raises:
        MediaError: the film cannot be opened any more.
        OSError: it cannot be read.
    """

    def __init__(self, media: VideoMedia, size: Size | None, *, is_once: bool) -> None:
        self._media = media
        self._size = size
        self._shown: FilmFrame | None = None
        self._is_near = False
        self._stream = FilmStream(media.path or Path(), media.name, origin=media.origin)
        self._seeker = FilmSeeker(self._stream, media.rate, 0 if is_once else KEPT_BYTES)

    def close(self) -> None:
        """Close the film's file."""
        self._stream.close()

    def at(self, time: float) -> FilmFrame | None:
        """Return the frame that shows at ``time``; None where it is damaged."""
        return self._show(self._seeker.at(self._stamp(time)), is_near=False)

    def near(self, time: float) -> FilmFrame | None:
        """Return the key frame before ``time``; None where it is damaged."""
        stamp = self._stamp(time)
        return self._show(self._seeker.near(stamp) or self._seeker.at(stamp), is_near=True)

    @property
    def is_wanted(self) -> Callable[[], bool]:
        """Asked on the way to a frame."""
        return self._seeker.is_wanted

    @is_wanted.setter
    def is_wanted(self, asked: Callable[[], bool]) -> None:
        self._seeker.is_wanted = asked

    def decode_ahead(self) -> bool:
        """Decode a frame after the one that came last; say whether it is worth to go on so."""
        return not self._is_near and self._seeker.decode_ahead()

    def following(self) -> FilmFrame | None:
        """Return the frame after the one that came last; None after the last one."""
        shown = self._shown
        if shown is None:
            return self.at(0.0)
        if self._is_near or not self._seeker.is_at(self._stamp(shown.time)):
            found = self.at(shown.time + shown.duration)
            return found if found is not None and found.time > shown.time else None
        frame = self._seeker.following()
        return None if frame is None else self._show(frame, is_near=False)

    def _show(self, frame: VideoFrame | None, *, is_near: bool) -> FilmFrame | None:
        if frame is None:
            return None
        start = self._stream.time_of(frame.pts or 0)
        end = self._stream.time_of(self._seeker.end_of(frame))
        if start < self._media.duration < end:
            end = self._media.duration
        # Pixels of films need not be square, and a film may change its size midway: its places count those of
        # ``media.size``, whatever is stored.
        size, is_shape = self._size or self._media.size, self._size is None
        raster = self._stream.raster(frame, self._media.orientation, size, is_shape=is_shape)
        self._shown, self._is_near = FilmFrame(start, end - start, raster), is_near
        return self._shown

    def _stamp(self, time: float) -> int:
        return self._stream.stamp_at(time + SAME_TIME)
