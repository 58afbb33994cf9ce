"""``Swatches``: the patches of colour beside labels, ticked where a person accepted what they stand for."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap

SIDE = 12
"""Side of a patch in device-independent pixels."""

_DENSITY = 2
"""Pixels of the patch for each of them, so that ticks are sharp on dense screens."""


class Swatches:
    """Draws each patch once."""

    def __init__(self) -> None:
        self._drawn: dict[tuple[int, bool], QIcon] = {}

    def of(self, color: QColor, *, ticked: bool = False) -> QIcon:
        """Return a patch of a colour, which a selected row does not tint."""
        key = (color.rgb(), ticked)
        if key not in self._drawn:
            patch = QPixmap(SIDE * _DENSITY, SIDE * _DENSITY)
            patch.setDevicePixelRatio(_DENSITY)
            patch.fill(color)
            if ticked:
                _draw_tick(patch, color)
            self._drawn[key] = QIcon(patch)
            self._drawn[key].addPixmap(patch, QIcon.Mode.Selected)
        return self._drawn[key]


def _draw_tick(patch: QPixmap, ground: QColor) -> None:
    painter = QPainter(patch)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    ink = Qt.GlobalColor.black if ground.lightnessF() > 0.5 else Qt.GlobalColor.white
    painter.setPen(QPen(ink, 1.8, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    painter.drawPolyline([QPointF(2.6, 6.4), QPointF(5.0, 8.9), QPointF(9.4, 3.4)])
    painter.end()
