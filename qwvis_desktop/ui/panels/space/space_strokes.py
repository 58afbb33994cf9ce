"""What the views of space draw with: colours of the theme, many lines at once, chips with labels."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, cast

import shiboken6
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPalette, QPen

from qwvis_desktop.core.geometry import Point
from qwvis_desktop.ui import palette as colors
from qwvis_desktop.ui.theme import Tone, is_dark, tone_color

if TYPE_CHECKING:  # numpy is slow to load and the window opens without it
    import numpy as np
    from numpy.typing import NDArray

CROWD = 200
"""Cuboids from which on lines are thin and areas are not filled: they would cover each other and cost time."""

MAX_CHIPS = 120
_MAX_LABEL = 24
_CELL = (48.0, 16.0)
"""Width and height, in units of the view, within which one label is enough."""
_LEAST_CONTRAST = 3.0
"""What WCAG 2 asks of lines that mean something."""


@dataclass(frozen=True, slots=True)
class Inks:
    """Colours of a view of space."""

    ground: QColor
    fine: QColor
    coarse: QColor
    axis: QColor
    text: QColor
    muted: QColor
    accent: QColor

    @classmethod
    def of(cls, palette: QPalette) -> Inks:
        """Return the colours that go with a palette."""
        ground, text = palette.color(QPalette.ColorRole.Base), palette.color(QPalette.ColorRole.Text)
        shares = (0.07, 0.16, 0.38) if is_dark(palette) else (0.06, 0.15, 0.36)
        fine, coarse, axis = (colors.mixed(ground, text, share) for share in shares)
        muted, accent = tone_color(Tone.MUTED, palette), tone_color(Tone.ACCENT, palette)
        return cls(ground, fine, coarse, axis, text, muted, accent)

    def line(self, index: int) -> QColor:
        """Return the colour of lines for a place in ``palette.COLORS``, as strong as this ground needs it."""
        return _readable(index, self.ground.rgb())


@lru_cache(maxsize=256)
def _readable(index: int, ground: int) -> QColor:
    color, under = colors.COLORS[index], QColor.fromRgb(ground)
    toward = colors.text_on(under)
    shares = (step / 10 for step in range(10))
    tried = (colors.mixed(color, toward, share) for share in shares)
    return next((tint for tint in tried if colors.contrast(tint, under) >= _LEAST_CONTRAST), toward)


def with_alpha(color: QColor, alpha: int) -> QColor:
    """Return ``color`` with another opacity, 0 to 255."""
    tint = QColor(color)
    tint.setAlpha(alpha)
    return tint


def pen(color: QColor, width: float, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
    """Return a pen with round ends."""
    return QPen(color, width, style, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)


def hairline(color: QColor) -> QPen:
    """Return the pen that is drawn fastest: one pixel of the device."""
    made = QPen(color, 1)
    made.setCosmetic(True)
    return made


def draw_lines(painter: QPainter, lines: NDArray[np.float64]) -> None:
    """Draw lines, shape (n, 4), straight from the array: making an object of each would cost more than drawing it."""
    import numpy as np

    kept = np.ascontiguousarray(lines, dtype=np.float64)
    if len(kept):
        # A QLineF is four doubles: x1, y1, x2, y2.
        painter.drawLines(cast(QLineF, shiboken6.wrapInstance(kept.ctypes.data, QLineF)), len(kept))


def draw_by_color(
    painter: QPainter, lines: NDArray[np.float64], places: NDArray[np.intp], inks: Inks, *, width: float, dim: int = 255
) -> None:
    """Draw lines, each in the colour at its place of ``palette.COLORS``; width 0 is a hairline."""
    import numpy as np

    for place in np.unique(places).tolist():
        tint = with_alpha(inks.line(place), dim)
        painter.setPen(pen(tint, width) if width else hairline(tint))
        draw_lines(painter, lines[places == place])


def draw_runs(painter: QPainter, lines: NDArray[np.float64], ends: Sequence[int], pens: Sequence[QPen]) -> None:
    """Draw lines, shape (n, 4), run after run: up to each of ``ends`` with the pen that stands there."""
    import numpy as np

    kept = np.ascontiguousarray(lines, dtype=np.float64)
    address, start = kept.ctypes.data, 0
    for end, with_pen in zip(ends, pens, strict=True):
        if end > start:
            painter.setPen(with_pen)
            first = shiboken6.wrapInstance(address + start * kept.strides[0], QLineF)
            painter.drawLines(cast(QLineF, first), end - start)
            start = end


def spread(xs: NDArray[np.float64], ys: NDArray[np.float64], order: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return of ``order`` the first in each small cell of the view: chips of the others would lie on its own."""
    import numpy as np

    cells = np.floor(xs[order] / _CELL[0]) * 100_003 + np.floor(ys[order] / _CELL[1])
    firsts: NDArray[np.intp] = order[np.sort(np.unique(cells, return_index=True)[1])]
    return firsts


@dataclass(frozen=True, slots=True)
class Chip:
    """A label: what it says, its place in ``palette.COLORS``, and the middle of its lower edge."""

    text: str
    color: int
    foot: Point


class Chips:
    """Draws labels, each in its label's colour; none over another.

    Args:
        font: of the words.
        ratio: device pixels per unit; None draws shapes, for surfaces that keep them.
    """

    def __init__(self, font: QFont, ratio: float | None) -> None:
        self._font, self.ratio = font, ratio
        self._metrics = QFontMetricsF(font)
        self._height = round(self._metrics.height() + 2)
        self._images: dict[tuple[str, int], QImage] = {}
        self._widths: dict[str, float] = {}

    def draw(self, painter: QPainter, chips: Iterable[Chip]) -> None:
        """Draw as many as have room, the first first."""
        taken: dict[int, list[tuple[float, float]]] = {}
        drawn = 0
        for chip in chips:
            width = self._width(chip.text)
            left, top = round(chip.foot.x - width / 2), round(chip.foot.y - self._height)
            row = top // self._height
            beside = [span for line in (row - 1, row, row + 1) for span in taken.get(line, ())]
            if any(left < end and start < left + width for start, end in beside):
                continue
            taken.setdefault(row, []).append((left, left + width))
            self._draw_one(painter, chip, QRectF(left, top, width, self._height))
            drawn += 1
            if drawn >= MAX_CHIPS:
                return

    def _width(self, text: str) -> float:
        if text not in self._widths:
            self._widths[text] = round(self._metrics.horizontalAdvance(shortened(text)) + 8)
        return self._widths[text]

    def _draw_one(self, painter: QPainter, chip: Chip, area: QRectF) -> None:
        if self.ratio is None:
            self._draw_shape(painter, chip, area)
            return
        key = chip.text, chip.color
        if key not in self._images:
            self._images[key] = self._image(chip, area, self.ratio)
        painter.drawImage(area.topLeft(), self._images[key])

    def _image(self, chip: Chip, area: QRectF, ratio: float) -> QImage:
        format_ = QImage.Format.Format_ARGB32_Premultiplied
        image = QImage(round(area.width() * ratio), round(area.height() * ratio), format_)
        image.setDevicePixelRatio(ratio)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        self._draw_shape(painter, chip, QRectF(0, 0, area.width(), area.height()))
        painter.end()
        return image

    def _draw_shape(self, painter: QPainter, chip: Chip, area: QRectF) -> None:
        color = colors.COLORS[chip.color]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawRoundedRect(area, 3, 3)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(colors.text_on(color))
        painter.setFont(self._font)
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, shortened(chip.text))


def shortened(text: str) -> str:
    """Return a label on one line, cut with an ellipsis."""
    line = " ".join(text.split())
    return line if len(line) <= _MAX_LABEL else line[: _MAX_LABEL - 1].rstrip() + "…"


def draw_words(painter: QPainter, words: str, area: QRectF, inks: Inks, align: Qt.AlignmentFlag) -> None:
    """Draw words with a halo of the ground's colour, so that lines beneath do not cross them out."""
    painter.setPen(with_alpha(inks.ground, 220))
    for dx, dy in ((-1, 0), (1, 0), (0, -1), (0, 1)):
        painter.drawText(area.translated(dx, dy), align, words)
    painter.setPen(inks.text)
    painter.drawText(area, align, words)


def draw_tag(painter: QPainter, words: str, middle: Point, inks: Inks) -> None:
    """Draw a measured length in a small frame."""
    metrics = QFontMetricsF(painter.font())
    width, height = metrics.horizontalAdvance(words) + 10, metrics.height() + 4
    area = QRectF(middle.x - width / 2, middle.y - height / 2, width, height)
    painter.setPen(pen(inks.accent, 1))
    painter.setBrush(inks.ground)
    painter.drawRoundedRect(area, 4, 4)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(inks.text)
    painter.drawText(area, Qt.AlignmentFlag.AlignCenter, words)


def point(place: Point) -> QPointF:
    """Return Qt's own point."""
    return QPointF(place.x, place.y)
