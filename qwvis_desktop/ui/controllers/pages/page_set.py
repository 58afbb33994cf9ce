"""``PageSet``: all that handles documents with pages, and asks about several pictures, made in one place."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from qwvis_desktop.core.store.shelf import Shelf
from qwvis_desktop.ui.actions import Actions
from qwvis_desktop.ui.controllers.asking.asking_set import AskingSet
from qwvis_desktop.ui.controllers.asking.inference_controller import InferenceController
from qwvis_desktop.ui.controllers.asking.together_controller import TogetherController
from qwvis_desktop.ui.controllers.media_controller import MediaController
from qwvis_desktop.ui.controllers.pages.link_controller import LinkController
from qwvis_desktop.ui.controllers.pages.page_controller import PageController
from qwvis_desktop.ui.controllers.pages.pages_asked import PagesAsked
from qwvis_desktop.ui.controllers.pages.reading_default import ReadingDefault
from qwvis_desktop.ui.controllers.pages.series_controller import SeriesController
from qwvis_desktop.ui.controllers.workspace import Workspace
from qwvis_desktop.ui.jobs import JobRunner
from qwvis_desktop.ui.panels.dialogs.questions import Answer, Question
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
        asking: AskingSet,
        inference: InferenceController,
        shelf: Shelf,
        jobs: JobRunner,
        ask: Callable[[Question], Answer],
    ) -> None:
        super().__init__(window)
        self.pages = PageController(window, workspace, actions, filmstrip=panels.filmstrip, media=media, jobs=jobs)
        self.together = TogetherController(panels, workspace, actions, media=media, runs=asking.runs)
        self.series = SeriesController(
            panels=panels,
            workspace=workspace,
            actions=actions,
            media=media,
            asking=asking,
            inference=inference,
            asked=PagesAsked(workspace, shelf),
            ask=ask,
        )
        self.links = LinkController(panels.reply, workspace, inference)
        self._reading = ReadingDefault(media, asking.services, panels.prompt)
        self.pages.problem.connect(self.problem)

    def does(self) -> dict[str, Callable[[], object]]:
        """Return what the actions do that are about pages."""
        return {
            "view.go_to_page": self.pages.go_to_page,
            "view.select_pages": self.pages.ask_for_pages,
            "run.together": self.together.run,
            "run.all": self.series.run_all,
            "run.rest": self.series.run_rest,
            "run.each": self.series.run_selected,
            "run.stop_all": self.series.stop,
        }
