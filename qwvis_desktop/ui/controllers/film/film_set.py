"""``FilmSet``: all that has to do with films, made together."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from qwvis_desktop.core.tasks import TASKS
from qwvis_desktop.ui.actions import Actions
from qwvis_desktop.ui.canvas.view import CanvasView
from qwvis_desktop.ui.controllers.asking.inference_controller import ActiveRun, InferenceController
from qwvis_desktop.ui.controllers.film.event_controller import EventController
from qwvis_desktop.ui.controllers.film.film_controller import FilmController
from qwvis_desktop.ui.controllers.film.frame_controller import FrameController
from qwvis_desktop.ui.controllers.media_controller import MediaController
from qwvis_desktop.ui.controllers.workspace import Workspace
from qwvis_desktop.ui.jobs import JobRunner
from qwvis_desktop.ui.panels.panel_set import Panels


class FilmSet(QObject):
    """Makes the controllers of films and speaks for them.

    Signals:
        problem(str): something could not be done; a sentence for people.
        said(str): what was done, where one does not see it.

    Args:
        show_timeline: shows the timeline's place in the window, or hides it.
        bring_forward: brings a panel in front, by its name.
        labels: gives the labels that are known.
    """

    problem = Signal(str)
    said = Signal(str)

    def __init__(
        self,
        *,
        window: QWidget,
        canvas: CanvasView,
        panels: Panels,
        actions: Actions,
        workspace: Workspace,
        media: MediaController,
        inference: InferenceController,
        jobs: JobRunner,
        show_timeline: Callable[[bool], object],
        bring_forward: Callable[[str], object],
        labels: Callable[[], tuple[str, ...]],
    ) -> None:
        super().__init__(window)
        self.films = FilmController(
            canvas=canvas,
            panel=panels.timeline,
            actions=actions,
            workspace=workspace,
            jobs=jobs,
            show_timeline=show_timeline,
        )
        self.events = EventController(
            window=window,
            canvas=canvas,
            panel=panels.timeline,
            films=self.films,
            labels=labels,
            inference=inference,
            jobs=jobs,
        )
        self.frames = FrameController(
            canvas=canvas,
            actions=actions,
            workspace=workspace,
            media=media,
            films=self.films,
            inference=inference,
            jobs=jobs,
        )
        self._bring_forward = bring_forward
        inference.started.connect(self._show_where_it_comes)
        panels.reply.time_chosen.connect(self.films.go_to)
        for controller in (self.films, self.events, self.frames):
            controller.problem.connect(self.problem)
        for teller in (self.events, self.frames):
            teller.said.connect(self.said)

    def does(self) -> dict[str, Callable[[], object]]:
        """Return what the actions do, by their ids."""
        return {**self.films.does(), **self.events.does(), **self.frames.does()}

    def _show_where_it_comes(self, active: ActiveRun) -> None:
        """Bring in front where what was asked about a film will be seen: the timeline, or the answer."""
        film = self.films.film
        if film is not None and active.editor is film.editor:
            self._bring_forward("timeline" if TASKS[active.run.task].kinds else "reply")

    def close(self) -> bool:
        """Stop; say whether the film's thread has ended."""
        return self.films.close()
