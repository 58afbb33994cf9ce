from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QTableView
from pytestqt.qtbot import QtBot

from qwvis_desktop.ui.panels.row_selection import select_rows


@pytest.fixture
def table(qtbot: QtBot) -> QTableView:
    table = QTableView()
    table.setModel(QStandardItemModel(12, 3, table))
    qtbot.addWidget(table)
    return table


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sets(st.integers(0, 11)))
def test_these_rows_and_no_others(table: QTableView, rows: set[int]) -> None:
    select_rows(table, sorted(rows), 1)
    assert {index.row() for index in table.selectionModel().selectedRows()} == rows
    assert len(table.selectionModel().selectedIndexes()) == 3 * len(rows)
    if rows:
        current = table.currentIndex()
        assert (current.row(), current.column()) == (min(rows), 1)


def test_neighbours_are_one_range(table: QTableView) -> None:
    select_rows(table, [1, 2, 3, 7, 9, 10], 0)
    chosen = table.selectionModel().selection()
    parts = [chosen.at(place) for place in range(chosen.count())]
    assert [(part.top(), part.bottom()) for part in parts] == [(1, 3), (7, 7), (9, 10)]
