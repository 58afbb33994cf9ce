"""Recognising a picture by its content and reading its header, without decoding a pixel.

Pillow does it: it knows the most formats. This module is the one place that loads Pillow and sets it up.
"""

from __future__ import annotations

import math
import struct
import warnings
import zlib
from collections.abc import Iterator, Mapping, Set
from contextlib import suppress
from dataclasses import dataclass
from types import MappingProxyType, ModuleType
from typing import IO, TYPE_CHECKING

from qwvis_desktop.core.coordinates import Orientation
from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.media import tiff
from qwvis_desktop.core.media.pdf import NoSuchPage

if TYPE_CHECKING:  # Pillow is heavy: it is loaded when the first picture is opened
    from PIL.Image import Exif, Image

FORMATS: Mapping[str, str] = MappingProxyType(
    {
        "JPEG": "image/jpeg",
        "MPO": "image/jpeg",
        "PNG": "image/png",
        "WEBP": "image/webp",
        "GIF": "image/gif",
        "BMP": "image/bmp",
        "TIFF": "image/tiff",
        "JPEG2000": "image/jp2",
        "AVIF": "image/avif",
        "HEIF": "image/heic",
        "ICO": "image/x-icon",
        "PPM": "image/x-portable-anymap",
        "QOI": "image/qoi",
    }
)
"""What is opened: Pillow's name of the format -> MIME type.

Pillow knows more, but some of those start other programs (EPS) or are recognised by next to nothing (TGA).
"""

BROKEN: tuple[type[Exception], ...] = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    AttributeError,
    LookupError,
    ArithmeticError,
    EOFError,
    RuntimeError,
    MemoryError,
    struct.error,
    zlib.error,
)
"""What Pillow's readers raise on damaged files (``SyntaxError`` is how they say "broken header")."""

_ORIENTATION_TAG = 0x0112
_EXIF_TAGS, _FOCAL_LENGTH_35MM_TAG = 0x8769, 0xA405
_HEIF_BRANDS = frozenset({b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"})


class NotRecognised(Exception):
    """The content is no picture of a known format."""


class Changed(Exception):
    """The file holds another picture than when it was opened."""


class ReaderMissing(Exception):
    """The content is a picture of a format whose reader is not installed; the text is the name of the extra."""


@dataclass(frozen=True, slots=True)
class Header:
    """What the header of a picture says.

    Attributes:
        stored: size in pixels as stored, before the orientation is applied.
        frames: pictures in the file; more than one for an animation or a TIFF with several pages.
        page: which of several pages it is, counted from 1; 0 where there is one picture.
    """

    mime: str
    stored: Size
    orientation: Orientation
    frames: int
    page: int = 0


def pillow() -> ModuleType:
    """Return ``PIL.Image``, set up for this program.

    Its pixel limit is lifted, because this program has its own (``image.MAX_PIXELS``), and its warnings about damaged
    metadata are silenced, because metadata is not used and damaged pixels are told as errors.
    """
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = None
    warnings.filterwarnings("ignore", module=r"PIL\.")
    return Image


def open_with_pillow(file: IO[bytes]) -> Image:
    """Return the picture in an open file, its pixels not read yet.

    Raises:
        NotRecognised: it is no picture of a known format.
        ReaderMissing: it is HEIC, and the package that reads it is not installed.
    """
    image = pillow()
    missing = is_heif(file) and not _register_heif()
    failure: Exception | None = None
    for load_readers in (image.preinit, image.init):  # the usual five first: all of them take 20 ms to import
        load_readers()
        try:
            picture: Image = image.open(file, formats=[known for known in FORMATS if known in image.OPEN])
        except image.UnidentifiedImageError as error:
            failure = error
        else:
            return picture
    if missing:
        raise ReaderMissing("heic") from failure
    raise NotRecognised(str(failure)) from failure


def is_heif(file: IO[bytes]) -> bool:
    """Say whether the file begins as HEIC does; a few AVIF files do too, which Pillow reads by itself."""
    start = file.read(12)
    file.seek(0)
    return start[4:8] == b"ftyp" and start[8:12] in _HEIF_BRANDS


def probe(file: IO[bytes], page: int = 0) -> Header:
    """Read the header of the picture in an open file.

    Args:
        file: at its beginning.
        page: of a TIFF with several, counted from 1; the first one where 0.

    Raises:
        NotRecognised: it is no picture of a known format.
        ReaderMissing: the package that reads this format is not installed.
        NoSuchPage: the file has fewer pages.
        Exception: one of ``BROKEN``: the header is damaged.
    """
    with open_with_pillow(file) as picture:
        pages = tiff_page(picture, file, page) if picture.format == "TIFF" else 1
        orientation = _orientation(picture, file)
        stored = Size(*picture.size)
        if picture.format == "TIFF" and orientation.swaps_sides:
            stored = Size(stored.height, stored.width)  # Pillow gives a TIFF's size upright already
        if picture.format == "TIFF":
            return Header(FORMATS["TIFF"], stored, orientation, pages, max(1, page) if pages > 1 else 0)
        if page > 1:
            raise NoSuchPage(page, 1)
        frames = 1 if picture.format == "MPO" else _frames(picture)  # a phone's depth map is no second picture
        return Header(FORMATS[picture.format or ""], stored, orientation, frames)


def tiff_page(picture: Image, file: IO[bytes], page: int) -> int:
    """Turn an open TIFF to a page, counted from 1 (0 is the first); return how many there are.

    Raises:
        NoSuchPage: it has fewer.
        Exception: one of ``BROKEN``: it is damaged.
    """
    places = tiff.pages(file) or (0,)
    if page > len(places):
        raise NoSuchPage(page, len(places))
    if (place := places[max(0, page - 1)]) > 0:
        picture.seek(place)
    return len(places)


def _register_heif() -> bool:
    """Teach Pillow to read HEIC; say whether the package for it is installed."""
    try:
        import pillow_heif
    except ImportError:
        return False
    pillow_heif.register_heif_opener()
    return True


def _frames(picture: Image) -> int:
    """Return how many pictures there are; 1 where the file breaks off after the first."""
    with suppress(*BROKEN):
        return max(1, int(getattr(picture, "n_frames", 1)))
    return 1


def _orientation(picture: Image, file: IO[bytes]) -> Orientation:
    """Return the EXIF orientation; normal where the metadata is damaged or says none of the eight, as viewers do."""
    with suppress(*BROKEN):
        return Orientation(_exif(picture, file).get(_ORIENTATION_TAG, 1))
    return Orientation.NORMAL


def focal_length_35mm(file: IO[bytes]) -> float | None:
    """Return the focal length in millimetres that would show as much on 35 mm film; None where EXIF tells none.

    Raises:
        NotRecognised: it is no picture of a known format.
        ReaderMissing: the package that reads this format is not installed.
        Exception: one of ``BROKEN``: the header is damaged.
    """
    with open_with_pillow(file) as picture, suppress(*BROKEN):
        length = float(_exif(picture, file).get_ifd(_EXIF_TAGS).get(_FOCAL_LENGTH_35MM_TAG, 0))
        return length if 0 < length < math.inf else None  # 0 is how EXIF says that it is not known
    return None


def _exif(picture: Image, file: IO[bytes]) -> Exif:
    if picture.format != "PNG":
        return picture.getexif()
    exif: Exif = pillow().Exif()
    exif.load(picture.info.get("exif") or _png_exif(file))
    return exif


_LONGEST_CHUNK = 16_000_000
"""Bytes of a chunk that are read: notes of cameras have up to 64 KB in JPEG, profiles of colours a few MB."""


def _png_exif(file: IO[bytes]) -> bytes:
    return next((b"Exif\0\0" + content for _, content in png_chunks(file, {b"eXIf"})), b"")


def png_chunks(file: IO[bytes], kinds: Set[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """Yield the chunks of these kinds in a PNG, and what is in them, wherever they stand.

    Pillow would decode all pixels to look behind them. Of what is longer than all such things are, the beginning comes.
    """
    place = file.tell()
    try:
        file.seek(8)
        while len(head := file.read(8)) == 8:
            length, kind = struct.unpack(">I4s", head)
            after = file.tell() + length + 4
            if kind in kinds:
                # A damaged file may tell of gigabytes, and room is made for as much as is asked for.
                yield kind, file.read(min(length, _LONGEST_CHUNK))
            file.seek(after)
    finally:
        file.seek(place)
