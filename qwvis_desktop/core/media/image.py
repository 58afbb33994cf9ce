"""``ImageMedia``: a picture that was dropped, known by its header; and the sentences for all that cannot be opened.

A page of a document is a picture too: one that is drawn at a resolution (PDF), or one of several in a file (TIFF).
"""

from __future__ import annotations

import io
import math
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import IO, ClassVar

from qwvis_desktop.core.coordinates import Orientation
from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.media import pdf
from qwvis_desktop.core.media.pdf import NoSuchPage
from qwvis_desktop.core.media.probe import BROKEN, Changed, NotRecognised, ReaderMissing, probe

MAX_PIXELS = 1_000_000_000
"""The most pixels a picture may claim: decoded, that is 4 GB. Beyond it a small file may be made to fill the memory."""

STREAMED = frozenset({"image/jpeg", "image/png", "image/webp", "image/tiff"})
"""MIME types of what can be read piece by piece."""

MAX_WHOLE_PIXELS = 200_000_000
"""The most pixels of a picture that cannot be read piece by piece: decoded, that is 800 MB."""

RESOLUTION = 200
"""Pixels per inch that pages of PDF documents are drawn at unless chosen otherwise: 8-point print is read well."""

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
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


class PasswordNeeded(MediaError):
    """A document is encrypted; the text says so.

    Attributes:
        path: the file; None where it came as data.
        wrong: a password was tried, and it is another one.
    """

    def __init__(self, sentence: str, path: Path | None, *, wrong: bool) -> None:
        super().__init__(sentence)
        self.path, self.wrong = path, wrong


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
        frames: pictures in the file: pages of a document, or those of an animation, whose first one is used.
        page: which page of the file this is, counted from 1; 0 for what is no page of a document.
        resolution: pixels per inch that the page of a PDF document is drawn at; 0 for others.
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
    page: int = 0
    resolution: int = 0

    @property
    def file_name(self) -> str:
        """What files that are made of it are named after: "scan-p003.pdf" for the third page of several."""
        if not self.page or self.frames <= 1:
            return self.name
        plain = PurePath(self.path.name if self.path is not None else self.name)
        return f"{plain.stem}-p{self.page:0{max(3, len(str(self.frames)))}}{plain.suffix}"

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


def open_image(source: Path | bytes, name: str = "", *, page: int = 0, resolution: int = 0) -> ImageMedia:
    """Open a picture: recognise it by its content and read its header, nothing more.

    Args:
        source: a file, or the encoded bytes of a picture.
        name: what people call it; the file's name where empty.
        page: of a document, counted from 1; the first one where 0.
        resolution: pixels per inch for the page of a PDF document; ``RESOLUTION`` where 0.

    Raises:
        PasswordNeeded: it is an encrypted document.
        MediaError: it is not there, may not be read, is empty, a folder, damaged, no picture, or far too large.
    """
    path, data = (None, source) if isinstance(source, bytes) else (Path(source), None)
    name = name or (path.name if path else "picture")
    with reading(name, path):
        if path is not None:
            _check_regular(path, name)
        with io.BytesIO(data) if data is not None else Path(path or "").open("rb") as file:
            start = file.read(1024)
            file.seek(0)
            if not start:
                raise MediaError(f'"{name}" is empty (0 bytes). Copy or download it again.')
            if pdf.SIGNATURE in start:
                return _open_pdf(source, name, page or 1, resolution or RESOLUTION)
            try:
                header = probe(file, page)
            except NotRecognised as error:
                raise MediaError(_not_a_picture(name, start)) from error
    _check_pixels(header.stored, header.mime, name)
    return ImageMedia(
        name=name,
        path=path,
        data=data,
        size=header.orientation.upright_size(header.stored),
        stored=header.stored,
        orientation=header.orientation,
        mime=header.mime,
        frames=header.frames,
        page=header.page,
    )


def _open_pdf(source: Path | bytes, name: str, page: int, resolution: int) -> ImageMedia:
    """Return a page of a PDF document; one that would have too many pixels is drawn at a lower resolution."""
    count = pdf.page_count(source)
    if not count:
        raise MediaError(f'"{name}" has no pages. Open another document.')
    seen = pdf.geometry(source, page)
    inches = seen.width / pdf.POINTS * seen.height / pdf.POINTS
    scale = min(resolution, math.sqrt(MAX_WHOLE_PIXELS / inches)) / pdf.POINTS
    size = Size(max(1, round(seen.width * scale)), max(1, round(seen.height * scale)))
    return ImageMedia(
        name=name,
        path=None if isinstance(source, bytes) else source,
        data=source if isinstance(source, bytes) else None,
        size=size,
        stored=size,
        orientation=Orientation.NORMAL,
        mime=pdf.MIME,
        frames=count,
        page=page,
        resolution=resolution,
    )


def _check_pixels(stored: Size, mime: str, name: str) -> None:
    width, height = stored
    if stored.pixels > MAX_PIXELS:
        raise MediaError(
            f'"{name}" claims {width:,} x {height:,} pixels, which is more than the {MAX_PIXELS // 10**6:,} megapixels '
            "that can be opened. Save a smaller copy and open that."
        )
    if stored.pixels > MAX_WHOLE_PIXELS and mime not in STREAMED:
        raise MediaError(
            f'"{name}" claims {width:,} x {height:,} pixels, and pictures of its format can be opened up to '
            f"{MAX_WHOLE_PIXELS // 10**6:,} megapixels. Save it as JPEG, PNG or TIFF and open that."
        )


@contextmanager
def reading(name: str, path: Path | None = None) -> Iterator[None]:
    """Turn what goes wrong while the picture called ``name``, from ``path``, is read into a ``MediaError``."""
    try:
        with _reading_pages(name, path):
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


@contextmanager
def _reading_pages(name: str, path: Path | None) -> Iterator[None]:
    """Do the same for what only documents with pages can have."""
    try:
        yield
    except pdf.PdfMissing as error:
        raise MediaError(
            f'"{name}" is a PDF document, and the part that reads those is not installed. '
            'Type: pip install "qwvis-desktop[pdf]"'
        ) from error
    except pdf.PdfLocked as error:
        why = "the password that was given is not the right one" if error.wrong else "needs a password"
        raise PasswordNeeded(
            f'"{name}" is encrypted, and {why}. Open it in the window and give the password there, or put it into the '
            f"environment variable {pdf.PASSWORD_VARIABLE}.",
            path,
            wrong=error.wrong,
        ) from error
    except pdf.PdfBroken as error:
        raise MediaError(
            f'"{name}" is a PDF document that is damaged or was cut off, so it cannot be read ({error}). '
            "Copy or download it again."
        ) from error
    except NoSuchPage as error:
        there = "there is only one" if error.count == 1 else f"there are {error.count:,}"
        raise MediaError(
            f'"{name}" has no page {error.page:,}: {there}. Choose another page; '
            "if the file was changed meanwhile, open it again."
        ) from error


def status_of(path: Path) -> os.stat_result:
    """Return what the system says of a file that is to be opened; it may never have been there.

    Raises:
        MediaError: there is none.
        OSError: it may not be looked at; ``reading`` makes a sentence of it.
    """
    try:
        return path.stat()
    except FileNotFoundError as error:
        raise MediaError(
            f'There is no file "{path.name}" in {path.absolute().parent}. Look at how its name is written; it may also '
            "have been moved, renamed or deleted."
        ) from error


def _check_regular(path: Path, name: str) -> None:
    """Refuse what is no file: opening a pipe would wait for ever."""
    mode = status_of(path).st_mode
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
    return f'"{name}" is not a picture that can be read. Open a JPEG, PNG, WebP, GIF, BMP, TIFF, HEIC or PDF instead.'
