"""``OrbitSurface``: the scene in perspective; one can circle it, move and zoom, and select on it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QWidget

from qwvis_desktop.core.geometry import Point
from qwvis_desktop.ui.panels.space.orbit_painter import OrbitPainter, SeenScene
from qwvis_desktop.ui.panels.space.plan_gestures import THRESHOLD
from qwvis_desktop.ui.panels.space.space_camera import PRESETS, OrbitCamera
from qwvis_desktop.ui.panels.space.space_strokes import Inks
from qwvis_desktop.ui.panels.space.space_surface import SpaceSurface, place_of, small

_KEY_STEP = 12.0
"""Units of the view that an arrow key turns or moves by."""

VIEWS = (*PRESETS, "camera")
"""The views that keys 1 to 4 choose."""

_ARROWS: dict[int, tuple[float, float]] = {
    Qt.Key.Key_Left: (-_KEY_STEP, 0.0),
    Qt.Key.Key_Right: (_KEY_STEP, 0.0),
    Qt.Key.Key_Up: (0.0, -_KEY_STEP),
    Qt.Key.Key_Down: (0.0, _KEY_STEP),
}


class OrbitSurface(SpaceSurface):
    """The scene in perspective."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._eye = OrbitCamera(float(self.width()), float(self.height()))
        self._pressed: tuple[Point, Qt.MouseButton, Qt.KeyboardModifier] | None = None
        self._before: OrbitCamera | None = None
        self.setAccessibleName(self.tr("Scene in perspective"))
        self.setAccessibleDescription(
            self.tr(
                "Arrows circle the scene, with Shift they move it, + and - zoom. 1 looks from the front, 2 from above, "
                "3 from the side, 4 from the camera. Tab goes to the next cuboid."
            )
        )

    # The eye

    @property
    def eye(self) -> OrbitCamera:
        """From where the scene is seen."""
        return self._eye

    def set_eye(self, eye: OrbitCamera) -> None:
        """See the scene from elsewhere."""
        self._fitted = False
        self._eye = eye
        self._tell()

    def fit(self) -> None:
        """Show all cuboids but those far beyond the others, from where one looks now."""
        if not self.is_empty:
            scene = self.scene
            self._eye = self._eye.fitted(scene.corners[scene.near()].reshape(-1, 3))
        self._fitted = True
        self._tell()

    def look(self, view: str) -> None:
        """Look from the "front", the "top", the "side" (all fitted) or from the document's "camera"."""
        if view == "camera":
            self.set_eye(self._eye.at_camera())
        else:
            self._eye = self._eye.looking(view)
            self.fit()

    def zoom(self, factor: float, anchor: QPointF | None = None) -> None:
        """Zoom round a place of the widget, its middle where none is given."""
        place = anchor if anchor is not None else QPointF(self.width() / 2, self.height() / 2)
        self.set_eye(self._eye.zoomed(factor, Point(place.x(), place.y())))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """See as much as before."""
        super().resizeEvent(event)
        self._eye = self._eye.sized(float(self.width()), float(self.height()))
        if self._fitted:
            self.fit()

    # Drawing

    def paint_scene(self, painter: QPainter) -> None:
        """Draw the scene."""
        assert self.editor is not None
        document = self.editor.document
        painter.setFont(small(self.font()))
        drawn = OrbitPainter(
            Inks.of(self.palette()), self.chips(), document.camera, document.size, self.selected, self.hovered
        )
        drawn.paint(painter, SeenScene.of(self.scene, self._eye))

    def place_at(self, place: Point) -> int | None:
        """Return the nearest cuboid under a place of the widget."""
        return None if self.is_empty else SeenScene.of(self.scene, self._eye).place_at(place)

    # Mouse and keys

    def forget_gesture(self) -> None:
        """Give up what the pointer has begun."""
        self._pressed = self._before = None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to circle (left), or to move (middle, or left with Shift)."""
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton) and self._pressed is None:
            self._pressed, self._before = (place_of(event), event.button(), event.modifiers()), None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Circle or move; else show what is under the pointer."""
        place = place_of(event)
        if self._pressed is None:
            self.hover(self.place_at(place))
            return
        start, button, modifiers = self._pressed
        dx, dy = place.x - start.x, place.y - start.y
        if self._before is None and max(abs(dx), abs(dy)) >= THRESHOLD:
            self._before = self._eye
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        if self._before is not None:
            moves = button == Qt.MouseButton.MiddleButton or bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
            # What is before the eye goes along with the pointer: the eye goes the other way.
            self.set_eye(self._before.panned(dx, dy) if moves else self._before.orbited(-dx, dy))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End; a press that did not move selects."""
        pressed, dragged = self._pressed, self._before is not None
        self.forget_gesture()
        self.unsetCursor()
        if pressed is not None and not dragged and pressed[1] == Qt.MouseButton.LeftButton:
            self.select_at(self.place_at(place_of(event)), pressed[2])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Circle, move and zoom; choose a view."""
        acts: dict[int, Callable[[], None]] = {
            Qt.Key.Key_1 + number: partial(self.look, view) for number, view in enumerate(VIEWS)
        }
        acts |= {
            Qt.Key.Key_F: self.fit,
            Qt.Key.Key_0: self.fit,
            Qt.Key.Key_Plus: lambda: self.zoom(1.25),
            Qt.Key.Key_Equal: lambda: self.zoom(1.25),
            Qt.Key.Key_Minus: lambda: self.zoom(0.8),
        }
        act, way = acts.get(event.key()), _ARROWS.get(event.key())
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        plain = not event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier)
        if self.is_empty or not plain or (act is None and way is None):
            super().keyPressEvent(event)
        elif act is not None:
            act()
        elif way is not None:
            self.set_eye(self._eye.panned(-way[0], -way[1]) if shift else self._eye.orbited(*way))
