"""``Scene``: what there is to draw, as arrays, so that ten thousand annotations are culled and hit at once.

Everything is in pixels of the upright original, in drawing order. Annotations without a place in the plane (events,
blocks without a box, cuboids behind the camera) are not in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF

from qwvis_desktop.core.annotation import Annotation, Cuboid, Keypoint, TextRegion, bounds_of
from qwvis_desktop.core.camera import HALF_TURNS_XYZ, AngleConvention, CameraIntrinsics, visible_edges
from qwvis_desktop.core.geometry import Box, Point, Size
from qwvis_desktop.ui import palette
from qwvis_desktop.ui.canvas.style import caption

if TYPE_CHECKING:  # numpy is slow to load and the window opens without it
    import numpy as np
    from numpy.typing import NDArray

_CAPACITY = 256


class Shape(IntEnum):
    """How a mark is drawn and hit."""

    RECT = 0
    OUTLINE = 1
    POINT = 2
    EDGES = 3


@dataclass(frozen=True, slots=True)
class Mark:
    """One annotation, ready to be drawn.

    Attributes:
        bounds: upright box round it.
        points: corners of its outline, where that is not its bounds; for edges their convex hull.
        edges: the lines of a cuboid.
    """

    annotation: Annotation
    shape: Shape
    bounds: Box
    points: tuple[Point, ...] = ()
    edges: tuple[tuple[Point, Point], ...] = ()


def mark_of(
    annotation: Annotation, camera: CameraIntrinsics, convention: AngleConvention = HALF_TURNS_XYZ
) -> Mark | None:
    """Return the mark of an annotation; None where it has no place on the picture."""
    if isinstance(annotation, Cuboid):
        edges = visible_edges(annotation, camera, convention)
        hull = convex_hull([end for edge in edges for end in edge])
        return Mark(annotation, Shape.EDGES, _around(hull), hull, edges) if edges else None
    bounds = bounds_of(annotation)
    if bounds is None:
        return None
    if isinstance(annotation, Keypoint):
        return Mark(annotation, Shape.POINT, bounds)
    if isinstance(annotation, TextRegion) and not _is_upright(annotation.polygon.points):
        return Mark(annotation, Shape.OUTLINE, bounds, annotation.polygon.points)
    return Mark(annotation, Shape.RECT, bounds)


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


def convex_hull(points: Iterable[Point]) -> tuple[Point, ...]:
    """Return the corners of the convex hull (Andrew's monotone chain)."""
    ordered = sorted(set(points))
    if len(ordered) <= 2:
        return tuple(ordered)

    def chain(run: Iterable[Point]) -> list[Point]:
        kept: list[Point] = []
        for point in run:
            while len(kept) > 1 and _turn(kept[-2], kept[-1], point) <= 0:
                kept.pop()
            kept.append(point)
        return kept[:-1]

    return tuple(chain(ordered) + chain(reversed(ordered)))


def _turn(first: Point, second: Point, third: Point) -> float:
    """Return the cross product of two legs: positive for a left turn in a plane with y up."""
    return (second.x - first.x) * (third.y - first.y) - (second.y - first.y) * (third.x - first.x)


class Scene:
    """The marks of a document, in arrays that grow.

    Args:
        size: of the upright original.
        camera: what cuboids are seen through; None for the one that is assumed of a picture of this size.
        convention: what their angles mean.

    Attributes:
        marks: in drawing order.
        rects: the bounds as Qt has them, for batched drawing.
        captions: what the chips say.
        index: id to place in ``marks``.
    """

    def __init__(
        self, size: Size, camera: CameraIntrinsics | None = None, convention: AngleConvention = HALF_TURNS_XYZ
    ) -> None:
        import numpy as np

        self.camera = camera or CameraIntrinsics.from_field_of_view(size)
        self.convention = convention
        self.marks: list[Mark] = []
        self.rects: list[QRectF] = []
        self.captions: list[str] = []
        self.index: dict[str, int] = {}
        self._bounds = np.empty((_CAPACITY, 4), np.float64)
        self._colors = np.empty(_CAPACITY, np.int32)
        self._shapes = np.empty(_CAPACITY, np.int8)
        self._are_text = np.empty(_CAPACITY, np.bool_)

    def __len__(self) -> int:
        return len(self.marks)

    @property
    def bounds(self) -> NDArray[np.float64]:
        """Left, top, right, bottom; shape (n, 4)."""
        return self._bounds[: len(self.marks)]

    @property
    def colors(self) -> NDArray[np.int32]:
        """Places in ``palette.COLORS``; shape (n,)."""
        return self._colors[: len(self.marks)]

    @property
    def shapes(self) -> NDArray[np.int8]:
        """``Shape`` of each; shape (n,)."""
        return self._shapes[: len(self.marks)]

    @property
    def are_text(self) -> NDArray[np.bool_]:
        """Whether each is a line of text; shape (n,)."""
        return self._are_text[: len(self.marks)]

    def append(self, annotations: Iterable[Annotation]) -> NDArray[np.intp]:
        """Add annotations behind the others; return the places of those that have one on the picture."""
        import numpy as np

        start = len(self.marks)
        marks = (mark_of(annotation, self.camera, self.convention) for annotation in annotations)
        new = [mark for mark in marks if mark is not None]
        end = start + len(new)
        self._reserve(end)
        boxes = [mark.bounds for mark in new]
        if new:
            self._bounds[start:end] = [(box.left, box.top, box.right, box.bottom) for box in boxes]
            self._colors[start:end] = [palette.color_index(palette.color_name(mark.annotation)) for mark in new]
            self._shapes[start:end] = [mark.shape for mark in new]
            self._are_text[start:end] = [isinstance(mark.annotation, TextRegion) for mark in new]
        self.marks += new
        self.rects += [QRectF(box.left, box.top, box.width, box.height) for box in boxes]
        self.captions += [caption(mark.annotation) for mark in new]
        self.index.update((mark.annotation.id, start + place) for place, mark in enumerate(new))
        return np.arange(start, end)

    def _reserve(self, count: int) -> None:
        import numpy as np

        capacity = len(self._bounds)
        if count <= capacity:
            return
        capacity = max(count, 2 * capacity)
        for name in ("_bounds", "_colors", "_shapes", "_are_text"):
            old = getattr(self, name)
            grown = np.empty((capacity, *old.shape[1:]), old.dtype)
            grown[: len(self.marks)] = old[: len(self.marks)]
            setattr(self, name, grown)

    def within(self, area: Box) -> NDArray[np.intp]:
        """Return the places of the marks whose bounds meet ``area``."""
        import numpy as np

        left, top, right, bottom = self.bounds.T
        met = (right >= area.left) & (left <= area.right) & (bottom >= area.top) & (top <= area.bottom)
        return np.flatnonzero(met)
