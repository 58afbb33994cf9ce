from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from qwvis_desktop.core.annotation import Detection, Keypoint, Provenance, VideoEvent
from qwvis_desktop.core.event_editing import (
    merged,
    nearest,
    neighbour,
    shifted,
    split,
    stretched,
    times_of,
    trimmed,
)
from qwvis_desktop.core.geometry import Box, Point

FILM = 60.0
times = st.floats(-10, 80)
events = st.tuples(st.floats(0, FILM), st.floats(0, FILM)).map(
    lambda pair: VideoEvent(label="a", start=min(pair), end=max(pair))
)
EVENT = VideoEvent(id="e", label="jump", start=10, end=20, provenance=Provenance("run", (3, 9), (10, 20)))


@given(events, times, st.booleans())
def test_a_trimmed_event_stays_in_the_film_and_keeps_its_other_end(
    event: VideoEvent, to: float, is_start: bool
) -> None:
    made = trimmed(event, start=to, duration=FILM) if is_start else trimmed(event, end=to, duration=FILM)
    assert 0 <= made.start <= made.end <= FILM or event.start == FILM
    assert (made.end == event.end) if is_start else (made.start == event.start)


def test_an_end_is_not_pulled_past_the_other() -> None:
    assert trimmed(EVENT, start=30, duration=FILM, least=0.5).start == 19.5
    assert trimmed(EVENT, end=0, duration=FILM, least=0.5).end == 10.5
    assert trimmed(EVENT, start=12.25, duration=FILM).start == 12.25


@given(events, times)
def test_a_moved_event_is_as_long_as_before(event: VideoEvent, by: float) -> None:
    made = shifted(event, by, FILM)
    assert abs((made.end - made.start) - (event.end - event.start)) < 1e-9
    assert made.start >= -1e-9
    assert made.end <= FILM + 1e-9


def test_an_event_longer_than_the_film_stays() -> None:
    long = VideoEvent(start=0, end=70)
    assert shifted(long, 5, FILM) == long


def test_both_parts_of_a_split_event() -> None:
    parts = split(EVENT, 14)
    assert parts is not None
    first, second = parts
    assert (first.id, first.start, first.end, first.provenance) == ("e", 10, 14, EVENT.provenance)
    assert (second.start, second.end, second.label, second.provenance) == (14, 20, "jump", None)
    assert second.id != "e"
    assert split(EVENT, 10) is None
    assert split(EVENT, 25) is None


def test_merging() -> None:
    later = VideoEvent(id="f", label="land", start=18, end=19)
    made = merged([later, EVENT])
    assert (made.id, made.label, made.start, made.end) == ("e", "jump; land", 10, 20)
    assert merged([EVENT, VideoEvent(label="jump", start=1, end=2)]).label == "jump"


def test_stretching_concerns_what_has_a_time() -> None:
    box = Detection(id="b", box=Box(0, 0, 1, 1), time=40.0)
    still = Detection(box=Box(0, 0, 1, 1))
    made = stretched([EVENT, box, still, Keypoint(point=Point(1, 1))], 2, FILM)
    assert [times_of(each) for each in made] == [(20, 40), (60, 60)]


@given(st.lists(st.floats(0, 100), max_size=20).map(sorted), st.floats(-5, 105))
def test_the_nearest_time_is_as_near_as_any(all_times: list[float], time: float) -> None:
    found = nearest(all_times, time)
    assert all(abs(found - time) <= abs(each - time) for each in all_times)
    assert found in all_times or (not all_times and found == time)


def test_neighbours_in_time() -> None:
    assert neighbour([1, 2, 3], 2, 1, 0.01) == 3
    assert neighbour([1, 2, 3], 2, -1, 0.01) == 1
    assert neighbour([1, 2, 3], 3, 1, 0.01) is None
