"""``Draft``: the view while the camera changes. What lies below is drawn once, the boxes in space again each time."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtGui import QImage, QPainter

from qwvis_desktop.ui.canvas.painting.composition import Composition
from qwvis_desktop.ui.canvas.painting.cuboid_painter import paint_cuboids, paint_quickly
from qwvis_desktop.ui.canvas.painting.painters import paint_marks
from qwvis_desktop.ui.canvas.painting.placement import Placement

_FEW = 60
"""Boxes up to which each frame shows them as they will stay."""

_FEW_CHIPS = 200
"""Annotations up to which chips are placed in each frame."""


class Draft:
    """The view without its boxes in space, kept, and those drawn upon it."""

    def __init__(self) -> None:
        self._below: QImage | None = None
        self._at: Placement | None = None

    def drop(self) -> None:
        """Forget what is kept: something on it is not so any more."""
        self._below = None

    def holds(self, at: Placement) -> bool:
        """Say whether what is kept, if anything, is of this place of the picture."""
        return self._below is None or self._at == at

    def paint(self, painter: QPainter, composition: Composition, at: Placement, view: QSize) -> None:
        """Show the view on ``painter``; surface pixels are device pixels."""
        below = self._below
        if below is None or self._at != at or below.size() != view:
            below = self._below = self._drawn_below(composition, at, view)
            self._at = at
        painter.drawImage(QPoint(0, 0), below)
        scene, area = composition.scene, QRect(QPoint(0, 0), view)
        if scene is None:
            return
        if len(scene.cuboids) <= _FEW:
            places = composition.places_under(area, at)
            paint_cuboids(painter, scene, places[scene.rows[places] >= 0], at, composition.style)
        else:
            paint_quickly(painter, scene, at)
        if len(scene) <= _FEW_CHIPS:
            composition.draw_chips(painter, area, at)

    @staticmethod
    def _drawn_below(composition: Composition, at: Placement, view: QSize) -> QImage:
        image = QImage(view, QImage.Format.Format_RGB32)
        painter = QPainter(image)
        composition.look(image.rect(), at)
        composition.draw_picture(painter, image.rect(), at)
        scene = composition.scene
        if scene is not None:
            places = composition.places_under(image.rect(), at)
            paint_marks(painter, scene, places[scene.rows[places] < 0], at, composition.mark_style)
        painter.end()
        return image
