"""Turning frames upright: how a film says that its frames are turned, and their pixels as rasters. Loads PyAV."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from qwvis_desktop.core.coordinates import Orientation
from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.media.pixels import Raster

Rows: TypeAlias = NDArray[np.uint32]
"""B, G, R, 255 of each pixel in a number; shape (height, width)."""


def rows_of(frame: VideoFrame, size: Size) -> Rows:
    """Return the pixels of a BGR0 frame, without what pads its rows."""
    plane = frame.planes[0]
    return np.frombuffer(memoryview(plane), np.uint32).reshape(-1, plane.line_size // 4)[: size.height, : size.width]


def upright(rows: Rows, orientation: Orientation) -> Raster:
    """Return pixels turned; those that stay as they are, and follow each other without a gap, are not copied."""
    turned = _TURNS[orientation](rows)
    size = Size(turned.shape[1], turned.shape[0])
    if turned.flags.c_contiguous:
        return Raster(size, turned.data.cast("B"))
    pixels = np.empty(turned.shape, np.uint32)
    for left in range(0, size.width, _STRIPE):
        pixels[:, left : left + _STRIPE] = turned[:, left : left + _STRIPE]
    return Raster(size, pixels.data.cast("B"))


_STRIPE = 64
"""Columns that are turned at once: as many rows of the stored frame as the processor keeps at hand."""

_TURNS = {
    Orientation.NORMAL: lambda rows: rows,
    Orientation.MIRRORED: lambda rows: rows[:, ::-1],
    Orientation.TURNED_180: lambda rows: rows[::-1, ::-1],
    Orientation.FLIPPED: lambda rows: rows[::-1],
    Orientation.TRANSPOSED: lambda rows: rows.T,
    Orientation.TURNED_RIGHT: lambda rows: rows[::-1].T,
    Orientation.TRANSVERSED: lambda rows: rows[::-1, ::-1].T,
    Orientation.TURNED_LEFT: lambda rows: rows.T[::-1],
}
"""How the pixels of a stored frame come upright."""
