"""The canvas at a moment of a film: what is shown, dashed, pulled and drawn there."""

from __future__ import annotations

import pytest
from documents import media_of
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from qwvis_desktop.core.annotation import Annotation, Detection, VideoEvent
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.film_moment import FilmMoment
from qwvis_desktop.core.geometry import Box, Point
from qwvis_desktop.core.plane.forms import Form
from qwvis_desktop.ui.canvas.view import CanvasView
from qwvis_desktop.ui.editor import DocumentEditor
from qwvis_desktop.ui.palette import color_for

NONE, LEFT = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton
FIRST = Detection(id="a", label="car", box=Box(100, 100, 200, 200), time=1.0)
LAST = Detection(id="b", label="car", box=Box(300, 100, 400, 200), time=3.0)
EVENT = VideoEvent(id="e", label="drives", start=0.5, end=2.5)


@pytest.fixture
def editor(qtbot: QtBot) -> DocumentEditor:
    editor = DocumentEditor(Document(media_of()))
    editor.add([FIRST, LAST, EVENT], "Add")
    return editor


@pytest.fixture
def moment(editor: DocumentEditor) -> FilmMoment:
    return FilmMoment(editor.document.annotations.values)


@pytest.fixture
def canvas(qtbot: QtBot, editor: DocumentEditor, moment: FilmMoment) -> CanvasView:
    canvas = CanvasView()
    qtbot.addWidget(canvas)
    canvas.resize(800, 600)
    canvas.show_editor(editor)
    editor.changed.connect(lambda _change: moment.forget())
    go_to(canvas, moment, 1.0)
    canvas.show()
    canvas.setFocus()
    return canvas


def go_to(canvas: CanvasView, moment: FilmMoment, time: float) -> None:
    moment.go_to(time, 0.04)
    canvas.show_moment(moment)


def at(canvas: CanvasView, x: float, y: float) -> QPoint:
    place = canvas.viewport.to_widget(Point(x, y))
    return QPoint(round(place.x), round(place.y))


def drag(canvas: CanvasView, start: QPoint, end: QPoint) -> None:
    QTest.mousePress(canvas, LEFT, NONE, start)
    QTest.mouseMove(canvas, (start + end) / 2)
    QTest.mouseMove(canvas, end)
    QTest.mouseRelease(canvas, LEFT, NONE, end)


def top_edge(canvas: CanvasView, box: Box) -> float:
    """Return which share of the upper edge of a box is painted in the colour of its label, right of the label."""
    image: QImage = canvas.grab().toImage()
    left, right = at(canvas, box.left + box.width * 0.5, box.top), at(canvas, box.right, box.top)
    color = color_for("car")
    hits = [
        any(image.pixelColor(x, y) == color for y in range(left.y() - 2, left.y() + 3))
        for x in range(left.x(), right.x() - 3)
    ]
    return sum(hits) / len(hits)


def shown(editor: DocumentEditor) -> list[Annotation]:
    return list(editor.document.annotations.values())


def test_a_box_is_drawn_at_its_frame_alone_and_dashed_between(canvas: CanvasView, moment: FilmMoment) -> None:
    assert top_edge(canvas, FIRST.box) == 1.0
    assert top_edge(canvas, LAST.box) == 0.0
    go_to(canvas, moment, 2.0)
    assert top_edge(canvas, FIRST.box) == 0.0
    assert 0.2 < top_edge(canvas, Box(200, 100, 300, 200)) < 0.9
    go_to(canvas, moment, 3.5)
    assert top_edge(canvas, LAST.box) == 0.0
    canvas.show_moment(None)
    assert top_edge(canvas, FIRST.box) == top_edge(canvas, LAST.box) == 1.0


def test_pulling_a_key_frame_edits_it(canvas: CanvasView, editor: DocumentEditor) -> None:
    QTest.mouseClick(canvas, LEFT, NONE, at(canvas, 150, 150))
    assert editor.selection == {"a"}
    drag(canvas, at(canvas, 150, 150), at(canvas, 180, 150))
    changed = editor.document.annotations["a"]
    assert isinstance(changed, Detection)
    assert changed.box.left == pytest.approx(130, abs=2)
    assert changed.time == 1.0
    assert len(shown(editor)) == 3


def test_pulling_between_adds_a_key_frame(canvas: CanvasView, editor: DocumentEditor, moment: FilmMoment) -> None:
    go_to(canvas, moment, 2.0)
    QTest.mouseClick(canvas, LEFT, NONE, at(canvas, 250, 150))
    drag(canvas, at(canvas, 250, 150), at(canvas, 250, 250))
    assert editor.undo_stack.count() == 2
    (made,) = (each for each in shown(editor) if each.id not in ("a", "b", "e"))
    assert isinstance(made, Detection)
    assert made.time == 2.0
    assert made.box.top == pytest.approx(200, abs=2)
    assert made.attributes == {}
    assert editor.selection == {made.id}
    assert editor.document.annotations["a"] == FIRST
    QTest.keyClick(canvas, Qt.Key.Key_Right)
    moved = editor.document.annotations[made.id]
    assert isinstance(moved, Detection)
    assert moved.box.left == made.box.left + 1
    editor.undo_stack.undo()
    editor.undo_stack.undo()
    assert shown(editor) == [FIRST, LAST, EVENT]


def test_what_is_not_there_now_is_met_by_nobody(canvas: CanvasView, editor: DocumentEditor, moment: FilmMoment) -> None:
    go_to(canvas, moment, 3.5)
    editor.select(["a"])
    QTest.mouseClick(canvas, LEFT, NONE, at(canvas, 150, 150))
    assert editor.selection == frozenset()


def test_what_is_drawn_has_the_time_of_the_frame(canvas: CanvasView, moment: FilmMoment, qtbot: QtBot) -> None:
    go_to(canvas, moment, 2.52)
    canvas.start_drawing(Form.BOX)
    with qtbot.waitSignal(canvas.drawn) as drawn:
        drag(canvas, at(canvas, 20, 300), at(canvas, 90, 400))
    assert drawn.args is not None
    assert drawn.args[0].time == 2.52


def test_what_happens_now_is_said_on_the_picture(canvas: CanvasView, moment: FilmMoment) -> None:
    go_to(canvas, moment, 0.6)
    during = canvas.grab().toImage()
    go_to(canvas, moment, 2.6)
    after = canvas.grab().toImage()
    place = at(canvas, 320, 468)
    assert during.pixelColor(place) != after.pixelColor(place)


def test_a_tap_of_space_is_told_and_a_hold_is_not(canvas: CanvasView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(canvas.space_tapped):
        QTest.keyClick(canvas, Qt.Key.Key_Space)
    with qtbot.assertNotEmitted(canvas.space_tapped):
        QTest.keyPress(canvas, Qt.Key.Key_Space)
        drag(canvas, QPoint(100, 100), QPoint(140, 100))
        QTest.keyRelease(canvas, Qt.Key.Key_Space)
