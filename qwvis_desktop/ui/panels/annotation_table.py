"""``AnnotationTable``: a table of whole rows that is painted soon, also while rows come and a film plays."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QCursor,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QRegion,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyleOptionViewItem, QTableView, QWidget

from qwvis_desktop.core.annotation import Annotation
from qwvis_desktop.ui.panels.annotation_model import AnnotationModel, Column
from qwvis_desktop.ui.panels.row_selection import choose_rows

WIDEST_SIZE = "4032 × 3024"
"""What the column of sizes has room for."""

_MOST_KEPT = 500
"""Rows that are kept drawn at most."""


class AnnotationTable(QTableView):
    """A table of whole rows whose first column is clicked, not selected.

    Rows that are neither selected nor pointed at are kept as they were drawn: whenever rows come, Qt paints all that
    are seen, which takes 7 ms of the window's thread, and of kept ones less than one.
    """

    eye_clicked = Signal(QModelIndex)
    delete_pressed = Signal()

    def __init__(self, model: AnnotationModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._look: object = None
        self._drawn: dict[int, tuple[Annotation, bool, QPixmap]] = {}
        self.setModel(model)
        choose_rows(self)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 8)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setSortIndicatorClearable(True)
        self.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the label its room."""
        super().resizeEvent(event)
        self.give_label_room()

    def give_label_room(self) -> None:
        """Leave the size out where it would leave the label no room; the evidence and the object have it, too."""
        header = self.horizontalHeader()
        others = sum(header.sectionSize(column) for column in (Column.EYE, Column.KIND, Column.SCORE))
        measure = self.fontMetrics().horizontalAdvance
        room = header.width() - others - measure(WIDEST_SIZE)
        self.setColumnHidden(Column.SIZE, room < measure("traffic light"))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Click an eye without changing the selection."""
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and index.column() == Column.EYE and event.button() == Qt.MouseButton.LeftButton:
            self.eye_clicked.emit(index)
            return
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete what is selected."""
        if event.matches(QKeySequence.StandardKey.Delete):
            self.delete_pressed.emit()
            return
        if event.key() == Qt.Key.Key_Space and self.currentIndex().isValid():
            self.eye_clicked.emit(self.currentIndex())
            return
        super().keyPressEvent(event)

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what is kept, and by Qt what is not: rows that are selected, current or under the pointer."""
        self._forget_former_looks()
        painter = QPainter(self.viewport())
        others = QRegion()
        rows = self._rows_under(event.rect())
        marked = self._marked_among(rows)
        for row in rows:
            place = QRect(0, self.rowViewportPosition(row), self.viewport().width(), self.rowHeight(row))
            if row in marked:
                others += place
            else:
                painter.drawPixmap(place.topLeft(), self._row(row, place))
        painter.end()
        if not others.isEmpty():
            super().paintEvent(QPaintEvent(others))

    def _rows_under(self, area: QRect) -> range:
        first, last = self.rowAt(area.top()), self.rowAt(area.bottom())
        if first < 0:
            return range(0)
        return range(first, (last if last >= 0 else self._model.rowCount() - 1) + 1)

    def _marked_among(self, rows: range) -> frozenset[int]:
        """Return those of ``rows`` that are selected, with what is current or under the pointer.

        Each is asked for by itself: Qt would ask the model a dozen things about each of thousands that are selected.
        """
        selection = self.selectionModel()
        marked = {row for row in rows if selection.isSelected(self._model.index(row, Column.LABEL))}
        if self.hasFocus():
            marked.add(self.currentIndex().row())
        if self.underMouse():
            marked.add(self.rowAt(self.viewport().mapFromGlobal(QCursor.pos()).y()))
        return frozenset(marked)

    def _forget_former_looks(self) -> None:
        """Drop what is kept where columns, colours or the screen are others."""
        widths = tuple(self.columnWidth(column) for column in Column)
        surface, at = self.viewport(), self.horizontalHeader().offset()
        colors = (self.palette().cacheKey(), self.isActiveWindow(), self.isEnabled())
        look = (widths, at, surface.width(), self.font(), surface.devicePixelRatio(), *colors)
        if look != self._look or len(self._drawn) > _MOST_KEPT:
            self._look, self._drawn = look, {}

    def _row(self, row: int, place: QRect) -> QPixmap:
        annotation, is_hidden = self._model.annotation_at(row), self._model.is_hidden(row)
        kept = self._drawn.get(id(annotation))
        if kept is None or kept[0] is not annotation or kept[1] != is_hidden:
            kept = self._drawn[id(annotation)] = (annotation, is_hidden, self._row_drawn(row, place.size()))
        return kept[2]

    def _row_drawn(self, row: int, size: QSize) -> QPixmap:
        ratio = self.viewport().devicePixelRatio()
        pixmap = QPixmap(size * ratio)
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(self.palette().color(self.viewport().backgroundRole()))
        painter = QPainter(pixmap)
        painter.setFont(self.font())
        option = QStyleOptionViewItem()
        self.initViewItemOption(option)
        for column in Column:
            if not self.isColumnHidden(column):
                left, width = self.columnViewportPosition(column), self.columnWidth(column)
                option.rect = QRect(left, 0, width, size.height())
                self.itemDelegate().paint(painter, option, self._model.index(row, column))
        painter.end()
        return pixmap
