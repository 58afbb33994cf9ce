"""Frames as pixels: the right colours, upright, of the size that was asked for."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from pathlib import Path

import av
import numpy as np
import pytest
from films import Film, make_film

from qwvis_desktop.core.coordinates import Orientation
from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.media.film_stream import FilmStream, orientation_of
from qwvis_desktop.core.media.image import MediaError


@pytest.fixture
def stream(tmp_path: Path) -> FilmStream:
    stream = FilmStream(make_film(tmp_path, Film(count=2)), "film")
    stream.close()
    return stream


def flat(size: Size, colour: tuple[int, int, int], pixels: str = "yuv420p") -> av.VideoFrame:
    """Return a frame of one colour, given as Y, U, V of 8 bit."""
    frame = av.VideoFrame(*size, pixels)
    for plane, value in zip(frame.planes, colour, strict=True):
        word = bytes([value]) if "10" not in pixels else struct.pack("<H", value << 2)
        plane.update(word * (plane.buffer_size // len(word)))
    return frame


RED_709, RED_601 = (63, 102, 240), (82, 90, 240)


@pytest.mark.parametrize(
    ("size", "colour", "marks", "pixels"),
    [
        (Size(1280, 720), RED_709, {}, "yuv420p"),
        (Size(320, 240), RED_601, {}, "yuv420p"),
        (Size(320, 240), RED_709, {"colorspace": 1}, "yuv420p"),
        (Size(1280, 720), RED_601, {"colorspace": 6}, "yuv420p"),
        (Size(1280, 720), RED_709, {}, "yuv420p10le"),
        (Size(320, 240), (76, 85, 255), {"colorspace": 5, "color_range": 2}, "yuv420p"),
    ],
)
def test_red_is_red(
    stream: FilmStream, size: Size, colour: tuple[int, int, int], marks: Mapping[str, int], pixels: str
) -> None:
    frame = flat(size, colour, pixels)
    for name, value in marks.items():
        setattr(frame, name, value)
    for wanted in (None, Size(96, 64)):
        blue, green, red, opaque = bytes(stream.raster(frame, Orientation.NORMAL, wanted).data[:4])
        assert (red >= 252, green <= 3, blue <= 3, opaque) == (True, True, True, 255)


def test_pixels_that_cannot_be_read_are_said(stream: FilmStream) -> None:
    with pytest.raises(MediaError, match="cannot be read"):
        stream.raster(av.VideoFrame(64, 64), Orientation.NORMAL, Size(70_000, 70_000))


@pytest.mark.parametrize("orientation", Orientation)
def test_each_orientation_comes_upright(stream: FilmStream, orientation: Orientation) -> None:
    stored = np.zeros((64, 96, 3), np.uint8)
    stored[8:16, 16:24] = 255
    raster = stream.raster(av.VideoFrame.from_ndarray(stored, "rgb24"), orientation)
    assert raster.size == orientation.upright_size(Size(96, 64))
    shown = np.frombuffer(raster.data, np.uint8).reshape(raster.size.height, raster.size.width, 4)[..., 1]
    from qwvis_desktop.core.geometry import Point

    place = orientation.to_upright(Point(20, 12), Size(96, 64))
    rows, columns = np.nonzero(shown > 128)
    assert (columns.mean() + 0.5, rows.mean() + 0.5) == (place.x, place.y)


def test_what_a_container_asks_for_is_read(tmp_path: Path) -> None:
    turns = {
        0: Orientation.NORMAL,
        90: Orientation.TURNED_LEFT,
        180: Orientation.TURNED_180,
        270: Orientation.TURNED_RIGHT,
    }
    for rotation, orientation in turns.items():
        stream = FilmStream(make_film(tmp_path, Film(count=2, rotation=rotation)), "film")
        frames = [frame for packet in stream.packets() for frame in stream.decode(packet)] + stream.drain()
        stream.close()
        assert orientation_of(frames[0]) is orientation
