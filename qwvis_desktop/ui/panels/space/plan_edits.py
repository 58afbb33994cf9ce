"""What dragging and keys do to cuboids on the plan: pure functions of where it began and where it is, in metres.

A ``Point`` is x and z here. ``core.cuboid_editing`` knows how a box changes; this knows by how much.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from qwvis_desktop.core.annotation import Cuboid
from qwvis_desktop.core.camera import AngleConvention
from qwvis_desktop.core.cuboid_editing import FACES, Face, axes, moved_on_ground, resized_face, standing_up, turned
from qwvis_desktop.core.geometry import Point

_LEVEL = 0.5
"""How much of a unit vector must lie in the plan for its face to be pulled there: 30 degrees off the vertical."""


def moved_by(cuboids: Sequence[Cuboid], by: Point, convention: AngleConvention) -> tuple[Cuboid, ...]:
    """Return the cuboids moved by ``by`` along the ground each stands on."""
    return tuple(moved_on_ground(cuboid, by.x, by.y, standing_up(cuboid, convention)) for cuboid in cuboids)


def turned_by(cuboids: Sequence[Cuboid], degrees: float, convention: AngleConvention) -> tuple[Cuboid, ...]:
    """Return the cuboids turned, each about itself, counter-clockwise on the plan."""
    return tuple(turned(cuboid, degrees, convention) for cuboid in cuboids)


def turn_between(center: Point, start: Point, here: Point) -> float:
    """Return the degrees from ``start`` to ``here`` as seen from ``center``, above -180 up to 180.

    It is 0 where one of them is the centre itself.
    """
    before, after = Point(start.x - center.x, start.y - center.y), Point(here.x - center.x, here.y - center.y)
    cross, dot = before.x * after.y - before.y * after.x, before.x * after.x + before.y * after.y
    return math.degrees(math.atan2(cross, dot))


def outwards(cuboid: Cuboid, face: Face, convention: AngleConvention) -> Point:
    """Return the direction in which ``face`` looks on the plan, as long as it lies in the plan (at most 1)."""
    x, _, z = axes(cuboid, convention)[face.axis]
    return Point(face.sign * x, face.sign * z)


def pulled(cuboid: Cuboid, face: Face, by: Point, convention: AngleConvention) -> Cuboid:
    """Return the cuboid with ``face`` pulled by a vector on the plan: what lies along its direction counts."""
    way = outwards(cuboid, face, convention)
    length = math.hypot(*way)
    # A face that looks up or down is not pulled on a plan: a step there would be a leap.
    distance = (by.x * way.x + by.y * way.y) / length**2 if length >= _LEVEL else 0.0
    return resized_face(cuboid, face, distance, convention)


def face_towards(cuboid: Cuboid, way: Point, convention: AngleConvention) -> Face:
    """Return the face that looks most into a direction of the plan."""

    def agreement(face: Face) -> float:
        out = outwards(cuboid, face, convention)
        return out.x * way.x + out.y * way.y

    return max(FACES, key=agreement)


def grown(cuboids: Sequence[Cuboid], way: Point, metres: float, convention: AngleConvention) -> tuple[Cuboid, ...]:
    """Return the cuboids with the face that looks into ``way`` moved outwards by ``metres``, each its own."""
    return tuple(resized_face(cuboid, face_towards(cuboid, way, convention), metres, convention) for cuboid in cuboids)
