"""Films of known patches: each matrix, range and depth comes out in its colours, also where the film does not say."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import av
import numpy as np
import pytest
from av.video.stream import VideoStream

from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.media.film import FilmReader
from qwvis_desktop.core.media.film_opening import open_video
from qwvis_desktop.core.media.film_tones import HLG, PQ, light_of, shown

Colour = tuple[int, int, int]

PATCHES: list[Colour] = [
    *((255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255), (0, 0, 0)),
    *((128, 128, 128), (200, 40, 40), (30, 90, 160), (240, 220, 20), (128, 0, 128)),
]
SMALL, LARGE = Size(320, 64), Size(1280, 720)


class Matrix(NamedTuple):
    """The shares of red and blue in luma, and the number by which films say so (ITU-T H.273, table 4)."""

    red: float
    blue: float
    number: int


BT601, BT709, BT2020 = Matrix(0.299, 0.114, 6), Matrix(0.2126, 0.0722, 1), Matrix(0.2627, 0.0593, 9)


class Coding(NamedTuple):
    """How colours are coded."""

    matrix: Matrix
    is_full: bool = False
    pixels: str = "yuv420p"
    is_said: bool = True
    size: Size = SMALL
    transfer: int = 0


def coded(colour: Colour, coding: Coding) -> list[int]:
    """Return luma and both differences, by the definition of the matrix (ITU-R BT.601, BT.709, BT.2020)."""
    red, green, blue = (part / 255 for part in colour)
    matrix, fine = coding.matrix, 4 if coding.pixels.endswith("10le") else 1
    luma = matrix.red * red + (1 - matrix.red - matrix.blue) * green + matrix.blue * blue
    parts = ((blue - luma) / (2 - 2 * matrix.blue), (red - luma) / (2 - 2 * matrix.red))
    if coding.is_full:
        most = 256 * fine - 1
        return [round(luma * most), *(min(most, round(part * most + 128 * fine)) for part in parts)]
    return [round((16 + 219 * luma) * fine), *(round((128 + 224 * part) * fine) for part in parts)]


def film_of(folder: Path, coding: Coding) -> Path:
    path = folder / "patches.mp4"
    width, height = coding.size
    kind = np.uint16 if coding.pixels.endswith("10le") else np.uint8
    values = np.array([coded(colour, coding) for colour in PATCHES], kind)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=30, options={"crf": "0", "preset": "ultrafast"})
        assert isinstance(stream, VideoStream)
        stream.width, stream.height, stream.pix_fmt = width, height, coding.pixels
        if coding.is_said:
            stream.codec_context.colorspace = coding.matrix.number
            stream.codec_context.color_range = 2 if coding.is_full else 1
        if coding.transfer:
            stream.codec_context.color_trc, stream.codec_context.color_primaries = coding.transfer, 9
        frame = av.VideoFrame(width, height, coding.pixels)
        for number, plane in enumerate(frame.planes):
            rows = np.zeros((plane.height, plane.line_size // kind().itemsize), kind)
            rows[:, : plane.width] = np.repeat(values[:, number], -(-plane.width // len(PATCHES)))[: plane.width]
            plane.update(rows.tobytes())
        frame.pts, frame.time_base = 0, Fraction(1, 30)
        if coding.is_said:
            frame.colorspace, frame.color_range = coding.matrix.number, 2 if coding.is_full else 1
        container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


def seen(path: Path, size: Size | None = None) -> list[Colour]:
    """Return the colours in the middle of each patch."""
    with FilmReader(open_video(path), size=size) as reader:
        raster = reader.at(0.0).raster
    pixels = np.frombuffer(raster.data, np.uint8).reshape(raster.size.height, raster.size.width, 4)
    wide = raster.size.width / len(PATCHES)
    row = pixels[raster.size.height // 2, :, 2::-1].tolist()
    return [(red, green, blue) for red, green, blue in (row[int((n + 0.5) * wide)] for n in range(len(PATCHES)))]


def apart(found: list[Colour], wanted: list[Colour]) -> int:
    return int(np.abs(np.array(found) - np.array(wanted)).max())


@pytest.mark.parametrize("pixels", ["yuv420p", "yuv444p", "yuv420p10le"])
@pytest.mark.parametrize("is_full", [False, True], ids=["limited", "full"])
@pytest.mark.parametrize("matrix", [BT601, BT709, BT2020], ids=["601", "709", "2020"])
def test_colours_are_those_that_the_film_says(matrix: Matrix, is_full: bool, pixels: str, tmp_path: Path) -> None:
    path = film_of(tmp_path, Coding(matrix, is_full, pixels))
    assert apart(seen(path), PATCHES) <= 3
    assert apart(seen(path, Size(160, 32)), PATCHES) <= 3


@pytest.mark.parametrize(("size", "matrix"), [(SMALL, BT601), (LARGE, BT709)], ids=["small", "large"])
def test_a_film_that_does_not_say_is_taken_by_its_size(size: Size, matrix: Matrix, tmp_path: Path) -> None:
    assert apart(seen(film_of(tmp_path, Coding(matrix, is_said=False, size=size))), PATCHES) <= 3


@pytest.mark.parametrize("transfer", [PQ, HLG], ids=["PQ", "HLG"])
def test_a_high_dynamic_range_is_brought_down(transfer: int, tmp_path: Path) -> None:
    path = film_of(tmp_path, Coding(BT2020, pixels="yuv420p10le", transfer=transfer))
    values = shown(light_of(np.array(PATCHES) / 255, transfer)) * 255
    wanted = [(round(red), round(green), round(blue)) for red, green, blue in values.tolist()]
    for found in (seen(path), seen(path, Size(160, 32)), seen(path)):
        assert apart(found, wanted) <= 3
