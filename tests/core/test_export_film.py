"""Annotated films, read back by decoding them: each box on its frames and on no others."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from films import FILM_SIZE, Film, clock, make_film, times_of
from PySide6.QtWidgets import QApplication

from qwvis_desktop.core.annotation import Annotation, Detection, VideoEvent
from qwvis_desktop.core.document import Document, FilmRange
from qwvis_desktop.core.export import ExportError, export
from qwvis_desktop.core.export_film import writing_film
from qwvis_desktop.core.geometry import Box
from qwvis_desktop.core.media.film import FilmReader
from qwvis_desktop.core.media.film_opening import open_video
from qwvis_desktop.core.media.image import open_image
from qwvis_desktop.core.media.pixels import Raster
from qwvis_desktop.core.media.raster import decode
from qwvis_desktop.core.media.video import VideoMedia
from qwvis_desktop.ui.canvas.painting.film_render import FilmRenderer
from qwvis_desktop.ui.drawing_options import DrawingOptions
from qwvis_desktop.ui.palette import color_for

FILM = Film(count=30, key_every=10)
TIMES = times_of(FILM)
FIRST, LAST = Box(20.0, 40.0, 60.0, 80.0), Box(131.0, 40.0, 171.0, 80.0)
BOXES = (
    Detection(label="car", box=FIRST, time=TIMES[5]),
    Detection(label="car", box=LAST, time=TIMES[15]),
)
EVENT = VideoEvent(label="drives", start=TIMES[20], end=TIMES[25])
BARE = DrawingOptions(labels=False)


@pytest.fixture(scope="module")
def media(tmp_path_factory: pytest.TempPathFactory) -> VideoMedia:
    return open_video(make_film(tmp_path_factory.mktemp("films"), FILM))


def document_of(media: VideoMedia, annotations: Sequence[Annotation] = (*BOXES, EVENT)) -> Document:
    document = Document(media)
    document.add(annotations)
    return document


def has_edge(raster: Raster, box: Box) -> float:
    """Return which share of the left edge of a box looks like its colour, after what the encoder did to it."""
    pixels = np.frombuffer(raster.data, np.uint8).reshape(raster.size.height, raster.size.width, 4)
    column = pixels[int(box.top) + 4 : int(box.bottom) - 4, int(box.left) - 2 : int(box.left) + 3, :3].astype(int)
    color = color_for("car")
    wanted = np.array([color.blue(), color.green(), color.red()])
    return float((np.abs(column - wanted).sum(axis=2).min(axis=1) < 110).mean())


def frames_of(path: Path) -> list[tuple[float, Raster]]:
    with FilmReader(open_video(path)) as reader:
        frame = reader.at(0.0)
        found = [(frame.time, frame.raster)]
        while (following := reader.following()) is not None:
            found.append((following.time, following.raster))
    return found


def test_each_box_is_on_its_frames_and_on_no_others(qapp: QApplication, media: VideoMedia, tmp_path: Path) -> None:
    path = tmp_path / "out.mp4"
    done = export(document_of(media), "mp4", path, FilmRenderer(options=BARE))
    assert done.files == (path,)
    assert done.left_out == ()
    found = frames_of(path)
    assert [clock(raster) for _, raster in found] == list(range(FILM.count))
    assert [time for time, _ in found] == pytest.approx(TIMES, abs=0.001)
    for number, (_, raster) in enumerate(found):
        share = (number - 5) / 10
        at_first, at_last = has_edge(raster, FIRST), has_edge(raster, LAST)
        assert at_first > 0.9 if number == 5 else at_first < 0.2, number
        assert at_last > 0.9 if number == 15 else at_last < 0.2, number
        if 5 < number < 15:
            assert has_edge(raster, FIRST.translated(111 * share, 0)) > 0.35, number


def test_events_are_said_while_they_last(qapp: QApplication, media: VideoMedia) -> None:
    plain = list(FilmRenderer().frames(document_of(media, ())))
    told = list(FilmRenderer().frames(document_of(media, [EVENT])))
    differing = [
        n for n, (a, b) in enumerate(zip(plain, told, strict=True)) if bytes(a.raster.data) != bytes(b.raster.data)
    ]
    assert differing == list(range(20, 25))


def test_only_the_range_is_written(qapp: QApplication, media: VideoMedia, tmp_path: Path) -> None:
    document = document_of(media)
    document.set_film_range(FilmRange(TIMES[10], TIMES[20]))
    done = export(document, "mp4", tmp_path / "part.mp4", FilmRenderer())
    assert "range" in " ".join(done.left_out)
    found = frames_of(tmp_path / "part.mp4")
    assert [clock(raster) for _, raster in found] == list(range(10, 20))
    assert found[0][0] == 0


def test_frames_on_which_something_stands_are_saved(qapp: QApplication, media: VideoMedia, tmp_path: Path) -> None:
    done = export(document_of(media), "stills", tmp_path / "set", FilmRenderer(options=BARE))
    assert [file.name for file in done.files] == [
        "film 0.00.00.167.png",
        "film 0.00.00.500.png",
        "film 0.00.00.667.png",
    ]
    for file, number in zip(done.files, (5, 15, 20), strict=True):
        raster = decode(open_image(file))
        assert clock(raster) == number
        assert has_edge(raster, FIRST) == (1.0 if number == 5 else 0.0)


def test_stopping_leaves_what_was_there(qapp: QApplication, media: VideoMedia, tmp_path: Path) -> None:
    path = tmp_path / "out.mp4"
    path.write_bytes(b"before")
    steps = writing_film(document_of(media), "mp4", path, FilmRenderer())
    shares = [next(steps) for _ in range(10)]
    assert shares == sorted(shares)
    assert 0 <= shares[0] < shares[-1] < 1
    steps.close()
    assert path.read_bytes() == b"before"
    assert [each.name for each in tmp_path.iterdir()] == ["out.mp4"]


def test_a_still_shows_what_is_there_then(qapp: QApplication, media: VideoMedia) -> None:
    image = FilmRenderer(options=BARE, time=TIMES[5]).preview(document_of(media), max(FILM_SIZE))
    color = image.pixelColor(20, 60)
    assert abs(color.red() - color_for("car").red()) < 40
    assert FilmRenderer(options=BARE, time=TIMES[2]).preview(document_of(media), 208).pixelColor(20, 60) != color


def test_what_cannot_be_written_is_said(qapp: QApplication, media: VideoMedia, photo: Path, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="draws"):
        export(document_of(media), "mp4", tmp_path / "out.mp4")
    with pytest.raises(ExportError, match="never written over"):
        export(document_of(media), "mp4", media.path or Path(), FilmRenderer())
    with pytest.raises(ExportError, match="format for films"):
        export(Document(open_image(photo)), "mp4", tmp_path / "out.mp4", FilmRenderer())
