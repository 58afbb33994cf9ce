"""Making the very bytes that are sent: upright, on white, scaled here so that the service has nothing left to scale.

Everything is decoded and encoded anew, also where the size fits already: metadata hides in many places (segments,
trailing data, embedded previews), and what passes through pixels alone carries none of it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial

from qwvis_desktop.core.coordinates import MAX_RATIO, MIN_SIDE, Frame, Orientation, ResizeRule, widened
from qwvis_desktop.core.geometry import Box, Size
from qwvis_desktop.core.media import pdf, pdf_codec
from qwvis_desktop.core.media.image import ImageMedia, MediaError
from qwvis_desktop.core.media.pixels import Encoding, Raster
from qwvis_desktop.core.media.raster import Codec, by_first_codec, decode

MAX_BASE64 = 10_000_000
"""The most base64 characters the services take for one picture: 10 MB (``qwen-api.md`` 6) unless set otherwise (10)."""

_DRAWN_BYTES_PER_PIXEL = 1.0
"""A PNG or GIF that takes no more than this is a drawing, a page or a screenshot; photographs take 1.5 to 3."""

_LOSSLESS = frozenset({"image/png", "image/gif"})

_PNG = Encoding("image/png")
_JPEGS = tuple(Encoding("image/jpeg", quality) for quality in (90, 80, 65, 45, 25))


@dataclass(frozen=True, slots=True)
class PreparedImage:
    """A picture ready to be sent.

    Attributes:
        frame: what of the picture was sent, and at which size.
        data: the encoded bytes, without metadata.
        resized: whether we scaled it.
        note: what was done to make it fit, in a sentence; empty where nothing was lost for that.
    """

    frame: Frame
    data: bytes
    mime: str
    resized: bool
    note: str = ""


def prepare_image(
    media: ImageMedia,
    rule: ResizeRule,
    crop: Box | None = None,
    raster: Raster | None = None,
    *,
    turn: int = 0,
    pad: bool = False,
    base64_mb: int = 10,
) -> PreparedImage:
    """Make the bytes to be sent of a picture.

    Photographs become JPEG (quality 90, 4:2:0, as cameras write); what came lossless and well packed, such as pages and
    screenshots, becomes PNG, because JPEG blurs the edges of letters. Where that would pass the services' limit of
    10 MB, JPEG of less quality is taken. The page of a PDF document is drawn at just the size that is sent; it becomes
    PNG unless that shows it to be a photograph.

    Args:
        media: the picture.
        rule: the resize rule of the model.
        crop: the part to send, in pixels of the upright picture; widened to whole pixels, clipped to the picture.
        raster: the decoded picture, where it is at hand; used if it is of full size, which saves decoding it again.
        turn: by how many quarters, clockwise, the part is turned; the rule is that of the turned one.
        pad: whether a part too small or too narrow for services is laid on white, just large enough: then the frame
            reaches past the picture's right and lower edge, and places stay where they are.
        base64_mb: the most that services take of one picture as base64.

    Raises:
        MediaError: it cannot be decoded, or the services do not take a picture of such sides.
    """
    part = _whole_pixels(crop, media.size)
    size = Size(round(part.width), round(part.height))
    laid = widened(size) if pad and min(size) > 0 else size
    _check_sides(laid, media.name, cropped=size != media.size)
    turned = Orientation.after_turn(turn)
    sent = rule.resized(turned.upright_size(laid))
    full, taken = _at_hand(media, part, turned.upright_size(sent), raster, laid=laid)
    part = Box(part.left, part.top, part.left + laid.width, part.top + laid.height)

    def encoded(codec: Codec, encoding: Encoding) -> bytes:
        if full is not None:
            return codec.scaled_raster(full, taken, sent, encoding, turn=turned)
        return codec.scaled(media, part, sent, encoding, turn=turned)

    lowered = False
    for encoding in (_PNG, *_JPEGS) if _is_drawn(media) else _JPEGS:
        data = by_first_codec(partial(encoded, encoding=encoding), media if full is None else None)
        if encoding is _PNG and media.mime == pdf.MIME and len(data) > _DRAWN_BYTES_PER_PIXEL * sent.pixels:
            continue  # a page that was scanned in colour, as is seen only now
        if (len(data) + 2) // 3 * 4 <= MAX_BASE64 * base64_mb // 10:
            resized = sent != turned.upright_size(laid)
            best = _PNG if _is_drawn(media) else _JPEGS[0]
            note = _lowered(media.name, best, encoding, base64_mb) if lowered else ""
            return PreparedImage(Frame(media.size, sent, part, turn), data, encoding.mime, resized=resized, note=note)
        lowered = True
    raise MediaError(
        f'"{media.name}" takes more than {base64_mb} MB even at low quality, and the services do not accept that. '
        "Lower the pixel limit of the request, or send a part of the picture."
    )


def _at_hand(
    media: ImageMedia, part: Box, size: Size, raster: Raster | None, *, laid: Size
) -> tuple[Raster | None, Box]:
    """Return pixels to be scaled, and which of them: None where the file is read for it.

    Where ``laid`` is larger than the part, they lie on white of that size.
    The page of a PDF document is drawn at the ``size`` that is sent: so a part of it is sharp however much enlarged.
    """
    if (round(part.width), round(part.height)) != laid:
        return _laid_on_white(media, part, laid, raster), Box.whole(laid)
    full = raster if raster is not None and raster.size == media.size else None
    if media.mime == pdf.MIME and (full is None or part != Box.whole(media.size)):
        full = pdf_codec.drawn(media, part, size)
        return full, Box.whole(full.size)
    return full, part


def _laid_on_white(media: ImageMedia, part: Box, size: Size, raster: Raster | None) -> Raster:
    """Return a part of a picture in the upper left of a white one of ``size``."""
    if raster is None or raster.size != media.size:
        raster = decode(media)
    left, top, width, height = (round(v) for v in (part.left, part.top, part.width, part.height))
    pixels, stride = memoryview(raster.data), raster.size.width * 4
    beside = b"\xff" * (4 * (size.width - width))
    rows = [
        row
        for start in range(top * stride + left * 4, (top + height) * stride, stride)
        for row in (pixels[start : start + width * 4], beside)
    ]
    below = b"\xff" * (4 * size.width * (size.height - height))
    return Raster(size, b"".join([*rows, below]))


def _lowered(name: str, best: Encoding, taken: Encoding, megabytes: int) -> str:
    """Say that a picture is sent with less quality than it would be if it took less than services accept."""
    instead = "PNG" if best is _PNG else f"quality {best.quality}"
    return f'"{name}" is sent as JPEG of quality {taken.quality} instead of {instead}, to stay below {megabytes} MB.'


def _is_drawn(media: ImageMedia) -> bool:
    """Say whether the picture is a drawing, a page or a screenshot rather than a photograph."""
    if media.mime == pdf.MIME:
        return True
    return media.mime in _LOSSLESS and media.byte_count <= _DRAWN_BYTES_PER_PIXEL * media.stored.pixels


def _whole_pixels(crop: Box | None, size: Size) -> Box:
    """Return the part of a picture that ``crop`` touches; an empty box where it lies outside."""
    whole = Box.whole(size)
    if crop is None:
        return whole
    outward = Box(math.floor(crop.left), math.floor(crop.top), math.ceil(crop.right), math.ceil(crop.bottom))
    return outward.intersection(whole) or Box(0.0, 0.0, 0.0, 0.0)


def _check_sides(size: Size, name: str, *, cropped: bool) -> None:
    """Refuse what no service takes."""
    what = f'The chosen part of "{name}"' if cropped else f'"{name}"'
    if min(size) < MIN_SIDE:
        raise MediaError(
            f"{what} is {size.width} x {size.height} pixels, and the services take no picture with a side of "
            f"{MIN_SIDE - 1} pixels or less. Choose a larger {'part' if cropped else 'picture'}."
        )
    if max(size) > MAX_RATIO * min(size):
        raise MediaError(
            f"{what} is {size.width:,} x {size.height:,} pixels, and the services take no picture with one side more "
            f"than {MAX_RATIO} times the other. Send a part of it that is less narrow."
        )
