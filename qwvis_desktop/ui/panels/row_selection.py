"""Tables of whole rows, and showing in them what is selected in the document."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QItemSelection, QItemSelectionModel
from PySide6.QtWidgets import QAbstractItemView, QTableView


def choose_rows(table: QTableView) -> None:
    """Let whole rows be chosen in a table, one or several, and nothing be written; Tab leaves it."""
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setFrameShape(QTableView.Shape.NoFrame)
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setTabKeyNavigation(False)
    table.verticalHeader().hide()


def select_rows(table: QTableView, rows: Sequence[int], column: int) -> None:
    """Select these rows and no others, and bring the first into view; the keyboard goes on from its ``column``.

    Args:
        table: all of whose columns are selected.
        rows: in ascending order.
        column: where the keyboard goes on from.
    """
    chosen, model = table.selectionModel(), table.model()
    chosen.select(_ranges(table, rows), QItemSelectionModel.SelectionFlag.ClearAndSelect)
    if rows:
        first = model.index(rows[0], column)
        chosen.setCurrentIndex(first, QItemSelectionModel.SelectionFlag.NoUpdate)
        table.scrollTo(first)


def _ranges(table: QTableView, rows: Sequence[int]) -> QItemSelection:
    """Return rows as a selection in which those that stand together are one range, as there may be thousands."""
    model, selection, start = table.model(), QItemSelection(), 0
    for place in range(1, len(rows) + 1):
        if place == len(rows) or rows[place] != rows[place - 1] + 1:
            last = model.index(rows[place - 1], model.columnCount() - 1)
            selection.select(model.index(rows[start], 0), last)
            start = place
    return selection
