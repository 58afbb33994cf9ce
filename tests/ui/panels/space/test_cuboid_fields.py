from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot
from widgets import child, press

from qwvis_desktop.core.annotation import Annotation, Cuboid, Detection, Provenance
from qwvis_desktop.core.camera import ANGLE_CONVENTIONS, projected_bounds
from qwvis_desktop.core.geometry import Box
from qwvis_desktop.ui.editor import DocumentEditor
from qwvis_desktop.ui.panels.labels import WrappingLabel
from qwvis_desktop.ui.panels.number_field import NumberField
from qwvis_desktop.ui.panels.space.cuboid_fields import CuboidFields

CHAIR = Cuboid(
    id="chair",
    label="chair",
    center=(0.5, 0.25, 4.0),
    size=(0.5, 0.9, 0.4),
    angles=(0.0, 0.25, 0.0),
    provenance=Provenance("run-1", (0, 1), (0.5, 0.25, 4, 0.5, 0.9, 0.4, 0, 0.25, 0)),
)
NAMES = (
    *(f"Centre {axis}" for axis in "xyz"),
    *(f"Size {axis}" for axis in "xyz"),
    *(f"Angle {n} as written" for n in (1, 2, 3)),
)


@pytest.fixture
def fields(qtbot: QtBot, editor: DocumentEditor) -> CuboidFields:
    fields = CuboidFields()
    qtbot.addWidget(fields)
    editor.add([CHAIR], "Add")
    fields.show_editor(editor)
    fields.resize(300, 500)
    fields.show()
    editor.select(["chair"])
    return fields


def number(fields: CuboidFields, name: str) -> NumberField:
    return child(fields, NumberField, name)


def now(editor: DocumentEditor) -> Cuboid:
    found = editor.document.annotations["chair"]
    assert isinstance(found, Cuboid)
    return found


def words(fields: CuboidFields) -> str:
    return " | ".join(label.text() for label in fields.findChildren(QLabel) if label.isVisible())


def test_the_numbers_of_the_selected_cuboid_are_shown(fields: CuboidFields) -> None:
    assert [number(fields, name).value() for name in NAMES] == [*CHAIR.center, *CHAIR.size, *CHAIR.angles]
    assert [number(fields, f"Angle {n} in degrees").value() for n in (1, 2, 3)] == [0, 45, 0]
    assert child(fields, WrappingLabel, "Selected cuboid").text() == "chair"


@pytest.mark.parametrize("name", NAMES)
def test_each_number_is_changed_as_one_step(fields: CuboidFields, editor: DocumentEditor, name: str) -> None:
    steps, place = editor.undo_stack.count(), NAMES.index(name)
    number(fields, name).setValue(1.25)
    after = now(editor)
    expected = [*CHAIR.center, *CHAIR.size, *CHAIR.angles]
    expected[place] = 1.25
    assert [*after.center, *after.size, *after.angles] == expected
    assert editor.undo_stack.count() == steps + 1
    assert after.provenance == CHAIR.provenance
    editor.undo_stack.undo()
    assert now(editor) == CHAIR
    assert number(fields, name).value() == [*CHAIR.center, *CHAIR.size, *CHAIR.angles][place]


def test_degrees_are_changed_in_the_unit_of_the_convention(fields: CuboidFields, editor: DocumentEditor) -> None:
    number(fields, "Angle 2 in degrees").setValue(90)
    assert now(editor).angles == pytest.approx((0, 0.5, 0))
    editor.set_convention(ANGLE_CONVENTIONS["degrees-xyz"], "Angles")
    assert number(fields, "Angle 2 in degrees").value() == 0.5
    number(fields, "Angle 2 in degrees").setValue(30)
    assert now(editor).angles == pytest.approx((0, 30, 0))
    assert number(fields, "Angle 2 as written").value() == 30


@pytest.mark.parametrize("text", ["0", "-1", "nan", ""])
def test_an_impossible_size_changes_nothing(fields: CuboidFields, editor: DocumentEditor, text: str) -> None:
    field = number(fields, "Size y")
    line = field.lineEdit()
    assert line is not None
    field.setFocus()
    line.setText(text)
    press(field, Qt.Key.Key_Return)
    assert now(editor) == CHAIR


def test_numbers_that_cannot_be_shown_in_full_stay_exact(fields: CuboidFields, editor: DocumentEditor) -> None:
    editor.replace([replace(CHAIR, center=(0.123456789, 0.25, 4.0))], "Move")
    number(fields, "Centre z").setValue(5)
    assert now(editor).center == (0.123456789, 0.25, 5)


@pytest.mark.parametrize("ids", [[], ["car"], ["chair", "car"]])
def test_without_one_cuboid_there_is_nothing_to_change(
    fields: CuboidFields, editor: DocumentEditor, ids: list[str]
) -> None:
    editor.select(ids)
    assert not number(fields, "Centre x").isVisible()
    assert "Select one cuboid" in words(fields)


def test_a_cuboid_that_goes_is_shown_no_more(fields: CuboidFields, editor: DocumentEditor) -> None:
    editor.remove(["chair"], "Delete")
    assert fields.cuboid is None
    assert "Select one cuboid" in words(fields)


def test_the_evidence_is_shown(fields: CuboidFields, editor: DocumentEditor) -> None:
    assert "0.0° off the vertical" in words(fields)
    assert "0.5, 0.25, 4, 0.5, 0.9, 0.4, 0, 0.25, 0" in words(fields)
    assert "no box of this label" in words(fields)
    bounds = projected_bounds(CHAIR, editor.document.camera)
    assert bounds is not None
    assert f"{bounds.left:.0f}, {bounds.top:.0f}, {bounds.right:.0f}, {bounds.bottom:.0f}" in words(fields)
    half = Box(bounds.left, bounds.top, bounds.right, bounds.center.y)
    editor.add([Detection(label="chair", box=half)], "Add")
    assert "0.50 with the box" in words(fields)


def test_what_lies_behind_the_camera_is_seen_nowhere(fields: CuboidFields) -> None:
    number(fields, "Centre z").setValue(-4)
    assert "nowhere in the picture" in words(fields)


def test_a_cuboid_that_leans_is_warned_of(fields: CuboidFields, editor: DocumentEditor) -> None:
    warning = child(fields, WrappingLabel, "What is odd about the cuboid")
    assert not warning.isVisible()
    editor.replace([replace(CHAIR, angles=(0.99, 0.3, 0.98))], "Turn")
    editor.set_convention(ANGLE_CONVENTIONS["radians-xyz"], "Angles")
    assert warning.isVisible()
    assert "half turns" in warning.text()
    editor.undo_stack.undo()
    assert not warning.isVisible()


def test_another_picture_is_followed_alone(
    fields: CuboidFields, editor: DocumentEditor, editors: Callable[..., DocumentEditor]
) -> None:
    others: tuple[Annotation, ...] = (replace(CHAIR, label="stool"),)
    other = editors(others)
    fields.show_editor(other)
    other.select(["chair"])
    editor.replace([replace(CHAIR, label="throne")], "Rename")
    assert child(fields, WrappingLabel, "Selected cuboid").text() == "stool"
    fields.show_editor(None)
    other.select([])
    assert not number(fields, "Centre x").isVisible()
