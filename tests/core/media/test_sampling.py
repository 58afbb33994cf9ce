"""The frames that a model sees are those that the makers' rule takes."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qwvis_desktop.core.media.film_index import FilmIndex, constant_index
from qwvis_desktop.core.media.sampling import (
    Rounding,
    Sampling,
    Spread,
    padded,
    sampled_count,
    sampled_rate,
    sampled_times,
)


def by_the_makers(total: int, video_fps: float, fps: float, max_frames: int) -> list[int]:
    """Return the numbers of the frames as ``qwen-api.md`` 5.2 states the rule of qwen-vl-utils."""
    wanted = total / video_fps * fps
    count = min(max(wanted, 4), max_frames // 2 * 2, total)
    count = math.floor(count / 2 + 1e-9) * 2
    return [int(number) for number in np.linspace(0, total - 1, count).round()]


TABLE = [
    # frames of the film, its rate, frames a second, at most: how many, and the first and last numbers
    (1800, 30.0, 2.0, 768, 120, (0, 15, 30), 1799),
    (300, 30.0, 2.0, 768, 20, (0, 16, 31), 299),
    (18_000, 30.0, 2.0, 768, 768, (0, 23, 47), 17_999),
    (18_000, 30.0, 2.0, 512, 512, (0, 35, 70), 17_999),
    (36_000, 1.0, 2.0, 768, 768, (0, 47, 94), 35_999),
    (240, 240.0, 2.0, 768, 4, (0, 80, 159), 239),
    (45, 30.0, 1.0, 768, 4, (0, 15, 29), 44),
    (150, 25.0, 0.5, 768, 4, (0, 50, 99), 149),
    (150, 25.0, 10.0, 768, 60, (0, 3, 5), 149),
    (5, 30.0, 2.0, 768, 4, (0, 1, 3), 4),
    (2, 30.0, 2.0, 768, 2, (0, 1), 1),
    (125, 25.0, 1.0, 768, 4, (0, 41, 83), 124),
    (1798, 29.97, 2.0, 768, 118, (0, 15, 31), 1797),
]


@pytest.mark.parametrize(("total", "rate", "fps", "most", "count", "first", "last"), TABLE)
def test_the_table(
    total: int, rate: float, fps: float, most: int, count: int, first: tuple[int, ...], last: int
) -> None:
    index = constant_index(total, rate)
    times = sampled_times(index, Sampling(fps=fps, max_frames=most))
    numbers = [index.number_at(time) for time in times]
    assert (len(numbers), tuple(numbers[: len(first)]), numbers[-1]) == (count, first, last)
    assert numbers == by_the_makers(total, rate, fps, most)


@settings(max_examples=60)
@given(
    total=st.integers(2, 4000),
    rate=st.sampled_from([1.0, 23.976, 25.0, 29.97, 30.0, 59.94, 240.0]),
    fps=st.sampled_from([0.1, 0.5, 1.0, 2.0, 3.0, 10.0]),
    most=st.sampled_from([4, 64, 512, 768, 2000, 8000]),
)
def test_as_the_makers_count(total: int, rate: float, fps: float, most: int) -> None:
    index = constant_index(total, rate)
    times = sampled_times(index, Sampling(fps=fps, max_frames=most))
    assert [index.number_at(time) for time in times] == by_the_makers(total, rate, fps, most)


def test_a_part_of_a_film() -> None:
    index = constant_index(300, 30.0)
    times = sampled_times(index, Sampling(start=2.0, end=4.0))
    assert (len(times), times[0], times[-1]) == (4, 2.0, 4.0)
    assert sampled_times(index, Sampling(start=99.0)) == (index.times[-1],)
    assert sampled_times(index, Sampling(start=5.0, end=1.0)) == (5.0,)


def test_a_film_of_one_frame_has_one() -> None:
    assert sampled_times(constant_index(1, 25.0), Sampling()) == (0.0,)


def test_an_odd_number_may_stay() -> None:
    assert sampled_count(3.5, 105, Sampling(rounding=Rounding.WHOLE)) == 7
    assert sampled_count(3.5, 105, Sampling()) == 6
    assert sampled_count(3.5, 105, Sampling(max_frames=5)) == 4


def test_at_a_variable_rate_frames_are_even_in_number_or_in_time() -> None:
    times = tuple([number / 100 for number in range(100)] + [1.0 + number for number in range(20)])
    index = FilmIndex(times, (0.0,), 21.0)
    by_number = sampled_times(index, Sampling(fps=0.5, max_frames=10))
    by_time = sampled_times(index, Sampling(fps=0.5, max_frames=10, spread=Spread.TIMES))
    assert sum(time < 1 for time in by_number) == 8
    assert by_time == (0.0, 2.0, 4.0, 6.0, 8.0, 10.0, 12.0, 14.0, 16.0, 18.0)
    assert sampled_rate(by_time, 2.0) == 0.5


def test_lists_of_frames_are_filled_up() -> None:
    assert padded((0.0, 1.0, 2.0)) == (0.0, 1.0, 2.0, 2.0)
    assert padded((0.0,)) == (0.0, 0.0, 0.0, 0.0)
    assert padded(tuple(map(float, range(7)))) == (0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 6.0)
    assert sampled_rate((3.0,), 2.0) == 2.0
