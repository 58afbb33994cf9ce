"""Pictures of one colour, and a canvas that shows one, for tests of what is drawn."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QColor

from qwvis_desktop.core.coordinates import Orientation
from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.media.image import ImageMedia
from qwvis_desktop.core.media.raster import Raster
from qwvis_desktop.ui.canvas.view import CanvasView
from qwvis_desktop.ui.editor import DocumentEditor
from qwvis_desktop.ui.images import Picture

GREY = QColor(120, 120, 120)


def media(size: Size) -> ImageMedia:
    return ImageMedia(
        name="test.png", path=None, data=b"", size=size, stored=size, orientation=Orientation.NORMAL, mime="image/png"
    )


def plain(size: Size, color: QColor = GREY) -> Picture:
    pixel = bytes((color.blue(), color.green(), color.red(), 255))
    return Picture.from_raster(Raster(size, pixel * size.pixels), size)


Opened = Callable[..., tuple[CanvasView, DocumentEditor]]
