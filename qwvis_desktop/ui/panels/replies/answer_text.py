"""``AnswerText``: an answer as people read it: Markdown without HTML, code, formulas; it grows, and loads nothing."""

from __future__ import annotations

import time
from collections.abc import Mapping

from PySide6.QtCore import QEvent, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QPalette, QTextCursor
from PySide6.QtWidgets import QApplication, QWidget

from qwvis_desktop.core.answer_blocks import AnswerBlocks, Block
from qwvis_desktop.core.formula import FormulaPicture
from qwvis_desktop.core.times import seconds_of
from qwvis_desktop.ui.panels.replies.answer_writer import TIME_LINK, AnswerWriter
from qwvis_desktop.ui.panels.replies.formula_images import FormulaImages
from qwvis_desktop.ui.panels.replies.formula_writer import FormulaWriter
from qwvis_desktop.ui.panels.replies.locked_text import LockedText
from qwvis_desktop.ui.panels.replies.page_links import PageLinks, Places

SHOW_EVERY_MS = 50
"""Pieces that come within this time are shown together."""

SLICE_SECONDS = 0.012
"""How long the window may be kept waiting while a long answer is laid out; the rest follows at once after."""


class AnswerText(LockedText):
    """Shows an answer that grows; follows its end unless the user scrolled up.

    Pictures are not loaded: what stands for them in words is shown. Links lead nowhere; their address is the tool tip.
    Only times of a film (``link_times``) and pages that are open (``set_places``) can be gone to.
    Formulas are shown as they were written until ``show_formulas`` brings their pictures.

    Signals:
        formulas_wanted(list): formulas (``Formula``) that are to be drawn.
        time_chosen(float): a time of the film that an answer names is to be seen.
        place_requested(str): the picture with this key, which the answer mentions, is to be looked at.
    """

    formulas_wanted = Signal(object)
    time_chosen = Signal(float)
    place_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._formulas = FormulaImages(self.document().defaultFont())
        self._drawn = FormulaWriter(self.document(), self._formulas)
        self._writer = AnswerWriter(self.document(), self._formulas, self._drawn)
        self._pieces: list[str] = []
        self._ready: list[Block] = []
        self._rest_ms = SHOW_EVERY_MS
        self._shown = 0.0
        self._follows = True
        self._timer = QTimer(self, interval=SHOW_EVERY_MS, singleShot=True)
        self._timer.timeout.connect(self._show_slice)
        self._links = PageLinks(self.document())
        self.highlighted.connect(self._tell_where)
        self.anchorClicked.connect(self._follow_link)
        self.clear_answer()

    def link_times(self, film_seconds: float | None) -> None:
        """Make links of the times that answers shown from now on name, of a film so long; None for no links."""
        self._writer.film_seconds = film_seconds

    def _follow_link(self, url: QUrl) -> None:
        time = seconds_of(url.path()) if url.scheme() == TIME_LINK else None
        if time is not None:
            self.time_chosen.emit(time)
        place = self._links.place_of(url)
        if place is not None:
            self.place_requested.emit(place.key)

    @property
    def markdown(self) -> str:
        """The answer as it was given."""
        if len(self._pieces) > 1:
            self._pieces = ["".join(self._pieces)]
        return self._pieces[0] if self._pieces else ""

    def set_places(self, places: Places) -> None:
        """Say what "page 3" and "image 2" mean in the answer; those become links."""
        self._links.set_places(places)
        self._mark_links()

    def _mark_links(self) -> None:
        self._links.mark(self._tail.position(), self.palette().color(QPalette.ColorRole.Link))

    def _tell_where(self, url: QUrl) -> None:
        place = self._links.place_of(url)
        self.viewport().setToolTip(place.name if place is not None else url.toDisplayString())

    def clear_answer(self) -> None:
        """Show nothing."""
        self._links.restart()
        self._timer.stop()
        self._pieces, self._ready = [], []
        self._blocks = AnswerBlocks()
        self._formulas.cut(0)
        self.clear()
        self.document().setDocumentMargin(8)
        self._tail = QTextCursor(self.document())
        self._tail.setKeepPositionOnInsert(True)
        self._kept_formulas = 0

    def set_answer(self, text: str, *, clear: bool = True, follow: bool = False) -> None:
        """Show a whole answer, from its start; in place of what is shown, or after it.

        What takes longer to be shown follows later; with ``follow``, who looks at the end is led on to the new end.
        """
        if clear:
            self.clear_answer()
        self.append_answer(text)
        self._follows = follow
        self._show_slice(follow=False)

    def append_answer(self, text: str) -> None:
        """Take a further piece; it is shown at once where none was shown just now, else with others that come."""
        self._follows = True
        if text:
            self._pieces.append(text)
            self._blocks.feed(text)
            if not self._timer.isActive():
                rested = 1000 * (time.perf_counter() - self._shown)
                self._timer.start(max(0, round(self._rest_ms - rested)))

    def append_question(self, text: str) -> None:
        """Show words of the user before the answer that follows; ``markdown`` is then that one's."""
        self.flush()
        self._pieces, self._blocks = [], AnswerBlocks()
        self._writer.write_question(text)
        self._keep_tail()

    def end_answer(self) -> None:
        """Show soon what was given, without waiting for more."""
        self._timer.start(0)

    def flush(self) -> None:
        """Show at once all that was given."""
        self._timer.stop()
        self._show_slice(patience=float("inf"))

    def show_formulas(self, pictures: Mapping[tuple[str, bool], FormulaPicture]) -> None:
        """Put pictures in place of formulas, by LaTeX and whether they are inline."""
        self._formulas.take(pictures)
        self._drawn.set_look(self.palette(), self.devicePixelRatioF())
        self._drawn.draw_waiting()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme: formulas are drawn in the colour of text."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_tail"):
            self._drawn.set_look(self.palette(), self.devicePixelRatioF())
            self._drawn.recolour()

    def _show_slice(self, follow: bool = True, patience: float = SLICE_SECONDS) -> None:
        """Show what was given, for as long as the window may wait; what is left follows with the next turn."""
        if QApplication.mouseButtons() & Qt.MouseButton.LeftButton and self.underMouse() and patience == SLICE_SECONDS:
            self._timer.start(SHOW_EVERY_MS)  # something is being selected
            return
        self._ready += self._blocks.take_closed()
        self._drawn.set_look(self.palette(), self.devicePixelRatioF())
        bar = self.verticalScrollBar()
        follows = follow and self._follows and bar.value() >= bar.maximum() - 1
        selected = self.textCursor()
        chosen = (selected.anchor(), selected.position()) if selected.hasSelection() else None
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        self._drop_tail()
        begun, done = time.perf_counter(), 0
        for block in self._ready:
            self._writer.write(block)
            done += 1
            if time.perf_counter() - begun > patience:
                break
        del self._ready[:done]
        self._keep_tail()
        tail = self._blocks.tail
        if not self._ready and tail is not None:
            self._writer.write(tail)
        self._mark_links()
        cursor.endEditBlock()
        self._after_slice(follows, chosen)
        # The longer the answer, the longer its layout takes: the window stays free for five sixths of the time.
        self._shown = time.perf_counter()
        self._rest_ms = max(SHOW_EVERY_MS, round(5000 * (self._shown - begun)))

    def _after_slice(self, follows: bool, chosen: tuple[int, int] | None) -> None:
        bar = self.verticalScrollBar()
        place = bar.value()
        if chosen is not None:
            last = self.document().characterCount() - 1
            cursor = QTextCursor(self.document())
            cursor.setPosition(min(chosen[0], last))
            cursor.setPosition(min(chosen[1], last), QTextCursor.MoveMode.KeepAnchor)
            self.setTextCursor(cursor)  # which scrolls there
        elif self.textCursor().position():
            # What is written pushes it to the end, and where it stands Qt looks when this is first shown.
            self.setTextCursor(QTextCursor(self.document()))
        bar.setValue(bar.maximum() if follows else place)
        if self._ready:
            self._timer.start(0)
        self._ask_for_formulas()

    def _drop_tail(self) -> None:
        """Take away what was open when it was shown."""
        cursor = QTextCursor(self.document())
        cursor.setPosition(self._tail.position())
        cursor.movePosition(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)
        cursor.removeSelectedText()
        self._formulas.cut(self._kept_formulas)

    def _keep_tail(self) -> None:
        self._tail.movePosition(QTextCursor.MoveOperation.End)
        self._kept_formulas = len(self._formulas)

    def _ask_for_formulas(self) -> None:
        # Formulas of what is open still are asked for too: most are whole as soon as they are seen.
        wanted = self._formulas.wanted()
        if wanted:
            self.formulas_wanted.emit(wanted)
