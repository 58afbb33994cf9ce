"""The painters: one for each shape of mark, batched by colour. Screen and exports are drawn by the same ones.

They draw on any surface: places of the picture are multiplied by ``zoom`` and moved by ``corner``, in its pixels.
Frames are drawn as their four sides, each a line with square ends: for those the raster engine fills spans, at a third
of the cost of a rectangle's outline or of two passes with one-pixel lines. Slanted lines are antialiased.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from qwvis_desktop.core.annotation import TextRegion
from qwvis_desktop.ui import palette
from qwvis_desktop.ui.canvas.painting.cuboid_painter import paint_cuboids
from qwvis_desktop.ui.canvas.painting.labels import ChipSheet, LabelPlan
from qwvis_desktop.ui.canvas.painting.marks import CuboidMark, Mark, Shape
from qwvis_desktop.ui.canvas.painting.placement import Placement, cosmetic, halo_of, line_pens
from qwvis_desktop.ui.canvas.painting.scene import Scene
from qwvis_desktop.ui.canvas.painting.style import Style

if TYPE_CHECKING:  # numpy is slow to load and the window opens without it
    import numpy as np
    from numpy.typing import NDArray

MAX_HALOS = 1500
"""Marks on view up to which each line gets its halo; beyond, frames cover each other and halos only cost time."""

EMPHASIS = ((palette.BLACK, 3.5), (palette.WHITE, 2.5))
"""Edges of what is selected or under the pointer: colours, and how many times as broad as lines."""


def _translucent(color: QColor, alpha: int) -> QColor:
    return QColor(color.red(), color.green(), color.blue(), alpha)


def _paint_rects(painter: QPainter, scene: Scene, places: NDArray[np.intp], at: Placement, style: Style) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    outer = painter.transform()
    edge = 1.0 if style.line == 2 else max(1.0, style.line / 4)
    painter.setTransform(at.transform() * outer)
    if style.fill:
        painter.setPen(Qt.PenStyle.NoPen)
        for color, marks in scene.by_color(places):
            painter.setBrush(_translucent(color, style.fill))
            painter.drawRects([scene.rects[place] for place in marks.tolist()])
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, style.smooth)
    for color, marks in scene.by_color(places):
        lines = [] if style.vector else scene.sides[:, marks].ravel().tolist()
        pens = [cosmetic(halo_of(color), style.line + 2 * edge)] if style.halo else []
        for pen in (*pens, cosmetic(color, style.line)):
            painter.setPen(pen)
            if style.vector:
                painter.drawRects([scene.rects[place] for place in marks.tolist()])
            else:
                painter.drawLines(lines)
    painter.setTransform(outer)


def _paint_outlines(painter: QPainter, scene: Scene, places: NDArray[np.intp], at: Placement, style: Style) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    away = max(pen.widthF() for pen in line_pens(palette.BLACK, style)) / 2
    for color, marks in scene.by_color(places):
        outlines = [_outline(scene.marks[place], at, away) for place in marks.tolist()]
        painter.setBrush(_translucent(color, style.fill) if style.fill else Qt.BrushStyle.NoBrush)
        for pen in line_pens(color, style):
            painter.setPen(pen)
            for outline in outlines:
                painter.drawPolygon(outline)
            painter.setBrush(Qt.BrushStyle.NoBrush)


def _outline(mark: Mark | CuboidMark, at: Placement, away: float) -> QPolygonF:
    """Return what is drawn round a mark; round text by ``away`` further out, so that no edge of a letter is covered.

    Args:
        mark: what is drawn round.
        at: where the picture lies.
        away: half of the broadest line's width, in pixels of what is painted on.
    """
    corners = [at.point(point) for point in mark.points]
    if isinstance(mark.annotation, TextRegion):
        corners = [
            corner + _towards(before, corner) * away + _towards(after, corner) * away
            for before, corner, after in zip(
                corners[-1:] + corners[:-1], corners, corners[1:] + corners[:1], strict=True
            )
        ]
    return QPolygonF(corners)


def _towards(start: QPointF, end: QPointF) -> QPointF:
    """Return the direction from one point to another, of length 1; 0 where they are the same."""
    step = end - start
    length = math.hypot(step.x(), step.y())
    return step / length if length else QPointF()


def _paint_points(painter: QPainter, scene: Scene, places: NDArray[np.intp], at: Placement, style: Style) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for color, marks in scene.by_color(places):
        painter.setBrush(color)
        for place in marks.tolist():
            paint_disc(painter, at.point(scene.marks[place].bounds.center), color, style, style.marker)


def paint_disc(painter: QPainter, center: QPointF, color: QColor, style: Style, radius: float) -> None:
    """Draw the disc of a keypoint: its colour, a white ring, a dark one round that, so that it shows everywhere."""
    painter.setBrush(color)
    painter.setPen(QPen(QColor(0, 0, 0, 150), style.line * 1.8))
    painter.drawEllipse(center, radius, radius)
    painter.setPen(QPen(palette.WHITE, style.line * 0.8))
    painter.drawEllipse(center, radius, radius)


def _paint_dashed(painter: QPainter, scene: Scene, places: NDArray[np.intp], at: Placement, style: Style) -> None:
    """Draw frames of what was worked out and not seen."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, style.smooth)
    for color, marks in scene.by_color(places):
        painter.setBrush(_translucent(color, style.fill) if style.fill else Qt.BrushStyle.NoBrush)
        line = cosmetic(color, style.line)
        line.setStyle(Qt.PenStyle.CustomDashLine)
        line.setDashPattern([4, 3])
        for pen in (*([cosmetic(halo_of(color), style.line)] if style.halo else ()), line):
            painter.setPen(pen)
            painter.drawRects([at.rect(scene.marks[place].bounds) for place in marks.tolist()])
            painter.setBrush(Qt.BrushStyle.NoBrush)


_Painter = Callable[[QPainter, Scene, "NDArray[np.intp]", Placement, Style], None]

_PAINTERS: dict[Shape, _Painter] = {
    Shape.RECT: _paint_rects,
    Shape.DASHED: _paint_dashed,
    Shape.OUTLINE: _paint_outlines,
    Shape.EDGES: paint_cuboids,
    Shape.POINT: _paint_points,
}
"""One for each shape, in the order in which they lie above each other."""


def paint_marks(painter: QPainter, scene: Scene, places: NDArray[np.intp], at: Placement, style: Style) -> None:
    """Draw the marks at these places of the scene, without their chips."""
    shapes = scene.shapes[places]
    for shape, paint in _PAINTERS.items():
        chosen = places[shapes == shape]
        if len(chosen):
            paint(painter, scene, chosen, at, style)


def paint_chips(
    painter: QPainter,
    scene: Scene,
    plan: LabelPlan,
    sheet: ChipSheet,
    *,
    area: QRectF,
    at: Placement,
    since: int = 0,
    without: frozenset[int] = frozenset(),
) -> None:
    """Draw the chips that meet ``area`` of the surface, of the marks from place ``since`` on but for some."""
    x, y = at.corner
    chips = plan.within(area.left() - x, area.top() - y, area.right() - x, area.bottom() - y)
    colors = scene.colors[chips.marks].tolist()
    for place, color, (left, top) in zip(chips.marks.tolist(), colors, chips.corners.tolist(), strict=True):
        if place >= since and place not in without:
            painter.drawImage(QPointF(left + x, top + y), sheet.image(scene.captions[place], color))


def paint_chip_shapes(painter: QPainter, scene: Scene, plan: LabelPlan, sheet: ChipSheet, *, size: QRectF) -> None:
    """Draw all chips as shapes and text, for a surface that keeps shapes; ``size`` is the picture on it."""
    chips = plan.within(size.left(), size.top(), size.right(), size.bottom())
    colors = scene.colors[chips.marks].tolist()
    for place, color, (left, top) in zip(chips.marks.tolist(), colors, chips.corners.tolist(), strict=True):
        sheet.draw(painter, QPointF(left, top), scene.captions[place], color)


def paint_emphasis(painter: QPainter, mark: Mark, at: Placement, style: Style, fill: int) -> None:
    """Draw one mark again, broader, its area filled with alpha ``fill`` (0 to 255): selected or under the pointer."""
    color = palette.color_of(mark.annotation)
    ground = QColor(color)
    ground.setAlpha(fill)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if mark.shape == Shape.POINT:
        paint_disc(painter, at.point(mark.bounds.center), color, style, style.marker * 1.5)
        return
    area = QPolygonF([at.point(point) for point in mark.points]) if mark.points else QPolygonF(at.rect(mark.bounds))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawPolygon(area)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for tint, width in (*EMPHASIS, (color, 1.25)):
        painter.setPen(cosmetic(tint, style.line * width))
        painter.drawPolygon(area)
