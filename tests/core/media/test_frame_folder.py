"""A folder of pictures is a film like any other, at the rate that was chosen."""

from __future__ import annotations

from pathlib import Path

import pytest
from films import Film, clock, drawn
from PIL import Image

from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.media.extraction import extract, strip
from qwvis_desktop.core.media.film import FilmReader
from qwvis_desktop.core.media.film_encode import plan_recoding, recode, words
from qwvis_desktop.core.media.film_opening import open_video
from qwvis_desktop.core.media.frame_folder import film_address, from_film_address, open_frames
from qwvis_desktop.core.media.image import MediaError
from qwvis_desktop.core.media.raster import decode


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder of twelve frames, the tenth of which is called "10"."""
    for number in range(12):
        Image.fromarray(drawn(number, Film())).save(tmp_path / f"frame {number}.png")
    (tmp_path / "notes.txt").touch()
    return tmp_path


def test_frames_come_in_the_order_in_which_people_count(folder: Path) -> None:
    media = open_frames(folder, 4.0, "walk")
    assert (media.kind, media.name, media.frames, media.duration, media.codec) == ("video", "walk", 12, 3.0, "")
    with FilmReader(media) as reader:
        shown, frame = [], reader.following()
        while frame is not None:
            shown.append((clock(frame.raster), frame.time, frame.duration))
            frame = reader.following()
        assert shown == [(number, number / 4, 0.25) for number in range(12)]
        assert [clock(reader.at(time).raster) for time in (2.6, 0.0, 99.0)] == [10, 0, 11]
        assert clock(reader.near(1.3).raster) == 5
        assert list(reader.index.times) == [number / 4 for number in range(12)]
    assert clock(decode(media)) == 0


def test_it_is_sampled_and_seen_small_as_other_films(folder: Path) -> None:
    media = open_frames(folder, 4.0)
    frames = list(extract(media, (0.0, 1.0, 2.75), Size(104, 64)))
    assert [clock(frame.raster, 0.5) for frame in frames] == [0, 4, 11]
    assert all(frame.raster.size == Size(104, 64) for frame in frames)
    assert len(list(strip(media, 4))) == 4


def test_it_is_no_file_but_can_be_made_one(folder: Path) -> None:
    media = open_frames(folder, 4.0, "walk")
    assert media.byte_count == 0
    with pytest.raises(MediaError, match="is a folder of frames, and no file"):
        media.open()
    plan = plan_recoding(media, 1_000_000)
    assert words(media, plan).startswith('"walk" is encoded as a film to be sent: 208 x 128 pixels, 4 frames a second')
    for _ in recode(media, plan, folder / "walk.mp4"):
        pass
    with FilmReader(open_video(folder / "walk.mp4")) as reader:
        assert list(reader.index.times) == [number / 4 for number in range(12)]
        assert clock(reader.at(2.6).raster) == 10


def test_what_is_no_film_is_said(folder: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    for place, rate, said in (
        (empty, 25.0, "holds no pictures that could be the frames"),
        (tmp_path / "gone", 25.0, "not there any more"),
        (folder, 0.0, "frames a second, and not 0"),
    ):
        with pytest.raises(MediaError, match=said):
            open_frames(place, rate)
    Image.new("RGB", (40, 30)).save(folder / "frame 99.png")
    with pytest.raises(MediaError, match=r'"frame 99.png" has 40 x 30 pixels, and "frame 0.png" has 208 x 128'):
        open_frames(folder, 25.0)


def test_a_folder_that_changed_is_said(folder: Path) -> None:
    media = open_frames(folder, 25.0)
    with FilmReader(media) as reader:
        Image.new("RGB", (40, 30)).save(folder / "frame 3.png")
        with pytest.raises(MediaError, match="all of one size"):
            reader.at(3 / 25)
    (folder / "frame 5.png").unlink()
    with pytest.raises(MediaError, match="had 12 pictures when it was opened, and has 11 now"):
        FilmReader(media)


def test_a_folder_has_an_address_as_a_film(folder: Path, tmp_path: Path) -> None:
    assert film_address(folder, 29.97) == f"{folder}#rate=29.97"
    assert film_address(folder, 0) == str(folder)
    assert from_film_address(f"{folder}#rate=29.97") == (str(folder), 29.97)
    assert from_film_address(f"{folder}/#rate=25") == (str(folder), 25)
    assert from_film_address(str(folder)) == (str(folder), 0)
    assert from_film_address("a#rate=x") == ("a#rate=x", 0)
    (tmp_path / "odd#rate=3").mkdir()
    assert from_film_address(str(tmp_path / "odd#rate=3")) == (str(tmp_path / "odd#rate=3"), 0)
