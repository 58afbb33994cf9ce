"""Handles of what is selected in the plane: where they stand on the picture, what pulling one does, how they look.

All here is pure but the painting: a pull gives new annotations from those it began with, so that nothing drifts. A
handle is as large on the screen at every zoom.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum

from PySide6.QtCore import QCoreApplication, QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from qwvis_desktop.core.annotation import Annotation, bounds_of
from qwvis_desktop.core.geometry import Box, Point, Size
from qwvis_desktop.core.plane.editing import (
    Side,
    bounds_of_all,
    inside,
    moved,
    resized,
    shift_within,
    turned,
    with_new_vertex,
    with_vertex,
)
from qwvis_desktop.core.plane.forms import Form, TurnedRectangle, corners_of, form_of
from qwvis_desktop.core.plane.stretching import Stretch, least_of, stretch_to
from qwvis_desktop.ui import palette
from qwvis_desktop.ui.canvas.painting.placement import Placement

REACH = 8.0
"""Widget units within which a handle is met."""

SNAP = 15.0
"""Degrees that a turn is rounded to where asked."""

_HALF = 4.0
"""Widget units of half a handle's side."""

_STEM = 26.0
"""Widget units from the upper side to the handle that turns."""

_ROOM = 26.0
"""Widget units that a side must be long to have a handle in its middle, and a rectangle to hold its own corners."""

_CORNERS: tuple[Side, ...] = ((-1, -1), (1, -1), (1, 1), (-1, 1))
_MIDDLES: tuple[Side, ...] = ((0, -1), (1, 0), (0, 1), (-1, 0))


class Grip(Enum):
    """What is pulled."""

    BODY = "body"
    SIDE = "side"
    TURN = "turn"
    VERTEX = "vertex"
    MIDDLE = "middle"


@dataclass(frozen=True, slots=True)
class Handle:
    """A handle, at a place of the picture.

    Attributes:
        side: of a rectangle, what it pulls.
        index: of a corner or the side that begins there, its place in the ring.
        foot: where the stem of a turning handle begins.
    """

    grip: Grip
    place: Point
    side: Side = (0, 0)
    index: int = 0
    foot: Point | None = None

    @property
    def cursor(self) -> Qt.CursorShape:
        """How the pointer looks over it."""
        if self.grip is not Grip.SIDE:
            return _CURSORS[self.grip]
        x, y = self.side
        if x and y:
            return Qt.CursorShape.SizeFDiagCursor if x == y else Qt.CursorShape.SizeBDiagCursor
        return Qt.CursorShape.SizeHorCursor if x else Qt.CursorShape.SizeVerCursor


_CURSORS = {
    Grip.BODY: Qt.CursorShape.SizeAllCursor,
    Grip.TURN: Qt.CursorShape.PointingHandCursor,
    Grip.VERTEX: Qt.CursorShape.SizeAllCursor,
    Grip.MIDDLE: Qt.CursorShape.DragCopyCursor,
}


def handles_of(annotation: Annotation, unit: float) -> tuple[Handle, ...]:
    """Return the handles of an annotation; ``unit`` is how many picture pixels a widget unit is."""
    form, corners = form_of(annotation), corners_of(annotation)
    if form is None or form is Form.POINT:
        return ()
    rectangle = TurnedRectangle.of(corners) if form is not Form.POLYGON else None
    found = list(_rectangle_handles(rectangle, unit) if rectangle is not None else _corner_handles(corners, form, unit))
    if form is not Form.BLOCK:
        found.append(_turning_handle(annotation, rectangle, unit))
    return tuple(found)


def handles_round(box: Box | None, unit: float) -> tuple[Handle, ...]:
    """Return the handles of the box round several annotations; none where they lie on one line, or there is no box."""
    rectangle = TurnedRectangle.of(box.corners) if box is not None else None
    return tuple(_rectangle_handles(rectangle, unit)) if rectangle is not None else ()


def _rectangle_handles(rectangle: TurnedRectangle, unit: float) -> list[Handle]:
    room = _ROOM * unit
    # The handles of a small rectangle stand round it, so that one can still get hold of the rectangle itself.
    across = 1 + max(0.0, room - rectangle.width) / max(rectangle.width, 1e-9)
    down = 1 + max(0.0, room - rectangle.height) / max(rectangle.height, 1e-9)
    found = [
        Handle(Grip.SIDE, rectangle.at(x * across, y * down), (x, y), index) for index, (x, y) in enumerate(_CORNERS)
    ]
    lengths = {(0, -1): rectangle.width, (0, 1): rectangle.width, (1, 0): rectangle.height, (-1, 0): rectangle.height}
    found += [
        Handle(Grip.SIDE, rectangle.at(side[0] * across, side[1] * down), side, index)
        for index, side in enumerate(_MIDDLES)
        if lengths[side] >= 2 * room
    ]
    return found


def _corner_handles(corners: Sequence[Point], form: Form, unit: float) -> list[Handle]:
    found = [Handle(Grip.VERTEX, place, index=index) for index, place in enumerate(corners)]
    if form is not Form.POLYGON:
        return found
    sides = zip(corners, (*corners[1:], corners[0]), strict=True)
    return found + [
        Handle(Grip.MIDDLE, Point((here.x + there.x) / 2, (here.y + there.y) / 2), index=index)
        for index, (here, there) in enumerate(sides)
        if math.dist(here, there) >= _ROOM * unit
    ]


def _turning_handle(annotation: Annotation, rectangle: TurnedRectangle | None, unit: float) -> Handle:
    if rectangle is not None and rectangle.height > 0:
        foot, length = rectangle.at(0, -1), math.hypot(*rectangle.across)
        x, y = -rectangle.across.x / length, -rectangle.across.y / length
    else:
        box = bounds_of(annotation)
        assert box is not None  # what has no place has no handles
        foot, x, y = Point(box.center.x, box.top), 0.0, -1.0
    # Small rectangles have their handles round them; the stem begins there.
    reach = _STEM * unit + (max(0.0, _ROOM * unit - rectangle.height) / 2 if rectangle is not None else 0.0)
    return Handle(Grip.TURN, Point(foot.x + x * reach, foot.y + y * reach), foot=foot)


def handle_at(handles: Sequence[Handle], place: Point, unit: float) -> Handle | None:
    """Return the handle under a place of the picture, the nearest of several."""
    near = min(handles, key=lambda each: math.dist(each.place, place), default=None)
    return near if near is not None and math.dist(near.place, place) <= REACH * unit else None


@dataclass(frozen=True, slots=True)
class Pull:
    """One pull: what is held, where it began, and what is pulled as it was.

    Attributes:
        steadies: a corner keeps the ratio of the sides, a turn goes in steps of ``SNAP`` degrees.
        bends: the corner of a text region is moved alone.
    """

    handle: Handle
    start: Point
    annotations: tuple[Annotation, ...]
    size: Size
    steadies: bool = False
    bends: bool = False
    _bounds: Box | None = field(init=False, repr=False)
    _least: tuple[float, float] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Find the box round all of them once: with each move of the pointer it would take milliseconds."""
        object.__setattr__(self, "_bounds", bounds_of_all(self.annotations))
        least = least_of(self.annotations) if self.stretches else (0.0, 0.0)
        object.__setattr__(self, "_least", least)

    @property
    def stretches(self) -> bool:
        """Whether it resizes several together."""
        return self.handle.grip is Grip.SIDE and len(self.annotations) > 1

    def stretch(self, place: Point) -> Stretch:
        """Return what the pull does to all of them, where it resizes them together."""
        assert self._bounds is not None  # what has no place is not pulled
        side, box = self.handle.side, self._bounds
        # Handles of small things stand round them, so the side moves by as much as the pointer, not to it.
        edge = Point(box.left if side[0] < 0 else box.right, box.top if side[1] < 0 else box.bottom)
        target = Point(edge.x + place.x - self.start.x, edge.y + place.y - self.start.y)
        return stretch_to(box, side, target, self.size, least=self._least, keeps_ratio=self.steadies)

    def shift(self, place: Point) -> Point:
        """Return how far all of them are moved with the pointer at ``place``: so that none leaves the picture."""
        dx, dy = place.x - self.start.x, place.y - self.start.y
        return Point(*shift_within(self._bounds, dx, dy, self.size)) if self._bounds is not None else Point(0.0, 0.0)

    def to(self, place: Point) -> tuple[Annotation, ...]:
        """Return what the pull makes of them with the pointer at ``place``."""
        if self.stretches:
            return tuple(map(self.stretch(place).of, self.annotations))
        if self.handle.grip is Grip.BODY:
            shift = self.shift(place)
            return tuple(moved(each, *shift) for each in self.annotations)
        return (self._one_to(place),)

    def _one_to(self, place: Point) -> Annotation:
        """Return what the pull makes of the only one."""
        dx, dy = place.x - self.start.x, place.y - self.start.y
        first = self.annotations[0]
        match self.handle.grip:
            case Grip.TURN:
                return turned(first, self._degrees(place))
            case Grip.VERTEX:
                return self._bent(self.handle.index, dx, dy)
            case Grip.MIDDLE:
                middle = Point(self.handle.place.x + dx, self.handle.place.y + dy)
                return with_new_vertex(first, self.handle.index + 1, inside(middle, self.size))
            case Grip.SIDE if self.bends and all(self.handle.side) and form_of(first) is Form.TEXT:
                return self._bent(self.handle.index, dx, dy)
            case _:
                rectangle = TurnedRectangle.of(corners_of(first))
                assert rectangle is not None  # only rectangles have such handles
                corner = rectangle.at(*self.handle.side)
                target = inside(Point(corner.x + dx, corner.y + dy), self.size)
                return resized(first, self.handle.side, target, keeps_ratio=self.steadies)

    def _bent(self, index: int, dx: float, dy: float) -> Annotation:
        corner = corners_of(self.annotations[0])[index]
        return with_vertex(self.annotations[0], index, inside(Point(corner.x + dx, corner.y + dy), self.size))

    def _degrees(self, place: Point) -> float:
        first = self.annotations[0]
        box = bounds_of(first)
        assert box is not None  # what has no place is not pulled
        middle = box.center
        before = math.degrees(math.atan2(self.start.y - middle.y, self.start.x - middle.x))
        now = math.degrees(math.atan2(place.y - middle.y, place.x - middle.x))
        if not self.steadies:
            return now - before
        rectangle = TurnedRectangle.of(corners_of(first))
        angle = rectangle.degrees if rectangle is not None else 0.0
        return round((angle + now - before) / SNAP) * SNAP - angle

    @property
    def text(self) -> str:
        """What the undo step of the pull is called."""
        texts = {
            Grip.BODY: QCoreApplication.translate("Canvas", "Move"),
            Grip.SIDE: QCoreApplication.translate("Canvas", "Resize"),
            Grip.TURN: QCoreApplication.translate("Canvas", "Turn"),
            Grip.VERTEX: QCoreApplication.translate("Canvas", "Move a corner"),
            Grip.MIDDLE: QCoreApplication.translate("Canvas", "Add a corner"),
        }
        return texts[self.handle.grip]


def moved_within(annotations: Sequence[Annotation], dx: float, dy: float, size: Size) -> tuple[Annotation, ...]:
    """Return annotations moved together, as far as none leaves the picture."""
    box = bounds_of_all(annotations)
    if box is None:
        return tuple(annotations)
    dx, dy = shift_within(box, dx, dy, size)
    return tuple(moved(each, dx, dy) for each in annotations)


def paint_plane_handles(
    painter: QPainter, annotation: Annotation, unit: float, *, at: Placement, ratio: float, vertex: int | None = None
) -> None:
    """Draw the handles of an annotation.

    Args:
        painter: counts device pixels.
        annotation: whose handles.
        unit: picture pixels per widget unit.
        at: where the picture lies.
        ratio: device pixels per widget unit.
        vertex: place in the ring of the corner that keys move, which is drawn full.
    """
    color, corners = palette.color_of(annotation), corners_of(annotation)
    _paint_handles(painter, handles_of(annotation, unit), color, at=at, ratio=ratio)
    if vertex is not None and vertex < len(corners):
        painter.setBrush(color)
        painter.setPen(QPen(palette.WHITE, 2 * ratio))
        painter.drawEllipse(at.point(corners[vertex]), 1.6 * _HALF * ratio, 1.6 * _HALF * ratio)
        painter.setBrush(Qt.BrushStyle.NoBrush)


def paint_handles_round(painter: QPainter, box: Box, unit: float, *, at: Placement, ratio: float) -> None:
    """Draw the box round several annotations, dashed, and its handles; the arguments are as above."""
    handles = handles_round(box, unit)
    if not handles:
        return
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    light = QPen(palette.WHITE, max(1.0, ratio))
    light.setStyle(Qt.PenStyle.CustomDashLine)
    light.setDashPattern([4, 4])
    for pen in (QPen(palette.BLACK, max(1.0, ratio)), light):
        painter.setPen(pen)
        painter.drawRect(at.rect(box))
    _paint_handles(painter, handles, palette.BLACK, at=at, ratio=ratio)


def _paint_handles(painter: QPainter, handles: Sequence[Handle], color: QColor, *, at: Placement, ratio: float) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for handle in handles:
        place = at.point(handle.place)
        if handle.foot is not None:
            for tint, width in ((palette.BLACK, 3.0), (palette.WHITE, 1.5)):
                painter.setPen(QPen(tint, width * ratio))
                painter.drawLine(QLineF(at.point(handle.foot), place))
        _paint_handle(painter, handle.grip, place, color, ratio)


def _paint_handle(painter: QPainter, grip: Grip, place: QPointF, color: QColor, ratio: float) -> None:
    half = _HALF * ratio * (0.7 if grip is Grip.MIDDLE else 1.0)
    square = QRectF(place.x() - half, place.y() - half, 2 * half, 2 * half)
    draw = painter.drawRect if grip in (Grip.SIDE, Grip.VERTEX) else painter.drawEllipse
    painter.setBrush(color if grip is Grip.MIDDLE else palette.WHITE)
    painter.setPen(QPen(palette.BLACK, 3 * ratio))
    draw(square)
    painter.setPen(QPen(palette.WHITE if grip is Grip.MIDDLE else color, 1.5 * ratio))
    draw(square)
    painter.setBrush(Qt.BrushStyle.NoBrush)
