"""Tools for boxes in space: pulling the selected one, and drawing a new one."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Protocol

from PySide6.QtCore import QCoreApplication, QPointF, Qt
from PySide6.QtWidgets import QApplication

from qwvis_desktop.core.annotation import Cuboid
from qwvis_desktop.core.camera import NEAR, AngleConvention, CameraIntrinsics, projected_bounds
from qwvis_desktop.core.cuboid_editing import from_box
from qwvis_desktop.core.geometry import Box, Point
from qwvis_desktop.ui.canvas.editing.cuboid_handles import Grip, Pull, View, handle_at, handles_of
from qwvis_desktop.ui.canvas.editing.tools import SelectTool, Surface

DEFAULT_DEPTH = 5.0
"""Metres of a new box where no other tells how far things are."""

_SMALLEST = 4.0
"""Widget units that a frame for a new box must be wide and high."""


class SpaceSurface(Surface, Protocol):
    """What these tools may ask of the view."""

    def edited(self) -> Cuboid | None:
        """Return the box in space that is selected alone; None where there is none."""

    def space(self) -> View:
        """Return what boxes in space are seen through."""

    def in_picture(self, place: QPointF) -> Point:
        """Return the place of the picture under one of the widget."""

    def is_on(self, key: str, place: QPointF) -> bool:
        """Say whether the annotation with this id lies under a place of the widget."""

    def preview(self, cuboid: Cuboid | None) -> None:
        """Show a box as it would be; None for none."""

    def change(self, cuboid: Cuboid, text: str) -> None:
        """Put a box in place of the one with its id, as an undo step."""

    def add_cuboid(self, frame: Box) -> None:
        """Add a box that is seen in ``frame`` (picture pixels), as an undo step; draw no further one."""

    def preview_frame(self, frame: Box) -> None:
        """Show the box that ``add_cuboid`` would add."""


class EditTool:
    """Pulls the selected box in space; whatever else is pressed is for selecting.

    The body moves along the ground, with Ctrl or Alt in depth; a disc on a face moves that face; the one above turns.
    A click that pulls nothing selects, as everywhere.
    """

    cursor = Qt.CursorShape.ArrowCursor

    def __init__(self, surface: SpaceSurface) -> None:
        self._surface = surface
        self._select = SelectTool(surface)
        self._pull: Pull | None = None
        self._start = QPointF()
        self._shown: Cuboid | None = None
        self._is_pulling = self._is_cancelled = False

    def press(self, place: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Take hold of what lies under the pointer."""
        self._start, self._shown = place, None
        self._is_pulling = self._is_cancelled = False
        self._pull = self._grasped(place, modifiers)
        self._select.press(place, modifiers)

    def _grasped(self, place: QPointF, modifiers: Qt.KeyboardModifier) -> Pull | None:
        cuboid = self._surface.edited()
        if cuboid is None:
            return None
        view, point = self._surface.space(), self._surface.in_picture(place)
        handle = handle_at(handles_of(cuboid, view), point, view)
        if handle is not None:
            return Pull(handle.grip, point, cuboid, view, handle.face)
        if not self._surface.is_on(cuboid.id, place):
            return None
        in_depth = modifiers & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
        return Pull(Grip.DEPTH if in_depth else Grip.GROUND, point, cuboid, view)

    def move(self, place: QPointF) -> Qt.CursorShape | None:
        """Show what the pull makes of the box."""
        if self._is_cancelled:
            return None
        if self._pull is None:
            return self._select.move(place)
        if not self._is_pulling and (place - self._start).manhattanLength() < QApplication.startDragDistance():
            return None
        self._is_pulling = True
        made = self._pull.to(self._surface.in_picture(place))
        if made is not None:
            self._shown = made
            self._surface.preview(made)
        return Qt.CursorShape.ClosedHandCursor

    def release(self, place: QPointF) -> None:
        """Make the pull an undo step."""
        pull, shown, self._pull, self._shown = self._pull, self._shown, None, None
        if self._is_cancelled:
            return
        if pull is None or not self._is_pulling:
            self._select.release(place)
            return
        self._surface.preview(None)
        if shown is not None and shown != pull.cuboid:
            self._surface.change(shown, step_text(pull.grip))

    def cancel(self) -> None:
        """Leave the box as it was; the release does nothing."""
        self._is_cancelled = True
        self._pull = self._shown = None
        self._surface.preview(None)


class DrawTool:
    """Draws a frame on the picture that becomes a box in space."""

    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, surface: SpaceSurface) -> None:
        self._surface = surface
        self._start: QPointF | None = None

    def press(self, place: QPointF, _modifiers: Qt.KeyboardModifier) -> None:
        """Set one corner."""
        self._start = place

    def move(self, place: QPointF) -> Qt.CursorShape | None:
        """Show the box that the frame gives."""
        frame = self._frame(place)
        if frame is not None:
            self._surface.preview_frame(frame)
        return None

    def release(self, place: QPointF) -> None:
        """Add it; a frame that is too small adds nothing."""
        frame = self._frame(place)
        self._start = None
        self._surface.preview(None)
        if frame is not None:
            self._surface.add_cuboid(frame)

    def cancel(self) -> None:
        """Draw nothing."""
        self._start = None
        self._surface.preview(None)

    def _frame(self, place: QPointF) -> Box | None:
        if self._start is None:
            return None
        way = place - self._start
        if min(abs(way.x()), abs(way.y())) < _SMALLEST:
            return None
        return Box.from_corners(self._surface.in_picture(self._start), self._surface.in_picture(place))


def step_text(grip: Grip) -> str:
    """Return what the undo step of a pull is called."""
    texts = {
        Grip.GROUND: QCoreApplication.translate("Canvas", "Move on the ground"),
        Grip.DEPTH: QCoreApplication.translate("Canvas", "Move in depth"),
        Grip.FACE: QCoreApplication.translate("Canvas", "Resize"),
        Grip.TURN: QCoreApplication.translate("Canvas", "Turn"),
    }
    return texts[grip]


def cuboid_in(
    frame: Box, others: Iterable[Cuboid], camera: CameraIntrinsics, convention: AngleConvention, label: str = ""
) -> Cuboid:
    """Return a new box that is seen in ``frame``, as far off as the one that is nearest to it on the picture.

    Raises:
        ValueError: the frame has no area.
    """
    depth, nearest = DEFAULT_DEPTH, math.inf
    for other in others:
        bounds = projected_bounds(other, camera, convention)
        if bounds is None or other.center[2] <= NEAR:
            continue
        distance = math.dist(bounds.center, frame.center)
        if distance < nearest:
            depth, nearest = other.center[2], distance
    return from_box(frame, depth, camera, label=label)
