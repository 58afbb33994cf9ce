"""``Placement``: where the picture lies on the surface that is painted on; and the pens of all painters."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPen, QTransform

from qwvis_desktop.core.geometry import Box, Point
from qwvis_desktop.core.plane.stretching import Stretch
from qwvis_desktop.ui import palette
from qwvis_desktop.ui.canvas.painting.style import Style

_HALO_SHARE = 0.7
"""Of black or white in a line's halo. It is opaque: the raster engine draws translucent lines thirty times slower."""


@dataclass(frozen=True, slots=True)
class Placement:
    """Where the picture lies on the surface: surface = picture x ``zoom`` + ``corner``."""

    zoom: float
    corner: Point

    def point(self, point: Point) -> QPointF:
        """Map picture pixels to the surface."""
        return QPointF(point.x * self.zoom + self.corner.x, point.y * self.zoom + self.corner.y)

    def rect(self, box: Box) -> QRectF:
        """Map a box to the surface, its sides on whole pixels."""
        left, top = round(box.left * self.zoom + self.corner.x), round(box.top * self.zoom + self.corner.y)
        right, bottom = round(box.right * self.zoom + self.corner.x), round(box.bottom * self.zoom + self.corner.y)
        return QRectF(left, top, right - left, bottom - top)

    def transform(self, dx: float = 0.0, dy: float = 0.0) -> QTransform:
        """Return the map as Qt has it, moved by ``dx``, ``dy`` pixels of the surface."""
        return QTransform(self.zoom, 0, 0, self.zoom, self.corner.x + dx, self.corner.y + dy)

    def stretched(self, stretch: Stretch) -> QTransform:
        """Return the map of the surface by which what is drawn as placed here looks stretched."""
        still = self.point(stretch.still)
        made = QTransform.fromTranslate(still.x(), still.y())
        made.scale(stretch.x, stretch.y)
        return made.translate(-still.x(), -still.y())

    def to_picture(self, area: QRectF, reach: float = 0.0) -> Box:
        """Map a rectangle of the surface, widened by ``reach`` pixels of it, to picture pixels."""
        return Box(
            (area.left() - reach - self.corner.x) / self.zoom,
            (area.top() - reach - self.corner.y) / self.zoom,
            (area.right() + reach - self.corner.x) / self.zoom,
            (area.bottom() + reach - self.corner.y) / self.zoom,
        )


def halo_of(color: QColor) -> QColor:
    """Return the colour beside a line of ``color``: dark beside light ones, light beside dark ones."""
    return palette.mixed(color, palette.text_on(color), _HALO_SHARE)


def cosmetic(color: QColor, width: float) -> QPen:
    """Return a pen whose width counts pixels of the surface, whatever the transform."""
    pen = QPen(color, width)
    pen.setCosmetic(True)
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    return pen


def line_pens(color: QColor, style: Style) -> list[QPen]:
    """Return the pens to draw a line with, one after the other: its halo where it has one, then itself."""
    wide = [cosmetic(halo_of(color), style.line * 2)] if style.halo else []
    return [*wide, cosmetic(color, style.line)]
