"""PDF documents by PDFium, an optional part: how many pages, how large and how turned, and a page drawn at any size.

PDFium knows one thread at a time: all of it happens under one lock. A document is opened for each thing that is asked
of it and closed again, which takes a millisecond and keeps neither memory nor a file.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, TypeAlias

from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.media.pixels import NotWanted, Raster

MIME = "application/pdf"

SIGNATURE = b"%PDF-"
"""Stands within the first kilobyte of every document (ISO 32000-1, appendix H, note 13)."""

PASSWORD_VARIABLE = "QWVIS_PDF_PASSWORD"
"""An environment variable that may hold the password of encrypted documents."""

POINTS = 72.0
"""Points of an inch."""

Source: TypeAlias = Path | bytes
Document: TypeAlias = Any  # a pypdfium2.PdfDocument; the library is loaded late and has no types
Page: TypeAlias = Any
Handle: TypeAlias = Any

_PASSWORD_ERROR = 4
_WHY = {2: "the system cannot read it", 5: "it is encrypted in a way that is not known here"}
"""What PDFium's numbers of errors mean, where that is worth saying (fpdfview.h)."""

_TO_BE_CONTINUED, _FAILED = 1, 3


class PdfMissing(Exception):
    """The part that reads PDF documents is not installed, or cannot be loaded."""


class PdfLocked(Exception):
    """The document is encrypted.

    Attributes:
        wrong: a password was tried, and it is another one.
    """

    def __init__(self, *, wrong: bool) -> None:
        super().__init__("encrypted")
        self.wrong = wrong


class PdfBroken(Exception):
    """The document, or a page of it, cannot be read; the text says why in a few words."""


class NoSuchPage(Exception):
    """The file has fewer pages; ``count`` is how many."""

    def __init__(self, page: int, count: int) -> None:
        super().__init__(f"page {page} of {count}")
        self.page, self.count = page, count


@dataclass(frozen=True, slots=True)
class PageGeometry:
    """A page as readers of PDF show it.

    Attributes:
        width, height: of what is seen, in points, turned as it is shown.
        rotation: by how many degrees it is turned, clockwise, to be shown: 0, 90, 180 or 270.
        visible: left, bottom, right and top of what is seen in the page's own coordinates: points, y up, not turned.
    """

    width: float
    height: float
    rotation: int
    visible: tuple[float, float, float, float]

    def own_point(self, x: float, y: float) -> tuple[float, float]:
        """Return a place in the page's own coordinates; ``x`` and ``y`` are points from the top left as it is seen."""
        left, bottom, right, top = self.visible
        return {
            0: (left + x, top - y),
            90: (left + y, bottom + x),
            180: (right - x, bottom + y),
            270: (right - y, top - x),
        }[self.rotation]


_lock = threading.RLock()
_passwords: dict[Path, str] = {}
"""Passwords that opened a document, for as long as the program runs; they are never written anywhere."""


@cache
def library() -> ModuleType | None:
    """Return pypdfium2; None where it is not installed or cannot be loaded."""
    try:
        import pypdfium2
    except (ImportError, OSError):
        return None
    module: ModuleType = pypdfium2
    return module


def page_count(source: Source) -> int:
    """Return how many pages a document has.

    Raises:
        PdfMissing, PdfLocked, PdfBroken: it cannot be opened.
        OSError: the file is not there, or may not be read.
    """
    with _opened(source) as document:
        return max(0, len(document))


def unlock(path: Path, password: str) -> bool:
    """Say whether ``password`` opens a document; a right one is remembered until the program ends.

    Raises:
        PdfMissing, PdfBroken: it cannot be opened with any.
        OSError: the file is not there, or may not be read.
    """
    with _lock:
        key = path.absolute()
        before = _passwords.get(key)
        _passwords[key] = password
        try:
            page_count(path)
        except PdfLocked:
            del _passwords[key]
            if before is not None:
                _passwords[key] = before
            return False
        return True


def geometry(source: Source, page: int) -> PageGeometry:
    """Return size and rotation of a page, counted from 1.

    Raises:
        PdfMissing, PdfLocked, PdfBroken, NoSuchPage: it cannot be read.
        OSError: the file is not there, or may not be read.
    """
    with _opened(source) as document, _loaded(document, page) as loaded:
        width, height = loaded.get_size()
        box = _raw().FS_RECTF()
        _raw().FPDF_GetPageBoundingBox(loaded, box)
        visible = (box.left, box.bottom, box.right, box.top)
        return PageGeometry(width, height, int(loaded.get_rotation()), visible)


def has_text(source: Source, page: int) -> bool:
    """Say whether a page, counted from 1, holds text that a reader finds.

    Raises:
        PdfMissing, PdfLocked, PdfBroken, NoSuchPage: it cannot be read.
        OSError: the file is not there, or may not be read.
    """
    with _opened(source) as document, _loaded(document, page) as loaded:
        reader = loaded.get_textpage()
        try:
            return bool(str(reader.get_text_range()).strip())
        finally:
            reader.close()


def drawn(source: Source, page: int, size: Size, is_wanted: Callable[[], bool] = lambda: True) -> Raster:
    """Draw a page, counted from 1, edge to edge on white, with its annotations and filled-in forms.

    Raises:
        PdfMissing, PdfLocked, PdfBroken, NoSuchPage: it cannot be read.
        NotWanted: ``is_wanted`` said no while it was drawn.
        OSError: the file is not there, or may not be read.
        MemoryError: it does not fit.
    """
    raw = _raw()
    with _opened(source) as document, _loaded(document, page) as loaded, _Canvas(size) as canvas:
        place = (0, 0, size.width, size.height, 0)
        pause = raw.IFSDK_PAUSE(version=1)
        asked = type(pause.NeedToPauseNow)(lambda _pause: not is_wanted())
        pause.NeedToPauseNow = asked
        status = raw.FPDF_RenderPageBitmap_Start(canvas.bitmap, loaded, *place, raw.FPDF_ANNOT, pause)
        while status == _TO_BE_CONTINUED and is_wanted():
            status = raw.FPDF_RenderPage_Continue(loaded, pause)
        raw.FPDF_RenderPage_Close(loaded)
        if status == _TO_BE_CONTINUED:
            raise NotWanted
        if status == _FAILED:
            raise PdfBroken(f"page {page} cannot be drawn")
        if document.formenv:
            raw.FPDF_FFLDraw(document.formenv, canvas.bitmap, loaded, *place, raw.FPDF_ANNOT)
        return canvas.raster


def drawn_part(source: Source, page: int, full: tuple[float, float], corner: tuple[float, float], size: Size) -> Raster:
    """Draw a part of a page, counted from 1.

    Args:
        source: the document.
        page: number of the page.
        full: width and height that the whole page would be drawn at; need not be whole.
        corner: left and top of the part, in pixels of that.
        size: of the part; what lies over the page's edges is white.

    Raises:
        PdfMissing, PdfLocked, PdfBroken, NoSuchPage: it cannot be read.
        OSError: the file is not there, or may not be read.
        MemoryError: it does not fit.
    """
    raw = _raw()
    with _opened(source) as document, _loaded(document, page) as loaded, _Canvas(size) as canvas:
        width, height = loaded.get_size()
        matrix = raw.FS_MATRIX(full[0] / width, 0, 0, full[1] / height, -corner[0], -corner[1])
        clip = raw.FS_RECTF(0, 0, size.width, size.height)
        raw.FPDF_RenderPageBitmapWithMatrix(canvas.bitmap, loaded, matrix, clip, raw.FPDF_ANNOT)
        if document.formenv:
            place = (round(-corner[0]), round(-corner[1]), round(full[0]), round(full[1]), 0)
            raw.FPDF_FFLDraw(document.formenv, canvas.bitmap, loaded, *place, raw.FPDF_ANNOT)
        return canvas.raster


class _Canvas:
    """White pixels in memory of our own that PDFium draws on."""

    def __init__(self, size: Size) -> None:
        import ctypes

        raw = _raw()
        pixels = bytearray(4 * size.pixels)
        memory = (ctypes.c_char * len(pixels)).from_buffer(pixels)
        self.raster = Raster(size, memoryview(pixels))
        self.bitmap = raw.FPDFBitmap_CreateEx(size.width, size.height, raw.FPDFBitmap_BGRx, memory, 4 * size.width)
        if not self.bitmap:
            raise MemoryError
        raw.FPDFBitmap_FillRect(self.bitmap, 0, 0, size.width, size.height, 0xFFFFFFFF)

    def __enter__(self) -> _Canvas:
        return self

    def __exit__(self, *_: object) -> None:
        _raw().FPDFBitmap_Destroy(self.bitmap)


def _raw() -> ModuleType:
    """Return PDFium's own functions.

    Raises:
        PdfMissing: it is not installed.
    """
    if library() is None:
        raise PdfMissing
    import pypdfium2.raw

    module: ModuleType = pypdfium2.raw
    return module


@contextmanager
def _opened(source: Source) -> Iterator[Document]:
    """Hold PDFium, and a document open."""
    pdfium = library()
    if pdfium is None:
        raise PdfMissing
    with _lock:
        document = _document(pdfium, source)
        try:
            document.init_forms()
            yield document
        finally:
            document.close()


def _document(pdfium: ModuleType, source: Source) -> Document:
    known = _passwords.get(source.absolute()) if isinstance(source, Path) else None
    tried = [password for password in (known, os.environ.get(PASSWORD_VARIABLE)) if password]
    if isinstance(source, Path):
        source.open("rb").close()  # the system's own words, where it is not there or may not be read
    for password in (None, *tried):
        handle = _load(source, password)
        if handle:
            return pdfium.PdfDocument(handle)
        if (error := _raw().FPDF_GetLastError()) != _PASSWORD_ERROR:
            raise PdfBroken(_WHY.get(error, "its structure cannot be read"))
    raise PdfLocked(wrong=bool(tried))


def _load(source: Source, password: str | None) -> Handle:
    raw, key = _raw(), None if password is None else password.encode() + b"\0"
    if isinstance(source, Path):
        return raw.FPDF_LoadDocument(os.fsencode(source) + b"\0", key)
    return raw.FPDF_LoadMemDocument64(source, len(source), key)


@contextmanager
def _loaded(document: Document, page: int) -> Iterator[Page]:
    pdfium = library()
    assert pdfium is not None
    if not 1 <= page <= len(document):
        raise NoSuchPage(page, len(document))
    try:
        loaded = document[page - 1]
    except pdfium.PdfiumError as error:
        raise PdfBroken(f"page {page} cannot be read") from error
    try:
        yield loaded
    finally:
        loaded.close()
