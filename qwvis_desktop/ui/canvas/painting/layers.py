"""``KeptLayer``: what a ``Composition`` drew, with a margin round the view, kept and used again.

Panning copies the view out of it, new marks are drawn onto it, and zooming shows it scaled for a moment where drawing
exactly would miss the frame. What is kept moves along without being copied: its image goes round, so that what comes
into it at one side is drawn where the other side goes out.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

from PySide6.QtCore import QPoint, QRect, QRectF, QSize
from PySide6.QtGui import QColor, QImage, QPainter

from qwvis_desktop.core.geometry import Point
from qwvis_desktop.ui.canvas.painting.composition import Composition
from qwvis_desktop.ui.canvas.painting.placement import Placement
from qwvis_desktop.ui.canvas.painting.scene import Scene

if TYPE_CHECKING:  # numpy is slow to load and the window opens without it
    import numpy as np
    from numpy.typing import NDArray

MARGIN = 128
"""Device pixels drawn beyond each side of the view."""

_AHEAD = 64
"""Of those, how many are drawn in front of a view that has come to their end. More would make a frame of panning
longer, fewer would make such frames more."""

FRAME_MS = 8.0
"""What an exact paint may take within one frame of 60 Hz, the rest being for the event and the screen."""

_PICTURE_COST = 100
"""Marks that take as long to draw as the picture below them."""


class Drawing(Protocol):
    """What a layer keeps: a ``Composition``, or a part of what lies above it."""

    @property
    def ground(self) -> QColor:
        """What is where nothing is drawn."""

    @property
    def scene(self) -> Scene | None:
        """What is drawn of; None where there is nothing."""

    def look(self, area: QRect, at: Placement) -> int:
        """Note how much there is under ``area``, all of what will be on view; return how many marks."""

    def places_under(self, area: QRect, at: Placement) -> NDArray[np.intp]:
        """Return the places of the marks that may be seen under ``area``; there must be a scene."""

    def draw(self, painter: QPainter, area: QRect, at: Placement) -> None:
        """Draw exactly what belongs under ``area`` of the surface."""


class _Piece(NamedTuple):
    """A part of what is kept that lies in one piece on its image: where, and how far that is from its own place."""

    on_image: QRect
    offset: QPoint


@dataclass(slots=True)
class _Kept:
    """A drawn layer. Places on it count surface pixels from the picture's top left corner.

    Attributes:
        image: goes round: a pixel ``width`` further right or ``height`` further down would be the same one.
        zoom: pixels per picture pixel.
        origin: the place that lies in the image's top left corner.
        covered: what is drawn, as large as the image.
        is_exact: whether it is as painted anew.
    """

    image: QImage
    zoom: float
    origin: QPoint
    covered: QRect
    is_exact: bool = True

    def pieces(self, area: QRect) -> Iterator[_Piece]:
        """Yield the parts of ``area``, as far as it is covered, that lie on the image in one piece: at most four."""
        area = area & self.covered
        if area.isEmpty():
            return
        width, height, origin = self.image.width(), self.image.height(), self.origin
        for row in range((area.top() - origin.y()) // height, (area.bottom() - origin.y()) // height + 1):
            for column in range((area.left() - origin.x()) // width, (area.right() - origin.x()) // width + 1):
                offset = QPoint(-origin.x() - column * width, -origin.y() - row * height)
                yield _Piece(area.translated(offset) & self.image.rect(), offset)

    def draw(self, drawing: Drawing, area: QRect) -> None:
        """Draw anew what belongs under ``area``."""
        painter = QPainter(self.image)
        for part, offset in self.pieces(area):
            if part != self.image.rect():
                painter.setClipRect(part)
            drawing.draw(painter, part, self.placement_at(offset))
        painter.end()

    def placement_at(self, offset: QPoint) -> Placement:
        """Return where the picture lies on the image, for a piece of this offset."""
        return Placement(self.zoom, Point(float(offset.x()), float(offset.y())))

    def can_follow(self, seen: QRect) -> bool:
        """Say whether it is large enough for what is seen, and near: else all is to be drawn anew."""
        room = self.covered.size() - seen.size()
        is_large = room.width() >= MARGIN and room.height() >= MARGIN
        return self.covered.contains(seen) or (is_large and self.covered.intersects(seen))

    def follow(self, drawing: Drawing, seen: QRect) -> None:
        """Take in what is seen, and a margin in front of it, where it reaches out; draw only the strips that come in.

        Sideways and up or down it follows by itself, so that one frame draws no more than it must.
        """
        covered = self.covered
        across = _way(covered.left() - seen.left(), seen.right() - covered.right())
        if across:
            self.covered = covered.translated(across, 0)
            self.draw(drawing, _beside(covered, self.covered))
        covered = self.covered
        down = _way(covered.top() - seen.top(), seen.bottom() - covered.bottom())
        if down:
            self.covered = covered.translated(0, down)
            self.draw(drawing, _below(covered, self.covered))


def _way(back: int, forth: int) -> int:
    """Return how far to follow a view that reaches out by so much at either end."""
    if back > 0:
        return -(back + _AHEAD)
    return forth + _AHEAD if forth > 0 else 0


def _beside(before: QRect, now: QRect) -> QRect:
    """Return what of ``now`` lies right or left of ``before``, of the same size and height."""
    strip = QRect(now)
    if now.left() > before.left():
        strip.setLeft(max(now.left(), before.right() + 1))
    else:
        strip.setRight(min(now.right(), before.left() - 1))
    return strip


def _below(before: QRect, now: QRect) -> QRect:
    """Return what of ``now`` lies below or above ``before``, of the same size and place across."""
    strip = QRect(now)
    if now.top() > before.top():
        strip.setTop(max(now.top(), before.bottom() + 1))
    else:
        strip.setBottom(min(now.bottom(), before.top() - 1))
    return strip


class KeptLayer:
    """The view with a margin, as a ``Drawing`` drew it, used again.

    Args:
        image_format: of what is kept; one with alpha for what lies above something else.

    Attributes:
        is_exact: whether the last ``paint`` showed what an exact one would; else ``refine`` is due.
        is_scaled: whether it showed a scaled moment of a zoom.
        exact_paints: how often all was drawn.
    """

    def __init__(self, image_format: QImage.Format = QImage.Format.Format_RGB32) -> None:
        self._format = image_format
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
        return spare if spare is not None and spare.size() == size else QImage(size, self._format)

    def paint(self, painter: QPainter, drawing: Drawing, at: Placement, view: QSize) -> None:
        """Show the view on ``painter``; surface pixels are device pixels and ``at`` is the view's."""
        kept, corner = self._kept, QPoint(round(at.corner.x), round(at.corner.y))
        seen = QRect(-corner, view)
        if kept is not None and kept.zoom != at.zoom:
            if self._would_miss_the_frame(drawing, at, view):
                self._paint_scaled(painter, drawing, kept, at, view)
                self.is_exact, self.is_scaled = False, True
                return
            self._let_go()
            kept = None
        if kept is not None and kept.can_follow(seen):
            kept.follow(drawing, seen)
        else:
            self._let_go()
            kept = self._draw_all(drawing, at.zoom, seen)
        self._kept = kept
        self.is_exact, self.is_scaled = kept.is_exact, False
        for part, offset in kept.pieces(seen):
            painter.drawImage(part.topLeft() - offset + corner, kept.image, part)

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
        for part, offset in self._kept.pieces(self._kept.covered):
            painter.setClipRect(part)
            composition.draw_marks(painter, part, self._kept.placement_at(offset), since)
        painter.end()

    @property
    def placement(self) -> Placement | None:
        """What places on what is kept mean, whose zero is the picture's corner; None where nothing is kept."""
        return Placement(self._kept.zoom, Point(0.0, 0.0)) if self._kept is not None else None

    def redraw(self, drawing: Drawing, area: QRect) -> None:
        """Draw a part anew (see ``placement``): something there is not so any more."""
        if self._kept is not None:
            self._kept.draw(drawing, area)

    def doubt(self) -> None:
        """Let the next ``refine`` paint all anew: chips may have found other places."""
        if self._kept is not None:
            self._kept.is_exact = False

    def _would_miss_the_frame(self, drawing: Drawing, at: Placement, view: QSize) -> bool:
        """Say whether an exact paint would take too long, judged by those before and what is on view now."""
        if self._cost_per_mark * (self._count + _PICTURE_COST) <= FRAME_MS / 2 and self._count == 0:
            return False
        count = _count_on_view(drawing, at, view)
        return self._cost_per_mark * (count + _PICTURE_COST) > FRAME_MS

    def _draw_all(self, drawing: Drawing, zoom: float, seen: QRect) -> _Kept:
        started = time.perf_counter()
        covered = seen.adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN)
        kept = _Kept(self._blank(covered.size()), zoom, covered.topLeft(), covered)
        (whole,) = kept.pieces(covered)
        self._count = drawing.look(whole.on_image, kept.placement_at(whole.offset))
        kept.draw(drawing, covered)
        cost = (time.perf_counter() - started) * 1e3
        # Per mark, with a hundred for the picture. A paint may have been slow because the machine had other work.
        per_mark = cost / (self._count + _PICTURE_COST)
        self._cost_per_mark = min(per_mark, (self._cost_per_mark + per_mark) / 2) if self._cost_per_mark else per_mark
        self.exact_paints += 1
        return kept

    @staticmethod
    def _paint_scaled(painter: QPainter, drawing: Drawing, kept: _Kept, at: Placement, view: QSize) -> None:
        growth, (x, y) = at.zoom / kept.zoom, at.corner
        painter.fillRect(QRect(QPoint(0, 0), view), drawing.ground)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        for part, offset in kept.pieces(kept.covered):
            place = part.translated(-offset)
            # On whole pixels, so that nothing shows between two pieces.
            left, top = round(x + place.left() * growth), round(y + place.top() * growth)
            right = round(x + (place.right() + 1) * growth)
            bottom = round(y + (place.bottom() + 1) * growth)
            painter.drawImage(QRectF(left, top, right - left, bottom - top), kept.image, QRectF(part))


def _count_on_view(drawing: Drawing, at: Placement, view: QSize) -> int:
    if drawing.scene is None:
        return 0
    area = QRect(QPoint(0, 0), view).adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN)
    return len(drawing.places_under(area, at))
