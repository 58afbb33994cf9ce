"""``TextMarks``: what is lit of the texts on the picture: the selection, what was found, and numbers of their order."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QGuiApplication, QPainter, QPen, QPolygonF

from qwvis_desktop.core.annotation import Annotation, LayoutBlock, TextRegion
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.geometry import Box, Point
from qwvis_desktop.core.text.flow import TextSpan, texts_of
from qwvis_desktop.core.text.places import parts, sides_of
from qwvis_desktop.ui.canvas.painting.placement import Placement
from qwvis_desktop.ui.canvas.painting.style import Style

_SELECTED = QColor(31, 111, 209, 96)
_FOUND, _CURRENT = QColor(255, 214, 10, 120), QColor(255, 140, 0, 100)
_EDGE = QColor(120, 60, 0)
_BADGE, _BADGE_WORDS = QColor(29, 33, 39, 225), QColor(255, 255, 255)


@dataclass(slots=True)
class TextMarks:
    """What is lit.

    Attributes:
        selection: the parts of texts that are selected.
        hits: the parts that were found.
        current: the parts of the hit that one looks at; they are among ``hits`` too.
    """

    selection: Sequence[TextSpan] = ()
    hits: Sequence[TextSpan] = ()
    current: Sequence[TextSpan] = ()

    def paint(self, painter: QPainter, annotations: Mapping[str, Annotation], at: Placement) -> None:
        """Draw all of it; parts of texts that are gone are left out."""
        if not (self.selection or self.hits or self.current):
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        others = [span for span in self.hits if span not in self.current]  # two tints over each other would hide words
        for spans, color, is_framed in (
            (others, _FOUND, False),
            (self.current, _CURRENT, True),
            (self.selection, _SELECTED, False),
        ):
            painter.setPen(QPen(_EDGE, 1.5) if is_framed else Qt.PenStyle.NoPen)
            painter.setBrush(color)
            for outline in outlines(spans, annotations, at):
                painter.drawPolygon(outline)
        painter.setBrush(Qt.BrushStyle.NoBrush)


def outlines(spans: Iterable[TextSpan], annotations: Mapping[str, Annotation], at: Placement) -> list[QPolygonF]:
    """Return where parts of texts lie on the surface."""
    found = []
    for key, start, end in spans:
        region = annotations.get(key)
        if isinstance(region, TextRegion):
            found += [QPolygonF([at.point(p) for p in part.points]) for part in parts(region, start, end)]
        elif isinstance(region, LayoutBlock) and region.box is not None:
            found.append(QPolygonF(at.rect(region.box)))  # nothing is known of where its lines stand
    return found


def paint_order(painter: QPainter, document: Document, seen: Collection[str], *, at: Placement, style: Style) -> None:
    """Draw the numbers of the reading order of the texts and of the blocks whose ids are among ``seen``."""
    from qwvis_desktop.core.page.document import blocks_of  # not for the start

    texts = enumerate(texts_of(document.annotations.values()), start=1)
    paint_numbers(painter, (each for each in texts if each[1].id in seen), at, style)
    blocks = enumerate(blocks_of(document), start=1)
    boxes = ((number, block.box) for number, block in blocks if block.box is not None and block.id in seen)
    paint_block_numbers(painter, boxes, at, style)


def paint_numbers(painter: QPainter, numbered: Iterable[tuple[int, TextRegion]], at: Placement, style: Style) -> None:
    """Draw the place of each text in the reading order, in a round badge at the start of its line."""
    starts = []
    for number, region in numbered:
        sides = sides_of(region)
        along, length = sides.along, max(sides.width, 1e-6)
        # Before the line, so that it covers none of its letters.
        starts.append((number, at.point(sides.at(0, 0.5)), QPointF(-along.x / length, -along.y / length)))
    _paint_badges(painter, starts, style)


def paint_block_numbers(painter: QPainter, numbered: Iterable[tuple[int, Box]], at: Placement, style: Style) -> None:
    """Draw the place of each block of a page in the reading order, in a round badge before its top left corner."""
    starts = ((number, at.point(Point(box.left, box.top)), QPointF(-1, 0)) for number, box in numbered)
    _paint_badges(painter, starts, style)


def _paint_badges(painter: QPainter, starts: Iterable[tuple[int, QPointF, QPointF]], style: Style) -> None:
    """Draw numbers in round badges, each beside a place in a direction (of length 1)."""
    font = QFont(QGuiApplication.font())
    font.setPixelSize(max(1, round(style.font * 0.9)))
    font.setBold(True)
    metrics = QFontMetricsF(font)
    painter.save()
    painter.setFont(font)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    height = metrics.height() + 2
    for number, start, aside in starts:
        words = str(number)
        width = max(height, metrics.horizontalAdvance(words) + height * 0.6)
        middle = start + aside * width * 0.55
        badge = QRectF(middle.x() - width / 2, middle.y() - height / 2, width, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_BADGE)
        painter.drawRoundedRect(badge, height / 2, height / 2)
        painter.setPen(_BADGE_WORDS)
        painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, words)
    painter.restore()
