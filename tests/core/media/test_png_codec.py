from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.media import png_codec
from qwvis_desktop.core.media.pixels import Raster


@pytest.mark.parametrize("size", [(1, 1), (3, 2), (640, 480), (1, 5000), (700_000, 2), (1024, 1025)])
def test_every_pixel_comes_back(size: tuple[int, int]) -> None:
    width, height = size
    pixels = np.random.default_rng(1).integers(0, 256, (height, width, 4), np.uint8)
    pixels[: height // 2] = 200  # runs, too
    data = png_codec.encode(Raster(Size(width, height), pixels.tobytes()))
    with Image.open(io.BytesIO(data)) as image:
        assert (image.mode, image.size) == ("RGB", size)
        assert np.array_equal(np.asarray(image), pixels[..., 2::-1])
    Image.open(io.BytesIO(data)).verify()  # the checksums of all chunks


def test_a_second_reader_takes_it() -> None:
    import cv2

    pixels = np.random.default_rng(2).integers(0, 256, (300, 400, 4), np.uint8)
    data = png_codec.encode(Raster(Size(400, 300), pixels.tobytes()))
    read = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    assert read is not None
    assert np.array_equal(read, pixels[..., :3])
