"""The menus of the right button, on the picture and in the list, in the real window."""

from __future__ import annotations

from pathlib import Path

import pytest
from program_window import open_photo
from PySide6.QtCore import QPoint
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication, QMenu, QTableView, QWidget
from pytestqt.qtbot import QtBot
from widgets import child

from qwvis_desktop.app import Program
from qwvis_desktop.core.annotation import Detection
from qwvis_desktop.core.geometry import Box, Point
from qwvis_desktop.ui.action_table.table import ACTIONS, MENUS
from qwvis_desktop.ui.controllers.editing.menu_controller import PICTURE_MENU, SELECTED_MENU
from qwvis_desktop.ui.editor import DocumentEditor
from qwvis_desktop.ui.panels.annotations import AnnotationPanel

MOUSE, KEYBOARD = QContextMenuEvent.Reason.Mouse, QContextMenuEvent.Reason.Keyboard
CAT = Detection(id="a", label="cat", box=Box(100, 100, 200, 200))
DOG = Detection(id="b", label="dog", box=Box(300, 300, 400, 400))


@pytest.fixture
def editor(program: Program, qtbot: QtBot, photo: Path) -> DocumentEditor:
    editor = open_photo(program, qtbot, photo)
    editor.add([CAT, DOG], "Draw")
    return editor


def asked(widget: QWidget, place: QPoint, reason: QContextMenuEvent.Reason = MOUSE) -> list[str]:
    """Ask for a menu at a place of a widget, close it, and return the ids of what it offers."""
    QApplication.sendEvent(widget, QContextMenuEvent(reason, place, widget.mapToGlobal(place)))
    menu = QApplication.activePopupWidget()
    if menu is None:
        return []
    assert isinstance(menu, QMenu)
    offered = [name for action in menu.actions() for name in (action.objectName(), *_inner(action.menu()))]
    menu.close()
    return [name for name in offered if name]


def _inner(menu: object) -> list[str]:
    return [action.objectName() for action in menu.actions()] if isinstance(menu, QMenu) else []


def at(program: Program, x: float, y: float) -> QPoint:
    place = program.canvas.viewport.to_widget(Point(x, y))
    return QPoint(round(place.x), round(place.y))


def test_what_is_under_the_pointer_is_selected_and_its_actions_are_offered(
    program: Program, editor: DocumentEditor
) -> None:
    offered = asked(program.canvas, at(program, 150, 150))
    assert editor.selection == {"a"}
    assert {"edit.relabel", "edit.delete", "edit.convert_polygon", "edit.label_1", "view.selection"} <= set(offered)
    assert "edit.draw_box" not in offered
    # What is selected stays selected where the menu is asked for on a part of it.
    editor.select(["a", "b"])
    asked(program.canvas, at(program, 350, 350))
    assert editor.selection == {"a", "b"}


def test_beside_all_there_is_what_can_be_done_with_the_picture(program: Program, editor: DocumentEditor) -> None:
    editor.select(["a"])
    offered = asked(program.canvas, at(program, 250, 60))
    assert editor.selection == frozenset()
    assert {"edit.draw_box", "edit.draw_point", "edit.paste", "view.fit"} <= set(offered)
    assert "edit.delete" not in offered


def test_the_menu_key_is_for_what_is_selected(program: Program, editor: DocumentEditor) -> None:
    editor.select(["b"])
    assert "edit.delete" in asked(program.canvas, QPoint(5, 5), KEYBOARD)
    assert editor.selection == {"b"}


def test_the_list_has_it_too(program: Program, editor: DocumentEditor) -> None:
    panel = child(program.window, AnnotationPanel)
    table = child(panel, QTableView)
    spy = QSignalSpy(panel.menu_wanted)
    assert asked(table.viewport(), QPoint(30, 10)) == []
    assert spy.count() == 0, "nothing is selected"
    editor.select(["b"])
    assert "edit.duplicate" in asked(table.viewport(), QPoint(30, 10))


def test_none_while_something_is_drawn_or_nothing_is_open(
    program: Program, editor: DocumentEditor, qtbot: QtBot
) -> None:
    program.actions["edit.draw_polygon"].trigger()
    assert asked(program.canvas, at(program, 150, 150)) == []
    program.canvas.stop_drawing()
    program.actions["file.close"].trigger()
    qtbot.waitUntil(lambda: program.workspace.editor is None)
    assert asked(program.canvas, QPoint(50, 50)) == []


def test_every_entry_is_an_action_or_a_menu() -> None:
    known = {spec.id for spec in ACTIONS} | MENUS.keys() | {""}
    assert set(SELECTED_MENU) <= known
    assert set(PICTURE_MENU) <= known
