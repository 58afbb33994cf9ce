"""What happens now in a film, said at the lower edge of the picture."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter

from qwvis_desktop.core.annotation import VideoEvent
from qwvis_desktop.ui import palette

MOST = 3
"""Events that are said at once; of more, those that began last."""


def paint_captions(painter: QPainter, events: Sequence[VideoEvent], area: QRectF, font: QFont) -> None:
    """Draw the labels of events one above the other at the lower edge of ``area``, each on its colour."""
    metrics = QFontMetricsF(font)
    pad, height = metrics.height() * 0.3, metrics.height() * 1.25
    bottom = area.bottom() - pad
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(font)
    for event in reversed(events[-MOST:]):
        words = metrics.elidedText(event.label, Qt.TextElideMode.ElideRight, area.width() - 6 * pad)
        if not words:
            continue
        width = metrics.horizontalAdvance(words) + 2 * pad
        chip = QRectF(area.center().x() - width / 2, bottom - height, width, height)
        ground = palette.color_for(event.label)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(chip, pad / 2, pad / 2)
        painter.setPen(palette.text_on(ground))
        painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, words)
        bottom -= height + pad / 2
