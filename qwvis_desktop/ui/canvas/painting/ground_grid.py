"""The ground's grid and the horizon, drawn over the picture to judge whether boxes and camera stand upright.

The ground is a level plane: the camera's y axis is taken for straight down. It lies where the lowest box stands, or
1.5 m below the camera where there is none. Every fifth line is stronger.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from qwvis_desktop.core.annotation import Cuboid
from qwvis_desktop.core.camera import NEAR, CameraIntrinsics, Vector, corners
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.geometry import Size
from qwvis_desktop.ui.canvas.painting.placement import Placement, cosmetic

CAMERA_HEIGHT = 1.5
"""Metres above the ground where nothing stands on it: about eye level, and a camera on a car."""

_CELLS = 30
"""Cells of the grid from the camera to the farthest line, and as many to either side."""

_STEPS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 25.0, 50.0, 100.0)
"""Metres that a cell may be wide."""

_STRONG = 5
_LIGHT, _DARK = QColor(255, 255, 255, 130), QColor(0, 0, 0, 110)
_HORIZON = QColor(255, 64, 160)


@dataclass(frozen=True, slots=True)
class Ground:
    """A level plane with a grid on it.

    Attributes:
        height: its y in camera axes: metres below the camera; never 0, where it would be seen edge on.
        cell: side of a cell in metres.
    """

    height: float
    cell: float


def ground_of_document(document: Document) -> Ground:
    """Return the ground that the boxes of a document stand on, as fine as their distances need."""
    boxes = [each for each in document.annotations.values() if isinstance(each, Cuboid)]
    in_front = [each for each in boxes if each.center[2] >= NEAR]
    if not in_front:
        return Ground(CAMERA_HEIGHT, 1.0)
    lowest = max(
        y for each in in_front for _, y, _ in corners(each.center, each.size, each.angles, document.convention)
    )
    farthest = max(each.center[2] for each in in_front)
    wanted = 1.5 * farthest / _CELLS
    cell = next((step for step in _STEPS if step >= wanted), _STEPS[-1])
    # Boxes that all hang above the camera stand on no ground that could be seen.
    return Ground(lowest if lowest > 0 else CAMERA_HEIGHT, cell)


def grid_lines(ground: Ground) -> list[tuple[Vector, Vector, bool]]:
    """Return the grid's lines in metres, near ends first; True for every fifth."""
    far, height, cell = _CELLS * ground.cell, ground.height, ground.cell
    along = [
        ((x * cell, height, NEAR), (x * cell, height, far), x % _STRONG == 0)
        for x in range(-2 * _CELLS, 2 * _CELLS + 1)
    ]
    across = [
        ((-2 * far, height, z * cell), (2 * far, height, z * cell), z % _STRONG == 0) for z in range(1, _CELLS + 1)
    ]
    return along + across


def paint_ground(painter: QPainter, ground: Ground, camera: CameraIntrinsics, size: Size, at: Placement) -> None:
    """Draw grid and horizon as far as they lie on the picture."""
    painter.save()
    area = QRectF(at.corner.x, at.corner.y, size.width * at.zoom, size.height * at.zoom)
    painter.setClipRect(area, Qt.ClipOperation.IntersectClip)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    strong: list[QLineF] = []
    fine: list[QLineF] = []
    for near, far, is_strong in grid_lines(ground):
        line = QLineF(at.point(camera.project(near)), at.point(camera.project(far)))
        (strong if is_strong else fine).append(line)
    for lines, width in ((fine, 1.0), (strong, 1.6)):
        for color, wider in ((_DARK, 1.0), (_LIGHT, 0.0)):
            painter.setPen(cosmetic(color, width + wider))
            painter.drawLines(lines)
    # What is level is seen on the line of the principal point, at any depth.
    horizon = camera.cy * at.zoom + at.corner.y
    if math.isfinite(horizon):
        for color, width in ((QColor(0, 0, 0), 3.0), (_HORIZON, 1.5)):
            painter.setPen(cosmetic(color, width))
            painter.drawLine(QLineF(area.left(), horizon, area.right(), horizon))
    painter.restore()
