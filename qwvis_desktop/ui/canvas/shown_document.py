"""``ShownDocument``: what there is to draw of a document. It follows its editor and keeps scene and layer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QPalette

from qwvis_desktop.core.annotation import Annotation
from qwvis_desktop.core.annotation_filter import AnnotationFilter
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.film_moment import FilmMoment
from qwvis_desktop.core.geometry import Box, Point, Size
from qwvis_desktop.ui.canvas.hit_test import marks_at
from qwvis_desktop.ui.canvas.look import Look, TextView
from qwvis_desktop.ui.canvas.overlays import blank_of, ground_of
from qwvis_desktop.ui.canvas.painting.composition import Composition
from qwvis_desktop.ui.canvas.painting.layers import KeptLayer
from qwvis_desktop.ui.canvas.painting.scene import Scene
from qwvis_desktop.ui.canvas.painting.style import Style
from qwvis_desktop.ui.editor import Change, DocumentEditor
from qwvis_desktop.ui.images import Detail, Picture

FEW = 50
"""Changed annotations up to which each is drawn anew by itself."""

REACH = 8.0
"""Widget units within which a keypoint is met."""


class ShownDocument(QObject):
    """A document that is shown: it follows its editor, and keeps what is drawn of it up to date.

    Args:
        ratio: device pixels per widget unit.
        palette: light or dark.

    Signals:
        stale(): what was painted is not so any more.
    """

    stale = Signal()

    def __init__(self, ratio: float, palette: QPalette, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.layer = KeptLayer()
        self.editor: DocumentEditor | None = None
        self.hovered: str | None = None
        self._palette = palette
        self.picture: Picture | None = None
        self._composition: Composition | None = None
        self._ratio = ratio
        self.look = Look()
        self._filter = AnnotationFilter()
        self._scene_is_stale = True
        self._fresh: int | None = None
        self._is_drafting = False
        self._lifted: frozenset[str] = frozenset()
        self.moment: FilmMoment | None = None

    @property
    def size(self) -> Size | None:
        """Size of the upright original; None where nothing is open."""
        if self.editor is not None:
            return self.editor.document.size
        return self.picture.size if self.picture is not None else None

    def show_editor(self, editor: DocumentEditor | None) -> None:
        """Show the document of ``editor`` and follow it; None for none."""
        if self.editor is not None:
            self.editor.changed.disconnect(self._on_changed)
            self.editor.selection_changed.disconnect(self._on_selection)
            self.editor.visibility_changed.disconnect(self._on_visibility)
            self.editor.camera_changed.disconnect(self._on_camera)
        self.editor = editor
        self.picture, self.hovered, self.moment = None, None, None
        if editor is not None:
            editor.changed.connect(self._on_changed)
            editor.selection_changed.connect(self._on_selection)
            editor.visibility_changed.connect(self._on_visibility)
            editor.camera_changed.connect(self._on_camera)
        self._rebuild()

    def set_picture(self, picture: Picture | None) -> None:
        """Show this picture, perhaps a preview, under the annotations."""
        before = self.size
        self.picture = picture
        if self._composition is None or before != self.size:
            self._rebuild()
            return
        self._composition.picture = picture
        self._invalidate()

    def show_moment(self, moment: FilmMoment | None) -> None:
        """Show only what is seen at a moment of a film, or all; called again where the moment is another."""
        self.moment = moment
        self._on_visibility()

    def set_detail(self, detail: Detail | None) -> None:
        """Show a sharp part of the picture above it; None for none."""
        if self._composition is not None:
            self._composition.detail = detail
            self._invalidate()

    @property
    def detail(self) -> Detail | None:
        """The sharp part that is shown; None where none is."""
        return self._composition.detail if self._composition is not None else None

    def set_surface(self, ratio: float, palette: QPalette) -> None:
        """Draw for a screen of ``ratio`` device pixels per widget unit, in these colours."""
        self._ratio, self._palette = ratio, palette
        self._rebuild()

    def set_look(self, look: Look) -> None:
        """Show annotations in this way; which of them are hidden one by one is the editor's."""
        if look != self.look:
            self.look, self.hovered = look, None
            self._rebuild()

    def set_filter(self, wanted: AnnotationFilter) -> None:
        """Show only what this lets through."""
        if wanted != self._filter:
            self._filter, self.hovered = wanted, None
            self._on_visibility()

    def let_through(self) -> tuple[Annotation, ...]:
        """Return what neither an eye nor the filter hides, in drawing order."""
        if self.editor is None:
            return ()
        look = replace(self.look, only_selected=False)
        return tuple(_shown_of(self.editor.document.annotations.values(), self.editor, look, self._filter))

    def _is_shown(self, annotation: Annotation) -> bool:
        return self.editor is not None and _is_shown(annotation, self.editor, self.look, self._filter)

    def _on_selection(self) -> None:
        if self.look.only_selected:
            self._scene_is_stale = True
        self.stale.emit()

    def hover(self, key: str | None) -> None:
        """Show what lies under the pointer; None for nothing."""
        if key != self.hovered:
            self.hovered = key
            self.stale.emit()

    def ids_at(self, point: Point, zoom: float) -> list[str]:
        """Return the ids under a place of the picture, the likeliest meant first."""
        if self._composition is None:
            return []
        scene = self._up_to_date().scene
        if scene is None:
            return []
        return [scene.marks[place].annotation.id for place in marks_at(scene, point, REACH * self._ratio / zoom)]

    def annotation(self, key: str) -> Annotation | None:
        """Return the annotation with this id as it is seen; None where it is gone, or not there now."""
        if self.moment is not None:
            return self.moment.shown.get(key)
        return self.editor.document.annotations.get(key) if self.editor is not None else None

    def bounds_of(self, ids: Iterable[str]) -> Box | None:
        """Return the box round these annotations on the picture; None where none of them has a place on it."""
        if self._composition is None:
            return None
        scene = self._up_to_date().scene
        return scene.bounds_of(ids) if scene is not None else None

    def _settle(self) -> None:
        """Show what is, where something was put off."""

    def _up_to_date(self) -> Composition:
        self._settle()
        composition = self._composition
        assert composition is not None, "nothing is open"
        if self._scene_is_stale:
            composition.scene = self._new_scene()
            composition.lifted = places_of(self._lifted, composition.scene)
            self._scene_is_stale, self._fresh, self._is_drafting = False, None, False
            self.layer.invalidate()
        if self._fresh is not None:
            self.layer.add(composition, self._fresh)
            self._fresh = None
        return composition

    def _new_scene(self) -> Scene | None:
        if self.editor is None or not self.look.annotations or not self.editor.document.annotations:
            return None
        shown = tuple(_shown_of(_now(self.editor, self.moment), self.editor, self.look, self._filter))
        return _scene_of(shown, self.editor.document, self.look) if shown or self.moment is None else None

    def _rebuild(self) -> None:
        size, detail = self.size, self.detail
        self._scene_is_stale = True
        if size is None:
            self._composition = None
        else:
            style = Style.for_screen(self._ratio, self.look)
            self._composition = Composition(
                size, style, ground_of(self._palette), blank_of(self._palette), self.picture
            )
            self._composition.opacity, self._composition.text = self.look.opacity / 100, self.look.text
            if self.picture is not None:
                self._composition.detail = detail
        self._invalidate()

    def invalidate(self) -> None:
        """Drop all that was drawn and placed."""
        if self._composition is not None:
            self._composition.forget_labels()
        self._invalidate()

    def _invalidate(self) -> None:
        self._is_drafting = False
        self.layer.invalidate()
        self.stale.emit()

    def _on_visibility(self) -> None:
        self._scene_is_stale = True
        self.stale.emit()

    def _on_camera(self) -> None:
        """See the boxes in space anew; while a slider moves, only they are drawn again."""
        scene = self._composition.scene if self._composition is not None else None
        if scene is None or self._scene_is_stale or self.editor is None:
            self._on_visibility()
            return
        document = self.editor.document
        if scene.cuboids.convention != document.convention:
            self._on_visibility()
        elif len(scene.cuboids):
            scene.look_through(document.camera)
            self.invalidate()
            self._is_drafting = True
        self.stale.emit()

    def _on_changed(self, change: Change) -> None:
        if self.hovered in change.removed:
            self.hovered = None
        if self.moment is not None:
            self._scene_is_stale = True
        elif _are_last(change, self.editor) and not self._scene_is_stale and self.look.annotations:
            self._append(change.added)
        elif not self._replace(change):
            self._scene_is_stale = True
        self.stale.emit()

    def _replace(self, change: Change) -> bool:
        """Draw a few changed annotations anew and nothing else; say whether that was possible."""
        composition, at = self._composition, self.layer.placement
        can = 0 < change.only_replaced <= FEW and not self._scene_is_stale
        if not can or composition is None or self.editor is None or at is None:
            return False
        annotations = self.editor.document.annotations
        changed = [annotations[key] for key in change.replaced]
        if not all(map(self._is_shown, changed)):
            return False  # one that passed the filter may not pass it any more
        area = composition.replace(changed, at)
        if area is None:
            return False
        self.layer.redraw(composition, area)
        self.layer.doubt()
        return True

    def _append(self, ids: Iterable[str]) -> None:
        if self._composition is None or self.editor is None:
            return
        if self._composition.scene is None:
            self._composition.scene = _empty_scene(self.editor.document, self.look)
        scene = self._composition.scene
        start = len(scene)
        scene.append(filter(self._is_shown, (self.editor.document.annotations[key] for key in ids)))
        self._fresh = start if self._fresh is None else min(self._fresh, start)


def _empty_scene(document: Document, look: Look) -> Scene:
    return Scene(
        document.size, document.camera, document.convention, scores=look.scores, texts=look.text is TextView.OFF
    )


def _scene_of(annotations: Iterable[Annotation], document: Document, look: Look) -> Scene:
    scene = _empty_scene(document, look)
    scene.append(annotations)
    return scene


def _shown_of(
    annotations: Iterable[Annotation], editor: DocumentEditor, look: Look, wanted: AnnotationFilter
) -> Iterable[Annotation]:
    if wanted.is_empty and not (editor.hidden or look.only_selected):
        return annotations
    return (annotation for annotation in annotations if _is_shown(annotation, editor, look, wanted))


def _is_shown(annotation: Annotation, editor: DocumentEditor, look: Look, wanted: AnnotationFilter) -> bool:
    if annotation.id in editor.hidden or (look.only_selected and annotation.id not in editor.selection):
        return False
    return wanted.is_empty or wanted.passes(annotation, tuple(editor.document.runs))


def places_of(ids: Iterable[str], scene: Scene | None) -> frozenset[int]:
    """Return the places in a scene of those of these annotations that are in it."""
    return frozenset(scene.index[key] for key in ids if key in scene.index) if scene is not None else frozenset()


def _now(editor: DocumentEditor, moment: FilmMoment | None) -> Iterable[Annotation]:
    """Return what there is to be seen, in drawing order."""
    return moment.shown.values() if moment is not None else editor.document.annotations.values()


def _are_last(change: Change, editor: DocumentEditor | None) -> bool:
    """Say whether a change only put annotations above all others, as a streaming reply does."""
    if change.removed or change.replaced or editor is None:
        return False
    return editor.document.order()[-len(change.added) :] == change.added
