"""``Filmstrip``: the open pictures, with small views of them and how each fares."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, cast

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QIcon, QImage, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import (
    QListView,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from qwvis_desktop.ui.panels.labels import WrappingLabel
from qwvis_desktop.ui.theme import Tone, icon, tone_color

THUMBNAIL = QSize(56, 42)
"""Room for a small view, in device-independent pixels."""


class PictureState(StrEnum):
    """How a picture fares."""

    IDLE = "idle"
    BUSY = "busy"
    OK = "ok"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class FilmstripItem:
    """One open picture.

    Attributes:
        key: as in the workspace.
        name: for people.
        state: how it fares; None leaves state and note as they were.
        note: a few words beneath the name ("14 boxes", why it failed).
    """

    key: str
    name: str
    state: PictureState | None = None
    note: str = ""


_BADGES: dict[PictureState, tuple[str, Tone]] = {
    PictureState.BUSY: ("busy", Tone.ACCENT),
    PictureState.OK: ("ok", Tone.SUCCESS),
    PictureState.FAILED: ("failed", Tone.ERROR),
}
_KEY, _STATE, _NOTE = (Qt.ItemDataRole.UserRole + step for step in range(3))
_Index = QModelIndex | QPersistentModelIndex


class FilmstripModel(QAbstractListModel):
    """The open pictures; a small view is asked for when its row is first painted.

    Signals:
        thumbnail_needed(str): the picture with this key came into view and has no small view yet.
    """

    thumbnail_needed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._items: list[FilmstripItem] = []
        self._rows: dict[str, int] = {}
        self._thumbnails: dict[str, QPixmap] = {}
        self._asked: set[str] = set()

    def set_items(self, items: Iterable[FilmstripItem]) -> None:
        """Show other pictures; those that stay keep their small view, and their state where none is given."""
        before = {item.key: item for item in self._items}
        new = [before.get(item.key, item) if item.state is None else item for item in items]
        if [item.key for item in new] == [item.key for item in self._items]:
            self._items = new
            if new:
                self.dataChanged.emit(self.index(0), self.index(len(new) - 1))
            return
        self.beginResetModel()
        self._items = new
        self._rows = {item.key: row for row, item in enumerate(new)}
        self._thumbnails = {key: pixmap for key, pixmap in self._thumbnails.items() if key in self._rows}
        self._asked &= self._rows.keys()
        self.endResetModel()

    def set_state(self, key: str, state: PictureState, note: str) -> None:
        """Say how a picture fares."""
        row = self._rows.get(key)
        if row is not None:
            self._items[row] = replace(self._items[row], state=state, note=note)
            self.dataChanged.emit(self.index(row), self.index(row))

    def set_thumbnail(self, key: str, image: QImage) -> None:
        """Give a picture its small view."""
        row = self._rows.get(key)
        if row is not None:
            self._thumbnails[key] = QPixmap.fromImage(image)
            self.dataChanged.emit(self.index(row), self.index(row))

    def row_of(self, key: str) -> int:
        """Return the row of a picture; -1 where it is not there."""
        return self._rows.get(key, -1)

    def key_at(self, index: _Index) -> str:
        """Return the key of the picture in a row."""
        return self._items[index.row()].key if index.isValid() else ""

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Return how many pictures are open."""
        return 0 if parent.isValid() else len(self._items)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return what Qt asks of a row."""
        item = self._items[index.row()]
        if role == Qt.ItemDataRole.DecorationRole:
            pixmap = self._thumbnails.get(item.key)
            if pixmap is None and item.key not in self._asked:
                self._asked.add(item.key)
                self.thumbnail_needed.emit(item.key)
            return pixmap
        return {
            int(Qt.ItemDataRole.DisplayRole): item.name,
            int(Qt.ItemDataRole.ToolTipRole): f"{item.name}\n{item.note}" if item.note else item.name,
            int(Qt.ItemDataRole.AccessibleTextRole): f"{item.name}, {item.note}" if item.note else item.name,
            int(_KEY): item.key,
            int(_STATE): item.state,
            int(_NOTE): item.note,
        }.get(int(role))


class _RowPainter(QStyledItemDelegate):
    """Draws a row: small view, name over note, badge at the end."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:  # noqa: ARG002 - Qt's signature
        """Return the size of every row."""
        return QSize(120, THUMBNAIL.height() + 8)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Draw it."""
        look = _Look(option)
        look.style.drawPrimitive(QStyle.PrimitiveElement.PE_PanelItemViewItem, option, painter, look.widget)
        painter.save()
        area = look.rect.adjusted(6, 4, -6, -4)
        room = QRect(area.topLeft(), THUMBNAIL)
        pixmap = index.data(Qt.ItemDataRole.DecorationRole)
        if isinstance(pixmap, QPixmap):
            size = pixmap.size().scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
            target = QRect(QPoint(), size)
            target.moveCenter(room.center())
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawPixmap(target, pixmap)
        else:
            painter.fillRect(room, look.palette.color(QPalette.ColorRole.Midlight))
        words = area.adjusted(THUMBNAIL.width() + 8, 0, 0, 0)
        badge = _BADGES.get(index.data(_STATE))
        if badge is not None:
            name, tone = badge
            place = QRect(words.right() - 15, words.center().y() - 7, 16, 16)
            icon(name, None if look.selected else tone).paint(
                painter, place, mode=QIcon.Mode.Selected if look.selected else QIcon.Mode.Normal
            )
            words.setRight(place.left() - 6)
        self._draw_words(painter, look, words, index)
        painter.restore()

    @staticmethod
    def _draw_words(painter: QPainter, look: _Look, words: QRect, index: _Index) -> None:
        role = QPalette.ColorRole.HighlightedText if look.selected else QPalette.ColorRole.Text
        name, note = str(index.data() or ""), str(index.data(_NOTE) or "")
        height = look.metrics.height()
        total = height * 2 if note else height
        line = QRect(words.left(), words.center().y() - total // 2 + 1, words.width(), height)
        painter.setPen(look.palette.color(role))
        painter.drawText(
            line,
            Qt.AlignmentFlag.AlignVCenter,
            look.metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, line.width()),
        )
        if note:
            line.translate(0, height)
            if not look.selected:
                painter.setPen(tone_color(Tone.MUTED, look.palette))
            painter.drawText(
                line,
                Qt.AlignmentFlag.AlignVCenter,
                look.metrics.elidedText(note, Qt.TextElideMode.ElideRight, line.width()),
            )


class _Look:
    """The fields of a style option, which the stubs leave out, typed."""

    def __init__(self, option: QStyleOptionViewItem) -> None:
        fields = cast("Any", option)
        self.rect: QRect = fields.rect
        self.palette: QPalette = fields.palette
        self.metrics: QFontMetrics = fields.fontMetrics
        self.widget: QWidget = fields.widget
        self.style: QStyle = fields.widget.style()
        self.selected = bool(fields.state & QStyle.StateFlag.State_Selected)


class Filmstrip(QWidget):
    """Lists the open pictures.

    Signals:
        chosen(str): the user wants to look at the picture with this key.
        close_requested(str): the user wants the picture with this key closed.
        thumbnail_needed(str): the picture with this key came into view; answer with ``set_thumbnail``.
    """

    chosen = Signal(str)
    close_requested = Signal(str)
    thumbnail_needed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = FilmstripModel(self)
        self._view = QListView()
        self._view.setAccessibleName(self.tr("Open pictures"))
        self._view.setModel(self._model)
        self._view.setItemDelegate(_RowPainter(self._view))
        self._view.setUniformItemSizes(True)
        self._view.setFrameShape(QListView.Shape.NoFrame)
        self._view.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self._view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._view.customContextMenuRequested.connect(self._show_menu)
        self._empty = WrappingLabel(self.tr("No picture is open. Drop pictures or a folder on the window."))
        self._empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._empty.setContentsMargins(8, 8, 8, 8)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._empty)
        layout.addWidget(self._view)
        self._model.thumbnail_needed.connect(self.thumbnail_needed, Qt.ConnectionType.QueuedConnection)
        self._view.selectionModel().currentChanged.connect(self._tell_current)
        self._quiet = False
        self.set_items(())

    def set_items(self, items: Iterable[FilmstripItem]) -> None:
        """Show these pictures; the current one stays where it is still among them. Emits nothing."""
        current = self._model.key_at(self._view.currentIndex())
        self._quiet = True
        self._model.set_items(items)
        self._quiet = False
        self.set_current(current)
        empty = self._model.rowCount() == 0
        self._empty.setVisible(empty)
        self._view.setVisible(not empty)

    def set_current(self, key: str) -> None:
        """Show the picture with this key as the one that is looked at. Emits nothing."""
        row = self._model.row_of(key)
        self._quiet = True
        if row >= 0:
            self._view.setCurrentIndex(self._model.index(row))
        else:
            self._view.selectionModel().clear()
        self._quiet = False

    def set_state(self, key: str, state: PictureState | str, note: str = "") -> None:
        """Say how a picture fares, with a few words ("14 boxes")."""
        self._model.set_state(key, PictureState(state), note)

    def set_thumbnail(self, key: str, image: QImage) -> None:
        """Give a picture its small view (at least 56 x 42 device-independent pixels)."""
        self._model.set_thumbnail(key, image)

    def _tell_current(self, current: QModelIndex) -> None:
        if not self._quiet and current.isValid():
            self.chosen.emit(self._model.key_at(current))

    def _show_menu(self, place: QPoint) -> None:
        index = self._view.indexAt(place)
        if not index.isValid():
            return
        key = self._model.key_at(index)
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self.tr("Close Picture")).triggered.connect(lambda: self.close_requested.emit(key))
        menu.popup(self._view.viewport().mapToGlobal(place))
