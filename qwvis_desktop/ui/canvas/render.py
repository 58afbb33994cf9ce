"""``PictureRenderer``: a document as a picture of its full original size, drawn by the canvas's own painters.

It needs a ``QGuiApplication`` for its fonts, and no window.
"""

from __future__ import annotations

import base64
from dataclasses import replace

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QRect, QRectF, QSize, QSizeF
from PySide6.QtGui import QColor, QImage, QPageSize, QPainter, QPdfWriter

from qwvis_desktop.core.document import Document
from qwvis_desktop.core.geometry import Point
from qwvis_desktop.core.media.raster import Raster, decode, encode
from qwvis_desktop.ui.canvas.composition import Composition
from qwvis_desktop.ui.canvas.labels import ChipSheet, LabelPlan
from qwvis_desktop.ui.canvas.painters import MAX_HALOS, paint_chip_shapes, paint_marks
from qwvis_desktop.ui.canvas.placement import Placement
from qwvis_desktop.ui.canvas.scene import Scene
from qwvis_desktop.ui.canvas.style import Style
from qwvis_desktop.ui.images import image_of

_QUALITY = 92

_SVG_RESOLUTION = 96
"""Pixels an inch that browsers count on: Qt writes the size in millimetres."""

_LONGEST_PAGE = 14_400.0
"""Points; longer pages are not shown by common PDF readers."""

_WHOLE = Placement(1.0, Point(0.0, 0.0))

SVG, PDF = "image/svg+xml", "application/pdf"


class PictureRenderer:
    """Draws documents with all their annotations, hidden ones left out.

    Args:
        hidden: ids of the annotations that are not drawn.
    """

    def __init__(self, hidden: frozenset[str] = frozenset()) -> None:
        self._hidden = hidden

    def render(self, document: Document, mime: str) -> bytes:
        """Return the file: image/png, image/jpeg, image/webp, image/svg+xml or application/pdf.

        Raises:
            MediaError: the picture cannot be decoded.
            ValueError: nothing is known of ``mime``.
        """
        raster = decode(document.media)
        if mime == SVG:
            return self._svg(document, raster)
        if mime == PDF:
            return self._pdf(document, raster)
        return encode(self.drawn(document, raster), mime, _QUALITY)

    def _scene(self, document: Document) -> Scene:
        scene = Scene(document.size, document.camera, document.convention)
        scene.append(a for a in document.annotations.values() if a.id not in self._hidden)
        return scene

    def drawn(self, document: Document, raster: Raster) -> Raster:
        """Draw into the memory of ``raster``, which is this drawing's own, or into a copy where it is read-only."""
        width, height = document.size
        own = isinstance(raster.data, memoryview) and not raster.data.readonly
        data = raster.data if own else bytearray(raster.data)
        image = QImage(data, width, height, 4 * width, QImage.Format.Format_RGB32)
        composition = Composition(document.size, Style.for_picture(document.size), QColor(), QColor())
        composition.scene = self._scene(document)
        painter = QPainter(image)
        composition.look(image.rect(), _WHOLE)
        composition.draw_marks(painter, image.rect(), _WHOLE)
        painter.end()
        return Raster(document.size, memoryview(data))

    def _draw_shapes(self, painter: QPainter, document: Document) -> None:
        """Draw marks and chips as shapes, in picture pixels."""
        import numpy as np

        scene = self._scene(document)
        style = replace(Style.for_picture(document.size, vector=True), halo=len(scene) <= MAX_HALOS)
        paint_marks(painter, scene, np.arange(len(scene)), _WHOLE, style)
        sheet = ChipSheet(style)
        plan = LabelPlan(scene, sheet, picture=document.size, zoom=1.0, style=style)
        plan.extend()
        paint_chip_shapes(painter, scene, plan, sheet, size=QRectF(0, 0, *document.size))

    def _svg(self, document: Document, raster: Raster) -> bytes:
        # QtSvg is loaded only here: the window opens without it.
        from PySide6.QtSvg import QSvgGenerator

        width, height = document.size
        data = QByteArray()
        buffer = QBuffer(data)
        generator = QSvgGenerator()
        generator.setOutputDevice(buffer)
        generator.setResolution(_SVG_RESOLUTION)
        generator.setSize(QSize(width, height))
        generator.setViewBox(QRect(0, 0, width, height))
        generator.setTitle(document.media.name)
        painter = QPainter(generator)
        self._draw_shapes(painter, document)
        painter.end()
        drawing = bytes(data.data())
        # Qt would put the picture in as PNG, five times as large and twenty times as slow as this.
        picture = base64.b64encode(encode(raster, "image/jpeg", _QUALITY))
        head, mark, rest = drawing.partition(b"</defs>")
        image = b'\n<image width="%d" height="%d" href="data:image/jpeg;base64,%s"/>' % (width, height, picture)
        return head + mark + image + rest

    def _pdf(self, document: Document, raster: Raster) -> bytes:
        width, height = document.size
        data = QByteArray()
        buffer = QBuffer(data)
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        writer = QPdfWriter(buffer)
        writer.setTitle(document.media.name)
        points = min(1.0, _LONGEST_PAGE / max(width, height))
        writer.setPageSize(QPageSize(QSizeF(width * points, height * points), QPageSize.Unit.Point))
        writer.setPageMargins(QMarginsF(0, 0, 0, 0))
        painter = QPainter(writer)
        painter.scale(writer.width() / width, writer.height() / height)
        painter.drawImage(QRectF(0, 0, width, height), image_of(raster))
        self._draw_shapes(painter, document)
        painter.end()
        buffer.close()
        return bytes(data.data())
