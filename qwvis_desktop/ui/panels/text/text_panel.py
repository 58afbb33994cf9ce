"""``TextPanel``: the texts of the picture as they are read; selecting here selects everywhere."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QStackedLayout,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from qwvis_desktop.ui.editor import DocumentEditor
from qwvis_desktop.ui.panels.labels import ToneLabel, WrappingLabel
from qwvis_desktop.ui.panels.row_selection import choose_rows, select_rows
from qwvis_desktop.ui.panels.text.text_model import Column, TextModel
from qwvis_desktop.ui.panels.words import counted
from qwvis_desktop.ui.theme import Tone


class TextPanel(QWidget):
    """Lists the texts of a document in reading order.

    Selects through the ``DocumentEditor`` it shows; show another, or None, before that goes.

    Signals:
        activated(str): the text with this id is to be corrected.
        moved(tuple, str): the texts with these ids are wanted right before another; at the end for an empty id.
        order_requested(): order all texts by columns and lines.
        correction_requested(): go through all texts.
        low_first_changed(bool): the least sure come first, or not.
    """

    activated = Signal(str)
    moved = Signal(object, str)
    order_requested = Signal()
    correction_requested = Signal()
    low_first_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor: DocumentEditor | None = None
        self._quiet = False
        self._model = TextModel(self)
        self._table = _table()
        self._table.setAccessibleName(self.tr("Texts in reading order"))
        self._table.setModel(self._model)
        self._count = ToneLabel()
        self._empty = WrappingLabel()
        self._low_first = QCheckBox(self.tr("Least &sure first"))
        self._order = QPushButton(self.tr("&Order"))
        self._correct = QPushButton(self.tr("&Correct"))
        self._low_first.setToolTip(self.tr("List and correct the texts with the lowest scores first"))
        self._order.setToolTip(self.tr("Order the texts by columns and lines; drag rows, or Alt+Up and Alt+Down"))
        self._correct.setToolTip(self.tr("Go through the texts one by one (F4); F2 begins with the selected one"))
        self._place()
        self._model.moved.connect(self.moved)
        self._model.modelReset.connect(self._after_reset)
        self._model.rowsInserted.connect(self._show_count)
        self._table.selectionModel().selectionChanged.connect(self._tell_selection)
        self._table.activated.connect(lambda index: self.activated.emit(self._model.ids[index.row()]))
        self._low_first.toggled.connect(self._model.set_low_first)
        self._low_first.toggled.connect(self.low_first_changed)
        self._correct.clicked.connect(lambda _checked=False: self.correction_requested.emit())
        self._order.clicked.connect(lambda _checked=False: self.order_requested.emit())
        self._show_count()

    @property
    def low_first(self) -> bool:
        """Whether the least sure come first."""
        return self._low_first.isChecked()

    def set_low_first(self, wanted: bool) -> None:
        """Let the least sure come first, or list texts as they are read."""
        self._low_first.setChecked(wanted)

    def show_editor(self, editor: DocumentEditor | None) -> None:
        """List the texts of another document."""
        if self._editor is not None:
            self._editor.selection_changed.disconnect(self._show_selection)
        self._editor = editor
        if editor is not None:
            editor.selection_changed.connect(self._show_selection)
        self._model.show_editor(editor)

    def _place(self) -> None:
        header, metrics = self._table.horizontalHeader(), self._table.fontMetrics()
        header.setSectionResizeMode(Column.TEXT, QHeaderView.ResizeMode.Stretch)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setMinimumSectionSize(26)
        header.resizeSection(Column.NUMBER, metrics.horizontalAdvance("0000") + 12)
        header.resizeSection(Column.SCORE, metrics.horizontalAdvance("Score") + 14)
        pages = QStackedLayout()
        holder = QWidget()
        holder.setLayout(pages)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._empty.setContentsMargins(8, 8, 8, 8)
        pages.addWidget(self._table)
        pages.addWidget(self._empty)
        self._pages = pages
        self._count.setContentsMargins(8, 4, 8, 4)
        row = QHBoxLayout()
        row.setContentsMargins(8, 6, 8, 6)
        row.setSpacing(6)
        row.addWidget(self._low_first, 1)
        row.addWidget(self._order)
        row.addWidget(self._correct)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(row)
        layout.addWidget(holder, 1)
        layout.addWidget(self._count)

    def _tell_selection(self) -> None:
        if self._quiet or self._editor is None:
            return
        rows = self._table.selectionModel().selectedRows()
        others = {key for key in self._editor.selection if self._model.row_of(key) is None}
        self._quiet = True
        self._editor.select({self._model.ids[index.row()] for index in rows} | (others if not rows else set()))
        self._quiet = False

    def _after_reset(self) -> None:
        self._show_selection()
        self._show_count()

    def _show_selection(self) -> None:
        if self._quiet or self._editor is None:
            return
        rows = sorted(row for key in self._editor.selection if (row := self._model.row_of(key)) is not None)
        self._quiet = True
        select_rows(self._table, rows, Column.TEXT)
        self._quiet = False

    def _show_count(self, *_: object) -> None:
        count = self._model.rowCount(QModelIndex())
        for widget in (self._low_first, self._order, self._correct):
            widget.setEnabled(bool(count))
        self._count.say(counted(count, "text") if count else "", Tone.MUTED)
        if count:
            self._pages.setCurrentWidget(self._table)
            return
        self._empty.setText(
            self.tr("Open a picture to begin.")
            if self._editor is None
            else self.tr("No text yet. Ask a model to read it, or press T and draw where some stands.")
        )
        self._pages.setCurrentWidget(self._empty)


def _table() -> QTableView:
    """Return a list of whole rows that can be dragged between each other."""
    table = QTableView()
    choose_rows(table)
    table.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
    table.setDragDropOverwriteMode(False)
    table.setDropIndicatorShown(True)
    table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    table.verticalHeader().setDefaultSectionSize(table.fontMetrics().height() + 8)
    table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    table.horizontalHeader().setHighlightSections(False)
    return table
