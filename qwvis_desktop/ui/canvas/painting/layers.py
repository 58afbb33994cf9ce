"""``KeptLayer``: what a ``Composition`` drew, with a margin round the view, kept and used again.

Panning copies it, new marks are drawn onto it, and zooming shows it scaled for a moment where drawing exactly would
miss the frame.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, QRectF, QSize
from PySide6.QtGui import QImage, QPainter

from qwvis_desktop.core.geometry import Point
from qwvis_desktop.ui.canvas.painting.composition import Composition
from qwvis_desktop.ui.canvas.painting.placement import Placement

MARGIN = 128
"""Device pixels drawn beyond each side of the view."""

FRAME_MS = 8.0
"""What an exact paint may take within one frame of 60 Hz, the rest being for the event and the screen."""

_PICTURE_COST = 100
"""Marks that take as long to draw as the picture below them."""


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
        self._spare: QImage | None = None
        self._cost_per_mark = 0.0
        self._count = 0
        self.is_exact = True
        self.is_scaled = False
        self.exact_paints = 0

    def invalidate(self) -> None:
        """Drop what is kept: something on it is not so any more."""
        self._let_go()

    def _let_go(self) -> None:
        # Its memory is used again: a fresh image of that size costs milliseconds before its first pixel is drawn.
        if self._kept is not None:
            self._spare, self._kept = self._kept.image, None

    def _blank(self, size: QSize) -> QImage:
        spare, self._spare = self._spare, None
        return spare if spare is not None and spare.size() == size else QImage(size, QImage.Format.Format_RGB32)

    def paint(self, painter: QPainter, composition: Composition, at: Placement, view: QSize) -> None:
        """Show the view on ``painter``; surface pixels are device pixels and ``at`` is the view's."""
        kept = self._kept
        if kept is not None and kept.at.zoom != at.zoom:
            if self._would_miss_the_frame(composition, at, view):
                self._paint_scaled(painter, composition, kept, at, view)
                self.is_exact, self.is_scaled = False, True
                return
            self._let_go()
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
            self._let_go()

    def add(self, composition: Composition, since: int) -> None:
        """Draw the marks from place ``since`` of the scene on onto what is kept.

        A box in space that is farther off than others belongs below them: then the next ``refine`` paints all anew.
        """
        if self._kept is None:
            return
        if composition.opacity < 1.0:
            self._let_go()
            return
        if composition.scene is not None and not composition.scene.are_on_top(since):
            self._kept.is_exact = False
        painter = QPainter(self._kept.image)
        composition.draw_marks(painter, self._kept.image.rect(), self._kept.at, since)
        painter.end()

    @property
    def placement(self) -> Placement | None:
        """Where the picture lies on what is kept; None where nothing is."""
        return self._kept.at if self._kept is not None else None

    def redraw(self, composition: Composition, area: QRect) -> None:
        """Draw a part anew, in pixels of what is kept (see ``placement``): something there is not so any more."""
        if self._kept is None:
            return
        part = area & self._kept.image.rect()
        if not part.isEmpty():
            painter = QPainter(self._kept.image)
            painter.setClipRect(part)
            composition.draw(painter, part, self._kept.at)
            painter.end()

    def doubt(self) -> None:
        """Let the next ``refine`` paint all anew: chips may have found other places."""
        if self._kept is not None:
            self._kept.is_exact = False

    def _would_miss_the_frame(self, composition: Composition, at: Placement, view: QSize) -> bool:
        """Say whether an exact paint would take too long, judged by those before and what is on view now."""
        if self._cost_per_mark * (self._count + _PICTURE_COST) <= FRAME_MS / 2 and self._count == 0:
            return False
        count = _count_on_view(composition, at, view)
        return self._cost_per_mark * (count + _PICTURE_COST) > FRAME_MS

    def _draw_all(self, composition: Composition, at: Placement, view: QSize) -> _Kept:
        started = time.perf_counter()
        image = self._blank(view + QSize(2 * MARGIN, 2 * MARGIN))
        kept = _Kept(image, Placement(at.zoom, Point(at.corner.x + MARGIN, at.corner.y + MARGIN)))
        self._count = composition.look(image.rect(), kept.at)
        painter = QPainter(image)
        composition.draw(painter, image.rect(), kept.at)
        painter.end()
        cost = (time.perf_counter() - started) * 1e3
        # Per mark, with a hundred for the picture. A paint may have been slow because the machine had other work.
        per_mark = cost / (self._count + _PICTURE_COST)
        self._cost_per_mark = min(per_mark, (self._cost_per_mark + per_mark) / 2) if self._cost_per_mark else per_mark
        self.exact_paints += 1
        return kept

    def _shift(self, composition: Composition, kept: _Kept, at: Placement, view: QSize) -> _Kept:
        """Move what is kept so that it is centred on the view again, and draw only the strips that came into it."""
        corner = Point(at.corner.x + MARGIN, at.corner.y + MARGIN)
        dx, dy = round(corner.x - kept.at.corner.x), round(corner.y - kept.at.corner.y)
        width, height = kept.image.width(), kept.image.height()
        if abs(dx) >= width or abs(dy) >= height:
            return self._draw_all(composition, at, view)
        moved = _Kept(self._blank(kept.image.size()), Placement(at.zoom, corner), kept.is_exact)
        painter = QPainter(moved.image)
        painter.drawImage(QPoint(dx, dy), kept.image)
        across = QRect(0, 0, dx, height) if dx > 0 else QRect(width + dx, 0, -dx, height)
        down = QRect(0, 0, width, dy) if dy > 0 else QRect(0, height + dy, width, -dy)
        for strip in (across, down):
            if not strip.isEmpty():
                painter.setClipRect(strip)
                composition.draw(painter, strip, moved.at)
        painter.end()
        self._spare = kept.image
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
    area = QRect(QPoint(0, 0), view).adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN)
    return len(composition.places_under(area, at))
