"""Handles of the selected box in space: where they stand on the picture, what pulling one does, how they look.

All here is pure but the painting: a pull gives a new cuboid from the one it began with, so that nothing drifts. Keys do
the same in steps. A handle is as large on the screen at every zoom.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QLineF, QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from qwvis_desktop.core.annotation import Cuboid
from qwvis_desktop.core.camera import NEAR, AngleConvention, CameraIntrinsics, Vector
from qwvis_desktop.core.cuboid_editing import (
    Face,
    along_line,
    at_depth,
    axes,
    face_center,
    facing_camera,
    moved,
    moved_on_ground,
    on_plane,
    ray,
    resized_face,
    standing_up,
    turned,
)
from qwvis_desktop.core.geometry import Point
from qwvis_desktop.ui import palette
from qwvis_desktop.ui.canvas.painting.placement import Placement

REACH = 9.0
"""Widget units within which a handle is met."""

_RADIUS, _TURN_RADIUS = 5.0, 7.0
_STEM = 34.0
"""Widget units from the middle of the upper face to the handle that turns."""

_DEGREES_PER_UNIT = 0.5
_UNITS_PER_FACTOR = 150.0
"""Widget units of a pull for depth that make a box e times as far."""

_SLANT = 0.02
"""Least share of a sight's direction that must point into the ground; flatter, a pixel would be many metres."""

_FARTHEST = 500.0
"""Metres beyond which no box is pulled along the ground."""


class Grip(Enum):
    """What is pulled."""

    GROUND = "ground"
    DEPTH = "depth"
    FACE = "face"
    TURN = "turn"


@dataclass(frozen=True, slots=True)
class Handle:
    """A handle, at a place of the picture.

    Attributes:
        foot: where the stem of a turning handle begins.
    """

    grip: Grip
    place: Point
    face: Face | None = None
    foot: Point | None = None


@dataclass(frozen=True, slots=True)
class View:
    """What a box is seen through, and how many picture pixels a widget unit is."""

    camera: CameraIntrinsics
    convention: AngleConvention
    unit: float


def handles_of(cuboid: Cuboid, view: View) -> tuple[Handle, ...]:
    """Return the handles: one on each face that is turned to the camera, one above the box that turns it."""
    found = []
    for face in facing_camera(cuboid, view.convention):
        middle = face_center(cuboid, face, view.convention)
        if middle[2] >= NEAR:
            found.append(Handle(Grip.FACE, view.camera.project(middle), face))
    top = face_center(cuboid, upper_face(cuboid, view.convention), view.convention)
    if min(top[2], cuboid.center[2]) >= NEAR:
        foot, middle_place = view.camera.project(top), view.camera.project(cuboid.center)
        dx, dy = foot.x - middle_place.x, foot.y - middle_place.y
        length = math.hypot(dx, dy)
        # A box seen from right above has no way up on the picture.
        dx, dy = (dx / length, dy / length) if length > view.unit else (0.0, -1.0)
        reach = _STEM * view.unit
        found.append(Handle(Grip.TURN, Point(foot.x + dx * reach, foot.y + dy * reach), foot=foot))
    return tuple(found)


def upper_face(cuboid: Cuboid, convention: AngleConvention) -> Face:
    """Return the face that is on top in the picture: positive along the height is downwards for most boxes."""
    return Face(1, -1 if axes(cuboid, convention)[1][1] > 0 else 1)


def handle_at(handles: tuple[Handle, ...], place: Point, view: View) -> Handle | None:
    """Return the handle under a place of the picture, the nearest of several."""
    near = min(handles, key=lambda each: math.dist(each.place, place), default=None)
    return near if near is not None and math.dist(near.place, place) <= REACH * view.unit else None


@dataclass(frozen=True, slots=True)
class Pull:
    """One pull: what is held, where it began, and the box as it was."""

    grip: Grip
    start: Point
    cuboid: Cuboid
    view: View
    face: Face | None = None

    def to(self, place: Point) -> Cuboid | None:
        """Return the box with the pointer at ``place``; None where the pull says nothing (above the horizon)."""
        dx, dy = place.x - self.start.x, place.y - self.start.y
        match self.grip:
            case Grip.GROUND:
                return self._along_ground(dx, dy)
            case Grip.DEPTH:
                return at_depth(self.cuboid, self.cuboid.center[2] * math.exp(-dy / self.view.unit / _UNITS_PER_FACTOR))
            case Grip.TURN:
                # The near side follows the pointer: seen from above it turns counter-clockwise to the right.
                return turned(self.cuboid, dx / self.view.unit * _DEGREES_PER_UNIT, self.view.convention)
            case Grip.FACE:
                return self._by_face(place)

    def _along_ground(self, dx: float, dy: float) -> Cuboid | None:
        camera, up = self.view.camera, standing_up(self.cuboid, self.view.convention)
        top = upper_face(self.cuboid, self.view.convention)
        foot = face_center(self.cuboid, top.opposite, self.view.convention)
        if foot[2] < NEAR:
            return None
        begin = camera.project(foot)
        sight = ray(Point(begin.x + dx, begin.y + dy), camera)
        if _slant(foot, up) < _SLANT:
            # The ground is seen edge on: nothing tells how far, only how far aside.
            return moved_on_ground(self.cuboid, dx / camera.fx * foot[2], 0.0, up)
        met = on_plane(sight, foot, up)
        if met is None or met[2] > _FARTHEST:
            return None
        return moved(self.cuboid, *(there - here for there, here in zip(met, foot, strict=True)))

    def _by_face(self, place: Point) -> Cuboid | None:
        assert self.face is not None
        camera, convention = self.view.camera, self.view.convention
        middle = face_center(self.cuboid, self.face, convention)
        x, y, z = (self.face.sign * part for part in axes(self.cuboid, convention)[self.face.axis])
        before = along_line(ray(self.start, camera), middle, (x, y, z))
        now = along_line(ray(place, camera), middle, (x, y, z))
        if before is None or now is None:
            return None
        return resized_face(self.cuboid, self.face, now - before, convention)


def _slant(place: Vector, up: Vector) -> float:
    """Return the sine of the angle at which the sight to ``place`` meets the ground."""
    across = sum(a * b for a, b in zip(place, up, strict=True))
    return abs(across) / math.hypot(*place)


STEP, LARGE_STEP = 0.05, 0.5
"""Metres of a key, and with Shift."""

DEGREES, LARGE_DEGREES = 1.0, 10.0
"""Of a turn by a key, and with Shift."""

_Act = Callable[[Cuboid, float, AngleConvention], Cuboid]

_NONE, _CONTROL, _ALT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
)


def _ground(dx: int, dz: int) -> _Act:
    return lambda cuboid, step, convention: moved_on_ground(
        cuboid, dx * step, dz * step, standing_up(cuboid, convention)
    )


def _raise(sign: int) -> _Act:
    def act(cuboid: Cuboid, step: float, convention: AngleConvention) -> Cuboid:
        x, y, z = (sign * step * part for part in standing_up(cuboid, convention))
        return moved(cuboid, x, y, z)

    return act


def _grow(axis: int, sign: int) -> _Act:
    def act(cuboid: Cuboid, step: float, convention: AngleConvention) -> Cuboid:
        face = upper_face(cuboid, convention) if axis == 1 else Face(axis, 1)
        return resized_face(cuboid, face, sign * step, convention)

    return act


_METRE_KEYS: Mapping[tuple[int, Qt.KeyboardModifier], _Act] = {
    (Qt.Key.Key_Left, _NONE): _ground(-1, 0),
    (Qt.Key.Key_Right, _NONE): _ground(1, 0),
    (Qt.Key.Key_Up, _NONE): _ground(0, 1),
    (Qt.Key.Key_Down, _NONE): _ground(0, -1),
    (Qt.Key.Key_PageUp, _NONE): _raise(1),
    (Qt.Key.Key_PageDown, _NONE): _raise(-1),
    (Qt.Key.Key_Right, _CONTROL): _grow(0, 1),
    (Qt.Key.Key_Left, _CONTROL): _grow(0, -1),
    (Qt.Key.Key_Up, _CONTROL): _grow(2, 1),
    (Qt.Key.Key_Down, _CONTROL): _grow(2, -1),
    (Qt.Key.Key_Up, _ALT): _grow(1, 1),
    (Qt.Key.Key_Down, _ALT): _grow(1, -1),
}
"""Arrows move along the ground, away and aside; Page Up and Down raise and lower; with Ctrl arrows change length
(left, right) and width (up, down), with Alt the height. The foot stays where the height changes."""

_TURN_KEYS: Mapping[int, int] = {
    Qt.Key.Key_BracketLeft: 1,
    Qt.Key.Key_BraceLeft: 1,
    Qt.Key.Key_BracketRight: -1,
    Qt.Key.Key_BraceRight: -1,
}
"""[ turns counter-clockwise, seen from above. With Shift some keyboards say braces."""


def by_key(cuboid: Cuboid, key: int, modifiers: Qt.KeyboardModifier, convention: AngleConvention) -> Cuboid | None:
    """Return what a key makes of the selected box; None where it means something else."""
    is_large = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
    held = modifiers & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier)
    if key in _TURN_KEYS and held == _NONE:
        return turned(cuboid, _TURN_KEYS[key] * (LARGE_DEGREES if is_large else DEGREES), convention)
    act = _METRE_KEYS.get((key, held))
    return act(cuboid, LARGE_STEP if is_large else STEP, convention) if act is not None else None


def paint_handles(painter: QPainter, cuboid: Cuboid, view: View, at: Placement, ratio: float) -> None:
    """Draw the handles of a box; ``ratio``: device pixels per widget unit."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    color = palette.color_of(cuboid)
    for handle in handles_of(cuboid, view):
        place = at.point(handle.place)
        if handle.foot is not None:
            for tint, width in ((palette.BLACK, 3.0), (palette.WHITE, 1.5)):
                painter.setPen(QPen(tint, width * ratio))
                painter.drawLine(QLineF(at.point(handle.foot), place))
        radius = (_TURN_RADIUS if handle.grip is Grip.TURN else _RADIUS) * ratio
        _paint_disc(painter, place, radius, color, ratio)


def _paint_disc(painter: QPainter, place: QPointF, radius: float, color: QColor, ratio: float) -> None:
    painter.setBrush(palette.WHITE)
    painter.setPen(QPen(palette.BLACK, 3.5 * ratio))
    painter.drawEllipse(place, radius, radius)
    painter.setPen(QPen(color, 2 * ratio))
    painter.drawEllipse(place, radius, radius)
    painter.setBrush(Qt.BrushStyle.NoBrush)
