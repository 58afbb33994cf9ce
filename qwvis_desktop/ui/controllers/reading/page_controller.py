"""The page as one reads it: kept in step with the blocks on the picture, and linked with them both ways."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage

from qwvis_desktop.core.geometry import Box
from qwvis_desktop.core.media.cut import cut_out
from qwvis_desktop.core.media.image import ImageMedia, MediaError
from qwvis_desktop.core.media.raster import Raster
from qwvis_desktop.core.page.document import has_page, page_elements
from qwvis_desktop.core.page.elements import Element, Figure
from qwvis_desktop.ui.canvas.view import CanvasView
from qwvis_desktop.ui.controllers.asking.answer_controller import draw_formulas
from qwvis_desktop.ui.controllers.asking.inference_controller import InferenceController
from qwvis_desktop.ui.controllers.workspace import Workspace
from qwvis_desktop.ui.editor import Change, DocumentEditor
from qwvis_desktop.ui.jobs import Job, JobRunner, once
from qwvis_desktop.ui.panels.page.page_panel import PagePanel

REST_MS = 60
"""Changes that come within this time are shown together."""

FIGURE_PIXELS = 1200
"""The longest side of a figure beside the page: sharp on screens of any density."""


class PageController(QObject):
    """Shows the blocks of the picture that is looked at as a page.

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
        self._editor: DocumentEditor | None = None
        self._job: Job | None = None
        self._stale = False
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

    def refresh(self) -> None:
        """Read the page anew, on a worker; what changes meanwhile is read after."""
        editor = self._editor
        if self._job is not None and not self._job.is_over:
            self._stale = True
            return
        self._stale = False
        if editor is None or not has_page(editor.document.annotations.values()):
            self._panel.view.show_elements(())
            return
        document = editor.document.copy()
        active = self._inference.latest(editor)
        replies = {active.run.id: "".join(active.reply)} if active is not None and not active.is_over else {}
        self._job = self._jobs.start(
            once(lambda: page_elements(document, replies)),
            name="read page",
            on_events=lambda found: self._show(editor, found[-1]),
            on_finished=self._go_on,
        )

    def _go_on(self) -> None:
        if self._stale:
            self._resting.start()

    def _show(self, editor: DocumentEditor, elements: Sequence[Element]) -> None:
        if editor is self._editor:
            self._panel.view.show_elements(elements)
            self._panel.view.choose_blocks(editor.selection)
            if elements:
                self._show_panel()

    def _follow(self) -> None:
        """Show the page of the picture that is looked at now."""
        if self._editor is not None and self._editor is not self._workspace.editor:
            self._editor.changed.disconnect(self._changed)
            self._editor.selection_changed.disconnect(self._show_selection)
        if self._editor is not self._workspace.editor:
            self._panel.view.clear_page()
            if self._job is not None:
                self._job.abandon()
            self._editor = self._workspace.editor
            if self._editor is not None:
                self._editor.changed.connect(self._changed)
                self._editor.selection_changed.connect(self._show_selection)
            self.refresh()

    def _changed(self, change: Change) -> None:  # noqa: ARG002 - the signal's own
        if not self._resting.isActive():
            self._resting.start()

    def _show_selection(self) -> None:
        if self._editor is not None:
            self._panel.view.choose_blocks(self._editor.selection)

    def _choose(self, block: str) -> None:
        if self._editor is not None:
            self._editor.select([block])
            self._canvas.center_on([block])

    def _cut(self, figures: Sequence[Figure]) -> None:
        """Cut figures out of the picture, on a worker."""
        current, editor = self._workspace.current, self._editor
        media = editor.document.media if editor is not None else None
        if current is None or not isinstance(media, ImageMedia):
            return
        raster = self._picture(current.key)

        def work() -> Iterator[tuple[str, Box, QImage]]:
            for figure in figures:
                if figure.box is None:
                    continue
                try:
                    data, _ = cut_out(media, figure.box, longest=FIGURE_PIXELS, raster=raster)
                except MediaError:
                    continue  # why the picture cannot be read is said where it is shown
                yield figure.block, figure.box, QImage.fromData(data)

        def show(cuts: Sequence[tuple[str, Box, QImage]]) -> None:
            if editor is self._editor:
                for block, box, image in cuts:
                    self._panel.view.show_figure(block, box, image)

        self._jobs.start(work, name="cut figures", on_events=show)
