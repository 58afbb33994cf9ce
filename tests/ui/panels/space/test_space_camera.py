from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qwvis_desktop.core.geometry import Point
from qwvis_desktop.ui.panels.space.space_camera import MAX_DISTANCE, MIN_DISTANCE, PRESETS, OrbitCamera, clipped

METRE = st.floats(-50, 50)
POINT = st.tuples(METRE, METRE, METRE)
EYES = st.builds(
    OrbitCamera,
    st.floats(100, 2000),
    st.floats(100, 2000),
    POINT,
    st.floats(0.5, 100),
    st.floats(-math.pi, math.pi),
    st.floats(-math.pi / 2, math.pi / 2),
)


def seen(eye: OrbitCamera, *points: tuple[float, float, float]) -> list[list[float]]:
    places: list[list[float]] = eye.project(eye.in_view(np.array(points))).tolist()
    return places


@given(EYES)
def test_the_axes_are_square_and_right_handed(eye: OrbitCamera) -> None:
    axes = np.array(eye.axes)
    np.testing.assert_allclose(axes @ axes.T, np.eye(3), atol=1e-12)
    assert np.linalg.det(axes) == pytest.approx(1)


@given(EYES)
def test_the_target_is_in_the_middle_at_its_distance(eye: OrbitCamera) -> None:
    assert seen(eye, eye.target)[0] == pytest.approx([eye.width / 2, eye.height / 2], abs=1e-4)
    assert float(eye.in_view(np.array(eye.target))[2]) == pytest.approx(eye.distance)


@given(EYES, st.floats(-300, 300), st.floats(-300, 300))
def test_panning_moves_the_target_with_the_pointer(eye: OrbitCamera, dx: float, dy: float) -> None:
    place = seen(eye.panned(dx, dy), eye.target)[0]
    assert place == pytest.approx([eye.width / 2 + dx, eye.height / 2 + dy], abs=1e-3)


@given(EYES, st.floats(0.2, 5), st.floats(0, 1), st.floats(0, 1))
def test_zooming_keeps_what_is_under_the_pointer(eye: OrbitCamera, factor: float, x: float, y: float) -> None:
    anchor = Point(x * eye.width, y * eye.height)
    across, along, _ = (np.array(axis) for axis in eye.axes)
    offset = ((anchor.x - eye.width / 2) * across + (anchor.y - eye.height / 2) * along) * eye.distance / eye.focal
    held = tuple((np.array(eye.target) + offset).tolist())
    assert seen(eye.zoomed(factor, anchor), held)[0] == pytest.approx(list(anchor), abs=1e-3)


@given(EYES, st.floats(-1e4, 1e4), st.floats(-1e4, 1e4))
def test_circling_keeps_the_distance_and_never_turns_over(eye: OrbitCamera, dx: float, dy: float) -> None:
    turned = eye.orbited(dx, dy)
    assert math.dist(turned.eye, turned.target) == pytest.approx(eye.distance)
    assert abs(turned.elevation) <= math.pi / 2
    assert turned.axes[1][1] >= -1e-9, "down on the view would be up in space"


@given(EYES, st.lists(POINT, min_size=1, max_size=9))
def test_fitted_all_is_in_view(eye: OrbitCamera, points: list[tuple[float, float, float]]) -> None:
    fitted = eye.fitted(np.array(points))
    for x, y in seen(fitted, *points):
        assert -1e-3 <= x <= eye.width + 1e-3
        assert -1e-3 <= y <= eye.height + 1e-3


def test_zoom_has_its_limits() -> None:
    eye = OrbitCamera(100, 100)
    assert eye.zoomed(1e12, Point(0, 0)).distance == MIN_DISTANCE
    assert eye.zoomed(1e-12, Point(0, 0)).distance == MAX_DISTANCE


def test_from_the_top_it_is_the_plan_and_from_the_camera_the_picture() -> None:
    eye = OrbitCamera(400, 400, target=(0, 1, 10))
    middle, right, ahead = seen(eye.looking("top"), (0, 1, 10), (1, 1, 10), (0, 1, 11))
    assert right[0] > middle[0]
    assert ahead[1] < middle[1]
    camera = eye.at_camera()
    assert camera.eye == pytest.approx((0, 0, 0))
    (x, y), (below_x, below_y) = seen(camera, (1, 0, 10), (1, 1, 10))
    assert x > 200
    assert y == pytest.approx(200)
    assert below_y > y
    assert below_x == pytest.approx(x)


def test_from_the_side_depth_runs_across() -> None:
    near, far = seen(OrbitCamera(400, 400, target=(0, 1, 10)).looking("side"), (0, 1, 9), (0, 1, 11))
    assert abs(far[0] - near[0]) > 50
    assert set(PRESETS) == {"front", "top", "side"}


@given(EYES, st.lists(st.tuples(POINT, POINT), min_size=1, max_size=12))
def test_no_line_starts_behind_the_eye_or_far_outside(
    eye: OrbitCamera, ends: list[tuple[tuple[float, float, float], tuple[float, float, float]]]
) -> None:
    pairs = eye.in_view(np.array(ends))
    lines, kept = eye.lines(pairs[:, 0], pairs[:, 1])
    assert np.isfinite(lines).all()
    shown = lines[kept]
    assert (shown >= -16.01).all()
    assert (shown[:, [0, 2]] <= eye.width + 16.01).all()
    assert (shown[:, [1, 3]] <= eye.height + 16.01).all()
    assert not kept[(pairs[..., 2] < eye.near).all(axis=1)].any()


COORDINATE = st.floats(-1e5, 1e5)


@given(st.lists(st.tuples(*[COORDINATE] * 4), min_size=1, max_size=20))
def test_clipping_keeps_lines_on_themselves(lines: list[tuple[float, float, float, float]]) -> None:
    given_lines = np.array(lines)
    cut, kept = clipped(given_lines, np.ones(len(lines), dtype=bool), 300, 200)
    for before, after in zip(given_lines[kept], cut[kept], strict=True):
        way = before[2:] - before[:2]
        for end in (after[:2], after[2:]):
            aside = abs(way[0] * (end - before[:2])[1] - way[1] * (end - before[:2])[0])
            assert aside <= 1e-6 * max(1.0, float(np.hypot(*way))) * 1e3


def test_clipping_by_hand() -> None:
    lines = np.array(
        [[-100.0, 50, 100, 50], [10, 10, 20, 20], [-100, -100, -90, -90], [50, -500, 50, 900], [5, 5, 5, 5]]
    )
    cut, kept = clipped(lines, np.ones(5, dtype=bool), 100, 100, margin=0)
    assert kept.tolist() == [True, True, False, True, True]
    assert cut[0].tolist() == [0, 50, 100, 50]
    assert cut[1].tolist() == [10, 10, 20, 20]
    assert cut[3].tolist() == [50, 0, 50, 100]
