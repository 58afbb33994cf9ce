from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qwvis_desktop.core.film_time import clock
from qwvis_desktop.core.times import seconds_of


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0:00:00.000"),
        (62.3454, "0:01:02.345"),
        (59.9996, "0:01:00.000"),
        (36_000, "10:00:00.000"),
        (-1, "0:00:00.000"),
    ],
)
def test_a_clock(seconds: float, words: str) -> None:
    assert clock(seconds) == words


def test_a_short_clock() -> None:
    assert clock(62.3, 0) == "0:01:02"
    assert clock(62.3, 1, hours=False) == "1:02.3"
    assert clock(3662.3, 0, hours=False) == "1:01:02"


@given(st.floats(0, 350_000))
def test_what_is_written_is_read_again(seconds: float) -> None:
    read = seconds_of(clock(seconds))
    assert read is not None
    assert abs(read - seconds) <= 0.0006
