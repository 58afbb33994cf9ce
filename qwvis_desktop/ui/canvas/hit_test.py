"""What lies under the pointer: the smallest first, found in the arrays of a ``Scene``."""

from __future__ import annotations

import math
from collections.abc import Sequence

from qwvis_desktop.core.geometry import Box, Point
from qwvis_desktop.ui.canvas.painting.marks import Shape
from qwvis_desktop.ui.canvas.painting.scene import Scene


def marks_at(scene: Scene, point: Point, reach: float) -> list[int]:
    """Return the places in ``scene`` of all that lies under ``point``, the likeliest meant first.

    Keypoints within ``reach`` picture pixels come first, the nearest leading; then areas by size, the smallest
    leading, of equals the one on top. Boxes thinner than ``reach`` are met within that distance, or nobody could
    point at them.
    """
    if not len(scene):
        return []
    x, y = point
    found = []
    # The arrays leave a handful, for which plain numbers are faster.
    for place in scene.close_to(point, reach).tolist():
        mark = scene.marks[place]
        left, top, right, bottom = mark.bounds
        width, height = right - left, bottom - top
        if mark.shape is Shape.POINT:
            distance = math.hypot(left - x, top - y)
            if distance <= reach:
                # A keypoint is smaller than any area; the negative number keeps them apart, with the nearest first.
                found.append((distance - 2 * reach, -place))
            continue
        if not (left <= x <= right and top <= y <= bottom):
            is_near = abs(left + right - 2 * x) <= max(width, reach) and abs(top + bottom - 2 * y) <= max(height, reach)
            if not is_near:
                continue
        corners = mark.points
        if not corners or len(corners) < 3 or in_polygon(corners, point):
            found.append((width * height, -place))
    return [-place for _, place in sorted(found)]


def in_polygon(corners: Sequence[Point], point: Point) -> bool:
    """Say whether ``point`` lies inside an outline (even-odd rule)."""
    inside = False
    before = corners[-1]
    for corner in corners:
        if (corner.y > point.y) != (before.y > point.y):
            x = corner.x + (point.y - corner.y) / (before.y - corner.y) * (before.x - corner.x)
            inside ^= point.x < x
        before = corner
    return inside


def ids_in(scene: Scene, box: Box) -> frozenset[str]:
    """Return the ids of what lies in ``box`` with all its bounds."""
    marks = (scene.marks[place] for place in scene.within(box).tolist())
    return frozenset(mark.annotation.id for mark in marks if _holds(box, mark.bounds))


def _holds(box: Box, other: Box) -> bool:
    return box.left <= other.left and box.top <= other.top and box.right >= other.right and box.bottom >= other.bottom
