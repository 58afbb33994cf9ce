"""What the canvas shows, drawn once and kept.

``Composition`` draws picture, marks and chips exactly. ``KeptLayer`` keeps what it drew, with a margin round the view:
panning copies it, new marks are drawn onto it, and zooming shows it scaled for a moment where drawing exactly would
miss the frame.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize
from PySide6.QtGui import QColor, QImage, QPainter

from qwvis_desktop.core.geometry import Point, Size
from qwvis_desktop.ui.canvas.labels import ChipSheet, LabelPlan
from qwvis_desktop.ui.canvas.painters import paint_chips, paint_marks
from qwvis_desktop.ui.canvas.placement import Placement
from qwvis_desktop.ui.canvas.scene import Scene
from qwvis_desktop.ui.canvas.style import Style
from qwvis_desktop.ui.images import Picture

if TYPE_CHECKING:  # numpy is slow to load and the window opens without it
    import numpy as np
    from numpy.typing import NDArray

MARGIN = 128
"""Device pixels drawn beyond each side of the view."""

FRAME_MS = 8.0
"""What an exact paint may take within one frame of 60 Hz, the rest being for the event and the screen."""

_SMOOTH_BELOW = 2.0
"""Zoom from which on single pixels are shown as squares."""


@dataclass(slots=True)
class Composition:
    """All that is drawn of a document, and how.

    Attributes:
        size: of the upright original.
        picture: None until it is decoded; its place is drawn blank.
        scene: None where there is nothing to draw on the picture.
    """

    size: Size
    style: Style
    ground: QColor
    blank: QColor
    picture: Picture | None = None
    scene: Scene | None = None
    _sheet: ChipSheet | None = field(default=None, init=False)
    _plan: LabelPlan | None = field(default=None, init=False)

    def draw(self, painter: QPainter, area: QRect, at: Placement) -> None:
        """Draw exactly what belongs under ``area`` of the surface."""
        self.draw_picture(painter, area, at)
        self.draw_marks(painter, area, at)

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
        if since:
            places = places[places >= since]
        paint_marks(painter, self.scene, places, at, self.style)
        self.draw_chips(painter, area, at, since)

    def draw_chips(self, painter: QPainter, area: QRect, at: Placement, since: int = 0) -> None:
        """Draw the chips under ``area`` of the marks from place ``since`` of the scene on."""
        if self.scene is not None and self.style.labels:
            plan, sheet = self._labels(at.zoom)
            paint_chips(painter, self.scene, plan, sheet, area=QRectF(area), at=at, since=since)

    def draw_picture(self, painter: QPainter, area: QRect, at: Placement) -> None:
        """Draw the picture as far as it lies under ``area``, and the ground round it."""
        painter.fillRect(area, self.ground)
        whole = QRectF(at.corner.x, at.corner.y, self.size.width * at.zoom, self.size.height * at.zoom)
        shown = whole & QRectF(area)
        if shown.isEmpty():
            return
        if self.picture is None:
            painter.fillRect(shown, self.blank)
            return
        level = self.picture.level_for(at.zoom)
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
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, at.zoom < _SMOOTH_BELOW and across != 1.0)
        painter.drawImage(target, level, QRectF(source))

    def _labels(self, zoom: float) -> tuple[LabelPlan, ChipSheet]:
        assert self.scene is not None
        if self._sheet is None:
            self._sheet = ChipSheet(self.style)
        former = self._plan if self._plan is not None and self._plan.scene is self.scene else None
        if former is None or former.zoom != zoom:
            widths = former.widths if former is not None else None
            self._plan = LabelPlan(
                self.scene, self._sheet, picture=self.size, zoom=zoom, style=self.style, widths=widths
            )
        assert self._plan is not None
        self._plan.extend()
        return self._plan, self._sheet

    def forget_labels(self) -> None:
        """Place all chips anew with the next paint; the drawn chips are kept."""
        self._plan = None

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


@dataclass(slots=True)
class _Kept:
    """A drawn layer: its image, where the picture lies on it, and whether it is as painted anew."""

    image: QImage
    at: Placement
    is_exact: bool = True


class KeptLayer:
    """The view with a margin, drawn by a ``Composition`` and used again.

    Attributes:
        is_exact: whether the last ``paint`` showed what an exact one would; else ``refine`` is due.
        is_scaled: whether it showed a scaled moment of a zoom.
        exact_paints: how often all was drawn.
    """

    def __init__(self) -> None:
        self._kept: _Kept | None = None
        self._cost_ms = 0.0
        self._count = 0
        self.is_exact = True
        self.is_scaled = False
        self.exact_paints = 0

    def invalidate(self) -> None:
        """Drop what is kept: something on it is not so any more."""
        self._kept = None

    def paint(self, painter: QPainter, composition: Composition, at: Placement, view: QSize) -> None:
        """Show the view on ``painter``; surface pixels are device pixels and ``at`` is the view's."""
        kept = self._kept
        if kept is not None and kept.at.zoom != at.zoom:
            if self._would_miss_the_frame(composition, at, view):
                self._paint_scaled(painter, composition, kept, at, view)
                self.is_exact, self.is_scaled = False, True
                return
            kept = None
        if kept is None:
            kept = self._draw_all(composition, at, view)
        elif not self._covers(kept, at, view):
            kept = self._shift(composition, kept, at, view)
        self._kept = kept
        self.is_exact, self.is_scaled = kept.is_exact, False
        painter.drawImage(self._offset(kept, at), kept.image)

    def refine(self) -> None:
        """Make the next paint an exact one."""
        if not self.is_exact:
            self._kept = None

    def add(self, composition: Composition, since: int) -> None:
        """Draw the marks from place ``since`` of the scene on onto what is kept.

        A box in space that is farther off than others belongs below them: then the next ``refine`` paints all anew.
        """
        if self._kept is None:
            return
        if composition.scene is not None and not composition.scene.are_on_top(since):
            self._kept.is_exact = False
        painter = QPainter(self._kept.image)
        composition.draw_marks(painter, self._kept.image.rect(), self._kept.at, since)
        painter.end()

    def _would_miss_the_frame(self, composition: Composition, at: Placement, view: QSize) -> bool:
        """Say whether an exact paint would take too long, judged by the last one and what is on view now."""
        if self._cost_ms <= FRAME_MS / 2 and self._count == 0:
            return False
        count = _count_on_view(composition, at, view)
        return self._cost_ms * (count + 100) / (self._count + 100) > FRAME_MS

    def _draw_all(self, composition: Composition, at: Placement, view: QSize) -> _Kept:
        started = time.perf_counter()
        image = QImage(view + QSize(2 * MARGIN, 2 * MARGIN), QImage.Format.Format_RGB32)
        kept = _Kept(image, Placement(at.zoom, Point(at.corner.x + MARGIN, at.corner.y + MARGIN)))
        painter = QPainter(image)
        composition.draw(painter, image.rect(), kept.at)
        painter.end()
        self._cost_ms = (time.perf_counter() - started) * 1e3
        self._count = _count_on_view(composition, at, view)
        self.exact_paints += 1
        return kept

    def _shift(self, composition: Composition, kept: _Kept, at: Placement, view: QSize) -> _Kept:
        """Move what is kept so that it is centred on the view again, and draw only the strips that came into it."""
        corner = Point(at.corner.x + MARGIN, at.corner.y + MARGIN)
        dx, dy = round(corner.x - kept.at.corner.x), round(corner.y - kept.at.corner.y)
        width, height = kept.image.width(), kept.image.height()
        if abs(dx) >= width or abs(dy) >= height:
            return self._draw_all(composition, at, view)
        moved = _Kept(QImage(kept.image.size(), kept.image.format()), Placement(at.zoom, corner), kept.is_exact)
        painter = QPainter(moved.image)
        painter.drawImage(QPoint(dx, dy), kept.image)
        across = QRect(0, 0, dx, height) if dx > 0 else QRect(width + dx, 0, -dx, height)
        down = QRect(0, 0, width, dy) if dy > 0 else QRect(0, height + dy, width, -dy)
        for strip in (across, down):
            if not strip.isEmpty():
                painter.setClipRect(strip)
                composition.draw(painter, strip, moved.at)
        painter.end()
        return moved

    @staticmethod
    def _offset(kept: _Kept, at: Placement) -> QPoint:
        return QPoint(round(at.corner.x - kept.at.corner.x), round(at.corner.y - kept.at.corner.y))

    def _covers(self, kept: _Kept, at: Placement, view: QSize) -> bool:
        return QRect(self._offset(kept, at), kept.image.size()).contains(QRect(QPoint(0, 0), view))

    @staticmethod
    def _paint_scaled(painter: QPainter, composition: Composition, kept: _Kept, at: Placement, view: QSize) -> None:
        growth = at.zoom / kept.at.zoom
        x, y = at.corner.x - kept.at.corner.x * growth, at.corner.y - kept.at.corner.y * growth
        target = QRectF(x, y, kept.image.width() * growth, kept.image.height() * growth)
        painter.fillRect(QRect(QPoint(0, 0), view), composition.ground)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        painter.drawImage(target, kept.image, QRectF(kept.image.rect()))


def _count_on_view(composition: Composition, at: Placement, view: QSize) -> int:
    if composition.scene is None:
        return 0
    area = QRectF(0, 0, view.width(), view.height())
    return len(composition.scene.within(at.to_picture(area, MARGIN)))
