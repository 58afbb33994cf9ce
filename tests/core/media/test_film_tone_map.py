"""Films of known patches: each matrix, range and depth comes out in its colours, also where the film does not say."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import av
import numpy as np
import pytest
from av.video.stream import VideoStream
from numpy.typing import NDArray

from qwvis_desktop.core.coordinates import Orientation
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


def painted(pixels: NDArray[np.float64], coding: Coding) -> list[NDArray[np.uint16]]:
    """Return the planes of a frame whose pixels are these, 0 to 1, in ten bits; colours of each 2 x 2."""
    matrix = coding.matrix
    luma = pixels @ np.array([matrix.red, 1 - matrix.red - matrix.blue, matrix.blue])
    blue, red = (pixels[..., 2] - luma) / (2 - 2 * matrix.blue), (pixels[..., 0] - luma) / (2 - 2 * matrix.red)
    parts = ((64 + 876 * luma), (512 + 896 * blue)[::2, ::2], (512 + 896 * red)[::2, ::2])
    return [np.round(part).astype(np.uint16) for part in parts]


def patches(coding: Coding) -> list[NDArray[np.uint16]]:
    """Return the planes of a frame of patches beside each other."""
    width, height = coding.size
    values = np.array([coded(colour, coding) for colour in PATCHES], np.uint16)
    half = 1 if coding.pixels.startswith("yuv444") else 2
    sides = ((width, height), *[(width // half, height // half)] * 2)
    rows = (np.repeat(values[:, n], -(-wide // len(PATCHES)))[:wide] for n, (wide, _) in enumerate(sides))
    return [np.tile(row, (high, 1)) for row, (_, high) in zip(rows, sides, strict=True)]


def film_of(folder: Path, coding: Coding, planes: list[NDArray[np.uint16]] | None = None) -> Path:
    path = folder / "patches.mp4"
    width, height = coding.size
    kind = np.uint16 if coding.pixels.endswith("10le") else np.uint8
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
        for plane, values in zip(frame.planes, planes or patches(coding), strict=True):
            rows = np.zeros((plane.height, plane.line_size // kind().itemsize), kind)
            rows[:, : plane.width] = values
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


def rastered(path: Path, size: Size | None, *, draft: bool) -> NDArray[np.uint8]:
    """Return blue, green and red of the first frame, exactly or as it is seen for a moment."""
    media = open_video(path)
    with FilmReader(media, size=None if draft else size) as reader:
        reader.set_draft((size or media.size) if draft else None)
        raster = reader.at(0.0).raster
    assert raster.size == (size or media.size)
    return np.frombuffer(raster.data, np.uint8).reshape(raster.size.height, raster.size.width, 4)[..., :3]


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


@pytest.mark.parametrize(("transfer", "size"), [(PQ, None), (HLG, Size(640, 360))], ids=["PQ in full", "HLG half"])
def test_what_is_seen_for_a_moment_is_near_what_is_exact(transfer: int, size: Size | None, tmp_path: Path) -> None:
    colours = np.stack(np.meshgrid(np.linspace(0, 0.9, 1280), np.linspace(0, 0.9, 720), indexing="xy"), axis=-1)
    pixels = np.stack([colours[..., 0], colours[..., 1], (colours[..., 0] + colours[..., 1]) / 2], axis=-1)
    coding = Coding(BT2020, pixels="yuv420p10le", transfer=transfer, size=LARGE)
    path = film_of(tmp_path, coding, painted(pixels, coding))
    exact, soon = rastered(path, size, draft=False), rastered(path, size, draft=True)
    difference = exact.astype(float) - soon
    assert 10 * np.log10(255**2 / np.mean(difference**2)) > 33  # dB
    assert np.abs(difference.mean(axis=(0, 1))).max() < 1  # no tint


def test_what_is_seen_for_a_moment_is_turned(tmp_path: Path) -> None:
    path = film_of(tmp_path, Coding(BT2020, pixels="yuv420p10le", transfer=PQ))
    media = open_video(path)
    turned = replace(media, orientation=Orientation.TURNED_RIGHT, size=Size(media.size.height, media.size.width))
    with FilmReader(media) as upright, FilmReader(turned) as reader:
        for each in (upright, reader):
            each.set_draft(each.media.size)
        before, after = upright.at(0.0).raster, reader.at(0.0).raster
    assert after.size == turned.size
    rows = np.frombuffer(before.data, np.uint32).reshape(before.size.height, before.size.width)
    assert (np.frombuffer(after.data, np.uint32) == np.rot90(rows, -1).ravel()).all()
