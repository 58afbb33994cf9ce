"""``PictureSurface``: what mouse, wheel and keys do to a picture; the left button belongs to a tool."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from qwvis_desktop.core.annotation import Cuboid, bounds_of
from qwvis_desktop.core.geometry import Box, Point
from qwvis_desktop.ui.canvas.cuboid_handles import View, by_key
from qwvis_desktop.ui.canvas.cuboid_tools import DrawTool, EditTool
from qwvis_desktop.ui.canvas.surface import ZoomSurface
from qwvis_desktop.ui.canvas.tools import PanTool, Tool

_NOTCHES_PER_DOUBLING = 4
_NOTCH = 120
"""Of ``QWheelEvent.angleDelta``."""
_PAN_STEP = 48.0
"""Widget units that an arrow key moves the picture by."""


class PictureSurface(ZoomSurface):
    """A picture one can zoom, move and click on.

    Signals:
        cuboid_previewed(Cuboid | None): a box in space as it would be while it is pulled or drawn; None when that ends.
        drawing_changed(bool): whether the next drag draws a box in space.
        pointer_moved(Point | None): where the pointer is, in pixels of the upright original; None beside the picture.
    """

    pointer_moved = Signal(object)
    cuboid_previewed = Signal(object)
    drawing_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._edit_tool = EditTool(self)
        self._draw_tool = DrawTool(self)
        self._is_drawing = False
        self._pan_tool: Tool = PanTool(self)
        self._space_down = False
        self._active: Tool | None = None
        self.setCursor(self._tool.cursor)

    # What tools ask for

    def ids_at(self, place: QPointF) -> Sequence[str]:
        """Return the annotations under a place of the widget, the likeliest meant first."""
        return self._display.ids_at(self._viewport.to_picture(Point(place.x(), place.y())), self.zoom)

    def selected(self) -> frozenset[str]:
        """Return the selected ids."""
        editor = self._display.editor
        return editor.selection if editor is not None else frozenset()

    def select(self, ids: frozenset[str]) -> None:
        """Ask the editor to select these and no others."""
        if self._display.editor is not None:
            self._display.editor.select(ids)

    def edited(self) -> Cuboid | None:
        """Return the box in space that is selected alone; None where there is none."""
        return self._display.edited()

    def space(self) -> View:
        """Return what boxes in space are seen through; a document must be open."""
        return self._display.space(self._viewport)

    def in_picture(self, place: QPointF) -> Point:
        """Return the place of the picture under one of the widget."""
        return self._viewport.to_picture(Point(place.x(), place.y()))

    def is_on(self, key: str, place: QPointF) -> bool:
        """Say whether the annotation with this id lies under a place of the widget."""
        return key in self.ids_at(place)

    def preview(self, cuboid: Cuboid | None) -> None:
        """Show a box as it would be; None for none."""
        self._display.show_preview(cuboid)
        self.cuboid_previewed.emit(cuboid)

    def preview_frame(self, frame: Box) -> None:
        """Show the box that is seen in ``frame`` (picture pixels)."""
        self.preview(self._display.cuboid_in(frame))

    def change(self, cuboid: Cuboid, text: str) -> None:
        """Ask the editor to put a box in place of the one with its id, if that is still there."""
        editor = self._display.editor
        if editor is not None and cuboid.id in editor.document.annotations:
            editor.replace([cuboid], text)

    def add_cuboid(self, frame: Box, label: str = "") -> None:
        """Ask the editor for a new box that is seen in ``frame`` (picture pixels), and select it."""
        editor = self._display.editor
        if editor is not None:
            cuboid = self._display.cuboid_in(frame, label)
            editor.add([cuboid], self.tr("New cuboid"))
            editor.select([cuboid.id])
        self.stop_drawing()

    def start_cuboid(self) -> None:
        """Make a box in space of the selected box on the picture; without one, let the next drag draw it.

        It lies as deep as its neighbour on the picture, 5 m where it has none.
        """
        editor = self._display.editor
        if editor is None:
            return
        chosen = [editor.document.annotations[key] for key in editor.selection]
        bounds = bounds_of(chosen[0]) if len(chosen) == 1 else None
        if bounds is not None and bounds.area > 0:
            self.add_cuboid(bounds, chosen[0].label)
            return
        self._is_drawing = True
        self.setCursor(self._tool.cursor)
        self.setFocus()
        self.drawing_changed.emit(True)

    def stop_drawing(self) -> None:
        """Let the left button select again."""
        if self._is_drawing:
            self._is_drawing = False
            self.setCursor(self._tool.cursor)
            self.drawing_changed.emit(False)

    # Mouse, wheel, gestures, keys

    @property
    def _tool(self) -> Tool:
        if self._space_down:
            return self._pan_tool
        return self._draw_tool if self._is_drawing else self._edit_tool

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Start what the button does: the middle one moves the picture, the left one is the tool's."""
        starters = {Qt.MouseButton.LeftButton: self._tool, Qt.MouseButton.MiddleButton: self._pan_tool}
        tool = starters.get(event.button())
        if tool is None or self._active is not None or self._display.size is None:
            super().mousePressEvent(event)
            return
        self._active = tool
        tool.press(event.position(), event.modifiers())
        if tool is self._pan_tool:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with what was started, or show what lies under the pointer."""
        self._tell_pointer(event.position())
        if self._active is None:
            self._hover(event.position())
            return
        cursor = self._active.move(event.position())
        if cursor is not None:
            self.setCursor(cursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End what was started."""
        if self._active is None:
            super().mouseReleaseEvent(event)
            return
        tool, self._active = self._active, None
        tool.release(event.position())
        self.setCursor(self._tool.cursor)
        self._hover(event.position())

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing lies under the pointer any more."""
        self._display.hover(None)
        self.pointer_moved.emit(None)
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
        if self._edit_by_key(event):
            return
        keys: dict[int, Callable[[], None]] = {
            Qt.Key.Key_Plus: self.zoom_in,
            Qt.Key.Key_Equal: self.zoom_in,
            Qt.Key.Key_Minus: self.zoom_out,
            Qt.Key.Key_0: self.fit,
            Qt.Key.Key_1: lambda: self.set_zoom(1.0),
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

    def _edit_by_key(self, event: QKeyEvent) -> bool:
        """Move, turn or resize the box in space that is selected alone; Escape gives up what was begun."""
        if event.key() == Qt.Key.Key_Escape and (self._is_drawing or self._active is self._edit_tool):
            self._edit_tool.cancel()
            self._draw_tool.cancel()
            self.stop_drawing()
            return True
        cuboid = self.edited()
        if cuboid is None or self._active is not None:
            return False
        made = by_key(cuboid, event.key(), event.modifiers(), self.space().convention)
        if made is not None and made != cuboid:
            self.change(made, self.tr("Change a cuboid"))
        return made is not None

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Give the left button back to its tool when Space goes up."""
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._hold_space(False)
        else:
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Forget Space: its release goes elsewhere now."""
        self._hold_space(False)
        super().focusOutEvent(event)

    def _hold_space(self, down: bool) -> None:
        self._space_down = down
        if self._active is None:
            self.setCursor(self._tool.cursor)

    def _hover(self, place: QPointF) -> None:
        found = self.ids_at(place) if self._display.size is not None else ()
        self._display.hover(found[0] if found else None)

    def _tell_pointer(self, place: QPointF) -> None:
        size = self._display.size
        if size is None:
            return
        point = self._viewport.to_picture(Point(place.x(), place.y()))
        inside = 0 <= point.x <= size.width and 0 <= point.y <= size.height
        self.pointer_moved.emit(point if inside else None)
