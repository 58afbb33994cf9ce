"""``FilmReader`` brings the frame that was asked for, read back from the clock in its pixels."""

from __future__ import annotations

import random
from fractions import Fraction
from pathlib import Path

import pytest
from films import Film, clock, make_film, times_of

from qwvis_desktop.core.coordinates import Orientation
from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.media.film import FilmReader
from qwvis_desktop.core.media.film_opening import open_video
from qwvis_desktop.core.media.image import MediaError
from qwvis_desktop.core.media.media import open_media
from qwvis_desktop.core.media.raster import decode
from qwvis_desktop.core.media.video import VideoMedia


def uneven(count: int) -> list[int]:
    """Return stamps of a variable rate, the first of them not 0."""
    chance = random.Random(8)
    stamps = [4500]
    for _ in range(count - 1):
        stamps.append(stamps[-1] + chance.choice((900, 1500, 3000, 3003, 9000, 45_000)))
    return stamps


MILLISECONDS = frozenset({"video/x-matroska", "video/webm", "video/x-flv"})
"""Containers that count no finer."""

FILMS = (
    Film("constant.mp4"),
    Film("uneven.mp4", stamps=uneven(60)),
    Film("turned.mov", rotation=90, key_every=20),
    Film("halfway.mp4", rotation=180),
    Film("uneven.mkv", stamps=[90 * stamp for stamp in range(0, 60 * 41, 41)], b_frames=3),
    Film("hevc.mp4", "libx265", b_frames=3),
    Film("vp9.webm", "libvpx-vp9", b_frames=0),
    Film("av1.mkv", "libsvtav1", b_frames=0),
    Film("plain.avi", "mpeg4", b_frames=0),
    Film("reordered.avi", b_frames=2),
    Film("stream.ts"),
    Film("stream.flv", b_frames=0),
    Film("ten bit.mp4", pixels="yuv420p10le"),
    Film("one key.mp4", key_every=1000, b_frames=5),
    Film("open.mkv", options={"x264-params": "open-gop=1:b-pyramid=2"}, b_frames=4),
)


ORDERS = frozenset({"uneven.mp4", "turned.mov", "reordered.avi", "ten bit.mp4", "open.mkv", "stream.ts"})
"""Of these, each has its own way of telling which frame comes next."""


@pytest.mark.parametrize("film", FILMS, ids=lambda film: film.name)
def test_each_frame_is_found_at_its_time(film: Film, tmp_path: Path) -> None:
    media = open_video(make_film(tmp_path, film))
    times = times_of(film)
    coarse = 0.0006 if media.mime in MILLISECONDS else 1e-6
    with FilmReader(media) as reader:
        assert list(reader.index.times) == pytest.approx(times, abs=coarse)
        shown, frame = [], reader.following()
        while frame is not None:
            shown.append((clock(frame.raster), frame.time))
            frame = reader.following()
        assert [number for number, _ in shown] == list(range(film.count))
        assert [time for _, time in shown] == list(reader.index.times)
    with FilmReader(media) as reader:
        chance = random.Random(film.name)
        for _ in range(40):
            number = chance.randrange(film.count)
            start, end = reader.index.times[number], reader.index.end_of(number)
            found = reader.at(chance.choice((start, (start + end) / 2, end - 2e-6)))
            assert (clock(found.raster), found.time) == (number, start)
            assert found.duration == pytest.approx(end - start, abs=0.05 if number == film.count - 1 else 1e-6)


def test_what_an_edit_list_leaves_out_is_not_there(tmp_path: Path) -> None:
    stamps = range(-30_000, 150_000, 3000)
    film = Film(stamps=stamps, key_every=60, container_options={"avoid_negative_ts": "disabled"})
    with FilmReader(open_video(make_film(tmp_path, film))) as reader:
        assert len(reader.index.times) == 50
        assert [clock(reader.at(number / 30).raster) for number in (0, 49, 20, 1)] == [10, 59, 30, 11]
        following = reader.following()
        assert following is not None
        assert (clock(following.raster), following.time) == (12, 2 / 30)


def test_a_film_says_what_it_is(tmp_path: Path) -> None:
    media = open_media(make_film(tmp_path, Film(rotation=90)))
    assert isinstance(media, VideoMedia)
    assert (media.kind, media.mime, media.codec, media.note) == ("video", "video/mp4", "h264", "")
    assert (media.size, media.stored, media.orientation) == (Size(128, 208), Size(208, 128), Orientation.TURNED_LEFT)
    assert (round(media.duration, 6), media.rate, media.frames) == (2.0, 30.0, 60)


def test_it_stands_still_at_its_ends(tmp_path: Path) -> None:
    with FilmReader(open_video(make_film(tmp_path))) as reader:
        assert [clock(reader.at(time).raster) for time in (-3.0, 0.0, 1e9, 1.99)] == [0, 0, 59, 59]
        assert reader.following() is None
        assert clock(reader.at(0.5).raster) == 15


def test_stepping_back_goes_frame_by_frame(tmp_path: Path) -> None:
    with FilmReader(open_video(make_film(tmp_path))) as reader:
        number, seen = 40, []
        while number:
            seen.append(clock(reader.at(reader.index.times[number]).raster))
            number -= 1
        assert seen == list(range(40, 0, -1))


def test_a_preview_is_the_key_frame_near_by(tmp_path: Path) -> None:
    with FilmReader(open_video(make_film(tmp_path, Film(key_every=20)))) as reader:
        near = reader.near(1.0)
        assert near.time in reader.index.key_times
        assert clock(near.raster) == round(near.time * 30)
        following = reader.following()
        assert following is not None
        assert clock(following.raster) == clock(near.raster) + 1


def test_a_film_that_changes_its_size_keeps_that_of_its_first_frame(tmp_path: Path) -> None:
    small = make_film(tmp_path, Film("a.ts", count=30)).read_bytes()
    large = make_film(tmp_path, Film("b.ts", count=30, size=Size(416, 256))).read_bytes()
    (tmp_path / "both.ts").write_bytes(small + large)
    with FilmReader(open_video(tmp_path / "both.ts")) as reader:
        sizes = []
        while (frame := reader.following()) is not None:
            sizes.append(frame.raster.size)
    assert len(sizes) > 40
    assert set(sizes) == {Size(208, 128)}


def test_frames_come_at_a_wanted_size(tmp_path: Path) -> None:
    with FilmReader(open_video(make_film(tmp_path)), size=Size(104, 64)) as reader:
        assert reader.at(0).raster.size == Size(104, 64)


def test_a_film_stands_for_itself_by_its_first_frame(tmp_path: Path) -> None:
    media = open_video(make_film(tmp_path, Film(rotation=270)))
    assert decode(media).size == media.size
    assert clock(decode(media)) == 0
    assert decode(media, Size(40, 60)).size == Size(40, 65)


def test_time_stamps_that_are_odd_numbers_stay_exact(tmp_path: Path) -> None:
    film = Film(stamps=[7 + 1001 * number for number in range(60)], time_base=Fraction(1, 24_000))
    with FilmReader(open_video(make_film(tmp_path, film))) as reader:
        for number in (0, 1, 17, 59):
            assert clock(reader.at(number * 1001 / 24_000).raster) == number


def test_a_film_that_went_is_said(tmp_path: Path) -> None:
    media = open_video(make_film(tmp_path))
    (tmp_path / media.name).unlink()
    with pytest.raises(MediaError, match="is not there any more"):
        FilmReader(media)


@pytest.mark.parametrize("film", [film for film in FILMS if film.name in ORDERS], ids=lambda film: film.name)
def test_what_is_made_ready_ahead_is_the_next_frame(film: Film, tmp_path: Path) -> None:
    media = open_video(make_film(tmp_path, film))
    chance, made = random.Random(3), 0
    with FilmReader(media) as reader, FilmReader(media) as plain:
        for _ in range(12):
            start = chance.randrange(film.count - 3)
            reader.at(reader.index.times[start])
            for number in range(start + 1, start + 3):
                while reader.decode_ahead():
                    pass
                ahead = reader.ahead()
                made += ahead is not None
                frame = reader.following() if chance.random() < 0.5 else reader.at(reader.index.times[number])
                assert frame is not None
                assert frame.raster is ahead or ahead is None
                assert frame.raster.data == plain.at(reader.index.times[number]).raster.data
    # Of a film whose frames only tell their times when they come out, none is decoded ahead.
    assert (made > 12) == (film.name != "reordered.avi")


def test_no_draft_is_taken_for_an_exact_frame(tmp_path: Path) -> None:
    media = open_video(make_film(tmp_path, Film()))
    small = Size(media.size.width // 2, media.size.height // 2)
    with FilmReader(media) as reader:
        for size in (small, None, small, None):
            reader.set_draft(size)
            assert reader.at(0.5).raster.size == (size or media.size)
            while reader.decode_ahead():
                pass
            reader.set_draft(None)
            following = reader.following()
            assert following is not None
            assert following.raster.size == media.size
