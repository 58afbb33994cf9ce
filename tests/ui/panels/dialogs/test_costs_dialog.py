from __future__ import annotations

import pytest
from PySide6.QtWidgets import QComboBox, QLineEdit, QPushButton, QTableWidget
from pytestqt.qtbot import QtBot
from widgets import child, write

from qwvis_desktop.ui.panels.dialogs.costs_dialog import CapFields, CostRow, CostsDialog

ROW = CostRow("2026-11-27", 3, 6000, 500, 200, "CNY 0.0080", estimated=False)


@pytest.fixture
def dialog(qtbot: QtBot) -> CostsDialog:
    dialog = CostsDialog(("day", "model", "document"), CapFields("0.5", "", "CNY"))
    qtbot.addWidget(dialog)
    return dialog


def cells(dialog: CostsDialog) -> list[list[str]]:
    table = child(dialog, QTableWidget)
    items = [[table.item(row, column) for column in range(table.columnCount())] for row in range(table.rowCount())]
    return [[item.text() for item in line if item is not None] for line in items]


def test_nothing_yet(dialog: CostsDialog) -> None:
    assert cells(dialog) == []
    assert not next(one for one in dialog.findChildren(QPushButton) if "CSV" in one.text()).isEnabled()


def test_rows_of_what_is_chosen(dialog: CostsDialog, qtbot: QtBot) -> None:
    dialog.show_rows("day", [ROW, CostRow("2026-11-26", 1, 10, 0, 2, "price not known", estimated=True)])
    assert cells(dialog) == [
        ["2026-11-27", "CNY 0.0080", "3", "6,000", "500", "200"],
        ["2026-11-26", "price not known (partly estimated)", "1", "10", "0", "2"],
    ]
    with qtbot.waitSignal(dialog.group_chosen) as chosen:
        child(dialog, QComboBox, "Totals by").setCurrentIndex(2)
    assert chosen.args == ["document"]
    dialog.show_rows("day", [])
    assert len(cells(dialog)) == 2, "what was asked for before comes too late"
    dialog.show_rows("document", [])
    assert cells(dialog) == []


@pytest.mark.parametrize(
    ("typed", "kept"), [("2.5", "2.5"), ("12", "12"), ("7.", "7"), ("-3", "3"), ("1e5", "15"), ("abc", "")]
)
def test_only_amounts_can_be_written(typed: str, kept: str, dialog: CostsDialog) -> None:
    write(child(dialog, QLineEdit, "Cap for a day"), typed)
    assert dialog.caps == CapFields("0.5", kept, "CNY")


def test_a_currency_of_ones_own_stays(qtbot: QtBot) -> None:
    dialog = CostsDialog(("day",), CapFields(currency="CHF"))
    qtbot.addWidget(dialog)
    assert dialog.caps.currency == "CHF"
