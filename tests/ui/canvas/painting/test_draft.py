import random
from collections.abc import Iterable

from canvas_pictures import Opened
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from qwvis_desktop.core.annotation import Cuboid, Detection
from qwvis_desktop.core.camera import (
    ANGLE_CONVENTIONS,
    CameraIntrinsics,
)
from qwvis_desktop.core.geometry import Box, Point
from qwvis_desktop.ui import palette
from qwvis_desktop.ui.canvas.view import CanvasView

CAMERA = CameraIntrinsics(300.0, 300.0, 200.0, 150.0)
NEAR_BOX = Cuboid(id="near", label="dog", center=(0.0, 0.0, 3.0), size=(1.0, 1.0, 1.0), angles=(0.0, 0.0, 0.0))
FAR_BOX = Cuboid(id="far", label="cat", center=(0.0, 0.0, 6.0), size=(1.0, 1.0, 1.0), angles=(0.0, 0.0, 0.0))


def share_of(image: QImage, color: QColor, points: Iterable[tuple[float, float]]) -> float:
    """Return the share of these places at which ``color`` is met within a pixel."""

    def is_met(x: float, y: float) -> bool:
        near = [image.pixelColor(round(x) + dx, round(y) + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)]
        return any(abs(got.red() - color.red()) + abs(got.blue() - color.blue()) < 60 for got in near)

    met = [is_met(*point) for point in points]
    return sum(met) / len(met)


def test_boxes_follow_the_camera_live_and_end_exact(opened: Opened, qtbot: QtBot) -> None:
    canvas, editor = opened(NEAR_BOX, Detection(id="box", label="cup", box=Box(10, 10, 60, 60)))
    editor.set_camera(CAMERA, "by hand", "Field of view", drag="1")
    canvas.grab()
    assert not canvas.is_exact
    editor.set_camera(CameraIntrinsics(450.0, 450.0, 200.0, 150.0), "by hand", "Field of view", drag="1")
    drafted = canvas.grab().toImage()
    qtbot.waitUntil(lambda: canvas.is_exact)
    exact = canvas.grab().toImage()
    edge = [canvas.viewport.to_widget(Point(110, y)) for y in range(100, 200, 5)]
    for image in (drafted, exact):
        assert share_of(image, palette.color_for("dog"), [(p.x, p.y) for p in edge]) == 1.0
    canvas.invalidate()
    assert canvas.grab().toImage() == exact
    editor.undo_stack.undo()
    qtbot.waitUntil(lambda: canvas.is_exact)
    assert canvas.grab().toImage() != exact


def test_the_convention_is_followed_and_taken_back(opened: Opened, qtbot: QtBot) -> None:
    turned = Cuboid(id="t", label="dog", center=(0, 0, 5), size=(2, 1, 1), angles=(0.0, 0.25, 0.0))
    canvas, editor = opened(turned)
    before = canvas.grab().toImage()
    editor.set_convention(ANGLE_CONVENTIONS["degrees-xyz"], "Read angles as degrees")
    assert canvas.grab().toImage() != before
    editor.undo_stack.undo()
    qtbot.waitUntil(lambda: canvas.is_exact)
    assert canvas.grab().toImage() == before


def test_many_boxes_follow_the_camera_too(opened: Opened, qtbot: QtBot) -> None:
    choose = random.Random(1)
    boxes = [
        Cuboid(
            label=choose.choice("abc"),
            center=(choose.uniform(-3, 3), choose.uniform(-2, 2), choose.uniform(0, 12)),
            size=(1, 1, 1),
            angles=(0, choose.uniform(-1, 1), 0),
        )
        for _ in range(500)
    ]
    canvas, editor = opened(*boxes)
    before = canvas.grab().toImage()
    editor.set_camera(CAMERA, "by hand", "Field of view")
    assert canvas.grab().toImage() != before
    qtbot.waitUntil(lambda: canvas.is_exact)


def test_boxes_that_stream_end_as_painted_anew(opened: Opened, qtbot: QtBot) -> None:
    canvas, editor = opened()
    canvas.grab()
    editor.add([NEAR_BOX], "reply", run="r")
    assert canvas.grab().toImage().pixelColor(*map(round, canvas.viewport.to_widget(Point(200, 150)))).name()
    editor.add([FAR_BOX], "reply", run="r")
    canvas.grab()
    assert not canvas.is_exact, "a box behind another was drawn above it for good"
    qtbot.waitUntil(lambda: canvas.is_exact)
    streamed = canvas.grab().toImage()
    canvas.invalidate()
    assert canvas.grab().toImage() == streamed


def test_the_nearer_box_that_streams_last_is_final_at_once(opened: Opened) -> None:
    canvas, editor = opened(FAR_BOX)
    canvas.grab()
    editor.add([NEAR_BOX], "reply", run="r")
    canvas.grab()
    assert canvas.is_exact


def is_final(canvas: CanvasView) -> bool:
    return canvas.is_exact


def test_moving_the_picture_or_changing_a_box_ends_the_draft_at_once(opened: Opened) -> None:
    canvas, editor = opened(NEAR_BOX, Detection(id="box", label="cup", box=Box(10, 10, 60, 60)))
    editor.set_camera(CAMERA, "by hand", "Field of view")
    canvas.grab()
    assert not is_final(canvas)
    canvas.pan(7, 3)
    canvas.grab()
    assert is_final(canvas)
    editor.set_camera(CameraIntrinsics(450.0, 450.0, 200.0, 150.0), "by hand", "Field of view")
    with_cup = canvas.grab().toImage()
    editor.remove(["box"], "delete")
    without = canvas.grab().toImage()
    assert is_final(canvas)
    assert without != with_cup
    canvas.invalidate()
    assert canvas.grab().toImage() == without


def test_what_is_below_is_drawn_once(opened: Opened) -> None:
    canvas, editor = opened(NEAR_BOX)
    canvas.grab()
    paints = canvas.exact_paints
    for focus in (300.0, 310.0, 320.0):
        editor.set_camera(CameraIntrinsics(focus, focus, 200.0, 150.0), "by hand", "Field of view", drag="1")
        canvas.grab()
    assert canvas.exact_paints == paints
    assert editor.undo_stack.count() == 1
