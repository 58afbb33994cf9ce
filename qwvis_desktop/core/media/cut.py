"""Cutting a part out of a picture, for files and for the eye."""

from __future__ import annotations

import math

from qwvis_desktop.core.geometry import Box, Size
from qwvis_desktop.core.media import pdf, pdf_codec
from qwvis_desktop.core.media.image import ImageMedia, MediaError
from qwvis_desktop.core.media.pixels import Encoding, Raster
from qwvis_desktop.core.media.raster import Codec, by_first_codec

_PNG = Encoding("image/png")
_JPEG = Encoding("image/jpeg", 95, full_colour=True)


def cut_out(
    media: ImageMedia, box: Box, *, longest: int | None = None, raster: Raster | None = None
) -> tuple[bytes, str]:
    """Return a part of the upright picture, encoded, and its MIME type: JPEG of a JPEG, else PNG.

    Args:
        media: the picture.
        box: the part, in pixels of the upright picture; widened to whole pixels, clipped to the picture.
        longest: the longest side that is wanted; a larger part is scaled down. As it is where None.
        raster: the decoded picture, where it is at hand; used if it is of full size.

    Raises:
        MediaError: the picture cannot be decoded, or the part lies outside of it.
    """
    outward = Box(math.floor(box.left), math.floor(box.top), math.ceil(box.right), math.ceil(box.bottom))
    part = outward.intersection(Box.whole(media.size))
    if part is None or part.width < 1 or part.height < 1:
        raise MediaError(f'A part outside of "{media.name}" cannot be cut out of it.')
    scale = 1.0 if longest is None else min(1.0, longest / max(part.width, part.height))
    size = Size(max(1, round(part.width * scale)), max(1, round(part.height * scale)))
    encoding = _JPEG if media.mime == "image/jpeg" else _PNG
    full, taken = (raster, part) if raster is not None and raster.size == media.size else (None, part)
    if media.mime == pdf.MIME and full is None:
        # Of a PDF document just that part is drawn, at the size that is wanted.
        full, taken = pdf_codec.drawn(media, part, size), Box.whole(size)

    def act(codec: Codec) -> bytes:
        if full is not None:
            return codec.scaled_raster(full, taken, size, encoding)
        return codec.scaled(media, part, size, encoding)

    return by_first_codec(act, media if full is None else None), encoding.mime
