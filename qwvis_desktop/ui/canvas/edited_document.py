"""``EditedDocument``: what of a document that is shown is selected, and what is under edit and not done yet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QObject
from PySide6.QtGui import QPalette

from qwvis_desktop.core.annotation import Annotation, Cuboid
from qwvis_desktop.core.geometry import Box, Point
from qwvis_desktop.core.plane.editing import bounds_of_all
from qwvis_desktop.core.plane.forms import corners_of, form_of
from qwvis_desktop.core.plane.stretching import Stretch
from qwvis_desktop.ui.canvas.editing.live_edit import LiveEdit
from qwvis_desktop.ui.canvas.hit_test import ids_in
from qwvis_desktop.ui.canvas.shown_document import FEW, ShownDocument, places_of
from qwvis_desktop.ui.editor import Change, DocumentEditor


class EditedDocument(ShownDocument):
    """A document that is shown, and what is done to it at this moment."""

    def __init__(self, ratio: float, palette: QPalette, parent: QObject | None = None) -> None:
        super().__init__(ratio, palette, parent)
        self._live = LiveEdit()
        self._chosen: tuple[Annotation, ...] | None = None
        self._chosen_ids: frozenset[str] | None = None
        self._chosen_bounds: Box | None = None
        self._held: Box | None = None
        self._awaits_change = False

    def show_editor(self, editor: DocumentEditor | None) -> None:
        """Show the document of ``editor`` and follow it; None for none."""
        self._live, self._held = LiveEdit(), None
        super().show_editor(editor)

    def edited(self) -> Cuboid | None:
        """Return the box in space that is selected alone and shown; None where there is none."""
        if self.editor is None or len(self.editor.selection) != 1 or not self.look.annotations:
            return None
        (key,) = self.editor.selection
        found = self.annotation(key)
        return found if isinstance(found, Cuboid) and self._is_shown(found) else None

    def chosen(self) -> tuple[Annotation, ...]:
        """Return what is selected and shown in the plane, in drawing order."""
        if self._chosen is None:
            self._chosen = self._find_chosen()
        return self._chosen

    def chosen_bounds(self) -> Box | None:
        """Return the box round all that is selected and shown in the plane; None where nothing is."""
        if self._chosen_bounds is None:
            chosen = self.chosen()
            # Of many, what is drawn of them knows it faster.
            is_many = len(chosen) > FEW
            self._chosen_bounds = self.bounds_of(self.chosen_ids()) if is_many else bounds_of_all(chosen)
        return self._chosen_bounds

    def chosen_ids(self) -> frozenset[str]:
        """Return the ids of what is selected and shown in the plane."""
        if self._chosen_ids is None:
            ids = frozenset(each.id for each in self.chosen())
            # The very same set where all is shown that is selected, so that what was drawn of it is used again.
            self._chosen_ids = self.editor.selection if self.editor and ids == self.editor.selection else ids
        return self._chosen_ids

    def _forget_chosen(self) -> None:
        """Find anew what is selected: asked for with each move of the pointer, it is kept meanwhile."""
        self._chosen = self._chosen_ids = self._chosen_bounds = None
        if self._awaits_change:
            self._awaits_change = False
        else:
            self._settle()

    def _on_selection(self) -> None:
        self._forget_chosen()
        super()._on_selection()

    def _on_visibility(self) -> None:
        self._forget_chosen()
        super()._on_visibility()

    def _on_changed(self, change: Change) -> None:
        self._forget_chosen()
        super()._on_changed(change)

    def _rebuild(self) -> None:
        self._forget_chosen()
        super()._rebuild()

    def _find_chosen(self) -> tuple[Annotation, ...]:
        editor = self.editor
        if editor is None or not editor.selection or not self.look.annotations:
            return ()
        shown = editor.selection - editor.hidden
        keys = shown if len(shown) == 1 else (key for key in editor.document.annotations if key in shown)
        # What is gone is selected for a moment still.
        found = map(self.annotation, keys)
        there = (each for each in found if each is not None and form_of(each) is not None)
        return tuple(there if self._filter.is_empty else filter(self._is_shown, there))

    def ids_within(self, box: Box) -> frozenset[str]:
        """Return the ids of what is shown and lies in ``box`` with all its bounds."""
        scene = self._up_to_date().scene if self._composition is not None else None
        return ids_in(scene, box) if scene is not None else frozenset()

    @property
    def vertex(self) -> int | None:
        """The corner of what is selected alone that keys move."""
        chosen = self.chosen()
        if self._live.vertex is None or len(chosen) != 1:
            return None
        key, place = self._live.vertex
        return place if key == chosen[0].id and place < len(corners_of(chosen[0])) else None

    def show_vertex(self, place: int | None) -> None:
        """Show the corner of what is selected alone that keys move; None for none."""
        chosen = self.chosen()
        self._live.vertex = (chosen[0].id, place) if place is not None and len(chosen) == 1 else None
        self.stale.emit()

    @property
    def is_held(self) -> bool:
        """Whether many are shown as they were dragged, though the hand has let go."""
        return self._held is not None

    def hold(self) -> None:
        """Go on showing many as they are dragged while they are put there, which is the next change.

        That takes as long as drawing them anew, and one frame would have to wait for both. It ends with ``refine``, any
        further change, or when somebody asks what lies where.
        """
        self._held = self._live_bounds() if self._live.is_of_many else None
        self._awaits_change = self.is_held

    def _settle(self) -> None:
        if self._held is not None:
            self.show_live(())

    def _live_bounds(self) -> Box | None:
        """Return the box round all that is selected in the plane, as it is at this moment of an edit."""
        live = self._live
        if live.annotations and live.replaced:
            return bounds_of_all(live.annotations)
        box = self._held or self.chosen_bounds()
        if box is None or self._held is not None:
            return box
        if live.stretch is not None:
            return live.stretch.box(box)
        return box.translated(*live.shift) if live.shift is not None else box

    def show_live(self, annotations: Sequence[Annotation], in_place_of: Sequence[Annotation] = ()) -> None:
        """Show annotations as they would be, in place of others; none for none."""
        self._held, self._awaits_change = None, False
        self._live.annotations = tuple(annotations)
        self._live.replaced = frozenset(each.id for each in in_place_of)
        self._live.shift = self._live.stretch = None
        self.lift(self._live.replaced)
        self.stale.emit()

    def show_moved(self, shift: Point) -> None:
        """Show all that is selected in the plane moved by pixels of the picture, until ``show_live`` shows another."""
        self._settle()
        self._live.annotations, self._live.replaced = (), self.chosen_ids()
        self._live.shift = shift
        self.lift(self._live.replaced)
        self.stale.emit()

    def show_stretched(self, stretch: Stretch) -> None:
        """Show all that is selected in the plane resized together, until ``show_live`` shows another."""
        self._settle()
        self._live.annotations, self._live.replaced = (), self.chosen_ids()
        self._live.stretch = stretch
        self.lift(self._live.replaced)
        self.stale.emit()

    def lift(self, ids: Iterable[str]) -> None:
        """Leave these out of what is kept, because they are drawn live while they are edited; none to put them back.

        Only the part of the view that they cover is drawn anew, however many others there are.
        """
        wanted = frozenset(ids)
        if wanted is self._lifted:
            return
        changed, self._lifted = wanted ^ self._lifted, wanted
        if self._composition is None or not changed:
            return
        composition = self._up_to_date()
        scene, at = composition.scene, self.layer.placement
        composition.lifted = places_of(wanted, scene)
        if len(changed) > FEW:
            self.layer.invalidate()
        elif scene is not None and at is not None:
            self.layer.redraw(composition, composition.extent(places_of(changed, scene), at))
        self.stale.emit()

    def show_band(self, band: Box | None) -> None:
        """Show the rubber band; None for none."""
        self._live.band = band
        self.stale.emit()

    def show_crosshair(self, place: Point | None) -> None:
        """Show lines through a place of the picture; None for none."""
        if place != self._live.crosshair:
            self._live.crosshair = place
            self.stale.emit()
