"""``PictureSurface``: what mouse, wheel and keys do to a picture; the left button belongs to a tool."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from qwvis_desktop.core.geometry import Point
from qwvis_desktop.ui.canvas.editing.text_editing import TextEditing
from qwvis_desktop.ui.canvas.editing.tools import PanTool, Tool

_NOTCHES_PER_DOUBLING = 4
_NOTCH = 120
"""Of ``QWheelEvent.angleDelta``."""
_TAP_SECONDS = 0.3
"""Space that is down for longer is held, not tapped."""
_PAN_STEP = 48.0
"""Widget units that an arrow key moves the picture by."""


class PictureSurface(TextEditing):
    """A picture one can zoom, move and click on; ``PlaneEditing`` and ``TextEditing`` say what can be done on it.

    Signals:
        pointer_moved(Point | None): where the pointer is, in pixels of the upright original; None beside the picture.
        space_tapped(): Space went down and up without moving the picture.
        pointed(str | None): id of the annotation under the pointer is another; None for none.
    """

    pointer_moved = Signal(object)
    space_tapped = Signal()
    pointed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._pan_tool: Tool = PanTool(self)
        self._space_down = False
        self._tap_ends = 0.0
        self.show_cursor(self._tool.cursor)

    @property
    def _tool(self) -> Tool:
        """What the left button does."""
        return self._pan_tool if self._space_down else super()._tool

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Start what the button does: the middle one moves the picture, the left one is the tool's."""
        starters = {Qt.MouseButton.LeftButton: self._tool, Qt.MouseButton.MiddleButton: self._pan_tool}
        tool = starters.get(event.button())
        if tool is None or self._active is not None or self._display.size is None:
            super().mousePressEvent(event)
            return
        self._active = tool
        self._tap_ends = 0.0
        tool.press(event.position(), event.modifiers())
        if tool is self._pan_tool:
            self.show_cursor(Qt.CursorShape.ClosedHandCursor)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Close a polygon, also where the hand shook between the clicks; elsewhere it is a press like another."""
        is_left = event.button() == Qt.MouseButton.LeftButton
        if not (is_left and self._active is None and self._drawing is self._draw_tool and self._draw_tool.close()):
            self.mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with what was started, or show what lies under the pointer."""
        place = event.position()
        point = self._tell_pointer(place)
        if self._active is None:
            self._hover(place, point)
            return
        if self._drawing is not None:
            self._look_at(event.position())
        cursor = self._active.move(event.position())
        if cursor is not None:
            self.show_cursor(cursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End what was started."""
        if self._active is None:
            super().mouseReleaseEvent(event)
            return
        tool, self._active = self._active, None
        tool.release(event.position())
        self.show_cursor(self._tool.cursor)
        if not self._display.is_held:
            self._hover(event.position(), self.in_picture(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing lies under the pointer any more."""
        if self._display.hovered is not None:
            self._display.hover(None)
            self.pointed.emit(None)
        self._display.show_crosshair(None)
        self._follow_pointer(None)
        super().leaveEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom round the pointer; two fingers on a touchpad move the picture, with Ctrl they zoom."""
        if self._display.size is None:
            event.ignore()
            return
        fingers = event.phase() != Qt.ScrollPhase.NoScrollPhase and not event.pixelDelta().isNull()
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if fingers and not control:
            self.pan(event.pixelDelta().x(), event.pixelDelta().y())
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            # Qt turns the wheel sideways with Alt, some platforms with Shift as well.
            turned = event.angleDelta().x() or event.angleDelta().y()
            self.pan(turned / _NOTCH * _PAN_STEP, 0)
        elif event.angleDelta().y():
            turns = event.angleDelta().y() / (_NOTCH * _NOTCHES_PER_DOUBLING)
            self.set_zoom(self.zoom * 2.0**turns, event.position())
        self._tell_pointer(event.position())
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Zoom and move by keys; while Space is down, the left button moves the picture."""
        if self._display.size is not None and self._edit_by_key(event):
            return
        keys: dict[int, Callable[[], None]] = {
            Qt.Key.Key_Plus: self.zoom_in,
            Qt.Key.Key_Equal: self.zoom_in,
            Qt.Key.Key_Minus: self.zoom_out,
            Qt.Key.Key_0: self.fit,
            Qt.Key.Key_Left: lambda: self.pan(_PAN_STEP, 0),
            Qt.Key.Key_Right: lambda: self.pan(-_PAN_STEP, 0),
            Qt.Key.Key_Up: lambda: self.pan(0, _PAN_STEP),
            Qt.Key.Key_Down: lambda: self.pan(0, -_PAN_STEP),
            Qt.Key.Key_Space: lambda: self._hold_space(True),
        }
        act = keys.get(event.key())
        plain = not event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier)
        if act is None or not plain or self._display.size is None:
            super().keyPressEvent(event)
        else:
            act()

    def focusNextPrevChild(self, forwards: bool) -> bool:
        """Let Tab go through the annotations, and on to the next widget where there are none."""
        editor = self._display.editor
        if editor is None or not editor.document.annotations or not self.hasFocus():
            return super().focusNextPrevChild(forwards)
        self.stepped.emit(1 if forwards else -1)
        return True

    def leave_focus(self, forwards: bool = True) -> None:
        """Hand the keyboard on to the next widget, as Tab does elsewhere."""
        super().focusNextPrevChild(forwards)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Give the left button back to its tool when Space goes up."""
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            tapped = self._space_down and time.monotonic() < self._tap_ends
            self._hold_space(False)
            if tapped:
                self.space_tapped.emit()
        else:
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Forget Space: its release goes elsewhere now."""
        self._hold_space(False)
        super().focusOutEvent(event)

    def _hold_space(self, down: bool) -> None:
        if down and not self._space_down:
            self._tap_ends = time.monotonic() + _TAP_SECONDS
        self._space_down = down
        if self._active is None:
            self.show_cursor(self._tool.cursor)

    def light(self, key: str | None) -> None:
        """Show an annotation as if the pointer were on it; None for none."""
        self._display.hover(key)

    def _hover(self, place: QPointF, point: Point) -> None:
        """Show what lies under a place of the widget, which is this one of the picture."""
        if self._display.size is None:
            return
        is_asked = self._drawing is None and not self.selects_text
        found = self._display.ids_at(point, self.zoom) if is_asked else ()
        before, now = self._display.hovered, found[0] if found else None
        self._display.hover(now)
        if now != before:
            self.pointed.emit(now)
        if not self._space_down:
            self._look_at(place)

    def _tell_pointer(self, place: QPointF) -> Point:
        """Tell where the pointer is; return the place of the picture, or of the plane round it."""
        size, point = self._display.size, self.in_picture(place)
        if size is not None:
            inside = 0 <= point.x <= size.width and 0 <= point.y <= size.height
            self._follow_pointer(point if inside else None)
        return point

    def _follow_pointer(self, point: Point | None) -> None:
        self._display.follow_pointer(point)
        self.pointer_moved.emit(point)
