"""``PageSet``: all that handles documents with pages, and asks about several pictures, made in one place."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from qwvis_desktop.ui.actions import Actions
from qwvis_desktop.ui.controllers.asking.run_controller import RunController
from qwvis_desktop.ui.controllers.asking.together_controller import TogetherController
from qwvis_desktop.ui.controllers.media_controller import MediaController
from qwvis_desktop.ui.controllers.pages.page_controller import PageController
from qwvis_desktop.ui.controllers.workspace import Workspace
from qwvis_desktop.ui.jobs import JobRunner
from qwvis_desktop.ui.panels.panel_set import Panels


class PageSet(QObject):
    """What handles pages in one window.

    Signals:
        problem(str): something could not be done; a sentence for people.
    """

    problem = Signal(str)

    def __init__(
        self,
        window: QWidget,
        panels: Panels,
        workspace: Workspace,
        *,
        actions: Actions,
        media: MediaController,
        runs: RunController,
        jobs: JobRunner,
    ) -> None:
        super().__init__(window)
        self.pages = PageController(window, workspace, actions, media=media, jobs=jobs)
        self.together = TogetherController(panels, workspace, actions, media=media, runs=runs)
        self.pages.problem.connect(self.problem)

    def does(self) -> dict[str, Callable[[], object]]:
        """Return what the actions do that are about pages."""
        return {"view.go_to_page": self.pages.go_to_page, "run.together": self.together.run}
