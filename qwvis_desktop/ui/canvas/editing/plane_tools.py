"""Tools for what lies in the plane: pulling what is selected, the rubber band, and drawing something new."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import QCoreApplication, QPointF, Qt
from PySide6.QtWidgets import QApplication

from qwvis_desktop.core.annotation import Annotation
from qwvis_desktop.core.geometry import Box, Point, Size
from qwvis_desktop.core.plane.editing import without_vertex
from qwvis_desktop.core.plane.forms import Form
from qwvis_desktop.core.plane.stretching import Stretch
from qwvis_desktop.ui.canvas.editing.plane_handles import Grip, Handle, Pull, handle_at, handles_of, handles_round
from qwvis_desktop.ui.canvas.editing.sketches import Sketch, placed, sketch_of
from qwvis_desktop.ui.canvas.editing.tools import SelectTool, Surface

_FEW = 60
"""Annotations up to which each is changed with the pointer; of more, what is drawn is, until the hand lets go."""

_SHIFT, _CONTROL, _ALT = (
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
)


class PlaneSurface(Surface, Protocol):
    """What these tools may ask of the view."""

    @property
    def unit(self) -> float:
        """How many picture pixels a widget unit is."""

    def picture_size(self) -> Size:
        """Return the size of the picture; one must be open."""

    def seen(self) -> Box:
        """Return the part of the picture's plane that is seen."""

    def in_picture(self, place: QPointF) -> Point:
        """Return the place of the picture under one of the widget."""

    def chosen(self) -> tuple[Annotation, ...]:
        """Return what is selected and shown in the plane."""

    def ids_within(self, box: Box) -> frozenset[str]:
        """Return what lies in a box of the picture."""

    def show_live(self, annotations: Sequence[Annotation], *, in_place_of: Sequence[Annotation] = ()) -> None:
        """Show annotations as they would be, in place of others; none for none."""

    def chosen_ids(self) -> frozenset[str]:
        """Return the ids of what is selected and shown in the plane."""

    def show_moved(self, shift: Point) -> None:
        """Show all that is chosen moved by pixels of the picture, until ``show_live`` shows another."""

    def chosen_bounds(self) -> Box | None:
        """Return the box round all that is chosen; None for none."""

    def hold(self) -> None:
        """Show many as they are dragged for a moment longer, though they are put there."""

    def show_stretched(self, stretch: Stretch) -> None:
        """Show all that is chosen resized together, until ``show_live`` shows another."""

    def show_band(self, band: Box | None) -> None:
        """Show the rubber band; None for none."""

    def change_all(self, annotations: Sequence[Annotation], text: str, *, is_key: bool = False) -> None:
        """Put annotations in place of those with their ids, as an undo step; those of keys in a row are one."""

    def finish_drawing(self, annotation: Annotation) -> None:
        """Hand over what was drawn; draw nothing further."""


class PlaneTool:
    """Pulls what is selected; whatever else is pressed is for selecting and for moving the picture.

    A handle resizes, turns or moves a corner; with Shift the ratio stays, or the turn goes in steps. The body moves,
    and all that is selected with it; handles round several resize them together. A click on a corner with Alt takes it
    out. A drag with Shift or Ctrl is a rubber band.
    """

    cursor = Qt.CursorShape.ArrowCursor

    def __init__(self, surface: PlaneSurface) -> None:
        self._surface = surface
        self._select = SelectTool(surface)
        self._pull: Pull | None = None
        self._band: Point | None = None
        self._start = QPointF()
        self._shown: tuple[Annotation, ...] | None = None
        self._is_dragging = self._is_cancelled = self._takes_out = False

    def hover(self, place: QPointF) -> Qt.CursorShape | None:
        """Return how the pointer looks over a place; None where it is nothing to pull."""
        handle = self._handle_at(place)
        if handle is not None:
            return handle.cursor
        return Qt.CursorShape.SizeAllCursor if self._is_on_chosen(place) else None

    def press(self, place: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Take hold of what lies under the pointer."""
        self._start, self._shown, self._band = place, None, None
        self._is_dragging = self._is_cancelled = False
        self._pull = self._grasped(place, modifiers)
        self._takes_out = self._pull is not None and self._pull.handle.grip is Grip.VERTEX and bool(modifiers & _ALT)
        if self._pull is None and modifiers & (_SHIFT | _CONTROL):
            self._band = self._surface.in_picture(place)
        self._select.press(place, modifiers)

    def _grasped(self, place: QPointF, modifiers: Qt.KeyboardModifier) -> Pull | None:
        handle = self._handle_at(place)
        if handle is None:
            if modifiers & (_SHIFT | _CONTROL | _ALT) or not self._is_on_chosen(place):
                return None
            handle = Handle(Grip.BODY, self._surface.in_picture(place))
        return Pull(
            handle,
            self._surface.in_picture(place),
            self._surface.chosen(),
            self._surface.picture_size(),
            steadies=bool(modifiers & _SHIFT),
            bends=bool(modifiers & _CONTROL),
        )

    def _handle_at(self, place: QPointF) -> Handle | None:
        chosen, unit = self._surface.chosen(), self._surface.unit
        if not chosen:
            return None
        is_alone = len(chosen) == 1
        handles = handles_of(chosen[0], unit) if is_alone else handles_round(self._surface.chosen_bounds(), unit)
        return handle_at(handles, self._surface.in_picture(place), unit)

    def _is_on_chosen(self, place: QPointF) -> bool:
        chosen = self._surface.chosen_ids()
        return bool(chosen) and not chosen.isdisjoint(self._surface.ids_at(place))

    def move(self, place: QPointF) -> Qt.CursorShape | None:
        """Show what the pull makes of the selection."""
        if self._is_cancelled:
            return None
        if self._pull is None and self._band is None:
            return self._select.move(place)
        if not self._is_dragging and (place - self._start).manhattanLength() < QApplication.startDragDistance():
            return None
        self._is_dragging = True
        if self._band is not None:
            self._surface.show_band(Box.from_corners(self._band, self._surface.in_picture(place)))
            return Qt.CursorShape.CrossCursor
        assert self._pull is not None  # neither band nor pull is the picture's
        if len(self._pull.annotations) > _FEW and self._pull.stretches:
            self._surface.show_stretched(self._pull.stretch(self._surface.in_picture(place)))
        elif len(self._pull.annotations) > _FEW:
            self._surface.show_moved(self._pull.shift(self._surface.in_picture(place)))
        else:
            self._shown = self._pull.to(self._surface.in_picture(place))
            self._surface.show_live(self._shown, in_place_of=self._pull.annotations)
        return Qt.CursorShape.ClosedHandCursor if self._pull.handle.grip is Grip.BODY else None

    def release(self, place: QPointF) -> None:
        """Make the pull an undo step, or select what the band holds."""
        pull, shown, band, self._pull, self._shown, self._band = self._pull, self._shown, self._band, None, None, None
        if self._is_cancelled:
            return
        if not self._is_dragging:
            if pull is not None and self._takes_out:
                self._surface.change_all([without_vertex(pull.annotations[0], pull.handle.index)], _take_out_text())
            elif pull is None or pull.handle.grip is Grip.BODY:
                self._select.release(place)
            return
        self._surface.show_band(None)
        if pull is not None and len(pull.annotations) > _FEW:
            self._surface.hold()
        else:
            self._surface.show_live(())
        if band is not None:
            box = Box.from_corners(band, self._surface.in_picture(place))
            self._surface.select(self._surface.selected() | self._surface.ids_within(box))
        elif pull is not None:
            self._surface.change_all(shown or pull.to(self._surface.in_picture(place)), pull.text)

    def cancel(self) -> None:
        """Leave all as it was; the release does nothing."""
        self._is_cancelled = True
        self._pull = self._shown = self._band = None
        self._surface.show_band(None)
        self._surface.show_live(())


def _take_out_text() -> str:
    return QCoreApplication.translate("Canvas", "Take a corner out")


class DrawTool:
    """Draws something of a form; with the pointer, or placed by a key and moved by keys."""

    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, surface: PlaneSurface) -> None:
        self._surface = surface
        self._form = Form.BOX
        self._sketch: Sketch | None = None
        self.placed: Annotation | None = None

    def start(self, form: Form) -> None:
        """Draw something of this form from now on."""
        self.cancel()
        self._form = form

    def hover(self, place: QPointF) -> None:
        """Show what there would be with a click here."""
        if self._sketch is not None:
            self._sketch.move(self._surface.in_picture(place))
            self._show()

    def press(self, place: QPointF, _modifiers: Qt.KeyboardModifier) -> None:
        """Go on with the sketch; the first press begins it."""
        self.placed = None
        if self._sketch is None:
            # The picture does not move while something is drawn, but it may be zoomed between two sketches.
            self._sketch = sketch_of(self._form, self._surface.picture_size(), self._surface.unit)
        self._sketch.press(self._surface.in_picture(place))
        self._show()

    def move(self, place: QPointF) -> Qt.CursorShape | None:
        """Show what there is."""
        self.hover(place)
        return None

    def release(self, place: QPointF) -> None:
        """Hand it over where it is complete."""
        if self._sketch is not None:
            self._end(self._sketch.release(self._surface.in_picture(place)))

    def enter(self) -> None:
        """Complete what there is; or, where there is nothing, place something in the middle of the view."""
        if self._sketch is not None:
            self._end(self._sketch.finish())
        elif self.placed is not None:
            self._end(self.placed)
        else:
            self.change(placed(self._form, self._surface.seen(), self._surface.picture_size()))

    def close(self) -> bool:
        """Complete what is drawn corner by corner, for a double click; say whether that is what is drawn."""
        is_polygon = self._sketch is not None and self._form is Form.POLYGON
        if is_polygon:
            self.enter()
        return is_polygon

    def change(self, annotation: Annotation) -> None:
        """Take what was placed to be this now."""
        self.placed = annotation
        self._surface.show_live([annotation])

    def back(self) -> None:
        """Take the last click back."""
        if self._sketch is not None:
            self._sketch.back()
            self._show()

    def cancel(self) -> None:
        """Draw nothing."""
        self._sketch = self.placed = None
        self._surface.show_live(())

    def _end(self, made: Annotation | None) -> None:
        self._show()
        if made is not None:
            self._sketch = self.placed = None
            self._surface.finish_drawing(made)

    def _show(self) -> None:
        shown = self._sketch.shown if self._sketch is not None else self.placed
        self._surface.show_live([shown] if shown is not None else ())
