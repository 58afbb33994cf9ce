"""``render_plan``: the plan of a document as a file, drawn by the painter of the screen.

It needs a ``QGuiApplication`` for its fonts, and no window.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QRect, QSize, QSizeF
from PySide6.QtGui import QGuiApplication, QImage, QPageSize, QPainter, QPdfWriter

from qwvis_desktop.core.document import Document
from qwvis_desktop.core.geometry import Size
from qwvis_desktop.ui.panels.space.plan_painter import PlanPainter, fitting
from qwvis_desktop.ui.panels.space.space_scene import SpaceScene
from qwvis_desktop.ui.panels.space.space_strokes import Chips, Inks
from qwvis_desktop.ui.panels.space.space_surface import small
from qwvis_desktop.ui.theme import palette_of

PNG, SVG, PDF = "image/png", "image/svg+xml", "application/pdf"
PLAN_SIZE = Size(1600, 1200)

_UNITS = 800.0
"""Units of the drawing along the longer side: what is 1 unit wide on the screen is so here, whatever the size."""

_SVG_RESOLUTION = 96
_LONGEST_PAGE = 14_400.0


def render_plan(
    document: Document, mime: str, size: Size = PLAN_SIZE, *, hidden: frozenset[str] = frozenset(), dark: bool = False
) -> bytes:
    """Return the plan as a file.

    Args:
        document: whose cuboids are drawn; one far beyond the others lies outside of the plan.
        mime: image/png, image/svg+xml or application/pdf.
        size: pixels of the picture, or points of the page.
        hidden: ids of cuboids that are left out.
        dark: draw on a dark ground.

    Raises:
        ValueError: nothing is known of ``mime``, or ``size`` is not positive.
    """
    if mime not in _WRITERS:
        raise ValueError(f"a plan cannot be written as {mime}")
    if min(size) <= 0:
        raise ValueError("the size of a plan must be greater than 0")
    scale = max(size) / _UNITS
    scene = SpaceScene.of_document(document, hidden)
    plan = fitting(scene, size.width / scale, size.height / scale)
    font = small(QGuiApplication.font())
    font.setPixelSize(12)
    drawing = PlanPainter(Inks.of(palette_of(dark)), Chips(font, None), document.camera, document.size)

    def draw(painter: QPainter, factor: float) -> None:
        painter.scale(factor * scale, factor * scale)
        painter.setFont(font)
        drawing.paint(painter, scene, plan)

    return _WRITERS[mime](draw, size, document.media.name)


_Draw = Callable[[QPainter, float], None]


def _png(draw: _Draw, size: Size, title: str) -> bytes:
    image = QImage(size.width, size.height, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    draw(painter, 1.0)
    painter.end()
    image.setText("Title", title)
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]  # the stubs want bytes, PySide6 takes text
    return bytes(data.data())


def _svg(draw: _Draw, size: Size, title: str) -> bytes:
    # QtSvg is loaded only here: the window opens without it.
    from PySide6.QtSvg import QSvgGenerator

    data = QByteArray()
    buffer = QBuffer(data)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setResolution(_SVG_RESOLUTION)
    generator.setSize(QSize(*size))
    generator.setViewBox(QRect(0, 0, *size))
    generator.setTitle(title)
    painter = QPainter(generator)
    draw(painter, 1.0)
    painter.end()
    return bytes(data.data())


def _pdf(draw: _Draw, size: Size, title: str) -> bytes:
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setTitle(title)
    points = min(1.0, _LONGEST_PAGE / max(size))
    writer.setPageSize(QPageSize(QSizeF(size.width * points, size.height * points), QPageSize.Unit.Point))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0))
    painter = QPainter(writer)
    draw(painter, writer.width() / size.width)
    painter.end()
    buffer.close()
    return bytes(data.data())


_WRITERS: dict[str, Callable[[_Draw, Size, str], bytes]] = {PNG: _png, SVG: _svg, PDF: _pdf}
