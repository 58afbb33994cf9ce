"""Films whose pixels are not square: shown, taken out and written in the shape in which they are meant to be seen."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from films import Film, clock, make_film
from hypothesis import given
from hypothesis import strategies as st

from qwvis_desktop.core.coordinates import Orientation
from qwvis_desktop.core.film_request import film_facts
from qwvis_desktop.core.film_sent import FilmWay
from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.media.extraction import extract
from qwvis_desktop.core.media.film import FilmReader, first_frame
from qwvis_desktop.core.media.film_encode import plan_recoding, recode
from qwvis_desktop.core.media.film_opening import open_video
from qwvis_desktop.core.media.film_probe import squared

WIDE, NARROW = Fraction(64, 45), Fraction(8, 9)
"""The pixels of PAL DV in 16:9, and of NTSC DV in 4:3."""

FILMS = {
    "pasp of an MP4": (Film("a.mp4", "mpeg4", b_frames=0, count=6, aspect=WIDE), Size(296, 128)),
    "VUI of H.264": (Film("a.ts", count=6, aspect=WIDE), Size(296, 128)),
    "narrow": (Film("a.mp4", count=6, aspect=NARROW), Size(208, 144)),
    "turned": (Film("a.mov", count=6, aspect=WIDE, rotation=90), Size(128, 296)),
    "square": (Film("a.mp4", count=6, aspect=Fraction(1)), Size(208, 128)),
}


@pytest.mark.parametrize("name", FILMS)
def test_frames_have_the_shape_in_which_they_are_shown(name: str, tmp_path: Path) -> None:
    film, shown = FILMS[name]
    media = open_video(make_film(tmp_path, film))
    assert (media.size, media.stored) == (shown, film.size)
    upright = media.orientation.upright_size(film.size)
    across, down = shown.width / upright.width, shown.height / upright.height
    with FilmReader(media) as reader:
        for number in (4, 1, 5):
            frame = reader.at(number / 30)
            assert frame.raster.size == shown
            assert clock(frame.raster, across, down) == number
    small = Size(shown.width // 2, shown.height // 2)
    taken = [clock(frame.raster, across / 2, down / 2) for frame in extract(media, [0.0, 0.1], small)]
    assert taken == [0, 3]
    assert first_frame(media).size == shown


def test_the_display_size_of_a_matroska_file_holds(tmp_path: Path) -> None:
    path = make_film(tmp_path, Film("a.mkv", "libvpx-vp9", b_frames=0, count=6))
    data = path.read_bytes()
    # "Video" with its width, its height and no unit to show it in gets longer, and the room left after it shorter.
    video = bytes.fromhex("e08a b081d0 ba8180 54b28104")
    place = data.index(video)
    void = data.index(b"\xec\x01", place)
    shown = bytes.fromhex("e08f b081d0 ba8180 54b0820128 54ba8180")
    after = data[place + len(video) : void]
    data = data[:place] + shown + after + b"\xec\x84" + bytes(4) + data[void + 11 :]
    path.write_bytes(data)
    media = open_video(path)
    assert (media.size, media.stored) == (Size(296, 128), Size(208, 128))
    with FilmReader(media) as reader:
        assert clock(reader.at(4 / 30).raster, 296 / 208, 1.0) == 4


def test_a_film_written_anew_has_square_pixels(tmp_path: Path) -> None:
    media = open_video(make_film(tmp_path, Film("a.mp4", count=6, aspect=WIDE)))
    for _ in recode(media, plan_recoding(media, 1_000_000), tmp_path / "b.mp4"):
        pass
    again = open_video(tmp_path / "b.mp4")
    assert again.size == again.stored == media.size


def test_who_is_given_the_file_sees_what_it_stores(tmp_path: Path) -> None:
    facts = film_facts(open_video(make_film(tmp_path, Film("a.mov", count=6, aspect=WIDE, rotation=90))))
    assert facts.seen_size(FilmWay.FILE) == facts.seen_size(FilmWay.URL) == Size(128, 208)
    assert facts.seen_size(FilmWay.FRAMES) == facts.seen_size(FilmWay.CLIP) == Size(128, 296)


@given(
    st.builds(Size, st.integers(1, 8192), st.integers(1, 8192)),
    st.none() | st.fractions(min_value=0, max_value=100_000),
)
def test_no_side_gets_shorter_and_none_absurd(stored: Size, aspect: Fraction | None) -> None:
    shown = squared(stored, aspect)
    assert shown.width >= stored.width
    assert shown.height >= stored.height
    assert shown == stored or shown.pixels <= 67_108_864
    assert max(shown.width / stored.width, shown.height / stored.height) <= 4


@pytest.mark.parametrize("orientation", Orientation)
def test_turned_pixels_are_stretched_along_the_stored_side(orientation: Orientation) -> None:
    shown = orientation.upright_size(squared(Size(720, 576), WIDE))
    assert shown == (Size(576, 1024) if orientation.swaps_sides else Size(1024, 576))
