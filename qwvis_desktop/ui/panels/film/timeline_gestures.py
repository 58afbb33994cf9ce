"""What a press of the button begins on the timeline: scrubbing, pulling an event or the range, moving the view."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QApplication

from qwvis_desktop.core.annotation import VideoEvent
from qwvis_desktop.core.event_editing import shifted, trimmed
from qwvis_desktop.ui.panels.film.time_axis import TimeAxis


class Surface(Protocol):
    """What gestures may ask of the timeline."""

    @property
    def axis(self) -> TimeAxis:
        """Which time lies where."""

    @property
    def length(self) -> tuple[float, float]:
        """Seconds that the film lasts, and that a frame of it does."""

    @property
    def playhead(self) -> float:
        """Where the film is, in seconds."""

    def snapped(self, time: float, but: str = "", playhead: float | None = None) -> float:
        """Return a time as an edge of the event with the id ``but`` takes it, the playhead being where it is said."""

    def scrub(self, time: float, *, is_final: bool) -> None:
        """Ask for another time of the film."""

    def pan(self, across: float, down: float = 0.0) -> None:
        """Move the view by widget units."""

    def show_preview(self, event: VideoEvent | None) -> None:
        """Show an event as it would be; None for none."""

    def commit(self, event: VideoEvent, text: str) -> None:
        """Put an event in the place of the one with its id, as an undo step called ``text``."""

    def set_end(self, which: str, time: float, *, is_final: bool) -> None:
        """Ask for another start or end of the range that is sent."""

    def click(self, key: str, modifiers: Qt.KeyboardModifier) -> None:
        """Select an event or a box, and look at its time."""


class Gesture(Protocol):
    """Something that the button does, from press to release."""

    @property
    def cursor(self) -> Qt.CursorShape:
        """How the pointer looks meanwhile."""

    def move(self, place: QPointF) -> None:
        """The pointer moved."""

    def release(self, place: QPointF) -> None:
        """The button went up."""

    def cancel(self) -> None:
        """It is given up."""


class Scrub:
    """Moves through the film; the exact frame is asked for when the hand lets go.

    Args:
        surface: the timeline.
        place: where the button was pressed.
        time: what is meant by that place; the time there where None.
    """

    cursor = Qt.CursorShape.ArrowCursor

    def __init__(self, surface: Surface, place: QPointF, time: float | None = None) -> None:
        self._surface, self._pressed, self._time = surface, place, time
        self.move(place)

    def move(self, place: QPointF) -> None:
        """Show what is there at once."""
        self._surface.scrub(self._meant(place), is_final=False)

    def release(self, place: QPointF) -> None:
        """Show exactly what is there."""
        self._surface.scrub(self._meant(place), is_final=True)

    def _meant(self, place: QPointF) -> float:
        if abs(place.x() - self._pressed.x()) >= QApplication.startDragDistance():
            self._time = None
        return self._surface.axis.time(place.x()) if self._time is None else self._time

    def cancel(self) -> None:
        """Stay where it is."""


class Pan:
    """Moves the view."""

    cursor = Qt.CursorShape.ClosedHandCursor

    def __init__(self, surface: Surface, place: QPointF) -> None:
        self._surface, self._last = surface, place

    def move(self, place: QPointF) -> None:
        """Take it along."""
        self._surface.pan(self._last.x() - place.x(), self._last.y() - place.y())
        self._last = place

    def release(self, place: QPointF) -> None:
        """Let go."""

    def cancel(self) -> None:
        """Let go."""


class PullRange:
    """Moves the start or the end of the range that is sent."""

    cursor = Qt.CursorShape.SizeHorCursor

    def __init__(self, surface: Surface, which: str) -> None:
        self._surface, self._which = surface, which

    def move(self, place: QPointF) -> None:
        """Show it there."""
        self._go(place, is_final=False)

    def release(self, place: QPointF) -> None:
        """Leave it there."""
        self._go(place, is_final=True)

    def _go(self, place: QPointF, *, is_final: bool) -> None:
        time = self._surface.axis.time(place.x())
        self._surface.set_end(self._which, time, is_final=is_final)
        _, frame = self._surface.length
        self._surface.scrub(time - frame if self._which == "end" else time, is_final=is_final)

    def cancel(self) -> None:
        """Leave it there."""


class Click:
    """Selects what was pressed, and looks at its time."""

    cursor = Qt.CursorShape.PointingHandCursor

    def __init__(self, surface: Surface, key: str, modifiers: Qt.KeyboardModifier) -> None:
        self._surface, self._key, self._modifiers = surface, key, modifiers

    def move(self, place: QPointF) -> None:
        """A hand shakes."""

    def release(self, _place: QPointF) -> None:
        """Select."""
        self._surface.click(self._key, self._modifiers)

    def cancel(self) -> None:
        """Select nothing."""


class PullEvent:
    """Moves an event (``part`` "body") or one end of it ("start", "end"); without a drag it is a click.

    Meanwhile the frame is seen with which it would begin, or end: that is what one pulls it to.
    """

    def __init__(
        self, surface: Surface, event: VideoEvent, part: str, *, place: QPointF, modifiers: Qt.KeyboardModifier
    ) -> None:
        self._surface, self._event, self._part, self._place = surface, event, part, place
        self._modifiers = modifiers
        self._former = surface.playhead
        self._made: VideoEvent | None = None

    @property
    def cursor(self) -> Qt.CursorShape:
        """Both ways for an end, all ways for the whole."""
        return cursor_over(self._part)

    def move(self, place: QPointF) -> None:
        """Show it there, once the pointer has gone farther than a hand shakes."""
        if self._made is None and abs(place.x() - self._place.x()) < QApplication.startDragDistance():
            return
        self._made = self._to(place)
        self._surface.show_preview(self._made)
        self._surface.scrub(self._seen(self._made), is_final=False)

    def _seen(self, event: VideoEvent) -> float:
        """Return the time of the frame that tells where the pulled end is: the last one within, at the end."""
        _, frame = self._surface.length
        return max(event.start, event.end - frame) if self._part == "end" else event.start

    def _snapped(self, time: float) -> float:
        return self._surface.snapped(time, self._event.id, self._former)

    def _to(self, place: QPointF) -> VideoEvent:
        event, surface = self._event, self._surface
        duration, frame = surface.length
        by = surface.axis.seconds(place.x() - self._place.x())
        least = min(frame, event.end - event.start) or frame
        if self._part == "start":
            return trimmed(event, start=self._snapped(event.start + by), duration=duration, least=least)
        if self._part == "end":
            return trimmed(event, end=self._snapped(event.end + by), duration=duration, least=least)
        return shifted(event, self._snapped(event.start + by) - event.start, duration)

    def release(self, _place: QPointF) -> None:
        """Make it so."""
        made, self._made = self._made, None
        self._surface.show_preview(None)
        if made is None:
            self._surface.click(self._event.id, self._modifiers)
            return
        if made != self._event:
            self._surface.commit(made, self._part)
        self._surface.scrub(self._seen(made), is_final=True)

    def cancel(self) -> None:
        """Leave it as it was, and look at what was looked at."""
        self._surface.show_preview(None)
        if self._made is not None:
            self._surface.scrub(self._former, is_final=True)
        self._made = None


def cursor_over(part: str) -> Qt.CursorShape:
    """Return how the pointer looks over a part of an event."""
    return Qt.CursorShape.SizeAllCursor if part == "body" else Qt.CursorShape.SizeHorCursor
