from __future__ import annotations

import time
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from qwvis_desktop.core.annotation import VideoEvent
from qwvis_desktop.ui.panels.film.timeline_scene import MOST_LANES, MOST_ROWS, TimelineScene, TrackKeys, shown_events

CAR = TrackKeys("car 7", "car", (1.0, 4.0), ("k", "l"), ((1.0, 1.0), (4.0, 4.0)))

events = st.lists(
    st.builds(
        lambda label, start, length: VideoEvent(label=label, start=start, end=start + length),
        st.sampled_from("abc"),
        st.floats(0, 50),
        st.floats(0, 20),
    ),
    max_size=30,
)


@given(events)
def test_no_event_covers_another_while_there_are_rows(found: list[VideoEvent]) -> None:
    scene = TimelineScene(found)
    by_row: dict[int, list[tuple[float, float]]] = {}
    for event in found:
        row, start, end = scene.index[event.id]
        lane = scene.lane_of(row)
        assert lane is not None
        assert lane.name == event.label
        assert (start, end) == (event.start, event.end)
        by_row.setdefault(row, []).append((start, end))
    for spans in by_row.values():
        assert all(before[1] <= after[0] for before, after in pairwise(sorted(spans)))


@given(events, st.floats(0, 70), st.floats(0, 30))
def test_culling_leaves_out_nothing_that_is_seen(found: list[VideoEvent], start: float, length: float) -> None:
    scene = TimelineScene(found)
    seen = {scene.events.ids[at] for at in scene.events.within(start, start + length, range(scene.rows)).tolist()}
    assert seen == {each.id for each in found if each.end >= start and each.start <= start + length}


def test_many_labels_share_a_lane() -> None:
    told = [VideoEvent(label=f"something {n}", start=n, end=n + 1) for n in range(40)]
    again = [VideoEvent(label="goal", start=n * 10, end=n * 10 + 1) for n in range(3)]
    scene = TimelineScene([*told, *again])
    assert [lane.name for lane in scene.lanes] == ["goal", ""]
    assert scene.rows == 2
    few = TimelineScene(told[:MOST_LANES])
    assert len(few.lanes) == MOST_LANES


def test_piles_do_not_grow_without_end() -> None:
    scene = TimelineScene([VideoEvent(label="a", start=0, end=10) for _ in range(200)])
    assert scene.rows == MOST_ROWS


def test_tracks_have_a_lane_with_their_boxes() -> None:
    scene = TimelineScene([VideoEvent(label="a", start=0, end=1)], [CAR])
    assert [lane.name for lane in scene.lanes] == ["a", "car 7"]
    assert scene.bars == {1: ((1.0, 1.0), (4.0, 4.0))}
    assert scene.keys.at(1.05, 1, 0.1) == 0
    assert scene.keys.at(2.0, 1, 0.1) is None
    assert scene.index["l"] == (1, 4.0, 4.0)


def test_the_shortest_event_under_the_pointer_is_meant() -> None:
    long, short = VideoEvent(id="long", label="a", start=0, end=10), VideoEvent(id="s", label="a", start=4, end=4)
    scene = TimelineScene([long, short])
    row = scene.index["s"][0]
    assert scene.events.at(4.0, row, 0.0) == 1
    assert scene.events.at(11.0, 0, 0.5) is None
    assert scene.edges("s") == [0, 10]


def test_what_is_hidden_is_not_there() -> None:
    event = VideoEvent(label="a", start=0, end=1)
    assert shown_events([event], frozenset({event.id})) == []


def test_thousands_of_events_are_found_at_once() -> None:
    found = [VideoEvent(label=f"{n % 9}", start=n / 10, end=n / 10 + 2) for n in range(10_000)]
    scene = TimelineScene(found)
    began = time.process_time()
    for _ in range(50):
        scene.events.within(100, 120, range(scene.rows))
        scene.events.at(110, 3, 0.5)
    assert time.process_time() - began < 0.5
