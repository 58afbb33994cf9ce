"""What the pointer may begin on the plan: each gesture is told where the pointer goes, and how it ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from PySide6.QtCore import Qt

from qwvis_desktop.core.annotation import Cuboid
from qwvis_desktop.core.geometry import Point
from qwvis_desktop.ui.panels.space.plan_map import PlanMap

THRESHOLD = 4.0
"""Units of the view that the pointer moves before a press becomes a drag."""

Edit: TypeAlias = Callable[[Point, Point], tuple[Cuboid, ...]]
"""From where a drag began and where it is, in metres, to what it makes of cuboids."""


class Board(Protocol):
    """What gestures act on: the plan."""

    @property
    def plan(self) -> PlanMap:
        """Where the ground lies on the view."""

    def set_plan(self, plan: PlanMap) -> None:
        """Show another piece of ground."""

    def set_preview(self, cuboids: tuple[Cuboid, ...]) -> None:
        """Show what a drag would make of cuboids."""

    def commit(self, text: str) -> None:
        """Make what is previewed true, as one undo step called ``text``."""

    def click(self, place: Point) -> None:
        """Select what is there."""

    def measure(self, start: Point, end: Point) -> None:
        """Show the distance between two places, in metres."""


class Gesture(Protocol):
    """Something that goes on while a button is down."""

    cursor: Qt.CursorShape

    def move(self, place: Point) -> None:
        """Follow the pointer."""

    def release(self, place: Point) -> None:
        """End."""


@dataclass(slots=True)
class Pan:
    """Moves the ground; a press that does not move selects."""

    board: Board
    start: Point
    clicks: bool
    cursor: Qt.CursorShape = Qt.CursorShape.ClosedHandCursor
    before: PlanMap | None = None

    def move(self, place: Point) -> None:
        """Move the ground along."""
        if self.before is None and _is_drag(self.start, place):
            self.before = self.board.plan
        if self.before is not None:
            self.board.set_plan(self.before.panned(place.x - self.start.x, place.y - self.start.y))

    def release(self, place: Point) -> None:
        """Select where it was a click."""
        if self.before is None and self.clicks:
            self.board.click(place)


@dataclass(slots=True)
class Change:
    """Changes cuboids by dragging; one undo step. A press that does not move selects."""

    board: Board
    start: Point
    edit: Edit
    text: str
    clicks: bool = False
    cursor: Qt.CursorShape = Qt.CursorShape.SizeAllCursor
    dragged: bool = False

    def move(self, place: Point) -> None:
        """Show what it would be."""
        self.dragged = self.dragged or _is_drag(self.start, place)
        if self.dragged:
            plan = self.board.plan
            self.board.set_preview(self.edit(plan.to_ground(self.start), plan.to_ground(place)))

    def release(self, place: Point) -> None:
        """Make it so."""
        if self.dragged:
            self.board.commit(self.text)
        elif self.clicks:
            self.board.click(place)


@dataclass(slots=True)
class Measure:
    """Shows the distance from where it began."""

    board: Board
    start: Point
    cursor: Qt.CursorShape = Qt.CursorShape.CrossCursor

    def move(self, place: Point) -> None:
        """Show the distance."""
        self.board.measure(self.start, self.board.plan.to_ground(place))

    def release(self, place: Point) -> None:
        """Leave the distance on show; a press that did not move takes it away."""
        self.move(place)


def _is_drag(start: Point, place: Point) -> bool:
    return max(abs(place.x - start.x), abs(place.y - start.y)) >= THRESHOLD
