from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from cuboid_scenes import BROKEN, CAR, VAN, editor_of
from pytestqt.qtbot import QtBot

from qwvis_desktop.core.annotation import Detection
from qwvis_desktop.core.camera import ANGLE_CONVENTIONS
from qwvis_desktop.core.geometry import Box, Point
from qwvis_desktop.ui.panels.space.orbit_surface import OrbitSurface
from qwvis_desktop.ui.panels.space.plan_surface import PlanSurface
from qwvis_desktop.ui.panels.space.space_surface import SpaceSurface, inside
from qwvis_desktop.ui.theme import palette_of


@pytest.fixture(params=[PlanSurface, OrbitSurface])
def surface(request: pytest.FixtureRequest, qtbot: QtBot) -> SpaceSurface:
    made: SpaceSurface = request.param()
    qtbot.addWidget(made)
    made.resize(400, 300)
    made.show()
    return made


def test_it_follows_what_is_added_changed_hidden_and_undone(surface: SpaceSurface) -> None:
    editor = editor_of(CAR)
    surface.show_editor(editor)
    editor.add([VAN], "Add")
    assert [cuboid.id for cuboid in surface.scene.cuboids] == ["car", "van"]
    editor.hide(["car"])
    assert list(surface.scene.cuboids) == [VAN]
    editor.hide([])
    editor.replace([replace(CAR, center=(1.0, 1.0, 9.0))], "Move")
    assert surface.scene.cuboids[0].center == (1.0, 1.0, 9.0)
    editor.undo_stack.undo()
    assert list(surface.scene.cuboids) == [CAR, VAN]
    editor.remove(["car", "van"], "Delete")
    assert len(surface.scene) == 0


def test_it_follows_the_convention(surface: SpaceSurface) -> None:
    editor = editor_of(VAN)
    surface.show_editor(editor)
    before = surface.scene.corners
    editor.set_convention(ANGLE_CONVENTIONS["degrees-xyz"], "Convention")
    assert np.abs(surface.scene.corners - before).max() > 0.5
    editor.undo_stack.undo()
    assert (surface.scene.corners == before).all()


def test_another_document_is_another_scene_and_the_first_is_let_go(surface: SpaceSurface, qtbot: QtBot) -> None:
    first, second = editor_of(CAR), editor_of(VAN)
    surface.show_editor(first)
    surface.show_editor(second)
    assert surface.scene.cuboids == (VAN,)
    with qtbot.assertNotEmitted(surface.news):
        first.add([VAN], "Add")
    surface.show_editor(None)
    assert len(surface.scene) == 0


def test_the_selection_is_shared_both_ways(surface: SpaceSurface, qtbot: QtBot) -> None:
    editor = editor_of(CAR, VAN)
    surface.show_editor(editor)
    with qtbot.waitSignal(surface.news):
        editor.select({"van"})
    assert surface.selected_cuboids == (VAN,)
    assert surface.select_next(-1)
    assert editor.selection == {"car"}


def test_what_is_selected_and_pointed_at_looks_otherwise(surface: SpaceSurface) -> None:
    editor = editor_of(CAR, VAN)
    surface.show_editor(editor)
    plain = surface.grab().toImage()
    surface.hover(0)
    hovered = surface.grab().toImage()
    surface.hover(None)
    editor.select({"car"})
    assert len({bytes(image.constBits()) for image in (plain, hovered, surface.grab().toImage())}) == 3


def test_light_and_dark(surface: SpaceSurface) -> None:
    surface.show_editor(editor_of(CAR))
    grounds = set()
    for dark in (False, True):
        surface.setPalette(palette_of(dark))
        grounds.add(surface.grab().toImage().pixelColor(398, 150).lightness() > 128)
    assert grounds == {True, False}


def test_it_says_what_to_do_where_nothing_is_to_be_seen(surface: SpaceSurface) -> None:
    assert "Open a picture" in surface.empty_words()
    editor = editor_of()
    surface.show_editor(editor)
    assert "Find objects in 3D" in surface.empty_words()
    editor.add([BROKEN], "Add")
    assert "not finite" in surface.empty_words()
    editor.remove(["broken"], "Delete")
    editor.add([CAR], "Add")
    editor.hide(["car"])
    assert "hidden" in surface.empty_words()
    assert not surface.grab().isNull()


def test_it_has_a_name_and_tells_its_keys(surface: SpaceSurface) -> None:
    assert surface.accessibleName()
    assert "Tab" in surface.accessibleDescription()


def test_inside_holds_whichever_way_an_outline_runs() -> None:
    square = [[0.0, 0.0], [4.0, 0.0], [4.0, 4.0], [0.0, 4.0]]
    outlines = np.array([square, square[::-1], [[9.0, 9.0]] * 4])
    assert inside(outlines, Point(1, 1)).tolist() == [True, True, False]
    assert inside(outlines, Point(5, 1)).tolist() == [False, False, False]
    assert inside(outlines, Point(9, 9)).tolist() == [False, False, False]


def test_boxes_of_the_picture_are_no_business_of_the_views(surface: SpaceSurface, qtbot: QtBot) -> None:
    editor = editor_of(CAR)
    surface.show_editor(editor)
    scene = surface.scene
    editor.add([Detection(id="box", label="dog", box=Box(1, 2, 3, 4))], "Add")
    editor.remove(["box"], "Delete")
    assert surface.scene is scene


def test_what_came_while_hidden_is_shown(surface: SpaceSurface) -> None:
    editor = editor_of()
    surface.show_editor(editor)
    surface.hide()
    editor.add([CAR, VAN], "Add")
    surface.show()
    assert surface.scene.cuboids == (CAR, VAN)
    assert all(surface.place_at(middle_of(surface, place)) is not None for place in (0, 1))


def middle_of(surface: SpaceSurface, place: int) -> Point:
    x, y, z = surface.scene.centers[place].tolist()
    if isinstance(surface, PlanSurface):
        return surface.plan.to_view(Point(x, z))
    assert isinstance(surface, OrbitSurface)
    return Point(*surface.eye.project(surface.eye.in_view(np.array((x, y, z)))).tolist())


def test_views_without_cuboids_do_not_load_numpy() -> None:
    code = (
        "import sys; from PySide6.QtWidgets import QApplication; app = QApplication([]);"
        "from qwvis_desktop.ui.panels.space.plan_view import PlanView;"
        "from qwvis_desktop.ui.panels.space.orbit_view import OrbitView;"
        "views = PlanView(), OrbitView(); [(view.show(), view.grab()) for view in views];"
        "sys.exit('numpy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[3], check=False).returncode == 0
