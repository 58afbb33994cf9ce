"""Boxes in space through the real window: asked for, seen, judged, corrected, saved and read again."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from cuboid_scenes import drag
from loopback.answers import gated, streamed
from loopback.service import LoopbackService
from program_window import BOXES, ask_loopback, drop, dropped_files, editor_of, open_photo, run_to_the_end
from PySide6.QtCore import QPointF
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QComboBox, QDockWidget, QLabel, QSlider
from pytestqt.qtbot import QtBot
from widgets import child

from qwvis_desktop.app import Program
from qwvis_desktop.core.annotation import Cuboid, Detection
from qwvis_desktop.core.camera import HALF_TURNS_XYZ, CameraIntrinsics, projected_bounds
from qwvis_desktop.core.geometry import Box, Point, Size
from qwvis_desktop.core.samples import bundled_samples
from qwvis_desktop.ui.panels.docks import SPACE_PANELS
from qwvis_desktop.ui.panels.number_field import NumberField
from qwvis_desktop.ui.panels.space.camera import field_of_view
from qwvis_desktop.ui.panels.space.plan_painter import Handles

PIECES = [
    '[{"bbox_3d": [-0.8, 0.4, 4.0, 1.2, 0.8, 0.9, 0.0, 0.1, 0.0], "label": "sofa"}',
    ', {"bbox_3d": [0.9, 0.3, 3.0, 0.5, 0.9, 0.5, 0.0, 0.25, 0.0], "label": "chair"}',
    ', {"bbox_3d": [1, 2, 3, 4, 5, 6, 7, 8], "label": "eight"}'
    ', {"bbox_3d": [0, 0, 2, 0, 1, 1, 0, 0, 0], "label": "flat"}'
    ', {"bbox_3d": [0, 0, -3, 1, 1, 1, 0, 0, 0], "label": "behind"}]',
]
SIZE = Size(800, 600)


def cuboids(program: Program) -> list[Cuboid]:
    return [item for item in editor_of(program).document.annotations.values() if isinstance(item, Cuboid)]


def docks(program: Program) -> dict[str, bool]:
    shown = {dock.objectName(): not dock.isHidden() for dock in program.window.findChildren(QDockWidget)}
    return {name: shown[name] for name in SPACE_PANELS}


def picture(program: Program) -> QImage:
    return program.canvas.as_seen()


def number(program: Program, name: str) -> NumberField:
    return child(program.window, NumberField, name)


def asked(program: Program, qtbot: QtBot, loopback: LoopbackService, photo: Path) -> None:
    """Open the photo and run the task for boxes in space to its end."""
    loopback.answer = streamed("".join(PIECES))
    open_photo(program, qtbot, photo)
    ask_loopback(program, loopback)
    program.services.choose_task("cuboid")
    run_to_the_end(program, qtbot)


def test_from_the_question_to_the_file(
    program: Program, qtbot: QtBot, loopback: LoopbackService, photo: Path, tmp_path: Path
) -> None:
    loopback.answer, gates = gated(PIECES)
    open_photo(program, qtbot, photo)
    ask_loopback(program, loopback)
    program.services.choose_task("cuboid")
    assert not any(docks(program).values())
    program.actions["run.start"].trigger()
    # Boxes arrive while the reply streams, and with the first one the panels for space.
    gates[0].open()
    qtbot.waitUntil(lambda: len(cuboids(program)) == 1)
    assert "bbox_3d" in loopback.wait_for_request().prompt
    assert program.panels.run_bar.state.phase == "receiving"
    assert all(docks(program).values())
    gates[1].open()
    qtbot.waitUntil(lambda: len(cuboids(program)) == 2)
    assert len(program.panels.plan.surface.scene) == 2
    for gate in gates[2:]:
        gate.open()
    qtbot.waitUntil(lambda: program.panels.run_bar.state.phase == "done")
    # Eight numbers and a size of 0 are refused; what lies behind the camera is kept, and seen nowhere.
    assert [cuboid.label for cuboid in cuboids(program)] == ["sofa", "chair", "behind"]
    (run,) = editor_of(program).document.runs.values()
    assert len(run.issues) == 2

    editor, before = editor_of(program), picture(program)
    steps = editor.undo_stack.count()
    slider = child(program.panels.camera, QSlider)
    slider.setSliderDown(True)
    for value in (650, 800):
        slider.setValue(value)
        assert field_of_view(editor.document.camera, SIZE) == pytest.approx(value / 10)
    slider.setSliderDown(False)
    wide = picture(program)
    assert wide != before
    assert editor.undo_stack.count() == steps + 1

    combo = child(program.panels.camera, QComboBox)
    combo.setCurrentIndex(combo.findData("radians-xyz"))
    assert editor.document.convention.name == "radians-xyz"
    assert picture(program) != wide
    program.actions["edit.undo"].trigger()
    assert editor.document.convention == HALF_TURNS_XYZ
    assert picture(program) == wide

    sofa = cuboids(program)[0]
    editor.select([sofa.id])
    plan = program.panels.plan.surface
    place = Point(sofa.center[0], sofa.center[2])
    plan.zoom(3, QPointF(*plan.plan.to_view(place)))
    handles, middle = Handles.of(plan.scene, plan.selected[0], plan.plan), plan.plan.to_view(place)
    side = max(handles.sides, key=lambda side: math.dist(side, handles.turn))
    drag(plan, side, Point(2 * side.x - middle.x, 2 * side.y - middle.y))
    (pulled,) = (cuboid for cuboid in cuboids(program) if cuboid.id == sofa.id)
    changed = [place for place in range(3) if not math.isclose(pulled.size[place], sofa.size[place])]
    assert len(changed) == 1
    assert pulled.size[changed[0]] > sofa.size[changed[0]]
    assert pulled.size[1] == sofa.size[1]
    assert number(program, f"Size {'xyz'[changed[0]]}").value() == pytest.approx(pulled.size[changed[0]], abs=5e-4)
    assert editor.undo_stack.count() == steps + 2

    target = tmp_path / "out.omni3d.json"
    with qtbot.waitSignal(program.exports.saved):
        program.exports.export(editor, "omni3d", target)
    assert len(json.loads(target.read_text("utf-8"))["annotations"]) == 3
    kept = cuboids(program)
    editor.remove([cuboid.id for cuboid in kept], "Delete")
    editor.set_camera(CameraIntrinsics(1, 1, 1, 1), "x", "x")
    steps = editor.undo_stack.count()
    drop(program, dropped_files(target))
    qtbot.waitUntil(lambda: len(cuboids(program)) == 3)
    for again, cuboid in zip(cuboids(program), kept, strict=True):
        assert again.label == cuboid.label
        assert again.center == pytest.approx(cuboid.center, abs=1e-6)
        assert again.size == pytest.approx(cuboid.size, abs=1e-6)
    assert field_of_view(editor.document.camera, SIZE) == pytest.approx(80)
    assert editor.undo_stack.count() == steps + 1
    assert "out.omni3d.json" in program.canvas.notice


def test_the_room_can_be_explored_without_a_key(program: Program, qtbot: QtBot) -> None:
    program.input.open_sample("room")
    qtbot.waitUntil(lambda: program.panels.run_bar.state.phase == "done")
    sample = bundled_samples()[3]
    document = editor_of(program).document
    assert document.camera == sample.camera
    assert len(cuboids(program)) == 12
    assert all(docks(program).values())
    for cuboid in cuboids(program):
        assert projected_bounds(cuboid, document.camera, document.convention) is not None


def test_the_selection_is_shared(program: Program, qtbot: QtBot, loopback: LoopbackService, photo: Path) -> None:
    asked(program, qtbot, loopback, photo)
    sofa = cuboids(program)[0]
    plan = program.panels.plan.surface
    place = plan.plan.to_view(Point(sofa.center[0], sofa.center[2]))
    drag(plan, place, place)
    assert editor_of(program).selection == {sofa.id}
    assert program.panels.orbit.surface.selected == (0,)
    assert program.panels.cuboid.cuboid == sofa
    assert "sofa" in program.panels.orbit.words


def test_a_number_is_corrected_and_undone(
    program: Program, qtbot: QtBot, loopback: LoopbackService, photo: Path
) -> None:
    asked(program, qtbot, loopback, photo)
    editor, chair = editor_of(program), cuboids(program)[1]
    editor.select([chair.id])
    before = picture(program)
    number(program, "Centre z").setValue(5.5)
    assert cuboids(program)[1].center == (0.9, 0.3, 5.5)
    assert picture(program) != before
    program.actions["edit.undo"].trigger()
    assert cuboids(program)[1] == chair
    assert picture(program) == before


def test_panels_that_were_closed_stay_closed(
    program: Program, qtbot: QtBot, loopback: LoopbackService, photo: Path
) -> None:
    asked(program, qtbot, loopback, photo)
    program.actions["panel.orbit"].trigger()
    run_to_the_end(program, qtbot)
    assert docks(program) == {"camera": True, "cuboid": True, "plan": True, "orbit": False}


def test_a_picture_without_space_does_without_the_panels(
    program: Program, qtbot: QtBot, loopback: LoopbackService, photo: Path
) -> None:
    loopback.answer = streamed("".join(BOXES))
    open_photo(program, qtbot, photo)
    ask_loopback(program, loopback)
    run_to_the_end(program, qtbot)
    assert not any(docks(program).values())


def test_choosing_the_task_shows_the_panels(
    program: Program, qtbot: QtBot, loopback: LoopbackService, photo: Path
) -> None:
    open_photo(program, qtbot, photo)
    ask_loopback(program, loopback)
    combo = child(program.panels.prompt, QComboBox, "Task")
    combo.setCurrentIndex(combo.findData("cuboid"))
    assert all(docks(program).values())
    wording = child(program.panels.prompt, QComboBox, "Wording")
    assert wording.isVisible()


def test_models_that_cannot_are_not_asked(program: Program, loopback: LoopbackService) -> None:
    combo = child(program.panels.prompt, QComboBox, "Task")
    ask_loopback(program, loopback, "qwen3-vl-plus")
    assert combo.findData("cuboid") >= 0
    ask_loopback(program, loopback, "qwen2.5-vl-7b-instruct")
    assert combo.findData("cuboid") == -1


def test_the_ground_is_shown_and_hidden_from_menu_and_panel(
    program: Program, qtbot: QtBot, loopback: LoopbackService, photo: Path
) -> None:
    asked(program, qtbot, loopback, photo)
    before = picture(program)
    program.actions["view.ground"].trigger()
    assert picture(program) != before
    program.panels.camera.ground_toggled.emit(False)
    assert picture(program) == before
    assert not program.actions["view.ground"].isChecked()


@pytest.mark.parametrize("suffix", [".png", ".svg", ".pdf"])
def test_the_plan_is_saved(
    program: Program, qtbot: QtBot, loopback: LoopbackService, photo: Path, tmp_path: Path, suffix: str
) -> None:
    asked(program, qtbot, loopback, photo)
    target = tmp_path / f"plan{suffix}"
    with qtbot.waitSignal(program.exports.saved):
        program.exports.save_plan(editor_of(program), target)
    start = {".png": b"\x89PNG", ".svg": b"<?xml", ".pdf": b"%PDF"}[suffix]
    assert target.read_bytes().startswith(start)


def test_boxes_on_the_picture_find_the_camera(
    program: Program, qtbot: QtBot, loopback: LoopbackService, photo: Path
) -> None:
    asked(program, qtbot, loopback, photo)
    editor = editor_of(program)
    true = CameraIntrinsics(700, 700, 400, 300)
    found = [(cuboid, projected_bounds(cuboid, true)) for cuboid in cuboids(program)[:2]]
    editor.add([Detection(label=cuboid.label, box=box) for cuboid, box in found if box is not None], "Add")
    program.panels.camera.fit_requested.emit()
    assert (editor.document.camera.fx, editor.document.camera.fy) == pytest.approx((700, 700), rel=1e-6)
    assert "fitted" in editor.document.camera_source
    told = child(program.panels.camera, QLabel, "How well the camera fits").text()
    assert "2 pairs" in told
    assert "0.0 px" in told
    program.actions["edit.undo"].trigger()
    assert editor.document.camera_source == "60 degrees per axis"


def test_a_box_on_the_picture_becomes_one_in_space(program: Program, qtbot: QtBot, photo: Path) -> None:
    editor = open_photo(program, qtbot, photo)
    frame = Box(200, 150, 400, 350)
    editor.add([Detection(id="flat", label="crate", box=frame)], "Add")
    editor.select(["flat"])
    program.actions["edit.cuboid"].trigger()
    (made,) = cuboids(program)
    assert made.label == "crate"
    assert editor.selection == {made.id}
    bounds = projected_bounds(made, editor.document.camera)
    assert bounds is not None
    assert bounds.iou(frame) > 0.95
    assert all(docks(program).values())
    program.actions["edit.undo"].trigger()
    assert cuboids(program) == []
