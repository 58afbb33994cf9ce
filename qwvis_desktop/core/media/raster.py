"""Decoding pictures for the eye and encoding drawn ones for files."""

from __future__ import annotations

from collections.abc import Callable

from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.media import jpeg_codec, pdf, png_codec
from qwvis_desktop.core.media.film import first_frame
from qwvis_desktop.core.media.image import MediaError
from qwvis_desktop.core.media.media import Media
from qwvis_desktop.core.media.picture_codecs import Codec, by_first_codec, decode_picture
from qwvis_desktop.core.media.pixels import Encoding, Raster
from qwvis_desktop.core.media.video import VideoMedia

__all__ = ["Codec", "Raster", "by_first_codec", "decode", "encode", "halved", "is_light", "is_reducible"]

_MAX_SIDE = {"image/jpeg": 65_500, "image/webp": 16_383, "image/png": 1_000_000}
"""The longest side that a format (or what writes it) takes, in pixels."""


def decode(media: Media, at_least: Size | None = None, is_wanted: Callable[[], bool] = lambda: True) -> Raster:
    """Decode a picture, or the first frame of a film: upright, transparency on white, sRGB, 8 bit.

    Args:
        media: the picture or film.
        at_least: the size the picture is shown at. It may be reduced while it is decoded, which for a JPEG saves half
            of the time, but not so far that it would have to be enlarged to be fitted into this size; a large picture
            is always reduced, to an overview at least. The whole picture where None.
        is_wanted: asked now and then while a large picture is reduced.

    Raises:
        NotWanted: ``is_wanted`` said no.
        MediaError: it cannot be decoded.
    """
    if isinstance(media, VideoMedia):
        return first_frame(media, at_least)
    return decode_picture(media, at_least, is_wanted)


def is_reducible(media: Media) -> bool:
    """Say whether a picture is decoded faster where it is reduced meanwhile."""
    return media.mime in ("image/jpeg", pdf.MIME)


def is_light(media: Media) -> bool:
    """Say whether decoding all of a picture takes hardly longer than decoding it reduced."""
    return media.mime == "image/jpeg" and jpeg_codec.library() is not None


def halved(raster: Raster) -> Raster:
    """Return a decoded picture at half its size, rounded up, scaled smoothly."""
    return by_first_codec(lambda codec: codec.halved(raster))


def encode(raster: Raster, mime: str, quality: int = 92) -> bytes:
    """Encode a picture as image/jpeg, image/png (nothing is lost, ``quality`` is ignored) or image/webp.

    JPEG keeps the colour of every pixel: thin coloured frames and labels stay sharp.

    Raises:
        MediaError: the format does not take a picture of that size.
        KeyError: another ``mime``.
    """
    longest = _MAX_SIDE[mime]
    if max(raster.size) > longest:
        raise MediaError(
            f"{mime.removeprefix('image/').upper()} takes at most {longest:,} pixels a side, and this picture has "
            f"{raster.size.width:,} x {raster.size.height:,}. Save it as PNG."
        )
    if mime == "image/png":
        return png_codec.encode(raster)
    encoding = Encoding(mime, quality, full_colour=True)
    return by_first_codec(lambda codec: codec.encode(raster, encoding))
