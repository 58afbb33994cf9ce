"""``Mark``: one annotation as it is drawn on the picture and hit there; those in space are ``CuboidMark``."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import NamedTuple

from qwvis_desktop.core.annotation import Annotation, Cuboid, Detection, Keypoint, TextRegion, bounds_of
from qwvis_desktop.core.film_moment import INTERPOLATED
from qwvis_desktop.core.geometry import Box, Point, Polygon
from qwvis_desktop.ui.canvas.painting.seen_cuboids import SeenCuboids, convex_hull


class Shape(IntEnum):
    """How a mark is drawn and hit."""

    RECT = 0
    OUTLINE = 1
    POINT = 2
    EDGES = 3
    DASHED = 4


class Mark(NamedTuple):
    """One annotation in the plane, ready to be drawn; those in space are ``CuboidMark``.

    Attributes:
        bounds: upright box round it.
        points: corners of its outline, where that is not its bounds.
    """

    annotation: Annotation
    shape: Shape
    bounds: Box
    points: tuple[Point, ...] = ()


class CuboidMark:
    """One cuboid in a scene, ready to be drawn; it follows the camera of ``seen``.

    Attributes:
        annotation: the cuboid.
        row: its place in the arrays of ``seen``.
    """

    __slots__ = ("annotation", "row", "seen")

    shape = Shape.EDGES

    def __init__(self, annotation: Cuboid, seen: SeenCuboids, row: int) -> None:
        self.annotation, self.seen, self.row = annotation, seen, row

    @property
    def bounds(self) -> Box:
        """Upright box round what is seen of it."""
        return Box(*self.seen.bounds[self.row].tolist())

    @property
    def edges(self) -> tuple[tuple[Point, Point], ...]:
        """Its lines in front of the camera."""
        return self.seen.lines_of(self.row)

    @property
    def points(self) -> tuple[Point, ...]:
        """The outline of all its faces together, which is the convex hull of its lines."""
        return convex_hull([end for line in self.edges for end in line])


def mark_of(annotation: Annotation) -> Mark | None:
    """Return the mark of an annotation in the plane; None where it has no place on the picture."""
    if type(annotation) is Detection and annotation.outline is None:
        shape = Shape.DASHED if INTERPOLATED in annotation.attributes else Shape.RECT
        return Mark(annotation, shape, annotation.box)  # by far the most, in three quarters less time
    bounds = bounds_of(annotation)
    if bounds is None:
        return None
    if isinstance(annotation, Keypoint):
        return Mark(annotation, Shape.POINT, bounds)
    outline = _outline_of(annotation)
    # Text is drawn round from outside its outline, however it lies.
    if outline is not None and (isinstance(annotation, TextRegion) or not _is_upright(outline.points)):
        return Mark(annotation, Shape.OUTLINE, outline.bounds, outline.points)
    return Mark(annotation, Shape.RECT, bounds)


def _outline_of(annotation: Annotation) -> Polygon | None:
    match annotation:
        case TextRegion(polygon=outline) | Detection(outline=outline):
            return outline
        case _:
            return None


def _around(points: Sequence[Point]) -> Box:
    return (
        Box(min(p.x for p in points), min(p.y for p in points), max(p.x for p in points), max(p.y for p in points))
        if points
        else Box(0, 0, 0, 0)
    )


def _is_upright(points: Sequence[Point]) -> bool:
    """Say whether four corners are those of an upright box, to half a pixel."""
    if len(points) != 4:
        return False
    box = _around(points)
    return all(
        min(p.x - box.left, box.right - p.x) <= 0.5 and min(p.y - box.top, box.bottom - p.y) <= 0.5 for p in points
    )
