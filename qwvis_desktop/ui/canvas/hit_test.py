"""What lies under the pointer: the smallest first, found in the arrays of a ``Scene``."""

from __future__ import annotations

from collections.abc import Sequence

from qwvis_desktop.core.geometry import Box, Point
from qwvis_desktop.ui.canvas.scene import Scene, Shape


def marks_at(scene: Scene, point: Point, reach: float) -> list[int]:
    """Return the places in ``scene`` of all that lies under ``point``, the likeliest meant first.

    Keypoints within ``reach`` picture pixels come first, the nearest leading; then areas by size, the smallest
    leading, of equals the one on top. Boxes thinner than ``reach`` are met within that distance, or nobody could
    point at them.
    """
    import numpy as np

    if not len(scene):
        return []
    near = scene.within(Box(point.x - reach, point.y - reach, point.x + reach, point.y + reach))
    bounds = scene.bounds[near]
    shapes = scene.shapes[near]
    centers = (bounds[:, :2] + bounds[:, 2:]) / 2
    sides = bounds[:, 2:] - bounds[:, :2]
    slack = np.where(sides < reach, (reach - sides) / 2, 0.0)
    offsets = np.abs(centers - (point.x, point.y))
    inside = (offsets <= sides / 2 + slack).all(axis=1)
    distances = np.hypot(*(centers - (point.x, point.y)).T)
    is_point = shapes == Shape.POINT
    met = np.where(is_point, distances <= reach, inside)
    # A keypoint is smaller than any area; the negative number keeps them apart, with the nearest first.
    rank = np.where(is_point, distances - 2 * reach, sides.prod(axis=1))
    order = np.lexsort((-near, rank))
    found = near[order][met[order]].tolist()
    return [place for place in found if _covers(scene, place, point)]


def _covers(scene: Scene, place: int, point: Point) -> bool:
    mark = scene.marks[place]
    return len(mark.points) < 3 or in_polygon(mark.points, point)


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
