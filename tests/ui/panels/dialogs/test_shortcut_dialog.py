from __future__ import annotations

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QKeySequenceEdit, QLabel, QLineEdit, QPushButton, QTreeWidget
from pytestqt.qtbot import QtBot
from widgets import child

from qwvis_desktop.ui.panels.dialogs.shortcut_dialog import ShortcutDialog


def made(qtbot: QtBot, changed: dict[str, tuple[str, ...]] | None = None) -> ShortcutDialog:
    dialog = ShortcutDialog(changed or {})
    qtbot.addWidget(dialog)
    return dialog


def button(dialog: ShortcutDialog, text: str) -> QPushButton:
    return next(each for each in dialog.findChildren(QPushButton) if each.text().replace("&", "") == text)


def enter(dialog: ShortcutDialog, keys: str) -> None:
    child(dialog, QKeySequenceEdit).setKeySequence(QKeySequence(keys))


def conflict(dialog: ShortcutDialog) -> str:
    label = child(dialog, QLabel, "Conflict")
    return "" if label.isHidden() else label.text()


def test_keys_are_set_and_conflicts_said(qtbot: QtBot) -> None:
    dialog = made(qtbot)
    dialog.select("edit.merge")
    assert not button(dialog, "Set").isEnabled()
    enter(dialog, "F9")
    assert conflict(dialog) == ""
    enter(dialog, "Ctrl+D")
    assert 'belongs to "Duplicate"' in conflict(dialog)
    button(dialog, "Set").click()
    assert dialog.changed == {"edit.merge": ("Ctrl+D",), "edit.duplicate": ()}
    assert dialog.keys_shown("edit.merge") == "Ctrl+D"
    assert dialog.keys_shown("edit.duplicate") == ""
    assert conflict(dialog) == ""


def test_reset_one_none_and_all(qtbot: QtBot) -> None:
    dialog = made(qtbot, {"edit.merge": ("F9",), "edit.copy": ("F8",)})
    dialog.select("edit.merge")
    button(dialog, "Reset").click()
    assert dialog.changed == {"edit.copy": ("F8",)}
    dialog.select("edit.duplicate")
    button(dialog, "No Keys").click()
    assert dialog.changed["edit.duplicate"] == ()
    button(dialog, "Reset All").click()
    assert dialog.changed == {}
    assert dialog.keys_shown("edit.copy") == "Ctrl+C"


def test_the_filter(qtbot: QtBot) -> None:
    dialog = made(qtbot)
    child(dialog, QLineEdit, "Filter actions").setText("duplic")
    tree = child(dialog, QTreeWidget)
    rows = [tree.topLevelItem(row) for row in range(tree.topLevelItemCount())]
    shown = [item.text(0) for item in rows if item is not None and not item.isHidden()]
    assert shown == ["Duplicate", "Merge Duplicates"]
