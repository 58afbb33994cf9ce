"""Annotations on the plane of the picture as file formats want them: a name, an outline, a turned rectangle.

All places are in pixels of the upright original.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from qwvis_desktop.core.annotation import Annotation, Detection, LayoutBlock, TextRegion
from qwvis_desktop.core.geometry import Box, Point, Polygon
from qwvis_desktop.core.plane.forms import TurnedRectangle, corners_of

UNNAMED = "unlabelled"
"""The category of what has no label; many readers refuse an empty name."""


def category_of(annotation: Annotation) -> str:
    """Return the category's name: the label, else what kind of block or text it is."""
    match annotation:
        case LayoutBlock(tag=tag, label=label):
            return label or tag or UNNAMED
        case TextRegion(label=label):
            return label or "text"
        case _:
            return annotation.label or UNNAMED


def label_of(category: str) -> str:
    """Return the label that a category's name in a file stands for."""
    return "" if category == UNNAMED else category


def outline_of(annotation: Annotation) -> Polygon | None:
    """Return the outline where it is known more closely than by the upright box."""
    match annotation:
        case Detection(outline=outline):
            return outline
        case TextRegion(polygon=polygon):
            return polygon
        case _:
            return None


def ring_of(annotation: Annotation) -> tuple[Point, ...]:
    """Return the outline, or the corners of the box clockwise from the top left; nothing for what has no area."""
    return () if annotation.kind == "keypoint" else corners_of(annotation)


def text_of(annotation: Annotation) -> str:
    """Return the text that was read there, empty where none was."""
    return annotation.text if isinstance(annotation, TextRegion | LayoutBlock) else ""


def smallest_rectangle(points: Sequence[Point]) -> TurnedRectangle:
    """Return the rectangle of least area round the points: one of its sides lies on a side of their convex hull."""
    hull = _hull(points)
    best = _upright(points)
    for here, after in zip(hull, (*hull[1:], hull[0]), strict=True):
        angle = math.atan2(after.y - here.y, after.x - here.x)
        found = _rectangle_at(hull, angle)
        if found.width * found.height < best.width * best.height * (1 - 1e-9):
            best = found
    return best


def rectangle_of(points: Sequence[Point]) -> TurnedRectangle:
    """Return the rectangle that points are, else the smallest one round them."""
    return TurnedRectangle.of(points) or smallest_rectangle(points)


def _upright(points: Sequence[Point]) -> TurnedRectangle:
    box = Polygon(tuple(points)).bounds
    return TurnedRectangle.made(box.center, box.width, box.height, 0.0)


def _rectangle_at(points: Sequence[Point], angle: float) -> TurnedRectangle:
    cos, sin = math.cos(angle), math.sin(angle)
    turned = Polygon(tuple(Point(p.x * cos + p.y * sin, p.y * cos - p.x * sin) for p in points)).bounds
    x, y = turned.center
    middle = Point(x * cos - y * sin, x * sin + y * cos)
    return TurnedRectangle.made(middle, turned.width, turned.height, math.degrees(angle))


def _hull(points: Sequence[Point]) -> list[Point]:
    """Return the convex hull (Andrew's monotone chain)."""
    ordered = sorted(set(points))
    if len(ordered) < 3:
        return ordered
    halves = []
    for line in (ordered, ordered[::-1]):
        half: list[Point] = []
        for point in line:
            while len(half) > 1 and _turn(half[-2], half[-1], point) <= 0:
                half.pop()
            half.append(point)
        halves.append(half[:-1])
    return halves[0] + halves[1]


def _turn(a: Point, b: Point, c: Point) -> float:
    return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)


def is_upright(points: Sequence[Point]) -> bool:
    """Say whether the points are the corners of an upright box, in whatever order."""
    box = Polygon(tuple(points)).bounds
    return len(points) == 4 and set(points) == set(box.corners)


def crosses_itself(points: Sequence[Point]) -> bool:
    """Say whether two sides of a closed outline cross; where they only touch, they do not."""
    import numpy as np  # slow to load, and the window opens without it

    corners = np.array(points, np.float64)
    ways = np.roll(corners, -1, axis=0) - corners
    there = corners[None, :, :] - corners[:, None, :]
    # On which side of the line through each side of the outline each corner lies.
    turns = ways[:, None, 0] * there[:, :, 1] - ways[:, None, 1] * there[:, :, 0]
    parted = turns * np.roll(turns, -1, axis=1) < 0
    return bool((parted & parted.T).any())


_ELLIPSE_CORNERS = 72
"""Corners of an outline that follows an ellipse: it is nowhere off by more than a thousandth of the radius."""


def ellipse_of(middle: Point, across: float, down: float, degrees: float = 0.0) -> tuple[Point, ...]:
    """Return an outline that follows an ellipse.

    Args:
        middle: in pixels.
        across: its radius to the right in pixels, before it is turned.
        down: that downwards.
        degrees: by which it is turned about its middle, clockwise as seen.
    """
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    found = []
    for place in range(_ELLIPSE_CORNERS):
        angle = 2 * math.pi * place / _ELLIPSE_CORNERS
        x, y = across * math.cos(angle), down * math.sin(angle)
        found.append(Point(middle.x + x * cos - y * sin, middle.y + x * sin + y * cos))
    return tuple(found)


def detection_of(points: Sequence[Point], label: str, **more: Any) -> Detection:
    """Return a detection with this outline; one that is an upright box is kept as a box alone.

    Raises:
        ValueError: these are not three points or more, or they have no area.
    """
    if len(points) < 3:
        raise ValueError("an outline should have three points or more")
    outline = Polygon(tuple(points))
    box = outline.bounds
    if box.width <= 0 or box.height <= 0:
        raise ValueError("the outline has no area")
    return Detection(label=label, box=box, outline=None if is_upright(points) else outline, **more)


def box_of(left: float, top: float, right: float, bottom: float) -> Box:
    """Return a box that a file tells.

    Raises:
        ValueError: it has no area.
    """
    box = Box.from_corners(Point(left, top), Point(right, bottom))
    if box.width <= 0 or box.height <= 0:
        raise ValueError("the box has no area")
    return box
