from __future__ import annotations

from dataclasses import replace

from cuboid_scenes import BROKEN, CAR, FLAT, VAN, editor_of
from pytestqt.qtbot import QtBot

from qwvis_desktop.core.camera import HALF_TURNS_XYZ
from qwvis_desktop.ui.panels.space.orbit_surface import OrbitSurface
from qwvis_desktop.ui.panels.space.space_words import on_cuboid, on_gap, words_on


def test_a_cuboid_is_described() -> None:
    assert on_cuboid(CAR, HALF_TURNS_XYZ) == "car: 8.31 m away, 4.00 × 1.50 × 1.80 m, heading 0°"
    assert on_cuboid(replace(CAR, label=""), HALF_TURNS_XYZ).startswith("cuboid: ")


def test_gaps_are_told_also_where_two_meet_or_one_is_flat() -> None:
    beside = replace(CAR, id="b", label="bus", center=(-2.0, 1.0, 12.0))
    assert on_gap(CAR, beside, HALF_TURNS_XYZ) == "Gap 2.20 m between car and bus; centres 4.00 m"
    within = replace(CAR, id="c", label="bus", center=(-2.0, 1.0, 8.5))
    assert on_gap(CAR, within, HALF_TURNS_XYZ) == "car and bus meet; centres 50 cm"
    assert on_gap(CAR, FLAT, HALF_TURNS_XYZ) == "3.61 m between the centres of car and mat"


def test_the_most_particular_is_said(qtbot: QtBot) -> None:
    surface, editor = OrbitSurface(), editor_of(CAR, VAN, BROKEN)
    qtbot.addWidget(surface)
    assert words_on(surface) == ""
    surface.show_editor(editor)
    assert words_on(surface) == "2 cuboids, 1 with numbers that cannot be drawn"
    editor.select({"van"})
    assert words_on(surface).startswith("van: ")
    surface.hover(0)
    assert words_on(surface).startswith("car: ")
    assert words_on(surface, measured=2.5) == "Distance: 2.50 m"
    surface.hover(None)
    editor.add([replace(CAR, id="x"), replace(CAR, id="y")], "Add")
    editor.select({"car", "van", "x"})
    assert words_on(surface) == "4 cuboids, 3 selected, 1 with numbers that cannot be drawn"
