"""What answers need from outside their pane: formulas drawn on a worker thread, files, and a browser when asked."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeAlias

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from qwvis_desktop.core.answer import Formula
from qwvis_desktop.core.formula import FormulaError, FormulaPicture, draw_formula
from qwvis_desktop.core.media.write import WriteError, write_beside
from qwvis_desktop.ui.jobs import JobRunner, once
from qwvis_desktop.ui.panels.replies.answer import AnswerPane

Drawn: TypeAlias = tuple[tuple[str, bool], FormulaPicture]
"""A formula that was drawn: its LaTeX, whether it stands in a line, and its picture."""

LOCKED = (
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
    'img-src data:; font-src data:">'
)
"""What keeps a page from running scripts and from loading anything, in every browser of today."""


def locked_page(html: str) -> str:
    """Return a page that its browser shows without scripts and without loading anything."""
    return f"<!DOCTYPE html>\n{LOCKED}\n{html}"


def draw_formulas(jobs: JobRunner, formulas: Sequence[Formula], show: Callable[[Sequence[Drawn]], object]) -> None:
    """Draw formulas on a worker and give them to ``show`` as they come; one that cannot be drawn is left out."""

    def work() -> Iterator[Drawn]:
        for formula in formulas:
            try:
                yield (formula.latex, formula.inline), draw_formula(formula.latex, inline=formula.inline)
            except FormulaError:
                continue  # it stays as it was written

    jobs.start(work, name="draw formulas", on_events=show)


class AnswerController(QObject):
    """Serves the pane in which answers are read.

    Signals:
        saved(str, tuple): this path was written; sentences about what was lost (none).
        problem(str): something could not be done; a sentence for people.
    """

    saved = Signal(str, object)
    problem = Signal(str)

    def __init__(self, window: QWidget, pane: AnswerPane, jobs: JobRunner) -> None:
        super().__init__(window)
        self._window = window
        self._pane = pane
        self._jobs = jobs
        self._pages: tempfile.TemporaryDirectory[str] | None = None
        pane.text.formulas_wanted.connect(self._draw)
        pane.save_requested.connect(self._ask_where)
        pane.page_requested.connect(self._ask_how)

    def close(self) -> None:
        """Take the pages away that were shown in a browser."""
        if self._pages is not None:
            self._pages.cleanup()
            self._pages = None

    def _draw(self, formulas: Sequence[Formula]) -> None:
        draw_formulas(self._jobs, formulas, lambda drawn: self._pane.text.show_formulas(dict(drawn)))

    def _ask_where(self, text: str, suffix: str) -> None:
        name, _ = QFileDialog.getSaveFileName(self._window, self.tr("Save the Answer"), f"answer{suffix}", f"*{suffix}")
        if name:
            self.save(text, Path(name))

    def save(self, text: str, path: Path) -> None:
        """Write ``text`` to ``path``."""
        self._jobs.start(
            once(lambda: write_beside(path, text.encode())),
            name="save answer",
            on_events=lambda _: self.saved.emit(str(path), ()),
            on_failed=self._not_written,
        )

    def _ask_how(self, html: str) -> None:
        box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setWindowTitle(self.tr("Open in the Browser"))
        box.setText(self.tr("This page was written by a model. Open it in your browser?"))
        box.setInformativeText(
            self.tr(
                "As written, it may run scripts and load from the network whatever it names. Locked, it can do "
                "neither, and may look plainer."
            )
        )
        locked = box.addButton(self.tr("Open Locked"), QMessageBox.ButtonRole.AcceptRole)
        written = box.addButton(self.tr("Open as Written"), QMessageBox.ButtonRole.DestructiveRole)
        box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(locked)
        box.exec()
        if box.clickedButton() in (locked, written):
            self.open_page(html if box.clickedButton() is written else locked_page(html))
        box.deleteLater()

    def open_page(self, html: str) -> None:
        """Write a page to a temporary file and show it in the browser."""
        if self._pages is None:
            self._pages = tempfile.TemporaryDirectory(prefix="qwvis-pages-")
        path = Path(self._pages.name) / f"page-{len(list(Path(self._pages.name).iterdir())) + 1}.html"
        self._jobs.start(
            once(lambda: write_beside(path, html.encode())),
            name="write page",
            on_events=lambda _: self._show_page(path),
            on_failed=self._not_written,
        )

    def _show_page(self, path: Path) -> None:
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
            self.problem.emit(
                self.tr("No browser could be started. Use Save Code and open the file in a browser yourself.")
            )

    def _not_written(self, error: Exception) -> None:
        self.problem.emit(str(error))
        if not isinstance(error, WriteError | OSError):
            raise error
