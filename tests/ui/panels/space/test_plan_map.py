from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qwvis_desktop.core.geometry import Box, Point
from qwvis_desktop.ui.panels.space.plan_map import (
    MAX_SCALE,
    MIN_SCALE,
    PlanMap,
    metres,
    multiples,
    round_length,
    round_metres,
)

VIEW = st.floats(20, 4000)
METRE = st.floats(-1e4, 1e4)
MAPS = st.builds(PlanMap, VIEW, VIEW, st.floats(0.01, 2000), st.builds(Point, METRE, METRE))
POINTS = st.builds(Point, st.floats(-5000, 5000), st.floats(-5000, 5000))


@given(MAPS, POINTS)
def test_both_ways_meet(plan: PlanMap, place: Point) -> None:
    back = plan.to_view(plan.to_ground(place))
    assert math.dist(back, place) < 1e-4


def test_z_runs_upwards_and_x_to_the_right() -> None:
    plan = PlanMap(200, 100, 10, Point(0, 5))
    assert plan.to_view(Point(0, 5)) == (100, 50)
    assert plan.to_view(Point(1, 6)) == (110, 40)


@given(MAPS, POINTS, st.floats(0.1, 10))
def test_zooming_keeps_what_is_under_the_pointer(plan: PlanMap, place: Point, factor: float) -> None:
    zoomed = plan.zoomed(factor, place)
    assert math.dist(zoomed.to_view(plan.to_ground(place)), place) < 1e-3
    assert MIN_SCALE <= zoomed.scale <= MAX_SCALE


@given(MAPS, POINTS, st.floats(-500, 500), st.floats(-500, 500))
def test_panning_moves_the_ground_with_the_pointer(plan: PlanMap, place: Point, dx: float, dy: float) -> None:
    seen = plan.panned(dx, dy).to_view(plan.to_ground(place))
    assert math.dist(seen, (place.x + dx, place.y + dy)) < 1e-3


@given(st.builds(Point, METRE, METRE), st.builds(Point, METRE, METRE), VIEW, VIEW, st.floats(0, 60))
def test_a_fitted_plan_shows_all_within_its_margin(a: Point, b: Point, width: float, height: float, m: float) -> None:
    ground = Box.from_corners(a, b)
    margin = min(m, width / 4, height / 4)
    plan = PlanMap.fitted(ground, width, height, margin)
    for x, z in ((ground.left, ground.top), (ground.right, ground.bottom)):
        seen = plan.to_view(Point(x, z))
        assert margin - 1e-6 <= seen.x <= width - margin + 1e-6
        assert margin - 1e-6 <= seen.y <= height - margin + 1e-6


@given(MAPS, st.builds(Point, METRE, METRE))
def test_a_point_is_brought_into_view(plan: PlanMap, place: Point) -> None:
    seen = plan.with_in_view(place, 10).to_view(place)
    assert 10 - 1e-3 <= seen.x <= plan.width - 10 + 1e-3
    assert 10 - 1e-3 <= seen.y <= plan.height - 10 + 1e-3


def test_what_is_in_view_moves_nothing() -> None:
    plan = PlanMap(200, 100)
    assert plan.with_in_view(plan.middle, 20) == plan
    assert plan.sized(400, 300).to_view(plan.middle) == (200, 150)


@given(st.floats(1e-6, 1e8))
def test_a_round_length_is_the_next_of_1_2_5(length: float) -> None:
    found = round_length(length)
    assert length * (1 - 1e-8) <= found <= length * 2.5 * (1 + 1e-8)
    assert float(f"{found:.0e}") == pytest.approx(found)
    assert f"{found:.0e}"[0] in "125"


def test_multiples_and_words() -> None:
    assert multiples(2.0, -3.0, 4.0) == [-2.0, 0.0, 2.0, 4.0]
    assert [metres(length) for length in (0.05, 2.345, 120.4, 1234)] == ["5 cm", "2.35 m", "120 m", "1.23 km"]
    assert [round_metres(length) for length in (0.2, 5, 2000, 1)] == ["20 cm", "5 m", "2 km", "1 m"]
