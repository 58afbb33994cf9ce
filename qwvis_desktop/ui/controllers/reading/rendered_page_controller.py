"""The page as one reads it: kept in step with the blocks on the picture, and linked with them both ways.

Of a document with several pages all that were opened are shown, one after the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage

from qwvis_desktop.core.document import Document
from qwvis_desktop.core.geometry import Box
from qwvis_desktop.core.media.cut import cut_out
from qwvis_desktop.core.media.image import ImageMedia, MediaError
from qwvis_desktop.core.media.raster import Raster
from qwvis_desktop.core.page.elements import Element, Figure, PageBreak
from qwvis_desktop.ui.canvas.view import CanvasView
from qwvis_desktop.ui.controllers.asking.answer_controller import draw_formulas
from qwvis_desktop.ui.controllers.asking.inference_controller import InferenceController
from qwvis_desktop.ui.controllers.workspace import Entry, Workspace
from qwvis_desktop.ui.editor import DocumentEditor
from qwvis_desktop.ui.jobs import Job, JobRunner, once
from qwvis_desktop.ui.panels.page.page_panel import PagePanel

REST_MS = 60
"""Changes that come within this time are shown together."""

FIGURE_PIXELS = 1200
"""The longest side of a figure beside the page: sharp on screens of any density."""

_Unread = tuple[str, Document, Mapping[str, str]]
"""A page to be read: its key, itself, and the replies that still come."""


class RenderedPageController(QObject):
    """Shows the blocks of the picture that is looked at, and of the other pages of its file, as a document.

    Signals:
        said(str): what was done, where one does not see it.

    Args:
        show_panel: brings the panel to the front, the first time that there is a page.
        picture: gives the decoded picture of an entry, by its key, where the window has it in full.
    """

    said = Signal(str)

    def __init__(
        self,
        *,
        panel: PagePanel,
        canvas: CanvasView,
        workspace: Workspace,
        inference: InferenceController,
        jobs: JobRunner,
        show_panel: Callable[[], object],
        picture: Callable[[str], Raster | None],
    ) -> None:
        super().__init__(workspace)
        self._panel, self._canvas, self._workspace, self._inference = panel, canvas, workspace, inference
        self._jobs, self._show_panel, self._picture = jobs, show_panel, picture
        self._pages: dict[str, tuple[Element, ...]] = {}
        self._followed: dict[str, DocumentEditor] = {}
        self._slots: dict[str, Callable[[object], None]] = {}
        self._looked_at = ""
        self._stale: set[str] = set()
        self._job: Job | None = None
        self._resting = QTimer(self, interval=REST_MS, singleShot=True)
        self._resting.timeout.connect(self.refresh)
        view = panel.view
        view.formulas_wanted.connect(
            lambda formulas: draw_formulas(jobs, formulas, lambda drawn: view.show_formulas(dict(drawn)))
        )
        view.figures_wanted.connect(self._cut)
        view.block_pointed.connect(canvas.light)
        view.block_chosen.connect(self._choose)
        canvas.pointed.connect(view.point_at)
        panel.said.connect(self.said)
        workspace.current_changed.connect(self._follow)
        workspace.entry_changed.connect(lambda key: self._follow() if key not in self._followed else None)
        workspace.entries_removed.connect(self._follow)

    def refresh(self) -> None:
        """Read anew, on a worker, the pages that changed; what changes meanwhile is read after."""
        if self._job is not None and not self._job.is_over:
            return
        unread = [self._unread(key) for key in self._followed if key in self._stale]
        self._stale.clear()
        if not unread:
            self._show()
            return
        from qwvis_desktop.core.page.document import has_page, page_elements  # not for the start

        pages = [page for page in unread if has_page(page[1].annotations.values())]
        for key, *_ in unread:
            if key not in {page[0] for page in pages}:
                self._pages.pop(key, None)
        if not pages:
            self._show()
            return
        self._job = self._jobs.start(
            once(lambda: {key: page_elements(document, replies) for key, document, replies in pages}),
            name="read page",
            on_events=lambda found: self._take(found[-1]),
            on_finished=lambda: self._resting.start() if self._stale else None,
        )

    def _unread(self, key: str) -> _Unread:
        editor = self._followed[key]
        active = self._inference.latest(editor)
        replies = {active.run.id: "".join(active.reply)} if active is not None and not active.is_over else {}
        return key, editor.document.copy(), replies

    def _take(self, found: Mapping[str, tuple[Element, ...]]) -> None:
        self._pages.update((key, elements) for key, elements in found.items() if key in self._followed)
        self._show()

    def _show(self) -> None:
        """Show all pages in their order, with a rule between them."""
        elements: list[Element] = []
        for key in self._followed:
            if self._pages.get(key):
                entry = self._workspace.entry(key)
                if len(self._followed) > 1 and entry is not None:
                    elements.append(PageBreak(block="", title=entry.name))
                elements += self._pages[key]
        self._panel.view.show_elements(elements)
        self._show_selection()
        if elements:
            self._show_panel()

    def _group(self) -> dict[str, DocumentEditor]:
        """Return the editors of the opened pages of the file that is looked at, in the order of the pages."""
        current = self._workspace.current
        if current is None:
            return {}
        same: list[Entry] = [current]
        if current.page:
            of_file = (entry for entry in self._workspace.entries if entry.page and entry.file == current.file)
            same = sorted(of_file, key=lambda entry: entry.page)
        opened = ((entry.key, self._workspace.editor_of(entry.key)) for entry in same)
        return {key: editor for key, editor in opened if editor is not None}

    def _follow(self) -> None:
        """Show the pages of the file that is looked at now."""
        group = self._group()
        if group != self._followed:
            self._unfollow(group)
            for key, editor in group.items():
                if key not in self._followed:
                    self._slots[key] = partial(self._changed, key)
                    editor.changed.connect(self._slots[key])
                    editor.selection_changed.connect(self._show_selection)
                    self._stale.add(key)
            self._followed = group
            self.refresh()
        self._show_selection()
        self._turn()

    def _turn(self) -> None:
        """Bring the page that is looked at now into view, unless something is chosen on it."""
        current, editor = self._workspace.current, self._workspace.editor
        if current is not None and current.key != self._looked_at:
            self._looked_at = current.key
            elements = self._pages.get(current.key)
            if elements and editor is not None and not editor.selection:
                self._panel.view.go_to(elements[0].block)

    def _unfollow(self, group: Mapping[str, DocumentEditor]) -> None:
        """Let go of pages that are not in ``group``."""
        gone = [key for key in self._followed if key not in group]
        for key in gone:
            self._followed[key].changed.disconnect(self._slots.pop(key))
            self._followed[key].selection_changed.disconnect(self._show_selection)
            self._pages.pop(key, None)
        if gone and len(gone) == len(self._followed):
            if self._job is not None:
                self._job.abandon()
            self._panel.view.clear_page()

    def _changed(self, key: str, _change: object) -> None:
        if key in self._followed:
            self._stale.add(key)
            if not self._resting.isActive():
                self._resting.start()

    def _show_selection(self) -> None:
        editor = self._workspace.editor
        if editor is not None:
            self._panel.view.choose_blocks(editor.selection)

    def _choose(self, block: str) -> None:
        """Select a block on its page, which is turned to where another is looked at."""
        key = self._owner(block)
        if key is not None:
            self._followed[key].select([block])
            self._workspace.show(key)
            self._canvas.center_on([block])

    def _owner(self, block: str) -> str | None:
        return next((key for key, each in self._followed.items() if block in each.document.annotations), None)

    def _cut(self, figures: Sequence[Figure]) -> None:
        """Cut figures out of their pages, on a worker."""
        wanted: list[tuple[Figure, ImageMedia, Raster | None]] = []
        for figure in figures:
            key = self._owner(figure.block)
            media = self._followed[key].document.media if key is not None else None
            if key is not None and isinstance(media, ImageMedia):
                wanted.append((figure, media, self._picture(key)))

        def work() -> Iterator[tuple[str, Box, QImage]]:
            for figure, media, raster in wanted:
                if figure.box is None:
                    continue
                try:
                    data, _ = cut_out(media, figure.box, longest=FIGURE_PIXELS, raster=raster)
                except MediaError:
                    continue  # why the picture cannot be read is said where it is shown
                yield figure.block, figure.box, QImage.fromData(data)

        def show(cuts: Sequence[tuple[str, Box, QImage]]) -> None:
            for block, box, image in cuts:
                self._panel.view.show_figure(block, box, image)

        self._jobs.start(work, name="cut figures", on_events=show)
