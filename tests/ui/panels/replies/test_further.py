from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPushButton
from pytestqt.qtbot import QtBot
from widgets import child, press, write

from qwvis_desktop.ui.panels.replies.further import FurtherRow


@pytest.fixture
def row(qtbot: QtBot) -> FurtherRow:
    row = FurtherRow()
    qtbot.addWidget(row)
    return row


def buttons(row: FurtherRow) -> dict[str, QPushButton]:
    return {button.text(): button for button in row.findChildren(QPushButton)}


def test_it_is_there_only_where_it_is_of_use(row: FurtherRow) -> None:
    assert row.isHidden()
    row.offer(further=True, rest=False)
    assert row.isVisible()
    assert not buttons(row)["Continue the Cut Reply"].isVisible()
    row.offer(further=False, rest=True)
    assert not child(row, QLineEdit).isVisible()
    assert buttons(row)["Continue the Cut Reply"].isEnabled()
    row.offer(further=False, rest=True, why_not="It cannot.")
    assert not buttons(row)["Continue the Cut Reply"].isEnabled()
    assert buttons(row)["Continue the Cut Reply"].toolTip() == "It cannot."


def test_words_are_told_once_there_are_some(row: FurtherRow, qtbot: QtBot) -> None:
    row.offer(further=True, rest=True)
    ask, line = buttons(row)["Ask Further"], child(row, QLineEdit)
    assert not ask.isEnabled()
    write(line, "  And now? ")
    with qtbot.waitSignal(row.asked) as asked:
        press(line, Qt.Key.Key_Return)
    assert asked.args == ["And now?"]
    row.clear()
    assert not ask.isEnabled()
    with qtbot.waitSignal(row.continue_requested):
        buttons(row)["Continue the Cut Reply"].click()
