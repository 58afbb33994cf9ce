from collections.abc import Callable, Iterator

import pytest
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from qwvis_desktop.core.annotation import Annotation
from qwvis_desktop.core.coordinates import Orientation
from qwvis_desktop.core.document import Document
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


@pytest.fixture
def opened(qtbot: QtBot) -> Iterator[Opened]:
    """Give a function that opens a grey picture with annotations in a canvas that is shown."""
    editors: list[DocumentEditor] = []

    def make(
        *annotations: Annotation, size: Size = Size(400, 300), view: Size = Size(500, 400)
    ) -> tuple[CanvasView, DocumentEditor]:
        document = Document(media(size))
        document.add(annotations)
        editor = DocumentEditor(document)
        editors.append(editor)
        canvas = CanvasView()
        qtbot.addWidget(canvas)
        canvas.resize(*view)
        canvas.show_editor(editor)
        canvas.set_picture(plain(size))
        canvas.show()
        qtbot.waitExposed(canvas)
        return canvas, editor

    yield make
    for editor in editors:
        editor.deleteLater()
