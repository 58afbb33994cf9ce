"""Frames are turned as pictures are, and rows that are padded lose what pads them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from qwvis_desktop.core.coordinates import Orientation
from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.media.film_upright import rows_of, upright

Rows = NDArray[np.uint32]
TURNED: dict[Orientation, Callable[[Rows], Rows]] = {
    Orientation.NORMAL: lambda rows: rows,
    Orientation.MIRRORED: np.fliplr,
    Orientation.TURNED_180: lambda rows: np.rot90(rows, 2),
    Orientation.FLIPPED: np.flipud,
    Orientation.TRANSPOSED: np.transpose,
    Orientation.TURNED_RIGHT: lambda rows: np.rot90(rows, -1),
    Orientation.TRANSVERSED: lambda rows: np.rot90(np.transpose(rows), 2),
    Orientation.TURNED_LEFT: np.rot90,
}


@pytest.mark.parametrize("orientation", Orientation)
@pytest.mark.parametrize("size", [Size(70, 6), Size(129, 131), Size(1, 1)], ids=str)
def test_pixels_are_turned(orientation: Orientation, size: Size) -> None:
    rows = np.arange(size.pixels, dtype=np.uint32).reshape(size.height, size.width)
    raster = upright(rows, orientation)
    wanted = TURNED[orientation](rows)
    assert raster.size == Size(wanted.shape[1], wanted.shape[0])
    assert raster.size == orientation.upright_size(size)
    assert (np.frombuffer(raster.data, np.uint32) == np.ravel(wanted)).all()


def test_what_pads_rows_is_left_out() -> None:
    size = Size(33, 5)
    pixels = np.random.default_rng(2).integers(0, 256, (size.height, size.width, 3), np.uint8)
    frame = VideoFrame.from_ndarray(pixels, "rgb24").reformat(format="bgr0")
    assert frame.planes[0].line_size > 4 * size.width
    rows = rows_of(frame, size)
    assert rows.shape == (size.height, size.width)
    found = np.frombuffer(upright(rows, Orientation.NORMAL).data, np.uint8).reshape(size.height, size.width, 4)
    assert (found[..., 2::-1] == pixels).all()
