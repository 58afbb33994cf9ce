"""``Composition``: all that is drawn of a document, exactly: picture, marks and chips. Window and exports share it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from qwvis_desktop.core.annotation import Annotation, TextRegion
from qwvis_desktop.core.geometry import Size
from qwvis_desktop.ui.canvas.look import TextView
from qwvis_desktop.ui.canvas.painting.labels import ChipSheet, LabelPlan
from qwvis_desktop.ui.canvas.painting.painters import MAX_HALOS, paint_chips, paint_marks
from qwvis_desktop.ui.canvas.painting.placement import Placement
from qwvis_desktop.ui.canvas.painting.scene import Scene
from qwvis_desktop.ui.canvas.painting.style import Style
from qwvis_desktop.ui.canvas.painting.text_painter import PAPER, paint_texts
from qwvis_desktop.ui.images import Detail, Picture

if TYPE_CHECKING:  # numpy is slow to load and the window opens without it
    import numpy as np
    from numpy.typing import NDArray

_SMOOTH_BELOW = 2.0
"""Zoom from which on single pixels are shown as squares."""


@dataclass(slots=True)
class Composition:
    """All that is drawn of a document, and how.

    Attributes:
        size: of the upright original.
        picture: None until it is decoded; its place is drawn blank.
        detail: a sharp part of a large picture, drawn above the picture where it is sharper.
        scene: None where there is nothing to draw on the picture.
        opacity: of all that is drawn above the picture, 0 to 1.
        text: whether texts are drawn over the picture, or on white in place of it.
        lifted: places of the scene that are not drawn: what is under edit is drawn live, above all else.
        is_crowded: so much is on view that lines have no halos; said of a whole view by ``look``, so that what is
            drawn of it piece by piece looks the same.
    """

    size: Size
    style: Style
    ground: QColor
    blank: QColor
    picture: Picture | None = None
    detail: Detail | None = None
    scene: Scene | None = None
    opacity: float = 1.0
    text: TextView = TextView.OFF
    lifted: frozenset[int] = frozenset()
    is_crowded: bool = False
    _moved: bool = field(default=False, init=False)
    _sheet: ChipSheet | None = field(default=None, init=False)
    _plan: LabelPlan | None = field(default=None, init=False)
    _former: LabelPlan | None = field(default=None, init=False)

    def look(self, area: QRect, at: Placement) -> int:
        """Note how much there is under ``area``, all of what will be on view; return how many marks."""
        if self._moved:
            self.forget_labels()
        count = len(self.places_under(area, at)) if self.scene is not None else 0
        self.is_crowded = count > MAX_HALOS
        return count

    def draw(self, painter: QPainter, area: QRect, at: Placement) -> None:
        """Draw exactly what belongs under ``area`` of the surface."""
        self.draw_picture(painter, area, at)
        self.draw_marks(painter, area, at)
        if self.opacity < 1.0:
            # The picture drawn over it again: opaque lines are drawn thirty times faster than translucent ones.
            painter.setOpacity(1.0 - self.opacity)
            self._draw_pixels(painter, area, at)
            painter.setOpacity(1.0)

    def places_under(self, area: QRect, at: Placement) -> NDArray[np.intp]:
        """Return the places of the marks that may be seen under ``area``; there must be a scene."""
        assert self.scene is not None
        reach = self.style.line * 2 + self.style.marker + 2
        return self.scene.within(at.to_picture(QRectF(area), reach))

    def draw_marks(self, painter: QPainter, area: QRect, at: Placement, since: int = 0) -> None:
        """Draw the marks under ``area``, from place ``since`` of the scene on, and their chips."""
        if self.scene is None or not len(self.scene):
            return
        places = self.places_under(area, at)
        self._draw_places(painter, places[places >= since] if since else places, at)
        self.draw_chips(painter, area, at, since)

    def draw_frames(self, painter: QPainter, area: QRect, at: Placement) -> None:
        """Draw the marks under ``area`` without their chips."""
        if self.scene is not None and len(self.scene):
            self._draw_places(painter, self.places_under(area, at), at)

    def _draw_places(self, painter: QPainter, places: NDArray[np.intp], at: Placement) -> None:
        assert self.scene is not None
        if self.lifted:
            places = places[[place not in self.lifted for place in places.tolist()]]
        if self.text is not TextView.OFF:
            places = self._draw_texts(painter, places, at)
        paint_marks(painter, self.scene, places, at, self.mark_style)

    def _draw_texts(self, painter: QPainter, places: NDArray[np.intp], at: Placement) -> NDArray[np.intp]:
        """Draw the texts among these marks; return the places of the others, which have frames."""
        assert self.scene is not None
        are_text = self.scene.are_text[places]
        found = (self.scene.marks[place].annotation for place in places[are_text].tolist())
        regions = [each for each in found if isinstance(each, TextRegion)]
        paint_texts(painter, regions, at, cover=self.text is TextView.OVER)
        return places[~are_text]

    def draw_chips(self, painter: QPainter, area: QRect, at: Placement, since: int = 0) -> None:
        """Draw the chips under ``area`` of the marks from place ``since`` of the scene on."""
        if self.scene is not None and self.style.labels:
            plan, sheet = self._labels(at.zoom)
            paint_chips(painter, self.scene, plan, sheet, area=QRectF(area), at=at, since=since, without=self.lifted)

    @property
    def mark_style(self) -> Style:
        """The style of the marks as crowded as they are."""
        return replace(self.style, halo=False) if self.is_crowded else self.style

    def extent(self, places: Iterable[int], at: Placement) -> QRect:
        """Return what these marks and their chips cover of the surface."""
        assert self.scene is not None
        reach = round(self.style.line * 2 + self.style.marker + 2)
        covered = QRect()
        for place in places:
            covered |= at.rect(self.scene.marks[place].bounds).toAlignedRect().adjusted(-reach, -reach, reach, reach)
            if self.style.labels and self._plan is not None and self._plan.scene is self.scene:
                chip = self._plan.chip(place)
                if chip is not None and self._plan.zoom == at.zoom:
                    covered |= QRectF(chip).translated(at.corner.x, at.corner.y).toAlignedRect()
        return covered

    def draw_picture(self, painter: QPainter, area: QRect, at: Placement) -> None:
        """Draw the picture as far as it lies under ``area``, and the ground round it."""
        painter.fillRect(area, self.ground)
        self._draw_pixels(painter, area, at)

    def _draw_pixels(self, painter: QPainter, area: QRect, at: Placement) -> None:
        whole = QRectF(at.corner.x, at.corner.y, self.size.width * at.zoom, self.size.height * at.zoom)
        shown = whole & QRectF(area)
        if shown.isEmpty():
            return
        if self.picture is None or self.text is TextView.INSTEAD:
            painter.fillRect(shown, PAPER if self.text is TextView.INSTEAD else self.blank)
            return
        level = self.picture.level_for(at.zoom)
        _draw_level(painter, level, whole, shown, at.zoom)
        if self.detail is not None and self.detail.part.shrink * level.width() < self.size.width:
            box = self.detail.part.box
            left, top = at.corner.x + box.left * at.zoom, at.corner.y + box.top * at.zoom
            place = QRectF(left, top, box.width * at.zoom, box.height * at.zoom)
            part = place & shown
            if not part.isEmpty():
                painter.save()
                painter.setClipRect(part, Qt.ClipOperation.IntersectClip)
                _draw_level(painter, self.detail.image, place, part, at.zoom)
                painter.restore()

    def _labels(self, zoom: float) -> tuple[LabelPlan, ChipSheet]:
        assert self.scene is not None
        if self._sheet is None:
            self._sheet = ChipSheet(self.style)
        plan = self._plan
        if plan is None or plan.scene is not self.scene or plan.zoom != zoom:
            # How wide chips are stays so, wherever they are placed.
            former = plan or self._former
            widths = former.widths if former is not None and former.scene is self.scene else None
            plan = LabelPlan(self.scene, self._sheet, picture=self.size, zoom=zoom, style=self.style, widths=widths)
            self._plan, self._former = plan, None
        plan.extend()
        return plan, self._sheet

    def forget_labels(self) -> None:
        """Place all chips anew with the next paint; the drawn chips are kept."""
        self._former, self._plan, self._moved = self._plan or self._former, None, False

    def replace(self, annotations: Sequence[Annotation], at: Placement) -> QRect | None:
        """Put annotations in the places of those with the same ids; return what changes of the surface.

        Their chips are left out until a whole view is looked at anew, which places all of them. None where one of
        them cannot be replaced in place; then the scene must be made anew.
        """
        scene = self.scene
        if scene is None or any(annotation.id not in scene.index for annotation in annotations):
            return None
        places = [scene.index[annotation.id] for annotation in annotations]
        before = self.extent(places, at)
        if not all(scene.replace(annotation) for annotation in annotations):
            return None
        if self._plan is not None:
            self._plan.take_out(places)
        self._moved = True
        return before | self.extent(places, at)

    def draw_chip(self, painter: QPainter, place: int, at: Placement) -> None:
        """Draw the chip of the mark at this place of the scene, also where it found no room among the others."""
        if self.scene is None or not self.style.labels or not self.scene.captions[place]:
            return
        plan, sheet = self._labels(at.zoom)
        chip = sheet.image(self.scene.captions[place], int(self.scene.colors[place]))
        x, y = at.corner
        found = plan.corner(place)
        if found is None:
            frame = at.rect(self.scene.marks[place].bounds)
            corner = QPointF(frame.left(), max(frame.top() - chip.height(), y))
        else:
            corner = QPointF(found[0] + x, found[1] + y)
        painter.drawImage(corner, chip)

    def draw_chip_beside(self, painter: QPainter, scene: Scene, at: Placement) -> None:
        """Draw the chip of the only mark of another scene above it, whatever is there."""
        if not len(scene) or not self.style.labels or not scene.captions[0]:
            return
        if self._sheet is None:
            self._sheet = ChipSheet(self.style)
        chip = self._sheet.image(scene.captions[0], int(scene.colors[0]))
        frame = at.rect(scene.marks[0].bounds)
        painter.drawImage(QPointF(frame.left(), max(frame.top() - chip.height(), at.corner.y)), chip)


def _draw_level(painter: QPainter, level: QImage, whole: QRectF, shown: QRectF, zoom: float) -> None:
    """Draw of an image that fills ``whole`` what lies under ``shown``."""
    across, down = level.width() / whole.width(), level.height() / whole.height()
    # Whole pixels of the level, one more on each side: where it is enlarged, those at the border of a strip must
    # be mixed with their neighbours as everywhere else. What is drawn too much is clipped.
    part = QRectF(
        (shown.left() - whole.left()) * across,
        (shown.top() - whole.top()) * down,
        shown.width() * across,
        shown.height() * down,
    )
    source = part.toAlignedRect().adjusted(-1, -1, 1, 1) & level.rect()
    target = QRectF(
        whole.left() + source.left() / across,
        whole.top() + source.top() / down,
        source.width() / across,
        source.height() / down,
    )
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, zoom < _SMOOTH_BELOW and across != 1.0)
    painter.drawImage(target, level, QRectF(source))
