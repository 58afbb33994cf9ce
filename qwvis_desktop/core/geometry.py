"""Plane geometry in pixels: sizes, points, boxes, polygons.

Everything here is a plain immutable value with float coordinates, x to the right and y down. Which pixels are meant
is said where a value is held; see ``core.coordinates`` for the spaces.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple


class Point(NamedTuple):
    """A place in pixels."""

    x: float
    y: float


class Size(NamedTuple):
    """Width and height in pixels."""

    width: int
    height: int

    @property
    def pixels(self) -> int:
        """The number of pixels."""
        return self.width * self.height


class Box(NamedTuple):
    """An upright rectangle: left, top, right, bottom in pixels, ordered (``left <= right``, ``top <= bottom``)."""

    left: float
    top: float
    right: float
    bottom: float

    @classmethod
    def from_corners(cls, first: Point, second: Point) -> Box:
        """Return the box between two opposite corners, given in any order."""
        return cls(min(first.x, second.x), min(first.y, second.y), max(first.x, second.x), max(first.y, second.y))

    @classmethod
    def whole(cls, size: Size) -> Box:
        """Return the box that covers a picture of ``size``."""
        return cls(0.0, 0.0, float(size.width), float(size.height))

    @property
    def width(self) -> float:
        """The width in pixels."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """The height in pixels."""
        return self.bottom - self.top

    @property
    def area(self) -> float:
        """The area in square pixels."""
        return self.width * self.height

    @property
    def center(self) -> Point:
        """The middle."""
        return Point((self.left + self.right) / 2, (self.top + self.bottom) / 2)

    @property
    def corners(self) -> tuple[Point, Point, Point, Point]:
        """The four corners, clockwise from the top left."""
        return (
            Point(self.left, self.top),
            Point(self.right, self.top),
            Point(self.right, self.bottom),
            Point(self.left, self.bottom),
        )

    def contains(self, point: Point) -> bool:
        """Say whether ``point`` lies inside or on the border."""
        return self.left <= point.x <= self.right and self.top <= point.y <= self.bottom

    def translated(self, dx: float, dy: float) -> Box:
        """Return the box moved by ``dx``, ``dy`` pixels."""
        return Box(self.left + dx, self.top + dy, self.right + dx, self.bottom + dy)

    def intersection(self, other: Box) -> Box | None:
        """Return the common part, or None where there is none of positive area."""
        left, top = max(self.left, other.left), max(self.top, other.top)
        right, bottom = min(self.right, other.right), min(self.bottom, other.bottom)
        return Box(left, top, right, bottom) if left < right and top < bottom else None

    def iou(self, other: Box) -> float:
        """Return intersection over union, 0 to 1."""
        common = self.intersection(other)
        if common is None:
            return 0.0
        return common.area / (self.area + other.area - common.area)


@dataclass(frozen=True, slots=True)
class Polygon:
    """A closed outline in pixels; at least three points."""

    points: tuple[Point, ...]

    @property
    def bounds(self) -> Box:
        """The upright box round all points."""
        xs, ys = [p.x for p in self.points], [p.y for p in self.points]
        return Box(min(xs), min(ys), max(xs), max(ys))

    @property
    def area(self) -> float:
        """The area in square pixels (shoelace formula)."""
        total = 0.0
        for here, after in zip(self.points, self.points[1:] + self.points[:1], strict=True):
            total += here.x * after.y - after.x * here.y
        return math.fabs(total) / 2
