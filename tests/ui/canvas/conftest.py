from collections.abc import Iterator

import pytest
from canvas_pictures import Opened, media, plain
from pytestqt.qtbot import QtBot

from qwvis_desktop.core.annotation import Annotation
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.geometry import Size
from qwvis_desktop.ui.canvas.view import CanvasView
from qwvis_desktop.ui.editor import DocumentEditor

SIZE, VIEW = Size(400, 300), Size(500, 400)


@pytest.fixture
def opened(qtbot: QtBot) -> Iterator[Opened]:
    """Give a function that opens a grey picture with annotations in a canvas that is shown."""
    editors: list[DocumentEditor] = []

    def make(*annotations: Annotation, size: Size = SIZE, view: Size = VIEW) -> tuple[CanvasView, DocumentEditor]:
        document = Document(media(size))
        document.add(annotations)
        editor = DocumentEditor(document)
        editors.append(editor)
        canvas = CanvasView()
        qtbot.addWidget(canvas)
        canvas.resize(*view)
        canvas.show_editor(editor)
        canvas.set_picture(plain(size))
        with qtbot.waitExposed(canvas):
            canvas.show()
        return canvas, editor

    yield make
    for editor in editors:
        editor.deleteLater()
