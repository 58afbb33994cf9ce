from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qwvis_desktop.core.film_sent import FilmSent, FilmWay
from qwvis_desktop.core.geometry import Size


def sent(
    way: FilmWay = FilmWay.FRAMES, times: tuple[float, ...] = (10.0, 11.0, 13.0, 14.0), fps: float = 2.0
) -> FilmSent:
    return FilmSent(way=way, duration=60, start=10, end=20, fps=fps, times=times, size=Size(640, 352))


@pytest.mark.parametrize("way", [way for way in FilmWay if way is not FilmWay.FRAMES])
def test_what_counts_seconds_itself_begins_at_the_in_point(way: FilmWay) -> None:
    assert sent(way).film_time(0) == 10
    assert sent(way).film_time(3.25) == 13.25


@pytest.mark.parametrize(
    ("told", "due"), [(0, 10), (0.25, 10.5), (0.5, 11), (0.75, 12), (1, 13), (1.5, 14), (2, 14.5), (-1, 10)]
)
def test_a_list_of_frames_is_where_its_frames_are(told: float, due: float) -> None:
    assert sent().film_time(told) == pytest.approx(due)


@given(st.lists(st.integers(0, 10_000), min_size=4, max_size=30, unique=True), st.floats(0.1, 10))
def test_each_frame_of_a_list_comes_back_and_time_never_runs_backwards(stamps: list[int], fps: float) -> None:
    times = tuple(stamp / 100 for stamp in sorted(stamps))
    film = sent(times=times, fps=fps)
    assert [film.film_time(place / fps) for place in range(len(times))] == pytest.approx(list(times), abs=1e-6)
    steps = [film.film_time(place / 7) for place in range(80)]
    assert steps == sorted(steps)


def test_a_time_that_was_rounded_is_the_frames_own() -> None:
    film = sent(times=(10.0, 10.501, 11.04))
    assert [film.frame_time(time) for time in (10.5, 11.0, 10.8, 11.2)] == [10.501, 11.04, 10.8, 11.2]
    assert sent(times=()).frame_time(3) == 3
