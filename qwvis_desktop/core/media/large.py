"""Pictures too large to be whole in memory: an overview first, and sharp parts of it where one looks.

A part is read by a pipeline that goes through the file from the top and keeps only what is wanted, so that memory
depends on the part and not on the picture.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from qwvis_desktop.core.geometry import Box, Size
from qwvis_desktop.core.media import pdf, pdf_codec, vips_codec
from qwvis_desktop.core.media.image import STREAMED, ImageMedia, MediaError, reading
from qwvis_desktop.core.media.media import Media
from qwvis_desktop.core.media.pixels import NotWanted, Raster

__all__ = ["NotWanted", "Part", "is_large", "overview_shrink", "part", "shrink_for"]

LARGE_PIXELS = 48_000_000
"""Pixels beyond which a picture is not decoded whole to be shown: with its levels it would take 256 MB."""

OVERVIEW_PIXELS = 16_000_000
"""The most pixels of an overview; with its levels it takes 85 MB."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a picture, read by itself.

    Attributes:
        raster: its pixels.
        box: where it lies, in pixels of the upright original; it may reach over its edges by less than ``shrink``.
        shrink: pixels of the original, across and down, that became one of the part.
    """

    raster: Raster
    box: Box
    shrink: int


def is_large(media: Media) -> bool:
    """Say whether a picture is shown by an overview and parts of it."""
    if media.size.pixels <= LARGE_PIXELS:
        return False
    return media.mime == pdf.MIME or (media.mime in STREAMED and vips_codec.library() is not None)


def overview_shrink(size: Size) -> int:
    """Return the smallest power of two by which the sides of a picture are divided for its overview."""
    shrink = 1
    while size.pixels > OVERVIEW_PIXELS * shrink * shrink:
        shrink *= 2
    return shrink


def shrink_for(size: Size, at_least: Size) -> int:
    """Return the largest power of two that leaves at least one pixel for each of ``at_least``."""
    scale = max(size.width / max(1, at_least.width), size.height / max(1, at_least.height), 1.0)
    return 1 << int(math.log2(scale))


def part(media: ImageMedia, shrink: int, area: Box | None = None, is_wanted: Callable[[], bool] = lambda: True) -> Part:
    """Return a part of a large picture, its sides divided by ``shrink``: upright, on white, sRGB, 8 bit.

    Args:
        media: the picture, which ``is_large``.
        shrink: a power of two.
        area: in pixels of the upright original; what is read is a little larger. All of it where None.
        is_wanted: asked now and then while it is read.

    Raises:
        NotWanted: ``is_wanted`` said no.
        MediaError: it cannot be read.
    """
    if not is_wanted():
        raise NotWanted
    if media.mime == pdf.MIME:
        return Part(*pdf_codec.reduced(media, shrink, area), shrink)
    try:
        raster, box = vips_codec.reduced(media, shrink, area, is_wanted)
    except vips_codec.failures() as error:
        if not is_wanted():
            raise NotWanted from error
        with reading(media.name):
            media.open().close()
        raise MediaError(
            f'"{media.name}" is damaged or was cut off, so it cannot be read. Copy or download it again.'
        ) from error
    return Part(raster, box, shrink)
