from __future__ import annotations

from PySide6.QtCore import QUrl
from PySide6.QtGui import QImage, QTextDocument

from qwvis_desktop.core.geometry import Box
from qwvis_desktop.core.page.elements import Figure
from qwvis_desktop.ui.panels.page.page_figures import PageFigures


def kept(document: QTextDocument) -> QImage:
    image = document.resource(QTextDocument.ResourceType.ImageResource.value, QUrl("figure:a"))
    assert isinstance(image, QImage)
    return image


def test_a_figure_is_wanted_until_it_was_asked_for_and_again_where_it_moved(qapp: object) -> None:
    document = QTextDocument()
    figures = PageFigures(document)
    first, moved = (Figure(block="a", box=Box(0, 0, side, side), words=()) for side in (5, 9))
    assert figures.wanted([first, Figure(block="b", words=())]) == [first]
    assert figures.wanted([first]) == []
    assert kept(document).width() == 2
    assert figures.wanted([moved]) == [moved]
    assert first.box is not None
    assert moved.box is not None
    image = QImage(7, 7, QImage.Format.Format_RGB32)
    assert not figures.show("a", first.box, image)
    assert figures.show("a", moved.box, image)
    assert kept(document).width() == 7
    figures.clear()
    assert figures.wanted([moved]) == [moved]
