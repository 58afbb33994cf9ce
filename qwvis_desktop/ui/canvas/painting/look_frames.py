"""``LookFrames``: the parts of the picture that a model looked at more closely, as numbered frames over the canvas."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from qwvis_desktop.core.geometry import Box, Point
from qwvis_desktop.ui.canvas.surface import ZoomSurface

_INK = QColor("#ffffff")
_SHADE = QColor(0, 0, 0, 170)


class LookFrames(QWidget):
    """Lies over a canvas and lets all through; draws nothing until it is given frames.

    Args:
        canvas: whose picture the frames are of.
    """

    def __init__(self, canvas: ZoomSurface) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._frames: tuple[Box, ...] = ()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName(self.tr("Closer looks"))
        self.hide()
        canvas.installEventFilter(self)

    @property
    def frames(self) -> tuple[Box, ...]:
        """What is shown, in pixels of the picture."""
        return self._frames

    def set_frames(self, frames: Sequence[Box]) -> None:
        """Show these parts, numbered from 1."""
        self._frames = tuple(frames)
        self.setGeometry(self._canvas.rect())
        self.setVisible(bool(frames))
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay as large as the canvas."""
        if event.type() == QEvent.Type.Resize:
            self.setGeometry(self._canvas.rect())
        return super().eventFilter(watched, event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw a dashed frame and its number for each part."""
        painter = QPainter(self)
        view = self._canvas.viewport
        metrics = QFontMetricsF(self.font())
        for number, box in enumerate(self._frames, 1):
            start, end = view.to_widget(Point(box.left, box.top)), view.to_widget(Point(box.right, box.bottom))
            place = QRectF(QPointF(start.x, start.y), QPointF(end.x, end.y))
            painter.setPen(QPen(_SHADE, 3))
            painter.drawRect(place)
            painter.setPen(QPen(_INK, 1.4, Qt.PenStyle.DashLine))
            painter.drawRect(place)
            words = self.tr("Look {n}").replace("{n}", str(number))
            chip = QRectF(place.left(), place.top(), metrics.horizontalAdvance(words) + 10, metrics.height() + 2)
            chip.moveTop(min(place.bottom() + 2, self.height() - chip.height()))
            painter.fillRect(chip, _SHADE)
            painter.setPen(_INK)
            painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, words)
        painter.end()
