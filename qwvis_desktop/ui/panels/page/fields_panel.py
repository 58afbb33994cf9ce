"""``FieldsPanel``: the fields that a model filled, to be read, corrected, and found on the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QBrush, QFont, QGuiApplication
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QToolButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from qwvis_desktop.core.field_table import Field
from qwvis_desktop.core.spreadsheet_text import tab_separated
from qwvis_desktop.ui.panels.labels import WrappingLabel
from qwvis_desktop.ui.theme import Tone, tone_color

_NAME, _VALUE, _PLACES, _READ = range(4)
_POINTER = Qt.ItemDataRole.UserRole


class FieldsPanel(QWidget):
    """A tree of keys and values; a value is changed by a double click, F2 or Return.

    Signals:
        value_edited(str, str): the value at this place (a pointer) is to be this.
        field_chosen(str): the field at this place was clicked.
        search_requested(): the page is to be read, so that values can be found on it.
        said(str): what was copied, in a sentence.
    """

    value_edited = Signal(str, str)
    field_chosen = Signal(str)
    search_requested = Signal()
    said = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fields: tuple[Field, ...] = ()
        self._items: dict[str, QTreeWidgetItem] = {}
        self._quiet = False
        self.tree = QTreeWidget()
        self._hint = WrappingLabel("", Tone.MUTED)
        self._copy = _button(self.tr("Copy"), self.tr("Copy all fields, to be pasted into a spreadsheet"))
        self._restore = _button(self.tr("Take Model's Value"), self.tr("Undo the correction of the chosen field"))
        self._find = _button(
            self.tr("Find on the Page"),
            self.tr("Read the text of the page on this machine, so that values are found where they stand"),
        )
        self._set_up_tree()
        self._place()
        self._copy.clicked.connect(self._copy_all)
        self._restore.clicked.connect(self._restore_chosen)
        self._find.clicked.connect(self.search_requested)
        self.show_fields((), {}, has_text=False)

    @property
    def fields(self) -> tuple[Field, ...]:
        """What is shown."""
        return self._fields

    def show_fields(self, fields: Sequence[Field], places: Mapping[str, int], *, has_text: bool) -> None:
        """Show fields.

        Args:
            fields: in their order.
            places: how often the value of each stands on the page, by its pointer.
            has_text: whether text was read on the page at all.
        """
        same = [each.pointer for each in fields] == [each.pointer for each in self._fields]
        self._fields = tuple(fields)
        self._quiet = True
        if not same:
            self._rebuild()
        for each in fields:
            self._fill(self._items[each.pointer], each, places.get(each.pointer, 0), has_text)
        self._quiet = False
        self.tree.setColumnHidden(_READ, not any(each.is_corrected for each in fields))
        self.tree.setColumnHidden(_PLACES, not has_text)
        self._find.setVisible(bool(fields) and not has_text)
        self._copy.setEnabled(bool(fields))
        self._say(has_text)
        self._show_restore()

    def choose(self, pointer: str) -> None:
        """Mark a field as the chosen one, without saying so."""
        item = self._items.get(pointer)
        if item is not None:
            self._quiet = True
            self.tree.setCurrentItem(item)
            self._quiet = False

    def _set_up_tree(self) -> None:
        tree = self.tree
        tree.setAccessibleName(self.tr("Fields"))
        tree.setColumnCount(4)
        tree.setHeaderLabels([self.tr("Field"), self.tr("Value"), self.tr("On the page"), self.tr("Model read")])
        tree.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        tree.setUniformRowHeights(True)
        tree.setFrameShape(QTreeWidget.Shape.NoFrame)
        tree.setIndentation(14)
        header = tree.header()
        header.setSectionResizeMode(_NAME, QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(_VALUE, QHeaderView.ResizeMode.Stretch)
        for column in (_PLACES, _READ):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        header.setStretchLastSection(False)
        tree.setColumnWidth(_NAME, 140)
        tree.itemActivated.connect(self._edit)
        tree.itemDoubleClicked.connect(self._edit)
        tree.itemChanged.connect(self._changed)
        tree.currentItemChanged.connect(self._chosen)

    def _place(self) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(8, 2, 8, 2)
        row.setSpacing(2)
        for button in (self._copy, self._restore, self._find):
            row.addWidget(button)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        self._hint.setContentsMargins(12, 4, 12, 6)
        column.addWidget(self._hint)
        column.addWidget(self.tree, 1)

    def _rebuild(self) -> None:
        """Make an item for each field and each object and list round it."""
        self.tree.clear()
        self._items = {}
        groups: dict[str, QTreeWidgetItem] = {}
        for each in self._fields:
            *way, last = each.pointer.split("/")[1:] or [""]
            parent: QTreeWidget | QTreeWidgetItem = self.tree
            path = ""
            for part in way:
                path = f"{path}/{part}"
                if path not in groups:
                    groups[path] = QTreeWidgetItem(parent, [_title(part)])
                    groups[path].setFlags(Qt.ItemFlag.ItemIsEnabled)
                parent = groups[path]
            item = QTreeWidgetItem(parent, [_title(last)])
            item.setData(_NAME, _POINTER, each.pointer)
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEditable)
            self._items[each.pointer] = item
        self.tree.expandAll()

    def _fill(self, item: QTreeWidgetItem, field: Field, places: int, has_text: bool) -> None:
        found = "" if not has_text or not field.value else self._places_words(places)
        read = field.read if field.is_corrected else ""
        for column, text in ((_VALUE, field.value), (_PLACES, found), (_READ, read)):
            if item.text(column) != text:
                item.setText(column, text)
        item.setToolTip(_NAME, field.path)
        item.setToolTip(_VALUE, field.value)
        font = QFont(item.font(_VALUE))
        font.setBold(field.is_corrected)
        item.setFont(_VALUE, font)
        tone = Tone.WARNING if found and places != 1 else Tone.MUTED
        item.setForeground(_PLACES, QBrush(tone_color(tone, self.palette())))
        item.setForeground(_READ, QBrush(tone_color(Tone.MUTED, self.palette())))

    def _places_words(self, places: int) -> str:
        if not places:
            return self.tr("not found")
        return self.tr("found") if places == 1 else self.tr("{n} places").replace("{n}", str(places))

    def _say(self, has_text: bool) -> None:
        if not self._fields:
            words = self.tr("Ask a model to extract fields, and they are listed here to be checked and corrected.")
        elif not has_text:
            words = self.tr("No text was read on this page yet, so that values cannot be found on it.")
        else:
            words = ""
        self._hint.setText(words)
        self._hint.setVisible(bool(words))

    def _edit(self, item: QTreeWidgetItem) -> None:
        if item.data(_NAME, _POINTER) is not None:
            self.tree.editItem(item, _VALUE)

    def _changed(self, item: QTreeWidgetItem, column: int) -> None:
        pointer = item.data(_NAME, _POINTER)
        if not self._quiet and column == _VALUE and pointer is not None:
            self.value_edited.emit(pointer, item.text(_VALUE))

    def _chosen(self, item: QTreeWidgetItem | None) -> None:
        self._show_restore()
        pointer = item.data(_NAME, _POINTER) if item is not None else None
        if not self._quiet and pointer is not None:
            self.field_chosen.emit(pointer)

    def _chosen_field(self) -> Field | None:
        item = self.tree.currentItem()
        pointer = item.data(_NAME, _POINTER) if item is not None else None
        return next((each for each in self._fields if each.pointer == pointer), None)

    def _show_restore(self) -> None:
        field = self._chosen_field()
        self._restore.setEnabled(field is not None and field.is_corrected)

    def _restore_chosen(self) -> None:
        field = self._chosen_field()
        if field is not None:
            self.value_edited.emit(field.pointer, field.read)

    def _copy_all(self) -> None:
        QGuiApplication.clipboard().setText(tab_separated((each.path, each.value) for each in self._fields))
        self.said.emit(self.tr("The fields were copied. Paste them into a spreadsheet."))


def _title(part: str) -> str:
    """Return the name of a key, or of a place in a list counted from 1."""
    return str(int(part) + 1) if part.isdigit() and len(part) < 9 else part.replace("~1", "/").replace("~0", "~")


def _button(text: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setToolTip(tip)
    button.setAccessibleName(text)
    button.setAutoRaise(True)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
