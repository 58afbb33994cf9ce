"""Both codecs scale a decoded picture alike."""

from __future__ import annotations

import numpy as np
import pytest
from films import Film, clock, drawn

from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.media import pillow_codec, vips_codec
from qwvis_desktop.core.media.picture_codecs import Codec, by_first_codec
from qwvis_desktop.core.media.pixels import Raster


def frame() -> Raster:
    rgb = drawn(1365, Film())
    pixels = np.dstack([rgb[..., ::-1], np.full(rgb.shape[:2], 255, np.uint8)])
    return Raster(Size(208, 128), pixels.tobytes())


@pytest.mark.parametrize("codec", [vips_codec, pillow_codec], ids=["vips", "pillow"])
@pytest.mark.parametrize("scale", [0.5, 2])
def test_scaled(codec: Codec, scale: float) -> None:
    size = Size(round(208 * scale), round(128 * scale))
    scaled = codec.resized(frame(), size)
    assert (scaled.size, clock(scaled, scale)) == (size, 1365)
    whole, part = (np.frombuffer(each.data, np.uint8).reshape(-1, 4).mean(axis=0) for each in (frame(), scaled))
    assert part.tolist() == pytest.approx(whole.tolist(), abs=1.5)


def test_the_first_codec_is_taken() -> None:
    assert by_first_codec(lambda codec: codec) in (vips_codec, pillow_codec)
