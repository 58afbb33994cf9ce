from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QTreeWidget
from pytestqt.qtbot import QtBot
from widgets import child, click, press, write

from qwvis_desktop.ui.panels.dialogs.command_palette import Command, CommandPalette


def test_a_few_letters_find_and_return_does(qtbot: QtBot) -> None:
    done: list[str] = []
    names = ("Open Pictures", "Export", "Export as Seen", "cat")
    commands = [Command(name, "File", "Ctrl+X", partial(done.append, name)) for name in names]
    palette = CommandPalette(commands)
    qtbot.addWidget(palette)
    palette.open()
    line = child(palette, QLineEdit)
    assert palette.found == list(names)
    write(line, "exp")
    assert palette.found == ["Export", "Export as Seen"]
    press(line, Qt.Key.Key_Down)
    press(line, Qt.Key.Key_Down)
    press(line, Qt.Key.Key_Return)
    assert done == ["Export as Seen"]
    assert not palette.isVisible()


def test_nothing_is_found_and_nothing_done(qtbot: QtBot) -> None:
    palette = CommandPalette([Command("Open", "File", "", lambda: None)])
    qtbot.addWidget(palette)
    palette.open()
    write(child(palette, QLineEdit), "zzz")
    assert palette.found == []
    press(child(palette, QLineEdit), Qt.Key.Key_Return)
    press(child(palette, QLineEdit), Qt.Key.Key_Up)
    assert palette.isVisible()
    palette.reject()


def test_a_click_does_it_too(qtbot: QtBot) -> None:
    done: list[int] = []
    palette = CommandPalette([Command("Open", "File", "", lambda: done.append(1))])
    qtbot.addWidget(palette)
    palette.open()
    found = child(palette, QTreeWidget)
    item = found.topLevelItem(0)
    assert item is not None
    click(found.viewport(), found.visualItemRect(item).center())
    assert done == [1]
