"""``SelectedMarks``: many selected marks, drawn for a layer of their own, which is kept and moved as a whole."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from qwvis_desktop.core.geometry import Size
from qwvis_desktop.ui.canvas.painting.cuboid_painter import paint_cuboid_emphasis
from qwvis_desktop.ui.canvas.painting.marks import CuboidMark, Shape
from qwvis_desktop.ui.canvas.painting.painters import EMPHASIS, MAX_HALOS, paint_emphasis
from qwvis_desktop.ui.canvas.painting.placement import Placement, cosmetic
from qwvis_desktop.ui.canvas.painting.scene import Scene
from qwvis_desktop.ui.canvas.painting.style import Style

if TYPE_CHECKING:  # numpy is slow to load and the window opens without it
    import numpy as np
    from numpy.typing import NDArray

_CLEAR = QColor(0, 0, 0, 0)


@dataclass(slots=True)
class SelectedMarks:
    """Marks of a scene as they look when they are selected, on a ground that lets all below show through.

    Attributes:
        scene: whose marks.
        places: which of them, in drawing order.
        size: of the upright original.
        fill: alpha of what fills areas, 0 to 255.
        ground: what is where nothing is drawn.
        is_crowded: so many are on view that areas are not filled, and lines have one edge; said by ``look``.
    """

    scene: Scene
    places: NDArray[np.intp]
    size: Size
    style: Style
    fill: int
    ground: QColor = field(default_factory=lambda: _CLEAR)
    is_crowded: bool = False

    def look(self, area: QRect, at: Placement) -> int:
        """Note how much there is under ``area``, all of what will be on view; return how many marks."""
        count = len(self.places_under(area, at))
        self.is_crowded = count > MAX_HALOS
        return count

    def places_under(self, area: QRect, at: Placement) -> NDArray[np.intp]:
        """Return the places of those that may be seen under ``area``."""
        reach = self.style.line * 4 + self.style.marker * 2
        return self.scene.among(self.places, at.to_picture(QRectF(area), reach))

    def draw(self, painter: QPainter, area: QRect, at: Placement) -> None:
        """Draw what belongs under ``area`` of the surface, and nothing else there."""
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
        painter.fillRect(area, self.ground)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
        places = self.places_under(area, at)
        shapes = self.scene.shapes[places]
        are_upright = (shapes == Shape.RECT) | (shapes == Shape.DASHED)
        self._draw_upright(painter, places[are_upright], at)
        for place in places[~are_upright].tolist():
            mark = self.scene.marks[place]
            if isinstance(mark, CuboidMark):
                paint_cuboid_emphasis(painter, mark, at, self.style, fill=self.fill, size=self.size)
            else:
                paint_emphasis(painter, mark, at, self.style, self.fill)

    def _draw_upright(self, painter: QPainter, places: NDArray[np.intp], at: Placement) -> None:
        """Draw boxes, those of a colour at once."""
        outer = painter.transform()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setTransform(at.transform() * outer)
        for color, marks in self.scene.by_color(places):
            if not self.is_crowded:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(color.red(), color.green(), color.blue(), self.fill))
                painter.drawRects([self.scene.rects[place] for place in marks.tolist()])
                painter.setBrush(Qt.BrushStyle.NoBrush)
            lines = self.scene.sides[:, marks].ravel().tolist()
            edges = EMPHASIS[1:] if self.is_crowded else EMPHASIS
            for tint, width in (*edges, (color, 1.25)):
                painter.setPen(cosmetic(tint, self.style.line * width))
                painter.drawLines(lines)
        painter.setTransform(outer)
