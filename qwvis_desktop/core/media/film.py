"""``FilmReader``: the frames of a film, by the time at which they show; and the frame that stands for a whole film."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType

from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.media.film_frame import FilmFrame, Frames
from qwvis_desktop.core.media.film_index import FilmIndex, film_index
from qwvis_desktop.core.media.frame_folder import FolderFrames
from qwvis_desktop.core.media.image import MediaError
from qwvis_desktop.core.media.pixels import Raster
from qwvis_desktop.core.media.video import FOLDER, VideoMedia, reading_film

__all__ = ["FilmFrame", "FilmReader", "first_frame"]


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
        with reading_film(media.name):
            self._frames = _frames_of(media, size, is_once=is_once)

    def __enter__(self) -> FilmReader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the film's files."""
        self._frames.close()

    @property
    def index(self) -> FilmIndex:
        """When each frame begins; the first time all of the film's file is read for it.

        Raises:
            MediaError: it cannot be read.
        """
        if self._index is None:
            self._index = film_index(self.media)
        return self._index

    def at(self, time: float, is_wanted: Callable[[], bool] = lambda: True) -> FilmFrame:
        """Return the frame that shows at ``time``; the first or the last one outside the film.

        Args:
            time: in seconds.
            is_wanted: asked on the way to it.

        Raises:
            NotWanted: ``is_wanted`` said no.
            MediaError: it cannot be decoded.
        """
        self._frames.is_wanted = is_wanted
        try:
            with reading_film(self.media.name):
                return self._whole(self._frames.at(time))
        finally:
            self._frames.is_wanted = lambda: True

    def set_draft(self, size: Size | None) -> None:
        """Let frames come as they are seen for a moment, of this size, and soon rather than exactly; None: exactly."""
        self._frames.draft = size

    def ahead(self) -> Raster | None:
        """Return the frame after the one that came last, where ``decode_ahead`` has it ready."""
        return self._frames.ahead()

    def decode_ahead(self) -> bool:
        """Make ready a frame after the one that came last, while nobody waits; say whether it is worth to go on so.

        Raises:
            MediaError: it cannot be decoded.
        """
        with reading_film(self.media.name):
            return self._frames.decode_ahead()

    def following(self) -> FilmFrame | None:
        """Return the frame after the one that was returned last; None after the last one.

        Raises:
            MediaError: it cannot be decoded.
        """
        with reading_film(self.media.name):
            return self._frames.following()

    def near(self, time: float) -> FilmFrame:
        """Return the key frame near ``time``, which is decoded sooner than the exact one.

        Raises:
            MediaError: it cannot be decoded.
        """
        if self._index is not None:
            time = self._index.key_time_near(time)
        with reading_film(self.media.name):
            return self._whole(self._frames.near(time))

    def _whole(self, frame: FilmFrame | None) -> FilmFrame:
        if frame is None:
            raise MediaError(
                f'A part of "{self.media.name}" cannot be decoded: it is damaged or was cut off. '
                "Copy or download it again."
            )
        return frame


def _frames_of(media: VideoMedia, size: Size | None, *, is_once: bool) -> Frames:
    if media.mime == FOLDER:
        return FolderFrames(media, size)
    # PyAV is large: it is loaded when the first film is opened.
    from qwvis_desktop.core.media.stream_frames import StreamFrames

    return StreamFrames(media, size, is_once=is_once)


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
