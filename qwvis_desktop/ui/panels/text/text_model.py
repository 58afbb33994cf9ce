"""``TextModel``: the texts of a document as rows, in the order in which they are read, or the least sure first."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum

from PySide6.QtCore import QAbstractTableModel, QMimeData, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from qwvis_desktop.core.annotation import Annotation, TextRegion
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.review import as_read
from qwvis_desktop.core.text.flow import texts_of
from qwvis_desktop.ui.editor import Change, DocumentEditor
from qwvis_desktop.ui.mime import empty_mime

_FEW = 50
"""Changed texts up to which each row is told of by itself."""

_MIME = "application/x-qwvis-text-rows"

_Index = QModelIndex | QPersistentModelIndex


class Column(IntEnum):
    """What stands in a column."""

    NUMBER = 0
    TEXT = 1
    SCORE = 2


_COLUMNS = len(Column)
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def least_sure_first(texts: Sequence[TextRegion]) -> list[TextRegion]:
    """Return texts by their scores, the lowest first; those without one come last, as they are read."""
    return sorted(texts, key=lambda each: (each.score is None, each.score or 0.0))


def former_words(document: Document, annotation: Annotation) -> str | None:
    """Return what a model read in place of what stands there now; None where nobody changed it."""
    read = as_read(document, annotation)
    changed = isinstance(read, TextRegion) and isinstance(annotation, TextRegion) and read.text != annotation.text
    return read.text if changed and isinstance(read, TextRegion) else None


class TextModel(QAbstractTableModel):
    """Follows an editor; dragged rows are asked for by ``moved``, and change nothing by themselves.

    Signals:
        moved(tuple, str): the texts with these ids are wanted right before another; at the end for an empty id.
    """

    moved = Signal(object, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._editor: DocumentEditor | None = None
        self._ids: list[str] = []
        self._rows: dict[str, int] = {}
        self._numbers: dict[str, int] = {}
        self._low_first = False

    @property
    def ids(self) -> Sequence[str]:
        """Ids of the rows."""
        return self._ids

    @property
    def low_first(self) -> bool:
        """Whether the least sure come first."""
        return self._low_first

    def set_low_first(self, wanted: bool) -> None:
        """Let the least sure come first, or list texts as they are read."""
        if wanted != self._low_first:
            self._low_first = wanted
            self._refill()

    def row_of(self, key: str) -> int | None:
        """Return the row of a text; None where it is not listed."""
        return self._rows.get(key)

    def show_editor(self, editor: DocumentEditor | None) -> None:
        """List the texts of another document."""
        if self._editor is not None:
            self._editor.changed.disconnect(self._changed)
        self._editor = editor
        if editor is not None:
            editor.changed.connect(self._changed)
        self._refill()

    def text_at(self, row: int) -> TextRegion | None:
        """Return the text in a row; None while it is on its way out."""
        found = self._editor.document.annotations.get(self._ids[row]) if self._editor is not None else None
        return found if isinstance(found, TextRegion) else None

    # What Qt asks.

    def rowCount(self, parent: _Index = QModelIndex()) -> int:
        """Return how many texts there are."""
        return 0 if parent.isValid() else len(self._ids)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:
        """Return how many columns there are."""
        return 0 if parent.isValid() else _COLUMNS

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the title of a column."""
        if orientation != Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return (self.tr("No."), self.tr("Text"), self.tr("Score"))[section]

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return what a cell shows."""
        text = self.text_at(index.row()) if index.isValid() and index.row() < len(self._ids) else None
        if text is None:
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._words(text, index.column())
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() != Column.TEXT:
            return _RIGHT
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tip(text)
        return None

    def _words(self, text: TextRegion, column: int) -> str:
        match column:
            case Column.NUMBER:
                return str(self._numbers[text.id])
            case Column.TEXT:
                return " ".join(text.text.split()) or self.tr("(empty)")
            case _:
                return f"{text.score:.2f}" if text.score is not None else ""

    def _tip(self, text: TextRegion) -> str:
        assert self._editor is not None
        was = former_words(self._editor.document, text)
        # Qt takes text that looks like HTML for HTML; what was read is never anything but text.
        words = text.text if was is None else f"{text.text}\n{self.tr('was: {text}').replace('{text}', was)}"
        return f"<qt>{_escaped(words)}</qt>"

    # Dragging rows.

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Let rows be dragged between others where they stand as they are read."""
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags if self._low_first else Qt.ItemFlag.ItemIsDropEnabled
        return flags if self._low_first else flags | Qt.ItemFlag.ItemIsDragEnabled

    def supportedDropActions(self) -> Qt.DropAction:
        """Rows move."""
        return Qt.DropAction.MoveAction

    def mimeTypes(self) -> list[str]:
        """Nothing but rows of this list is taken."""
        return [_MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """Return the dragged rows."""
        data = empty_mime()
        keys = [self._ids[row] for row in sorted({index.row() for index in indexes})]
        data.setData(_MIME, "\n".join(keys).encode())
        return data

    def dropMimeData(self, data: QMimeData, _action: Qt.DropAction, row: int, _column: int, parent: _Index) -> bool:
        """Ask for the dragged rows to stand where they were dropped; the view removes nothing by itself."""
        if not data.hasFormat(_MIME) or self._low_first:
            return False
        keys = tuple(key for key in bytes(data.data(_MIME).data()).decode().split("\n") if key in self._rows)
        at = row if row >= 0 else parent.row() if parent.isValid() else len(self._ids)
        if keys:
            self.moved.emit(keys, self._ids[at] if 0 <= at < len(self._ids) else "")
        return False

    # What the editor tells.

    def _changed(self, change: Change) -> None:
        if change.added and not (change.removed or change.replaced) and self._append(change.added):
            return
        if not (0 < change.only_replaced <= _FEW and self._stay(change.replaced)):
            self._refill()

    def _stay(self, replaced: Sequence[str]) -> bool:
        """Tell of rows whose texts are others now; say whether all keep their places."""
        assert self._editor is not None
        annotations = self._editor.document.annotations
        if self._low_first or any(
            isinstance(annotations.get(key), TextRegion) != (key in self._rows) for key in replaced
        ):
            return False
        for row in sorted(self._rows[key] for key in replaced if key in self._rows):
            self.dataChanged.emit(self.index(row, 0), self.index(row, _COLUMNS - 1))
        return True

    def _append(self, added: tuple[str, ...]) -> bool:
        """Add rows at the end, where that is their place; say whether it is."""
        assert self._editor is not None
        document = self._editor.document
        if self._low_first or document.order()[-len(added) :] != added:
            return False
        new = [each.id for each in texts_of(document.annotations[key] for key in added)]
        if new:
            first = len(self._ids)
            self.beginInsertRows(QModelIndex(), first, first + len(new) - 1)
            self._rows.update((key, first + step) for step, key in enumerate(new))
            self._numbers.update((key, first + step + 1) for step, key in enumerate(new))
            self._ids += new
            self.endInsertRows()
        return True

    def _refill(self) -> None:
        self.beginResetModel()
        texts = texts_of(self._editor.document.annotations.values()) if self._editor is not None else ()
        self._numbers = {each.id: number for number, each in enumerate(texts, start=1)}
        listed = least_sure_first(texts) if self._low_first else texts
        self._ids = [each.id for each in listed]
        self._rows = {key: row for row, key in enumerate(self._ids)}
        self.endResetModel()


def _escaped(words: str) -> str:
    for sign, written in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\n", "<br>")):
        words = words.replace(sign, written)
    return words
