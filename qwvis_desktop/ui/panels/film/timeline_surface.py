"""``TimelineSurface``: what pointer, wheel and keys do on a timeline."""

from __future__ import annotations

import html
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QToolTip, QWidget

from qwvis_desktop.core.annotation import Detection, VideoEvent
from qwvis_desktop.core.event_editing import nearest, times_of
from qwvis_desktop.core.film_time import clock
from qwvis_desktop.ui.panels.film.timeline_gestures import Click, Gesture, Pan, PullEvent, PullRange, Scrub, cursor_over
from qwvis_desktop.ui.panels.film.timeline_layout import NAMES, Zone
from qwvis_desktop.ui.panels.film.timeline_view import REACH, TimelineView

_NOTCH, _NOTCHES_PER_DOUBLING, _WHEEL_STEP = 120, 3, 60.0
_ZOOM_STEP = 1.5
_EDGE = 5.0
"""Widget units from an end of an event within which that end is pulled."""

_LEAST_PULLED = 14.0
"""Widget units that an event is wide from which on its ends can be pulled though it is not selected."""

_CONTROL, _SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


class TimelineSurface(TimelineView):
    """A timeline one can scrub, select and pull on.

    Signals:
        scrubbed(float, bool): another time of the film is asked for; True for exactly that, False while the hand moves.
        loop_requested(str): an event is to be played again and again.
        range_moved(str, float, bool): "start" or "end" of the range that is sent is to be at this time; True when the
            hand lets go.
        step_requested(str): a key asks for what the action with this id does.
    """

    scrubbed = Signal(float, bool)
    loop_requested = Signal(object)
    range_moved = Signal(str, float, bool)
    step_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._gesture: Gesture | None = None
        self.setAccessibleName(self.tr("Timeline"))
        self.setAccessibleDescription(
            self.tr(
                "Arrows step by a frame, with Shift by a second, Up and Down go to the previous and the next event. "
                "I and O set where a range begins and ends, Enter makes an event of it. The list of annotations has "
                "all events."
            )
        )
        self.installEventFilter(self)

    # What gestures ask for

    @property
    def length(self) -> tuple[float, float]:
        """Seconds that the film lasts, and that a frame of it does."""
        return (self.film.duration, self.film.frame) if self.film is not None else (0.0, 0.0)

    def scrub(self, time: float, *, is_final: bool) -> None:
        """Ask for another time of the film."""
        self.set_playhead(time)
        self.scrubbed.emit(time, is_final)

    def commit(self, event: VideoEvent, text: str) -> None:
        """Put an event in the place of the one with its id, as an undo step; ``text`` says what of it changed."""
        texts = {"start": self.tr("Move the start"), "end": self.tr("Move the end"), "body": self.tr("Move an event")}
        if self.editor is not None and event.id in self.editor.document.annotations:
            self.editor.replace([event], texts[text])
            self.editor.select([event.id])

    def set_end(self, which: str, time: float, *, is_final: bool) -> None:
        """Ask for another start or end of the range that is sent."""
        self.range_moved.emit(which, nearest(self.frames, time), is_final)

    def click(self, key: str, modifiers: Qt.KeyboardModifier) -> None:
        """Select something, or more, and look at its time."""
        editor = self.editor
        if editor is None or key not in editor.document.annotations:
            return
        if modifiers & (_CONTROL | _SHIFT):
            editor.select(editor.selection ^ {key})
            return
        editor.select([key])
        times = times_of(editor.document.annotations[key])
        if times is not None:
            self.scrub(times[0], is_final=True)

    # What lies where

    def at(self, place: QPointF) -> str | None:
        """Return the id of what lies under a place; None where nothing does."""
        row = self.layout_.row_at(place.y())
        if row is None or place.x() < NAMES:
            return None
        scene, time = self.scene, self._axis.start + self._axis.seconds(place.x() - self._axis.left)
        key = scene.keys.at(time, row, self._axis.seconds(REACH))
        if key is not None:
            return scene.keys.ids[key]
        found = scene.events.at(time, row, self._axis.seconds(3.0))
        return scene.events.ids[found] if found is not None else None

    def part_at(self, event: VideoEvent, x: float) -> str:
        """Return which part of an event lies at a place across: "start", "end" or "body"."""
        left, right = self._axis.x(event.start), self._axis.x(event.end)
        selected = self.editor is not None and event.id in self.editor.selection
        if right - left < _LEAST_PULLED and not selected:
            return "body"
        # Of a short one the ends lie outside it.
        within = min(_EDGE, (right - left) / 3)
        if x - left <= within:
            return "start"
        return "end" if right - x <= within else "body"

    def _range_end_at(self, place: QPointF) -> str | None:
        if self.film is None or self.layout_.zone_at(place.y()) is not Zone.RULER:
            return None
        for which, time, way in (("start", self.film.start, 1), ("end", self.film.end, -1)):
            if time is not None and -4 <= (place.x() - self._axis.x(time)) * way <= 9:
                return which
        return None

    def _seen_at(self, place: QPointF) -> float | None:
        """Return the time of the frame whose tick lies under a place; None where none does."""
        if self.film is None or self.layout_.zone_at(place.y()) is not Zone.TICKS:
            return None
        time = nearest(self.film.seen, self._axis.time(place.x()))
        return time if abs(self._axis.x(time) - place.x()) <= REACH else None

    def tip(self, place: QPointF) -> str:
        """Return what is said of what lies under a place; empty where nothing does."""
        seen = self._seen_at(place)
        if seen is not None:
            return self.tr("The model saw the frame at {time}").replace("{time}", clock(seen))
        found = self.at(place)
        annotation = self.editor.document.annotations.get(found) if self.editor is not None and found else None
        match annotation:
            case VideoEvent(label=label, start=start, end=end):
                return f"{label}\n{clock(start)} – {clock(end)} ({end - start:.3f} s)".strip()
            case Detection(label=label, time=time):
                return f"{label}\n{clock(time or 0.0)}".strip()
            case _:
                return clock(self._axis.time(place.x())) if place.x() >= NAMES and self.film is not None else ""

    # Pointer

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin what the button does."""
        if self._gesture is not None or self.film is None:
            return
        if event.button() == Qt.MouseButton.MiddleButton:
            self._gesture = Pan(self, event.position())
        elif event.button() == Qt.MouseButton.LeftButton:
            self._gesture = self._begun(event.position(), event.modifiers())
        if self._gesture is not None:
            self.setCursor(self._gesture.cursor)

    def _begun(self, place: QPointF, modifiers: Qt.KeyboardModifier) -> Gesture:
        which = self._range_end_at(place)
        if which is not None:
            return PullRange(self, which)
        seen = self._seen_at(place)
        if seen is not None:
            return Scrub(self, place, seen)
        key = self.at(place)
        if key is None:
            if self.layout_.zone_at(place.y()) is Zone.LANES and self.editor is not None and not modifiers:
                self.editor.select(())
            return Scrub(self, place)
        found = self.event_of(key)
        if found is None or modifiers & (_CONTROL | _SHIFT):
            return Click(self, key, modifiers)
        return PullEvent(self, found, self.part_at(found, place.x()), place=place, modifiers=modifiers)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with what was begun, or show what is under the pointer."""
        place = event.position()
        if self._gesture is not None:
            self._gesture.move(place)
            return
        hovered = self.at(place)
        found = self.event_of(hovered) if hovered is not None else None
        if self._range_end_at(place) is not None:
            self.setCursor(Qt.CursorShape.SizeHorCursor)
        elif found is not None:
            self.setCursor(cursor_over(self.part_at(found, place.x())))
        else:
            self.setCursor(Qt.CursorShape.PointingHandCursor if hovered else Qt.CursorShape.ArrowCursor)
        if hovered != self._hovered:
            self._hovered = hovered
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End what was begun."""
        gesture, self._gesture = self._gesture, None
        if gesture is not None:
            gesture.release(event.position())
            self.setCursor(Qt.CursorShape.ArrowCursor)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Play an event again and again."""
        found = self.at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and found is not None and self.event_of(found) is not None:
            self.loop_requested.emit(found)
        else:
            self.mousePressEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing lies under the pointer any more."""
        self._hovered = None
        self.update()
        super().leaveEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom; move through time with Shift or sideways; over lanes that do not all fit, move through those."""
        across, down, modifiers = event.angleDelta().x(), event.angleDelta().y(), event.modifiers()
        over_lanes = self.layout_.zone_at(event.position().y()) is Zone.LANES and self.layout_.most_scroll > 0
        if not modifiers & _CONTROL and (modifiers & _SHIFT or abs(across) > abs(down)):
            self.pan(-(across or down) / _NOTCH * _WHEEL_STEP)
        elif over_lanes and not modifiers & _CONTROL:
            self.pan(0.0, -down / _NOTCH * _WHEEL_STEP)
        else:
            self.zoom(2.0 ** ((down or across) / (_NOTCH * _NOTCHES_PER_DOUBLING)), event.position().x())
        event.accept()

    # Keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Step, play, zoom, and make events; what is not known here is the window's."""
        if event.key() == Qt.Key.Key_Escape and self._gesture is not None:
            self._gesture.cancel()
            self._gesture = None
            return
        acts: dict[int, Callable[[], None]] = {
            Qt.Key.Key_Plus: lambda: self.zoom(_ZOOM_STEP),
            Qt.Key.Key_Equal: lambda: self.zoom(_ZOOM_STEP),
            Qt.Key.Key_Minus: lambda: self.zoom(1 / _ZOOM_STEP),
            Qt.Key.Key_0: self.fit,
        }
        shift = bool(event.modifiers() & _SHIFT)
        act, step = acts.get(event.key()), film_step(event.key(), shift=shift)
        if event.modifiers() & ~(_SHIFT | Qt.KeyboardModifier.KeypadModifier) or self.film is None:
            super().keyPressEvent(event)
        elif step is not None:
            self.step_requested.emit(step)
        elif act is not None:
            act()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Say what lies under a resting pointer, and keep Escape from the window while something is pulled."""
        if watched is not self:
            return False
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            text = self.tip(QPointF(event.pos()))
            words = f"<qt>{html.escape(text).replace(chr(10), '<br>')}</qt>" if text else ""
            QToolTip.showText(event.globalPos(), words, self)
            return True
        asked = event.type() == QEvent.Type.ShortcutOverride and self._gesture is not None
        if asked and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            event.accept()
            return True
        return False


_STEPS: dict[tuple[int, bool], str] = {
    (Qt.Key.Key_Space, False): "film.play",
    (Qt.Key.Key_Left, False): "film.frame_back",
    (Qt.Key.Key_Right, False): "film.frame_on",
    (Qt.Key.Key_Left, True): "film.second_back",
    (Qt.Key.Key_Right, True): "film.second_on",
    (Qt.Key.Key_Up, False): "film.event_back",
    (Qt.Key.Key_Down, False): "film.event_on",
    (Qt.Key.Key_Home, False): "film.first",
    (Qt.Key.Key_End, False): "film.last",
    (Qt.Key.Key_Return, False): "film.add_event",
    (Qt.Key.Key_Enter, False): "film.add_event",
}


def film_step(key: int, *, shift: bool) -> str | None:
    """Return the id of the action that a key asks for on the timeline; None where it asks for none."""
    return _STEPS.get((key, shift))
