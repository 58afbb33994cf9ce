"""``PictureSurface``: a picture one can zoom, move and click on, painted from a ``Display``."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import QEvent, QObject, QPointF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from qwvis_desktop.core.geometry import Point, Size
from qwvis_desktop.ui.canvas.display import Display
from qwvis_desktop.ui.canvas.tools import PanTool, SelectTool, Tool
from qwvis_desktop.ui.canvas.viewport import Viewport
from qwvis_desktop.ui.images import Picture

_STEP = 1.25
"""What one press of "zoom in" multiplies."""

_NOTCHES_PER_DOUBLING = 4
_NOTCH = 120
"""Of ``QWheelEvent.angleDelta``."""

_PAN_STEP = 48.0
"""Widget units that an arrow key moves the picture by."""

_FIT_MARGIN = 12.0

_REFINE_MS = 6
"""After a scaled frame, until the exact one: as soon as the scaled one is on the screen and no further step came."""


class PictureSurface(QWidget):
    """The picture on the widget: zoom, place, mouse, wheel, keys.

    Signals:
        pointer_moved(Point | None): where the pointer is, in pixels of the upright original; None beside the picture.
        zoom_changed(float): device pixels per original pixel, 1.0 for 100 %.
        visible_size_needed(Size): the picture is shown at this many device pixels now.
    """

    pointer_moved = Signal(object)
    zoom_changed = Signal(float)
    visible_size_needed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(160, 120)
        self._display = Display(self.devicePixelRatioF(), self.palette(), self)
        self._display.stale.connect(self.update)
        self._viewport = Viewport(ratio=self.devicePixelRatioF())
        self._fitted = True
        self._needed: Size | None = None
        self._select_tool: Tool = SelectTool(self)
        self._pan_tool: Tool = PanTool(self)
        self._space_down = False
        self._active: Tool | None = None
        self._refine = QTimer(self, interval=_REFINE_MS, singleShot=True)
        self._refine.timeout.connect(self._refine_now)
        self.setCursor(self._tool.cursor)
        self.installEventFilter(self)

    # Zoom and place

    @property
    def zoom(self) -> float:
        """Device pixels per original pixel."""
        return self._viewport.zoom

    @property
    def viewport(self) -> Viewport:
        """Where the picture lies on the widget."""
        return self._viewport

    @property
    def is_exact(self) -> bool:
        """Whether the last paint showed everything as it is, not a scaled moment of a zoom."""
        return self._display.layer.is_exact

    def invalidate(self) -> None:
        """Paint all anew, and place all labels anew."""
        self._display.invalidate()

    @property
    def picture(self) -> Picture | None:
        """The picture on view, perhaps a reduced one; None until it comes."""
        return self._display.picture

    @property
    def exact_paints(self) -> int:
        """How often everything was painted anew, rather than used again."""
        return self._display.layer.exact_paints

    def fit(self) -> None:
        """Show the picture whole, and keep it so while the widget changes its size."""
        self._fitted = True
        size = self._display.size
        if size is not None:
            self._move_to(Viewport.fitted(size, self._view(), self.devicePixelRatioF(), _FIT_MARGIN))

    def set_zoom(self, factor: float, anchor: QPointF | None = None) -> None:
        """Zoom to ``factor`` device pixels per original pixel round ``anchor``, else round the middle of the view."""
        if self._display.size is not None:
            self._fitted = False
            place = anchor if anchor is not None else QPointF(self.width() / 2, self.height() / 2)
            self._move_to(self._viewport.zoomed(factor, Point(place.x(), place.y())))

    def zoom_in(self) -> None:
        """Zoom in by one step."""
        self.set_zoom(self.zoom * _STEP)

    def zoom_out(self) -> None:
        """Zoom out by one step."""
        self.set_zoom(self.zoom / _STEP)

    def center_on(self, ids: Iterable[str]) -> None:
        """Bring these annotations into view: move as little as needed, zoom out only where they would not fit."""
        box = self._display.bounds_of(ids)
        if box is None:
            return
        view, seen = self._view(), self._viewport.visible(self._view())
        if seen.left <= box.left and seen.top <= box.top and seen.right >= box.right and seen.bottom >= box.bottom:
            return
        room = self._viewport.ratio * 0.9
        fits = min(view.x * room / max(box.width, 1.0), view.y * room / max(box.height, 1.0))
        self._fitted = False
        self._move_to(Viewport.centered(min(self.zoom, fits), box.center, view, self._viewport.ratio))

    # What tools ask for

    def pan(self, dx: float, dy: float) -> None:
        """Move the picture by widget units."""
        if self._display.size is not None:
            self._fitted = False
            self._move_to(self._viewport.panned(dx, dy))

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

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Paint in device pixels."""
        painter = QPainter(self)
        if self._display.size is None:
            self.paint_empty(painter)
        else:
            painter.scale(1 / self._viewport.ratio, 1 / self._viewport.ratio)
            self._display.paint(painter, self._viewport, self._device_size())
            if not self.is_exact:
                self._refine.start()
        painter.end()

    def paint_empty(self, painter: QPainter) -> None:
        """Paint what is seen while nothing is open."""
        painter.fillRect(self.rect(), self.palette().window())

    def sizeHint(self) -> QSize:
        """Room for a picture."""
        return QSize(800, 600)

    def _refine_now(self) -> None:
        self._display.layer.refine()
        self.update()

    def _device_size(self) -> QSize:
        ratio = self._viewport.ratio
        return QSize(math.ceil(self.width() * ratio), math.ceil(self.height() * ratio))

    def _view(self) -> Point:
        return Point(float(self.width()), float(self.height()))

    def _move_to(self, viewport: Viewport) -> None:
        size = self._display.size
        if size is None:
            return
        before = self._viewport
        self._viewport = viewport.reachable(size, self._view())
        if self._viewport.zoom != before.zoom:
            self.zoom_changed.emit(self._viewport.zoom)
        needed = Size(math.ceil(size.width * self.zoom), math.ceil(size.height * self.zoom))
        if needed != self._needed:
            self._needed = needed
            self.visible_size_needed.emit(needed)
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the picture fitted, or what is in the middle there."""
        super().resizeEvent(event)
        self._follow_screen()
        old = event.oldSize()
        if self._fitted or not old.isValid():
            self.fit()
        else:
            self._move_to(self._viewport.panned((self.width() - old.width()) / 2, (self.height() - old.height()) / 2))

    def changeEvent(self, event: QEvent) -> None:
        """Follow light and dark."""
        if event.type() == QEvent.Type.PaletteChange:
            self._display.set_surface(self.devicePixelRatioF(), self.palette())
        super().changeEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take what has no method of its own: gestures, another screen.

        The widget filters itself. Were ``event`` overridden instead, PySide6 6.11 would crash on an exception that C
        code (numpy) raises in ``paintEvent``, and not print it.
        """
        if watched is not self:
            return False
        if isinstance(event, QNativeGestureEvent):
            return self._on_gesture(event)
        if event.type() in (QEvent.Type.DevicePixelRatioChange, QEvent.Type.Show):
            self._follow_screen()
        return False

    def _follow_screen(self) -> None:
        """Draw for the screen's device pixel ratio, which another screen or setting may have changed."""
        ratio, before = self.devicePixelRatioF(), self._viewport.ratio
        if ratio == before:
            return
        middle = self._viewport.to_picture(Point(self.width() / 2, self.height() / 2))
        self._display.set_surface(ratio, self.palette())
        self._viewport = Viewport.centered(self.zoom * ratio / before, middle, self._view(), ratio)
        if self._fitted:
            self.fit()

    # Mouse, wheel, gestures, keys

    @property
    def _tool(self) -> Tool:
        return self._pan_tool if self._space_down else self._select_tool

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

    def _on_gesture(self, event: QNativeGestureEvent) -> bool:
        match event.gestureType():
            case Qt.NativeGestureType.ZoomNativeGesture:
                self.set_zoom(self.zoom * max(0.1, 1 + event.value()), event.position())
            case Qt.NativeGestureType.SmartZoomNativeGesture if self._fitted:
                self.set_zoom(1.0, event.position())
            case Qt.NativeGestureType.SmartZoomNativeGesture:
                self.fit()
            case _:
                return False
        return True
