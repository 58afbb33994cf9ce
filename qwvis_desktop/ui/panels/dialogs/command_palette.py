"""``CommandPalette``: a few letters find any action, label or picture."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QLineEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from qwvis_desktop.core.fuzzy import ranked
from qwvis_desktop.ui.panels.dialogs.sizing import resize_within_screen
from qwvis_desktop.ui.panels.labels import ToneLabel

_MOST = 60
"""Lines that are shown."""


@dataclass(frozen=True, slots=True)
class Command:
    """One thing that can be found.

    Attributes:
        title: what it is called.
        group: what it is: the menu of an action, "Label", "Picture".
        keys: its keys, as this system writes them.
        run: does it.
    """

    title: str
    group: str
    keys: str
    run: Callable[[], object]


class CommandPalette(QDialog):
    """A line to write in, and what it finds; Return does what is marked."""

    def __init__(self, commands: Sequence[Command], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Find a Command"))
        self._commands = commands
        self._texts = [f"{each.title} {each.group}" for each in commands]
        self._line = QLineEdit()
        self._line.setPlaceholderText(self.tr("An action, a label, a picture"))
        self._line.setAccessibleName(self.tr("What to find"))
        self._line.installEventFilter(self)
        self._list = QTreeWidget()
        self._list.setAccessibleName(self.tr("Found"))
        self._list.setColumnCount(3)
        self._list.setHeaderHidden(True)
        self._list.setRootIsDecorated(False)
        self._list.setUniformRowHeights(True)
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._none = ToneLabel(self.tr("Nothing is called like that."))
        layout = QVBoxLayout(self)
        for widget in (self._line, self._list, self._none):
            layout.addWidget(widget)
        self._line.textChanged.connect(self._find)
        self._list.itemClicked.connect(lambda _item, _column: self._choose())
        resize_within_screen(self, 560, 420)
        self._find("")

    @property
    def found(self) -> list[str]:
        """The titles of what is found, the best first."""
        items = (self._list.topLevelItem(row) for row in range(self._list.topLevelItemCount()))
        return [item.text(0) for item in items if item is not None]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the line's arrow keys mark what is found, and Return choose it."""
        if watched is self._line and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 10, Qt.Key.Key_PageUp: -10}
            if event.key() in step:
                self._mark(step[Qt.Key(event.key())])
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._choose()
                return True
        return super().eventFilter(watched, event)

    def _find(self, query: str) -> None:
        self._list.clear()
        for place in ranked(query, self._texts, _MOST):
            command = self._commands[place]
            item = QTreeWidgetItem([command.title, command.group, command.keys])
            item.setData(0, Qt.ItemDataRole.UserRole, place)
            self._list.addTopLevelItem(item)
        self._mark(0)
        for column, width in ((0, 300), (1, 120)):
            self._list.setColumnWidth(column, width)
        self._none.setVisible(not self.found)

    def _mark(self, by: int) -> None:
        marked = self._list.currentItem()
        row = self._list.indexOfTopLevelItem(marked) + by if marked is not None else 0
        item = self._list.topLevelItem(min(max(row, 0), max(self._list.topLevelItemCount() - 1, 0)))
        if item is not None:
            self._list.setCurrentItem(item)

    def _choose(self) -> None:
        item = self._list.currentItem()
        if item is not None:
            self.accept()
            self._commands[item.data(0, Qt.ItemDataRole.UserRole)].run()
