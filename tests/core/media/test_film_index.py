"""When frames begin, found without decoding any."""

from __future__ import annotations

from pathlib import Path

import pytest
from films import Film, make_film, times_of

from qwvis_desktop.core.media.film_index import FilmIndex, constant_index, film_index
from qwvis_desktop.core.media.film_opening import open_video
from qwvis_desktop.core.media.image import MediaError
from qwvis_desktop.core.media.large import NotWanted

INDEX = FilmIndex((0.0, 0.5, 2.0, 2.25), (0.0, 2.0), 3.0)


def test_which_frame_shows() -> None:
    assert [INDEX.number_at(time) for time in (-1, 0, 0.4999, 0.5, 1.9, 2.0 - 1e-9, 2.3, 99)] == [
        0,
        0,
        0,
        1,
        1,
        2,
        3,
        3,
    ]
    assert [INDEX.times[INDEX.number_at(time)] for time in (0.6, 2.1)] == [0.5, 2.0]
    assert [INDEX.end_of(number) for number in range(4)] == [0.5, 2.0, 2.25, 3.0]
    assert [INDEX.key_time_near(time) for time in (-1, 0.9, 1.1, 9)] == [0.0, 0.0, 2.0, 2.0]


def test_frames_at_a_chosen_rate() -> None:
    index = constant_index(4, 2.0)
    assert list(index.times) == list(index.key_times) == [0.0, 0.5, 1.0, 1.5]
    assert index.end == 2.0


def test_of_a_film(tmp_path: Path) -> None:
    film = Film(stamps=[90_000 + 100 * number * number for number in range(50)], key_every=10)
    index = film_index(open_video(make_film(tmp_path, film)))
    assert list(index.times) == pytest.approx(times_of(film))
    assert len(index.key_times) == 5
    assert index.end > index.times[-1]


def test_it_can_be_called_off(tmp_path: Path) -> None:
    media = open_video(make_film(tmp_path))
    with pytest.raises(NotWanted):
        film_index(media, lambda: False)


def test_a_film_that_was_replaced_is_said(tmp_path: Path) -> None:
    media = open_video(make_film(tmp_path))
    (tmp_path / media.name).write_bytes(b"something else")
    with pytest.raises(MediaError, match="cannot be read as a film"):
        film_index(media)
