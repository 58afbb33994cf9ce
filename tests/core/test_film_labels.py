from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from documents import RUN, empty_document
from film_labels import CAR, DOG, TIMELESS, film_document, film_media
from films import Film, make_film, times_of
from hypothesis import given
from hypothesis import strategies as st

from qwvis_desktop.core.annotation import Detection, Provenance
from qwvis_desktop.core.film_labels import (
    FrameNumbers,
    RatedFrames,
    crowded,
    film_of,
    frame_notes,
    keys_of,
    timeless,
    told_apart,
    track_numbers,
    unheld_attributes,
)
from qwvis_desktop.core.film_sent import FilmSent, FilmWay
from qwvis_desktop.core.geometry import Box, Size
from qwvis_desktop.core.media.film_opening import open_video
from qwvis_desktop.core.tracks import ENDS, Track, tracks


def test_a_picture_is_no_film() -> None:
    assert film_of(film_document()).name == "street.mp4"
    with pytest.raises(ValueError, match="for films"):
        film_of(empty_document())


@pytest.mark.parametrize(("time", "number"), [(0, 1), (0.04, 2), (0.019, 1), (19.96, 500), (20, 500), (99, 500)])
def test_frames_are_counted_from_1(time: float, number: int) -> None:
    assert RatedFrames(25, 500).number(time) == number
    assert FrameNumbers.of(film_media()).number(time) == number


@given(st.integers(1, 500))
def test_numbers_and_times_are_one(number: int) -> None:
    for frames in (RatedFrames(25, 500), FrameNumbers.of(film_media())):
        assert frames.number(frames.time(number)) == number


def test_frames_of_a_variable_rate_are_those_of_the_container(tmp_path: Path) -> None:
    stamps = [0, 3000, 90_000, 91_000, 360_000, 361_500]
    film = Film(stamps=stamps, count=len(stamps), name="variable.mkv")
    media = open_video(make_film(tmp_path, film))
    frames = FrameNumbers.of(media)
    assert [frames.time(number) for number in range(1, 7)] == pytest.approx(times_of(film), abs=0.001)
    assert [frames.number(time) for time in times_of(film)] == [1, 2, 3, 4, 5, 6]
    assert frames.time(7) > media.duration
    with pytest.raises(ValueError, match="counted from 1"):
        frames.time(0)


def test_a_film_that_is_away_is_counted_by_its_rate() -> None:
    assert frame_notes([film_document()]) == (
        'Frames of "street.mp4" were counted by its average rate, as the film is not there.',
    )


def test_a_key_says_whether_it_goes_on() -> None:
    run = replace(RUN, film=_seen(0.0, 1.0, 2.0, 3.0, 4.0))
    document = film_document(*(replace(key, provenance=Provenance(run.id, (0, 1))) for key in CAR), *CAR[:0])
    frames = FrameNumbers.of(film_media())
    (track,) = tracks(document.annotations.values())
    assert [key.goes_on for key in keys_of(track, document, frames)] == [True, True, False]
    document.set_run(run)  # the model looked at 3.0 and found none
    assert [key.goes_on for key in keys_of(track, document, frames)] == [True, False, False]
    ended = Track("car", "", (replace(CAR[0], attributes={ENDS: True}), *CAR[1:]))
    assert [key.goes_on for key in keys_of(ended, document, frames)] == [False, True, False]


def _seen(*times: float) -> FilmSent:
    return FilmSent(way=FilmWay.FRAMES, duration=20, start=0, end=20, fps=1, times=times, size=Size(640, 480))


def test_of_two_boxes_at_a_frame_the_first_is_kept_and_the_other_counted() -> None:
    document = film_document(CAR[0], replace(CAR[0], id="twin", time=1.01))
    (track,) = tracks(document.annotations.values())
    frames = RatedFrames(25, 500)
    (key,) = keys_of(track, document, frames)
    assert (key.frame, key.detection.id, crowded(document, frames)[0][0]) == (26, CAR[0].id, 1)
    assert frame_notes([document, film_document()])[0] == "Left out: 1 box at a frame of another of its track."


@given(st.lists(st.sampled_from(["", "7", "7", "x", "1", "2", "99999999999", "0", "٣"]), max_size=9))
def test_numbers_of_tracks_are_unique_and_their_own_where_they_have_one(names: list[str]) -> None:
    numbers = track_numbers([Track("car", name, CAR) for name in names])
    assert len(set(numbers)) == len(names)
    assert min(numbers, default=1) > 0
    for name, number in zip(names, numbers, strict=True):
        if name in ("1", "2", "7") and names.count(name) == 1:
            assert number == int(name)


def test_tracks_that_share_a_name_are_told_apart() -> None:
    other = tuple(replace(key, id=f"other {key.id}") for key in CAR)
    told = told_apart([CAR, other, [DOG], []])
    assert [each.attributes.get("track_id") for each in told] == [*["#1"] * 3, *["#2"] * 3, 7]
    assert len(tracks(told)) == 3


def test_what_cannot_be_held_is_counted() -> None:
    box = Detection(label="x", box=Box(0, 0, 1, 1), time=1, attributes={"colour": "red", ENDS: True})
    assert timeless(film_document(DOG, TIMELESS))[0][0] == 1
    assert unheld_attributes(film_document(DOG, box))[0][0] == 1
    assert unheld_attributes(film_document(DOG, box), ("colour",))[0][0] == 0


def test_numbers_grow_with_time() -> None:
    frames = FrameNumbers(times=(0.0, 0.1, 5.0, 5.1), end=6.0)
    numbers = [frames.number(step / 10) for step in range(70)]
    assert all(here <= after for here, after in pairwise(numbers))
    assert (numbers[0], numbers[-1]) == (1, 4)
