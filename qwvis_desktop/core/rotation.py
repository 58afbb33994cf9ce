"""Turns of a box as a matrix, and back to three angles in a convention.

A rotation is three rows; its columns are the box's own axes x, y, z in camera axes. The same turn can be written with
other angles: (x + half a turn, half a turn - y, z + half a turn) is always one more way, and with y a quarter turn only
the sum or the difference of the other two counts. ``angles_of`` says which of them it gives.
"""

from __future__ import annotations

import math
from typing import TypeAlias

from qwvis_desktop.core.camera import HALF_TURNS_XYZ, AngleConvention, Vector

Rotation: TypeAlias = tuple[Vector, Vector, Vector]
"""Three rows."""

TOLERANCE = 1e-3
"""How far the nine numbers of a rotation that others wrote may be from one: files round them to a few digits."""


def rotation_of(angles: Vector, convention: AngleConvention = HALF_TURNS_XYZ) -> Rotation:
    """Return the matrix R = Rz Ry Rx of three angles."""
    (cx, sx), (cy, sy), (cz, sz) = ((math.cos(turn), math.sin(turn)) for turn in convention.about_axes(angles))
    return (
        (cz * cy, cz * sy * sx - sz * cx, cz * sy * cx + sz * sx),
        (sz * cy, sz * sy * sx + cz * cx, sz * sy * cx - cz * sx),
        (-sy, cy * sx, cy * cx),
    )


def angles_of(rotation: Rotation, convention: AngleConvention = HALF_TURNS_XYZ, near: Vector | None = None) -> Vector:
    """Return three angles that give ``rotation`` in ``convention``.

    Args:
        rotation: a turn.
        convention: what the angles shall mean.
        near: angles in the same convention; of all equivalent ones, whole turns included, those closest to these are
            given. Without it, those with the smallest turns.
    """
    wanted = (0.0, 0.0, 0.0) if near is None else convention.about_axes(near)
    ways = (_unwound(way, wanted) for way in _ways(rotation, wanted[2]))
    turns = min(ways, key=lambda way: sum(abs(turn - goal) for turn, goal in zip(way, wanted, strict=True)))
    by_axis = dict(zip("xyz", turns, strict=True))
    first, second, third = (by_axis[axis] / convention.unit for axis in convention.order)
    return first, second, third


def is_rotation(rotation: Rotation) -> bool:
    """Say whether nine numbers are a turn: rows of length 1, square to each other, not mirrored."""
    first, second, third = rotation
    lengths = (abs(_dot(row, row) - 1) for row in rotation)
    slants = (abs(_dot(first, second)), abs(_dot(second, third)), abs(_dot(third, first)))
    volume = _dot(first, _cross(second, third))
    return all(error <= TOLERANCE for error in (*lengths, *slants, abs(volume - 1)))


def _ways(rotation: Rotation, z_where_free: float) -> tuple[Vector, Vector]:
    """Return both ways to turn about x, y and z in radians.

    The turn about z is found first and taken out of the rest, so that the three fit together also where y is close to a
    quarter turn and rounding blurs x and z. There ``z_where_free`` decides.
    """
    (r00, r01, r02), (r10, r11, r12), (r20, _, _) = rotation
    z = math.atan2(r10, r00) if math.hypot(r10, r00) > 1e-9 else z_where_free
    found = []
    for turn in (z, z + math.pi):
        c, s = math.cos(turn), math.sin(turn)
        found.append((math.atan2(s * r02 - c * r12, c * r11 - s * r01), math.atan2(-r20, c * r00 + s * r10), turn))
    return found[0], found[1]


def _unwound(turns: Vector, wanted: Vector) -> Vector:
    """Return the same turns, each without the whole turns that lie between it and what is wanted."""
    x, y, z = (
        turn - 2 * math.pi * round((turn - goal) / (2 * math.pi)) for turn, goal in zip(turns, wanted, strict=True)
    )
    return x, y, z


def _dot(a: Vector, b: Vector) -> float:
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def _cross(a: Vector, b: Vector) -> Vector:
    return a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]
