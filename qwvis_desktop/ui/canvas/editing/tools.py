"""Tools: what the left button does on the canvas. One small class each; the view hands them the pointer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QApplication


class Surface(Protocol):
    """What a tool may ask of the view."""

    def ids_at(self, place: QPointF) -> Sequence[str]:
        """Return the annotations under a place of the widget, the likeliest meant first."""

    def selected(self) -> frozenset[str]:
        """Return the selected ids."""

    def select(self, ids: frozenset[str]) -> None:
        """Select these and no others."""

    def pan(self, dx: float, dy: float) -> None:
        """Move the picture by widget units."""


class Tool(Protocol):
    """Something that the left button does, from press to release."""

    @property
    def cursor(self) -> Qt.CursorShape:
        """How the pointer looks while this tool is chosen and nothing is pressed."""

    def press(self, place: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """The button went down at ``place`` (widget units)."""

    def move(self, place: QPointF) -> Qt.CursorShape | None:
        """The pointer moved with the button down; return how it looks now, None for no change."""

    def release(self, place: QPointF) -> None:
        """The button went up."""


class PanTool:
    """Moves the picture."""

    cursor = Qt.CursorShape.OpenHandCursor

    def __init__(self, surface: Surface) -> None:
        self._surface = surface
        self._last = QPointF()

    def press(self, place: QPointF, _modifiers: Qt.KeyboardModifier) -> None:
        """Take hold of the picture."""
        self._last = place

    def move(self, place: QPointF) -> Qt.CursorShape | None:
        """Take it along."""
        self._surface.pan(place.x() - self._last.x(), place.y() - self._last.y())
        self._last = place
        return Qt.CursorShape.ClosedHandCursor

    def release(self, place: QPointF) -> None:
        """Let go."""


class SelectTool:
    """Selects by clicks, and moves the picture by dragging.

    A click takes the smallest thing under the pointer; with Ctrl it is added or taken out, with Shift added; with Alt
    each click takes the next of those that lie above each other; a click beside everything selects nothing.
    """

    cursor = Qt.CursorShape.ArrowCursor

    def __init__(self, surface: Surface) -> None:
        self._surface = surface
        self._pan = PanTool(surface)
        self._start = QPointF()
        self._modifiers = Qt.KeyboardModifier.NoModifier
        self._dragged = False

    def press(self, place: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Remember where; only the release tells a click from a drag."""
        self._start, self._modifiers, self._dragged = place, modifiers, False
        self._pan.press(place, modifiers)

    def move(self, place: QPointF) -> Qt.CursorShape | None:
        """Move the picture once the pointer has gone farther than a hand shakes."""
        if not self._dragged and (place - self._start).manhattanLength() < QApplication.startDragDistance():
            return None
        self._dragged = True
        return self._pan.move(place)

    def release(self, _place: QPointF) -> None:
        """Select, where it was a click."""
        if self._dragged:
            return
        found = self._surface.ids_at(self._start)
        selected = self._surface.selected()
        if self._modifiers & Qt.KeyboardModifier.ControlModifier:
            self._surface.select(selected ^ frozenset(found[:1]))
        elif self._modifiers & Qt.KeyboardModifier.ShiftModifier:
            self._surface.select(selected | frozenset(found[:1]))
        elif self._modifiers & Qt.KeyboardModifier.AltModifier:
            self._surface.select(frozenset(self._next(found, selected)))
        else:
            self._surface.select(frozenset(found[:1]))

    @staticmethod
    def _next(found: Sequence[str], selected: frozenset[str]) -> Sequence[str]:
        """Return the one behind the selected one in the pile under the pointer, round and round."""
        here = next((place for place, key in enumerate(found) if key in selected), -1)
        return [found[(here + 1) % len(found)]] if found else []
