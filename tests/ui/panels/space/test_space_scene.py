from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from cuboid_scenes import BROKEN, CAR, FAR, FLAT, ODD, VAN, editor_of
from hypothesis import given
from hypothesis import strategies as st

from qwvis_desktop.core.annotation import Cuboid
from qwvis_desktop.core.camera import HALF_TURNS_XYZ, corners
from qwvis_desktop.core.cuboid_editing import Face, axes, face_center, heading
from qwvis_desktop.ui.panels.space.space_scene import SpaceScene, among_others, is_drawable

ANGLE = st.floats(-1, 1)
LENGTH = st.floats(0.05, 20)
PLACE = st.floats(-100, 100)
CUBOIDS = st.builds(
    Cuboid,
    label=st.just("box"),
    center=st.tuples(PLACE, PLACE, PLACE),
    size=st.tuples(LENGTH, LENGTH, LENGTH),
    angles=st.tuples(ANGLE, ANGLE, ANGLE),
)


def scene_of(*cuboids: Cuboid) -> SpaceScene:
    return SpaceScene.of(cuboids, HALF_TURNS_XYZ)


def test_an_upright_box_stands_on_its_length_and_width() -> None:
    scene = scene_of(CAR)
    assert sorted(map(tuple, scene.footprints[0].round(9).tolist())) == [(-4, 7.1), (-4, 8.9), (0, 7.1), (0, 8.9)]
    assert scene.headings[0].tolist() == pytest.approx([1, 0])
    assert scene.ground == pytest.approx(1.75)


@given(st.lists(CUBOIDS, min_size=1, max_size=5))
def test_a_footprint_is_the_lowest_face_as_seen_from_above(cuboids: list[Cuboid]) -> None:
    scene = scene_of(*cuboids)
    for place, cuboid in enumerate(cuboids):
        low = max(
            (Face(axis, sign) for axis in range(3) for sign in (1, -1)),
            key=lambda face: face.sign * axes(cuboid)[face.axis][1],
        )
        ends = corners(cuboid.center, cuboid.size, cuboid.angles)
        expected = np.array([(ends[corner][0], ends[corner][2]) for corner in low.corners])
        found = scene.footprints[place]
        # Two faces may look down alike; then either will do.
        slopes = sorted((abs(axis[1]) for axis in axes(cuboid)), reverse=True)
        if slopes[0] - slopes[1] > 1e-6:
            apart = np.linalg.norm(expected[:, None] - found[None], axis=2)
            assert apart.min(axis=0).max() < 1e-6
            assert apart.min(axis=1).max() < 1e-6


@given(CUBOIDS)
def test_each_side_of_a_footprint_is_that_of_the_face_it_names(cuboid: Cuboid) -> None:
    scene = scene_of(cuboid)
    outline = scene.footprints[0]
    center = np.array(outline.mean(axis=0))
    for side in range(4):
        face = Face(*scene.sides[0, side].tolist())
        middle = (outline[side] + outline[(side + 1) % 4]) / 2
        x, _, z = face_center(cuboid, face)
        offset = np.array((x, z)) - np.array((cuboid.center[0], cuboid.center[2]))
        np.testing.assert_allclose(middle - center, offset, atol=1e-6)


@given(CUBOIDS)
def test_a_heading_is_that_of_the_core_where_the_length_lies_level(cuboid: Cuboid) -> None:
    if abs(axes(cuboid)[0][1]) < 0.5:
        x, z = scene_of(cuboid).headings[0].tolist()
        turn = math.radians(heading(cuboid)) - math.atan2(z, x)
        assert math.cos(turn) == pytest.approx(1)


def test_what_cannot_be_drawn_is_left_out_and_named() -> None:
    scene = scene_of(CAR, *ODD)
    assert scene.left_out == ("ghost",)
    assert "broken" not in scene.places
    for numbers in (scene.corners, scene.footprints, scene.headings, scene.centers):
        assert np.isfinite(numbers).all()
    assert not is_drawable(replace(CAR, center=(0, 0, 2e6)))
    assert not is_drawable(replace(CAR, size=(math.inf, 1, 1)))
    assert not is_drawable(replace(CAR, angles=(math.nan, 0, 0)))
    assert is_drawable(FLAT)


def test_no_cuboid_is_a_scene_too() -> None:
    scene = scene_of()
    assert len(scene) == 0
    assert scene.footprints.shape == (0, 4, 2)
    assert not scene.near().any()
    assert np.isfinite(scene.ground)


def test_hidden_ones_are_left_out() -> None:
    assert SpaceScene.of_document(editor_of(CAR, VAN).document, {"car"}).cuboids == (VAN,)


def test_replacing_is_like_making_it_anew() -> None:
    moved = replace(CAR, center=(1.0, 1.0, 4.0), angles=(0.1, 0.2, 0.3))
    found = scene_of(CAR, VAN).with_replaced([moved, BROKEN, FAR], HALF_TURNS_XYZ)
    expected = scene_of(moved, VAN)
    assert found.cuboids == expected.cuboids
    for name in ("corners", "footprints", "sides", "headings", "colors"):
        assert (getattr(found, name) == getattr(expected, name)).all(), name


@pytest.mark.parametrize(
    ("distances", "near"),
    [
        ([5], [True]),
        ([5, 900], [True, False]),
        ([900], [True]),
        ([5, 9, 20, 24], [True] * 4),
        ([0.1, 2.9], [True, True]),
        ([], []),
    ],
)
def test_one_far_beyond_the_others_is_told(distances: list[float], near: list[bool]) -> None:
    assert among_others(np.array(distances, dtype=float)).tolist() == near
