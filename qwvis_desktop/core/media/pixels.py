"""Pixels in memory, how they are encoded for others, and which colour profile means that they are as wanted."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from qwvis_desktop.core.geometry import Size


class NotWanted(Exception):
    """Nobody waits any more for the picture, or the part of it, that was being read."""


@dataclass(frozen=True, slots=True)
class Raster:
    """A decoded picture: upright, sRGB, opaque, 8 bit.

    Attributes:
        data: B, G, R, 255 of each pixel, rows of ``width * 4`` bytes from the top: the layout of
            ``QImage.Format.Format_RGB32``. A view of what libvips made, so that 100 MB are not copied once more while
            Python's lock is held.
    """

    size: Size
    data: bytes | memoryview


@dataclass(frozen=True, slots=True)
class Encoding:
    """How a picture is written.

    Attributes:
        mime: image/jpeg, image/png or image/webp.
        quality: 1 to 100; PNG loses nothing and ignores it.
        full_colour: whether JPEG keeps the colour of each pixel (4:4:4) rather than of each 2 x 2 (4:2:0).
    """

    mime: str
    quality: int = 90
    full_colour: bool = False


def is_srgb(profile: bytes) -> bool:
    """Say whether an ICC profile calls itself sRGB; a damaged one does not.

    Source: ICC.1:2022, 7.3: 128 bytes of header, a count, then (signature, offset, size) of each tag.
    """
    try:
        (count,) = struct.unpack_from(">I", profile, 128)
        for entry in range(min(count, 100)):
            signature, offset, size = struct.unpack_from(">4sII", profile, 132 + 12 * entry)
            if signature == b"desc":
                text = profile[offset : offset + size]
                return b"sRGB" in text or "sRGB".encode("utf-16-be") in text
    except struct.error:
        return False
    return False
