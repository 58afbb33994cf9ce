"""What helps to point exactly: lines through the pointer, and a loupe beside it."""

from __future__ import annotations

from PySide6.QtCore import QLineF, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from qwvis_desktop.core.geometry import Point
from qwvis_desktop.ui.canvas.painting.composition import Composition
from qwvis_desktop.ui.canvas.painting.placement import Placement

LOUPE = 168
"""Side of the loupe in widget units."""

GROWTH = 6
"""How much larger the loupe shows things than the view, at least; a pixel of the picture is at least as many wide."""

_AWAY = 24


def paint_cross(painter: QPainter, place: QPointF, view: QSize) -> None:
    """Draw lines through ``place`` across a view: light within dark, so that they show on everything."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    x, y = int(place.x()), int(place.y())
    across, down = QLineF(0, y, view.width(), y), QLineF(x, 0, x, view.height())
    for color, width in ((QColor(0, 0, 0), 3.0), (QColor(255, 255, 255), 1.0)):
        painter.setPen(QPen(color, width))
        painter.drawLines([across, down])


def loupe_place(place: QPointF, view: QSize, side: int, away: int) -> QRect:
    """Return where the loupe stands: right below the pointer, on the other side where there is no room."""
    x, y = round(place.x()) + away, round(place.y()) + away
    if x + side > view.width():
        x = round(place.x()) - away - side
    if y + side > view.height():
        y = round(place.y()) - away - side
    return QRect(max(0, x), max(0, y), side, side)


def paint_loupe(
    painter: QPainter, composition: Composition, at: Placement, point: Point, *, view: QSize, ratio: float
) -> None:
    """Draw what lies round ``point`` of the picture enlarged, the pixel under it framed."""
    area = loupe_place(at.point(point), view, round(LOUPE * ratio), round(_AWAY * ratio))
    zoom = max(at.zoom * GROWTH, GROWTH)
    # The middle of the pixel under the pointer stands in the middle of the loupe.
    middle = Point(int(point.x) + 0.5, int(point.y) + 0.5)
    corner = Point(round(area.center().x() - middle.x * zoom), round(area.center().y() - middle.y * zoom))
    enlarged = Placement(zoom, corner)
    painter.save()
    painter.setClipRect(area)
    composition.draw_picture(painter, area, enlarged)
    if composition.scene is not None:
        composition.draw_frames(painter, area, enlarged)
    painter.restore()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    pixel = QRect(
        round(corner.x + int(point.x) * zoom), round(corner.y + int(point.y) * zoom), round(zoom), round(zoom)
    )
    for rect in (area, pixel):
        painter.setPen(QPen(QColor(0, 0, 0), 3.0))
        painter.drawRect(rect)
        painter.setPen(QPen(QColor(255, 255, 255), 1.0))
        painter.drawRect(rect)
