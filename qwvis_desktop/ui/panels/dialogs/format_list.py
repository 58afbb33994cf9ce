"""``FormatList``: the formats to choose from, under what they are for, found by words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QListWidgetItem, QWidget

from qwvis_desktop.core.export_options import Choice

_ID, _WORDS = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1


@dataclass(frozen=True, slots=True)
class FormatChoice:
    """A format that may be chosen.

    Attributes:
        id: as in the table of formats.
        title: for people.
        suffix: what is put behind the picture's name (".coco.json").
        cannot_hold: sentences on what of this document the format leaves out.
        cannot_hold_all: the same of all pictures together.
        is_drawn: whether it is a drawing, which has a look to choose.
        is_folder: whether it is a folder, which may hold copies of the pictures.
        holds_all: whether one file or folder holds all pictures; else each has a file of its own.
        group: the words that it stands under in the list.
        choices: what else can be chosen for it.
    """

    id: str
    title: str
    suffix: str
    cannot_hold: Sequence[str] = ()
    cannot_hold_all: Sequence[str] = ()
    is_drawn: bool = False
    is_folder: bool = False
    holds_all: bool = False
    group: str = ""
    choices: frozenset[Choice] = frozenset()


class FormatList(QListWidget):
    """A list of formats; the headings over them cannot be chosen, and keys pass them.

    Signals:
        chosen_changed(): another format is chosen.

    Args:
        formats: what there is to choose, never empty; those of a group follow each other.
    """

    chosen_changed = Signal()

    def __init__(self, formats: Sequence[FormatChoice], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Format"))
        self._groups: list[tuple[QListWidgetItem | None, list[QListWidgetItem]]] = []
        self._chosen = formats[0].id
        group = ""
        for choice in formats:
            if choice.group != group or not self._groups:
                group = choice.group
                self._groups.append((self._heading(group) if group else None, []))
            self._groups[-1][1].append(self._row(choice))
        self.currentItemChanged.connect(self._take)

    @property
    def chosen(self) -> str:
        """Id of the chosen format."""
        return self._chosen

    def choose(self, format_id: str) -> None:
        """Choose a format; the first one where there is none with this id."""
        rows = [row for _, rows in self._groups for row in rows]
        self.setCurrentItem(next((row for row in rows if row.data(_ID) == format_id), rows[0]))

    def show_found(self, words: str) -> bool:
        """Show only formats that all ``words`` are found in; choose the first of them where the chosen one is not.

        Returns:
            Whether there is one; where not, the chosen one stays.
        """
        wanted = words.casefold().split()
        for heading, rows in self._groups:
            for row in rows:
                row.setHidden(not all(word in row.data(_WORDS) for word in wanted))
            if heading is not None:
                heading.setHidden(all(row.isHidden() for row in rows))
        seen = [row for _, rows in self._groups for row in rows if not row.isHidden()]
        if seen and self.currentItem().isHidden():
            self.setCurrentItem(seen[0])
        return bool(seen)

    def moveCursor(self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """Go where a key leads, or to the format next to that: neither to a heading nor to what is not found."""
        index = super().moveCursor(action, modifiers)
        seen = [self.indexFromItem(row) for _, rows in self._groups for row in rows if not row.isHidden()]
        if index in seen or not seen:
            return index if seen else self.currentIndex()
        at = {QAbstractItemView.CursorAction.MoveHome: -1, QAbstractItemView.CursorAction.MoveEnd: self.count()}
        row = at.get(action, index.row() if index.isValid() else self.currentIndex().row())
        return min(seen, key=lambda each: abs(each.row() - row))

    def _take(self, row: QListWidgetItem | None) -> None:
        chosen = None if row is None else row.data(_ID)
        if chosen not in (None, self._chosen):
            self._chosen = chosen
            self.chosen_changed.emit()

    def _heading(self, group: str) -> QListWidgetItem:
        heading = QListWidgetItem(group, self)
        heading.setFlags(Qt.ItemFlag.NoItemFlags)
        font = self.font()
        font.setBold(True)
        heading.setFont(font)
        heading.setForeground(self.palette().text())  # not pale, as what cannot be chosen is else
        return heading

    def _row(self, choice: FormatChoice) -> QListWidgetItem:
        row = QListWidgetItem(f"{choice.title}  ({choice.suffix})", self)
        row.setData(_ID, choice.id)
        row.setData(_WORDS, f"{choice.title} {choice.suffix} {choice.id} {choice.group}".casefold())
        row.setData(Qt.ItemDataRole.AccessibleDescriptionRole, choice.group)
        return row
