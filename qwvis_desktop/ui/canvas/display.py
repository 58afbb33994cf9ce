"""``Display``: a document as it is seen: painted, with what is selected, pulled or drawn above it."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPoint, QRect, QRectF, QSize
from PySide6.QtGui import QImage, QPainter, QPalette, QPen

from qwvis_desktop.core.annotation import Cuboid
from qwvis_desktop.core.geometry import Box, Point
from qwvis_desktop.ui.canvas.edited_document import EditedDocument
from qwvis_desktop.ui.canvas.editing.cuboid_handles import View, paint_handles
from qwvis_desktop.ui.canvas.editing.cuboid_tools import cuboid_in
from qwvis_desktop.ui.canvas.editing.live_edit import Originals, paint_band, paint_crosshair, paint_original
from qwvis_desktop.ui.canvas.editing.plane_handles import paint_handles_round, paint_plane_handles
from qwvis_desktop.ui.canvas.overlays import is_dark
from qwvis_desktop.ui.canvas.painting.captions import paint_captions
from qwvis_desktop.ui.canvas.painting.composition import Composition
from qwvis_desktop.ui.canvas.painting.cuboid_painter import paint_cuboid_emphasis
from qwvis_desktop.ui.canvas.painting.draft import Draft
from qwvis_desktop.ui.canvas.painting.ground_grid import ground_of_document, paint_ground
from qwvis_desktop.ui.canvas.painting.marks import CuboidMark, Mark, mark_of
from qwvis_desktop.ui.canvas.painting.painters import paint_emphasis
from qwvis_desktop.ui.canvas.painting.placement import Placement
from qwvis_desktop.ui.canvas.painting.pointer_aids import paint_cross, paint_loupe
from qwvis_desktop.ui.canvas.painting.scene import Scene
from qwvis_desktop.ui.canvas.painting.text_marks import TextMarks, paint_order
from qwvis_desktop.ui.canvas.selected_layer import MAX_LIVE, SELECTED_FILL, SelectedLayer
from qwvis_desktop.ui.canvas.viewport import Viewport
from qwvis_desktop.ui.editor import DocumentEditor
from qwvis_desktop.ui.palette import mixed

_HOVERED_FILL = 40

_ZOOM_REST_MS = 6
"""After a scaled frame, until the exact one: as soon as the scaled one is on the screen and no further step came."""

_DRAFT_REST_MS = 120
"""After a drafted frame, until the exact one: a hand on a slider rests for longer than between two steps."""

_MAX_LIVE_CHIPS = 20
"""Selected annotations up to which each shows its chip above all others."""


class Display(EditedDocument):
    """What the canvas shows of a document, painted; above it what is selected, under the pointer, pulled or drawn."""

    def __init__(self, ratio: float, palette: QPalette, parent: QObject | None = None) -> None:
        super().__init__(ratio, palette, parent)
        self._draft = Draft()
        self.pointer: Point | None = None
        self._ground_shown = False
        self._preview: Cuboid | None = None
        self._selected = SelectedLayer()
        self._originals = Originals()
        self.text_marks = TextMarks()

    def show_editor(self, editor: DocumentEditor | None) -> None:
        """Show the document of ``editor`` and follow it; None for none."""
        self._preview = None
        self.text_marks = TextMarks()
        super().show_editor(editor)

    def paint(self, painter: QPainter, viewport: Viewport, view: QSize) -> None:
        """Paint what is under a view of ``view`` device pixels; the painter counts device pixels."""
        held = self._composition if self.is_held else None
        composition = held or self._up_to_date()
        at = Placement(viewport.zoom, viewport.placed)
        if self._is_drafting and self._draft.holds(at):
            self._draft.paint(painter, composition, at, view)
        else:
            # Who moves the picture has let go of the camera.
            self._is_drafting = False
            self._draft.drop()
            self.layer.paint(painter, composition, at, view)
        self._paint_ground(painter, at)
        self._paint_border(painter, composition, at)
        if self.moment is not None and self.look.annotations:
            paint_captions(painter, self.moment.events, self._picture_on(view, at), composition.style.chip_font)
        self._paint_live(painter, composition, at, view)
        self._paint_text_marks(painter, composition, at, view)
        if self.pointer is not None and self.look.crosshair:
            paint_cross(painter, at.point(self.pointer), view)
        if self.pointer is not None and self.look.loupe:
            paint_loupe(painter, composition, at, self.pointer, view=view, ratio=self._ratio)
        self._paint_edited(painter, composition, at, self.space(viewport) if self.editor is not None else None)
        self._paint_plane(painter, composition, at, viewport.ratio / viewport.zoom)
        if self._live.crosshair is not None:
            paint_crosshair(painter, self._live.crosshair, at, view)

    @property
    def is_exact(self) -> bool:
        """Whether the last paint showed what an exact one would; else ``refine`` is due after ``rest_ms``."""
        return not (self._is_drafting or self.is_held) and self.layer.is_exact and self._selected.is_exact

    @property
    def rest_ms(self) -> int:
        """For how long nothing must happen until ``refine``."""
        is_zooming = self.layer.is_scaled or not self._selected.is_exact or self.is_held
        return _DRAFT_REST_MS if self._is_drafting or not is_zooming else _ZOOM_REST_MS

    def refine(self) -> None:
        """Make the next paint an exact one."""
        self._settle()
        self._is_drafting = False
        self._draft.drop()
        self.layer.refine()
        self._selected.refine()

    def show_ground(self, shown: bool) -> None:
        """Show or hide the ground's grid and the horizon."""
        self._ground_shown = shown
        self.stale.emit()

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

    def follow_pointer(self, point: Point | None) -> None:
        """Draw crosshair and loupe, where they are wanted, at this place of the picture; None where it is beside."""
        if self.look.crosshair or self.look.loupe or self.pointer is not None:
            self.pointer = point
            self.stale.emit()

    def show_preview(self, cuboid: Cuboid | None) -> None:
        """Show a box in space as it would be, in place of the selected one's handles; None for none."""
        self._preview = cuboid
        self.stale.emit()

    def as_seen(self, viewport: Viewport, view: QSize) -> QImage:
        """Return the view in device pixels, exact, without what is selected or under the pointer."""
        image = QImage(view, QImage.Format.Format_RGB32)
        painter = QPainter(image)
        at = Placement(viewport.zoom, viewport.placed)
        composition = self._up_to_date()
        composition.look(image.rect(), at)
        composition.draw(painter, image.rect(), at)
        self._paint_ground(painter, at)
        painter.end()
        return image

    def _picture_on(self, view: QSize, at: Placement) -> QRectF:
        """Return what of the view the picture covers."""
        size = self.size
        assert size is not None, "nothing is open"
        return at.rect(Box.whole(size)) & QRectF(0, 0, view.width(), view.height())

    def _paint_border(self, painter: QPainter, composition: Composition, at: Placement) -> None:
        """Draw a thin line round the picture, so that one sees where a dark one ends on the dark ground."""
        size = composition.size
        share = 0.3 if is_dark(self._palette) else 0.2
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(QPen(mixed(composition.ground, self._palette.color(QPalette.ColorRole.WindowText), share), 1))
        x, y = int(at.corner.x), int(at.corner.y)
        painter.drawRect(QRect(x - 1, y - 1, round(size.width * at.zoom) + 1, round(size.height * at.zoom) + 1))

    def _paint_live(self, painter: QPainter, composition: Composition, at: Placement, view: QSize) -> None:
        scene = composition.scene
        if scene is None or self.editor is None:
            self._selected.drop()
            return
        selection, live = self.editor.selection, []
        if self.hovered is not None and self.hovered not in selection:
            live.append((self.hovered, _HOVERED_FILL))
        moving = self._live.replaced
        if self._live.is_of_many:
            self._paint_many(painter, composition, at, view)
            selection = frozenset()
        elif len(selection) > MAX_LIVE:
            self._selected.paint(painter, composition, selection, at, view)
            selection = frozenset()
        else:
            self._selected.drop()
            selection = selection - moving - ({self._preview.id} if self._preview is not None else set())
        for key, fill in [*((key, SELECTED_FILL) for key in selection), *live]:
            if key in scene.index:
                self._paint_emphasis(painter, scene.marks[scene.index[key]], at, fill)
        if self.layer.is_exact and len(selection) <= _MAX_LIVE_CHIPS:
            for key in [*selection, *(key for key, _ in live)]:
                if key in scene.index:
                    composition.draw_chip(painter, scene.index[key], at)

    def _paint_many(self, painter: QPainter, composition: Composition, at: Placement, view: QSize) -> None:
        """Draw what is selected, as it was drawn once, moved or stretched as the hand does it."""
        live, painted = self._live, painter.transform()
        if live.shift is not None:
            shift = live.shift
            there = Point(at.corner.x + round(shift.x * at.zoom), at.corner.y + round(shift.y * at.zoom))
            at = Placement(at.zoom, there)
        elif live.stretch is not None:
            painter.setTransform(at.stretched(live.stretch) * painted)
        self._selected.paint(painter, composition, live.replaced, at, view)
        painter.setTransform(painted)

    def _paint_text_marks(self, painter: QPainter, composition: Composition, at: Placement, view: QSize) -> None:
        """Draw what is selected and found of texts, and the numbers of their order."""
        if self.editor is None:
            return
        self.text_marks.paint(painter, self.editor.document.annotations, at)
        if self.look.order and composition.scene is not None:
            places = composition.places_under(QRect(QPoint(0, 0), view), at).tolist()
            seen = {composition.scene.marks[place].annotation.id for place in places}
            paint_order(painter, self.editor.document, seen, at=at, style=composition.style)

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
                self._paint_emphasis(painter, mark, at, SELECTED_FILL)
            composition.draw_chip_beside(painter, scene, at)
        cuboid = self._preview or self.edited()
        if cuboid is not None:
            paint_handles(painter, cuboid, view, at, self._ratio)

    def _paint_plane(self, painter: QPainter, composition: Composition, at: Placement, unit: float) -> None:
        """Draw what is edited or drawn in the plane, the handles of the selected one and where the model had it."""
        live = self._live
        for annotation in live.annotations:
            mark = mark_of(annotation)
            if mark is not None:
                self._paint_emphasis(painter, mark, at, SELECTED_FILL)
        chosen = self.chosen() if not self.is_held else ()
        if len(chosen) > 1 or self.is_held:
            box = self._live_bounds()
            if box is not None:
                paint_handles_round(painter, box, unit, at=at, ratio=self._ratio)
        if len(chosen) == 1 and self.editor is not None:
            (shown,) = live.annotations if len(live.annotations) == 1 and live.replaced else chosen
            read = self._originals.of(shown, self.editor.document)
            if read is not None:
                paint_original(painter, read, at, composition.style)
            paint_plane_handles(painter, shown, unit, at=at, ratio=self._ratio, vertex=self.vertex)
        if live.band is not None:
            paint_band(painter, live.band, at, self._ratio)
