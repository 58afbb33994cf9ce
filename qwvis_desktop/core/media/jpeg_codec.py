"""Decoding whole JPEGs by libjpeg-turbo straight into the layout of the screen: half the work of libvips's pipeline.

Only what needs nothing else is taken: 8 bit, sRGB, whole. All others are left to ``vips_codec`` and ``pillow_codec``;
the pixels are the same to the last bit.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from functools import cache
from types import ModuleType

from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.media.image import ImageMedia
from qwvis_desktop.core.media.pixels import Raster, is_srgb

_COLOR_SPACES = frozenset({"YCbCr", "Gray", "RGB"})
_APP2, _START_OF_SCAN = 0xE2, 0xDA
_ICC = b"ICC_PROFILE\0"


@cache
def library() -> ModuleType | None:
    """Return simplejpeg; None where it is not installed or cannot be loaded."""
    try:
        import simplejpeg
    except (ImportError, OSError):
        return None
    module: ModuleType = simplejpeg
    return module


def decode(media: ImageMedia) -> Raster | None:
    """Return the whole picture as it is stored; None where this module does not take it, or it cannot be read."""
    turbo = library() if media.mime == "image/jpeg" else None
    if turbo is None:
        return None
    try:
        with media.open() as file:
            data = file.read()
        if not _is_plain(data):
            return None
        height, width, color_space, _ = turbo.decode_jpeg_header(data)
        if color_space not in _COLOR_SPACES or (width, height) != tuple(media.stored):
            return None
        pixels = turbo.decode_jpeg(data, "BGRA")
    except (OSError, ValueError, RuntimeError, MemoryError):
        return None  # the other codecs say what is wrong with it
    return Raster(Size(width, height), memoryview(pixels).cast("B"))


def _is_plain(data: bytes) -> bool:
    """Say whether no colour profile but sRGB has to be applied."""
    profiles = [body for marker, body in _segments(data) if marker == _APP2 and body.startswith(_ICC)]
    # After the name: the number of this part, and how many there are.
    return all(body[len(_ICC) + 1 : len(_ICC) + 2] == b"\x01" and is_srgb(body[len(_ICC) + 2 :]) for body in profiles)


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield marker and body of each segment of a JPEG before its pixels (ITU-T T.81, B.1.1)."""
    place = 2
    while place + 4 <= len(data) and data[place] == 0xFF:
        marker, length = struct.unpack_from(">xBH", data, place)
        if marker == _START_OF_SCAN:
            return
        yield marker, data[place + 4 : place + 2 + length]
        place += 2 + length
