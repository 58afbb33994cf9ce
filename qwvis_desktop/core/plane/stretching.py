"""Resizing several annotations together: a side or corner of the box round them is pulled, and all in it goes along.

All is in pixels of the upright original. What lies on the sides that are not pulled keeps its very numbers. Nothing
leaves the picture, and nothing is turned inside out: no side gets shorter than ``SMALLEST`` that was longer.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from qwvis_desktop.core.annotation import Annotation, Detection, bounds_of
from qwvis_desktop.core.geometry import Box, Point, Polygon, Size
from qwvis_desktop.core.plane.editing import SMALLEST, Side, boxed
from qwvis_desktop.core.plane.forms import Form, TurnedRectangle, corners_of, form_of, with_corners


class Stretch(NamedTuple):
    """A map of the plane: distances from ``still``, which stays where it is, are multiplied by ``x`` and ``y``."""

    still: Point
    x: float = 1.0
    y: float = 1.0

    def point(self, point: Point) -> Point:
        """Map a place."""
        return Point(_mapped(point.x, self.still.x, self.x), _mapped(point.y, self.still.y, self.y))

    def box(self, box: Box) -> Box:
        """Map an upright box."""
        return Box(*self.point(Point(box.left, box.top)), *self.point(Point(box.right, box.bottom)))

    def of(self, annotation: Annotation) -> Annotation:
        """Map an annotation; a rotated rectangle keeps its angle, and as much of its size as then has room."""
        if isinstance(annotation, Detection) and annotation.outline is None:
            return boxed(annotation, self.box(annotation.box))  # by far the most, in a fraction of the time
        corners = corners_of(annotation)
        if self.x == self.y == 1.0:
            return annotation
        rectangle = TurnedRectangle.of(corners) if form_of(annotation) is Form.ROTATED else None
        if rectangle is None:
            return with_corners(annotation, [self.point(corner) for corner in corners])
        return with_corners(annotation, self._turned(rectangle, corners).corners)

    def _turned(self, rectangle: TurnedRectangle, corners: Sequence[Point]) -> TurnedRectangle:
        """Map a rotated rectangle: its sides grow as lines of their direction do, and it stays in its mapped bounds."""
        center = self.point(rectangle.center)
        along, across = (
            _scaled(half, math.hypot(half.x * self.x, half.y * self.y) / math.hypot(*half))
            for half in (rectangle.along, rectangle.across)
        )
        room = self.box(Polygon(tuple(corners)).bounds)
        width, height = 2 * (abs(along.x) + abs(across.x)), 2 * (abs(along.y) + abs(across.y))
        share = min(1.0, room.width / width, room.height / height)
        return TurnedRectangle(center, _scaled(along, share), _scaled(across, share))


def stretch_to(
    box: Box, side: Side, place: Point, size: Size, *, least: tuple[float, float], keeps_ratio: bool = False
) -> Stretch:
    """Return the stretch by which a side or corner of ``box`` comes to ``place``, as far as that is allowed.

    Args:
        box: round all that is resized; its width and height are not 0.
        side: what is pulled.
        place: where to.
        size: of the picture, which nothing leaves farther than it did.
        least: by how much widths and heights may be multiplied at least; see ``least_of``.
        keeps_ratio: a corner keeps width and height in proportion.
    """
    still = Point(box.left if side[0] >= 0 else box.right, box.top if side[1] >= 0 else box.bottom)
    lengths = (box.width, box.height)
    room = (
        max(size.width, box.right) - still.x if side[0] >= 0 else still.x - min(0.0, box.left),
        max(size.height, box.bottom) - still.y if side[1] >= 0 else still.y - min(0.0, box.top),
    )
    pulled = (side[0] * (place.x - still.x), side[1] * (place.y - still.y))
    most = [free / length for free, length in zip(room, lengths, strict=True)]
    wanted = [way / length if one else 1.0 for way, length, one in zip(pulled, lengths, side, strict=True)]
    if keeps_ratio and all(side):
        growth = min(max(*wanted, *least), *most)
        return Stretch(still, growth, growth)
    x, y = (
        min(max(factor, low), high) if one else 1.0
        for factor, low, high, one in zip(wanted, least, most, side, strict=True)
    )
    return Stretch(still, x, y)


def least_of(annotations: Iterable[Annotation]) -> tuple[float, float]:
    """Return by how much the widths and heights of all these may be multiplied at least (0 to 1).

    What has no width, as a point, may be moved as near to others as one likes.
    """
    boxes = [box for box in map(bounds_of, annotations) if box is not None]
    widths = [box.width for box in boxes if box.width > 0]
    heights = [box.height for box in boxes if box.height > 0]
    return _least(widths), _least(heights)


def _least(lengths: Sequence[float]) -> float:
    return min(1.0, SMALLEST / min(lengths)) if lengths else 0.0


def _mapped(value: float, still: float, factor: float) -> float:
    return value if factor == 1.0 else still + (value - still) * factor


def _scaled(half: Point, factor: float) -> Point:
    return Point(half.x * factor, half.y * factor)
