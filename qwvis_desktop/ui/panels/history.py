"""``HistoryPanel``: every run that was made, to be found, opened, played again, exported and deleted."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QItemSelectionModel, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QMenu,
    QStackedLayout,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from qwvis_desktop.ui.panels.history_model import HistoryColumn, HistoryItem, HistoryModel
from qwvis_desktop.ui.panels.labels import ToneLabel, WrappingLabel
from qwvis_desktop.ui.panels.row_selection import choose_rows
from qwvis_desktop.ui.theme import Tone
from qwvis_desktop.ui.translation import translatable

SEARCH_MS = 250
"""How long after the last key what was typed is looked for."""

SPEEDS: tuple[tuple[str, str], ...] = (
    ("real", translatable("HistoryPanel", "At Its Own &Speed")),
    ("tenfold", translatable("HistoryPanel", "&Ten Times as Fast")),
    ("at_once", translatable("HistoryPanel", "&At Once")),
)
"""How fast a run can be played again: its word in ``play_requested``, and the words for people."""


class _Table(QTableView):
    """Signals: delete_pressed(): the user pressed Delete."""

    delete_pressed = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take Delete; the rest is Qt's."""
        if event.key() == Qt.Key.Key_Delete:
            self.delete_pressed.emit()
        else:
            super().keyPressEvent(event)


class HistoryPanel(QWidget):
    """Shows the runs it is given; asks for everything else.

    Signals:
        search_changed(str): other runs are looked for.
        more_wanted(): the end of the list was scrolled to.
        shown(): the panel came to be seen.
        open_requested(str): show the run with this id on its picture.
        play_requested(str, str): play this run again; how fast, as in ``SPEEDS``.
        sent_requested(str): what was sent for this run is wanted to be seen.
        export_requested(tuple): write the runs with these ids to a file; all that are found where it is empty.
        import_requested(): add runs from a file.
        delete_requested(tuple): forget the runs with these ids.
    """

    search_changed = Signal(str)
    more_wanted = Signal()
    shown = Signal()
    open_requested = Signal(str)
    play_requested = Signal(str, str)
    sent_requested = Signal(str)
    export_requested = Signal(object)
    import_requested = Signal()
    delete_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = HistoryModel()
        self._model.setParent(self)
        self._search = QLineEdit()
        self._search.setPlaceholderText(self.tr("Search words, model:, picture:, task:, state:, since:, before:"))
        self._search.setAccessibleName(self.tr("Search the history"))
        self._search.setClearButtonEnabled(True)
        self._table = _Table()
        self._table.setAccessibleName(self.tr("History of runs"))
        self._table.setModel(self._model)
        self._empty = WrappingLabel()
        self._count = ToneLabel()
        self._count.setAccessibleName(self.tr("How many runs are found"))
        self._open = self._button(self.tr("Open"), self.tr("Show the run on its picture"))
        self._play = self._button(self.tr("Play Again"), self.tr("Play the reply as it came, without asking anybody"))
        self._play.setMenu(self._speeds())
        self._play.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._delete = self._button(self.tr("Delete..."), self.tr("Forget the selected runs for good"))
        self._export = self._button(
            self.tr("Export..."), self.tr("Write the selected runs, or all that are found, to one file")
        )
        self._import = self._button(self.tr("Import..."), self.tr("Add the runs of such a file, or a kept reply"))
        self._timer = QTimer(self, singleShot=True, interval=SEARCH_MS)
        self._place()
        self._connect()
        self.set_items((), count=0)

    @property
    def search(self) -> str:
        """What is looked for."""
        return self._search.text()

    @property
    def items(self) -> Sequence[HistoryItem]:
        """What is loaded."""
        return self._model.items

    @property
    def selected(self) -> tuple[str, ...]:
        """The ids of the selected runs, from the top."""
        rows = sorted(index.row() for index in self._table.selectionModel().selectedRows())
        return tuple(self._model.items[row].id for row in rows)

    def set_items(self, items: Sequence[HistoryItem], *, count: int) -> None:
        """Show other runs, the first of ``count``; what was selected stays so where it is among them."""
        selected, place = set(self.selected), self._table.verticalScrollBar().value()
        self._model.set_items(items, more=len(items) < count)
        model, selection = self._table.model(), self._table.selectionModel()
        for row, item in enumerate(items):
            if item.id in selected:
                flags = QItemSelectionModel.SelectionFlag
                selection.select(model.index(row, 0), flags.Select | flags.Rows)
        self._table.verticalScrollBar().setValue(place)
        self._say_count(count)
        self._show_buttons()

    def append(self, items: Sequence[HistoryItem], *, count: int) -> None:
        """Show further runs below."""
        self._model.append(items, more=len(self._model.items) + len(items) < count)

    def say(self, sentence: str) -> None:
        """Show a sentence in place of the list: what is wrong with what was typed."""
        self._empty.say(sentence, Tone.ERROR)
        self._pages.setCurrentWidget(self._empty)
        self._count.setText("")

    def showEvent(self, event: QShowEvent) -> None:
        """Tell it: what is not seen need not be loaded."""
        super().showEvent(event)
        self.shown.emit()

    def _button(self, text: str, tip: str) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        button.setAccessibleName(text)
        button.setToolTip(tip)
        return button

    def _speeds(self) -> QMenu:
        menu = QMenu(self)
        for speed, words in SPEEDS:
            menu.addAction(self.tr(words), partial(self._ask_play, speed))
        return menu

    def _place(self) -> None:
        table = self._table
        choose_rows(table)
        table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        metrics = table.fontMetrics()
        table.verticalHeader().setDefaultSectionSize(metrics.height() + 6)
        header = table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setStretchLastSection(True)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        for column, widest in (
            (HistoryColumn.WHEN, "2026-11-27 23:59"),
            (HistoryColumn.MODEL, "qwen3-vl-plus-00"),
            (HistoryColumn.TASK, "Find objects in"),
            (HistoryColumn.PICTURE, "IMG_20261127.jpg"),
            (HistoryColumn.OUTCOME, "going on"),
        ):
            header.resizeSection(column, metrics.horizontalAdvance(widest) + 16)
        head = QHBoxLayout()
        head.setContentsMargins(8, 4, 8, 4)
        head.addWidget(self._search, 1)
        head.addWidget(self._count)
        for button in (self._open, self._play, self._delete, self._export, self._import):
            head.addWidget(button)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._empty.setContentsMargins(8, 8, 8, 8)
        pages = QWidget()
        self._pages = QStackedLayout(pages)
        self._pages.addWidget(table)
        self._pages.addWidget(self._empty)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(pages, 1)

    def _connect(self) -> None:
        self._search.textChanged.connect(lambda _: self._timer.start(SEARCH_MS))
        self._search.returnPressed.connect(lambda: self._timer.start(0))
        self._timer.timeout.connect(lambda: self.search_changed.emit(self.search))
        self._model.more_wanted.connect(self.more_wanted)
        self._table.selectionModel().selectionChanged.connect(self._show_buttons)
        self._table.activated.connect(lambda index: self.open_requested.emit(self._model.items[index.row()].id))
        self._table.delete_pressed.connect(self._ask_delete)
        self._table.customContextMenuRequested.connect(self._show_menu)
        self._open.clicked.connect(lambda: self.open_requested.emit(self.selected[0]))
        self._delete.clicked.connect(self._ask_delete)
        self._export.clicked.connect(lambda: self.export_requested.emit(self.selected))
        self._import.clicked.connect(self.import_requested)

    def _say_count(self, count: int) -> None:
        nothing = (
            self.tr("No run is like that.")
            if self.search.strip()
            else self.tr(
                "Nothing was run yet. Every run is kept here: what was asked, every piece that came, and how it ended."
            )
        )
        self._empty.say(nothing, Tone.MUTED)
        self._pages.setCurrentWidget(self._table if count else self._empty)
        words = self.tr("1 run") if count == 1 else self.tr("{n} runs")
        self._count.setText(words.replace("{n}", f"{count:,}") if count else "")

    def _show_buttons(self) -> None:
        count = len(self.selected)
        self._open.setEnabled(count == 1)
        self._play.setEnabled(count == 1)
        self._delete.setEnabled(count > 0)
        self._export.setEnabled(bool(self._model.items))

    def _ask_play(self, speed: str) -> None:
        if len(self.selected) == 1:
            self.play_requested.emit(self.selected[0], speed)

    def _ask_delete(self) -> None:
        if self.selected:
            self.delete_requested.emit(self.selected)

    def _show_menu(self, place: QPoint) -> None:
        if not self.selected:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if len(self.selected) == 1:
            menu.addAction(self._open.text(), self._open.click)
            menu.addMenu(self._play.menu()).setText(self._play.text())
            menu.addAction(self.tr("What Was Sent..."), partial(self.sent_requested.emit, self.selected[0]))
        menu.addAction(self._export.text(), self._export.click)
        menu.addAction(self._delete.text(), self._ask_delete)
        menu.popup(self._table.viewport().mapToGlobal(place))
