from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qwvis_desktop.ui.panels.film.time_axis import MOST_SCALE, TimeAxis

AXIS = TimeAxis(60.0, 100.0, 600.0)


@given(
    st.floats(0.05, 40_000),
    st.lists(st.tuples(st.floats(0.2, 5), st.floats(100, 700), st.floats(-2000, 2000)), max_size=8),
    st.floats(0, 1),
)
def test_places_and_times_are_each_others_way_back(
    duration: float, moves: list[tuple[float, float, float]], share: float
) -> None:
    axis = TimeAxis(duration, 100.0, 600.0)
    for factor, anchor, units in moves:
        axis = axis.zoomed(factor, anchor).panned(units)
        assert axis.start >= 0
        assert axis.end <= duration * (1 + 1e-9) + 1e-9
    time = axis.start + (axis.end - axis.start) * share
    assert axis.time(axis.x(time)) == pytest.approx(time, abs=1e-6)


def test_zooming_keeps_the_time_under_the_pointer() -> None:
    axis = AXIS.zoomed(4.0, 400.0)
    assert axis.time(400.0) == pytest.approx(AXIS.time(400.0))
    assert axis.pixels == 40.0
    assert axis.zoomed(0.01, 400.0).is_whole
    assert AXIS.zoomed(1e9, 400.0).pixels == MOST_SCALE


def test_a_time_is_brought_into_view() -> None:
    axis = AXIS.zoomed(10, 100.0)
    assert axis.end == pytest.approx(6)
    assert axis.revealing(3) == axis
    later = axis.revealing(30)
    assert later.start < 30 < later.end
    assert later.revealing(10).start < 10 < later.revealing(10).end


def test_the_ruler_has_room_for_its_words() -> None:
    for factor in (1, 3, 17, 200, 4000):
        axis = AXIS.zoomed(factor, 250.0)
        words = [axis.x(tick.time) for tick in axis.ticks() if tick.words]
        assert all(after - before >= 80 for before, after in pairwise(words))
        assert 0 < len(axis.ticks()) < 60
    assert [tick.words for tick in AXIS.ticks() if tick.words] == [
        "0:00",
        "0:10",
        "0:20",
        "0:30",
        "0:40",
        "0:50",
        "1:00",
    ]
    assert AXIS.zoomed(10, 100.0).ticks()[5].words == "0:01"
    assert AXIS.zoomed(100, 100.0).ticks()[5].words == "0:00.1"


def test_a_film_of_no_length_has_an_axis() -> None:
    axis = TimeAxis(0.0, 0.0, 300.0)
    assert axis.time(50) == 0
    assert axis.x(0) == 0
    assert [tick.words for tick in axis.ticks() if tick.words] == ["0:00"]
