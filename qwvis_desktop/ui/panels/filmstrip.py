"""``Filmstrip``: the open pictures, with small views of them and how each fares."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol

from PySide6.QtCore import QAbstractListModel, QItemSelection, QItemSelectionModel, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QHeaderView, QMenu, QTableView, QVBoxLayout, QWidget

from qwvis_desktop.ui.panels.filmstrip_rows import (
    KEY,
    NOTE,
    STATE,
    THUMBNAIL,
    ModelIndex,
    PictureState,
    RowPainter,
    in_one_line,
)
from qwvis_desktop.ui.panels.labels import WrappingLabel
from qwvis_desktop.ui.panels.row_selection import choose_rows
from qwvis_desktop.ui.panels.search_line import SearchLine

__all__ = ["THUMBNAIL", "Filmstrip", "FilmstripItem", "FilmstripModel", "Listed", "PictureState"]

_ALONE = QItemSelectionModel.SelectionFlag.ClearAndSelect
"""How rows are selected: left to itself, the view adds to what is selected while Ctrl is held, as for a shortcut."""

MOST_THUMBNAILS = 512
"""Small views that are kept: at twice the strip's pixels they take 19 MB."""

SEARCH_FROM = 12
"""The number of open pictures from which on names are searched rather than read."""


class Listed(Protocol):
    """One open picture, as the list needs it."""

    @property
    def key(self) -> str:
        """As in the workspace."""

    @property
    def name(self) -> str:
        """For people."""


class FilmstripItem(NamedTuple):
    """One open picture: its key, as in the workspace, and its name for people."""

    key: str
    name: str


_CALM = (PictureState.IDLE, PictureState.OK)
_IDLE = (PictureState.IDLE, "")


class FilmstripModel(QAbstractListModel):
    """The open pictures, however many; a small view is asked for when its row is painted.

    Signals:
        thumbnail_needed(str): the picture with this key is in view and has no small view.
    """

    thumbnail_needed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._all: list[Listed] = []
        self._items: list[Listed] = []
        self._words = ""
        self._names: list[str] | None = None
        self._rows: dict[str, int] | None = None
        self._states: dict[str, tuple[PictureState, str]] = {}
        self._checked: frozenset[str] = frozenset()
        self._thumbnails: OrderedDict[str, QPixmap] = OrderedDict()
        self._asked: set[str] = set()
        self._places: dict[str, int] = {}

    def set_items(self, items: Iterable[Listed]) -> None:
        """Show other pictures; what is known of those that stay is kept."""
        self._all, self._names = list(items), None
        self._show_found()

    def add_items(self, items: Sequence[Listed]) -> None:
        """Show further pictures behind the others; costs nothing for those that are there."""
        self._names = None
        words = self._words.casefold().split()
        if words:
            self._all += items
            items = [item for item in items if all(word in item.name.casefold() for word in words)]
        if items:
            first = len(self._items)
            self.beginInsertRows(QModelIndex(), first, first + len(items) - 1)
            self._items += items  # the same list as all where nothing is searched
            if self._rows is not None:
                self._rows.update((item.key, row) for row, item in enumerate(items, start=first))
            self.endInsertRows()

    def search(self, words: str) -> None:
        """Show only the pictures whose names hold all ``words``, in any case of letters."""
        if words != self._words:
            self._words = words
            self._show_found()

    def _show_found(self) -> None:
        words = self._words.casefold().split()
        found = self._all
        if words:
            if self._names is None:
                self._names = [item.name.casefold() for item in self._all]
            found = [item for item, name in zip(found, self._names, strict=True) if all(word in name for word in words)]
        self.beginResetModel()
        self._items, self._rows = found, None
        self._asked.clear()
        self.endResetModel()

    def set_state(self, key: str, state: PictureState, note: str) -> None:
        """Say how a picture fares."""
        self._states[key] = (state, note)
        self._tell_changed(key)

    def state_of(self, key: str) -> tuple[PictureState, str]:
        """Return how a picture fares, and a few words on that."""
        return self._states.get(key, _IDLE)

    def forget(self, key: str) -> None:
        """Drop what is known of a picture that was closed."""
        self._states.pop(key, None)
        self._thumbnails.pop(key, None)

    def set_checked(self, keys: frozenset[str]) -> None:
        """Mark these pictures as done, and no others."""
        for key in keys ^ self._checked:
            self._checked ^= {key}
            self._tell_changed(key)

    def set_thumbnail(self, key: str, image: QImage) -> None:
        """Give a picture its small view; the ones not seen for longest make way."""
        self._thumbnails[key] = QPixmap.fromImage(image)
        self._asked.discard(key)
        while len(self._thumbnails) > MOST_THUMBNAILS:
            self._thumbnails.popitem(last=False)
        self._tell_changed(key)

    def not_made(self, keys: Iterable[str]) -> None:
        """Ask again for these small views when their rows are seen the next time."""
        self._asked.difference_update(keys)

    def number(self, keys: Sequence[str]) -> None:
        """Show these pictures with their numbers, which is how a request about several calls them."""
        changed = self._places.keys() | set(keys)
        self._places = {key: place for place, key in enumerate(keys, start=1)}
        for key in changed:
            if (row := self.row_of(key)) >= 0:
                self.dataChanged.emit(self.index(row), self.index(row))

    def row_of(self, key: str) -> int:
        """Return the row of a picture; -1 where it is not shown."""
        if self._rows is None:
            self._rows = {item.key: row for row, item in enumerate(self._items)}
        return self._rows.get(key, -1)

    def key_at(self, index: ModelIndex) -> str:
        """Return the key of the picture in a row."""
        return self._items[index.row()].key if index.isValid() else ""

    def rowCount(self, parent: ModelIndex = QModelIndex()) -> int:
        """Return how many pictures are shown."""
        return 0 if parent.isValid() else len(self._items)

    @property
    def count(self) -> int:
        """How many pictures are open."""
        return len(self._all)

    def data(self, index: ModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return what Qt asks of a row."""
        item = self._items[index.row()]
        if role == Qt.ItemDataRole.DecorationRole:
            return self._thumbnail(item.key)
        state, note = self.state_of(item.key)
        checked = item.key in self._checked
        words = ", ".join(part for part in (in_one_line(note), self.tr("checked") if checked else "") if part)
        name = in_one_line(item.name)
        place = self._places.get(item.key)
        return {
            int(Qt.ItemDataRole.DisplayRole): f"{place}. {name}" if place else name,
            int(Qt.ItemDataRole.ToolTipRole): f"{item.name}\n{words}" if words else item.name,
            int(Qt.ItemDataRole.AccessibleTextRole): f"{name}, {words}" if words else name,
            int(KEY): item.key,
            int(STATE): PictureState.CHECKED if checked and state in _CALM else state,
            int(NOTE): words,
        }.get(int(role))

    def _thumbnail(self, key: str) -> QPixmap | None:
        pixmap = self._thumbnails.get(key)
        if pixmap is not None:
            self._thumbnails.move_to_end(key)
        elif key not in self._asked:
            self._asked.add(key)
            self.thumbnail_needed.emit(key)
        return pixmap

    def _tell_changed(self, key: str) -> None:
        row = self.row_of(key)
        if row >= 0:
            self.dataChanged.emit(self.index(row), self.index(row))


class Filmstrip(QWidget):
    """Lists the open pictures.

    Signals:
        chosen(str): the user wants to look at the picture with this key.
        close_requested(str): the user wants the picture with this key closed.
        check_requested(str, bool): the user found the picture with this key done, or not.
        thumbnail_needed(str): the picture with this key is in view; answer with ``set_thumbnail`` or ``not_made``.
        selection_changed(): ``selected`` holds other pictures.
        together_requested(): the user wants to ask about the selected pictures in one request.
    """

    chosen = Signal(object)
    close_requested = Signal(object)
    check_requested = Signal(object, bool)
    thumbnail_needed = Signal(object)
    selection_changed = Signal()
    together_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = FilmstripModel(self)
        self._current = ""
        self._view = QTableView()
        self._view.setAccessibleName(self.tr("Open pictures"))
        self._view.setModel(self._model)
        self._view.setItemDelegate(RowPainter(self._view))
        self._be_a_list()
        self._view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._view.customContextMenuRequested.connect(self._show_menu)
        self._empty = WrappingLabel(self.tr("Nothing is open. Drop pictures, documents, films or a folder here."))
        self._empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._empty.setContentsMargins(8, 8, 8, 8)
        self._search = SearchLine(self.tr("Search the open pictures by name"))
        self._search.textChanged.connect(self._find)
        self._search.returnPressed.connect(self._go_to_found)
        self._search.left_down.connect(self._enter_found)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for widget in (self._empty, self._search, self._view):
            layout.addWidget(widget)
        self._model.thumbnail_needed.connect(self.thumbnail_needed, Qt.ConnectionType.QueuedConnection)
        self._view.selectionModel().currentChanged.connect(self._tell_current)
        self._view.selectionModel().selectionChanged.connect(self._tell_selection)
        self._quiet = False
        self.set_items(())

    def _be_a_list(self) -> None:
        """Make the table one column: a list view of Qt walks through all rows whenever one of them changes."""
        view = self._view
        choose_rows(view)
        view.horizontalHeader().hide()
        view.horizontalHeader().setStretchLastSection(True)
        view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        view.verticalHeader().setDefaultSectionSize(THUMBNAIL.height() + 8)

    def set_items(self, items: Iterable[Listed]) -> None:
        """Show these pictures; the current one stays where it is still among them. Emits nothing."""
        selected = self.selected
        self._quiet = True
        self._model.set_items(items)
        self._quiet = False
        self.set_current(self._current)
        if len(selected) > 1:
            self.select(selected)
        self._show_count()

    def add_items(self, items: Sequence[Listed]) -> None:
        """Show further pictures behind the others. Emits nothing."""
        self._model.add_items(items)
        self._show_count()
        self.set_current(self._current)

    def _show_count(self) -> None:
        count = self._model.count
        self._search.setPlaceholderText(self.tr("Search {n} pictures").replace("{n}", f"{count:,}"))
        self._search.setVisible(count >= SEARCH_FROM or bool(self._search.text()))
        self._empty.setVisible(not count)
        self._view.setVisible(bool(count))

    def set_current(self, key: str) -> None:
        """Show the picture with this key as the one that is looked at. Emits nothing."""
        self._current = key
        row = self._model.row_of(key)
        if row >= 0 and row == self._view.currentIndex().row():
            return  # choosing it once more would end a selection of several
        self._quiet = True
        if row >= 0:
            self._view.selectionModel().setCurrentIndex(self._model.index(row), _ALONE)
        else:
            self._view.selectionModel().clear()
        self._quiet = False

    def set_state(self, key: str, state: PictureState | str, note: str = "") -> None:
        """Say how a picture fares, with a few words ("14 boxes")."""
        self._model.set_state(key, PictureState(state), note)

    def set_work(self, key: str, note: str) -> None:
        """Say what was done on a picture ("14 objects"), empty for nothing, where nothing else is to be said of it."""
        if self._model.state_of(key)[0] in _CALM:
            self._model.set_state(key, PictureState.OK if note else PictureState.IDLE, note)

    def set_problem(self, key: str, problem: str) -> None:
        """Say why a picture cannot be opened; empty where that is over."""
        if problem:
            self._model.set_state(key, PictureState.FAILED, problem)
        elif self._model.state_of(key)[0] is PictureState.FAILED:
            self._model.set_state(key, PictureState.IDLE, "")

    def set_checked(self, keys: Iterable[str]) -> None:
        """Mark these pictures as done, and no others."""
        self._model.set_checked(frozenset(keys))

    def set_thumbnail(self, key: str, image: QImage) -> None:
        """Give a picture its small view (at least 56 x 42 device-independent pixels)."""
        self._model.set_thumbnail(key, image)

    def not_made(self, keys: Iterable[str]) -> None:
        """Say that these small views will not come unless they are asked for again."""
        self._model.not_made(keys)

    def forget(self, key: str) -> None:
        """Drop what is known of a picture that was closed."""
        self._model.forget(key)

    def _find(self, words: str) -> None:
        self._quiet = True
        self._model.search(words)
        self._quiet = False
        self.set_current(self._current)

    def _go_to_found(self) -> None:
        """Look at the first picture that was found, unless one of them is looked at."""
        if self._model.rowCount() and self._model.row_of(self._current) < 0:
            self._view.selectionModel().setCurrentIndex(self._model.index(0), _ALONE)

    def _enter_found(self) -> None:
        if self._model.rowCount():
            self._go_to_found()
            self._view.setFocus()

    def _tell_current(self, current: QModelIndex) -> None:
        if not self._quiet and current.isValid():
            self._current = self._model.key_at(current)
            self.chosen.emit(self._current)

    @property
    def selected(self) -> tuple[str, ...]:
        """The keys of the selected pictures, in the order in which they are shown."""
        rows = sorted(index.row() for index in self._view.selectionModel().selectedIndexes())
        return tuple(self._model.key_at(self._model.index(row)) for row in rows)

    def select(self, keys: Iterable[str]) -> None:
        """Select these pictures, and no others."""
        chosen = QItemSelection()
        for index in (self._model.index(row) for key in keys if (row := self._model.row_of(key)) >= 0):
            chosen.select(index, index)
        self._view.selectionModel().select(chosen, _ALONE)

    def _tell_selection(self) -> None:
        selected = self.selected
        self._model.number(selected if len(selected) > 1 else ())
        self.selection_changed.emit()

    def _show_menu(self, place: QPoint) -> None:
        index = self._view.indexAt(place)
        if not index.isValid():
            return
        key = self._model.key_at(index)
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        check = menu.addAction(self.tr("Checked"))
        check.setCheckable(True)
        check.setChecked(index.data(STATE) is PictureState.CHECKED)
        check.triggered.connect(lambda checked: self.check_requested.emit(key, checked))
        if len(self.selected) > 1:
            menu.addAction(self.tr("Ask About the Selected in One Request")).triggered.connect(self.together_requested)
        menu.addAction(self.tr("Close Picture")).triggered.connect(lambda: self.close_requested.emit(key))
        menu.popup(self._view.viewport().mapToGlobal(place))
