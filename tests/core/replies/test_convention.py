"""core.replies.convention: it must be shy, and notice what is clear."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qwvis_desktop.core.coordinates import CoordinateSpace, Frame
from qwvis_desktop.core.geometry import Box, Point, Size
from qwvis_desktop.core.replies.convention import judge_convention

RELATIVE_1000, RELATIVE_999 = CoordinateSpace.RELATIVE_1000, CoordinateSpace.RELATIVE_999
RELATIVE_1, SENT, ORIGINAL = CoordinateSpace.RELATIVE_1, CoordinateSpace.SENT_PIXELS, CoordinateSpace.ORIGINAL_PIXELS

LARGE = Frame.whole(Size(4000, 3000), Size(1856, 1376))
SMALL = Frame.whole(Size(640, 480), Size(644, 476))


def scene(chance: random.Random, frame: Frame, space: CoordinateSpace) -> list[tuple[float, ...]]:
    """What a good model writes of a random scene: boxes and points, some cut by the border, some a little beyond."""
    items = []
    for _ in range(chance.randint(1, 30)):
        x, y = chance.uniform(0, 0.95), chance.uniform(0, 0.95)
        right = min(1 + chance.choice((0, 0, 0, 0.004)), x + chance.expovariate(6) + 0.01)
        bottom = min(1 + chance.choice((0, 0, 0, 0.004)), y + chance.expovariate(6) + 0.01)
        across, down = space.extent(frame)
        corners = [Point(x * across, y * down), Point(right * across, bottom * down)]
        digits = 3 if space is RELATIVE_1 else 0
        numbers = [round(value, digits) for corner in corners for value in corner]
        items.append(tuple(numbers[:2] if chance.random() < 0.2 else numbers))
    return items


def some_frame(chance: random.Random) -> Frame:
    original = Size(chance.randint(200, 6000), chance.randint(200, 6000))
    shrink = chance.uniform(0.3, 1)
    return Frame.whole(original, Size(round(original.width * shrink), round(original.height * shrink)))


def test_false_alarms_are_rare() -> None:
    chance = random.Random(11)
    alarms = []
    for _ in range(2000):
        frame, space = some_frame(chance), chance.choice(list(CoordinateSpace))
        items = scene(chance, frame, space)
        verdict = judge_convention(items, [frame], space)
        if verdict.contradicts:
            alarms.append((frame, space, items))
    assert len(alarms) <= 2, alarms[0]


@pytest.mark.parametrize(
    ("written", "expected", "frame", "least"),
    [
        (SENT, RELATIVE_1000, LARGE, 0.7),
        (RELATIVE_1000, SENT, SMALL, 0.8),
        (RELATIVE_1, RELATIVE_1000, LARGE, 1.0),
        (RELATIVE_1, SENT, LARGE, 1.0),
        (RELATIVE_1000, RELATIVE_1, SMALL, 0.9),
        (ORIGINAL, SENT, LARGE, 0.8),
    ],
)
def test_clear_contradictions_are_noticed(
    written: CoordinateSpace, expected: CoordinateSpace, frame: Frame, least: float
) -> None:
    chance = random.Random(12)
    verdicts = [judge_convention(scene(chance, frame, written), [frame], expected) for _ in range(300)]
    assert sum(verdict.contradicts for verdict in verdicts) >= least * len(verdicts)
    assert all(verdict.reasons for verdict in verdicts if verdict.contradicts)


@given(
    numbers=st.lists(st.lists(st.floats(-1e7, 1e7), max_size=9), max_size=12),
    expected=st.sampled_from(CoordinateSpace),
    frame=st.sampled_from([LARGE, SMALL]),
)
def test_whatever_comes(numbers: list[list[float]], expected: CoordinateSpace, frame: Frame) -> None:
    verdict = judge_convention(numbers, [frame], expected)
    assert verdict.expected is expected
    assert verdict.contradicts is (verdict.best is not expected)
    assert set(verdict.scores) == set(CoordinateSpace)
    assert all(0 <= score <= 1 for score in verdict.scores.values())
    if verdict.contradicts:
        assert verdict.reasons


def test_values_over_1000_on_a_thousandths_model() -> None:
    verdict = judge_convention([(100, 200, 1500, 900), (10, 20, 30, 40)], [LARGE], RELATIVE_1000)
    assert verdict.contradicts
    assert verdict.best is SENT
    assert verdict.reasons == (
        "1 of 2 places lie outside the picture as relative-1000 (1000 x 1000); the largest number is 1500.",
    )


@pytest.mark.parametrize("largest", [1001, 1049, 1050])
def test_a_small_overshoot_is_none(largest: float) -> None:
    assert not judge_convention([(100, 200, largest, 900)], [LARGE], RELATIVE_1000).contradicts


def test_one_stray_box_of_many_is_none() -> None:
    items = [(10, 10, 900, 900)] * 9 + [(10, 10, 1800, 900)]
    assert not judge_convention(items, [LARGE], RELATIVE_1000).contradicts


def test_beyond_every_reading_is_told_but_no_contradiction() -> None:
    verdict = judge_convention([(100, 200, 90_000, 900)], [LARGE], RELATIVE_1000)
    assert not verdict.contradicts
    assert verdict.reasons[-1] == "No other reading places them either."


def test_parts_of_one() -> None:
    verdict = judge_convention([(0.1, 0.2, 0.5, 0.9)], [LARGE], SENT)
    assert (verdict.best, verdict.contradicts) == (RELATIVE_1, True)
    assert verdict.reasons == ("All numbers are parts of 1, which sent-pixels does not give.",)


@pytest.mark.parametrize("expected", list(CoordinateSpace))
def test_the_whole_picture_as_zero_and_one_is_left_alone(expected: CoordinateSpace) -> None:
    assert not judge_convention([(0, 0, 1, 1)], [LARGE], expected).contradicts


def test_a_grid_of_1000_shows_at_the_border_of_a_larger_picture() -> None:
    items = [(0, 300, 200, 1000), (700, 100, 1000, 400), (20, 30, 60, 80)]
    verdict = judge_convention(items, [LARGE], SENT)
    assert (verdict.best, verdict.contradicts) == (RELATIVE_1000, True)
    assert "2 places end exactly there" in verdict.reasons[0]


@pytest.mark.parametrize(
    "items",
    [
        [(0, 300, 200, 1000), (700, 100, 1000, 400)],  # too few
        [(0, 300, 200, 1000), (700, 100, 990, 400), (20, 30, 60, 80)],  # one hit
        [(0, 300, 200, 1000), (700, 100, 1000, 400), (20, 30, 1200, 80)],  # goes on beyond
    ],
)
def test_without_clear_signs_of_a_grid(items: list[tuple[float, ...]]) -> None:
    assert not judge_convention(items, [LARGE], SENT).contradicts


def test_no_grid_in_a_picture_of_about_1000() -> None:
    items = [(0, 300, 200, 1000), (700, 100, 1000, 400), (20, 30, 60, 80)]
    frame = Frame.whole(Size(1036, 1036), Size(1036, 1036))
    assert not judge_convention(items, [frame], SENT).contradicts


def test_thousand_and_999_are_never_told_apart() -> None:
    assert not judge_convention([(0, 0, 1000, 1000)] * 5, [LARGE], RELATIVE_999).contradicts


def test_turned_rectangles_count_by_their_centre_and_boxes_in_space_not_at_all() -> None:
    assert judge_convention([(500, 500, 30, 2000, -89)], [LARGE], RELATIVE_1000).scores[RELATIVE_1000] == 1.0
    verdict = judge_convention([(2.88, 0.56, 6.28, 4.45, 1.7, 1.84, 0.75, 0.49, 0.75), ()], [LARGE], RELATIVE_1000)
    assert not verdict.contradicts
    assert set(verdict.scores.values()) == {0.0}


def test_the_largest_frame_decides() -> None:
    assert not judge_convention([(0, 0, 1800, 1300)], [SMALL, LARGE], SENT).contradicts
    assert judge_convention([(0, 0, 1800, 1300)], [SMALL], SENT).scores[SENT] == 0.0


def test_crops_count_their_own_pixels() -> None:
    crop = Frame(Size(4000, 3000), Size(400, 300), Box(2000, 1000, 2800, 1600))
    assert judge_convention([(0, 0, 790, 590)], [crop], ORIGINAL).scores[ORIGINAL] == 1.0


def test_boxes_with_width_and_height() -> None:
    items = [(500, 500, 30, 40), (600, 700, 50, 60), (400, 300, 100, 90)]
    verdict = judge_convention(items, [LARGE], RELATIVE_1000)
    assert not verdict.contradicts
    assert verdict.reasons == ("3 of 3 boxes end before they begin: they may be x, y, width, height.",)
    assert judge_convention(items[:2], [LARGE], RELATIVE_1000).reasons == ()


def test_no_frame() -> None:
    with pytest.raises(ValueError, match="without a frame"):
        judge_convention([(1, 2)], [], RELATIVE_1000)
