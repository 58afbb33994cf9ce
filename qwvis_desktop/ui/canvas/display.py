"""``Display``: a document as it is seen. It follows its editor, keeps scene and layer, and paints them."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, QRect, QSize, Signal
from PySide6.QtGui import QImage, QPainter, QPalette, QPen

from qwvis_desktop.core.annotation import Annotation, Cuboid
from qwvis_desktop.core.geometry import Box, Point, Size
from qwvis_desktop.ui.canvas.cuboid_handles import View, paint_handles
from qwvis_desktop.ui.canvas.cuboid_painter import paint_cuboid_emphasis
from qwvis_desktop.ui.canvas.cuboid_tools import cuboid_in
from qwvis_desktop.ui.canvas.draft import Draft
from qwvis_desktop.ui.canvas.ground_grid import ground_of_document, paint_ground
from qwvis_desktop.ui.canvas.hit_test import marks_at
from qwvis_desktop.ui.canvas.layers import Composition, KeptLayer
from qwvis_desktop.ui.canvas.overlays import blank_of, ground_of, is_dark
from qwvis_desktop.ui.canvas.painters import paint_emphasis
from qwvis_desktop.ui.canvas.placement import Placement
from qwvis_desktop.ui.canvas.scene import CuboidMark, Mark, Scene
from qwvis_desktop.ui.canvas.style import Style
from qwvis_desktop.ui.canvas.viewport import Viewport
from qwvis_desktop.ui.editor import Change, DocumentEditor
from qwvis_desktop.ui.images import Picture
from qwvis_desktop.ui.palette import mixed

REACH = 8.0
"""Widget units within which a keypoint is met."""

_SELECTED_FILL, _HOVERED_FILL = 56, 40

_ZOOM_REST_MS = 6
"""After a scaled frame, until the exact one: as soon as the scaled one is on the screen and no further step came."""

_DRAFT_REST_MS = 120
"""After a drafted frame, until the exact one: a hand on a slider rests for longer than between two steps."""

_MAX_LIVE_CHIPS = 20
"""Selected annotations up to which each shows its chip above all others."""


class Display(QObject):
    """What the canvas shows of a document.

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
        self._labels_shown = True
        self._annotations_shown = True
        self._scene_is_stale = True
        self._fresh: int | None = None
        self._draft = Draft()
        self._is_drafting = False
        self._ground_shown = False
        self._preview: Cuboid | None = None

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
            self.editor.selection_changed.disconnect(self.stale)
            self.editor.visibility_changed.disconnect(self._on_visibility)
            self.editor.camera_changed.disconnect(self._on_camera)
        self.editor = editor
        self.picture, self.hovered, self._preview = None, None, None
        if editor is not None:
            editor.changed.connect(self._on_changed)
            editor.selection_changed.connect(self.stale)
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

    def set_surface(self, ratio: float, palette: QPalette) -> None:
        """Draw for a screen of ``ratio`` device pixels per widget unit, in these colours."""
        self._ratio, self._palette = ratio, palette
        self._rebuild()

    def show_labels(self, shown: bool) -> None:
        """Show or hide the chips."""
        self._labels_shown = shown
        self._rebuild()

    def show_annotations(self, shown: bool) -> None:
        """Show or hide all annotations; which of them are hidden one by one is the editor's."""
        self._annotations_shown, self.hovered = shown, None
        self._rebuild()

    def hover(self, key: str | None) -> None:
        """Show what lies under the pointer; None for nothing."""
        if key != self.hovered:
            self.hovered = key
            self.stale.emit()

    def paint(self, painter: QPainter, viewport: Viewport, view: QSize) -> None:
        """Paint what is under a view of ``view`` device pixels; the painter counts device pixels."""
        composition = self._up_to_date()
        at = Placement(viewport.zoom, viewport.placed)
        if self._is_drafting:
            self._draft.paint(painter, composition, at, view)
        else:
            self.layer.paint(painter, composition, at, view)
        self._paint_ground(painter, at)
        self._paint_border(painter, composition, at)
        self._paint_live(painter, composition, at)
        self._paint_edited(painter, composition, at, self.space(viewport) if self.editor is not None else None)

    @property
    def is_exact(self) -> bool:
        """Whether the last paint showed what an exact one would; else ``refine`` is due after ``rest_ms``."""
        return not self._is_drafting and self.layer.is_exact

    @property
    def rest_ms(self) -> int:
        """For how long nothing must happen until ``refine``."""
        return _DRAFT_REST_MS if self._is_drafting or not self.layer.is_scaled else _ZOOM_REST_MS

    def refine(self) -> None:
        """Make the next paint an exact one."""
        if self._is_drafting:
            self._is_drafting = False
            self._draft.drop()
        else:
            self.layer.refine()

    def show_ground(self, shown: bool) -> None:
        """Show or hide the ground's grid and the horizon."""
        self._ground_shown = shown
        self.stale.emit()

    def edited(self) -> Cuboid | None:
        """Return the box in space that is selected alone and shown; None where there is none."""
        if self.editor is None or len(self.editor.selection) != 1 or not self._annotations_shown:
            return None
        (key,) = self.editor.selection
        found = self.annotation(key)
        return found if isinstance(found, Cuboid) and key not in self.editor.hidden else None

    def space(self, viewport: Viewport) -> View:
        """Return what boxes in space are seen through; a document must be open."""
        assert self.editor is not None, "nothing is open"
        document = self.editor.document
        return View(document.camera, document.convention, viewport.ratio / viewport.zoom)

    def cuboid_in(self, frame: Box, label: str = "") -> Cuboid:
        """Return a new box in space that is seen in ``frame``; a document must be open."""
        assert self.editor is not None, "nothing is open"
        document = self.editor.document
        others = (each for each in document.annotations.values() if isinstance(each, Cuboid))
        return cuboid_in(frame, others, document.camera, document.convention, label)

    def show_preview(self, cuboid: Cuboid | None) -> None:
        """Show a box in space as it would be, in place of the selected one's handles; None for none."""
        self._preview = cuboid
        self.stale.emit()

    def as_seen(self, viewport: Viewport, view: QSize) -> QImage:
        """Return the view in device pixels, exact, without what is selected or under the pointer."""
        image = QImage(view, QImage.Format.Format_RGB32)
        painter = QPainter(image)
        at = Placement(viewport.zoom, viewport.placed)
        self._up_to_date().draw(painter, image.rect(), at)
        self._paint_ground(painter, at)
        painter.end()
        return image

    def ids_at(self, point: Point, zoom: float) -> list[str]:
        """Return the ids under a place of the picture, the likeliest meant first."""
        if self._composition is None:
            return []
        scene = self._up_to_date().scene
        if scene is None:
            return []
        return [scene.marks[place].annotation.id for place in marks_at(scene, point, REACH * self._ratio / zoom)]

    def annotation(self, key: str) -> Annotation | None:
        """Return the annotation with this id; None where it is gone."""
        return self.editor.document.annotations.get(key) if self.editor is not None else None

    def bounds_of(self, ids: Iterable[str]) -> Box | None:
        """Return the box round these annotations on the picture; None where none of them has a place on it."""
        if self._composition is None:
            return None
        scene = self._up_to_date().scene
        boxes = [scene.marks[scene.index[key]].bounds for key in ids if key in scene.index] if scene is not None else []
        if not boxes:
            return None
        return Box(
            min(box.left for box in boxes),
            min(box.top for box in boxes),
            max(box.right for box in boxes),
            max(box.bottom for box in boxes),
        )

    def _up_to_date(self) -> Composition:
        composition = self._composition
        assert composition is not None, "nothing is open"
        if self._scene_is_stale:
            composition.scene = self._new_scene()
            self._scene_is_stale, self._fresh = False, None
            self.layer.invalidate()
        if self._fresh is not None:
            self.layer.add(composition, self._fresh)
            self._fresh = None
        return composition

    def _new_scene(self) -> Scene | None:
        if self.editor is None or not self._annotations_shown or not self.editor.document.annotations:
            return None
        document, hidden = self.editor.document, self.editor.hidden
        scene = Scene(document.size, document.camera, document.convention)
        scene.append(a for a in document.annotations.values() if a.id not in hidden)
        return scene

    def _rebuild(self) -> None:
        size = self.size
        self._scene_is_stale = True
        if size is None:
            self._composition = None
        else:
            style = Style.for_screen(self._ratio, self._labels_shown)
            self._composition = Composition(
                size, style, ground_of(self._palette), blank_of(self._palette), self.picture
            )
        self._invalidate()

    def invalidate(self) -> None:
        """Drop all that was drawn and placed."""
        if self._composition is not None:
            self._composition.forget_labels()
        self._invalidate()

    def _invalidate(self) -> None:
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
            self._is_drafting = True
            self.invalidate()
        self.stale.emit()

    def _on_changed(self, change: Change) -> None:
        if self.hovered in change.removed:
            self.hovered = None
        if self._are_last(change) and not self._scene_is_stale and self._annotations_shown:
            self._append(change.added)
        else:
            self._scene_is_stale = True
        self.stale.emit()

    def _are_last(self, change: Change) -> bool:
        """Say whether a change only put annotations above all others, as a streaming reply does."""
        if change.removed or change.replaced or self.editor is None:
            return False
        return self.editor.document.order()[-len(change.added) :] == change.added

    def _append(self, ids: Iterable[str]) -> None:
        if self._composition is None or self.editor is None:
            return
        if self._composition.scene is None:
            document = self.editor.document
            self._composition.scene = Scene(document.size, document.camera, document.convention)
        scene, hidden = self._composition.scene, self.editor.hidden
        start = len(scene)
        scene.append(self.editor.document.annotations[key] for key in ids if key not in hidden)
        self._fresh = start if self._fresh is None else min(self._fresh, start)

    def _paint_border(self, painter: QPainter, composition: Composition, at: Placement) -> None:
        """Draw a thin line round the picture, so that one sees where a dark one ends on the dark ground."""
        size = composition.size
        share = 0.3 if is_dark(self._palette) else 0.2
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(QPen(mixed(composition.ground, self._palette.color(QPalette.ColorRole.WindowText), share), 1))
        x, y = int(at.corner.x), int(at.corner.y)
        painter.drawRect(QRect(x - 1, y - 1, round(size.width * at.zoom) + 1, round(size.height * at.zoom) + 1))

    def _paint_live(self, painter: QPainter, composition: Composition, at: Placement) -> None:
        scene = composition.scene
        if scene is None or self.editor is None:
            return
        selection, live = self.editor.selection, []
        if self.hovered is not None and self.hovered not in selection:
            live.append((self.hovered, _HOVERED_FILL))
        if self._preview is not None:
            selection = selection - {self._preview.id}
        for key, fill in [*((key, _SELECTED_FILL) for key in selection), *live]:
            if key in scene.index:
                self._paint_emphasis(painter, scene.marks[scene.index[key]], at, fill)
        if self.layer.is_exact and len(selection) <= _MAX_LIVE_CHIPS:
            for key in [*selection, *(key for key, _ in live)]:
                if key in scene.index:
                    composition.draw_chip(painter, scene.index[key], at)

    def _paint_emphasis(self, painter: QPainter, mark: Mark | CuboidMark, at: Placement, fill: int) -> None:
        composition = self._composition
        assert composition is not None
        if isinstance(mark, CuboidMark):
            paint_cuboid_emphasis(painter, mark, at, composition.style, fill=fill, size=composition.size)
        else:
            paint_emphasis(painter, mark, at, composition.style, fill)

    def _paint_ground(self, painter: QPainter, at: Placement) -> None:
        if self._ground_shown and self.editor is not None:
            document = self.editor.document
            paint_ground(painter, ground_of_document(document), document.camera, document.size, at)

    def _paint_edited(self, painter: QPainter, composition: Composition, at: Placement, view: View | None) -> None:
        """Draw the box in space that is pulled or drawn, and the handles of the selected one."""
        if view is None:
            return
        if self._preview is not None:
            scene = Scene(composition.size, view.camera, view.convention)
            scene.append([self._preview])
            for mark in scene.marks:
                self._paint_emphasis(painter, mark, at, _SELECTED_FILL)
            composition.draw_chip_beside(painter, scene, at)
        cuboid = self._preview or self.edited()
        if cuboid is not None:
            paint_handles(painter, cuboid, view, at, self._ratio)
