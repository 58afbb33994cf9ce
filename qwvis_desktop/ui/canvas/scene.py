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
from qwvis_desktop.core.camera import HALF_TURNS_XYZ, AngleConvention, CameraIntrinsics
from qwvis_desktop.core.geometry import Box, Point, Size
from qwvis_desktop.ui import palette
from qwvis_desktop.ui.canvas.seen_cuboids import SeenCuboids, convex_hull
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


def _mark_of(annotation: Annotation) -> Mark | None:
    """Return the mark of an annotation in the plane; None where it has no place on the picture."""
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


class Scene:
    """The marks of a document, in arrays that grow.

    Args:
        size: of the upright original.
        camera: what cuboids are seen through; None for the one that is assumed of a picture of this size.
        convention: what their angles mean.

    Attributes:
        marks: in drawing order.
        cuboids: those of them that are boxes in space, seen through the camera.
        rects: the bounds as Qt has them, for batched drawing; null for boxes in space.
        captions: what the chips say.
        index: id to place in ``marks``.
    """

    def __init__(
        self, size: Size, camera: CameraIntrinsics | None = None, convention: AngleConvention = HALF_TURNS_XYZ
    ) -> None:
        import numpy as np

        self.size = size
        self.cuboids = SeenCuboids(camera or CameraIntrinsics.from_field_of_view(size), convention)
        self.marks: list[Mark | CuboidMark] = []
        self.rects: list[QRectF] = []
        self.captions: list[str] = []
        self.index: dict[str, int] = {}
        self._bounds = np.empty((_CAPACITY, 4), np.float64)
        self._colors = np.empty(_CAPACITY, np.int32)
        self._shapes = np.empty(_CAPACITY, np.int8)
        self._are_text = np.empty(_CAPACITY, np.bool_)
        self._rows = np.empty(_CAPACITY, np.intp)

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

    @property
    def rows(self) -> NDArray[np.intp]:
        """The place of each in the arrays of ``cuboids``, -1 for what is in the plane; shape (n,)."""
        return self._rows[: len(self.marks)]

    def append(self, annotations: Iterable[Annotation]) -> NDArray[np.intp]:
        """Add annotations behind the others; return the places of those that have one on the picture."""
        import numpy as np

        start = len(self.marks)
        new = self._marks_of(list(annotations))
        end = start + len(new)
        self._reserve(end)
        in_space = [isinstance(mark, CuboidMark) for mark in new]
        boxes = [mark.bounds for mark in new]
        if new:
            self._bounds[start:end] = [(box.left, box.top, box.right, box.bottom) for box in boxes]
            self._colors[start:end] = [palette.color_index(palette.color_name(mark.annotation)) for mark in new]
            self._shapes[start:end] = [mark.shape for mark in new]
            self._are_text[start:end] = [isinstance(mark.annotation, TextRegion) for mark in new]
            self._rows[start:end] = [mark.row if isinstance(mark, CuboidMark) else -1 for mark in new]
        self.marks += new
        self.rects += [
            QRectF() if is_in_space else QRectF(box.left, box.top, box.width, box.height)
            for box, is_in_space in zip(boxes, in_space, strict=True)
        ]
        self.captions += [caption(mark.annotation) for mark in new]
        self.index.update((mark.annotation.id, start + place) for place, mark in enumerate(new))
        return np.arange(start, end)

    def _marks_of(self, annotations: Sequence[Annotation]) -> list[Mark | CuboidMark]:
        """Return the marks of those that have a place on the picture, in the same order."""
        row = len(self.cuboids)
        found = iter(self.cuboids.append([each for each in annotations if isinstance(each, Cuboid)]).tolist())
        marks: list[Mark | CuboidMark] = []
        for annotation in annotations:
            if not isinstance(annotation, Cuboid):
                mark = _mark_of(annotation)
                marks += [mark] if mark is not None else []
            elif next(found):
                marks.append(CuboidMark(annotation, self.cuboids, row))
                row += 1
        return marks

    def look_through(self, camera: CameraIntrinsics) -> None:
        """See the boxes in space through another camera; everything else stays where it is."""
        self.cuboids.look_through(camera)
        in_space = self.rows >= 0
        self.bounds[in_space] = self.cuboids.bounds[self.rows[in_space]]

    def are_on_top(self, since: int) -> bool:
        """Say whether what was added from place ``since`` on lies above all else: no box in space is behind others."""
        new = self.rows[since:]
        new = new[new >= 0]
        if not len(new):
            return True
        depths = self.cuboids.depths
        return bool((depths[new] <= depths[: new[0]].min(initial=depths[new].max())).all())

    def _reserve(self, count: int) -> None:
        import numpy as np

        capacity = len(self._bounds)
        if count <= capacity:
            return
        capacity = max(count, 2 * capacity)
        for name in ("_bounds", "_colors", "_shapes", "_are_text", "_rows"):
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
