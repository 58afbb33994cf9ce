"""``PlaneEditing``: what tools for the plane ask of the canvas, which of them the left button has, and their keys."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from qwvis_desktop.core.annotation import Annotation, bounds_of
from qwvis_desktop.core.film_moment import FilmMoment, is_interpolated
from qwvis_desktop.core.geometry import Box, Point
from qwvis_desktop.core.plane.editing import with_new_vertex, without_vertex
from qwvis_desktop.core.plane.forms import Form, corners_of
from qwvis_desktop.core.plane.stretching import Stretch
from qwvis_desktop.ui.canvas.editing import cuboid_handles, plane_keys
from qwvis_desktop.ui.canvas.editing.cuboid_tools import DrawTool as DrawCuboidTool
from qwvis_desktop.ui.canvas.editing.cuboid_tools import EditTool
from qwvis_desktop.ui.canvas.editing.plane_tools import DrawTool, PlaneTool
from qwvis_desktop.ui.canvas.editing.space_editing import SpaceEditing
from qwvis_desktop.ui.canvas.editing.tools import Tool
from qwvis_desktop.ui.editor import DocumentEditor


class PlaneEditing(SpaceEditing):
    """Edits what is selected and draws what is new, with the pointer and by keys.

    Signals:
        drawing_changed(bool): whether the left button draws.
        drawn(Annotation): something was drawn that has no label yet; it is shown until ``show_live`` shows another.
        stepped(int): Tab asked for the next (1) or the previous (-1) annotation.
    """

    drawing_changed = Signal(bool)
    drawn = Signal(object)
    stepped = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cuboid_tool = EditTool(self)
        self._plane_tool = PlaneTool(self)
        self._draw_cuboid_tool = DrawCuboidTool(self)
        self._draw_tool = DrawTool(self)
        self._drawing: DrawCuboidTool | DrawTool | None = None
        self._active: Tool | None = None
        self._key_row = plane_keys.KeyRow()

    # What tools ask for

    def hold(self) -> None:
        """Show many as they are dragged for a moment longer: see ``EditedDocument.hold``."""
        self._display.hold()

    def show_stretched(self, stretch: Stretch) -> None:
        """Show all that is chosen resized together, until ``show_live`` shows another."""
        self._display.show_stretched(stretch)

    def show_moved(self, shift: Point) -> None:
        """Show all that is chosen moved by pixels of the picture, until ``show_live`` shows another."""
        self._display.show_moved(shift)

    def ids_within(self, box: Box) -> frozenset[str]:
        """Return what lies in a box of the picture."""
        return self._display.ids_within(box)

    def show_live(self, annotations: Sequence[Annotation], *, in_place_of: Sequence[Annotation] = ()) -> None:
        """Show annotations as they would be, in place of others; none for none."""
        self._display.show_live(annotations, in_place_of)

    def show_band(self, band: Box | None) -> None:
        """Show the rubber band; None for none."""
        self._display.show_band(band)

    def change_all(self, annotations: Sequence[Annotation], text: str, *, is_key: bool = False) -> None:
        """Ask the editor to put annotations in place of those with their ids, where anything changes by that."""
        editor = self._display.editor
        if editor is None:
            return
        moment, now = self._display.moment, editor.document.annotations
        is_same = all(now.get(each.id, each) == each for each in annotations)
        if moment is not None and any(map(is_interpolated, annotations)):
            _make_keys(editor, moment, annotations, text)
        elif not is_same and all(each.id in now for each in annotations):
            editor.replace(annotations, text, burst=self._key_row.of(annotations) if is_key else None)

    def finish_drawing(self, annotation: Annotation) -> None:
        """Hand over what was drawn; draw nothing further."""
        self._stop()
        moment = self._display.moment
        annotation = moment.timed(annotation) if moment is not None else annotation
        self.show_live([annotation])
        self.drawn.emit(annotation)

    # What is drawn

    @property
    def is_drawing(self) -> bool:
        """Whether the left button draws."""
        return self._drawing is not None

    def start_drawing(self, form: Form) -> None:
        """Let the left button, or Enter, draw something of this form."""
        if self._display.editor is None:
            return
        self.stop_drawing()
        self._draw_tool.start(form)
        self._start(self._draw_tool)

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
        self.stop_drawing()
        self._start(self._draw_cuboid_tool)

    def stop_drawing(self) -> None:
        """Let the left button select again; what was begun is forgotten."""
        if self._drawing is not None:
            self._drawing.cancel()
            self._stop()

    def _start(self, tool: DrawCuboidTool | DrawTool) -> None:
        self._drawing = tool
        self.show_cursor(self._tool.cursor)
        self.setFocus()
        self.drawing_changed.emit(True)

    def _stop(self) -> None:
        self._drawing = None
        self._display.show_crosshair(None)
        self.show_cursor(self._tool.cursor)
        self.drawing_changed.emit(False)

    @property
    def _tool(self) -> Tool:
        """What the left button does."""
        if self._drawing is not None:
            return self._drawing
        return self._cuboid_tool if self.edited() is not None else self._plane_tool

    # The pointer without a button

    def _look_at(self, place: QPointF) -> None:
        """Follow the pointer: the crosshair, what is drawn up to it, and how it looks over a handle."""
        if self._drawing is not None:
            self._display.show_crosshair(self.in_picture(place))
            if self._drawing is self._draw_tool:
                self._draw_tool.hover(place)
            return
        tool = self._tool
        shape = self._plane_tool.hover(place) if tool is self._plane_tool else None
        self.show_cursor(shape if shape is not None else tool.cursor)

    # Keys

    def _take_event(self, event: QEvent) -> bool:
        """Keep Escape from the window's shortcut, which stops a run, while there is something here to give up."""
        is_asked = event.type() == QEvent.Type.ShortcutOverride
        if is_asked and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape and self._is_busy:
            event.accept()
            return True
        return super()._take_event(event)

    @property
    def _is_busy(self) -> bool:
        pulls = self._active is not None and self._active in (self._cuboid_tool, self._plane_tool)
        return pulls or self._drawing is not None or self._display.vertex is not None

    def step_vertex(self, by: int) -> None:
        """Choose the next corner of what is selected alone, for keys to move; past the last one, none."""
        chosen = self.chosen()
        count = len(corners_of(chosen[0])) if len(chosen) == 1 else 0
        if count > 1:
            now = self._display.vertex
            following = (0 if by > 0 else count - 1) if now is None else now + by
            self._display.show_vertex(following if 0 <= following < count else None)

    def remove_vertex(self) -> bool:
        """Take the chosen corner out; say whether one was chosen."""
        vertex, chosen = self._display.vertex, self.chosen()
        if vertex is None or len(chosen) != 1:
            return False
        self.change_all([without_vertex(chosen[0], vertex)], self.tr("Take a corner out"))
        self._display.show_vertex(None)
        return True

    def add_vertex(self) -> None:
        """Put a corner in the middle of the side that begins at the chosen one, and choose it."""
        vertex, chosen = self._display.vertex, self.chosen()
        if vertex is None or len(chosen) != 1:
            return
        corners = corners_of(chosen[0])
        here, there = corners[vertex], corners[(vertex + 1) % len(corners)]
        middle = Point((here.x + there.x) / 2, (here.y + there.y) / 2)
        made = with_new_vertex(chosen[0], vertex + 1, middle)
        if made is not chosen[0]:
            self.change_all([made], self.tr("Add a corner"))
            self._display.show_vertex(vertex + 1)

    def _edit_by_key(self, event: QKeyEvent) -> bool:
        """Do what a key does to what is drawn or selected; say whether it does anything."""
        if event.key() == Qt.Key.Key_Escape:
            return self._give_up()
        if self._active is not None:
            return False
        if self._drawing is self._draw_tool:
            return self._draw_by_key(event)
        cuboid = self.edited()
        if cuboid is not None:
            made = cuboid_handles.by_key(cuboid, event.key(), event.modifiers(), self.space().convention)
            if made is not None and made != cuboid:
                self.change(made, self.tr("Change a cuboid"))
            return made is not None
        if event.key() == Qt.Key.Key_Insert and self._display.vertex is not None:
            self.add_vertex()
            return True
        chosen = self.chosen()
        found = plane_keys.by_key(chosen, event.key(), event.modifiers(), self.picture_size(), self._display.vertex)
        if found is not None:
            self.change_all(found, self.tr("Move by keys"), is_key=True)
        return found is not None

    def _give_up(self) -> bool:
        """Give up what was begun, one thing after the other; say whether there was any."""
        if self._active is not None and self._active in (self._cuboid_tool, self._plane_tool):
            self._cuboid_tool.cancel()
            self._plane_tool.cancel()
            return True
        if self._drawing is not None:
            self.stop_drawing()
            return True
        if self._display.vertex is not None:
            self._display.show_vertex(None)
            return True
        return False

    def _draw_by_key(self, event: QKeyEvent) -> bool:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._draw_tool.enter()
            return True
        if event.key() == Qt.Key.Key_Backspace:
            self._draw_tool.back()
            return True
        placed = self._draw_tool.placed
        if placed is None:
            return False
        made = plane_keys.by_key([placed], event.key(), event.modifiers(), self.picture_size())
        if made is not None:
            self._draw_tool.change(made[0])
        return made is not None


def _make_keys(editor: DocumentEditor, moment: FilmMoment, annotations: Sequence[Annotation], text: str) -> None:
    """Make boxes that were worked out between others ones of their tracks, in the same step as the rest."""
    replaced, new = moment.settled(each for each in annotations if moment.shown.get(each.id) != each)
    if replaced or new:
        with editor.step(text):
            editor.replace(replaced, text)
            editor.add(new, text)
        editor.select([*(each.id for each in replaced), *(each.id for each in new)])
