"""``AnnotationModel``: the annotations of a document as rows, filtered and sorted; thousands stay fast."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import IntEnum

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QIcon

from qwvis_desktop.core.annotation import Annotation, Cuboid, Detection, LayoutBlock, TextRegion, VideoEvent, bounds_of
from qwvis_desktop.core.annotation_filter import AnnotationFilter
from qwvis_desktop.core.film_time import clock
from qwvis_desktop.core.media.video import VideoMedia
from qwvis_desktop.ui.editor import Change, DocumentEditor
from qwvis_desktop.ui.palette import color_of
from qwvis_desktop.ui.panels.swatches import Swatches
from qwvis_desktop.ui.panels.words import form_title
from qwvis_desktop.ui.theme import icon

_FEW = 50
"""Changed annotations up to which each row is told of by itself."""

_Index = QModelIndex | QPersistentModelIndex


class Column(IntEnum):
    """What stands in a column."""

    EYE = 0
    LABEL = 1
    KIND = 2
    SCORE = 3
    SIZE = 4


_COLUMNS = len(Column)


_FIGURES = (Column.SCORE, Column.SIZE)
_FIGURES_ALIGNED = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def title_of(annotation: Annotation) -> str:
    """Return the words of an annotation for a list: its label, or else the text it holds."""
    match annotation:
        case TextRegion(label=label, text=text):
            return text or label
        case LayoutBlock(tag=tag, label=label, text=text):
            return " ".join(f"{label or tag}: {text}".split())[:200] if text else label or tag
        case _:
            return annotation.label


def extent_of(annotation: Annotation) -> str:
    """Return how large it is: pixels of the original, metres or seconds; empty where it has no extent.

    Of a film it is told when that is: the boxes of a track are called the same, and are about as large.
    """
    if isinstance(annotation, Detection) and annotation.time is not None:
        return clock(annotation.time, 1, hours=False)
    if isinstance(annotation, VideoEvent):
        return f"{clock(annotation.start, 1, hours=False)}, {annotation.end - annotation.start:.1f} s"
    if isinstance(annotation, Cuboid):
        return " × ".join(f"{side:.2g}" for side in annotation.size) + " m"
    box = bounds_of(annotation)
    return f"{box.width:.0f} × {box.height:.0f}" if box is not None and box.area > 0 else ""


def _area(annotation: Annotation) -> float:
    box = bounds_of(annotation)
    return box.area if box is not None else 0.0


class AnnotationModel(QAbstractTableModel):
    """Rows of what the filter lets through, in the order of the document or sorted by a column.

    Signals:
        scores_changed(): ``has_scores`` is another.
    """

    scores_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._editor: DocumentEditor | None = None
        self._ids: list[str] = []
        self._rows: dict[str, int] = {}
        # Kept and not asked for: whoever is told of a change before this model may make the list look at its rows.
        self._listed: dict[str, Annotation] = {}
        self._keys: dict[str, object] = {}
        self._filter = AnnotationFilter()
        self._sort: tuple[Column, Qt.SortOrder] | None = None
        self._swatches = Swatches()
        self.has_scores = False

    # What is shown.

    def show_editor(self, editor: DocumentEditor | None) -> None:
        """Show the annotations of another document."""
        if self._editor is not None:
            self._editor.changed.disconnect(self._changed)
            self._editor.visibility_changed.disconnect(self._visibility_changed)
        self._editor = editor
        if editor is not None:
            editor.changed.connect(self._changed)
            editor.visibility_changed.connect(self._visibility_changed)
        self._refill()

    def set_filter(self, wanted: AnnotationFilter) -> None:
        """Show only those that this lets through."""
        self._filter = wanted
        self._refill()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; a negative one brings back the order of the document."""
        self._sort = (Column(column), order) if column >= 0 else None
        self._refill()

    @property
    def ids(self) -> list[str]:
        """Ids of the rows, in their order."""
        return self._ids

    def row_of(self, annotation: str) -> int | None:
        """Return the row of an annotation; None where the filter hides it."""
        return self._rows.get(annotation)

    def annotation_at(self, row: int) -> Annotation:
        """Return the annotation in a row."""
        return self._listed[self._ids[row]]

    # What Qt asks.

    def rowCount(self, parent: _Index = QModelIndex()) -> int:
        """Return how many rows there are."""
        return 0 if parent.isValid() else len(self._ids)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:
        """Return how many columns there are."""
        return 0 if parent.isValid() else _COLUMNS

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the title of a column."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        is_film = self._editor is not None and isinstance(self._editor.document.media, VideoMedia)
        extent = self.tr("When") if is_film else self.tr("Size")
        titles = ("", self.tr("Label"), self.tr("Kind"), self.tr("Score"), extent)
        if role == Qt.ItemDataRole.DisplayRole:
            return titles[section]
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return titles[section] or self.tr("Shown on the picture")
        if role == Qt.ItemDataRole.DecorationRole and section == Column.EYE:
            return icon("eye")
        return _FIGURES_ALIGNED if role == Qt.ItemDataRole.TextAlignmentRole and section in _FIGURES else None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return what is shown in a cell."""
        # Asked seven times for each cell whenever the list is painted.
        tell = _TELLERS.get(role)
        return tell(self, index.row(), index.column()) if tell is not None else None

    def _mark(self, row: int, column: int) -> QIcon | None:
        if column == Column.EYE:
            return icon("eye-off" if self.is_hidden(row) else "eye")
        if column != Column.LABEL:
            return None
        annotation = self.annotation_at(row)
        return self._swatches.of(color_of(annotation), ticked=annotation.accepted)

    def _alignment(self, _row: int, column: int) -> Qt.AlignmentFlag | None:
        return _FIGURES_ALIGNED if column in _FIGURES else None

    def _said(self, row: int, column: int) -> str | None:
        if column == Column.LABEL and self.annotation_at(row).accepted:
            return self.tr("{label}, accepted").replace("{label}", self._words(row, column))
        if column != Column.EYE:
            return None
        return self.tr("hidden") if self.is_hidden(row) else self.tr("shown")

    def _words(self, row: int, column: int) -> str:
        annotation = self.annotation_at(row)
        match column:
            case Column.LABEL:
                return title_of(annotation) or self.tr("(no label)")
            case Column.KIND:
                return form_title(annotation)
            case Column.SCORE if annotation.score is not None:
                return f"{annotation.score:.2f}"
            case Column.SIZE:
                return extent_of(annotation)
        return ""

    def _tip(self, row: int, column: int) -> str:
        if column == Column.EYE:
            return self.tr("Click to hide or show it on the picture")
        annotation = self.annotation_at(row)
        further = (f"{key}: {value}" for key, value in annotation.attributes.items())
        accepted = (self.tr("accepted"),) if annotation.accepted else ()
        return "\n".join((title_of(annotation), *accepted, *further))

    def is_hidden(self, row: int) -> bool:
        """Say whether the annotation in a row is hidden on the picture."""
        return self._editor is not None and self._ids[row] in self._editor.hidden

    # What the editor tells.

    def _changed(self, change: Change) -> None:
        if change.added and not change.removed and not change.replaced and self._append(change.added):
            return
        # Of many, one by one costs more than anew, but where nothing is sorted or left out by what they say.
        can_stay = change.only_replaced <= _FEW or (self._sort is None and self._filter.is_empty)
        if not (change.only_replaced and can_stay and self._stay(change.replaced)):
            self._refill()

    def _stay(self, replaced: tuple[str, ...]) -> bool:
        """Tell of rows whose annotations are others now, where they keep their places; say whether they do."""
        assert self._editor is not None
        changed = [self._editor.document.annotations[key] for key in replaced]
        sort_key = self._sort_key()
        for each in changed:
            if self._passes(each) != (each.id in self._rows):
                return False
            if sort_key is not None and each.id in self._rows and sort_key(each) != self._keys[each.id]:
                return False
        self._listed.update((each.id, each) for each in changed if each.id in self._rows)
        rows = sorted(self._rows[each.id] for each in changed if each.id in self._rows)
        for first, last in zip(rows, rows, strict=True) if len(rows) <= _FEW else [(rows[0], rows[-1])]:
            self.dataChanged.emit(self.index(first, 0), self.index(last, _COLUMNS - 1))
        # The only one with a score may have lost it; else only those that changed can have brought one.
        self._look_for_scores(self._all() if self.has_scores else changed, before=False)
        return True

    def _append(self, added: tuple[str, ...]) -> bool:
        """Add rows at the end, where that is their place; say whether it is."""
        assert self._editor is not None
        annotations = self._editor.document.annotations
        if self._sort is not None or tuple(annotations)[-len(added) :] != added:
            return False
        new = [key for key in added if self._passes(annotations[key])]
        if new:
            first = len(self._ids)
            self.beginInsertRows(QModelIndex(), first, first + len(new) - 1)
            self._rows.update((key, first + step) for step, key in enumerate(new))
            self._listed.update((key, annotations[key]) for key in new)
            self._ids += new
            self.endInsertRows()
        self._look_for_scores(annotations[key] for key in added)
        return True

    def _look_for_scores(self, annotations: Iterable[Annotation], *, before: bool | None = None) -> None:
        """Note whether any has a score; ``before`` stands for those that were looked at already."""
        known = self.has_scores if before is None else before
        found = known or any(annotation.score is not None for annotation in annotations)
        if found != self.has_scores:
            self.has_scores = found
            self.scores_changed.emit()

    def _visibility_changed(self) -> None:
        if self._ids:
            self.dataChanged.emit(self.index(0, Column.EYE), self.index(len(self._ids) - 1, Column.EYE))

    def _passes(self, annotation: Annotation) -> bool:
        if self._filter.is_empty or self._editor is None:
            return True
        return self._filter.passes(annotation, tuple(self._editor.document.runs))

    def _refill(self) -> None:
        self.beginResetModel()
        self._listed = {each.id: each for each in self._all() if self._passes(each)}
        self._ids = self._sorted(self._listed.values())
        self._rows = {key: row for row, key in enumerate(self._ids)}
        self.endResetModel()
        self._look_for_scores(self._all(), before=False)

    def _all(self) -> Iterable[Annotation]:
        return self._editor.document.annotations.values() if self._editor is not None else ()

    def _sorted(self, annotations: Iterable[Annotation]) -> list[str]:
        sort_key = self._sort_key()
        if self._sort is None or sort_key is None:
            self._keys = {}
            return [annotation.id for annotation in annotations]
        self._keys = {annotation.id: sort_key(annotation) for annotation in annotations}
        backwards = self._sort[1] == Qt.SortOrder.DescendingOrder
        return sorted(self._keys, key=self._keys.__getitem__, reverse=backwards)  # type: ignore[arg-type]  # within one column all keys are of one type

    def _sort_key(self) -> Callable[[Annotation], object] | None:
        """Return what rows are sorted by; None where they stand in the order of the document."""
        if self._sort is None:
            return None
        hidden = self._editor.hidden if self._editor is not None else frozenset()
        keys: dict[Column, Callable[[Annotation], object]] = {
            Column.EYE: lambda a: a.id in hidden,
            Column.LABEL: lambda a: title_of(a).casefold(),
            Column.KIND: form_title,
            Column.SCORE: lambda a: -1.0 if a.score is None else a.score,
            Column.SIZE: _area,
        }
        return keys[self._sort[0]]


_TELLERS: dict[int, Callable[[AnnotationModel, int, int], object]] = {
    Qt.ItemDataRole.DisplayRole: AnnotationModel._words,
    Qt.ItemDataRole.DecorationRole: AnnotationModel._mark,
    Qt.ItemDataRole.TextAlignmentRole: AnnotationModel._alignment,
    Qt.ItemDataRole.ToolTipRole: AnnotationModel._tip,
    Qt.ItemDataRole.AccessibleTextRole: AnnotationModel._said,
}
"""What tells of a cell, by the role that Qt asks for."""
