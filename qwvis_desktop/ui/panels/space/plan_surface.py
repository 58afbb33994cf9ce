"""``PlanSurface``: the plan one can move, zoom, select on, edit on and measure on."""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from qwvis_desktop.core.annotation import Cuboid
from qwvis_desktop.core.camera import HALF_TURNS_XYZ, AngleConvention
from qwvis_desktop.core.cuboid_editing import Face
from qwvis_desktop.core.geometry import Point
from qwvis_desktop.ui.panels.space.plan_edits import grown, moved_by, pulled, turn_between, turned_by
from qwvis_desktop.ui.panels.space.plan_gestures import Change, Gesture, Measure, Pan
from qwvis_desktop.ui.panels.space.plan_ground import REACH, PlanGround
from qwvis_desktop.ui.panels.space.plan_painter import Handles
from qwvis_desktop.ui.panels.space.space_surface import place_of

STEP, COARSE_STEP = 0.05, 0.5
"""Metres that a key moves a cuboid or a side of it."""

TURN, COARSE_TURN = 1.0, 10.0
"""Degrees that a key turns a cuboid."""

_ZOOM_STEP = 1.25
_PAN_STEP = 40.0
_ARROWS: dict[int, Point] = {
    Qt.Key.Key_Left: Point(-1.0, 0.0),
    Qt.Key.Key_Right: Point(1.0, 0.0),
    Qt.Key.Key_Up: Point(0.0, 1.0),
    Qt.Key.Key_Down: Point(0.0, -1.0),
}
_TURNS: dict[int, float] = {
    Qt.Key.Key_BracketLeft: TURN,
    Qt.Key.Key_BraceLeft: COARSE_TURN,
    Qt.Key.Key_BracketRight: -TURN,
    Qt.Key.Key_BraceRight: -COARSE_TURN,
}


class PlanSurface(PlanGround):
    """The plan.

    Signals:
        measuring_changed(bool): dragging measures (True) or moves (False) now.
    """

    measuring_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._gesture: Gesture | None = None
        self._held_text = ""
        self._modifiers = Qt.KeyboardModifier.NoModifier
        self.setAccessibleName(self.tr("Plan seen from above"))
        self.setAccessibleDescription(
            self.tr(
                "Tab goes to the next cuboid. Arrows move it by 5 cm, with Shift by 50 cm; [ and ] turn it by 1 "
                "degree, with Shift by 10. Ctrl and an arrow push the side that faces there outwards, Alt and an arrow "
                "inwards. M measures, F fits."
            )
        )
        self.installEventFilter(self)

    # Measuring

    def set_measuring(self, on: bool) -> None:
        """Let dragging measure, or move and select again."""
        if on != self._measuring:
            self._measuring, self._measured = on, None
            self.setCursor(self._rest_cursor)
            self.measuring_changed.emit(on)
            self._tell()

    def measure(self, start: Point, end: Point) -> None:
        """Show the distance between two places, in metres; nothing where they are one."""
        self._measured = None if start == end else (start, end)
        self._tell()

    @property
    def _rest_cursor(self) -> Qt.CursorShape:
        return Qt.CursorShape.CrossCursor if self._measuring else Qt.CursorShape.ArrowCursor

    # Editing

    def commit(self, text: str) -> None:
        """Make what is previewed true, as one undo step called ``text``."""
        changed, editor = self._preview, self.editor
        self._preview, self._held_text = (), ""
        if editor is None or not changed:
            return
        annotations = editor.document.annotations
        editor.replace([cuboid for cuboid in changed if annotations.get(cuboid.id) != cuboid], text)
        self._look_again(refit=False)

    def click(self, place: Point) -> None:
        """Select what is there."""
        self.select_at(self.place_at(place), self._modifiers)

    def forget_gesture(self) -> None:
        """Give up what the pointer or a key has begun."""
        self._gesture, self._held_text = None, ""
        self._measured = None
        self.setCursor(self._rest_cursor)
        if self._preview:
            self.set_preview(())

    def _begun(self, place: Point) -> Gesture:
        """Return what a press of the left button begins."""
        if self._measuring:
            return Measure(self, self._plan.to_ground(place))
        return self._handle_at(place) or self._moving(place) or Pan(self, place, clicks=True)

    def _moving(self, place: Point) -> Gesture | None:
        selected, found = self.selected, self._places_at(place)
        if self._modifiers != Qt.KeyboardModifier.NoModifier or not any(one in selected for one in found):
            return None
        cuboids = self.selected_cuboids
        return Change(
            self,
            place,
            lambda start, here: moved_by(cuboids, Point(here.x - start.x, here.y - start.y), self._convention),
            self._move_text(len(cuboids)),
            clicks=True,
        )

    def _handle_at(self, place: Point) -> Gesture | None:
        """Return the drag of the handle at a place of the widget."""
        selected = self.selected
        if len(selected) != 1:
            return None
        handles, cuboid = Handles.of(self.scene, selected[0], self._plan), self.scene.cuboids[selected[0]]
        if math.dist(place, handles.turn) <= REACH:
            center = Point(cuboid.center[0], cuboid.center[2])
            return Change(
                self,
                place,
                lambda start, here: turned_by((cuboid,), turn_between(center, start, here), self._convention),
                self.tr("Turn cuboid"),
            )
        side = min(range(4), key=lambda side: math.dist(place, handles.sides[side]))
        if math.dist(place, handles.sides[side]) > REACH:
            return None
        face = Face(*self.scene.sides[selected[0], side].tolist())
        return Change(
            self,
            place,
            lambda start, here: (pulled(cuboid, face, Point(here.x - start.x, here.y - start.y), self._convention),),
            self._resize_text(),
        )

    @property
    def _convention(self) -> AngleConvention:
        """What angles mean here; asked only while there is an editor."""
        return self.editor.document.convention if self.editor is not None else HALF_TURNS_XYZ

    # Mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin what the button does: the middle one moves the ground, the left one what is under it."""
        if self._gesture is not None or self.is_empty:
            return
        self._finish_keys()
        self._modifiers = event.modifiers()
        if event.button() == Qt.MouseButton.LeftButton:
            self._gesture = self._begun(place_of(event))
        elif event.button() == Qt.MouseButton.MiddleButton:
            self._gesture = Pan(self, place_of(event), clicks=False)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with what was begun, or show what is under the pointer."""
        place = place_of(event)
        if self._gesture is not None:
            self._gesture.move(place)
            self.setCursor(self._gesture.cursor)
        elif not self.is_empty:
            handle = None if self._measuring else self._handle_at(place)
            self.setCursor(handle.cursor if handle else self._rest_cursor)
            self.hover(self.place_at(place))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End what was begun."""
        gesture, self._gesture = self._gesture, None
        if gesture is not None:
            gesture.release(place_of(event))
            self.setCursor(self._rest_cursor)

    # Keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move, turn and resize what is selected; move and zoom the ground."""
        if self.is_empty or self._gesture is not None or not (self._edit_by(event) or self._look_by(event)):
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Make what was done while the key was down one undo step."""
        if not event.isAutoRepeat():
            self._finish_keys()
        super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take a key that is still down for released: its release goes elsewhere."""
        self._finish_keys()
        super().focusOutEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep Escape from the window's shortcut while there is something here to give up."""
        asked = watched is self and event.type() == QEvent.Type.ShortcutOverride
        if asked and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape and self._busy:
            event.accept()
            return True
        return False

    @property
    def _busy(self) -> bool:
        return self._gesture is not None or self._measuring or bool(self._preview)

    def _edit_by(self, event: QKeyEvent) -> bool:
        """Change what is selected; say whether the key does such a thing."""
        cuboids, modifiers = self.selected_cuboids, event.modifiers()
        coarse = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
        if not cuboids:
            return False
        if event.key() in _TURNS:
            turn = math.copysign(COARSE_TURN, _TURNS[event.key()]) if coarse else _TURNS[event.key()]
            self._hold(turned_by(cuboids, turn, self._convention), self.tr("Turn cuboid"))
            return True
        way = _ARROWS.get(event.key())
        if way is None:
            return False
        step = COARSE_STEP if coarse else STEP
        if modifiers & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier):
            outwards = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
            changed = grown(cuboids, way, step if outwards else -step, self._convention)
            self._hold(changed, self._resize_text())
        else:
            changed = moved_by(cuboids, Point(way.x * step, way.y * step), self._convention)
            self._hold(changed, self._move_text(len(cuboids)))
        return True

    def _look_by(self, event: QKeyEvent) -> bool:
        """Move or zoom the ground, or change what dragging does; say whether the key does such a thing."""
        acts: dict[int, Callable[[], None]] = {
            Qt.Key.Key_M: lambda: self.set_measuring(not self._measuring),
            Qt.Key.Key_F: self.fit,
            Qt.Key.Key_0: self.fit,
            Qt.Key.Key_Plus: lambda: self.zoom(_ZOOM_STEP),
            Qt.Key.Key_Equal: lambda: self.zoom(_ZOOM_STEP),
            Qt.Key.Key_Minus: lambda: self.zoom(1 / _ZOOM_STEP),
        }
        act, way = acts.get(event.key()), _ARROWS.get(event.key())
        plain = not event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier)
        if event.key() == Qt.Key.Key_Escape and self._busy:
            self._give_up()
        elif act is not None and plain:
            act()
        elif way is not None and plain:
            self.set_plan(self._plan.panned(-way.x * _PAN_STEP, way.y * _PAN_STEP))
        else:
            return False
        return True

    def _give_up(self) -> None:
        """Give up what goes on; else stop measuring."""
        if self._gesture is None and not self._preview:
            self.set_measuring(False)
        self.forget_gesture()
        self._tell()

    def _hold(self, changed: tuple[Cuboid, ...], text: str) -> None:
        """Show what a key makes of cuboids, until it is released or another does something else."""
        if self._held_text and self._held_text != text:
            self._finish_keys()
        self._held_text = text
        self.set_preview(changed)
        self.reveal(self.selected[0])

    def _finish_keys(self) -> None:
        if self._held_text:
            self.commit(self._held_text)

    def _move_text(self, count: int) -> str:
        return self.tr("Move cuboid") if count == 1 else self.tr("Move cuboids")

    def _resize_text(self) -> str:
        return self.tr("Resize cuboid")
