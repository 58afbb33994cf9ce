"""Finding words in the texts of all open pages: hits are lit on the picture, and going to one opens its page."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QTimer

from qwvis_desktop.core.annotation import TextRegion
from qwvis_desktop.core.text.flow import searched
from qwvis_desktop.core.text.search import Hit, Wanted, find
from qwvis_desktop.ui.canvas.view import CanvasView
from qwvis_desktop.ui.controllers.workspace import Workspace
from qwvis_desktop.ui.editor import DocumentEditor
from qwvis_desktop.ui.jobs import Job, JobRunner, once
from qwvis_desktop.ui.panels.text.find_bar import FindBar
from qwvis_desktop.ui.panels.words import counted

_REST_MS = 60
"""How long nothing must be typed until it is looked for."""

_LONGEST = 60
"""Characters of selected text that are taken for what is to be found."""

_Page = tuple[str, Sequence[TextRegion]]
_PageHit = tuple[str, Hit]
"""Key of an entry, and a hit on it."""


class FindController(QObject):
    """Joins find bar, canvas and workspace."""

    def __init__(self, bar: FindBar, canvas: CanvasView, workspace: Workspace, jobs: JobRunner) -> None:
        super().__init__(workspace)
        self._bar, self._canvas, self._workspace, self._jobs = bar, canvas, workspace, jobs
        self._hits: list[_PageHit] = []
        self._at: int | None = None
        self._job: Job | None = None
        self._editor: DocumentEditor | None = None
        self._waiting = 0
        self._is_going = False
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self.search)
        bar.wanted_changed.connect(lambda _wanted: self._rest.start())
        bar.next_requested.connect(self.next)
        bar.closed.connect(self._stop)
        workspace.current_changed.connect(self._follow)
        workspace.entries_removed.connect(self._search_again)

    def does(self) -> dict[str, Callable[[], object]]:
        """Return what the actions do, by their ids."""
        return {
            "text.find": self.ask,
            "text.find_next": lambda: self.next(1),
            "text.find_previous": lambda: self.next(-1),
        }

    @property
    def is_on(self) -> bool:
        """Whether anything is looked for."""
        return not self._bar.isHidden()

    def ask(self) -> None:
        """Ask what to find; selected text is taken for it."""
        words = " ".join(self._canvas.selected_text.split())
        self._bar.ask(words if len(words) <= _LONGEST else "")

    def search(self) -> None:
        """Look for what stands in the bar, on a worker thread."""
        self._rest.stop()
        if self._job is not None:
            self._job.abandon()
        wanted, pages = self._bar.wanted, self._pages()
        self._job = self._jobs.start(
            once(lambda: _found(pages, wanted)),
            name="find",
            on_events=lambda found: self._take(found[0]),
        )

    def next(self, by: int) -> None:
        """Go to the next hit (1) or the previous one (-1), on whatever page it is; after the last comes the first."""
        if not self.is_on:
            self.ask()
            return
        if self._rest.isActive() or (self._job is not None and not self._job.is_over):
            self._waiting = by  # what is there is not what is looked for any more
            return
        if not self._hits:
            return
        self._at = self._first(by) if self._at is None else (self._at + by) % len(self._hits)
        key = self._hits[self._at][0]
        if self._workspace.current is None or key != self._workspace.current.key:
            self._is_going = True
            self._workspace.show(key)
            self._is_going = False
        self._show(look=True)

    def _pages(self) -> list[_Page]:
        opened = ((entry.key, self._workspace.editor_of(entry.key)) for entry in self._workspace.entries)
        return [(key, searched(editor.document.annotations.values())) for key, editor in opened if editor is not None]

    def _take(self, found: list[_PageHit]) -> None:
        self._job = None
        before = self._hits[self._at] if self._at is not None else None
        self._hits = found
        if before is not None and before in found:
            self._at = found.index(before)
        else:
            self._at = next((at for at, (key, _) in enumerate(found) if key == self._current()), None)
        waiting, self._waiting = self._waiting, 0
        if waiting and (self._at is None or before in found):
            self.next(waiting)
        else:
            self._show(look=before is None or before not in found)

    def _first(self, by: int) -> int:
        """Return the hit that follows the current page, in which there is none."""
        places = {entry.key: place for place, entry in enumerate(self._workspace.entries)}
        here = places.get(self._current(), 0)
        after = next((at for at, (key, _) in enumerate(self._hits) if places.get(key, 0) > here), 0)
        return after if by > 0 else (after - 1) % len(self._hits)

    def _current(self) -> str:
        return self._workspace.current.key if self._workspace.current is not None else ""

    def _show(self, *, look: bool) -> None:
        """Light the hits of the current page, say how many there are, and bring the one into view where wanted."""
        here = self._current()
        spans = [span for key, hit in self._hits if key == here for span in hit]
        at = self._hits[self._at] if self._at is not None else None
        current = at[1] if at is not None and at[0] == here else ()
        self._canvas.show_hits(spans, current)
        if look and current:
            self._canvas.center_on([span.key for span in current])
        self._bar.say(self._sentence(), found=bool(self._hits))

    def _sentence(self) -> str:
        if not self._bar.wanted.words.strip():
            return ""
        if not self._hits:
            return self.tr("Nothing found")
        pages = len({key for key, _ in self._hits})
        hits = counted(len(self._hits), "hit")
        if self._at is not None:
            hits = self.tr("{n} of {hits}").replace("{n}", str(self._at + 1)).replace("{hits}", hits)
        if pages == 1 and self._workspace.count == 1:
            return hits
        return self.tr("{hits} on {pages}").replace("{hits}", hits).replace("{pages}", counted(pages, "page"))

    def _follow(self) -> None:
        if self._editor is not None:
            self._editor.changed.disconnect(self._search_again)
        self._editor = editor = self._workspace.editor
        if editor is not None:
            editor.changed.connect(self._search_again)
        if self.is_on and not self._is_going:
            self._show(look=False)
            self._search_again()  # a page that is opened only now may bring its texts

    def _search_again(self, *_: object) -> None:
        if self.is_on:
            self._rest.start()

    def _stop(self) -> None:
        self._rest.stop()
        self._hits, self._at, self._waiting = [], None, 0
        self._canvas.show_hits(())
        self._canvas.setFocus()


def _found(pages: Sequence[_Page], wanted: Wanted) -> list[_PageHit]:
    return [(key, hit) for key, regions in pages for hit in find(regions, wanted)]
