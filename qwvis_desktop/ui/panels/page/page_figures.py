"""``PageFigures``: the figures of a page and what was cut out of it for them."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QSize, QUrl
from PySide6.QtGui import QColor, QImage, QTextDocument

from qwvis_desktop.core.geometry import Box
from qwvis_desktop.core.page.elements import Element, Figure
from qwvis_desktop.ui.panels.page.page_writer import figure_name


class PageFigures:
    """Keeps the pictures of figures in ``document``; a grey ground stands for those that are not there yet."""

    def __init__(self, document: QTextDocument) -> None:
        self._document = document
        self._cuts: dict[str, tuple[Box, QImage | None]] = {}

    def clear(self) -> None:
        """Forget all."""
        self._cuts.clear()

    def wanted(self, elements: Iterable[Element]) -> list[Figure]:
        """Return the figures among ``elements`` that were not asked for yet, or lie elsewhere now."""
        found = []
        for element in elements:
            if isinstance(element, Figure) and element.box is not None:
                box, image = self._cuts.get(element.block, (None, None))
                if box != element.box:
                    self._cuts[element.block] = element.box, image
                    self._put(element.block, image)
                    found.append(element)
        return found

    def show(self, block: str, box: Box, image: QImage) -> bool:
        """Take what was cut out at this place for a block; say whether it is still wanted."""
        if self._cuts.get(block, (None,))[0] != box:
            return False
        self._cuts[block] = box, image
        self._put(block, image)
        return True

    def _put(self, block: str, image: QImage | None) -> None:
        if image is None:
            image = QImage(QSize(2, 2), QImage.Format.Format_ARGB32)
            image.fill(QColor(128, 128, 128, 60))
        kind = QTextDocument.ResourceType.ImageResource.value
        self._document.addResource(kind, QUrl(figure_name(block)), image)
