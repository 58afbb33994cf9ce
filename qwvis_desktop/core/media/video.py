"""``VideoMedia``: a film that was dropped, known by its header and its first frame; and the sentences for bad ones.

Times of a film are seconds since its first frame, as the container stamps its frames; never a number over a rate.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, ClassVar

from qwvis_desktop.core.coordinates import Orientation
from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.media.image import MediaError, reading

FILM_SUFFIXES = (
    *(".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi", ".flv", ".wmv", ".mpg", ".mpeg", ".ts", ".m2ts", ".3gp", ".ogv"),
    *(".mts", ".vob", ".mxf", ".f4v", ".3g2", ".dv", ".h264", ".264", ".h265", ".265", ".hevc"),
)
"""Suffixes of files taken for films, in lower case; when they are opened, their content has the last word."""

FOLDER = "inode/directory"
"""MIME type of a folder of frames."""

_PICTURE_BRANDS = frozenset({b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis"})
"""Brands of files that are built as films are, and hold pictures (ISO/IEC 23008-12)."""

_ATOMS = frozenset({b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"})
_SIGNATURES = (b"\x1aE\xdf\xa3", b"FLV\x01", b"0&\xb2u\x8ef\xcf\x11", b"\0\0\x01\xba", b"\0\0\x01\xb3", b"OggS")
"""How Matroska and WebM, Flash, ASF (WMV), MPEG and Ogg films begin."""

_TS_PACKET = 188
"""Bytes of a packet of an MPEG transport stream, each of which begins with "G" (ISO/IEC 13818-1)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoMedia:
    """A film, not decoded yet, or a folder of frames that is looked at as one.

    Attributes:
        name: what people call it.
        path: the file, or the folder.
        data: its encoded bytes where it has no path; films have one.
        size: size of an upright frame as it is shown, in square pixels; annotations count these.
        stored: size as stored, whose pixels need not be square, before the rotation that the container asks for.
        mime: as its content says, whatever its suffix; that of a folder is ``inode/directory``.
        duration: seconds from the first frame to the end of the last.
        rate: frames a second, on average.
        frames: how many there are; an estimate where the header does not say.
        counted: how many there are, once its index was read; else 0.
        codec: what it is encoded with, as FFmpeg calls it; empty for a folder.
        origin: the container's stamp of the first frame, from which times count.
        file_bytes: of its file, as it was when it was opened; 0 for a folder.
        note: what is wrong with it though it can be opened, in a sentence; empty where nothing is.
    """

    kind: ClassVar[str] = "video"
    page: ClassVar[int] = 0
    resolution: ClassVar[int] = 0

    name: str
    path: Path | None
    data: bytes | None = None
    size: Size
    stored: Size
    orientation: Orientation = Orientation.NORMAL
    mime: str
    duration: float
    rate: float
    frames: int
    codec: str
    origin: int = 0
    file_bytes: int = 0
    note: str = ""
    counted: int = field(default=0, compare=False)

    @property
    def file_name(self) -> str:
        """What files that are made of it are named after."""
        return self.name

    @property
    def byte_count(self) -> int:
        """Size of the encoded film in bytes; 0 of a folder of frames, which is no file.

        Raises:
            MediaError: the file is no longer there, or may not be looked at.
        """
        if self.mime == FOLDER:
            return 0
        with reading(self.name):
            return Path(self.path or "").stat().st_size

    def open(self) -> IO[bytes]:
        """Open the encoded film for reading.

        Raises:
            OSError: the file cannot be opened; ``reading`` makes a sentence of it.
            MediaError: it is a folder of frames.
        """
        if self.mime == FOLDER:
            raise MediaError(f'"{self.name}" is a folder of frames, and no file. Send frames of it, or a clip.')
        return Path(self.path or "").open("rb")


def is_film(start: bytes) -> bool:
    """Say whether a file that begins with ``start`` (at least 512 bytes, or all) is built as films are."""
    if start[4:8] in _ATOMS:
        return start[4:8] != b"ftyp" or start[8:12] not in _PICTURE_BRANDS
    if start.startswith(b"RIFF"):
        return start[8:12] == b"AVI "
    is_stream = start[:1] == start[_TS_PACKET : _TS_PACKET + 1] == start[2 * _TS_PACKET : 2 * _TS_PACKET + 1] == b"G"
    return start.startswith(_SIGNATURES) or is_stream


@contextmanager
def reading_film(name: str) -> Iterator[None]:
    """Turn what goes wrong while the film called ``name`` is read into a ``MediaError``."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise MediaError(
            f'"{name}" is a film, and the part that reads those is not installed. '
            'Type: pip install "qwvis-desktop[video]"'
        ) from error
    except (OSError, MemoryError) as error:
        with reading(name):
            raise error from error.__cause__
