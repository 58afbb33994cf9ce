"""A large selection: kept in a layer of its own, and moved as a whole while it is dragged."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from canvas_pictures import Opened
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from qwvis_desktop.core.annotation import Annotation, Cuboid, Detection, Keypoint
from qwvis_desktop.core.geometry import Box, Point, Polygon
from qwvis_desktop.ui.canvas import display
from qwvis_desktop.ui.canvas.look import Look
from qwvis_desktop.ui.canvas.selected_layer import MAX_LIVE
from qwvis_desktop.ui.canvas.view import CanvasView

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
COUNT = MAX_LIVE + 20


def many(count: int = COUNT) -> list[Annotation]:
    """Return boxes in rows that do not meet, one of them a polygon and one a point."""
    places = [(20.0 + 24 * (i % 10), 20.0 + 20 * (i // 10)) for i in range(count)]
    boxes: list[Annotation] = [
        Detection(id=f"{i}", label="ab"[i % 2], box=Box(x, y, x + 14, y + 12)) for i, (x, y) in enumerate(places)
    ]
    x, y = places[1]
    corners = (Point(x, y + 6), Point(x + 7, y), Point(x + 14, y + 6), Point(x + 7, y + 12))
    boxes[1] = Detection(id="1", label="a", box=Box(x, y, x + 14, y + 12), outline=Polygon(corners))
    boxes[2] = Keypoint(id="2", label="p", point=Point(*places[2]))
    return boxes


def seen(canvas: CanvasView) -> QImage:
    return canvas.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


def share_that_differs(first: QImage, second: QImage, by: int = 24) -> float:
    a, b = (np.frombuffer(image.constBits(), np.uint8).reshape(-1, 4)[:, :3].astype(int) for image in (first, second))
    return float((np.abs(a - b).max(axis=1) > by).mean())


def at(canvas: CanvasView, place: Point) -> QPoint:
    x, y = canvas.viewport.to_widget(place)
    return QPoint(round(x), round(y))


def test_many_look_as_few_do(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    canvas, editor = opened(*many())
    canvas.set_look(Look(labels=False))
    plain = seen(canvas)
    editor.select(editor.document.annotations)
    kept = seen(canvas)
    monkeypatch.setattr(display, "MAX_LIVE", 1000)
    canvas.update()
    # Smoothed edges lie half a pixel beside crisp ones.
    assert share_that_differs(kept, seen(canvas), by=140) < 0.02
    assert share_that_differs(kept, plain) > 0.05


def test_all_are_seen_moving_and_stand_there_afterwards(opened: Opened) -> None:
    canvas, editor = opened(*many(), Detection(id="still", label="a", box=Box(300, 40, 380, 200)))
    canvas.set_look(Look(labels=False))
    editor.select([f"{i}" for i in range(COUNT)])
    before = seen(canvas)
    start = at(canvas, Point(27, 26))
    QTest.mousePress(canvas, LEFT, NONE, start)
    QTest.mouseMove(canvas, start + QPoint(10, 10))
    paints = canvas.exact_paints
    for step in (20, 40, 31):
        QTest.mouseMove(canvas, start + QPoint(step, step))
        during = seen(canvas)
    assert canvas.exact_paints - paints <= 1, "what does not move was painted again"
    assert share_that_differs(before, during) > 0.05
    assert editor.undo_stack.count() == 0
    QTest.mouseRelease(canvas, LEFT, NONE, start + QPoint(31, 31))
    assert share_that_differs(during, seen(canvas)) < 0.01
    assert editor.undo_stack.count() == 1
    moved = editor.document.annotations["0"]
    assert isinstance(moved, Detection)
    assert (moved.box.left, moved.box.top) == (20 + 31, 20 + 31)
    editor.undo_stack.undo()
    assert share_that_differs(before, seen(canvas)) < 0.01


def test_many_that_were_let_go_are_there_at_once_and_drawn_anew_after_a_moment(opened: Opened, qtbot: QtBot) -> None:
    canvas, editor = opened(*many(), Detection(id="still", label="a", box=Box(300, 40, 380, 200)))
    editor.select([f"{i}" for i in range(COUNT)])
    seen(canvas)
    start, by = at(canvas, Point(27, 26)), QPoint(31, 25)
    QTest.mousePress(canvas, LEFT, NONE, start)
    QTest.mouseMove(canvas, start + by / 2)
    QTest.mouseMove(canvas, start + by)
    during, paints = seen(canvas), canvas.exact_paints
    QTest.mouseRelease(canvas, LEFT, NONE, start + by)
    moved = editor.document.annotations["0"]
    assert isinstance(moved, Detection)
    assert (moved.box.left, moved.box.top) == (51, 45)
    assert seen(canvas) == during
    assert canvas.exact_paints == paints
    assert not canvas.is_exact
    qtbot.waitUntil(lambda: canvas.exact_paints > paints and canvas.is_exact)
    after = seen(canvas)
    fresh, twin = opened(*editor.document.annotations.values())
    twin.select(editor.selection)
    assert share_that_differs(after, seen(fresh)) == 0


def test_who_asks_right_after_it_is_told_where_they_are_now(opened: Opened) -> None:
    canvas, editor = opened(*many())
    editor.select(editor.document.annotations)
    seen(canvas)
    start = at(canvas, Point(27, 26))
    QTest.mousePress(canvas, LEFT, NONE, start)
    QTest.mouseMove(canvas, start + QPoint(50, 60))
    QTest.mouseMove(canvas, start + QPoint(100, 90))
    during = seen(canvas)
    QTest.mouseRelease(canvas, LEFT, NONE, start + QPoint(100, 90))
    assert canvas.ids_at((start + QPoint(100, 90)).toPointF()) == ["0"]
    assert share_that_differs(during, seen(canvas)) < 0.05
    QTest.mousePress(canvas, LEFT, NONE, start + QPoint(100, 90))
    QTest.mouseMove(canvas, start + QPoint(50, 50))
    QTest.mouseMove(canvas, start)
    QTest.mouseRelease(canvas, LEFT, NONE, start)
    seen(canvas)
    editor.select(["0"])
    assert canvas.ids_at(start.toPointF()) == ["0"]
    back = editor.document.annotations["0"]
    assert isinstance(back, Detection)
    assert back.box == Box(20, 20, 34, 32)


def test_none_leaves_the_picture_and_escape_puts_all_back(opened: Opened) -> None:
    canvas, editor = opened(*many())
    canvas.set_look(Look(labels=False))
    editor.select(editor.document.annotations)
    before = seen(canvas)
    start = at(canvas, Point(27, 26))
    QTest.mousePress(canvas, LEFT, NONE, start)
    QTest.mouseMove(canvas, start + QPoint(-30, 5))
    QTest.mouseMove(canvas, start + QPoint(-90, -90))
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    QTest.mouseRelease(canvas, LEFT, NONE, start + QPoint(-90, -90))
    assert share_that_differs(before, seen(canvas)) < 0.01
    assert editor.undo_stack.count() == 0
    QTest.mousePress(canvas, LEFT, NONE, start)
    QTest.mouseMove(canvas, start + QPoint(-30, 5))
    QTest.mouseMove(canvas, start + QPoint(-90, -90))
    QTest.mouseRelease(canvas, LEFT, NONE, start + QPoint(-90, -90))
    moved = editor.document.annotations["0"]
    assert isinstance(moved, Detection)
    assert (moved.box.left, moved.box.top) == (0, 0)


def test_what_changes_among_them_is_seen_and_zooming_comes_to_rest(opened: Opened, qtbot: QtBot) -> None:
    canvas, editor = opened(*many())
    canvas.set_look(Look(labels=False))
    editor.select(editor.document.annotations)
    before = seen(canvas)
    changed = editor.document.annotations["77"]
    assert isinstance(changed, Detection)
    editor.replace([replace(changed, box=Box(300, 200, 390, 290))], "Move")
    assert share_that_differs(before, seen(canvas)) > 0.005
    canvas.set_zoom(canvas.zoom * 1.5)
    seen(canvas)
    qtbot.waitUntil(lambda: canvas.is_exact)
    editor.select(["1"])
    few = seen(canvas)
    editor.select([])
    assert share_that_differs(few, seen(canvas)) > 0


def test_a_strip_in_which_nothing_is_selected_is_drawn_too(opened: Opened) -> None:
    canvas, editor = opened(*many())
    canvas.set_look(Look(labels=False))
    editor.select(editor.document.annotations)
    canvas.set_zoom(4.0)
    for _ in range(6):
        canvas.pan(-150, -150)
        seen(canvas)
    assert canvas.exact_paints > 0
    while_far = seen(canvas)
    canvas.invalidate()
    assert share_that_differs(while_far, seen(canvas)) < 0.01


def test_a_box_in_space_stays_where_it_is(opened: Opened) -> None:
    cuboid = Cuboid(id="space", label="a", center=(0.0, 0.0, 5.0), size=(1.0, 1.0, 1.0), angles=(0.0, 0.0, 0.0))
    canvas, editor = opened(*many(), cuboid)
    editor.select(editor.document.annotations)
    start = at(canvas, Point(27, 26))
    QTest.mousePress(canvas, LEFT, NONE, start)
    QTest.mouseMove(canvas, start + QPoint(20, 20))
    QTest.mouseMove(canvas, start + QPoint(25, 25))
    seen(canvas)
    QTest.mouseRelease(canvas, LEFT, NONE, start + QPoint(25, 25))
    assert editor.document.annotations["space"] == cuboid
    assert editor.document.annotations["0"] != many()[0]
