"""A folder of pictures looked at as a film: each of them a frame, at a chosen rate."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.media.film_frame import FilmFrame
from qwvis_desktop.core.media.film_index import constant_index
from qwvis_desktop.core.media.folder import natural_key, picture_names
from qwvis_desktop.core.media.image import ImageMedia, MediaError, open_image
from qwvis_desktop.core.media.picture_codecs import by_first_codec, decode_picture
from qwvis_desktop.core.media.video import FOLDER, VideoMedia

SLOWEST, FASTEST = 0.01, 1000.0
"""Frames a second that a folder can be looked at with."""

USUAL_RATE = 25.0
"""Frames a second that are offered."""

_ADDRESS = re.compile(r"(?P<folder>.+?)[/\\\\]*#rate=(?P<rate>\d+(?:\.\d+)?)", re.DOTALL)


def film_address(folder: str | Path, rate: float) -> str:
    """Return what a folder that is looked at as a film goes by; the folder itself where it is not (``rate`` is 0)."""
    return f"{folder}#rate={rate:.10g}" if rate else str(folder)


def from_film_address(text: str) -> tuple[str, float]:
    """Return the folder and the frames a second that ``film_address`` wrote; a file of just that name comes first."""
    match = _ADDRESS.fullmatch(text)
    if match is None or Path(text).exists():
        return text, 0.0
    return match["folder"], float(match["rate"])


def open_frames(folder: Path, rate: float, name: str = "") -> VideoMedia:
    """Open a folder of pictures as a film; only the headers of the first and the last one are read.

    Args:
        folder: it holds nothing but the frames, in the order in which people count.
        rate: frames a second.
        name: what people call it; the folder's name where empty.

    Raises:
        MediaError: it is not there, holds no pictures or such of different sizes, or there is no such rate.
    """
    name = name or folder.name or str(folder)
    if not SLOWEST <= rate <= FASTEST:
        raise MediaError(f"A film has from {SLOWEST} to {FASTEST:,.0f} frames a second, and not {rate:g}.")
    names = _names(folder)
    if not names:
        raise MediaError(f'The folder "{name}" holds no pictures that could be the frames of a film.')
    first = open_image(folder / names[0])
    _check_size(open_image(folder / names[-1]), first.size, first.name)
    return VideoMedia(
        name=name,
        path=folder.absolute(),
        size=first.size,
        stored=first.size,
        mime=FOLDER,
        duration=len(names) / rate,
        rate=rate,
        frames=len(names),
        codec="",
    )


class FolderFrames:
    """The frames of a folder by their times (``film_frame.Frames``).

    Args:
        media: the folder, as ``open_frames`` gave it.
        size: the size of the rasters; that of the frames where None.

    Raises:
        MediaError: the folder is not there any more, or has other pictures now.
    """

    def __init__(self, media: VideoMedia, size: Size | None) -> None:
        self._media = media
        self._size = size
        self._folder = media.path or Path()
        self._names = _names(self._folder)
        if len(self._names) != media.frames:
            raise MediaError(
                f'The folder "{media.name}" had {media.frames:,} pictures when it was opened, and has '
                f"{len(self._names):,} now. Open it again."
            )
        self._index = constant_index(media.frames, media.rate)
        self._last = -1
        self.is_wanted: Callable[[], bool] = lambda: True
        self.draft: Size | None = None  # never made use of: decoding takes most of the time

    def close(self) -> None:
        """Do nothing: no file stays open."""

    def at(self, time: float) -> FilmFrame:
        """Return the frame that shows at ``time``.

        Raises:
            MediaError: it cannot be decoded.
        """
        return self._frame(self._index.number_at(time))

    def near(self, time: float) -> FilmFrame:
        """Return the frame that shows at ``time``: each of them stands for itself.

        Raises:
            MediaError: it cannot be decoded.
        """
        return self.at(time)

    def following(self) -> FilmFrame | None:
        """Return the frame after the one that came last; None after the last one.

        Raises:
            MediaError: it cannot be decoded.
        """
        return self._frame(self._last + 1) if self._last + 1 < len(self._names) else None

    def decode_ahead(self) -> bool:
        """Decode nothing ahead: each frame is a file, and comes soon enough."""
        return False

    def ahead(self) -> None:
        """Return nothing, as nothing is decoded ahead."""

    def _frame(self, number: int) -> FilmFrame:
        picture = open_image(self._folder / self._names[number])
        _check_size(picture, self._media.size, self._names[0])
        raster, size = decode_picture(picture, self._size), self._size
        if size is not None and raster.size != size:
            whole = raster
            raster = by_first_codec(lambda codec: codec.resized(whole, size))
        self._last = number
        time = self._index.times[number]
        return FilmFrame(time, self._index.end_of(number) - time, raster)


def _names(folder: Path) -> list[str]:
    return sorted(picture_names(folder), key=natural_key)


def _check_size(picture: ImageMedia, size: Size, first: str) -> None:
    if picture.size != size:
        raise MediaError(
            f'The frames of a film are all of one size; "{picture.name}" has {picture.size.width:,} x '
            f'{picture.size.height:,} pixels, and "{first}" has {size.width:,} x {size.height:,}. Take out of the '
            "folder what does not belong there."
        )
