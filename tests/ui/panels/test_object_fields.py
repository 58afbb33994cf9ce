from __future__ import annotations

import pytest
from documents import empty_document
from plane_annotations import BLOCK, BOX, CUBOID, POINT, POLYGON, ROTATED, TEXT
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QTableWidget
from pytestqt.qtbot import QtBot
from widgets import child, press, write

from qwvis_desktop.core.annotation import Annotation, bounds_of
from qwvis_desktop.core.geometry import Box
from qwvis_desktop.core.plane.forms import TurnedRectangle, corners_of
from qwvis_desktop.ui.editor import DocumentEditor
from qwvis_desktop.ui.panels.number_field import NumberField
from qwvis_desktop.ui.panels.object_fields import ObjectFields


class Shown:
    def __init__(self, qtbot: QtBot) -> None:
        self.editor = DocumentEditor(empty_document())
        self.editor.add([BOX, ROTATED, POLYGON, POINT, TEXT, BLOCK, CUBOID], "Add")
        self.panel = ObjectFields()
        qtbot.addWidget(self.panel)
        self.panel.show_editor(self.editor)

    def number(self, name: str) -> NumberField:
        return child(self.panel, NumberField, name)

    def now(self, key: str) -> Annotation:
        return self.editor.document.annotations[key]

    def box(self, key: str) -> Box:
        found = bounds_of(self.now(key))
        assert found is not None
        return found


@pytest.fixture
def shown(qtbot: QtBot) -> Shown:
    return Shown(qtbot)


def test_the_numbers_of_a_box(shown: Shown) -> None:
    shown.editor.select(["box"])
    assert [shown.number(name).value() for name in ("Left", "Top", "Right", "Bottom", "Width", "Height")] == [
        10.25, 20, 110, 220, 99.75, 200,
    ]  # fmt: skip
    shown.number("Right").setValue(120)
    assert shown.box("box") == Box(10.25, 20, 120, 220)
    shown.number("Height").setValue(50)
    assert shown.box("box") == Box(10.25, 20, 120, 70)
    shown.number("Score").setValue(0.75)
    assert shown.now("box").score == 0.75
    shown.number("Score").setValue(-0.01)
    assert shown.now("box").score is None
    assert shown.number("Score").text() == "none"
    steps = ["Add", "Move a side", "Resize", "Change the score", "Change the score"]
    assert [shown.editor.undo_stack.text(place) for place in range(5)] == steps
    for _ in range(4):
        shown.editor.undo_stack.undo()
    assert shown.now("box") == BOX
    assert shown.number("Right").value() == 110


def test_an_angle_makes_a_rotated_rectangle_and_its_own_sides_are_changed(shown: Shown) -> None:
    shown.editor.select(["rotated"])
    assert shown.number("Angle in degrees").value() == pytest.approx(30)
    shown.number("Width").setValue(150)
    shown.number("Angle in degrees").setValue(45)
    rectangle = TurnedRectangle.of(corners_of(shown.now("rotated")))
    assert rectangle is not None
    assert (rectangle.width, rectangle.height, rectangle.degrees) == pytest.approx((150, 40, 45))


def test_label_text_and_tag(shown: Shown) -> None:
    line = child(shown.panel, QLineEdit, "Label of the object")
    for key, words in (("box", "lynx"), ("text", "goodbye"), ("block", "caption")):
        shown.editor.select([key])
        line.selectAll()
        write(line, words)
        press(line, Qt.Key.Key_Return)
    assert shown.now("box").label == "lynx"
    assert getattr(shown.now("text"), "text", "") == "goodbye"
    assert getattr(shown.now("block"), "tag", "") == "caption"
    assert shown.editor.undo_stack.count() == 4


def test_a_polygon_is_stretched_and_a_point_moved(shown: Shown) -> None:
    shown.editor.select(["polygon"])
    shown.number("Width").setValue(200)
    assert shown.box("polygon") == Box(0, 0, 200, 100)
    shown.editor.select(["point"])
    assert not shown.number("Width").isEnabled()
    shown.number("Left").setValue(50)
    assert corners_of(shown.now("point")) == ((50, 44),)


def test_attributes(shown: Shown) -> None:
    shown.editor.select(["box"])
    next(each for each in shown.panel.findChildren(QPushButton) if "Attribute" in each.text()).click()
    table = child(shown.panel, QTableWidget, "Attributes")
    for column, text in ((0, "colour"), (1, "black")):
        item = table.item(0, column)
        assert item is not None
        item.setText(text)
    assert dict(shown.now("box").attributes) == {"colour": "black"}
    value = table.item(0, 1)
    assert value is not None
    value.setText("[1, true]")
    assert dict(shown.now("box").attributes) == {"colour": [1, True]}
    name = table.item(0, 0)
    assert name is not None
    name.setText("")
    assert dict(shown.now("box").attributes) == {}
    shown.editor.undo_stack.undo()
    again = table.item(0, 0)
    assert again is not None
    assert again.text() == "colour"


def test_what_is_not_one_in_the_plane_is_not_shown(shown: Shown) -> None:
    title = child(shown.panel, QLabel, "Selected object")
    for ids in ([], ["cuboid"], ["box", "text"]):
        shown.editor.select(ids)
        assert shown.panel.annotation is None
        assert "Select one object" in title.text()
    shown.editor.select(["box"])
    shown.editor.remove(["box"], "Delete")
    assert shown.panel.annotation is None
    shown.panel.show_editor(None)
    assert shown.panel.annotation is None
