"""What films are written with, and the colours that come back."""

from __future__ import annotations

from pathlib import Path

import av.codec
import numpy as np
import pytest

from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.media import film_writer
from qwvis_desktop.core.media.film import first_frame
from qwvis_desktop.core.media.film_opening import open_video
from qwvis_desktop.core.media.film_writer import FilmWriter, encoder
from qwvis_desktop.core.media.image import MediaError
from qwvis_desktop.core.media.pixels import Raster

COLOURS = ((200, 40, 40), (40, 200, 40), (40, 40, 200), (250, 250, 250))


def stripes(size: Size) -> Raster:
    pixels = np.full((size.height, size.width, 4), 255, np.uint8)
    for number, (red, green, blue) in enumerate(COLOURS):
        pixels[:, number * size.width // 4 : (number + 1) * size.width // 4, :3] = (blue, green, red)
    return Raster(size, pixels.tobytes())


@pytest.mark.parametrize("size", [Size(320, 240), Size(1280, 720)])
@pytest.mark.parametrize("name", ["libx264", "mpeg4"])
def test_colours_come_back(size: Size, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(film_writer, "_ENCODERS", (name,))
    with FilmWriter(tmp_path / "film.mp4", size, 25.0) as writer:
        for number in range(3):
            writer.add(stripes(size), number / 25, 1 / 25)
    media = open_video(tmp_path / "film.mp4")
    assert media.codec == ("h264" if name == "libx264" else "mpeg4")
    seen = np.frombuffer(first_frame(media).data, np.uint8).reshape(size.height, size.width, 4)
    for number, (red, green, blue) in enumerate(COLOURS):
        middle = seen[size.height // 2, (2 * number + 1) * size.width // 8, :3]
        assert middle.tolist() == pytest.approx([blue, green, red], abs=6)


def test_times_that_stand_still_are_moved_on_by_a_tick(tmp_path: Path) -> None:
    with FilmWriter(tmp_path / "film.mp4", Size(96, 64), 25.0) as writer:
        for time in (0.0, 0.0, 0.5):
            writer.add(stripes(Size(96, 64)), time)
    assert open_video(tmp_path / "film.mp4").frames >= 2


def test_no_encoder_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    assert encoder() in av.codec.codecs_available
    monkeypatch.setattr(film_writer, "_ENCODERS", ())
    with pytest.raises(MediaError, match="has no encoder for MP4"):
        encoder()
