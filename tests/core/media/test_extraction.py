"""Frames taken out of a film are the ones that decoding all of it would give, at the wanted size."""

from __future__ import annotations

import io
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from films import Film, clock, make_film
from PIL import Image

from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.media.extraction import encoded, extract, halving, strip, strip_size
from qwvis_desktop.core.media.film import FilmReader
from qwvis_desktop.core.media.film_opening import open_video
from qwvis_desktop.core.media.film_stream import FilmStream
from qwvis_desktop.core.media.large import NotWanted
from qwvis_desktop.core.media.video import VideoMedia


@pytest.fixture
def media(tmp_path: Path) -> VideoMedia:
    return open_video(make_film(tmp_path, Film(count=150, b_frames=3, size=Size(208, 128), key_every=50)))


def sequential(media: VideoMedia, size: Size | None) -> dict[float, bytes]:
    """Return the pixels of every frame, decoded one after the other."""
    frames = {}
    with FilmReader(media, size=size) as reader:
        while (frame := reader.following()) is not None:
            frames[frame.time] = bytes(frame.raster.data)
    return frames


@pytest.mark.parametrize("size", [None, Size(96, 64), Size(320, 192)])
def test_each_frame_is_that_of_decoding_all(media: VideoMedia, size: Size | None) -> None:
    whole = sequential(media, size)
    times = [number * 0.21 for number in range(24)]
    frames = list(extract(media, times, size))
    assert [clock(frame.raster, frame.raster.size.width / 208) for frame in frames] == [
        int(t * 30 + 1e-6) for t in times
    ]
    for frame in frames:
        assert bytes(frame.raster.data) == whole[frame.time]


def test_sparse_frames_are_sought(media: VideoMedia) -> None:
    assert [clock(frame.raster) for frame in extract(media, (0.1, 2.5, 4.9, 9.0))] == [3, 75, 147, 149]


def test_a_frame_that_is_asked_for_twice_comes_twice(media: VideoMedia) -> None:
    assert [clock(frame.raster) for frame in extract(media, (1.0, 1.0, 1.01))] == [30, 30, 30]


def test_frames_are_sent_as_jpeg(media: VideoMedia) -> None:
    sent = list(encoded(extract(media, (0.0, 2.0), Size(96, 64))))
    assert [time for time, _ in sent] == [0.0, 2.0]
    for _, data in sent:
        with Image.open(io.BytesIO(data)) as picture:
            assert (picture.format, picture.size) == ("JPEG", (96, 64))
            assert np.asarray(picture)[50, 50].tolist() == pytest.approx([60, 60, 60], abs=4)


def test_it_can_be_called_off(media: VideoMedia) -> None:
    frames = extract(media, (0.0, 1.0), is_wanted=iter((True, False)).__next__)
    next(frames)
    with pytest.raises(NotWanted):
        next(frames)
    with pytest.raises(NotWanted):
        list(strip(media, 9, lambda: False))


def test_a_strip_shows_the_whole_film_and_each_frame_once(media: VideoMedia) -> None:
    views = list(strip(media, 16))
    times = sorted(frame.time for frame in views)
    assert views[0].time == 0.0
    assert len(times) == len(set(times))
    assert {0.0, 50 / 30, 100 / 30} <= set(times)
    assert max(after - before for before, after in pairwise(times)) < 0.7
    assert all(frame.raster.size == strip_size(media.size) == Size(195, 120) for frame in views)


def test_the_middle_of_the_largest_gap_is_next() -> None:
    assert list(halving(6)) == [0.0, 0.5, 0.25, 0.75, 0.125, 0.625]
    assert strip_size(Size(1080, 1920)) == Size(120, 213)


def test_a_film_of_few_frames_a_second_is_decoded_on_between_its_key_frames(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its container does not say where they are: to seek each time would begin at the same one again and again."""
    slow = open_video(
        make_film(tmp_path, Film("slow.mkv", count=150, key_every=50, stamps=range(0, 13_500_000, 90_000)))
    )
    sought: list[int] = []
    seek = FilmStream.seek

    def counted(stream: FilmStream, stamp: int) -> None:
        sought.append(stamp)
        seek(stream, stamp)

    monkeypatch.setattr(FilmStream, "seek", counted)
    assert [clock(frame.raster) for frame in extract(slow, range(0, 150, 7))] == list(range(0, 150, 7))
    assert len(sought) <= 6
