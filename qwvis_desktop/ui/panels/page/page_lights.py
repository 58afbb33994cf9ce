"""What is lit of a page that is read: painted behind its words."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPalette

_CHOSEN, _POINTED = 70, 36
"""Opacity of what lies behind the chosen block and behind the one that is pointed at, of 255."""

_BAR = 3
"""Pixels that the bar beside what is chosen is wide."""


def paint_lights(painter: QPainter, areas: Mapping[str, QRectF], chosen: Collection[str], palette: QPalette) -> None:
    """Paint a ground behind each area, and a bar beside those that are chosen."""
    color = QColor(palette.color(QPalette.ColorRole.Highlight))
    for block, area in areas.items():
        color.setAlpha(_CHOSEN if block in chosen else _POINTED)
        painter.fillRect(area, color)
        if block in chosen:
            color.setAlpha(255)
            painter.fillRect(QRectF(area.left(), area.top(), _BAR, area.height()), color)
