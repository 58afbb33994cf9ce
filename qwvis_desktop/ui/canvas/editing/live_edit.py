"""``LiveEdit``: what is under edit at this moment, and how it is painted above all that is kept."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QLineF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from qwvis_desktop.core.annotation import Annotation, bounds_of
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.geometry import Box, Point
from qwvis_desktop.core.plane.forms import Form, corners_of, form_of
from qwvis_desktop.core.plane.stretching import Stretch
from qwvis_desktop.core.review import is_moved
from qwvis_desktop.ui import palette
from qwvis_desktop.ui.canvas.painting.placement import Placement, cosmetic, halo_of
from qwvis_desktop.ui.canvas.painting.style import Style

_BAND = QColor(86, 180, 233)


@dataclass(slots=True)
class LiveEdit:
    """What is shown of an edit that is not done yet.

    Attributes:
        annotations: as they would be.
        replaced: ids of those they stand in place of.
        shift: how far all of ``replaced`` are moved together, in pixels of the picture, where they are so many that
            ``annotations`` holds none of them; else None.
        stretch: how all of ``replaced`` are resized together, where they are as many; else None.
        band: the rubber band, in pixels of the picture.
        crosshair: the place of the picture that lines go through while something is drawn.
        vertex: id of an annotation and place of its corner that keys move.
    """

    annotations: tuple[Annotation, ...] = ()
    replaced: frozenset[str] = frozenset()
    shift: Point | None = None
    stretch: Stretch | None = None
    band: Box | None = None
    crosshair: Point | None = None
    vertex: tuple[str, int] | None = None

    @property
    def is_of_many(self) -> bool:
        """Whether so many are edited that ``annotations`` holds none of them."""
        return self.shift is not None or self.stretch is not None


class Originals:
    """What a model gave in place of what was moved since; looked up fast."""

    def __init__(self) -> None:
        self._as_read: tuple[Annotation, ...] = ()
        self._by_id: dict[str, Annotation] = {}

    def of(self, annotation: Annotation, document: Document) -> Annotation | None:
        """Return the model's annotation where it stands elsewhere on the picture; None where it does not."""
        run = document.runs.get(annotation.provenance.run) if annotation.provenance is not None else None
        if run is None:
            return None
        if run.as_read is not self._as_read:
            self._as_read, self._by_id = run.as_read, {each.id: each for each in run.as_read}
        read = self._by_id.get(annotation.id)
        if read is None or bounds_of(read) is None or not is_moved(read, annotation):
            return None
        return read


def paint_original(painter: QPainter, read: Annotation, at: Placement, style: Style) -> None:
    """Draw where the model had placed an annotation: a thin dashed outline."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    color = palette.color_of(read)
    width = max(1.0, style.line * 0.6)
    line = cosmetic(color, width)
    line.setStyle(Qt.PenStyle.CustomDashLine)
    line.setDashPattern([4, 4])
    for pen in (cosmetic(halo_of(color), width), line):
        painter.setPen(pen)
        if form_of(read) is Form.POINT:
            painter.drawEllipse(at.point(corners_of(read)[0]), style.marker, style.marker)
        else:
            painter.drawPolygon(QPolygonF([at.point(place) for place in corners_of(read)]))


def paint_band(painter: QPainter, band: Box, at: Placement, ratio: float) -> None:
    """Draw the rubber band; ``ratio``: device pixels per widget unit."""
    area = at.rect(band)
    ground = QColor(_BAND)
    ground.setAlpha(48)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.fillRect(area, ground)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(_BAND, max(1.0, ratio)))
    painter.drawRect(area)


def paint_crosshair(painter: QPainter, place: Point, at: Placement, view: QSize) -> None:
    """Draw a line across and one down through a place, as far as the view goes; dark and light, to show anywhere."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    middle = at.point(place)
    x, y = round(middle.x()) + 0.5, round(middle.y()) + 0.5
    area = QRectF(0, 0, view.width(), view.height())
    lines = [QLineF(area.left(), y, area.right(), y), QLineF(x, area.top(), x, area.bottom())]
    light = QPen(palette.WHITE, 1)
    light.setStyle(Qt.PenStyle.CustomDashLine)
    light.setDashPattern([6, 6])
    for pen in (QPen(palette.BLACK, 1), light):
        painter.setPen(pen)
        painter.drawLines(lines)
