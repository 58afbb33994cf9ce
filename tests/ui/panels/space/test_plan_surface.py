from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from cuboid_scenes import CAR, ODD, VAN, cuboid, drag, editor_of, turn_wheel
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from widgets import click, press

from qwvis_desktop.core.annotation import Annotation
from qwvis_desktop.core.camera import HALF_TURNS_XYZ
from qwvis_desktop.core.cuboid_editing import heading
from qwvis_desktop.core.geometry import Point
from qwvis_desktop.ui.editor import DocumentEditor
from qwvis_desktop.ui.panels.space.plan_painter import Handles
from qwvis_desktop.ui.panels.space.plan_surface import PlanSurface

SHIFT, CONTROL, ALT = (
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
)
Opened = Callable[..., tuple[PlanSurface, DocumentEditor]]


@pytest.fixture
def opened(qtbot: QtBot) -> Opened:
    def open_(*annotations: Annotation, select: str = "") -> tuple[PlanSurface, DocumentEditor]:
        surface, editor = PlanSurface(), editor_of(*annotations)
        qtbot.addWidget(surface)
        surface.resize(500, 400)
        surface.show_editor(editor)
        surface.show()
        surface.setFocus()
        if select:
            editor.select({select})
        return surface, editor

    return open_


def at(surface: PlanSurface, x: float, z: float) -> Point:
    return surface.plan.to_view(Point(x, z))


def pixel(place: Point) -> QPoint:
    return QPoint(round(place.x), round(place.y))


def handles(surface: PlanSurface) -> Handles:
    return Handles.of(surface.scene, surface.selected[0], surface.plan)


def test_a_click_selects_and_one_beside_selects_none(opened: Opened) -> None:
    surface, editor = opened(CAR, VAN)
    click(surface, pixel(at(surface, -2, 8)))
    assert editor.selection == {"car"}
    click(surface, pixel(at(surface, 3, 12)), CONTROL)
    assert editor.selection == {"car", "van"}
    click(surface, pixel(at(surface, -2, 8)), SHIFT)
    assert editor.selection == {"van"}
    click(surface, QPoint(3, 3))
    assert editor.selection == frozenset()


def test_dragging_what_is_selected_moves_it_in_one_step(opened: Opened) -> None:
    surface, editor = opened(CAR, VAN, select="car")
    steps, plan = editor.undo_stack.count(), surface.plan
    drag(surface, at(surface, -2.5, 8), at(surface, -1.5, 10))
    moved = cuboid(editor, "car")
    assert moved.center == pytest.approx((-1.0, 1.0, 10.0), abs=1.5 / plan.scale)
    assert (moved.size, moved.angles) == (CAR.size, CAR.angles)
    assert editor.undo_stack.count() == steps + 1
    assert surface.plan == plan, "the plan jumped while a cuboid was moved"
    editor.undo_stack.undo()
    assert cuboid(editor, "car") == CAR


def test_dragging_one_of_two_selected_moves_both(opened: Opened) -> None:
    surface, editor = opened(CAR, VAN)
    editor.select({"car", "van"})
    drag(surface, at(surface, -2.5, 8), at(surface, -2.5, 9))
    assert cuboid(editor, "car").center[2] > 8.5
    assert cuboid(editor, "van").center[2] > 12.5
    assert editor.undo_stack.undoText() == "Move cuboids"


def test_dragging_what_is_not_selected_moves_the_ground(opened: Opened) -> None:
    surface, editor = opened(CAR, VAN)
    before = surface.plan
    drag(surface, at(surface, -2, 8), Point(at(surface, -2, 8).x + 40, at(surface, -2, 8).y + 10))
    assert cuboid(editor, "car") == CAR
    assert editor.selection == frozenset()
    assert surface.plan == before.panned(40, 10)


def test_the_middle_button_moves_the_ground_only(opened: Opened) -> None:
    surface, editor = opened(CAR, select="car")
    before = surface.plan
    drag(
        surface, at(surface, -2, 8), Point(at(surface, -2, 8).x + 20, at(surface, -2, 8).y), Qt.MouseButton.MiddleButton
    )
    assert surface.plan == before.panned(20, 0)
    assert cuboid(editor, "car") == CAR


def test_a_side_handle_resizes_and_the_opposite_side_stays(opened: Opened) -> None:
    surface, editor = opened(CAR, select="car")
    right = max(handles(surface).sides, key=lambda side: side.x)
    drag(surface, right, Point(right.x + surface.plan.scale, right.y))
    changed = cuboid(editor, "car")
    assert changed.size == pytest.approx((5.0, 1.5, 1.8), abs=0.06)
    assert changed.center[0] - changed.size[0] / 2 == pytest.approx(-4.0)
    assert editor.undo_stack.undoText() == "Resize cuboid"


def test_the_round_handle_turns(opened: Opened) -> None:
    surface, editor = opened(CAR, select="car")
    middle, handle = at(surface, -2, 8), handles(surface).turn
    drag(surface, handle, Point(middle.x, middle.y - (handle.x - middle.x)))
    assert heading(cuboid(editor, "car"), HALF_TURNS_XYZ) == pytest.approx(90, abs=2)
    assert cuboid(editor, "car").center == CAR.center
    assert editor.undo_stack.undoText() == "Turn cuboid"


def test_escape_gives_a_drag_up(opened: Opened) -> None:
    surface, editor = opened(CAR, select="car")
    start = pixel(at(surface, -2.5, 8))
    QTest.mousePress(surface, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start)
    QTest.mouseMove(surface, start + QPoint(60, 0))
    assert surface.preview
    asked = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(surface, asked)
    assert asked.isAccepted(), "the window's Escape would stop a run"
    surface.forget_gesture()
    QTest.mouseRelease(surface, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start + QPoint(60, 0))
    assert cuboid(editor, "car") == CAR
    assert not surface.preview


@pytest.mark.parametrize(
    ("key", "modifier", "center"),
    [
        (Qt.Key.Key_Right, Qt.KeyboardModifier.NoModifier, (-1.95, 1.0, 8.0)),
        (Qt.Key.Key_Left, SHIFT, (-2.5, 1.0, 8.0)),
        (Qt.Key.Key_Up, Qt.KeyboardModifier.NoModifier, (-2.0, 1.0, 8.05)),
        (Qt.Key.Key_Down, SHIFT, (-2.0, 1.0, 7.5)),
    ],
)
def test_arrows_move(
    opened: Opened, key: Qt.Key, modifier: Qt.KeyboardModifier, center: tuple[float, float, float]
) -> None:
    surface, editor = opened(CAR, select="car")
    press(surface, key, modifier)
    assert cuboid(editor, "car").center == pytest.approx(center)
    assert editor.undo_stack.undoText() == "Move cuboid"


@pytest.mark.parametrize(
    ("key", "modifier", "degrees"),
    [
        (Qt.Key.Key_BracketLeft, Qt.KeyboardModifier.NoModifier, 1),
        (Qt.Key.Key_BracketRight, Qt.KeyboardModifier.NoModifier, -1),
        (Qt.Key.Key_BracketLeft, SHIFT, 10),
        (Qt.Key.Key_BraceRight, SHIFT, -10),
    ],
)
def test_brackets_turn(opened: Opened, key: Qt.Key, modifier: Qt.KeyboardModifier, degrees: float) -> None:
    surface, editor = opened(CAR, select="car")
    press(surface, key, modifier)
    assert heading(cuboid(editor, "car"), HALF_TURNS_XYZ) == pytest.approx(degrees)


def test_ctrl_pushes_a_side_out_and_alt_pulls_it_in(opened: Opened) -> None:
    surface, editor = opened(CAR, select="car")
    press(surface, Qt.Key.Key_Right, CONTROL)
    assert cuboid(editor, "car").size == pytest.approx((4.05, 1.5, 1.8))
    press(surface, Qt.Key.Key_Up, ALT | SHIFT)
    assert cuboid(editor, "car").size == pytest.approx((4.05, 1.5, 1.3))


def test_a_key_held_down_is_one_step(opened: Opened) -> None:
    surface, editor = opened(CAR, select="car")
    steps = editor.undo_stack.count()
    for _ in range(5):
        QTest.keyPress(surface, Qt.Key.Key_Right)
    QTest.keyRelease(surface, Qt.Key.Key_Right)
    assert cuboid(editor, "car").center[0] == pytest.approx(-1.75)
    assert editor.undo_stack.count() == steps + 1


def test_an_undo_beneath_a_held_key_gives_it_up(opened: Opened) -> None:
    surface, editor = opened(CAR, select="car")
    press(surface, Qt.Key.Key_Right)
    QTest.keyPress(surface, Qt.Key.Key_Right)
    editor.undo_stack.undo()
    QTest.keyRelease(surface, Qt.Key.Key_Right)
    assert cuboid(editor, "car") == CAR
    assert not surface.preview


def test_tab_goes_through_the_cuboids_and_then_on(opened: Opened) -> None:
    surface, editor = opened(CAR, VAN)
    press(surface, Qt.Key.Key_Tab)
    assert editor.selection == {"car"}
    press(surface, Qt.Key.Key_Tab)
    assert editor.selection == {"van"}
    press(surface, Qt.Key.Key_Backtab)
    assert editor.selection == {"car"}
    assert not surface.select_next(-1)


def test_arrows_move_the_ground_where_nothing_is_selected(opened: Opened) -> None:
    surface, _ = opened(CAR)
    before = surface.plan
    press(surface, Qt.Key.Key_Right)
    assert surface.plan.middle.x > before.middle.x
    press(surface, Qt.Key.Key_Plus)
    assert surface.plan.scale > before.scale
    press(surface, Qt.Key.Key_F)
    assert surface.plan == before


def test_measuring(opened: Opened, qtbot: QtBot) -> None:
    surface, editor = opened(CAR, select="car")
    with qtbot.waitSignal(surface.measuring_changed):
        press(surface, Qt.Key.Key_M)
    drag(surface, at(surface, -2, 8), at(surface, 1, 12))
    assert surface.measured == pytest.approx(5.0, abs=0.1)
    assert cuboid(editor, "car") == CAR
    click(surface, pixel(at(surface, 1, 6)))
    assert surface.measured is None
    press(surface, Qt.Key.Key_Escape)
    assert not surface.measuring


def test_the_wheel_zooms_round_the_pointer(opened: Opened) -> None:
    surface, _ = opened(CAR, VAN)
    place = at(surface, 3, 12)
    turn_wheel(surface, place, 4)
    assert at(surface, 3, 12) == pytest.approx(place)


def test_odd_cuboids_harm_nobody(opened: Opened) -> None:
    surface, editor = opened(CAR, *ODD)
    surface.fit(everything=True)
    assert not surface.grab().isNull()
    for key in ("flat", "behind", "far"):
        editor.select({key})
        press(surface, Qt.Key.Key_Right)
        press(surface, Qt.Key.Key_BracketLeft)
        press(surface, Qt.Key.Key_Up, CONTROL)
        assert not surface.grab().isNull()
    editor.replace([replace(CAR, center=(float("inf"), 0, 0))], "break")
    assert not surface.grab().isNull()


def test_nothing_open_nothing_happens(qtbot: QtBot) -> None:
    surface = PlanSurface()
    qtbot.addWidget(surface)
    surface.show()
    drag(surface, Point(20, 20), Point(60, 60))
    press(surface, Qt.Key.Key_Right)
    press(surface, Qt.Key.Key_BracketLeft)
    assert surface.empty_words() == "Open a picture to see its boxes in space here."
