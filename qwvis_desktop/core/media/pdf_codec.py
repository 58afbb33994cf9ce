"""Decoding pages of PDF documents: drawn at the size that is needed, never larger."""

from __future__ import annotations

from collections.abc import Callable

from qwvis_desktop.core.geometry import Box, Size
from qwvis_desktop.core.media import pdf
from qwvis_desktop.core.media.image import ImageMedia, reading
from qwvis_desktop.core.media.pixels import Raster


def source_of(media: ImageMedia) -> pdf.Source:
    """Return the document that a page is of."""
    return media.data if media.data is not None else media.path or b""


def decode(media: ImageMedia, shrink: int, is_wanted: Callable[[], bool] = lambda: True) -> Raster:
    """Return a page, its sides divided by ``shrink`` and rounded up: upright, on white.

    Raises:
        NotWanted: ``is_wanted`` said no while it was drawn.
        MediaError: it cannot be read.
    """
    size = Size(-(-media.size.width // shrink), -(-media.size.height // shrink))
    with reading(media.name, media.path):
        return pdf.drawn(source_of(media), media.page, size, is_wanted)


def reduced(media: ImageMedia, shrink: int, area: Box | None) -> tuple[Raster, Box]:
    """Return a part of a page, its sides divided by ``shrink``, and where it lies, in pixels of the whole page.

    The part is ``area``, or all, widened to whole squares of that many pixels.

    Raises:
        MediaError: it cannot be read.
    """
    box = area if area is not None else Box.whole(media.size)
    left, top = int(box.left // shrink), int(box.top // shrink)
    right, bottom = -int(-box.right // shrink), -int(-box.bottom // shrink)
    size = Size(right - left, bottom - top)
    full = (media.size.width / shrink, media.size.height / shrink)
    with reading(media.name, media.path):
        raster = pdf.drawn_part(source_of(media), media.page, full, (left, top), size)
    return raster, Box(left * shrink, top * shrink, right * shrink, bottom * shrink)


def drawn(media: ImageMedia, part: Box, size: Size) -> Raster:
    """Return a part of a page, in pixels of the whole one, drawn edge to edge at ``size``: sharp however enlarged.

    Raises:
        MediaError: it cannot be read.
    """
    across, down = size.width / part.width, size.height / part.height
    full = (media.size.width * across, media.size.height * down)
    with reading(media.name, media.path):
        return pdf.drawn_part(source_of(media), media.page, full, (part.left * across, part.top * down), size)
