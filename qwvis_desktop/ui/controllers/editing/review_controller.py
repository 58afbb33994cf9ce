"""Going through what a model gave: accepting, rejecting, the next one, and the figures of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, QTimer

from qwvis_desktop.core.document import Run
from qwvis_desktop.core.error_rate import error_rate
from qwvis_desktop.core.proposal import is_of_a_part
from qwvis_desktop.core.review import Review, as_accepted, review
from qwvis_desktop.core.text.flow import texts_of
from qwvis_desktop.ui.canvas.view import CanvasView
from qwvis_desktop.ui.controllers.workspace import Workspace
from qwvis_desktop.ui.editor import DocumentEditor
from qwvis_desktop.ui.panels.review import ReviewPanel

_REST_MS = 120
"""How long nothing must change until the figures are counted anew."""


class ReviewController(QObject):
    """Accepts and rejects for the picture that is looked at, and keeps the review panel up to date."""

    def __init__(self, panel: ReviewPanel, canvas: CanvasView, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._panel, self._canvas, self._workspace = panel, canvas, workspace
        self._editor: DocumentEditor | None = None
        self._chosen = ""
        self._offered: list[str] = []
        self._counting = QTimer(self, singleShot=True, interval=_REST_MS)
        self._counting.timeout.connect(self.count)
        panel.accept_requested.connect(self.accept)
        panel.reject_requested.connect(self.reject)
        panel.next_requested.connect(self.next)
        panel.run_chosen.connect(self.choose)
        workspace.current_changed.connect(self._follow)

    def does(self) -> dict[str, Callable[[], object]]:
        """Return what the actions do, by their ids."""
        return {
            "review.accept": self.accept,
            "review.reject": self.reject,
            "review.next": self.next,
            "review.previous": lambda: self.next(by=-1),
        }

    def review(self) -> Review | None:
        """Return where the review of the chosen run stands, else of the latest that gave anything; None for none."""
        run = self._run()
        return review(self._editor.document, run) if run is not None and self._editor is not None else None

    def choose(self, run: str) -> None:
        """Review the run with this id; the latest one again when another comes, or another picture."""
        self._chosen = run
        self.count()

    def accept(self) -> None:
        """Say of what is selected that it is right, and go to the next one that nobody looked at."""
        editor = self._editor
        if editor is None or not editor.selection:
            self.next()
            return
        annotations = editor.document.annotations
        chosen = [annotations[key] for key in self._in_order(editor.selection)]
        after = self._after(editor.selection)
        editor.replace(as_accepted(chosen), self.tr("Accept"))
        self._go_to(after)

    def reject(self) -> None:
        """Delete what is selected, and go to the next one that nobody looked at."""
        editor = self._editor
        if editor is None or not editor.selection:
            self.next()
            return
        after = self._after(editor.selection)
        editor.remove(self._in_order(editor.selection), self.tr("Reject"))
        self._go_to(after)

    def next(self, by: int = 1) -> None:
        """Go to the next one, in reading order, that nobody looked at; after the last comes the first."""
        editor = self._editor
        if editor is not None:
            self._go_to(self._after(editor.selection, by))

    def count(self) -> None:
        """Show the figures."""
        self._counting.stop()
        runs = self._runs()
        if [run.id for run in runs] != self._offered:
            self._offered, self._chosen = [run.id for run in runs], ""
        found, run = self.review(), self._run()
        titles = [(each.id, f"{each.started.astimezone():%H:%M:%S}  {each.source}") for each in runs]
        self._panel.show_runs(titles, run.id if run is not None else "")
        if found is None or run is None or self._editor is None:
            self._panel.show_review(found)
            return
        document = self._editor.document
        reading = [each for each in document.runs.values() if texts_of(each.as_read) and not is_of_a_part(each)]
        wrong = error_rate(document, [run]) if run in reading else None
        self._panel.show_review(found, wrong, error_rate(document, reading) if len(reading) > 1 else None)

    def _in_order(self, ids: Iterable[str]) -> list[str]:
        wanted = frozenset(ids)
        return [key for key in self._editor.document.annotations if key in wanted] if self._editor is not None else []

    def _run(self) -> Run | None:
        runs = self._runs()
        return next((run for run in runs if run.id == self._chosen), runs[-1] if runs else None)

    def _runs(self) -> list[Run]:
        """Return the runs that gave anything, the latest last."""
        runs = self._editor.document.runs.values() if self._editor is not None else ()
        return [run for run in runs if run.as_read and not is_of_a_part(run)]

    def _after(self, selection: frozenset[str], by: int = 1) -> str | None:
        """Return the unseen one that follows the selection; None where there is none but in the selection."""
        found = self.review()
        if found is None:
            return None
        order = [key for key in found.order if key in found.unseen or key in selection]
        places = [place for place, key in enumerate(order) if key in selection]
        start = (max(places) if by > 0 else min(places)) if places else (-1 if by > 0 else 0)
        for step in range(1, len(order) + 1):
            key = order[(start + by * step) % len(order)]
            if key in found.unseen and key not in selection:
                return key
        return None

    def _go_to(self, key: str | None) -> None:
        editor = self._editor
        if editor is None or key is None:
            return
        editor.hide(editor.hidden - {key})
        editor.select([key])
        self._canvas.center_on([key])

    def _follow(self) -> None:
        if self._editor is not None:
            self._editor.changed.disconnect(self._counting.start)
            self._editor.run_changed.disconnect(self._counting.start)
        self._editor = editor = self._workspace.editor
        if editor is not None:
            editor.changed.connect(self._counting.start)
            editor.run_changed.connect(self._counting.start)
        self.count()
