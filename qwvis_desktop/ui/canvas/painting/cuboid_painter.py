"""Boxes in space: the far ones first, what their own faces hide dashed, the face towards the camera tinted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QDataStream, QLineF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from qwvis_desktop.core.geometry import Box, Point, Size
from qwvis_desktop.ui import palette
from qwvis_desktop.ui.canvas.painting.marks import CuboidMark
from qwvis_desktop.ui.canvas.painting.placement import Placement, cosmetic, halo_of
from qwvis_desktop.ui.canvas.painting.scene import Scene
from qwvis_desktop.ui.canvas.painting.style import Style

if TYPE_CHECKING:  # numpy is slow to load and the window opens without it
    import numpy as np
    from numpy.typing import NDArray

MAX_SORTED = 400
"""Boxes on view up to which each is drawn by itself, far ones first; beyond, nobody could tell which hides which."""

_TINT = 40
_DASHES = (3.0, 3.0)
"""Of a hidden edge: drawn and left out, in widths of the line."""

_ROOM = 2.0
"""Pictures' sides round the picture in which boxes are drawn. What lies at the near plane beside the camera is seen
endlessly far off, and a dashed line of that length would never end."""


def paint_cuboids(painter: QPainter, scene: Scene, places: NDArray[np.intp], at: Placement, style: Style) -> None:
    """Draw the boxes in space at these places of the scene."""
    seen = scene.cuboids
    rows = scene.rows[places]
    if len(rows) > MAX_SORTED:
        _paint_together(painter, scene, places, at, style)
        return
    order = (-seen.depths[rows]).argsort(kind="stable")
    colors = scene.colors[places].tolist()
    lines = on_surface(seen.lines[rows], at, drawn_area(scene.size))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for number in order.tolist():
        row, color = int(rows[number]), palette.COLORS[colors[number]]
        hidden = seen.hidden[row]
        _tint(painter, polygon(seen.front_face(row), at, drawn_area(scene.size)), color, _TINT)
        if style.halo:
            painter.setPen(cosmetic(halo_of(color), style.line * 2))
            painter.drawLines(q_lines(lines[number, ~hidden]))
        painter.setPen(dashed(color, style.line))
        painter.drawLines(q_lines(lines[number, hidden]))
        painter.setPen(cosmetic(color, style.line))
        painter.drawLines(q_lines(lines[number, ~hidden]))


def _paint_together(painter: QPainter, scene: Scene, places: NDArray[np.intp], at: Placement, style: Style) -> None:
    """Draw many boxes, colour by colour, with what is hidden below all else."""
    seen, rows = scene.cuboids, scene.rows[places]
    lines = on_surface(seen.lines[rows], at, drawn_area(scene.size))
    hidden, colors = seen.hidden[rows], scene.colors[places]
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    by_color = [(palette.COLORS[color], colors == color) for color in sorted(set(colors.tolist()))]
    for color, chosen in by_color:
        painter.setPen(dashed(color, style.line))
        painter.drawLines(q_lines(lines[chosen][hidden[chosen]]))
    for color, chosen in by_color:
        painter.setPen(cosmetic(color, style.line))
        painter.drawLines(q_lines(lines[chosen][~hidden[chosen]]))


def paint_quickly(painter: QPainter, scene: Scene, at: Placement) -> None:
    """Draw all boxes in space as fast as it goes, for a moment between two others: thin, without what they hide."""
    seen, places = scene.cuboids, (scene.rows >= 0).nonzero()[0]
    rows, colors = scene.rows[places], scene.colors[places]
    lines = on_surface(seen.lines[rows], at, drawn_area(scene.size))
    shown = ~seen.hidden[rows]
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    for color in sorted(set(colors.tolist())):
        chosen = colors == color
        # Lines of one pixel take the raster engine's fast path.
        painter.setPen(cosmetic(palette.COLORS[color], 1.0))
        painter.drawPath(path_of(lines[chosen][shown[chosen]]))


def paint_cuboid_emphasis(
    painter: QPainter, mark: CuboidMark, at: Placement, style: Style, *, fill: int, size: Size
) -> None:
    """Draw one box in space again, broader, its front filled with alpha ``fill`` (0 to 255)."""
    seen, row, color, area = mark.seen, mark.row, palette.color_of(mark.annotation), drawn_area(size)
    lines, hidden = on_surface(seen.lines[row : row + 1], at, area)[0], seen.hidden[row]
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _tint(painter, polygon(seen.front_face(row), at, area), color, fill)
    painter.setPen(dashed(color, style.line * 1.5))
    painter.drawLines(q_lines(lines[hidden]))
    for tint, width in ((palette.BLACK, 3.5), (palette.WHITE, 2.5), (color, 1.25)):
        painter.setPen(cosmetic(tint, style.line * width))
        painter.drawLines(q_lines(lines[~hidden]))


def _tint(painter: QPainter, area: QPolygonF, color: QColor, alpha: int) -> None:
    ground = QColor(color)
    ground.setAlpha(alpha)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    # Edges are drawn upon its rim: smoothing that would only take three times as long.
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.drawPolygon(area)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def dashed(color: QColor, width: float) -> QPen:
    """Return the pen of a hidden edge."""
    pen = cosmetic(color, width)
    pen.setDashPattern(list(_DASHES))
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    return pen


def drawn_area(size: Size) -> Box:
    """Return the part of the plane in which boxes are drawn, in picture pixels."""
    across, down = size.width * _ROOM, size.height * _ROOM
    return Box(-across, -down, size.width + across, size.height + down)


def polygon(points: Sequence[Point], at: Placement, area: Box) -> QPolygonF:
    """Return what of an outline lies in ``area`` (picture pixels), on the surface (Sutherland and Hodgman)."""
    for axis, limit, sign in ((0, area.left, 1), (0, area.right, -1), (1, area.top, 1), (1, area.bottom, -1)):
        kept: list[Point] = []
        for before, point in zip((*points[-1:], *points[:-1]), points, strict=True):
            inside, came_from_inside = ((each[axis] - limit) * sign >= 0 for each in (point, before))
            if inside != came_from_inside:
                share = (limit - before[axis]) / (point[axis] - before[axis])
                kept.append(Point(*(a + share * (b - a) for a, b in zip(before, point, strict=True))))
            if inside:
                kept.append(point)
        points = kept
    return QPolygonF([at.point(point) for point in points])


def on_surface(lines: NDArray[np.float64], at: Placement, area: Box) -> NDArray[np.float64]:
    """Map lines in picture pixels, shape (..., 4), to the surface: what of them lies in ``area``, NaN for nothing."""
    mapped: NDArray[np.float64] = clipped(lines, area) * at.zoom + (*at.corner, *at.corner)
    return mapped


def clipped(lines: NDArray[np.float64], area: Box) -> NDArray[np.float64]:
    """Return the parts of lines, shape (..., 4), that lie in ``area`` (Liang and Barsky); NaN where nothing does."""
    import numpy as np

    starts, ends = lines[..., :2], lines[..., 2:]
    low, high = np.array((area.left, area.top)), np.array((area.right, area.bottom))
    beyond = ((starts < low) | (starts > high) | (ends < low) | (ends > high)).any(axis=-1)
    if not beyond.any():
        return lines
    found = lines.copy()
    start, way = starts[beyond], (ends - starts)[beyond]
    # A line along a side never meets it: then it lies between both, or outside.
    level = way == 0
    outside = (level & ((start < low) | (start > high))).any(axis=1)
    with np.errstate(all="ignore"):
        at_low, at_high = (low - start) / way, (high - start) / way
        enter = np.where(level, 0.0, np.minimum(at_low, at_high)).max(axis=1, initial=0.0)
        leave = np.where(level, 1.0, np.maximum(at_low, at_high)).min(axis=1, initial=1.0)
        parts = np.concatenate([start + enter[:, None] * way, start + leave[:, None] * way], axis=1)
    parts[outside | (enter > leave)] = np.nan
    found[beyond] = parts
    return found


def q_lines(lines: NDArray[np.float64]) -> list[QLineF]:
    """Return lines of shape (n, 4) as Qt has them; those that are not seen (NaN) are left out."""
    return [QLineF(*line) for line in lines[lines[:, 0] == lines[:, 0]].tolist()]


def path_of(lines: NDArray[np.float64]) -> QPainterPath:
    """Return lines of shape (n, 4) as one path, handed over as bytes: five times as fast as line by line."""
    import numpy as np

    points = lines[lines[:, 0] == lines[:, 0]].reshape(-1, 2)
    # Qt's own format: the number of elements, then for each what it is (0 to go there, 1 to draw a line) and where.
    elements = np.empty(len(points), [("kind", ">i4"), ("place", ">f8", 2)])
    elements["kind"] = np.arange(len(points)) % 2
    elements["place"] = points
    head, tail = np.array(len(points), ">i4"), np.zeros(2, ">i4")
    path = QPainterPath()
    stream = QDataStream(QByteArray(head.tobytes() + elements.tobytes() + tail.tobytes()))
    stream >> path
    return path
