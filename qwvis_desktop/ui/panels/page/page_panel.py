"""``PagePanel``: the page as one reads it, and what can be taken from it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from qwvis_desktop.core.page.elements import Table
from qwvis_desktop.core.page.markdown import markdown_of
from qwvis_desktop.core.page.text import text_of
from qwvis_desktop.core.spreadsheet_text import tab_separated
from qwvis_desktop.ui.panels.page.page_view import PageView


class PagePanel(QWidget):
    """Shows a page and gives it away: whole as Markdown or plain text, a table for spreadsheets.

    Signals:
        said(str): what was copied, in a sentence.
    """

    said = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view = PageView()
        self.view.setPlaceholderText(
            self.tr("Ask for the page as HTML or Markdown, and it can be read here beside the picture.")
        )
        self._markdown = self._button(
            self.tr("Copy Markdown"), self.tr("Copy the whole page as Markdown"), self.copy_markdown
        )
        self._text = self._button(self.tr("Copy Text"), self.tr("Copy the whole page as plain text"), self.copy_text)
        self._table = self._button(
            self.tr("Copy Table"),
            self.tr("Copy the table that was clicked, or the only one, to be pasted into a spreadsheet"),
            self.copy_table,
        )
        tools = QWidget()
        row = QHBoxLayout(tools)
        row.setContentsMargins(8, 2, 8, 2)
        row.setSpacing(2)
        for button in (self._markdown, self._text, self._table):
            row.addWidget(button)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(tools)
        column.addWidget(self.view, 1)
        self.view.shown_changed.connect(self._show_tools)
        self.view.chosen_changed.connect(self._show_tools)
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.view.customContextMenuRequested.connect(self._ask)
        self._show_tools()

    def copy_markdown(self) -> None:
        """Copy the whole page as Markdown."""
        self._copy(markdown_of(self.view.elements), self.tr("The page was copied as Markdown."))

    def copy_text(self) -> None:
        """Copy the whole page as plain text."""
        self._copy(text_of(self.view.elements), self.tr("The page was copied as plain text."))

    def copy_table(self) -> None:
        """Copy the table that was chosen, or the only one, for a spreadsheet."""
        table = self._chosen_table()
        if table is not None:
            self._copy(tab_separated(table.grid()), self.tr("The table was copied. Paste it into a spreadsheet."))

    def _chosen_table(self) -> Table | None:
        tables = [element for element in self.view.elements if isinstance(element, Table)]
        chosen = [table for table in tables if table.block in self.view.chosen]
        return chosen[0] if chosen else tables[0] if len(tables) == 1 else None

    def _copy(self, text: str, words: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self.said.emit(words)

    def _ask(self, place: QPoint) -> None:
        self.view.choose_at(place)
        menu = self.view.createStandardContextMenu()
        if self._chosen_table() is not None:
            menu.addSeparator()
            menu.addAction(self._table.text(), self.copy_table)
        menu.exec(self.view.mapToGlobal(place))
        menu.deleteLater()

    def _show_tools(self) -> None:
        for button in (self._markdown, self._text):
            button.setEnabled(bool(self.view.elements))
        self._table.setEnabled(self._chosen_table() is not None)

    def _button(self, text: str, tip: str, act: Callable[[], object]) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        button.setToolTip(tip)
        button.setAccessibleName(text)
        button.setAutoRaise(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(act)
        return button
