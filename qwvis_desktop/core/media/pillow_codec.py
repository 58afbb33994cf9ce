"""Decoding, scaling and encoding by Pillow: for the formats that libvips is not asked for, and where it is missing."""

from __future__ import annotations

import io
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from qwvis_desktop.core.coordinates import Orientation
from qwvis_desktop.core.geometry import Box, Size
from qwvis_desktop.core.media.image import ImageMedia
from qwvis_desktop.core.media.pixels import Encoding, Raster, is_srgb
from qwvis_desktop.core.media.probe import Changed, open_with_pillow, pillow, tiff_page

if TYPE_CHECKING:  # Pillow is heavy: it is loaded when the first picture is opened
    from PIL.Image import Image

_TURNS: Mapping[Orientation, str] = MappingProxyType(
    {
        Orientation.MIRRORED: "FLIP_LEFT_RIGHT",
        Orientation.TURNED_180: "ROTATE_180",
        Orientation.FLIPPED: "FLIP_TOP_BOTTOM",
        Orientation.TRANSPOSED: "TRANSPOSE",
        Orientation.TURNED_RIGHT: "ROTATE_270",
        Orientation.TRANSVERSED: "TRANSVERSE",
        Orientation.TURNED_LEFT: "ROTATE_90",
    }
)
"""What brings a stored picture upright; Pillow counts degrees against the clock."""

_DEEP_MODES = frozenset({"I", "F", "I;16", "I;16L", "I;16B", "I;16N"})


def decode(media: ImageMedia, shrink: int) -> Raster:
    """Return the upright picture, its sides divided by ``shrink`` (1, 2, 4 or 8; rounded up) where it is a JPEG.

    Raises:
        Exception: one of ``probe.BROKEN``, ``NotRecognised`` or ``Changed``; ``image.reading`` makes a sentence of it.
    """
    picture = _upright(media, shrink)
    return Raster(Size(*picture.size), picture.convert("RGBA").tobytes("raw", "BGRA"))


def scaled(
    media: ImageMedia, crop: Box, size: Size, encoding: Encoding, *, turn: Orientation = Orientation.NORMAL
) -> bytes:
    """Return the part ``crop`` (whole upright pixels) of a picture, turned, scaled to ``size``, without metadata.

    Raises:
        Exception: one of ``probe.BROKEN``, ``NotRecognised`` or ``Changed``; ``image.reading`` makes a sentence of it.
    """
    return _encoded(_resized(_upright(media, 1), crop, size, turn), encoding)


def scaled_raster(
    raster: Raster, crop: Box, size: Size, encoding: Encoding, *, turn: Orientation = Orientation.NORMAL
) -> bytes:
    """Return the part ``crop`` (whole pixels) of a decoded picture, turned, scaled to ``size`` and encoded.

    Raises:
        Exception: one of ``probe.BROKEN``, ``NotRecognised`` or ``Changed``; ``image.reading`` makes a sentence of it.
    """
    return _encoded(_resized(_from_raster(raster), crop, size, turn), encoding)


def resized(raster: Raster, size: Size) -> Raster:
    """Return a decoded picture scaled to ``size``."""
    picture: Image = pillow().frombuffer("RGBX", raster.size, raster.data, "raw", "RGBX", 0, 1)  # order does not matter
    return Raster(size, picture.resize(size, pillow().Resampling.LANCZOS).tobytes())


def halved(raster: Raster) -> Raster:
    """Return a decoded picture at half its size, rounded up."""
    picture: Image = pillow().frombuffer("RGBX", raster.size, raster.data, "raw", "RGBX", 0, 1)  # order does not matter
    half = picture.reduce(2)
    return Raster(Size(*half.size), half.tobytes())


def upright(raster: Raster, orientation: Orientation) -> Raster:
    """Return a decoded picture turned from how it was stored."""
    picture: Image = pillow().frombuffer("RGBX", raster.size, raster.data, "raw", "RGBX", 0, 1)  # order does not matter
    if orientation in _TURNS:
        picture = picture.transpose(pillow().Transpose[_TURNS[orientation]])
    return Raster(Size(*picture.size), picture.tobytes())


def encode(raster: Raster, encoding: Encoding) -> bytes:
    """Return a decoded picture encoded.

    Raises:
        Exception: one of ``probe.BROKEN``, ``NotRecognised`` or ``Changed``; ``image.reading`` makes a sentence of it.
    """
    return _encoded(_from_raster(raster), encoding)


def _from_raster(raster: Raster) -> Image:
    picture: Image = pillow().frombuffer("RGB", raster.size, raster.data, "raw", "BGRX", 0, 1)
    return picture


def _upright(media: ImageMedia, shrink: int) -> Image:
    """Return the picture as RGB, upright, on white, in sRGB."""
    with media.open() as file, open_with_pillow(file) as picture:
        if shrink > 1:  # Pillow takes the widest reduction that stays above this size
            picture.draft(None, (max(1, media.stored.width // shrink), max(1, media.stored.height // shrink)))
        if media.page:
            tiff_page(picture, file, media.page)
        picture.load()
        turned = picture.format == "TIFF"  # Pillow turns a TIFF upright while it decodes
        expected = media.size if turned else media.stored
        if picture.size not in [tuple(-(-side // n) for side in expected) for n in (1, 2, 4, 8) if n <= shrink]:
            raise Changed(f"{picture.width} x {picture.height} pixels now")
        stored: Image = picture
        upright = _srgb(_opaque(_eight_bit(stored)))
        if turned or media.orientation not in _TURNS:
            return upright
        return upright.transpose(pillow().Transpose[_TURNS[media.orientation]])


def _eight_bit(picture: Image) -> Image:
    """Return a picture of 16 or 32 bits a pixel with 8; beyond 16, from its darkest to its lightest."""
    if picture.mode not in _DEEP_MODES:
        return picture
    low, high = 0.0, 65535.0
    if picture.mode in ("I", "F"):
        extrema: tuple[float, float] = picture.getextrema()  # type: ignore[assignment]  # one band, so one pair
        darkest, lightest = extrema
        known = next((top for top in (1.0, 255.0, 65535.0) if darkest >= 0 and lightest <= top), None)
        low, high = (0.0, known) if known is not None else (darkest, max(lightest, darkest + 1))
    scale = 255.0 / (high - low)
    return picture.convert("F").point(lambda value: value * scale + -low * scale).convert("L")


def _opaque(picture: Image) -> Image:
    """Lay what is transparent on white."""
    if not picture.has_transparency_data:
        return picture
    over = picture.convert("RGBA")
    white = pillow().new("RGBA", picture.size, "white")
    result: Image = pillow().alpha_composite(white, over).convert("RGB")
    if picture.mode in ("RGB", "RGBA") and "icc_profile" in picture.info:
        result.info["icc_profile"] = picture.info["icc_profile"]
    return result


def _srgb(picture: Image) -> Image:
    """Return the picture as RGB in sRGB; a profile that does not fit the pixels is passed over."""
    profile = picture.info.get("icc_profile")
    if profile and not is_srgb(profile) and picture.mode in ("RGB", "CMYK", "L"):
        from PIL import ImageCms

        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            target = ImageCms.createProfile("sRGB")
            converted = ImageCms.profileToProfile(picture, source, target, outputMode="RGB")
        except (ImageCms.PyCMSError, OSError):
            converted = None
        if converted is not None:
            return converted
    return picture.convert("RGB")


def _resized(picture: Image, crop: Box, size: Size, turn: Orientation) -> Image:
    """Return a part of the picture scaled edge to edge, then turned: ``size`` is what comes out."""
    box = (crop.left, crop.top, crop.right, crop.bottom)
    scaled = picture.resize(turn.upright_size(size), pillow().Resampling.LANCZOS, box=box)
    return scaled.transpose(pillow().Transpose[_TURNS[turn]]) if turn in _TURNS else scaled


def _encoded(picture: Image, encoding: Encoding) -> bytes:
    kind, options = {
        "image/jpeg": ("JPEG", {"quality": encoding.quality, "subsampling": 0 if encoding.full_colour else 2}),
        "image/png": ("PNG", {"compress_level": 3}),
        "image/webp": ("WEBP", {"quality": encoding.quality, "method": 2}),
    }[encoding.mime]
    buffer = io.BytesIO()
    picture.info.clear()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()
