"""Decoding pictures by the codec that does it best: libvips, or Pillow where that is missing or fails."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

from qwvis_desktop.core.coordinates import Orientation
from qwvis_desktop.core.geometry import Box, Size
from qwvis_desktop.core.media import jpeg_codec, large, pdf, pdf_codec, pillow_codec, probe, vips_codec
from qwvis_desktop.core.media.image import MAX_WHOLE_PIXELS, ImageMedia, reading
from qwvis_desktop.core.media.pixels import Encoding, Raster

_SHRINKS = (8, 4, 2)

T = TypeVar("T")


class Codec(Protocol):
    """What ``vips_codec`` and ``pillow_codec`` can do."""

    def decode(self, media: ImageMedia, shrink: int) -> Raster:
        """Return the upright picture, its sides divided by ``shrink`` where it is a JPEG."""

    def scaled(
        self, media: ImageMedia, crop: Box, size: Size, encoding: Encoding, *, turn: Orientation = Orientation.NORMAL
    ) -> bytes:
        """Return a part of the upright picture, turned, scaled to ``size`` and encoded."""

    def scaled_raster(
        self, raster: Raster, crop: Box, size: Size, encoding: Encoding, *, turn: Orientation = Orientation.NORMAL
    ) -> bytes:
        """Return a part of a decoded picture, turned, scaled to ``size`` and encoded."""

    def resized(self, raster: Raster, size: Size) -> Raster:
        """Return a decoded picture scaled to ``size``."""

    def halved(self, raster: Raster) -> Raster:
        """Return a decoded picture at half its size, rounded up."""

    def upright(self, raster: Raster, orientation: Orientation) -> Raster:
        """Return a decoded picture turned from how it was stored."""

    def encode(self, raster: Raster, encoding: Encoding) -> bytes:
        """Return a decoded picture encoded."""


def load_codecs() -> None:
    """Load the libraries that decode pictures, which takes a while, before the first picture is opened."""
    probe.pillow().preinit()
    jpeg_codec.library()
    vips_codec.library()


def decode_picture(
    media: ImageMedia, at_least: Size | None = None, is_wanted: Callable[[], bool] = lambda: True
) -> Raster:
    """Decode a picture: upright, transparency on white, sRGB, 8 bit.

    Args:
        media: the picture.
        at_least: the size the picture is shown at. It may be reduced while it is decoded, which for a JPEG saves half
            of the time, but not so far that it would have to be enlarged to be fitted into this size; a large picture
            is always reduced, to an overview at least. The whole picture where None.
        is_wanted: asked now and then while a large picture is reduced.

    Raises:
        NotWanted: ``is_wanted`` said no.
        MediaError: it cannot be decoded.
    """
    if at_least is not None and large.is_large(media):
        shrink = max(large.shrink_for(media.size, at_least), large.overview_shrink(media.size))
        return large.part(media, shrink, is_wanted=is_wanted).raster
    shrink = 1
    if at_least is not None:
        scale = max(media.size.width / max(1, at_least.width), media.size.height / max(1, at_least.height))
        shrink = next((n for n in _SHRINKS if n <= scale), 1)
    if media.mime == pdf.MIME:
        return pdf_codec.decode(media, shrink, is_wanted)
    whole = jpeg_codec.decode(media) if shrink == 1 else None
    if whole is None:
        return by_first_codec(lambda codec: codec.decode(media, shrink), media)
    if media.orientation is Orientation.NORMAL:
        return whole
    return by_first_codec(lambda codec: codec.upright(whole, media.orientation))


def by_first_codec(act: Callable[[Codec], T], media: ImageMedia | None = None) -> T:
    """Return ``act`` of libvips, or of Pillow where libvips is missing or fails: Pillow reads more, or says why not.

    Raises:
        MediaError: both failed.
    """
    if vips_codec.library() is not None and (media is None or vips_codec.reads(media)):
        try:
            return act(vips_codec)
        except vips_codec.failures() as error:
            if media is not None and media.size.pixels > MAX_WHOLE_PIXELS:
                # Pillow would have it whole in memory. It is damaged, or is not there any more, which is said first.
                with reading(media.name):
                    media.open().close()
                    raise ValueError("libvips cannot read it") from error
    with reading(media.name if media else "the picture"):
        return act(pillow_codec)
