"""Copying for other programs through the real window."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from program_window import open_photo
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from qwvis_desktop.app import Program
from qwvis_desktop.core.annotation import Detection, Keypoint
from qwvis_desktop.core.geometry import Box, Point
from qwvis_desktop.ui.controllers.editing.copy_controller import TABLE

CAT = Detection(id="cat", label="=cat", box=Box(10.5, 20, 40.25, 60), score=0.5)
NOSE = Keypoint(id="nose", label="nose", point=Point(30, 25))


@pytest.fixture
def window(program: Program, qtbot: QtBot, photo: Path) -> Program:
    open_photo(program, qtbot, photo).add([CAT, NOSE], "Add")
    return program


def test_rows_are_copied_for_a_spreadsheet(window: Program) -> None:
    window.actions["edit.copy_table"].trigger()
    text = QGuiApplication.clipboard().text()
    head, cat, nose = (line.split("\t") for line in text.splitlines())
    assert head == ["kind", "label", "score", "left", "top", "right", "bottom", "points"]
    assert cat == ["detection", "'=cat", "0.5", "10.5", "20", "40.25", "60", ""]
    assert nose[0] == "keypoint"
    assert QGuiApplication.clipboard().mimeData().hasFormat(TABLE)
    assert "Copied 2 objects" in window.canvas.notice


def test_what_is_selected_is_copied_as_json(window: Program) -> None:
    assert window.workspace.editor is not None
    window.workspace.editor.select(["nose"])
    window.actions["edit.copy_json"].trigger()
    (nose,) = json.loads(QGuiApplication.clipboard().text())
    assert (nose["kind"], nose["point"]) == ("keypoint", [30, 25])


def test_the_part_under_what_is_selected_is_copied(window: Program, qtbot: QtBot) -> None:
    assert window.workspace.editor is not None
    window.workspace.editor.select([])
    window.actions["edit.copy_crop"].trigger()
    assert "Select what lies on the picture first" in window.canvas.notice
    window.workspace.editor.select(["cat"])
    with qtbot.waitSignal(window.copies.said):
        window.actions["edit.copy_crop"].trigger()
    image = QGuiApplication.clipboard().image()
    assert (image.width(), image.height()) == (31, 40)
    window.workspace.editor.select(["nose"])
    with qtbot.waitSignal(window.copies.said):
        window.actions["edit.copy_crop"].trigger()
    assert QGuiApplication.clipboard().image().width() == 1


def test_without_a_picture_nothing_is_copied(program: Program) -> None:
    for name in ("table", "json", "crop"):
        assert not program.actions[f"edit.copy_{name}"].isEnabled()
    program.copies.copy_table()
    program.copies.copy_json()
    program.copies.copy_crop()
