"""``ReadingSet``: the controllers of what is read from pages, together."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from qwvis_desktop.core.media.raster import Raster
from qwvis_desktop.ui.canvas.view import CanvasView
from qwvis_desktop.ui.controllers.asking.inference_controller import InferenceController
from qwvis_desktop.ui.controllers.reading.page_controller import PageController
from qwvis_desktop.ui.controllers.workspace import Workspace
from qwvis_desktop.ui.jobs import JobRunner
from qwvis_desktop.ui.panels.panel_set import Panels


class ReadingSet(QObject):
    """Makes the controllers of reading and speaks for them.

    Signals:
        said(str): what was done, where one does not see it.

    Args:
        show_page: brings the panel of the page to the front, the first time that there is one.
        picture: gives the decoded picture of an entry, by its key, where the window has it in full.
    """

    said = Signal(str)

    def __init__(
        self,
        *,
        window: QWidget,
        show_page: Callable[[], object],
        canvas: CanvasView,
        panels: Panels,
        workspace: Workspace,
        inference: InferenceController,
        jobs: JobRunner,
        picture: Callable[[str], Raster | None],
    ) -> None:
        super().__init__(window)
        self.page = PageController(
            panel=panels.document,
            canvas=canvas,
            workspace=workspace,
            inference=inference,
            jobs=jobs,
            show_panel=show_page,
            picture=picture,
        )
        self.page.said.connect(self.said)
