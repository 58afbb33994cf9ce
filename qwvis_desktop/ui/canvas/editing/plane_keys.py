"""What keys do to what is selected in the plane: move, resize, turn; of a corner that is chosen, move it."""

from __future__ import annotations

import time
from collections.abc import Sequence

from PySide6.QtCore import Qt

from qwvis_desktop.core.annotation import Annotation, bounds_of, new_id
from qwvis_desktop.core.geometry import Box, Point, Size
from qwvis_desktop.core.plane.editing import SMALLEST, bounds_of_all, inside, resized, turned, with_box, with_vertex
from qwvis_desktop.core.plane.forms import TurnedRectangle, corners_of
from qwvis_desktop.core.plane.stretching import least_of, stretch_to
from qwvis_desktop.ui.canvas.editing.plane_handles import moved_within

STEP, LARGE_STEP = 1.0, 10.0
"""Pixels of the original of an arrow key, and with Shift."""

DEGREES, LARGE_DEGREES = 1.0, 10.0
"""Of a turn by a key, and with Shift."""

_ROW_SECONDS = 1.0
"""Keys that follow each other faster, and concern the same, are one undo step."""

_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}

_TURNS = {
    Qt.Key.Key_BracketLeft: -1,
    Qt.Key.Key_BraceLeft: -1,
    Qt.Key.Key_BracketRight: 1,
    Qt.Key.Key_BraceRight: 1,
}
"""[ turns counter-clockwise. With Shift some keyboards say braces."""


def by_key(
    annotations: Sequence[Annotation],
    key: int,
    modifiers: Qt.KeyboardModifier,
    size: Size,
    vertex: int | None = None,
) -> tuple[Annotation, ...] | None:
    """Return what a key makes of the selection; None where it means something else.

    Arrows move, with Ctrl they move the right and the lower side, brackets turn; with Shift ten times as far. All that
    is selected moves together, and the sides are those of the box round it; while a corner is chosen, the arrows move
    that.
    """
    is_large = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
    held = modifiers & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier)
    known = Qt.Key(key) if key in (*_ARROWS, *_TURNS) else None
    if known is None or not annotations:
        return None
    if known in _TURNS:
        degrees = _TURNS[known] * (LARGE_DEGREES if is_large else DEGREES)
        return None if held else tuple(turned(each, degrees) for each in annotations)
    dx, dy = (way * (LARGE_STEP if is_large else STEP) for way in _ARROWS[known])
    if held == Qt.KeyboardModifier.ControlModifier:
        return _all_grown(annotations, dx, dy, size)
    if held:
        return None
    if vertex is not None and len(annotations) == 1:
        corner = corners_of(annotations[0])[vertex]
        return (with_vertex(annotations[0], vertex, inside(Point(corner.x + dx, corner.y + dy), size)),)
    return moved_within(annotations, dx, dy, size)


def _all_grown(annotations: Sequence[Annotation], dx: float, dy: float, size: Size) -> tuple[Annotation, ...]:
    """Return annotations with the right and the lower side moved of the box round them, and all in it with it."""
    box = bounds_of_all(annotations)
    if len(annotations) == 1 or box is None or not box.area:
        return tuple(_grown(each, dx, dy, size) for each in annotations)
    target = Point(box.right + dx, box.bottom + dy)
    side = (1 if dx else 0, 1 if dy else 0)
    stretch = stretch_to(box, side, target, size, least=least_of(annotations))
    return tuple(map(stretch.of, annotations))


def _grown(annotation: Annotation, dx: float, dy: float, size: Size) -> Annotation:
    """Return an annotation with its right and lower side moved; a polygon is stretched."""
    box, rectangle = bounds_of(annotation), TurnedRectangle.of(corners_of(annotation))
    if box is None or box.area <= 0:
        return annotation
    if rectangle is None:
        right = min(max(box.right + dx, box.left + SMALLEST), max(size.width, box.right))
        bottom = min(max(box.bottom + dy, box.top + SMALLEST), max(size.height, box.bottom))
        return with_box(annotation, Box(box.left, box.top, right, bottom))
    width, height = max(rectangle.width + dx, SMALLEST), max(rectangle.height + dy, SMALLEST)
    side = (1 if dx else 0, 1 if dy else 0)
    corner = rectangle.at(2 * width / rectangle.width - 1, 2 * height / rectangle.height - 1)
    return resized(annotation, side, inside(corner, size))


class KeyRow:
    """Keys pressed in a row: held down, or one soon after the other, for the same annotations."""

    def __init__(self) -> None:
        self._name, self._ids, self._ends = "", frozenset[str](), 0.0

    def of(self, annotations: Sequence[Annotation]) -> str:
        """Return the name of the row that the key just pressed belongs to, which concerns these."""
        ids, moment = frozenset(each.id for each in annotations), time.monotonic()
        if ids != self._ids or moment > self._ends:
            self._name, self._ids = new_id(), ids
        self._ends = moment + _ROW_SECONDS
        return self._name
