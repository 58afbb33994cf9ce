"""Decoding, scaling and encoding by libvips: fast, lazy, outside Python's lock.

A pipeline runs in one pass over the rows of a file, so that a large picture is never whole in memory. Chosen by
measurement: a 24 MP JPEG is brought to a request's size in about the time that decoding it takes, closer to a full
decode with Lanczos than Pillow's bicubic.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from types import MappingProxyType, ModuleType
from typing import TYPE_CHECKING

from qwvis_desktop.core.coordinates import Orientation
from qwvis_desktop.core.geometry import Box, Point, Size
from qwvis_desktop.core.media import tiff
from qwvis_desktop.core.media.image import ImageMedia
from qwvis_desktop.core.media.pixels import Encoding, Raster, is_srgb

if TYPE_CHECKING:  # libvips is heavy: it is loaded when the first picture is decoded
    from pyvips import Image

_READS = frozenset({"image/jpeg", "image/png", "image/webp"})
"""What is left to libvips: the formats in which it is faster than Pillow, and gives the same picture."""

_KEPT_FOR_LANCZOS = 2
"""How much is left to the Lanczos filter after a reduction while decoding, as ``vips_thumbnail`` has it."""

_KERNEL = "lanczos2"
"""The filter that makes pictures smaller. By measurement (``tests/benchmarks/image_paths.py``) it is as near to Lanczos
of Pillow as Pillow's bicubic is, which the makers' own package scales with, and takes 6 % off making a request.
"""

_TURNS: Mapping[Orientation, Sequence[str]] = MappingProxyType(
    {
        Orientation.NORMAL: (),
        Orientation.MIRRORED: ("fliphor",),
        Orientation.TURNED_180: ("rot180",),
        Orientation.FLIPPED: ("flipver",),
        Orientation.TRANSPOSED: ("rot90", "fliphor"),
        Orientation.TURNED_RIGHT: ("rot90",),
        Orientation.TRANSVERSED: ("rot270", "fliphor"),
        Orientation.TURNED_LEFT: ("rot270",),
    }
)
"""What brings a stored picture upright."""


class Unreadable(Exception):
    """libvips cannot read the file; Pillow may, or can say why not."""


@cache
def library() -> ModuleType | None:
    """Return pyvips, set up for this program; None where it or libvips is not installed or cannot be loaded.

    Its cache of results is switched off: it would keep pictures in memory, and files open and out of date.
    """
    try:
        import pyvips
    except (ImportError, OSError):
        return None
    module: ModuleType = pyvips
    module.cache_set_max(0)
    return module


def failures() -> tuple[type[Exception], ...]:
    """Return what libvips's binding raises; ``UnicodeError`` is a file name that is no text."""
    vips = library()
    return (Unreadable, UnicodeError) if vips is None else (Unreadable, UnicodeError, vips.Error)


def reads(media: ImageMedia) -> bool:
    """Say whether this module is to be asked for ``media``."""
    return media.mime in _READS and library() is not None


def decode(media: ImageMedia, shrink: int) -> Raster:
    """Return the upright picture, its sides divided by ``shrink`` (1, 2, 4 or 8; rounded down) where it is a JPEG.

    Raises:
        Exception: one of ``failures()``.
    """
    picture = _load(media, shrink)
    return _for_screen(_upright(_srgb(_opaque(picture)), media.orientation))


def reduced(media: ImageMedia, shrink: int, area: Box | None, is_wanted: Callable[[], bool]) -> tuple[Raster, Box]:
    """Return a part of the upright picture, its sides divided by ``shrink``, and where it lies in the original.

    ``shrink`` is a power of two; the part is ``area``, or all, widened to whole squares of that many pixels.

    Raises:
        Exception: one of ``failures()``; also where ``is_wanted`` says no while it is read.
    """
    before = min(shrink, 8) if media.mime == "image/jpeg" else 1
    source = picture = _load(media, before)
    _stop_unless(is_wanted, source)  # what it calls lives as long as ``source`` does
    box = _stored_box(area, media) if area is not None else Box.whole(media.stored)
    left, top = (int(side // shrink) * shrink // before for side in (box.left, box.top))
    right = min(-int(-box.right // shrink) * shrink // before, picture.width)
    bottom = min(-int(-box.bottom // shrink) * shrink // before, picture.height)
    picture = _opaque(picture.extract_area(left, top, right - left, bottom - top))
    if shrink > before:
        picture = picture.shrink(shrink // before, shrink // before, ceil=True)
    corner = Point(left * before, top * before)
    end = Point(corner.x + picture.width * shrink, corner.y + picture.height * shrink)
    corners = (media.orientation.to_upright(place, media.stored) for place in (corner, end))
    return _for_screen(_upright(_srgb(picture), media.orientation)), Box.from_corners(*corners)


def _stop_unless(is_wanted: Callable[[], bool], picture: Image) -> None:
    """Let the reading of a picture fail as soon as nobody wants it."""

    def look(image: Image, _progress: object) -> None:
        if not is_wanted():
            image.set_kill(True)

    picture.set_progress(True)
    picture.signal_connect("eval", look)


def _for_screen(picture: Image) -> Raster:
    red, green, blue = picture.bandsplit()
    pixels = blue.bandjoin([green, red, 255])
    return Raster(Size(pixels.width, pixels.height), memoryview(pixels.write_to_memory()))


def scaled(
    media: ImageMedia, crop: Box, size: Size, encoding: Encoding, *, turn: Orientation = Orientation.NORMAL
) -> bytes:
    """Return the part ``crop`` (whole upright pixels) of a picture, scaled to ``size`` and encoded without metadata.

    Args:
        media: the picture.
        crop: the part.
        size: of the result.
        encoding: how it is written.
        turn: what is done to the upright picture. It is scaled before, to the same size on its side: the result is the
            same, and so few pixels are turned in no time.

    Raises:
        Exception: one of ``failures()``.
    """
    part = _stored_box(crop, media)
    wanted = media.orientation.upright_size(turn.upright_size(size))  # turned back: the rule is its own inverse
    shrink = _shrink_before(media, part, wanted)
    picture = _load(media, shrink)
    picture = _resized(_opaque(_cropped(picture, part, shrink)), wanted)
    return _encoded(_upright(_srgb(picture), media.orientation, turn), encoding)


def scaled_raster(
    raster: Raster, crop: Box, size: Size, encoding: Encoding, *, turn: Orientation = Orientation.NORMAL
) -> bytes:
    """Return the part ``crop`` (whole pixels) of a decoded picture, turned, scaled to ``size`` and encoded.

    Raises:
        Exception: one of ``failures()``.
    """
    picture = _resized(_cropped(_from_raster(raster), crop, 1), turn.upright_size(size))
    return _encoded(_upright(_rgb(picture), turn), encoding)


def resized(raster: Raster, size: Size) -> Raster:
    """Return a decoded picture scaled to ``size``.

    Raises:
        Exception: one of ``failures()``.
    """
    return _for_screen(_resized(_rgb(_from_raster(raster)), size))


def halved(raster: Raster) -> Raster:
    """Return a decoded picture at half its size, rounded up.

    Raises:
        Exception: one of ``failures()``.
    """
    size = Size(-(-raster.size.width // 2), -(-raster.size.height // 2))
    across, down = raster.size.width / size.width, raster.size.height / size.height
    half = _from_raster(raster).reduce(across, down, kernel="linear")
    return Raster(size, memoryview(half.write_to_memory()))


def upright(raster: Raster, orientation: Orientation) -> Raster:
    """Return a decoded picture turned from how it was stored.

    Raises:
        Exception: one of ``failures()``.
    """
    picture = _from_raster(raster)
    for turn in _TURNS[orientation]:
        picture = getattr(picture, turn)()
    return Raster(Size(picture.width, picture.height), memoryview(picture.write_to_memory()))


def encode(raster: Raster, encoding: Encoding) -> bytes:
    """Return a decoded picture encoded.

    Raises:
        Exception: one of ``failures()``.
    """
    return _encoded(_rgb(_from_raster(raster)), encoding)


def _present() -> ModuleType:
    """Return pyvips.

    Raises:
        Unreadable: it is not installed.
    """
    vips = library()
    if vips is None:
        raise Unreadable("libvips is not installed")
    return vips


def _load(media: ImageMedia, shrink: int) -> Image:
    """Return a picture as stored, to be read once from the top; ``shrink`` has a meaning for JPEG only."""
    vips = _present()
    # Not Image.new_from_file: that takes brackets in a file's name for options.
    source = vips.Source.new_from_file(media.path) if media.data is None else vips.Source.new_from_memory(media.data)
    shrink = shrink if media.mime == "image/jpeg" else 1
    options = {"shrink": shrink} if shrink > 1 else {}
    if media.page > 1:
        with media.open() as file:
            options["page"] = tiff.pages(file)[media.page - 1]
    picture = vips.Image.new_from_source(source, "", access="sequential", fail_on="truncated", **options)
    sides = zip(media.stored, (picture.width, picture.height), strict=True)
    if any(abs(was - now * shrink) >= shrink for was, now in sides):
        raise Unreadable("it has other sides than when it was opened")
    return picture


def _from_raster(raster: Raster) -> Image:
    vips = _present()
    return vips.Image.new_from_memory(raster.data, raster.size.width, raster.size.height, 4, "uchar")


def _rgb(picture: Image) -> Image:
    """Return B, G, R, X as R, G, B."""
    blue, green, red, _ = picture.bandsplit()
    return red.bandjoin([green, blue]).copy(interpretation="srgb")


def _opaque(picture: Image) -> Image:
    """Lay what is transparent on white."""
    white = 65535 if picture.format == "ushort" else 255
    return picture.flatten(background=white, max_alpha=white) if picture.hasalpha() else picture


def _srgb(picture: Image) -> Image:
    """Return the picture in sRGB with 8 bits; a profile that does not fit the pixels is passed over."""
    if picture.get_typeof("icc-profile-data") and not is_srgb(picture.get("icc-profile-data")):
        return picture.icc_transform("srgb", embedded=True, intent="relative", depth=8)
    return picture if picture.interpretation == "srgb" and picture.bands == 3 else picture.colourspace("srgb")


def _upright(picture: Image, *orientations: Orientation) -> Image:
    """Return a stored picture upright; it is read into memory first where that needs its last rows first."""
    turns = [turn for orientation in orientations for turn in _TURNS[orientation]]
    if turns:
        picture = picture.copy_memory()
    for turn in turns:
        picture = getattr(picture, turn)()
    return picture


def _stored_box(crop: Box, media: ImageMedia) -> Box:
    """Return where a part of the upright picture lies in the stored one."""
    corners = (Point(crop.left, crop.top), Point(crop.right, crop.bottom))
    return Box.from_corners(*(media.orientation.to_stored(corner, media.stored) for corner in corners))


def _shrink_before(media: ImageMedia, part: Box, wanted: Size) -> int:
    """Return by how much a JPEG may be reduced while it is decoded.

    Only by what divides all sides and borders: else the reduced picture ends past the last pixel, and everything in it
    would be a fraction of a pixel off its place.
    """
    borders = (*media.stored, round(part.left), round(part.top), round(part.right), round(part.bottom))
    scale = min(part.width / wanted.width, part.height / wanted.height)
    fitting = (8, 4, 2) if media.mime == "image/jpeg" else ()
    return next((n for n in fitting if scale >= n * _KEPT_FOR_LANCZOS and all(b % n == 0 for b in borders)), 1)


def _cropped(picture: Image, part: Box, shrink: int) -> Image:
    left, top, width, height = (round(v) // shrink for v in (part.left, part.top, part.width, part.height))
    if (width, height) == (picture.width, picture.height):
        return picture
    return picture.extract_area(left, top, width, height)


def _resized(picture: Image, size: Size) -> Image:
    """Return the picture scaled edge to edge.

    Only sides that shrink are left to ``resize``: where one grows, libvips 8.18 moves everything by half a pixel of the
    result. ``affine`` counts places from the middle of the first pixel, hence the offsets.
    """
    across, down = size.width / picture.width, size.height / picture.height
    if across < 1 or down < 1:
        picture = picture.resize(min(across, 1.0), vscale=min(down, 1.0), kernel=_KERNEL)
    across, down = max(across, 1.0), max(down, 1.0)
    if across == down == 1:
        return picture
    return picture.affine(
        [across, 0, 0, down],
        interpolate=_present().Interpolate.new("bicubic"),
        oarea=[0, 0, *size],
        idx=0.5 - 0.5 / across,
        idy=0.5 - 0.5 / down,
        extend="copy",
    )


def _encoded(picture: Image, encoding: Encoding) -> bytes:
    match encoding.mime:
        case "image/jpeg":
            subsampling = "off" if encoding.full_colour else "on"
            data = picture.jpegsave_buffer(Q=encoding.quality, subsample_mode=subsampling, keep="none")
        case "image/webp":
            data = picture.webpsave_buffer(Q=encoding.quality, effort=2, keep="none")
        case _:
            data = picture.pngsave_buffer(compression=2, filter="avg", keep="none")
    return bytes(data)
