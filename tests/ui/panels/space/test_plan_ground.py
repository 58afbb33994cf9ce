from __future__ import annotations

from cuboid_scenes import CAR, FAR, VAN, editor_of
from pytestqt.qtbot import QtBot

from qwvis_desktop.core.annotation import Cuboid
from qwvis_desktop.core.geometry import Point
from qwvis_desktop.ui.editor import DocumentEditor
from qwvis_desktop.ui.panels.space.plan_ground import PlanGround


def ground_of(qtbot: QtBot, editor: DocumentEditor) -> PlanGround:
    ground = PlanGround()
    qtbot.addWidget(ground)
    ground.resize(500, 400)
    ground.show_editor(editor)
    ground.show()
    return ground


def sees(ground: PlanGround, cuboid: Cuboid) -> bool:
    return ground.plan.ground.contains(Point(cuboid.center[0], cuboid.center[2]))


def test_one_far_outlier_does_not_spoil_the_fit_and_is_said(qtbot: QtBot) -> None:
    ground = ground_of(qtbot, editor_of(CAR, VAN, FAR))
    assert sees(ground, CAR)
    assert sees(ground, VAN)
    assert not sees(ground, FAR)
    assert ground.plan.scale > 10
    assert ground.beyond == "Outside this view: “tower”, 900 m away."
    ground.fit(everything=True)
    assert sees(ground, FAR)
    assert ground.beyond == ""


def test_it_stays_fitted_while_cuboids_arrive_until_one_moves_it(qtbot: QtBot) -> None:
    editor = editor_of(CAR)
    ground = ground_of(qtbot, editor)
    editor.add([VAN], "reply", run="r")
    assert sees(ground, VAN)
    ground.set_plan(ground.plan.zoomed(8, Point(0, 0)))
    moved = ground.plan
    editor.add([FAR], "reply", run="r")
    assert ground.plan == moved
    ground.resize(600, 500)
    assert ground.plan.middle == moved.middle


def test_what_is_selected_elsewhere_can_be_brought_into_view(qtbot: QtBot) -> None:
    editor = editor_of(CAR, FAR)
    ground = ground_of(qtbot, editor)
    scale = ground.plan.scale
    assert ground.select_next(1)
    assert ground.select_next(1)
    assert editor.selection == {"far"}
    assert sees(ground, FAR)
    assert ground.plan.scale == scale


def test_the_smallest_under_the_pointer_comes_first(qtbot: QtBot) -> None:
    inner = Cuboid(id="in", label="box", center=(-2, 1, 8), size=(0.5, 0.5, 0.5), angles=(0, 0, 0))
    ground = ground_of(qtbot, editor_of(inner, CAR))
    place = ground.plan.to_view(Point(-2, 8))
    assert ground.place_at(place) == 0
    assert ground.place_at(ground.plan.to_view(Point(-3.5, 8))) == 1
    assert ground.place_at(Point(1, 1)) is None


def test_one_too_small_to_hit_is_met_near_it(qtbot: QtBot) -> None:
    cup = Cuboid(id="cup", label="cup", center=(3, 1, 9), size=(0.01, 0.01, 0.01), angles=(0, 0, 0))
    ground = ground_of(qtbot, editor_of(CAR, cup))
    place = ground.plan.to_view(Point(3, 9))
    assert ground.place_at(Point(place.x + 3, place.y)) == 1
