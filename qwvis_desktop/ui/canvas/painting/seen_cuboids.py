"""``SeenCuboids``: many cuboids as the camera sees them, in arrays: lines, what hides them, faces, depths.

All places are in pixels of the upright original. One thousand are seen anew in about a millisecond, so that they
follow a slider of the camera.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from qwvis_desktop.core.annotation import Cuboid
from qwvis_desktop.core.camera import EDGES, NEAR, AngleConvention, CameraIntrinsics, Vector, project_all
from qwvis_desktop.core.cuboid_editing import FACES
from qwvis_desktop.core.geometry import Point

if TYPE_CHECKING:  # numpy is slow to load and the window opens without it
    import numpy as np
    from numpy.typing import NDArray


_AXIS_BITS = (4, 2, 1)
"""What the box's x, y and z add to the number of a corner, see ``camera.corners``."""

FACE_CORNERS: tuple[tuple[int, int, int, int], ...] = tuple(face.corners for face in FACES)
"""The corners of each of ``cuboid_editing.FACES`` in order round it."""

_EDGE_FACES: tuple[tuple[int, int], ...] = tuple(
    (meeting[0], meeting[1])
    for meeting in ([place for place, ring in enumerate(FACE_CORNERS) if set(edge) <= set(ring)] for edge in EDGES)
)
"""The two of ``FACES`` that meet at each of ``camera.EDGES``."""

NOWHERE = -1
"""``SeenCuboids.front`` where no face is turned to the camera: it is inside the box."""


class SeenCuboids:
    """Cuboids through a camera; further ones can be added, and the camera changed.

    Args:
        camera: what they are seen through.
        convention: what their angles mean.

    Attributes:
        corners: metres, shape (n, 8, 3).
        lines: x1, y1, x2, y2 of each of ``camera.EDGES``, clipped at the near plane; shape (n, 12, 4). NaN where all
            of an edge is behind.
        hidden: edges behind the box's own faces, shape (n, 12).
        facing: which of ``FACES`` are turned to the camera, shape (n, 6).
        front: the place in ``FACES`` of the one that is turned to it most, or ``NOWHERE``; shape (n,).
        bounds: left, top, right, bottom; shape (n, 4).
        depths: of the middles in metres, shape (n,).
    """

    def __init__(self, camera: CameraIntrinsics, convention: AngleConvention) -> None:
        import numpy as np

        self.camera, self.convention = camera, convention
        self._cuboids: list[Cuboid] = []
        self.corners = np.empty((0, 8, 3))
        self.lines = np.empty((0, 12, 4))
        self.hidden = np.empty((0, 12), np.bool_)
        self.facing = np.empty((0, 6), np.bool_)
        self.front = np.empty(0, np.intp)
        self.bounds = np.empty((0, 4))
        self.depths = np.empty(0)

    def __len__(self) -> int:
        return len(self._cuboids)

    def append(self, cuboids: Sequence[Cuboid]) -> NDArray[np.bool_]:
        """Add cuboids; return which of them are in front of the camera, at least in part. The others are left out."""
        import numpy as np

        if not cuboids:
            return np.zeros(0, np.bool_)
        corners, lines = self._projected(cuboids)
        seen: NDArray[np.bool_] = np.any(corners[..., 2] >= NEAR, axis=1)
        corners, lines = corners[seen], lines[seen]
        kept = [cuboid for cuboid, is_seen in zip(cuboids, seen.tolist(), strict=True) if is_seen]
        facing, front = _faces(corners)
        self._cuboids += kept
        for name, new in (
            ("corners", corners),
            ("lines", lines),
            ("hidden", _hidden(facing)),
            ("facing", facing),
            ("front", front),
            ("bounds", _bounds(lines)),
            ("depths", np.array([cuboid.center[2] for cuboid in kept], np.float64)),
        ):
            setattr(self, name, np.concatenate([getattr(self, name), new]))
        return seen

    def look_through(self, camera: CameraIntrinsics) -> None:
        """See all of them through another camera. Which are in front of it, and which way they face, stays."""
        self.camera = camera
        _, self.lines = self._projected(self._cuboids)
        self.bounds = _bounds(self.lines)

    def _projected(self, cuboids: Sequence[Cuboid]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        import numpy as np

        found = project_all(cuboids, self.camera, self.convention)
        if len(found.lines) == 12 * len(cuboids):
            return found.corners, found.lines.reshape(-1, 12, 4)
        lines = np.full((len(cuboids), 12, 4), np.nan)
        lines[found.owners, found.edges] = found.lines
        return found.corners, lines

    def face(self, row: int, place: int) -> tuple[Point, ...]:
        """Return the outline of one of ``FACES`` as it is seen, cut at the near plane; empty where it is behind."""
        ring = [self.corners[row, corner].tolist() for corner in FACE_CORNERS[place]]
        return tuple(self.camera.project((x, y, z)) for x, y, z in _in_front(ring))

    def front_face(self, row: int) -> tuple[Point, ...]:
        """Return the outline of the face that is turned to the camera most; empty where the camera is inside."""
        front = int(self.front[row])
        return self.face(row, front) if front != NOWHERE else ()

    def lines_of(self, row: int) -> tuple[tuple[Point, Point], ...]:
        """Return the edges of one cuboid as far as they are in front of the camera."""
        lines = self.lines[row][~self._is_behind(row)].tolist()
        return tuple((Point(x1, y1), Point(x2, y2)) for x1, y1, x2, y2 in lines)

    def _is_behind(self, row: int) -> NDArray[np.bool_]:
        import numpy as np

        behind: NDArray[np.bool_] = np.isnan(self.lines[row, :, 0])
        return behind


def _in_front(ring: Sequence[Vector]) -> Iterator[Vector]:
    """Yield the corners of what of a flat outline lies at the near plane or beyond (Sutherland and Hodgman)."""
    before = ring[-1]
    for corner in ring:
        if (corner[2] < NEAR) != (before[2] < NEAR):
            share = (NEAR - before[2]) / (corner[2] - before[2])
            x, y = (before[axis] + share * (corner[axis] - before[axis]) for axis in (0, 1))
            yield x, y, NEAR
        if corner[2] >= NEAR:
            yield corner
        before = corner


def _faces(corners: NDArray[np.float64]) -> tuple[NDArray[np.bool_], NDArray[np.intp]]:
    """Return which faces are turned to the camera, shape (n, 6), and which of them the most, shape (n,)."""
    import numpy as np

    middles = corners.mean(axis=1)
    # Half the edges of the box along its own axes: the corner +++ is number 0.
    halves = np.stack([(corners[:, 0] - corners[:, bit]) / 2 for bit in _AXIS_BITS], axis=1)
    outward = np.stack([halves, -halves], axis=2).reshape(-1, 6, 3)
    to_face = middles[:, None] + outward
    lengths = np.maximum(np.linalg.norm(outward, axis=2) * np.linalg.norm(to_face, axis=2), 1e-12)
    turned = (outward * to_face).sum(axis=2) / lengths
    facing: NDArray[np.bool_] = np.less(turned, 0)
    return facing, np.where(facing.any(axis=1), turned.argmin(axis=1), NOWHERE)


def _hidden(facing: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which edges lie behind the box: no face that meets there is turned to the camera. Inside, all are seen."""
    import numpy as np

    meeting = facing[:, np.array(_EDGE_FACES)].any(axis=2)
    outside = facing.any(axis=1, keepdims=True)
    hidden: NDArray[np.bool_] = np.logical_and(outside, ~meeting)
    return hidden


def _bounds(lines: NDArray[np.float64]) -> NDArray[np.float64]:
    import numpy as np

    # One row for each end of an edge: numpy folds long rows eight times as fast as short ones.
    xs, ys = (np.ascontiguousarray(lines[..., place::2].reshape(-1, 24).T) for place in (0, 1))
    # Ends behind the camera are NaN, which fmin and fmax leave out.
    folded = [fold.reduce(each, axis=0) for fold in (np.fmin, np.fmax) for each in (xs, ys)]
    return np.stack(folded, axis=1)


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
