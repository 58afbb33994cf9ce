"""The pinhole camera: corners of boxes in space, clipping at the near plane, projection into the picture.

Camera axes are x right, y down, z forward, in metres; the picture is in pixels of the upright original. No model is
told a camera: intrinsics serve drawing alone. Sources: ``qwen-api.md`` 7.5 and the corpus's README, "3D".

One cuboid is computed in plain Python, many at once with numpy (``project_all``), which is not loaded before.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias

from qwvis_desktop.core.geometry import Box, Point, Size

if TYPE_CHECKING:  # numpy is slow to load and no start needs it: only the names of its types are wanted here
    import numpy as np
    from numpy.typing import NDArray

Vector: TypeAlias = tuple[float, float, float]
"""x, y, z: metres in camera axes, or three numbers of an angle."""

NEAR = 0.05
"""Nearest depth in metres that is drawn. Nothing nearer is in focus of any camera, and 1/z stays tame."""

_AXES = "xyz"

_SIGNS: tuple[Vector, ...] = tuple((x, y, z) for x in (0.5, -0.5) for y in (0.5, -0.5) for z in (0.5, -0.5))

EDGES: tuple[tuple[int, int], ...] = tuple(
    (corner, corner | bit) for bit in (1, 2, 4) for corner in range(8) if not corner & bit
)
"""The twelve edges as numbers of ``corners``: those that differ in one bit."""


class BoxInSpace(Protocol):
    """What is projected: ``annotation.Cuboid``, or anything else with these."""

    @property
    def center(self) -> Vector:
        """The middle in metres."""

    @property
    def size(self) -> Vector:
        """The lengths of the edges in metres, along the box's own axes."""

    @property
    def angles(self) -> Vector:
        """The three numbers of the turn; an ``AngleConvention`` says what they mean."""


@dataclass(frozen=True, slots=True)
class CameraIntrinsics:
    """Focal lengths and principal point in pixels of the upright original.

    Raises:
        ValueError: a number is not finite, or a focal length not positive.
    """

    fx: float
    fy: float
    cx: float
    cy: float

    def __post_init__(self) -> None:
        if not all(map(math.isfinite, (self.fx, self.fy, self.cx, self.cy))):
            raise ValueError("fx, fy, cx and cy must be finite numbers")
        if self.fx <= 0 or self.fy <= 0:
            raise ValueError("the focal lengths fx and fy must be greater than 0")

    @classmethod
    def from_field_of_view(cls, size: Size, degrees: float = 60.0, square: bool = False) -> CameraIntrinsics:
        """Return a camera for a picture of which none is known, looking at its middle.

        Args:
            size: of the upright original.
            degrees: field of view; 60 is what the makers draw with.
            square: pixels are square and ``degrees`` holds for the width; else it holds for both sides each, which
                is the makers' way and fits their models' replies (corpus, ``q3-3d-bottle``).

        Raises:
            ValueError: ``degrees`` is not between 0 and 180, or a side of the picture is not positive.
        """
        if not 0 < degrees < 180:
            raise ValueError("a field of view lies between 0 and 180 degrees")
        per_pixel = 2 * math.tan(math.radians(degrees) / 2)
        fx = size.width / per_pixel
        return cls(fx, fx if square else size.height / per_pixel, size.width / 2, size.height / 2)

    def fields_of_view(self, size: Size) -> tuple[float, float]:
        """Return how many degrees a picture of ``size`` shows across and down."""
        across = math.atan(self.cx / self.fx) + math.atan((size.width - self.cx) / self.fx)
        down = math.atan(self.cy / self.fy) + math.atan((size.height - self.cy) / self.fy)
        return math.degrees(across), math.degrees(down)

    def resized(self, old: Size, new: Size) -> CameraIntrinsics:
        """Return the camera of the same picture after it was scaled from one size to another."""
        across, down = new.width / old.width, new.height / old.height
        return CameraIntrinsics(self.fx * across, self.fy * down, self.cx * across, self.cy * down)

    def cropped(self, part: Box) -> CameraIntrinsics:
        """Return the camera of a part that was cut out of the picture; the part's top left counts as (0, 0)."""
        return CameraIntrinsics(self.fx, self.fy, self.cx - part.left, self.cy - part.top)

    def project(self, point: Vector) -> Point:
        """Return where ``point``, which lies in front of the camera (z > 0), is seen."""
        x, y, z = point
        return Point(self.fx * x / z + self.cx, self.fy * y / z + self.cy)


@dataclass(frozen=True, slots=True)
class AngleConvention:
    """What the three numbers of a turn mean. The box is turned about x, then y, then z: R = Rz Ry Rx.

    Attributes:
        name: its key in ``ANGLE_CONVENTIONS``.
        unit: radians in one.
        order: the axes that the first, second and third number turn about.
    """

    name: str
    unit: float
    order: str

    def about_axes(self, angles: Vector) -> Vector:
        """Return the turns about x, y and z in radians."""
        return (
            angles[self.order.index("x")] * self.unit,
            angles[self.order.index("y")] * self.unit,
            angles[self.order.index("z")] * self.unit,
        )


_UNITS = {"half-turns": math.pi, "radians": 1.0, "degrees": math.radians(1)}
_ORDERS = ("xyz", "zxy")
"""xyz: pitch, yaw, roll, which the pictures prove; zxy: roll, pitch, yaw, which the makers' text says."""

ANGLE_CONVENTIONS: dict[str, AngleConvention] = {
    f"{unit}-{order}": AngleConvention(f"{unit}-{order}", _UNITS[unit], order) for order in _ORDERS for unit in _UNITS
}
"""All conventions by name, the likeliest first."""

HALF_TURNS_XYZ = ANGLE_CONVENTIONS["half-turns-xyz"]
"""Each number x 180 degrees, about x, y, z: proven against three sources' drawings (corpus's README, "3D")."""


def corners(
    center: Vector, size: Vector, angles: Vector, convention: AngleConvention = HALF_TURNS_XYZ
) -> tuple[Vector, ...]:
    """Return the eight corners in metres, numbered by the signs of x, y, z as bits: +++ is 0, ++- 1, ... --- 7."""
    (cp, sp), (cy, sy), (cr, sr) = ((math.cos(turn), math.sin(turn)) for turn in convention.about_axes(angles))
    found = []
    for sign_x, sign_y, sign_z in _SIGNS:
        x, y, z = sign_x * size[0], sign_y * size[1], sign_z * size[2]
        y, z = y * cp - z * sp, y * sp + z * cp
        x, z = x * cy + z * sy, z * cy - x * sy
        x, y = x * cr - y * sr, x * sr + y * cr
        found.append((center[0] + x, center[1] + y, center[2] + z))
    return tuple(found)


def _clipped(start: Vector, end: Vector) -> tuple[Vector, Vector] | None:
    """Return the part of a segment at the near plane or beyond, in its own direction; None where there is none."""
    if start[2] < NEAR and end[2] < NEAR:
        return None
    if start[2] < NEAR:
        return _at_near(start, end), end
    if end[2] < NEAR:
        return start, _at_near(start, end)
    return start, end


def _at_near(start: Vector, end: Vector) -> Vector:
    share = (NEAR - start[2]) / (end[2] - start[2])
    # Depth is set and not interpolated: a rounding error must not put the point behind the plane.
    return start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1]), NEAR


def visible_edges(
    cuboid: BoxInSpace, camera: CameraIntrinsics, convention: AngleConvention = HALF_TURNS_XYZ
) -> tuple[tuple[Point, Point], ...]:
    """Return the edges in pixels, as far as they lie in front of the camera; nothing is cut at the picture's border."""
    ends = corners(cuboid.center, cuboid.size, cuboid.angles, convention)
    segments = (_clipped(ends[first], ends[second]) for first, second in EDGES)
    return tuple((camera.project(segment[0]), camera.project(segment[1])) for segment in segments if segment)


def projected_bounds(
    cuboid: BoxInSpace, camera: CameraIntrinsics, convention: AngleConvention = HALF_TURNS_XYZ
) -> Box | None:
    """Return the upright box round what is visible, in pixels; None where all of it is behind the camera."""
    points = [point for edge in visible_edges(cuboid, camera, convention) for point in edge]
    if not points:
        return None
    xs, ys = [point.x for point in points], [point.y for point in points]
    return Box(min(xs), min(ys), max(xs), max(ys))


@dataclass(frozen=True, slots=True, eq=False)
class ProjectedEdges:
    """The visible edges of many cuboids.

    Attributes:
        lines: float64, shape (n, 4): x1, y1, x2, y2 in pixels, cuboid after cuboid.
        owners: intp, shape (n,): the number of the cuboid that each line belongs to.
        edges: intp, shape (n,): which of ``EDGES`` each line is.
        corners: float64, shape (cuboids, 8, 3): ``corners`` of each cuboid in metres.
    """

    lines: NDArray[np.float64]
    owners: NDArray[np.intp]
    edges: NDArray[np.intp]
    corners: NDArray[np.float64]


def project_all(
    cuboids: Sequence[BoxInSpace], camera: CameraIntrinsics, convention: AngleConvention = HALF_TURNS_XYZ
) -> ProjectedEdges:
    """Return what ``visible_edges`` gives for each of ``cuboids``, computed at once."""
    import numpy as np

    ends = all_corners(cuboids, convention)
    behind = ends[..., 2] < NEAR
    depth = np.where(behind, NEAR, ends[..., 2])[..., None]
    focus, middle = np.array((camera.fx, camera.fy)), np.array((camera.cx, camera.cy))
    pixels = ends[..., :2] * focus / depth + middle
    order = np.array(EDGES, dtype=np.intp)
    lines = pixels.take(order, axis=1).reshape(-1, 12, 4)
    if not behind.any():
        count = len(cuboids)
        owners, edges = np.repeat(np.arange(count), 12), np.tile(np.arange(12), count)
        return ProjectedEdges(lines.reshape(-1, 4), owners, edges, ends)
    # Columns of ``lines`` and the corner of an edge that they show: the start, then the end.
    for columns, near, far in ((slice(0, 2), order[:, 0], order[:, 1]), (slice(2, 4), order[:, 1], order[:, 0])):
        box, edge = np.nonzero(behind[:, near] & ~behind[:, far])
        start, stop = ends[box, near[edge]], ends[box, far[edge]]
        share = (NEAR - start[:, 2]) / (stop[:, 2] - start[:, 2])
        cut = start[:, :2] + share[:, None] * (stop - start)[:, :2]
        lines[box, edge, columns] = cut * focus / NEAR + middle
    seen = ~behind[:, order].all(axis=2)
    owners, edges = np.nonzero(seen)
    return ProjectedEdges(lines[seen], owners, edges, ends)


def all_corners(cuboids: Sequence[BoxInSpace], convention: AngleConvention) -> NDArray[np.float64]:
    """Return ``corners`` of all cuboids, shape (n, 8, 3)."""
    import numpy as np

    written: list[float] = []
    for cuboid in cuboids:  # with an array of Python's own the quickest way to numpy's by far
        written += cuboid.center
        written += cuboid.size
        written += cuboid.angles
    numbers = np.frombuffer(array("d", written)).reshape(len(cuboids), 9).T.copy()
    turns = numbers[[6 + convention.order.index(axis) for axis in _AXES]] * convention.unit
    (cx, cy, cz), (sx, sy, sz) = np.cos(turns), np.sin(turns)
    axes = np.array(
        (
            (cz * cy, sz * cy, -sy),
            (cz * sy * sx - sz * cx, sz * sy * sx + cz * cx, cy * sx),
            (cz * sy * cx + sz * sx, sz * sy * cx - cz * sx, cy * cx),
        )
    )
    # Half an edge along each of the box's own axes: which axis, which coordinate, which box.
    first, second, third = axes * (numbers[3:6, None] / 2)
    center, with_first, beyond, before = numbers[:3], numbers[:3] + first, second + third, second - third
    half = (with_first + beyond, with_first + before, with_first - before, with_first - beyond)
    opposite = (2 * center - corner for corner in reversed(half))
    return np.array((*half, *opposite)).transpose(2, 0, 1)
