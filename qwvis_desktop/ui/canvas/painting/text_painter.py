"""Draws the text of regions where it was read: each line fitted into its quadrilateral, as plain text."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QGuiApplication, QImage, QPainter, QPolygonF, QTransform

from qwvis_desktop.core.annotation import TextRegion
from qwvis_desktop.core.text.places import Sides, lines_of, sides_of
from qwvis_desktop.ui.canvas.painting.placement import Placement

PAPER, INK = QColor(255, 255, 255), QColor(24, 26, 30)
"""Of the text, in a light and in a dark window alike: it stands for a page."""

_COVER = QColor(255, 255, 255, 236)
"""What is laid on the picture under its text: what was read shows through a little, to be compared."""

_FONT_SHARE = 0.78
"""Of a line's height: the size of its letters."""

_ROOM = 0.25
"""Of a line's height: what is shown round a line that is laid straight."""

_WIDEST = 4096
"""Pixels: of a line that is laid straight, nobody sees more."""

_LEAST, _MOST = 4, 160
"""Pixels: smaller letters are drawn as a bar, larger ones are enlarged from these."""


def paint_texts(painter: QPainter, regions: Iterable[TextRegion], at: Placement, *, cover: bool) -> None:
    """Draw what regions say; ``cover`` lays paper below each, for where the picture is behind them."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
    font = QFont(QGuiApplication.font())
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    for region in regions:
        for line in lines_of(region):
            if cover:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(_COVER)
                painter.drawPolygon(_outline(line.sides, at))
            _paint_line(painter, line.text, line.sides, at, font)
    painter.restore()


def straightened(image: QImage, scale: float, region: TextRegion, height: int) -> QImage:
    """Return the part of a picture that a region lies on, laid straight, with a little of what is round it.

    Args:
        image: the picture.
        scale: pixels of ``image`` for each of the upright original.
        region: in pixels of the original.
        height: of what is returned, in pixels.
    """
    sides = sides_of(region)
    if sides.height <= 0 or sides.width <= 0:
        return QImage()
    beside = _ROOM * sides.height / sides.width
    start, end, below = sides.at(-beside, -_ROOM), sides.at(1 + beside, -_ROOM), sides.at(-beside, 1 + _ROOM)
    share = height / (sides.height * (1 + 2 * _ROOM))
    width = round(min(sides.width * (1 + 2 * beside) * share, _WIDEST))
    if width < 1:
        return QImage()
    onto, is_possible = QTransform(
        (end.x - start.x) * scale / width,
        (end.y - start.y) * scale / width,
        (below.x - start.x) * scale / height,
        (below.y - start.y) * scale / height,
        start.x * scale,
        start.y * scale,
    ).inverted()
    if not is_possible:
        return QImage()
    part = QImage(width, height, QImage.Format.Format_RGB32)
    part.fill(PAPER)
    painter = QPainter(part)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.setTransform(onto)
    painter.drawImage(QPointF(0.0, 0.0), image)
    painter.end()
    return part


def _outline(sides: Sides, at: Placement) -> QPolygonF:
    return QPolygonF([at.point(corner) for corner in sides])


def _paint_line(painter: QPainter, text: str, sides: Sides, at: Placement, font: QFont) -> None:
    height, width = sides.height * at.zoom, sides.width * at.zoom
    words = " ".join(text.split())
    if not words or height <= 0 or width <= 0:
        return
    if height * _FONT_SHARE < _LEAST:
        bar = Sides(sides.at(0, 0.35), sides.at(1, 0.35), sides.at(1, 0.65), sides.at(0, 0.65))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(INK.red(), INK.green(), INK.blue(), 110))
        painter.drawPolygon(_outline(bar, at))
        return
    font.setPixelSize(round(min(max(height * _FONT_SHARE, _LEAST), _MOST)))
    metrics = QFontMetricsF(font)
    natural = max(metrics.horizontalAdvance(words), 1.0)
    painter.save()
    painter.setTransform(_fitting(sides, at, natural, metrics.height()), combine=True)
    painter.setFont(font)
    painter.setPen(INK)
    painter.drawText(QPointF(0.0, metrics.ascent()), words)
    painter.restore()


def _fitting(sides: Sides, at: Placement, width: float, height: float) -> QTransform:
    """Return what maps a line of letters, ``width`` x ``height`` from its top left, onto a quadrilateral."""
    corner = at.point(sides.first)
    along, down = sides.along, sides.down
    return QTransform(
        along.x * at.zoom / width,
        along.y * at.zoom / width,
        down.x * at.zoom / height,
        down.y * at.zoom / height,
        corner.x(),
        corner.y(),
    )
