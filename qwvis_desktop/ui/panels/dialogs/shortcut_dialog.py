"""``ShortcutDialog``: every action with its keys, which can be changed; keys that two would have are said."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QKeySequenceEdit,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from qwvis_desktop.ui.action_table.keys import Changed, keys_of, native, owner, portable, with_key, without_change
from qwvis_desktop.ui.action_table.spec import action_text
from qwvis_desktop.ui.action_table.table import ACTIONS, menu_text
from qwvis_desktop.ui.panels.dialogs.sizing import resize_within_screen
from qwvis_desktop.ui.panels.labels import WrappingLabel
from qwvis_desktop.ui.theme import Tone


class ShortcutDialog(QDialog):
    """Changes keys; ``changed`` holds what differs from the table when it is accepted."""

    def __init__(self, changed: Changed, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Change Shortcuts"))
        self.changed: dict[str, tuple[str, ...]] = dict(changed)
        self._filter = QLineEdit()
        self._filter.setPlaceholderText(self.tr("Filter"))
        self._filter.setAccessibleName(self.tr("Filter actions"))
        self._tree = QTreeWidget()
        self._tree.setAccessibleName(self.tr("Actions and their keys"))
        self._tree.setHeaderLabels([self.tr("Action"), self.tr("Menu"), self.tr("Keys")])
        self._tree.setRootIsDecorated(False)
        self._tree.setUniformRowHeights(True)
        self._edit = QKeySequenceEdit()
        self._edit.setAccessibleName(self.tr("New keys"))
        self._set = QPushButton(self.tr("&Set"))
        self._none = QPushButton(self.tr("&No Keys"))
        self._back = QPushButton(self.tr("&Reset"))
        self._note = WrappingLabel("", Tone.WARNING)
        self._note.setAccessibleName(self.tr("Conflict"))
        self._place()
        self._fill()
        self._filter.textChanged.connect(self._show_matching)
        self._tree.currentItemChanged.connect(lambda _item, _before: self._edit.clear())
        self._edit.keySequenceChanged.connect(self._look)
        self._set.clicked.connect(self._take)
        self._none.clicked.connect(lambda: self._change(with_key(self._action(), (), self.changed)))
        self._back.clicked.connect(lambda: self._change(without_change(self._action(), self.changed)))
        self.select(ACTIONS[0].id)
        self._look()

    def _place(self) -> None:
        line = QHBoxLayout()
        caption = QLabel(self.tr("New &keys"))
        caption.setBuddy(self._edit)
        for widget in (caption, self._edit, self._set, self._none, self._back):
            line.addWidget(widget)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        everything = QPushButton(self.tr("Reset &All"))
        everything.clicked.connect(lambda: self._change({}))
        buttons.addButton(everything, QDialogButtonBox.ButtonRole.ResetRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(self._filter)
        layout.addWidget(self._tree, 1)
        layout.addLayout(line)
        layout.addWidget(self._note)
        layout.addWidget(buttons)
        resize_within_screen(self, 620, 560)

    def select(self, action: str) -> None:
        """Mark the line of an action."""
        self._tree.setCurrentItem(next(item for item in self._items() if item.data(0, _ID) == action))

    def keys_shown(self, action: str) -> str:
        """Return what the line of an action shows as its keys."""
        return next(item.text(2) for item in self._items() if item.data(0, _ID) == action)

    def _items(self) -> list[QTreeWidgetItem]:
        found = (self._tree.topLevelItem(row) for row in range(self._tree.topLevelItemCount()))
        return [item for item in found if item is not None]

    def _fill(self) -> None:
        for spec in ACTIONS:
            item = QTreeWidgetItem([action_text(spec), menu_text(spec.menu), native(keys_of(spec, self.changed))])
            item.setData(0, _ID, spec.id)
            self._tree.addTopLevelItem(item)
        self._tree.setColumnWidth(0, 260)
        self._tree.setColumnWidth(1, 120)

    def _show_keys(self) -> None:
        for item, spec in zip(self._items(), ACTIONS, strict=True):
            item.setText(2, native(keys_of(spec, self.changed)))
            font = item.font(2)
            font.setBold(spec.id in self.changed)
            item.setFont(2, font)

    def _show_matching(self, words: str) -> None:
        for item in self._items():
            listed = " ".join(item.text(column) for column in range(3)).casefold()
            item.setHidden(words.strip().casefold() not in listed)

    def _action(self) -> str:
        item = self._tree.currentItem()
        return str(item.data(0, _ID)) if item is not None else ACTIONS[0].id

    def _look(self) -> None:
        """Say whose the new keys are already."""
        key = self._edit.keySequence().toString(QKeySequence.SequenceFormat.PortableText)
        other = owner(key, self.changed, self._action()) if key else None
        self._set.setEnabled(bool(key))
        self._note.setVisible(other is not None)
        if other is not None:
            words = self.tr('{keys} belongs to "{action}". If you set it here, it is taken from there.')
            words = words.replace("{keys}", native((key,)))
            self._note.setText(words.replace("{action}", action_text(other)))

    def _take(self) -> None:
        key = portable(self._edit.keySequence().toString(QKeySequence.SequenceFormat.PortableText))
        self._change(with_key(self._action(), (key,), self.changed))

    def _change(self, changed: dict[str, tuple[str, ...]]) -> None:
        self.changed = changed
        self._edit.clear()
        self._show_keys()


_ID = Qt.ItemDataRole.UserRole
