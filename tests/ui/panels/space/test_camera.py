from __future__ import annotations

import math
from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLabel, QPushButton, QScrollArea, QSlider
from pytestqt.qtbot import QtBot
from widgets import child, press

from qwvis_desktop.core.annotation import Cuboid
from qwvis_desktop.core.camera import ANGLE_CONVENTIONS, HALF_TURNS_XYZ, CameraIntrinsics
from qwvis_desktop.core.geometry import Size
from qwvis_desktop.ui.editor import DocumentEditor
from qwvis_desktop.ui.panels.labels import WrappingLabel
from qwvis_desktop.ui.panels.number_field import NumberField
from qwvis_desktop.ui.panels.space.camera import CameraPanel, field_of_view, with_field_of_view
from qwvis_desktop.ui.panels.space.camera_words import FROM_EXIF, camera_source_words

SIZE = Size(4032, 3024)


@pytest.fixture
def panel(qtbot: QtBot, editor: DocumentEditor) -> CameraPanel:
    panel = CameraPanel()
    qtbot.addWidget(panel)
    panel.resize(300, 640)
    panel.show_editor(editor)
    panel.show()
    return panel


def number(panel: CameraPanel, name: str) -> NumberField:
    return child(panel, NumberField, name)


def source(panel: CameraPanel) -> str:
    return child(panel, WrappingLabel, "Where the camera is known from").text()


def button(panel: CameraPanel, text: str) -> QPushButton:
    return next(found for found in panel.findChildren(QPushButton) if found.text().replace("&", "") == text)


def test_a_field_of_view_and_back() -> None:
    camera = CameraIntrinsics(2000, 1500, 2016, 1512)
    zoomed = with_field_of_view(camera, SIZE, 40)
    assert field_of_view(zoomed, SIZE) == pytest.approx(40)
    assert zoomed.fy / zoomed.fx == pytest.approx(0.75)
    assert (zoomed.cx, zoomed.cy) == (2016, 1512)


def test_the_makers_camera_is_shown_at_first(panel: CameraPanel, editor: DocumentEditor) -> None:
    assert "60°" in source(panel)
    assert number(panel, "Field of view").value() == pytest.approx(60, abs=0.05)
    shown = [number(panel, name).value() for name in ("fx", "fy", "cx", "cy")]
    camera = editor.document.camera
    assert shown == pytest.approx([camera.fx, camera.fy, camera.cx, camera.cy], abs=0.006)
    assert editor.undo_stack.count() == 1


def test_the_slider_is_live_and_each_drag_is_one_step(panel: CameraPanel, editor: DocumentEditor) -> None:
    slider, steps = child(panel, QSlider), editor.undo_stack.count()
    before = editor.document.camera
    slider.setSliderDown(True)
    for value in (650, 700, 800):
        slider.setValue(value)
        assert field_of_view(editor.document.camera, SIZE) == pytest.approx(value / 10)
        assert number(panel, "fx").value() == pytest.approx(editor.document.camera.fx, abs=0.006)
    slider.setSliderDown(False)
    slider.setSliderDown(True)
    slider.setValue(900)
    slider.setSliderDown(False)
    assert editor.undo_stack.count() == steps + 2
    assert "by hand" in source(panel)
    editor.undo_stack.undo()
    assert slider.value() == 800
    editor.undo_stack.undo()
    assert editor.document.camera == before
    assert "60°" in source(panel)


@pytest.mark.parametrize(("name", "value"), [("fx", 1500.5), ("fy", 1400.0), ("cx", -20.0), ("cy", 5000.25)])
def test_a_number_is_entered(panel: CameraPanel, editor: DocumentEditor, name: str, value: float) -> None:
    field, before = number(panel, name), editor.document.camera
    field.setFocus()
    field.selectAll()
    for letter in f"{value:.2f}".replace(".", field.locale().decimalPoint()):
        press(field, Qt.Key(ord(letter)))
    press(field, Qt.Key.Key_Return)
    after = editor.document.camera
    assert getattr(after, name) == value
    changed = [other for other in ("fx", "fy", "cx", "cy") if getattr(after, other) != getattr(before, other)]
    assert changed == [name]
    assert name in editor.undo_stack.undoText()


@pytest.mark.parametrize("text", ["0", "-5", "", "nan", "1e99"])
def test_an_impossible_focal_length_changes_nothing(panel: CameraPanel, editor: DocumentEditor, text: str) -> None:
    field, before = number(panel, "fx"), editor.document.camera
    line = field.lineEdit()
    assert line is not None
    field.setFocus()
    line.setText(text)
    press(field, Qt.Key.Key_Return)
    assert editor.document.camera == before


def test_square_pixels_and_the_makers_camera(panel: CameraPanel, editor: DocumentEditor) -> None:
    makers = editor.document.camera
    button(panel, "Square pixels").click()
    square = editor.document.camera
    assert square.fx == square.fy == makers.fx
    button(panel, "Makers' 60°").click()
    assert editor.document.camera == makers
    assert "60°" in source(panel)
    words = " ".join(label.text() for label in panel.findChildren(QLabel))
    assert "Real cameras have square pixels" in words


def test_conventions_are_chosen_live(panel: CameraPanel, editor: DocumentEditor) -> None:
    combo = child(panel, QComboBox)
    assert [combo.itemData(place) for place in range(combo.count())] == list(ANGLE_CONVENTIONS)
    assert len({combo.itemText(place) for place in range(combo.count())}) == len(ANGLE_CONVENTIONS)
    assert "0.5 is 90°" in " ".join(label.text() for label in panel.findChildren(QLabel))
    combo.setCurrentIndex(combo.findData("radians-xyz"))
    assert editor.document.convention == ANGLE_CONVENTIONS["radians-xyz"]
    assert "radian" in editor.undo_stack.undoText().lower()
    editor.undo_stack.undo()
    assert editor.document.convention == HALF_TURNS_XYZ
    assert combo.currentData() == HALF_TURNS_XYZ.name


def leaning(editor: DocumentEditor) -> None:
    """Add a box that stands where its turn counts half turns, and lies where it counts degrees."""
    editor.add([Cuboid(id="leaning", label="chair", center=(0, 0, 4), size=(1, 1, 1), angles=(0.99, 0.3, 0.98))], "Add")


def test_a_reading_that_makes_boxes_lean_is_doubted(panel: CameraPanel, editor: DocumentEditor, qtbot: QtBot) -> None:
    doubt = child(panel, WrappingLabel, "What speaks against this reading of the angles")
    assert not doubt.isVisible()
    leaning(editor)
    editor.set_convention(ANGLE_CONVENTIONS["radians-xyz"], "Angles")
    qtbot.waitUntil(doubt.isVisible)
    assert "1 cuboid" in doubt.text()
    offered = next(found for found in panel.findChildren(QPushButton) if found.text().startswith("Read as"))
    assert "half turns" in offered.text()
    offered.click()
    assert editor.document.convention == HALF_TURNS_XYZ
    qtbot.waitUntil(lambda: not doubt.isVisible())
    assert not offered.isVisible()


@pytest.mark.parametrize(
    ("text", "signal"),
    [("From EXIF", "exif_requested"), ("From file...", "file_requested"), ("Fit to 2D boxes", "fit_requested")],
)
def test_what_needs_more_is_asked_for(panel: CameraPanel, qtbot: QtBot, text: str, signal: str) -> None:
    with qtbot.waitSignal(getattr(panel, signal)):
        button(panel, text).click()


def test_the_ground_is_switched(panel: CameraPanel, qtbot: QtBot) -> None:
    box = child(panel, QCheckBox)
    told: list[bool] = []
    panel.ground_toggled.connect(told.append)
    box.click()
    panel.show_ground(False)
    assert not box.isChecked()
    assert told == [True]


def test_a_fit_is_told_until_another_picture_is_shown(
    panel: CameraPanel, editors: Callable[..., DocumentEditor]
) -> None:
    label = child(panel, WrappingLabel, "How well the camera fits")
    panel.show_fit("1.5 px")
    assert (label.text(), label.isVisible()) == ("1.5 px", True)
    panel.show_editor(editors())
    assert not label.isVisible()


def test_nothing_can_be_changed_without_a_picture(panel: CameraPanel, editor: DocumentEditor) -> None:
    panel.show_editor(None)
    assert not child(panel, QSlider).isEnabled()
    assert "Open a picture" in source(panel)
    editor.set_camera(CameraIntrinsics(1, 2, 3, 4), "x", "x")
    assert number(panel, "fx").value() != 1


def test_it_follows_what_others_do(panel: CameraPanel, editor: DocumentEditor) -> None:
    editor.set_camera(CameraIntrinsics(1000, 1001, 5, 6), FROM_EXIF, "EXIF")
    assert [number(panel, name).value() for name in ("fx", "fy", "cx", "cy")] == [1000, 1001, 5, 6]
    assert "estimate" in source(panel)
    assert number(panel, "Field of view").value() == pytest.approx(math.degrees(2 * math.atan(2.016)), abs=0.05)


def test_a_file_is_named_as_it_is() -> None:
    assert camera_source_words("calib.txt") == "calib.txt"


def test_the_wheel_scrolls_and_changes_nothing_in_passing(panel: CameraPanel, editor: DocumentEditor) -> None:
    before = editor.document.camera
    for field in (child(panel, QSlider), number(panel, "fx"), child(panel, QComboBox)):
        place = QPointF(field.rect().center())
        turn = QWheelEvent(
            place,
            QPointF(field.mapToGlobal(place.toPoint())),
            QPoint(),
            QPoint(0, 120),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(field, turn)
    assert (editor.document.camera, editor.document.convention) == (before, HALF_TURNS_XYZ)


def test_it_is_as_narrow_as_its_column(panel: CameraPanel) -> None:
    area = child(panel, QScrollArea)
    inner = area.widget()
    assert inner is not None
    assert inner.minimumSizeHint().width() <= 294
