"""``ImageMedia``: a picture that was dropped, known by its header; and the sentences for all that cannot be opened."""

from __future__ import annotations

import io
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, ClassVar

from qwvis_desktop.core.coordinates import Orientation
from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.media.probe import BROKEN, Changed, NotRecognised, ReaderMissing, probe

MAX_PIXELS = 1_000_000_000
"""The most pixels a picture may claim: decoded, that is 4 GB. Beyond it a small file may be made to fill the memory."""

STREAMED = frozenset({"image/jpeg", "image/png", "image/webp", "image/tiff"})
"""MIME types of what can be read piece by piece."""

MAX_WHOLE_PIXELS = 200_000_000
"""The most pixels of a picture that cannot be read piece by piece: decoded, that is 800 MB."""

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"<svg", "an SVG drawing"),
    (b"<!doctype html", "a web page"),
    (b"<html", "a web page"),
    (b"\x1aE\xdf\xa3", "a video"),
    (b"RIFF", "a sound or a video"),
)
"""How other kinds of files begin (in lower case where they are text), and what to call them."""

_PICTURE_SIGNATURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8", b"II*\0", b"MM\0*", b"BM", b"\0\0\0\x0cjP  ")


class MediaError(Exception):
    """A medium cannot be opened, decoded or sent; the text says what, why and what to do now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageMedia:
    """A picture, not decoded yet.

    Attributes:
        name: what people call it.
        path: the file; None where it came as data.
        data: its encoded bytes where it has no path.
        size: size of the upright picture in pixels.
        stored: size as stored, before the EXIF orientation is applied.
        mime: as its content says, whatever its suffix.
        frames: pictures in the file; the first one is used.
    """

    kind: ClassVar[str] = "image"

    name: str
    path: Path | None
    data: bytes | None
    size: Size
    stored: Size
    orientation: Orientation
    mime: str
    frames: int = 1

    @property
    def byte_count(self) -> int:
        """Size of the encoded picture in bytes.

        Raises:
            MediaError: the file is no longer there, or may not be looked at.
        """
        if self.data is not None:
            return len(self.data)
        with reading(self.name):
            return Path(self.path or "").stat().st_size

    def open(self) -> IO[bytes]:
        """Open the encoded picture for reading.

        Raises:
            OSError: the file cannot be opened; ``reading`` makes a sentence of it.
        """
        return io.BytesIO(self.data) if self.data is not None else Path(self.path or "").open("rb")


def open_image(source: Path | bytes, name: str = "") -> ImageMedia:
    """Open a picture: recognise it by its content and read its header, nothing more.

    Args:
        source: a file, or the encoded bytes of a picture.
        name: what people call it; the file's name where empty.

    Raises:
        MediaError: it is not there, may not be read, is empty, a folder, damaged, no picture, or far too large.
    """
    path, data = (None, source) if isinstance(source, bytes) else (Path(source), None)
    name = name or (path.name if path else "picture")
    with reading(name):
        if path is not None:
            _check_regular(path, name)
        with io.BytesIO(data) if data is not None else Path(path or "").open("rb") as file:
            start = file.read(512)
            file.seek(0)
            if not start:
                raise MediaError(f'"{name}" is empty (0 bytes). Copy or download it again.')
            try:
                header = probe(file)
            except NotRecognised as error:
                raise MediaError(_not_a_picture(name, start)) from error
    if header.stored.pixels > MAX_PIXELS:
        width, height = header.stored
        raise MediaError(
            f'"{name}" claims {width:,} x {height:,} pixels, which is more than the {MAX_PIXELS // 10**6:,} megapixels '
            "that can be opened. Save a smaller copy and open that."
        )
    if header.stored.pixels > MAX_WHOLE_PIXELS and header.mime not in STREAMED:
        width, height = header.stored
        raise MediaError(
            f'"{name}" claims {width:,} x {height:,} pixels, and pictures of its format can be opened up to '
            f"{MAX_WHOLE_PIXELS // 10**6:,} megapixels. Save it as JPEG, PNG or TIFF and open that."
        )
    return ImageMedia(
        name=name,
        path=path,
        data=data,
        size=header.orientation.upright_size(header.stored),
        stored=header.stored,
        orientation=header.orientation,
        mime=header.mime,
        frames=header.frames,
    )


@contextmanager
def reading(name: str) -> Iterator[None]:
    """Turn what goes wrong while the picture called ``name`` is read into a ``MediaError``."""
    try:
        yield
    except FileNotFoundError as error:
        raise MediaError(
            f'"{name}" is not there any more. It may have been moved, renamed or deleted; open it from its new place.'
        ) from error
    except PermissionError as error:
        raise MediaError(
            f'You have no permission to read "{name}". Change its permissions, or copy it to a folder of your own.'
        ) from error
    except ReaderMissing as error:
        raise MediaError(
            f'"{name}" is a HEIC picture, and the part that reads those is not installed. '
            f'Type: pip install "qwvis-desktop[{error}]"'
        ) from error
    except (Changed, NotRecognised) as error:
        raise MediaError(
            f'"{name}" has changed since it was opened, and is another picture now. Open it again.'
        ) from error
    except MemoryError as error:
        raise MediaError(
            f'There is not enough memory to open "{name}". Close other programs, or open a smaller copy.'
        ) from error
    except BROKEN as error:
        raise MediaError(
            f'"{name}" is damaged or was cut off, so it cannot be read ({error}). Copy or download it again.'
        ) from error


def _check_regular(path: Path, name: str) -> None:
    """Refuse what is no file: opening a pipe would wait for ever."""
    mode = path.stat().st_mode
    if stat.S_ISDIR(mode):
        raise MediaError(f'"{name}" is a folder, not a picture. Open the pictures in it instead.')
    if not stat.S_ISREG(mode):
        raise MediaError(f'"{name}" is a device or a pipe, not a picture. Open a file instead.')


def _not_a_picture(name: str, start: bytes) -> str:
    """Return the sentence for content that is no known picture."""
    if start.startswith(_PICTURE_SIGNATURES) or (start.startswith(b"RIFF") and start[8:12] == b"WEBP"):
        return f'"{name}" begins like a picture, but is damaged or was cut off. Copy or download it again.'
    text = start.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    kind = next((what for sign, what in _SIGNATURES if start.startswith(sign) or text.startswith(sign)), "")
    if start[4:8] == b"ftyp":
        kind = "a video"
    if kind:
        return f'"{name}" is {kind}, not a picture. Open a picture (JPEG, PNG, WebP, TIFF, HEIC, ...) instead.'
    return f'"{name}" is not a picture that can be read. Open a JPEG, PNG, WebP, GIF, BMP, TIFF or HEIC instead.'
