"""What is looked up is what the definitions of light and colour say, as near as the table's steps allow."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from av.video.frame import VideoFrame

from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.media.film_tone_table import ToneTable
from qwvis_desktop.core.media.film_tones import HLG, PQ, light_of, shown

SIZE = Size(64, 40)
BT2020, LIMITED, FULL = 9, 1, 2


@pytest.mark.parametrize(("transfer", "value_range"), [(PQ, LIMITED), (HLG, FULL)], ids=["PQ limited", "HLG full"])
def test_what_is_looked_up_is_what_values_mean(transfer: int, value_range: int) -> None:
    chance = np.random.default_rng(7)
    red, green, blue = chance.uniform(0.2, 0.6, (3, SIZE.height, SIZE.width))
    luma = 0.2627 * red + 0.6780 * green + 0.0593 * blue
    parts = luma, (blue - luma) / 1.8814, (red - luma) / 1.4746
    floors, steps = ((16, 128, 128), (219, 224, 224)) if value_range == LIMITED else ((0, 128, 128), (255, 255, 255))
    frame = VideoFrame(SIZE.width, SIZE.height, "yuv444p")
    frame.color_range, frame.color_trc, frame.time_base = value_range, transfer, Fraction(1, 30)
    for plane, part, floor, step in zip(frame.planes, parts, floors, steps, strict=True):
        rows = np.zeros((plane.height, plane.line_size), np.uint8)
        rows[:, : SIZE.width] = np.round(floor + step * part)
        plane.update(rows.tobytes())
    found = ToneTable(frame, BT2020, full_range=FULL).mapped(frame, SIZE)
    assert found.shape == (SIZE.height, SIZE.width)
    channels = found.view(np.uint8).reshape(SIZE.height, SIZE.width, 4)
    assert (channels[..., 3] == 255).all()
    wanted = shown(light_of(np.stack([red, green, blue], axis=-1).reshape(-1, 3), transfer)) * 255
    difference = channels[..., 2::-1].reshape(-1, 3) - wanted
    assert 10 * np.log10(255**2 / np.mean(difference**2)) > 30  # dB, of which two bits of luma are half
    assert np.abs(difference.mean(axis=0)).max() < 1.5
