"""The model of the history panel: runs, the latest first, loaded page by page as one scrolls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from PySide6.QtCore import QAbstractTableModel, QCoreApplication, QModelIndex, QPersistentModelIndex, Qt, Signal

from qwvis_desktop.ui.translation import translatable


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryItem:
    """A run as the list shows it.

    Attributes:
        id: of the run.
        when: date and time, for people.
        model, task, picture: their names, for people.
        outcome: how it ended, in a word.
        words: why it failed, else how the reply begins.
        failed: whether it ended badly.
    """

    id: str
    when: str
    model: str
    task: str
    picture: str
    outcome: str
    words: str
    failed: bool = False


class HistoryColumn(IntEnum):
    """The columns, in order."""

    WHEN = 0
    MODEL = 1
    TASK = 2
    PICTURE = 3
    OUTCOME = 4
    WORDS = 5


_TITLES = (
    translatable("HistoryPanel", "When"),
    translatable("HistoryPanel", "Model"),
    translatable("HistoryPanel", "Task"),
    translatable("HistoryPanel", "Picture"),
    translatable("HistoryPanel", "Outcome"),
    translatable("HistoryPanel", "Reply"),
)
_FIELDS = ("when", "model", "task", "picture", "outcome", "words")
_Index = QModelIndex | QPersistentModelIndex


class HistoryModel(QAbstractTableModel):
    """Rows of the history; asks for more when the end of what is loaded is scrolled to.

    Signals:
        more_wanted(): the next page should be given to ``append``.
    """

    more_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._items: list[HistoryItem] = []
        self._more = False
        self._asked = False

    @property
    def items(self) -> Sequence[HistoryItem]:
        """What is loaded."""
        return self._items

    def set_items(self, items: Sequence[HistoryItem], *, more: bool) -> None:
        """Show other runs; ``more`` says whether there are further ones."""
        self.beginResetModel()
        self._items, self._more, self._asked = list(items), more, False
        self.endResetModel()

    def append(self, items: Sequence[HistoryItem], *, more: bool) -> None:
        """Show further runs below."""
        self._more, self._asked = more, False
        if items:
            first = len(self._items)
            self.beginInsertRows(QModelIndex(), first, first + len(items) - 1)
            self._items += items
            self.endInsertRows()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:
        """Return how many are loaded."""
        return 0 if parent.isValid() else len(self._items)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(HistoryColumn)

    def canFetchMore(self, parent: _Index) -> bool:
        """Say whether there are further runs that were not asked for yet."""
        return not parent.isValid() and self._more and not self._asked

    def fetchMore(self, parent: _Index) -> None:
        """Ask for further runs."""
        if self.canFetchMore(parent):
            self._asked = True
            self.more_wanted.emit()

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return what a cell shows; all of it when the pointer rests on it."""
        if not index.isValid():
            return None
        item = self._items[index.row()]
        text = str(getattr(item, _FIELDS[index.column()]))
        if role == Qt.ItemDataRole.DisplayRole:
            return " ".join(text.split())
        if role == Qt.ItemDataRole.ToolTipRole:
            return text
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the title of a column."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return QCoreApplication.translate("HistoryPanel", _TITLES[section])
        return None
