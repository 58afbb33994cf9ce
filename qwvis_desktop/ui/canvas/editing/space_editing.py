"""``SpaceEditing``: what tools for boxes in space ask of the canvas."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, Qt, Signal

from qwvis_desktop.core.annotation import Annotation, Cuboid
from qwvis_desktop.core.geometry import Box, Point, Size
from qwvis_desktop.ui.canvas.editing.cuboid_handles import View
from qwvis_desktop.ui.canvas.surface import ZoomSurface


class SpaceEditing(ZoomSurface):
    """Knows what lies where, and asks the editor for changes of boxes in space.

    Signals:
        cuboid_previewed(Cuboid | None): a box in space as it would be while it is pulled or drawn; None when that ends.
    """

    cuboid_previewed = Signal(object)

    _shape: Qt.CursorShape | None = None

    def show_cursor(self, shape: Qt.CursorShape) -> None:
        """Let the pointer look like this; Qt would tell everybody with each move that it looks as it did."""
        if shape != self._shape:
            self._shape = shape
            self.setCursor(shape)

    def let_through(self) -> tuple[Annotation, ...]:
        """Return what neither an eye nor the filter hides, in drawing order."""
        return self._display.let_through()

    def ids_at(self, place: QPointF) -> Sequence[str]:
        """Return the annotations under a place of the widget, the likeliest meant first."""
        return self._display.ids_at(self._viewport.to_picture(Point(place.x(), place.y())), self.zoom)

    @property
    def unit(self) -> float:
        """How many picture pixels a widget unit is."""
        return self._viewport.ratio / self._viewport.zoom

    def picture_size(self) -> Size:
        """Return the size of the picture; one must be open."""
        size = self._display.size
        assert size is not None, "nothing is open"
        return size

    def seen(self) -> Box:
        """Return the part of the picture's plane that is seen."""
        return self._viewport.visible(self._view())

    def chosen(self) -> tuple[Annotation, ...]:
        """Return what is selected and shown in the plane, in drawing order."""
        return self._display.chosen()

    def chosen_ids(self) -> frozenset[str]:
        """Return the ids of what is selected and shown in the plane."""
        return self._display.chosen_ids()

    def chosen_bounds(self) -> Box | None:
        """Return the box round all that is selected and shown in the plane."""
        return self._display.chosen_bounds()

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

    def stop_drawing(self) -> None:
        """Let the left button select again."""
