from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialogButtonBox, QLineEdit, QPlainTextEdit, QTreeWidget
from pytestqt.qtbot import QtBot
from widgets import child

from qwvis_desktop.ui.action_table.table import ACTIONS
from qwvis_desktop.ui.panels.dialogs.small_dialogs import AboutDialog, ErrorDialog, ShortcutsDialog, UrlDialog
from qwvis_desktop.ui.panels.labels import WrappingLabel


def test_a_failure_can_be_copied(qtbot: QtBot) -> None:
    dialog = ErrorDialog("The key is wrong. Enter it again.", "HTTP 401\n<invalid_api_key>")
    qtbot.addWidget(dialog)
    assert child(dialog, WrappingLabel).text() == "The key is wrong. Enter it again."
    assert child(dialog, QPlainTextEdit).toPlainText() == "HTTP 401\n<invalid_api_key>"
    dialog.copy_button.click()
    assert QGuiApplication.clipboard().text() == "The key is wrong. Enter it again.\n\nHTTP 401\n<invalid_api_key>"
    assert dialog.copy_button.text() == "Copied"


def test_a_failure_without_details_has_no_field_for_them(qtbot: QtBot) -> None:
    dialog = ErrorDialog("The folder holds no pictures.")
    qtbot.addWidget(dialog)
    assert dialog.findChildren(QPlainTextEdit) == []


@pytest.mark.parametrize(
    ("url", "fits"),
    [
        ("", False),
        ("https://", False),
        ("file:///etc/passwd", False),
        ("street.jpg", False),
        ("ftp://example.org/a.jpg", False),
        ("  https://example.org/a.jpg?x=1 ", True),
        ("http://127.0.0.1:8000/a.png", True),
    ],
)
def test_only_web_addresses_are_opened(qtbot: QtBot, url: str, fits: bool) -> None:
    dialog = UrlDialog()
    qtbot.addWidget(dialog)
    child(dialog, QLineEdit).setText(url)
    button = child(dialog, QDialogButtonBox).button(QDialogButtonBox.StandardButton.Open)
    assert button.isEnabled() is fits
    assert dialog.url == url.strip()


def rows_of(tree: QTreeWidget) -> Iterator[tuple[str, str]]:
    for place in range(tree.topLevelItemCount()):
        group = tree.topLevelItem(place)
        assert group is not None
        for row in range(group.childCount()):
            item = group.child(row)
            assert item is not None
            yield item.text(0), item.text(1)


def test_the_sheet_lists_every_action_that_has_keys(qtbot: QtBot) -> None:
    dialog = ShortcutsDialog({})
    qtbot.addWidget(dialog)
    rows = list(rows_of(dialog.tree))
    texts = dict(rows)
    assert len(rows) >= sum(bool(spec.shortcut) for spec in ACTIONS)
    assert texts["Open Pictures"] == "Ctrl+O"
    assert texts["Next Picture"] == "., Ctrl+PgDown"
    assert all(texts.values())
    assert not any("&" in name or name.endswith("...") for name in texts)


def test_about_says_what_runs(qtbot: QtBot) -> None:
    dialog = AboutDialog("1.2.3", "Python 3.11\nQt 6.11")
    qtbot.addWidget(dialog)
    assert child(dialog, QPlainTextEdit).toPlainText() == "Python 3.11\nQt 6.11"
