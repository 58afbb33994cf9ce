from __future__ import annotations

from dataclasses import replace

import pytest
from cuboid_scenes import CAR, FAR, VAN
from PySide6.QtGui import QColor, QFont, QImage, QPainter
from pytestqt.qtbot import QtBot

from qwvis_desktop.core.annotation import Cuboid
from qwvis_desktop.core.camera import HALF_TURNS_XYZ, CameraIntrinsics
from qwvis_desktop.core.geometry import Box, Point, Size
from qwvis_desktop.ui.panels.space.plan_map import PlanMap
from qwvis_desktop.ui.panels.space.plan_painter import Handles, PlanMarks, PlanPainter, beyond, fitting
from qwvis_desktop.ui.panels.space.space_scene import SpaceScene
from qwvis_desktop.ui.panels.space.space_strokes import Chips, Inks
from qwvis_desktop.ui.theme import palette_of

PLAN = PlanMap(400, 400, 20, Point(0, 8))


def scene_of(*cuboids: Cuboid) -> SpaceScene:
    return SpaceScene.of(cuboids, HALF_TURNS_XYZ)


def inks() -> Inks:
    return Inks.of(palette_of(dark=False))


def painted(scene: SpaceScene, plan: PlanMap = PLAN, marks: PlanMarks | None = None) -> QImage:
    image = QImage(400, 400, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    camera = CameraIntrinsics(400, 400, 200, 200)
    PlanPainter(inks(), Chips(QFont(), 1.0), camera, Size(400, 400), marks or PlanMarks()).paint(painter, scene, plan)
    painter.end()
    return image


def color_at(image: QImage, x: float, z: float, plan: PlanMap = PLAN) -> QColor:
    place = plan.to_view(Point(x, z))
    return image.pixelColor(round(place.x), round(place.y))


def far_apart(first: QColor, second: QColor) -> int:
    parts = ((c.red(), c.green(), c.blue()) for c in (first, second))
    return sum(abs(a - b) for a, b in zip(*parts, strict=True))


def test_a_footprint_is_where_it_should_be(qtbot: QtBot) -> None:
    scene = scene_of(CAR)
    line = inks().line(int(scene.colors[0]))
    image = painted(scene)
    for x, z in ((-4, 8.3), (0, 7.5), (-3, 7.1), (-1, 8.9)):
        assert far_apart(color_at(image, x, z), line) < 90, (x, z)
    assert far_apart(color_at(image, -3.3, 7.6), color_at(painted(scene_of()), -3.3, 7.6)) > 20, "not filled"
    assert color_at(image, 5, 7.55) == color_at(painted(scene_of()), 5, 7.55)


def test_what_the_camera_sees_is_tinted(qtbot: QtBot) -> None:
    image = painted(scene_of())
    assert color_at(image, 0.3, 12.3) != color_at(image, 8.3, 1.3)


def test_measured_selected_and_handles_are_drawn(qtbot: QtBot) -> None:
    scene = scene_of(CAR)
    plain = painted(scene)
    measured = painted(scene, marks=PlanMarks(measured=(Point(3, 3), Point(6, 3), "3.00 m")))
    assert far_apart(color_at(measured, 5.7, 3), inks().accent) < 60
    selected = painted(scene, marks=PlanMarks(selected=(0,)))
    handled = painted(scene, marks=PlanMarks(selected=(0,), handles=True))
    assert len({bytes(image.constBits()) for image in (plain, measured, selected, handled)}) == 4
    turn = Handles.of(scene, 0, PLAN).turn
    assert far_apart(handled.pixelColor(round(turn.x), round(turn.y)), inks().accent) < 30


def test_handles_lie_on_the_middles_of_sides_and_before_the_front() -> None:
    handles = Handles.of(scene_of(CAR), 0, PLAN)
    middles = {PLAN.to_view(Point(x, z)) for x, z in ((0, 8), (-4, 8), (-2, 7.1), (-2, 8.9))}
    assert all(min(abs(a.x - b.x) + abs(a.y - b.y) for b in middles) < 1e-6 for a in handles.sides)
    assert handles.front == pytest.approx(PLAN.to_view(Point(0, 8)))
    assert handles.turn.x > handles.front.x
    assert handles.turn.y == pytest.approx(handles.front.y)


def test_a_crowd_is_drawn_in_thin_lines(qtbot: QtBot) -> None:
    crowd = [replace(CAR, id=str(n), center=(n % 20 - 10.0, 1.0, n // 20 + 2.0)) for n in range(300)]
    assert painted(scene_of(*crowd)) != painted(scene_of(*crowd[:150]))


@pytest.mark.parametrize("scale", [1e-4, 0.5, 5000.0])
def test_every_scale_can_be_drawn(qtbot: QtBot, scale: float) -> None:
    scene = scene_of(CAR, VAN, FAR)
    plan = PlanMap(400, 400, scale, Point(-2, 8))
    assert not painted(scene, plan, PlanMarks(selected=(0, 1), hovered=2)).isNull()


def test_a_fit_shows_the_camera_and_what_is_near() -> None:
    plan = fitting(scene_of(CAR, VAN, FAR), 500, 400)
    shown = plan.ground
    assert shown.contains(Point(0, 0))
    assert shown.contains(Point(3, 12))
    assert not shown.contains(Point(0, 900))
    assert fitting(scene_of(FAR), 500, 400).ground.contains(Point(0, 900)), "one alone is no outlier"
    assert fitting(scene_of(CAR, FAR), 500, 400, everything=True).ground.contains(Point(0, 900))
    assert fitting(scene_of(), 500, 400).ground.contains(Point(0, 0))


def test_what_lies_outside_is_counted() -> None:
    other = replace(FAR, id="other", center=(0.0, 0.0, 1500.0))
    scene = scene_of(CAR, VAN, replace(CAR, id="c"), replace(CAR, id="d"), FAR, other)
    assert beyond(scene, fitting(scene, 500, 400)) == "Outside this view: 2 cuboids, the farthest 1.5 km away."
    assert beyond(scene, PlanMap.fitted(Box(-1000, 0, 1000, 2000), 500, 400)) == ""
