"""``PageView``: a page as one reads it; it grows with the reply, and says which block the pointer is on."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent, QTextCursor
from PySide6.QtWidgets import QWidget

from qwvis_desktop.core.formula import FormulaPicture
from qwvis_desktop.core.geometry import Box
from qwvis_desktop.core.page.elements import Element
from qwvis_desktop.ui.panels.page.page_figures import PageFigures
from qwvis_desktop.ui.panels.page.page_lights import paint_lights
from qwvis_desktop.ui.panels.page.page_writer import PageWriter
from qwvis_desktop.ui.panels.replies.formula_images import FormulaImages
from qwvis_desktop.ui.panels.replies.formula_writer import FormulaWriter
from qwvis_desktop.ui.panels.replies.locked_text import LockedText

SLICE_SECONDS = 0.012
"""How long the window may be kept waiting while a page is laid out; the rest follows at once after."""


class PageView(LockedText):
    """Shows elements; what changed of them is written anew from there on, and what did not stays as it is.

    Signals:
        formulas_wanted(list): formulas (``Formula``) that are to be drawn.
        figures_wanted(list): figures (``Figure``) that are to be cut out of the page.
        block_pointed(object): id of the block under the pointer; None where there is none.
        block_chosen(str): the block with this id was clicked.
        shown_changed(): what is shown is another.
        chosen_changed(): other blocks are chosen.
    """

    formulas_wanted = Signal(object)
    figures_wanted = Signal(object)
    block_pointed = Signal(object)
    block_chosen = Signal(str)
    shown_changed = Signal()
    chosen_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Document"))
        self.setMouseTracking(True)
        self.viewport().setMouseTracking(True)
        self.document().setDocumentMargin(12)
        self._formulas = FormulaImages(self.document().defaultFont())
        self._drawn = FormulaWriter(self.document(), self._formulas)
        self._writer = PageWriter(self.document(), self._drawn)
        self._wanted: Sequence[Element] = ()
        self._written: list[Element] = []
        self._starts: list[tuple[QTextCursor, int]] = []
        self._figures = PageFigures(self.document())
        self._chosen: frozenset[str] = frozenset()
        self._pointed: str | None = None
        self._timer = QTimer(self, interval=0, singleShot=True)
        self._timer.timeout.connect(self._write_slice)

    @property
    def elements(self) -> Sequence[Element]:
        """What is shown, or about to be."""
        return self._wanted

    @property
    def is_settled(self) -> bool:
        """Whether all of it is written."""
        return len(self._written) == len(self._wanted)

    def show_elements(self, elements: Sequence[Element]) -> None:
        """Show these; those at the beginning that are shown already are left alone."""
        self._wanted = elements
        same = 0
        for shown, wanted in zip(self._written, elements, strict=False):
            if shown is not wanted and shown != wanted:
                break
            same += 1
        self._forget_from(same)
        self._write_slice()
        self.shown_changed.emit()

    def clear_page(self) -> None:
        """Show nothing, and forget the pictures."""
        self._figures.clear()
        self.show_elements(())

    def show_formulas(self, pictures: Mapping[tuple[str, bool], FormulaPicture]) -> None:
        """Put pictures in place of formulas, by LaTeX and whether they are inline."""
        self._formulas.take(pictures)
        self._drawn.set_look(self.palette(), self.devicePixelRatioF())
        self._drawn.draw_waiting()

    def show_figure(self, block: str, box: Box, image: QImage) -> None:
        """Show what was cut out of the page for a block, at this place of the page."""
        if self._figures.show(block, box, image):
            self.document().markContentsDirty(0, self.document().characterCount())
            self.viewport().update()

    def choose_blocks(self, blocks: Iterable[str]) -> None:
        """Light these blocks, and bring the first into view."""
        chosen = frozenset(blocks)
        if chosen == self._chosen:
            return
        self._choose(chosen)
        self._go_to_first(chosen)

    def go_to(self, block: str) -> None:
        """Bring a block into view."""
        self._go_to_first(frozenset([block]))

    def _go_to_first(self, blocks: frozenset[str]) -> None:
        first = next((at for at, element in enumerate(self._written) if element.block in blocks), None)
        if first is not None:
            self._bring_into_view(first)

    @property
    def chosen(self) -> frozenset[str]:
        """Ids of the blocks that are chosen."""
        return self._chosen

    def choose_at(self, place: QPoint) -> None:
        """Choose the block at a place of the view, if there is one."""
        block = self.block_at(QPointF(place))
        if block is not None:
            self._choose(frozenset([block]))
            self.block_chosen.emit(block)

    def _choose(self, blocks: frozenset[str]) -> None:
        self._chosen = blocks
        self._light()
        self.chosen_changed.emit()

    def point_at(self, block: str | None) -> None:
        """Light a block that is pointed at on the page."""
        if block != self._pointed:
            self._pointed = block
            self._light()

    def block_at(self, place: QPointF) -> str | None:
        """Return the id of the block under a place of the view."""
        number = self._number_at(place)
        return self._written[number].block if number is not None else None

    # Events

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what is lit behind the words."""
        painter = QPainter(self.viewport())
        paint_lights(painter, self._lit(), self._chosen, self.palette())
        painter.end()
        super().paintEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Say which block is under the pointer."""
        super().mouseMoveEvent(event)
        block = self.block_at(event.position())
        if block != self._pointed:
            self.point_at(block)
            self.block_pointed.emit(block)

    def leaveEvent(self, event: QEvent) -> None:
        """Say that none is."""
        super().leaveEvent(event)
        if self._pointed is not None:
            self.point_at(None)
            self.block_pointed.emit(None)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Choose the block that was clicked; text that was selected is not a click."""
        super().mouseReleaseEvent(event)
        if event.button() is Qt.MouseButton.LeftButton and not self.textCursor().hasSelection():
            self.choose_at(event.position().toPoint())
            event.accept()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme: formulas and captions are in its colours."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_timer"):
            self._drawn.set_look(self.palette(), self.devicePixelRatioF())
            self._drawn.recolour()
            self._light()

    # Writing

    def _forget_from(self, number: int) -> None:
        """Take away the elements from this one on."""
        if number < len(self._starts):
            start, formulas = self._starts[number]
            self._writer.forget(start)
            self._formulas.cut(formulas)
        del self._written[number:], self._starts[number:]
        if not number:
            self.document().clear()
            self.document().setDocumentMargin(12)

    def _write_slice(self) -> None:
        """Write for as long as the window may wait; what is left follows with the next turn."""
        bar = self.verticalScrollBar()
        place = bar.value()
        self._drawn.set_look(self.palette(), self.devicePixelRatioF())
        begun = time.perf_counter()
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        while not self.is_settled and time.perf_counter() - begun < SLICE_SECONDS:
            element = self._wanted[len(self._written)]
            formulas = len(self._formulas)
            self._starts.append((self._writer.write(element, len(self._written)), formulas))
            self._written.append(element)
        cursor.endEditBlock()
        bar.setValue(place)
        if not self.is_settled:
            self._timer.start()
        self._light()
        self._ask_for_pictures()

    def _ask_for_pictures(self) -> None:
        formulas = self._formulas.wanted()
        if formulas:
            self.formulas_wanted.emit(formulas)
        figures = self._figures.wanted(self._written)
        if figures:
            self.figures_wanted.emit(figures)

    # Looking

    def _number_at(self, place: QPointF) -> int | None:
        position = (
            self.document()
            .documentLayout()
            .hitTest(
                place + QPointF(self.horizontalScrollBar().value(), self.verticalScrollBar().value()),
                Qt.HitTestAccuracy.FuzzyHit,
            )
        )
        below = place.y() + self.verticalScrollBar().value() > self.document().size().height()
        if position < 0 or not self._starts or below:
            return None
        number = self.document().findBlock(position).userState()
        return number if 0 <= number < len(self._written) else None

    def _light(self) -> None:
        """Show what is chosen and what is pointed at."""
        self.viewport().update()

    def _lit(self) -> dict[str, QRectF]:
        """Return the parts of the view that are lit, by their blocks."""
        areas: dict[str, QRectF] = {}
        for number, element in enumerate(self._written):
            if element.block in self._chosen or element.block == self._pointed:
                areas[element.block] = areas.get(element.block, QRectF()) | self._area(number)
        return areas

    def _area(self, number: int) -> QRectF:
        """Return the part of the view that an element takes, over its whole width."""
        layout = self.document().documentLayout()
        block = self._starts[number][0].block()
        covered = QRectF()
        while block.isValid() and block.userState() == number:
            covered |= layout.blockBoundingRect(block)
            block = block.next()
        top = covered.top() - self.verticalScrollBar().value()
        return QRectF(0, top, self.viewport().width(), covered.height()).adjusted(0, -3, 0, 3)

    def _bring_into_view(self, number: int) -> None:
        cursor = QTextCursor(self.document())
        cursor.setPosition(self._starts[number][0].position())
        top = self.cursorRect(cursor).top()
        if top < 0 or top > self.viewport().height() - 24:
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + top - self.viewport().height() // 4)
