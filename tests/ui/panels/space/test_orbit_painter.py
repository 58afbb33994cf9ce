from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from cuboid_scenes import BEHIND, CAR, FAR, FLAT, VAN
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QFont, QImage, QPainter
from pytestqt.qtbot import QtBot

from qwvis_desktop.core.annotation import Cuboid
from qwvis_desktop.core.camera import EDGES, HALF_TURNS_XYZ, CameraIntrinsics
from qwvis_desktop.core.cuboid_editing import FACES
from qwvis_desktop.core.geometry import Point, Size
from qwvis_desktop.ui.panels.space.orbit_painter import EDGE_FACES, OrbitPainter, SeenScene
from qwvis_desktop.ui.panels.space.space_camera import OrbitCamera
from qwvis_desktop.ui.panels.space.space_scene import SpaceScene
from qwvis_desktop.ui.panels.space.space_strokes import Chips, Inks
from qwvis_desktop.ui.theme import palette_of

EYE = OrbitCamera(400, 300, target=(0.0, 1.0, 9.0), distance=20)
TURN = st.floats(-1, 1)


def seen(*cuboids: Cuboid, eye: OrbitCamera = EYE) -> SeenScene:
    return SeenScene.of(SpaceScene.of(cuboids, HALF_TURNS_XYZ), eye)


def painted(view: SeenScene, selected: tuple[int, ...] = (), hovered: int | None = None) -> QImage:
    image = QImage(400, 300, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    camera = CameraIntrinsics.from_field_of_view(Size(640, 480))
    inks, chips = Inks.of(palette_of(dark=True)), Chips(QFont(), 1.0)
    OrbitPainter(inks, chips, camera, Size(640, 480), selected, hovered).paint(painter, view)
    painter.end()
    return image


def test_at_each_edge_two_faces_meet() -> None:
    for (first, second), faces in zip(EDGES, EDGE_FACES, strict=True):
        assert len(set(faces)) == 2
        for face in faces:
            assert {first, second} <= set(FACES[face].corners)


@given(TURN, TURN, TURN, st.floats(-math.pi, math.pi), st.floats(-1.5, 1.5))
def test_faces_turned_to_the_eye_are_those_whose_plane_it_is_before(
    x: float, y: float, z: float, azimuth: float, elevation: float
) -> None:
    cuboid, eye = replace(CAR, angles=(x, y, z)), replace(EYE, azimuth=azimuth, elevation=elevation)
    view = seen(cuboid, eye=eye)
    corners = view.scene.corners[0]
    for number, face in enumerate(FACES):
        out = face.sign * (corners[0] - corners[4 >> face.axis])
        middle = corners[list(face.corners)].mean(axis=0)
        before = float((np.array(eye.eye) - middle) @ out)
        if abs(before) > 1e-6:
            assert bool(view.facing[0, number]) == (before > 0)
    assert 1 <= int(view.facing[0].sum()) <= 3


def test_three_edges_of_a_corner_are_hidden_and_nine_are_not() -> None:
    lines, kept, front = seen(CAR).edges()
    assert lines.shape == (1, 12, 4)
    assert kept.all()
    assert int(front.sum()) == 9


def test_from_within_no_edge_is_hidden() -> None:
    room = replace(CAR, center=(0.0, 0.0, 0.0), size=(50.0, 50.0, 50.0))
    assert seen(room, eye=EYE.at_camera()).facing.all()


def test_the_far_ones_are_drawn_first() -> None:
    view = seen(CAR, VAN, FAR, eye=EYE.at_camera())
    assert view.order.tolist() == [2, 1, 0]


def test_the_nearest_under_the_pointer_is_met() -> None:
    behind = replace(CAR, id="b", center=(-2.0, 1.0, 15.0))
    view = seen(behind, CAR, eye=EYE.at_camera())
    middle = view.eye.project(view.corners[1].mean(axis=0)).tolist()
    assert view.place_at(Point(*middle)) == 1
    assert view.place_at(Point(2, 2)) is None
    assert seen().place_at(Point(2, 2)) is None


def test_what_is_behind_the_eye_is_not_met_nor_drawn() -> None:
    view = seen(BEHIND, eye=EYE.at_camera())
    lines, kept, _ = view.edges()
    assert not kept.any()
    assert np.isfinite(lines).all()
    assert view.place_at(Point(200, 150)) is None
    assert view.faces(0) == []


@given(st.lists(st.tuples(TURN, st.floats(-30, 30), st.floats(-30, 30)), min_size=1, max_size=6), st.floats(0.05, 60))
def test_edges_are_those_that_the_eye_sees_one_by_one(
    places: list[tuple[float, float, float]], distance: float
) -> None:
    cuboids = [replace(CAR, id=str(n), center=(x, 1.0, z), angles=(0.0, t, 0.0)) for n, (t, x, z) in enumerate(places)]
    view = seen(*cuboids, eye=replace(EYE, distance=distance))
    lines, kept, _ = view.edges()
    order = np.array(EDGES)
    expected, met = view.eye.lines(
        view.corners[:, order[:, 0]].reshape(-1, 3), view.corners[:, order[:, 1]].reshape(-1, 3)
    )
    assert (kept.reshape(-1) == met).all()
    np.testing.assert_allclose(lines.reshape(-1, 4)[met], expected[met], atol=1e-6)


def test_light_lines_on_dark_and_emphasis(qtbot: QtBot) -> None:
    view = seen(CAR, VAN)
    pictures = [painted(view), painted(view, selected=(0,)), painted(view, hovered=0), painted(seen(CAR))]
    assert len({bytes(picture.constBits()) for picture in pictures}) == 4


@pytest.mark.parametrize("distance", [0.05, 3.0, 1e6])
@pytest.mark.parametrize("count", [1, 300])
def test_every_distance_can_be_drawn(qtbot: QtBot, distance: float, count: int) -> None:
    crowd = [
        replace(CAR, id=str(n), label=f"car {n % 5}", center=(n % 20 - 10.0, 1.0, n / 20 + 2)) for n in range(count)
    ]
    view = seen(*crowd, FLAT, FAR, BEHIND, eye=replace(EYE, distance=distance))
    assert not painted(view, selected=(0,)).isNull()
