"""``ToneTable``: brings frames with a high dynamic range into sRGB soon rather than exactly. Loads PyAV."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import VideoReformatter
from numpy.typing import NDArray

from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.media.film_tone_map import PLANES, ToneMap

FORM = "yuv444p"
"""The form of the frames whose values are looked up."""

_BITS = 7
"""Of both colour differences; luma has its 8. With 6, skies have steps; with 8, the table has 64 MB, not 16."""

_SIDE = 2048
"""Of the frame that holds each entry of the table once: 2 ** (8 + 2 * _BITS) pixels."""


class ToneTable:
    """Looks up what ``ToneMap`` makes of each value: in a fifth of its time, 33 to 35 dB (PSNR) from it.

    Attributes:
        fits: matrix, range and transfer characteristic of the frames it is for.

    Args:
        frame: one of them.
        matrix: how its colours are coded (ITU-T H.273, table 4).
    """

    def __init__(self, frame: VideoFrame, matrix: int, *, full_range: int) -> None:
        self.fits = (matrix, frame.color_range, frame.color_trc)
        entries = VideoReformatter().reformat(
            _every_value(),
            format=PLANES,
            src_colorspace=matrix,
            src_color_range=frame.color_range,
            dst_color_range=full_range,
        )
        entries.pts, entries.time_base = None, Fraction(1)
        mapped = ToneMap(entries, frame.color_trc).mapped(entries)
        self._colours = np.frombuffer(memoryview(mapped.planes[0]), np.uint32)[: _SIDE * _SIDE]

    def mapped(self, frame: VideoFrame, size: Size) -> NDArray[np.uint32]:
        """Return B, G, R, 255 of each pixel of a frame in the form ``FORM``; shape (height, width)."""
        luma, blue, red = (
            np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)[: size.height, : size.width]
            for plane in frame.planes
        )
        entry = (blue >> (8 - _BITS)).astype(np.intp)
        for part, bits in ((red >> (8 - _BITS), _BITS), (luma, 8)):
            entry <<= bits
            entry |= part
        pixels = np.empty(entry.shape, np.uint32)
        # "clip", which nothing needs: the usual way makes a copy of all that is looked up.
        return np.take(self._colours, entry, out=pixels, mode="clip")


def _every_value() -> VideoFrame:
    """Return a frame with the value of each entry, finer by two bits: so that it is the middle of what is meant."""
    entry = np.arange(_SIDE * _SIDE, dtype=np.uint32)
    step = 1 << (8 - _BITS)
    luma, red, blue = entry & 255, entry >> 8 & (1 << _BITS) - 1, entry >> 8 + _BITS
    frame = VideoFrame(_SIDE, _SIDE, "yuv444p10le")
    for plane, values in zip(
        frame.planes, (luma * 4, *(4 * step * each + 2 * (step - 1) for each in (blue, red))), strict=True
    ):
        plane.update(values.astype(np.uint16).tobytes())
    return frame
