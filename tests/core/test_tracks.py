from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qwvis_desktop.core.annotation import Detection, Provenance, VideoEvent
from qwvis_desktop.core.geometry import Box
from qwvis_desktop.core.tracks import Track, box_at, key_at, stretches, tracks

SIDES = st.floats(0, 4000, allow_nan=False)
TIMES = st.lists(st.integers(0, 100_000).map(lambda ms: ms / 1000), min_size=1, max_size=12, unique=True)


@st.composite
def one_track(draw: st.DrawFn) -> Track:
    boxes = [
        Detection(label="car", time=time, box=Box(*(draw(SIDES) for _ in range(4)))) for time in sorted(draw(TIMES))
    ]
    return Track("car", "", tuple(boxes))


def box(time: float | None, left: float = 0, label: str = "car", **attributes: str | int) -> Detection:
    return Detection(label=label, time=time, box=Box(left, 0, left + 10, 10), attributes=attributes)


def test_by_label_and_by_id_in_the_order_they_come() -> None:
    first, second, third = box(1, 0, "car", track_id=7), box(0, 5, "car", id="a"), box(2, 900, "car", track_id=7)
    person = box(1, 0, "person")
    found = tracks([first, second, person, third, box(None), VideoEvent(start=0, end=1)])
    assert [(each.name, each.keys) for each in found] == [
        ("car 7", (first, third)),
        ("car a", (second,)),
        ("person", (person,)),
    ]
    assert (found[0].start, found[0].end) == (1, 2)


def test_one_at_a_time_is_one_object_however_far_it_goes() -> None:
    (found,) = tracks([box(time, time * 500) for time in (3, 0, 2, 1)])
    assert [each.time for each in found.keys] == [0, 1, 2, 3]


def test_several_of_a_label_go_on_with_the_nearest() -> None:
    left = [box(time, time * 3) for time in range(5)]
    right = [box(time, 200 - time * 3) for time in range(5)]
    far = box(3, 3000)
    mixed = [*left, *right, far]
    random.Random(3).shuffle(mixed)
    found = tracks(mixed)
    assert sorted(each.name for each in found) == ["car #1", "car #2", "car #3"]
    times_and_lefts = sorted([(key.time, key.box.left) for key in each.keys] for each in found)
    assert times_and_lefts == sorted([(key.time, key.box.left) for key in line] for line in (left, right, [far]))


def test_two_that_share_an_id_at_one_moment_are_told_apart() -> None:
    assert [each.name for each in tracks([box(0, 0, id=4), box(0, 500, id=4)])] == ["car 4 #1", "car 4 #2"]


def test_between_two_boxes_by_a_straight_line() -> None:
    (track,) = tracks([box(1, 0), box(3, 100)])
    assert box_at(track, 1.5) == (Box(25, 0, 35, 10), True)
    assert box_at(track, 1) == (Box(0, 0, 10, 10), False)
    assert box_at(track, 0.99) is None
    assert box_at(track, 3.01) is None


def test_what_a_model_calls_1_may_be_the_frame_stamped_1_001() -> None:
    (track,) = tracks([box(1, 0), box(2, 100)])
    found = box_at(track, 1.001)
    assert found is not None
    assert found[0].left == pytest.approx(0.1)
    assert found[1]
    assert box_at(track, 1.001, 0.02) == (Box(0, 0, 10, 10), False)
    assert key_at(track, 1.981, 0.02) is track.keys[1]
    assert key_at(track, 1.5, 0.02) is None


def test_where_a_frame_that_was_seen_has_none_nothing_is_made_up() -> None:
    (track,) = tracks([box(1, 0), box(2, 50), box(4, 100)])
    seen = (0.0, 1.0, 2.0, 3.0, 4.0)
    assert box_at(track, 1.5, seen=seen) == (Box(25, 0, 35, 10), True)
    assert box_at(track, 2.5, seen=seen) is None
    assert box_at(track, 2.5) is not None


def test_it_is_there_from_box_to_box_but_where_it_was_not_found_or_left() -> None:
    run = Provenance("run", (0, 1), ())
    (track,) = tracks([replace(box(at), provenance=run) for at in (1, 2, 4)] + [box(6, ends=True), box(8), box(9)])
    assert stretches(track, {}) == ((1, 6), (8, 9))
    assert stretches(track, {"run": (0, 1, 2, 3, 4, 5)}) == ((1, 2), (4, 6), (8, 9))
    assert stretches(track, {"other": (0, 1, 2, 3, 4, 5)}) == ((1, 6), (8, 9))


@given(one_track(), st.floats(-1, 101))
def test_a_box_stands_where_its_bar_is(track: Track, time: float) -> None:
    is_there = any(start <= time <= end for start, end in stretches(track, {}))
    assert is_there == (box_at(track, time, 0.0) is not None)


@given(one_track(), st.floats(-1, 101))
def test_it_never_leaves_what_lies_round_its_two_neighbours(track: Track, time: float) -> None:
    found = box_at(track, time)
    if found is None:
        assert time < track.start or time > track.end
        return
    before = [each for each in track.keys if (each.time or 0) <= time + 0.001][-1].box
    after = next(each for each in track.keys if (each.time or 0) >= time - 0.001).box
    for value, one, other in zip(found[0], before, after, strict=True):
        assert min(one, other) - 1e-6 <= value <= max(one, other) + 1e-6


@given(one_track())
def test_at_its_own_moments_it_is_its_own_box(track: Track) -> None:
    for key in track.keys:
        assert key.time is not None
        assert box_at(track, key.time) == (key.box, False)


@given(st.lists(st.tuples(st.sampled_from([0.0, 0.5, 1.0, 1.5]), st.sampled_from("ab"), SIDES), max_size=16))
def test_each_box_is_in_one_track_and_each_moment_once(drawn: list[tuple[float, str, float]]) -> None:
    boxes = [box(time, left, label) for time, label, left in drawn]
    found = tracks(boxes)
    assert sorted(key.id for track in found for key in track.keys) == sorted(each.id for each in boxes)
    for track in found:
        times = [key.time or 0 for key in track.keys]
        assert times == sorted(set(times))
    assert len({track.name for track in found}) == len(found)
