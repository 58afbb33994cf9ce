"""Editing boxes in space: pure functions that give a new ``Cuboid``, and what handles need to find their way in space.

All is in metres and camera axes (x right, y down, z forward). A box's own axes are its length (the first size), its
height (the second) and its width (the third): in all replies of the corpus the second size is the height, so the box's
own y axis is what stands upright. The ground is square to that axis, not to the camera's: a camera that looks down
makes all boxes lean alike.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import NamedTuple

from qwvis_desktop.core.annotation import Cuboid
from qwvis_desktop.core.camera import EDGES, HALF_TURNS_XYZ, NEAR, AngleConvention, CameraIntrinsics, Vector, corners
from qwvis_desktop.core.geometry import Box, Point
from qwvis_desktop.core.rotation import angles_of, rotation_of

SMALLEST = 0.001
"""Length in metres below which no edge is shortened."""

FARTHEST = 1e6
"""Metres beyond which nothing is placed: there a double's own steps would show."""

UP: Vector = (0.0, -1.0, 0.0)
"""Upwards for a camera that looks straight ahead."""


class Face(NamedTuple):
    """One of six: the box's own axis that it is square to (0 length, 1 height, 2 width) and the side, 1 or -1."""

    axis: int
    sign: int

    @property
    def opposite(self) -> Face:
        """The face across."""
        return Face(self.axis, -self.sign)

    @property
    def corners(self) -> tuple[int, int, int, int]:
        """The numbers of its corners (``camera.corners``) in a ring."""
        base = 0 if self.sign > 0 else 4 >> self.axis
        first, second = (4 >> axis for axis in range(3) if axis != self.axis)
        return base, base | first, base | first | second, base | second


FACES: tuple[Face, ...] = tuple(Face(axis, sign) for axis in range(3) for sign in (1, -1))
"""Length, height, width; the positive side first. Positive along the height is downwards: the face it stands on."""


def moved(cuboid: Cuboid, dx: float, dy: float, dz: float) -> Cuboid:
    """Return the box moved by metres along the camera's axes."""
    x, y, z = cuboid.center
    return replace(cuboid, center=_placed((x + dx, y + dy, z + dz)))


def moved_on_ground(cuboid: Cuboid, dx: float, dz: float, up: Vector = UP) -> Cuboid:
    """Return the box moved ``dx`` and ``dz`` metres in the plan and along the ground that ``up`` is square to.

    ``up`` is ``standing_up`` of the box, or of another that stands on the same ground. Where the ground would be a wall
    (less than 5 degrees off the camera's vertical plane) the box keeps its y.
    """
    rise = -(up[0] * dx + up[2] * dz) / up[1] if abs(up[1]) > 0.087 * _length(up) else 0.0
    return moved(cuboid, dx, rise, dz)


def at_depth(cuboid: Cuboid, depth: float) -> Cuboid:
    """Return the box moved along its own viewing ray, so that its centre lies ``depth`` metres before the camera.

    Its middle stays where it is in the picture. A box whose centre is not before the camera is moved along z alone.
    """
    x, y, z = cuboid.center
    depth = min(max(depth, NEAR), FARTHEST)
    if z < NEAR:
        return replace(cuboid, center=_placed((x, y, depth)))
    return replace(cuboid, center=_placed((x * depth / z, y * depth / z, depth)))


def turned(cuboid: Cuboid, degrees: float, convention: AngleConvention = HALF_TURNS_XYZ) -> Cuboid:
    """Return the box turned about its own upright axis; seen from above, positive is counter-clockwise.

    ``heading`` grows by ``degrees`` for a box that does not lean.
    """
    rotation = rotation_of(cuboid.angles, convention)
    # The box's y axis points down where it stands upright: a turn about it is clockwise seen from above.
    turn = math.radians(-degrees if rotation[1][1] >= 0 else degrees)
    c, s = math.cos(turn), math.sin(turn)
    first, second, third = ((a * c - b * s, y, a * s + b * c) for a, y, b in rotation)
    return replace(cuboid, angles=angles_of((first, second, third), convention, near=cuboid.angles))


def resized_face(cuboid: Cuboid, face: Face, metres: float, convention: AngleConvention = HALF_TURNS_XYZ) -> Cuboid:
    """Return the box with one face moved outwards by ``metres`` (inwards where negative); the opposite face stays."""
    old = cuboid.size[face.axis]
    new = min(max(old + metres, SMALLEST), FARTHEST)
    axis = axes(cuboid, convention)[face.axis]
    shift = face.sign * (new - old) / 2
    size = tuple(new if place == face.axis else length for place, length in enumerate(cuboid.size))
    center = tuple(middle + shift * part for middle, part in zip(cuboid.center, axis, strict=True))
    return replace(cuboid, center=_vector(center), size=_vector(size))


def with_numbers(cuboid: Cuboid, numbers: tuple[float, ...]) -> Cuboid:
    """Return the box with nine numbers in place of its own: centre, size, angles.

    Raises:
        ValueError: they cannot be those of a box; the text says why in a sentence.
    """
    if len(numbers) != 9:
        raise ValueError(f"A box in space has nine numbers, not {len(numbers)}: x, y, z, three sizes, three angles.")
    if not all(map(math.isfinite, numbers)):
        raise ValueError("A number of a box in space is not finite.")
    if min(numbers[3:6]) <= 0:
        raise ValueError("The sizes of a box in space must be greater than 0 metres.")
    if max(map(abs, numbers[:6])) > FARTHEST:
        raise ValueError("A box in space lies farther away, or is larger, than a thousand kilometres.")
    return replace(cuboid, center=_vector(numbers[:3]), size=_vector(numbers[3:6]), angles=_vector(numbers[6:]))


def with_angles_in(cuboid: Cuboid, old: AngleConvention, new: AngleConvention) -> Cuboid:
    """Return the same box in space, its angles written in another convention."""
    return replace(cuboid, angles=angles_of(rotation_of(cuboid.angles, old), new))


def from_box(
    box: Box, depth: float, camera: CameraIntrinsics, size: Vector | None = None, *, label: str = ""
) -> Cuboid:
    """Return a new box in space, square to the camera, from a box on the picture and a depth.

    Args:
        box: in pixels of the upright original.
        depth: of the centre, in metres before the camera.
        camera: what the picture is seen through.
        size: the three lengths in metres; the centre then lies on the ray through the middle of ``box``. Without it the
            lengths are chosen so that the box in space is seen in ``box`` exactly, as thick as it is wide where it can.
        label: what it shows.

    Raises:
        ValueError: ``box`` has no area, or ``depth`` is not before the camera; the text is a sentence.
    """
    if not (box.width > 0 and box.height > 0):
        raise ValueError("The box on the picture has no area. Draw it larger.")
    if not NEAR < depth <= FARTHEST:
        raise ValueError("The depth must be a number of metres greater than 0.05.")
    left, right = (box.left - camera.cx) / camera.fx, (box.right - camera.cx) / camera.fx
    top, bottom = (box.top - camera.cy) / camera.fy, (box.bottom - camera.cy) / camera.fy
    if size is not None:
        center = ((left + right) / 2 * depth, (top + bottom) / 2 * depth, depth)
        return Cuboid(label=label, center=center, size=size, angles=(0.0, 0.0, 0.0))
    thickness = _thickness(right - left, bottom - top, abs(left) + abs(right), abs(top) + abs(bottom), depth)
    front, back = depth - thickness / 2, depth + thickness / 2
    x1, x2 = left * (front if left < 0 else back), right * (front if right > 0 else back)
    y1, y2 = top * (front if top < 0 else back), bottom * (front if bottom > 0 else back)
    center = ((x1 + x2) / 2, (y1 + y2) / 2, depth)
    return Cuboid(label=label, center=center, size=(x2 - x1, y2 - y1, thickness), angles=(0.0, 0.0, 0.0))


def _thickness(width: float, height: float, across: float, down: float, depth: float) -> float:
    """Return how thick a box seen in a frame may be.

    The frame is ``width`` x ``height`` at a depth of 1, its sides' distances from the middle add up to ``across`` and
    ``down``. A thickness t takes t/2 * ``across`` from the box's width: front and back are seen side by side.
    """
    as_wide = width * depth / (1 + across / 2)
    return min(as_wide, height * depth / down if down else as_wide, depth - NEAR)


def axes(cuboid: Cuboid, convention: AngleConvention = HALF_TURNS_XYZ) -> tuple[Vector, Vector, Vector]:
    """Return the box's own axes as unit vectors: along its length, its height and its width."""
    first, second, third = zip(*rotation_of(cuboid.angles, convention), strict=True)
    return first, second, third


def standing_up(cuboid: Cuboid, convention: AngleConvention = HALF_TURNS_XYZ) -> Vector:
    """Return the unit vector along the box's height that points upwards in the picture (y < 0)."""
    x, y, z = axes(cuboid, convention)[1]
    return (-x, -y, -z) if y > 0 else (x, y, z)


def heading(cuboid: Cuboid, convention: AngleConvention = HALF_TURNS_XYZ) -> float:
    """Return where the box's length points in the plan, in degrees above -180 up to 180.

    0 is the camera's right, 90 straight away from it: counter-clockwise seen from above. It is 0 for a length that
    points straight up.
    """
    x, _, z = axes(cuboid, convention)[0]
    return math.degrees(math.atan2(z, x)) if math.hypot(x, z) > 1e-9 else 0.0


def tilt(cuboid: Cuboid, convention: AngleConvention = HALF_TURNS_XYZ) -> float:
    """Return the angle between the box's height and the camera's vertical, 0 to 90 degrees."""
    x, y, z = axes(cuboid, convention)[1]
    return math.degrees(math.atan2(math.hypot(x, z), abs(y)))


def face_center(cuboid: Cuboid, face: Face, convention: AngleConvention = HALF_TURNS_XYZ) -> Vector:
    """Return the middle of a face in metres."""
    half = face.sign * cuboid.size[face.axis] / 2
    axis = axes(cuboid, convention)[face.axis]
    return _vector(tuple(middle + half * part for middle, part in zip(cuboid.center, axis, strict=True)))


def facing_camera(cuboid: Cuboid, convention: AngleConvention = HALF_TURNS_XYZ) -> tuple[Face, ...]:
    """Return the faces that can be seen from the camera: one to three, none from inside of the box."""
    found = []
    for face in FACES:
        outwards = tuple(face.sign * part for part in axes(cuboid, convention)[face.axis])
        if _dot(_vector(outwards), face_center(cuboid, face, convention)) < 0:
            found.append(face)
    return tuple(found)


def corners_of(cuboid: Cuboid, convention: AngleConvention = HALF_TURNS_XYZ) -> tuple[Vector, ...]:
    """Return the eight corners in metres, numbered as ``camera.corners`` says."""
    return corners(cuboid.center, cuboid.size, cuboid.angles, convention)


class Gap(NamedTuple):
    """Metres between two boxes: between the nearest points of both (0 where they meet), and between their middles."""

    nearest: float
    centers: float


def gap(a: Cuboid, b: Cuboid, convention: AngleConvention = HALF_TURNS_XYZ) -> Gap:
    """Return how far two boxes are apart.

    Two boxes that do not meet are nearest at a corner of one or between two edges: all such pairs are tried.
    """
    centers = math.dist(a.center, b.center)
    if _meet(a, b, convention):
        return Gap(0.0, centers)
    of_a, of_b = corners_of(a, convention), corners_of(b, convention)
    nearest = min(
        *(_to_box(corner, b, convention) for corner in of_a),
        *(_to_box(corner, a, convention) for corner in of_b),
        *(
            _between_segments((of_a[first], of_a[second]), (of_b[third], of_b[fourth]))
            for first, second in EDGES
            for third, fourth in EDGES
        ),
    )
    return Gap(nearest, centers)


def _meet(a: Cuboid, b: Cuboid, convention: AngleConvention) -> bool:
    """Say whether two boxes have a point in common: no plane parts them (the separating axis theorem, 15 axes)."""
    of_a, of_b = axes(a, convention), axes(b, convention)
    between = _minus(b.center, a.center)
    candidates = [*of_a, *of_b, *(_cross(first, second) for first in of_a for second in of_b)]
    return all(
        abs(_dot(between, axis)) <= _reach(of_a, a.size, axis) + _reach(of_b, b.size, axis) for axis in candidates
    )


def _reach(of_box: tuple[Vector, ...], size: Vector, axis: Vector) -> float:
    """Return how far a box reaches from its middle along ``axis``."""
    return sum(abs(_dot(own, axis)) * length / 2 for own, length in zip(of_box, size, strict=True))


def _to_box(point: Vector, cuboid: Cuboid, convention: AngleConvention) -> float:
    offset = _minus(point, cuboid.center)
    beyond = (
        max(abs(_dot(offset, axis)) - length / 2, 0.0)
        for axis, length in zip(axes(cuboid, convention), cuboid.size, strict=True)
    )
    return math.hypot(*beyond)


def _between_segments(first: tuple[Vector, Vector], second: tuple[Vector, Vector]) -> float:
    """Return the distance of two segments, both longer than 0 (Ericson, Real-Time Collision Detection, 5.1.9)."""
    along, across = _minus(first[1], first[0]), _minus(second[1], second[0])
    between = _minus(first[0], second[0])
    a, b, e = _dot(along, along), _dot(along, across), _dot(across, across)
    c, f = _dot(along, between), _dot(across, between)
    room = a * e - b * b
    s = min(max((b * f - c * e) / room, 0.0), 1.0) if room > 1e-12 * a * e else 0.0
    t = (b * s + f) / e
    if not 0 <= t <= 1:
        t = min(max(t, 0.0), 1.0)
        s = min(max((b * t - c) / a, 0.0), 1.0)
    return math.hypot(*(gap + s * x - t * y for gap, x, y in zip(between, along, across, strict=True)))


# What handles need: a point of the picture is a ray from the camera.


def ray(point: Point, camera: CameraIntrinsics) -> Vector:
    """Return the direction in which a point of the picture is seen; its z is 1, so a depth times it is a place."""
    return (point.x - camera.cx) / camera.fx, (point.y - camera.cy) / camera.fy, 1.0


def on_plane(direction: Vector, through: Vector, normal: Vector = UP) -> Vector | None:
    """Return where a ray from the camera meets the plane that goes through a point and is square to ``normal``.

    None where they do not meet before the camera and within a thousand kilometres.
    """
    slope = _dot(direction, normal)
    if abs(slope) < 1e-9 * _length(direction) * _length(normal):
        return None
    share = _dot(through, normal) / slope
    met = _vector(tuple(share * part for part in direction))
    return met if NEAR <= met[2] <= FARTHEST else None


def along_line(direction: Vector, through: Vector, axis: Vector) -> float | None:
    """Return how far along a line, from ``through`` in units of ``axis``, the ray from the camera passes it closest.

    None where the ray and the line are as good as parallel: a pull along them says nothing.
    """
    a, b, c = _dot(direction, direction), _dot(direction, axis), _dot(axis, axis)
    room = a * c - b * b
    if room < 1e-6 * a * c:
        return None
    return (b * _dot(direction, through) - a * _dot(axis, through)) / room


def _placed(center: Vector) -> Vector:
    x, y, z = (min(max(part, -FARTHEST), FARTHEST) for part in center)
    return x, y, z


def _vector(numbers: tuple[float, ...]) -> Vector:
    x, y, z = numbers
    return x, y, z


def _dot(a: Vector, b: Vector) -> float:
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def _minus(a: Vector, b: Vector) -> Vector:
    return a[0] - b[0], a[1] - b[1], a[2] - b[2]


def _cross(a: Vector, b: Vector) -> Vector:
    return a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]


def _length(a: Vector) -> float:
    return math.sqrt(_dot(a, a))
