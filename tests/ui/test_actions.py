from __future__ import annotations

from collections.abc import Iterator

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtGui import QUndoCommand, QUndoStack
from PySide6.QtWidgets import QMainWindow, QMenu, QMenuBar, QPlainTextEdit, QToolBar
from pytestqt.qtbot import QtBot
from widgets import press, write

from qwvis_desktop.ui.action_table.table import ACTIONS
from qwvis_desktop.ui.actions import Actions


@pytest.fixture
def actions(qtbot: QtBot) -> Iterator[Actions]:
    window = QMainWindow()
    qtbot.addWidget(window)
    actions = Actions(window)
    window.addActions(list(actions))
    yield actions
    assert window is not None  # it lives as long as its actions are needed


def menu_texts(menu: QMenu) -> list[str]:
    return [action.text() for action in menu.actions() if not action.isSeparator()]


def test_every_action_is_told_by_its_id(actions: Actions) -> None:
    told: list[str] = []
    actions.triggered.connect(told.append)
    for spec in ACTIONS:
        actions.set_enabled(spec.id, True)
        actions[spec.id].trigger()
    assert told == [spec.id for spec in ACTIONS]


def test_menus_and_tool_bar_hold_what_the_table_says(actions: Actions, qtbot: QtBot) -> None:
    bar, tools = QMenuBar(), QToolBar()
    qtbot.addWidget(bar)
    qtbot.addWidget(tools)
    actions.set_listed("file.samples", [("page", "A page")])
    actions.title_menus(bar)
    actions.fill_menus()
    actions.fill_tool_bar(tools)
    titles = [action.text() for action in bar.actions()]
    assert titles == ["&File", "&Edit", "Revie&w", "Te&xt", "&View", "Fi&lm", "&Run", "&Help"]
    menus = {action.text(): action.menu() for action in bar.actions()}
    file_menu = menus["&File"]
    assert isinstance(file_menu, QMenu)
    assert menu_texts(file_menu)[:8] == [
        "&Open Pictures...",
        "Open &Folder...",
        "Open Fol&der as Film...",
        "Open Pro&ject...",
        "Open &Recent",
        "Open &Address...",
        "Sa&mples",
        "&Import Annotations...",
    ]
    view_menu = menus["&View"]
    assert isinstance(view_menu, QMenu)
    assert {"Panel&s", "&Theme"} < set(menu_texts(view_menu))
    shown = [action.objectName() for action in tools.actions() if not action.isSeparator()]
    assert shown == [spec.id for spec in ACTIONS if spec.toolbar]


def test_samples_can_be_chosen_and_change(actions: Actions, qtbot: QtBot) -> None:
    bar = QMenuBar()
    qtbot.addWidget(bar)
    actions.title_menus(bar)
    actions.fill_menus()
    samples = next(menu for menu in bar.findChildren(QMenu) if menu.title() == "Sa&mples")
    assert not samples.isEnabled()
    actions.set_listed("file.samples", [("page", "A page"), ("street", "A street")])
    told: list[str] = []
    actions.listed_chosen.connect(lambda menu, sample: told.append(sample))
    assert menu_texts(samples) == ["A page", "A street"]
    samples.actions()[1].trigger()
    assert told == ["street"]


def test_switches_are_told_and_being_set_is_not(actions: Actions) -> None:
    told: list[tuple[str, bool]] = []
    actions.toggled.connect(lambda action, on: told.append((action, on)))
    actions.set_checked("view.labels", True)
    assert told == []
    actions["view.labels"].trigger()
    assert told == [("view.labels", False)]


def test_of_a_group_one_is_on(actions: Actions) -> None:
    for choice in ("theme.light", "theme.dark", "theme.system"):
        actions[choice].trigger()
        assert [spec.id for spec in ACTIONS if spec.group == "theme" and actions[spec.id].isChecked()] == [choice]


def test_undo_says_what_it_would_undo(actions: Actions) -> None:
    first, second = QUndoStack(), QUndoStack()
    actions.follow(first)
    assert not actions["edit.undo"].isEnabled()
    first.push(QUndoCommand("Delete 3 objects"))
    assert actions["edit.undo"].isEnabled()
    assert actions["edit.undo"].text() == "&Undo Delete 3 objects"
    first.undo()
    assert (actions["edit.undo"].isEnabled(), actions["edit.redo"].isEnabled()) == (False, True)
    assert actions["edit.redo"].text() == "&Redo Delete 3 objects"
    actions.follow(second)
    assert (actions["edit.redo"].isEnabled(), actions["edit.redo"].text()) == (False, "&Redo")
    actions.follow(first)
    assert actions["edit.redo"].isEnabled()
    actions.follow(None)
    assert not actions["edit.redo"].isEnabled()
    actions.follow(first)
    assert actions["edit.redo"].isEnabled()


def test_a_stack_may_go_with_its_document(actions: Actions) -> None:
    stack = QUndoStack()
    stack.push(QUndoCommand("Delete"))
    actions.follow(stack)
    shiboken6.delete(stack)
    assert not actions["edit.undo"].isEnabled()
    assert actions["edit.undo"].text() == "&Undo"


def test_letters_are_written_where_there_is_text_to_write(actions: Actions, qtbot: QtBot) -> None:
    told: list[str] = []
    actions.triggered.connect(told.append)
    window = actions.parent()
    assert isinstance(window, QMainWindow)
    text = QPlainTextEdit()
    window.setCentralWidget(text)
    window.show()
    window.activateWindow()
    text.setFocus()
    qtbot.waitUntil(text.hasFocus)
    write(text, "h")
    press(text, Qt.Key.Key_Delete)
    assert (text.toPlainText(), told) == ("h", [])
    text.setReadOnly(True)
    write(text, "h")
    assert told == ["view.annotations"]


def test_keys_of_films_hold_while_a_film_is_looked_at(actions: Actions) -> None:
    def keys(action: str) -> list[str]:
        return [key.toString() for key in actions[action].shortcuts()]

    assert keys("view.next") == [".", "Ctrl+PgDown"]
    assert keys("film.frame_on") == []
    assert not actions["film.frame_on"].isEnabled()
    actions.set_film(True)
    assert keys("view.next") == ["Ctrl+PgDown"]
    assert keys("film.frame_on") == ["."]
    assert actions["film.frame_on"].isEnabled()
    actions.set_film(False)
    assert keys("view.next") == [".", "Ctrl+PgDown"]
    assert keys("film.frame_on") == []


def test_only_what_steps_repeats_while_its_key_is_held(actions: Actions) -> None:
    repeating = {spec.id for spec in ACTIONS if actions[spec.id].autoRepeat()}
    assert {"edit.undo", "view.next", "view.zoom_in"} <= repeating
    assert not {spec.id for spec in ACTIONS if spec.checkable} & repeating
    assert not {"review.accept", "review.reject"} & repeating
