"""Rows of the list of pictures: how a picture fares, and how its row is painted."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, cast

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QWidget

from qwvis_desktop.ui.theme import Tone, icon, tone_color

THUMBNAIL = QSize(56, 42)
"""Room for a small view, in device-independent pixels."""


KEY, STATE, NOTE = (Qt.ItemDataRole.UserRole + step for step in range(3))
"""What a row tells besides its name: the picture's key, its ``PictureState``, a few words on that."""

ModelIndex = QModelIndex | QPersistentModelIndex


class PictureState(StrEnum):
    """How a picture fares."""

    IDLE = "idle"
    BUSY = "busy"
    OK = "ok"
    CHECKED = "checked"
    FAILED = "failed"


_BADGES: dict[PictureState, tuple[str, Tone]] = {
    PictureState.BUSY: ("busy", Tone.ACCENT),
    PictureState.OK: ("label", Tone.MUTED),
    PictureState.CHECKED: ("ok", Tone.SUCCESS),
    PictureState.FAILED: ("failed", Tone.ERROR),
}


def in_one_line(text: str) -> str:
    """Return a name without line breaks, which those of files may hold."""
    return text if text.isprintable() else " ".join(text.split())


class RowPainter(QStyledItemDelegate):
    """Draws a row: small view, name over note, badge at the end."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: ModelIndex) -> QSize:
        """Return the size of every row."""
        return QSize(120, THUMBNAIL.height() + 8)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: ModelIndex) -> None:
        """Draw it."""
        from PySide6.QtWidgets import QStyle  # its many enumerations are not for the start

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
        badge = _BADGES.get(index.data(STATE))
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
    def _draw_words(painter: QPainter, look: _Look, words: QRect, index: ModelIndex) -> None:
        role = QPalette.ColorRole.HighlightedText if look.selected else QPalette.ColorRole.Text
        name, note = str(index.data() or ""), str(index.data(NOTE) or "")
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
        from PySide6.QtWidgets import QStyle  # its many enumerations are not for the start

        fields = cast("Any", option)
        self.rect: QRect = fields.rect
        self.palette: QPalette = fields.palette
        self.metrics: QFontMetrics = fields.fontMetrics
        self.widget: QWidget = fields.widget
        self.style: QStyle = fields.widget.style()
        self.selected = bool(fields.state & QStyle.StateFlag.State_Selected)
