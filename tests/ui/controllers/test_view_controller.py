"""The switches of the view menu, through the real window."""

from pathlib import Path

import pytest
from PIL import Image
from program_window import open_photo, press, running
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot
from widgets import child

from qwvis_desktop.app import Program
from qwvis_desktop.core.annotation import Detection
from qwvis_desktop.core.geometry import Box, Point
from qwvis_desktop.ui.canvas.look import SWITCHES, Look
from qwvis_desktop.ui.canvas.painting.pointer_aids import loupe_place

SMALL = Detection(id="small", label="cat", score=0.25, box=Box(100, 100, 140, 130))
LARGE = Detection(id="large", label="car", score=0.75, box=Box(50, 50, 600, 450))


def opened(program: Program, qtbot: QtBot, folder: Path) -> None:
    path = folder / "grey.png"
    Image.new("RGB", (800, 600), (120, 121, 122)).save(path)
    editor = open_photo(program, qtbot, path)
    qtbot.waitUntil(lambda: program.canvas.picture is not None)
    editor.add([LARGE, SMALL], "Add")


def grabbed(program: Program) -> QImage:
    return program.canvas.grab().toImage()


def place(program: Program, x: float, y: float) -> QPoint:
    at = program.canvas.viewport.to_widget(Point(x, y))
    return QPoint(round(at.x), round(at.y))


def test_every_switch_changes_the_picture_and_is_kept(qtbot: QtBot, tmp_path: Path) -> None:
    with running() as program:
        opened(program, qtbot, tmp_path)
        QTest.mouseMove(program.canvas, place(program, 300, 300))
        for action, name in SWITCHES.items():
            if name in ("every_label", "order"):
                continue  # with two boxes there is room for all labels, and nothing to read
            before = grabbed(program)
            program.actions[action].trigger()
            assert getattr(program.canvas.look, name) == program.actions[action].isChecked()
            QTest.mouseMove(program.canvas, place(program, 301 + len(name), 300))
            if name != "smooth":  # whole places look the same
                assert grabbed(program) != before, name
            program.actions[action].trigger()
        program.actions["view.fill"].trigger()
        program.actions["view.opacity_50"].trigger()
    with running() as again:
        assert again.canvas.look == Look(fill=True, opacity=50)
        assert again.actions["view.fill"].isChecked()
        assert again.actions["view.opacity_50"].isChecked()


def test_h_hides_while_it_is_held_and_toggles_when_tapped(qtbot: QtBot, tmp_path: Path) -> None:
    with running() as program:
        opened(program, qtbot, tmp_path)
        program.canvas.setFocus()
        press(program, Qt.Key.Key_H)
        assert not program.canvas.look.annotations
        press(program, Qt.Key.Key_H)
        assert program.canvas.look.annotations


def test_opacity_mixes_with_the_picture(qtbot: QtBot, tmp_path: Path) -> None:
    with running() as program:
        opened(program, qtbot, tmp_path)
        edge = place(program, 300, 50)
        full = grabbed(program).pixelColor(edge)
        program.actions["view.opacity_50"].trigger()
        half = grabbed(program).pixelColor(edge)
        assert half.red() == pytest.approx((full.red() + 120) / 2, abs=2)
        assert half.blue() == pytest.approx((full.blue() + 122) / 2, abs=2)


def test_what_the_filter_takes_away_is_not_shown_and_not_met(qtbot: QtBot, tmp_path: Path) -> None:
    with running() as program:
        opened(program, qtbot, tmp_path)
        canvas, line = program.canvas, child(program.panels.annotations, QLineEdit)
        assert list(canvas.ids_at(place(program, 120, 115).toPointF())) == ["small", "large"]
        line.setText("score>0.5")
        assert list(canvas.ids_at(place(program, 120, 115).toPointF())) == ["large"]
        assert program.panels.annotations._model.ids == ["large"]
        line.setText("")
        assert list(canvas.ids_at(place(program, 120, 115).toPointF())) == ["small", "large"]


def test_only_what_is_selected_is_shown(qtbot: QtBot, tmp_path: Path) -> None:
    with running() as program:
        opened(program, qtbot, tmp_path)
        editor = program.workspace.editor
        assert editor is not None
        editor.select(["small"])
        program.actions["view.only_selected"].trigger()
        assert list(program.canvas.ids_at(place(program, 120, 115).toPointF())) == ["small"]
        editor.select(["large"])
        assert list(program.canvas.ids_at(place(program, 120, 115).toPointF())) == ["large"]


def test_the_view_goes_to_the_selection(qtbot: QtBot, tmp_path: Path) -> None:
    with running() as program:
        opened(program, qtbot, tmp_path)
        editor = program.workspace.editor
        assert editor is not None
        editor.select(["small"])
        program.actions["view.selection"].trigger()
        middle = program.canvas.viewport.to_picture(Point(program.canvas.width() / 2, program.canvas.height() / 2))
        assert middle.x == pytest.approx(120, abs=1)
        assert middle.y == pytest.approx(115, abs=1)
        assert program.canvas.zoom > 4


def test_the_pixel_under_the_pointer_is_told(qtbot: QtBot, tmp_path: Path) -> None:
    with running() as program:
        opened(program, qtbot, tmp_path)
        program.canvas.pointer_moved.emit(Point(10.7, 20.2))
        assert program.panels.status_bar._pixel.text() == "120 121 122"
        program.canvas.pointer_moved.emit(None)
        assert program.panels.status_bar._pixel.text() == ""


def test_the_loupe_shows_the_pixel_in_its_middle_and_stays_in_view(qtbot: QtBot, tmp_path: Path) -> None:
    with running() as program:
        opened(program, qtbot, tmp_path)
        canvas = program.canvas
        program.actions["view.loupe"].trigger()
        QTest.mouseMove(canvas, place(program, 50.5, 300.5))
        area = loupe_place(place(program, 50.5, 300.5).toPointF(), canvas.size(), 168, 24)
        image = grabbed(program)
        # The frame's left edge, under the pointer, is drawn as a line through the middle.
        colors = {image.pixelColor(area.center() + QPoint(dx, 30)).name() for dx in range(-6, 6)}
        assert len(colors) > 1
        assert image.pixelColor(area.center() + QPoint(60, 30)) == QColor(120, 121, 122)
        for x, y in ((0, 0), (canvas.width(), canvas.height()), (canvas.width(), 0)):
            assert canvas.rect().contains(loupe_place(QPoint(x, y).toPointF(), canvas.size(), 168, 24))
