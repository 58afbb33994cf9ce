"""``StreamFrames``: the frames of a film's file. Loads PyAV; import it where a film is at hand."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from pathlib import Path

from av.video.frame import VideoFrame

from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.media.film_frame import FilmFrame
from qwvis_desktop.core.media.film_index import SAME_TIME
from qwvis_desktop.core.media.film_seeker import AHEAD_BYTES, KEPT_BYTES, FilmSeeker
from qwvis_desktop.core.media.film_stream import FilmStream, is_wide
from qwvis_desktop.core.media.pixels import Raster
from qwvis_desktop.core.media.video import VideoMedia

MOST_PREPARED = 2
"""Frames ahead whose rasters are made before they are asked for, where they are not large."""


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
        self._prepared: list[tuple[VideoFrame, Raster]] = []
        self.draft: Size | None = None
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
        """Decode a frame after the one that came last, or make its raster; say whether it is worth to go on so."""
        if self._is_near:
            return False
        count = min(MOST_PREPARED, AHEAD_BYTES // (4 * (self._size or self._media.size).pixels))
        ready = list(islice(self._seeker.ready, count)) if self.draft is None and self._is_at_last() else []
        self._prepared = [each for each in self._prepared if each[0] in ready]
        waiting = next((frame for frame in ready if self._prepared_of(frame) is None), None)
        # What takes long is not begun: another frame may be asked for meanwhile.
        if waiting is None or is_wide(waiting):
            return self._seeker.decode_ahead()
        self._prepared.append((waiting, self._raster(waiting)))
        return True

    def ahead(self) -> Raster | None:
        """Return the frame after the one that came last, where it is ready."""
        ready = self._seeker.ready
        return self._prepared_of(ready[0]) if ready and self._is_at_last() else None

    def _is_at_last(self) -> bool:
        """Say whether the frame that is shown came last of all, so that the next one to come follows it."""
        return self._shown is not None and self._seeker.is_at(self._stamp(self._shown.time))

    def _prepared_of(self, frame: VideoFrame) -> Raster | None:
        return next((raster for each, raster in self._prepared if each is frame), None)

    def following(self) -> FilmFrame | None:
        """Return the frame after the one that came last; None after the last one."""
        shown = self._shown
        if shown is None:
            return self.at(0.0)
        if self._is_near or not self._is_at_last():
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
        raster = self._prepared_of(frame) or self._raster(frame)
        self._shown, self._is_near = FilmFrame(start, end - start, raster), is_near
        return self._shown

    def _raster(self, frame: VideoFrame) -> Raster:
        # Pixels of films need not be square, and a film may change its size midway: its places count those of
        # ``media.size``, whatever is stored.
        size = self._size or self.draft or self._media.size
        return self._stream.raster(
            frame, self._media.orientation, size, is_shape=self._size is None, is_draft=self.draft is not None
        )

    def _stamp(self, time: float) -> int:
        return self._stream.stamp_at(time + SAME_TIME)
