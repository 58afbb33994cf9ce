from __future__ import annotations

import math

import pytest
from cuboid_scenes import CAR, FAR, ODD, VAN, cuboid, drag, editor_of, turn_wheel
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot
from widgets import click, press

from qwvis_desktop.core.geometry import Point
from qwvis_desktop.ui.panels.space.orbit_surface import OrbitSurface

SHIFT = Qt.KeyboardModifier.ShiftModifier
MIDDLE = Point(200, 150)


@pytest.fixture
def surface(qtbot: QtBot) -> OrbitSurface:
    made = OrbitSurface()
    qtbot.addWidget(made)
    made.resize(400, 300)
    made.show_editor(editor_of(CAR, VAN))
    made.show()
    made.setFocus()
    return made


def place_of(surface: OrbitSurface, place: int) -> QPoint:
    x, y = surface.eye.project(surface.eye.in_view(surface.scene.centers[place])).tolist()
    return QPoint(round(x), round(y))


def test_a_left_drag_circles_and_keeps_the_target(surface: OrbitSurface) -> None:
    before = surface.eye
    drag(surface, MIDDLE, Point(260, 170))
    assert surface.eye.azimuth < before.azimuth
    assert surface.eye.elevation > before.elevation
    assert (surface.eye.target, surface.eye.distance) == (before.target, before.distance)


@pytest.mark.parametrize(
    ("button", "modifier"),
    [(Qt.MouseButton.MiddleButton, Qt.KeyboardModifier.NoModifier), (Qt.MouseButton.LeftButton, SHIFT)],
)
def test_the_middle_button_or_shift_moves(
    surface: OrbitSurface, button: Qt.MouseButton, modifier: Qt.KeyboardModifier
) -> None:
    before = surface.eye
    drag(surface, MIDDLE, Point(240, 150), button, modifier)
    assert surface.eye.target == pytest.approx(before.panned(40, 0).target)
    assert surface.eye.azimuth == before.azimuth


def test_the_wheel_zooms(surface: OrbitSurface) -> None:
    before = surface.eye.distance
    turn_wheel(surface, MIDDLE, 4)
    assert surface.eye.distance == pytest.approx(before / 2)


def test_a_click_selects_and_changes_no_view(surface: OrbitSurface) -> None:
    assert surface.editor is not None
    before = surface.eye
    click(surface, place_of(surface, 1))
    assert surface.editor.selection == {"van"}
    click(surface, QPoint(4, 4))
    assert surface.editor.selection == frozenset()
    assert surface.eye == before
    assert cuboid(surface.editor, "van") == VAN


def test_keys_choose_views(surface: OrbitSurface) -> None:
    press(surface, Qt.Key.Key_2)
    assert surface.eye.elevation == pytest.approx(math.pi / 2)
    press(surface, Qt.Key.Key_3)
    assert surface.eye.azimuth == pytest.approx(-math.pi / 2)
    press(surface, Qt.Key.Key_4)
    assert surface.eye.eye == pytest.approx((0, 0, 0))
    press(surface, Qt.Key.Key_1)
    assert surface.eye.azimuth == 0
    assert place_of(surface, 0).x() < place_of(surface, 1).x()


def test_arrows_circle_with_shift_they_move(surface: OrbitSurface) -> None:
    before = surface.eye
    press(surface, Qt.Key.Key_Right)
    assert surface.eye.azimuth > before.azimuth
    press(surface, Qt.Key.Key_Left)
    press(surface, Qt.Key.Key_Up, SHIFT)
    assert surface.eye.target != before.target
    press(surface, Qt.Key.Key_Plus)
    assert surface.eye.distance < before.distance
    press(surface, Qt.Key.Key_0)
    assert surface.eye == before


def test_pointing_highlights(surface: OrbitSurface) -> None:
    assert surface.place_at(Point(*place_of(surface, 0).toTuple())) == 0
    surface.hover(0)
    assert surface.hovered == 0


def test_odd_cuboids_harm_nobody(surface: OrbitSurface) -> None:
    surface.show_editor(editor_of(CAR, *ODD))
    for view in ("front", "top", "side", "camera"):
        surface.look(view)
        assert not surface.grab().isNull()
    surface.show_editor(editor_of(ODD[0]))
    surface.look("camera")
    assert not surface.grab().isNull()


def test_a_far_one_does_not_spoil_the_fit(surface: OrbitSurface) -> None:
    near = surface.eye.distance
    surface.show_editor(editor_of(CAR, VAN, FAR))
    assert surface.eye.distance == pytest.approx(near)
