"""``PictureRenderer``: a document as a picture of its full original size, drawn by the canvas's own painters.

It needs a ``QGuiApplication`` for its fonts, and no window.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import quote

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QRect, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QImage, QPageSize, QPainter, QPdfWriter, QPolygonF

from qwvis_desktop.core.annotation import VideoEvent
from qwvis_desktop.core.coordinates import Orientation
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.film_moment import FilmMoment
from qwvis_desktop.core.geometry import Point, Size
from qwvis_desktop.core.media.film import FilmFrame, FilmReader
from qwvis_desktop.core.media.raster import Raster, decode, encode
from qwvis_desktop.core.media.video import VideoMedia
from qwvis_desktop.ui import palette
from qwvis_desktop.ui.canvas.painting.captions import paint_captions
from qwvis_desktop.ui.canvas.painting.composition import Composition
from qwvis_desktop.ui.canvas.painting.labels import ChipSheet, LabelPlan
from qwvis_desktop.ui.canvas.painting.painters import MAX_HALOS, paint_chip_shapes, paint_marks
from qwvis_desktop.ui.canvas.painting.placement import Placement
from qwvis_desktop.ui.canvas.painting.scene import Scene
from qwvis_desktop.ui.canvas.painting.style import Style
from qwvis_desktop.ui.drawing_options import DrawingOptions
from qwvis_desktop.ui.images import image_of

_QUALITY = 92

_SVG_RESOLUTION = 96
"""Pixels an inch that browsers count on: Qt writes the size in millimetres."""

_LONGEST_PAGE = 14_400.0
"""Points; longer pages are not shown by common PDF readers."""

_WHOLE = Placement(1.0, Point(0.0, 0.0))

_AS_SUITS = DrawingOptions()

SVG, PDF = "image/svg+xml", "application/pdf"


class PictureRenderer:
    """Draws documents with all their annotations, hidden ones left out.

    Args:
        hidden: ids of the annotations that are not drawn.
        options: how it is to look.
        time: which frame of a film is drawn, with what is there then, in seconds.
    """

    def __init__(
        self, hidden: frozenset[str] = frozenset(), options: DrawingOptions = _AS_SUITS, time: float = 0.0
    ) -> None:
        self._hidden = hidden
        self._options = options
        self._time = time

    def render(self, document: Document, mime: str) -> bytes:
        """Return the file: image/png, image/jpeg, image/webp, image/svg+xml or application/pdf.

        Raises:
            MediaError: the picture cannot be decoded.
            ValueError: nothing is known of ``mime``.
        """
        document, raster, events = self._picture(document)
        if mime == SVG:
            return self._svg(document, raster)
        if mime == PDF:
            return self._pdf(document, raster)
        return encode(self.drawn(document, raster, events), mime, _QUALITY)

    def _picture(
        self, document: Document, at_least: Size | None = None
    ) -> tuple[Document, Raster, Sequence[VideoEvent]]:
        """Return what is drawn, on what, and what happens meanwhile: of a film, those of the one frame."""
        if not isinstance(document.media, VideoMedia):
            return document, decode(document.media, at_least), ()
        with FilmReader(document.media) as reader:
            frame = reader.at(self._time)
        moment = moment_of(document)
        return (*at_moment(document, moment, frame), moment.events)

    def _scene(self, document: Document) -> Scene:
        scene = Scene(document.size, document.camera, document.convention)
        held = (a for a in document.annotations.values() if a.id not in self._hidden)
        scene.append(held if self._options.scores else (replace(a, score=None) for a in held))
        if not self._options.by_label:
            scene.colors[:] = [palette.color_index(mark.annotation.kind) for mark in scene.marks]
        return scene

    def _style(self, size: Size, *, zoom: float = 1.0, vector: bool = False) -> Style:
        plain, options = Style.for_picture(size, vector=vector), self._options
        return replace(
            plain,
            line=max(1, round(plain.line * options.line * zoom)),
            font=max(1, round(plain.font * options.font * zoom)),
            labels=options.labels,
        )

    def _fill(self, painter: QPainter, scene: Scene, at: Placement) -> None:
        """Cover the areas of all annotations with some of their colours."""
        if not self._options.fill:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for mark, color in zip(scene.marks, scene.colors.tolist(), strict=True):
            ground = QColor(palette.COLORS[color])
            ground.setAlphaF(self._options.fill / 100)
            painter.setBrush(ground)
            points = mark.points or mark.bounds.corners
            painter.drawPolygon(QPolygonF([at.point(point) for point in points]))

    def drawn(self, document: Document, raster: Raster, events: Sequence[VideoEvent] = ()) -> Raster:
        """Draw into the memory of ``raster``, which is this drawing's own, or into a copy where it is read-only."""
        width, height = document.size
        own = isinstance(raster.data, memoryview) and not raster.data.readonly
        data = raster.data if own else bytearray(raster.data)
        image = QImage(data, width, height, 4 * width, QImage.Format.Format_RGB32)
        self._paint(image, document, _WHOLE, events)
        return Raster(document.size, memoryview(data))

    def preview(self, document: Document, longest: int) -> QImage:
        """Return how the picture will look, its longer side at most ``longest`` pixels.

        Raises:
            MediaError: the picture cannot be decoded.
        """
        zoom = min(1.0, longest / max(document.size))
        across, down = (max(1, round(side * zoom)) for side in document.size)
        document, raster, events = self._picture(document, Size(across, down))
        image = image_of(raster).scaled(
            across, down, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
        self._paint(image, document, Placement(zoom, Point(0.0, 0.0)), events)
        return image.copy()  # where nothing was scaled, it shows the memory of the raster

    def _paint(self, image: QImage, document: Document, at: Placement, events: Sequence[VideoEvent]) -> None:
        style = self._style(document.size, zoom=at.zoom)
        composition = Composition(document.size, style, QColor(), QColor())
        composition.scene = self._scene(document)
        painter = QPainter(image)
        self._fill(painter, composition.scene, at)
        composition.look(image.rect(), at)
        composition.draw_marks(painter, image.rect(), at)
        if style.labels:
            paint_captions(painter, events, QRectF(image.rect()), style.chip_font)
        painter.end()

    def _draw_shapes(self, painter: QPainter, document: Document) -> None:
        """Draw marks and chips as shapes, in picture pixels."""
        import numpy as np

        scene = self._scene(document)
        style = replace(self._style(document.size, vector=True), halo=len(scene) <= MAX_HALOS)
        self._fill(painter, scene, _WHOLE)
        paint_marks(painter, scene, np.arange(len(scene)), _WHOLE, style)
        if not style.labels:
            return
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
        head, mark, rest = drawing.partition(b"</defs>")
        image = b'\n<image width="%d" height="%d" href="%s"/>' % (width, height, self._address(document, raster))
        return head + mark + image + rest

    def _address(self, document: Document, raster: Raster) -> bytes:
        """Return the address under which an SVG finds the picture: its file's name, or its content."""
        plain = document.media.orientation is Orientation.NORMAL and not document.media.page
        if self._options.linked and document.media.path is not None and plain:
            return quote(document.media.path.name).encode()
        # Qt would put the picture in as PNG, five times as large and twenty times as slow as this.
        return b"data:image/jpeg;base64," + base64.b64encode(encode(raster, "image/jpeg", _QUALITY))

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


def moment_of(document: Document) -> FilmMoment:
    """Return what of a film's annotations is there at its times."""
    seen = {run.id: run.film.times for run in document.runs.values() if run.film is not None}
    return FilmMoment(document.annotations.values, seen)


def at_moment(document: Document, moment: FilmMoment, frame: FilmFrame) -> tuple[Document, Raster]:
    """Return what is to be drawn on a frame of a film, and its pixels; ``moment`` is at it then."""
    moment.go_to(frame.time, frame.duration)
    drawn = Document(document.media)
    drawn.add(moment.shown.values())
    return drawn, frame.raster
