"""``Scene``: what there is to draw, as arrays, so that ten thousand annotations are culled and hit at once.

Everything is in pixels of the upright original, in drawing order. Annotations without a place in the plane (events,
blocks without a box, cuboids behind the camera) are not in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QLineF, QRectF
from PySide6.QtGui import QColor

from qwvis_desktop.core.annotation import Annotation, Cuboid, Detection, TextRegion
from qwvis_desktop.core.camera import HALF_TURNS_XYZ, AngleConvention, CameraIntrinsics
from qwvis_desktop.core.geometry import Box, Point, Size
from qwvis_desktop.ui import palette
from qwvis_desktop.ui.canvas.painting.columns import Columns, meeting
from qwvis_desktop.ui.canvas.painting.marks import CuboidMark, Mark, mark_of
from qwvis_desktop.ui.canvas.painting.seen_cuboids import SeenCuboids
from qwvis_desktop.ui.canvas.painting.style import caption, shortened

if TYPE_CHECKING:  # numpy is slow to load and the window opens without it
    import numpy as np
    from numpy.typing import NDArray

_CAPACITY = 256

_T = TypeVar("_T")


class Scene:
    """The marks of a document, in arrays that grow.

    Args:
        size: of the upright original.
        camera: what cuboids are seen through; None for the one that is assumed of a picture of this size.
        convention: what their angles mean.
        scores: whether chips say them.
        texts: whether texts have chips; they need none where they are drawn themselves.

    Attributes:
        marks: in drawing order.
        cuboids: those of them that are boxes in space, seen through the camera.
        captions: what the chips say.
        index: id to place in ``marks``.
        changes: how often something was appended, replaced or seen through another camera.
    """

    def __init__(
        self,
        size: Size,
        camera: CameraIntrinsics | None = None,
        convention: AngleConvention = HALF_TURNS_XYZ,
        *,
        scores: bool = True,
        texts: bool = True,
    ) -> None:
        import numpy as np

        self.size, self._scores, self._texts = size, scores, texts
        self.cuboids = SeenCuboids(camera or CameraIntrinsics.from_field_of_view(size), convention)
        self.marks: list[Mark | CuboidMark] = []
        self._rects: list[QRectF] = []
        self._sides, self._sides_made = np.empty((4, _CAPACITY), np.object_), 0
        self.captions: list[str] = []
        self.index: dict[str, int] = {}
        self.changes = 0
        self._columns: Columns | None = None
        self._columned = 0
        # One row for each side: numpy compares long rows three times as fast as it does columns.
        self._bounds = np.empty((4, _CAPACITY), np.float64)
        self._colors = np.empty(_CAPACITY, np.int32)
        self._shapes = np.empty(_CAPACITY, np.int8)
        self._are_text = np.empty(_CAPACITY, np.bool_)
        self._rows = np.empty(_CAPACITY, np.intp)

    def __len__(self) -> int:
        return len(self.marks)

    @property
    def bounds(self) -> NDArray[np.float64]:
        """Left, top, right, bottom; shape (n, 4)."""
        return self._bounds[:, : len(self.marks)].T

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

        self.changes += 1
        start = len(self.marks)
        new = self._marks_of(list(annotations))
        end = start + len(new)
        self._reserve(end)
        placed = [mark.annotation for mark in new]
        if new:
            numbers = chain.from_iterable([mark.bounds for mark in new])
            self._bounds[:, start:end] = np.fromiter(numbers, np.float64, 4 * len(new)).reshape(-1, 4).T
            self._colors[start:end] = [_color_of(each) for each in placed]
            self._shapes[start:end] = [mark.shape for mark in new]
            self._are_text[start:end] = [isinstance(each, TextRegion) for each in placed]
            self._rows[start:end] = [mark.row if isinstance(mark, CuboidMark) else -1 for mark in new]
        self.marks += new
        self.captions += [self._caption(each) for each in placed]
        self.index.update(zip([each.id for each in placed], range(start, end), strict=True))
        return np.arange(start, end)

    def by_color(self, places: NDArray[np.intp]) -> Iterator[tuple[QColor, NDArray[np.intp]]]:
        """Yield each colour with the places of its marks, in drawing order within a colour."""
        import numpy as np

        if not len(places):
            return
        colors = self.colors[places]
        order = np.argsort(colors, kind="stable")
        found, starts = np.unique(colors[order], return_index=True)
        for color, marks in zip(found.tolist(), np.split(places[order], starts[1:]), strict=True):
            yield palette.COLORS[color], marks

    @property
    def rects(self) -> list[QRectF]:
        """The bounds as Qt has them, for batched drawing; made when they are first asked for."""
        left, top, right, bottom = self._bounds[:, len(self._rects) : len(self.marks)]
        self._rects += map(QRectF, *(each.tolist() for each in (left, top, right - left, bottom - top)))
        return self._rects

    @property
    def sides(self) -> NDArray[np.object_]:
        """The bounds as ``QLineF``, for batched drawing: all tops, right sides, bottoms and left sides; shape (4, n).

        In an array, because a choice of them is taken out of it ten times as fast as out of lists. Made as ``rects``.
        What is in space has those of the camera through which it came; nothing draws them.
        """
        start, end = self._sides_made, len(self.marks)
        if start < end:
            import numpy as np

            # Colour by colour, as they are drawn: Qt reads them in half the time where they lie so in memory.
            for _, places in self.by_color(np.arange(start, end)):
                for row, ends in enumerate(_ends_of(*self._bounds[:, places].tolist())):
                    # From a list, numpy would look into each line, whether it is a list itself: twice the time.
                    self._sides[row, places] = np.fromiter(map(QLineF, *ends), np.object_, len(places))
            self._sides_made = end
        return self._sides[:, :end]

    def _marks_of(self, annotations: Sequence[Annotation]) -> list[Mark | CuboidMark]:
        """Return the marks of those that have a place on the picture, in the same order."""
        row = len(self.cuboids)
        found = iter(self.cuboids.append([each for each in annotations if isinstance(each, Cuboid)]).tolist())
        marks: list[Mark | CuboidMark] = []
        for annotation in annotations:
            if not isinstance(annotation, Cuboid):
                mark = mark_of(annotation)
                marks += [mark] if mark is not None else []
            elif next(found):
                marks.append(CuboidMark(annotation, self.cuboids, row))
                row += 1
        return marks

    def replace(self, annotation: Annotation) -> bool:
        """Put an annotation in the place of the one with its id; say whether that could be done in place.

        It cannot where either is in space or has no place on the picture.
        """
        place, mark = self.index.get(annotation.id), mark_of(annotation)
        if place is None or mark is None or isinstance(self.marks[place], CuboidMark):
            return False
        self.changes += 1
        box = mark.bounds
        self.marks[place] = mark
        self._bounds[:, place] = box
        self._colors[place] = _color_of(annotation)
        self._shapes[place] = mark.shape
        if place < len(self._rects):
            self._rects[place] = QRectF(box.left, box.top, box.width, box.height)
        if place < self._sides_made:
            self._sides[:, place] = [QLineF(*ends) for ends in _ends_of(*box)]
        self.captions[place] = self._caption(annotation)
        return True

    def _caption(self, annotation: Annotation) -> str:
        if type(annotation) is Detection and annotation.score is None:
            return shortened(annotation.label)  # by far the most, in a third of the time
        is_drawn = not self._texts and isinstance(annotation, TextRegion)
        return "" if is_drawn else caption(annotation, self._scores)

    def look_through(self, camera: CameraIntrinsics) -> None:
        """See the boxes in space through another camera; everything else stays where it is."""
        self.changes += 1
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

        capacity = len(self._colors)
        if count <= capacity:
            return
        capacity = max(count, 2 * capacity)
        for name in ("_bounds", "_colors", "_shapes", "_are_text", "_rows", "_sides"):
            old = getattr(self, name)
            grown = np.empty((*old.shape[:-1], capacity), old.dtype)
            grown[..., : len(self.marks)] = old[..., : len(self.marks)]
            setattr(self, name, grown)

    def bounds_of(self, ids: Iterable[str]) -> Box | None:
        """Return the box round these annotations; None where none of them is in the scene."""
        places = [self.index[key] for key in ids if key in self.index]
        if not places:
            return None
        bounds = self.bounds[places]
        return Box(*bounds[:, :2].min(axis=0).tolist(), *bounds[:, 2:].max(axis=0).tolist())

    def among(self, places: NDArray[np.intp], area: Box) -> NDArray[np.intp]:
        """Return those of ``places`` whose marks' bounds meet ``area``."""
        left, top, right, bottom = self._bounds[:, places]
        met = (right >= area.left) & (left <= area.right) & (bottom >= area.top) & (top <= area.bottom)
        found: NDArray[np.intp] = places[met]
        return found

    def within(self, area: Box) -> NDArray[np.intp]:
        """Return the places of the marks whose bounds meet ``area``."""
        return meeting(self._bounds[:, : len(self.marks)], area)

    def close_to(self, point: Point, reach: float) -> NDArray[np.intp]:
        """Return the places of the marks whose bounds come within ``reach`` of ``point``, across and down."""
        if self._columns is None or self._columned != self.changes:
            self._columns = Columns(self._bounds[:, : len(self.marks)], self.size.width)
            self._columned = self.changes
        return self._columns.within(Box(point.x - reach, point.y - reach, point.x + reach, point.y + reach))


def _color_of(annotation: Annotation) -> int:
    """Return the place of an annotation's colour in ``palette.COLORS``."""
    name = annotation.label if type(annotation) is Detection else palette.color_name(annotation)
    return palette.color_index(name)


def _ends_of(left: _T, top: _T, right: _T, bottom: _T) -> tuple[tuple[_T, _T, _T, _T], ...]:
    """Return x and y of both ends of the top, the right side, the bottom and the left side."""
    return (
        (left, top, right, top),
        (right, top, right, bottom),
        (left, bottom, right, bottom),
        (left, top, left, bottom),
    )
