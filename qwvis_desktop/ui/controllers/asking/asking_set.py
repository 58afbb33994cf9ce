"""``AskingSet``: the controllers of how one asks and how answers are read, together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from qwvis_desktop.core.annotation import Attributes
from qwvis_desktop.core.inference_request import InferenceRequest, LookGuard
from qwvis_desktop.core.media.raster import Raster
from qwvis_desktop.core.model_registry import ModelRegistry
from qwvis_desktop.ui.actions import Actions
from qwvis_desktop.ui.canvas.view import CanvasView
from qwvis_desktop.ui.controllers.asking.answer_controller import AnswerController
from qwvis_desktop.ui.controllers.asking.conversation_controller import ConversationController
from qwvis_desktop.ui.controllers.asking.cost_controller import CostController
from qwvis_desktop.ui.controllers.asking.film_asking import FilmAsking
from qwvis_desktop.ui.controllers.asking.inference_controller import Again, InferenceController
from qwvis_desktop.ui.controllers.asking.limit_controller import LimitController
from qwvis_desktop.ui.controllers.asking.look_controller import LookController
from qwvis_desktop.ui.controllers.asking.provider_source import ProviderSource
from qwvis_desktop.ui.controllers.asking.request_maker import RequestMaker
from qwvis_desktop.ui.controllers.asking.run_controller import RunController
from qwvis_desktop.ui.controllers.asking.run_waits import RunWaits
from qwvis_desktop.ui.controllers.asking.sent_controller import SentController
from qwvis_desktop.ui.controllers.asking.service_controller import ServiceController
from qwvis_desktop.ui.controllers.workspace import Workspace
from qwvis_desktop.ui.jobs import JobRunner
from qwvis_desktop.ui.panels.panel_set import Panels


@dataclass(frozen=True, slots=True)
class _Gate:
    """All requests pass limits and caps, whoever makes them."""

    limits: LimitController
    costs: CostController

    def allows(self, request: InferenceRequest, again: Again) -> bool:
        return self.limits.allows(request, again) and self.costs.allows(request)

    def looks(self, request: InferenceRequest) -> LookGuard:
        return self.costs.looks(request)


class AskingSet(QObject):
    """Makes the controllers of asking and speaks for them.

    Signals:
        problem(str): something could not be done; a sentence for people.
        saved(str, tuple): an answer was written to this path; what was lost (nothing).

    Args:
        options: gives what is set for the next request, and the system message.
        picture: gives the decoded picture of an entry, by its key, where the window has it in full.
    """

    problem = Signal(str)
    saved = Signal(str, object)

    def __init__(
        self,
        *,
        window: QWidget,
        canvas: CanvasView,
        panels: Panels,
        workspace: Workspace,
        services: ServiceController,
        source: ProviderSource,
        inference: InferenceController,
        costs: CostController,
        registry: ModelRegistry,
        actions: Actions,
        jobs: JobRunner,
        options: Callable[[], tuple[Attributes, str]],
        picture: Callable[[str], Raster | None],
    ) -> None:
        super().__init__(window)
        self.services, self.costs = services, costs
        waits = RunWaits(self)
        self.requests = RequestMaker(
            panel=panels.prompt,
            workspace=workspace,
            services=services,
            source=source,
            waits=waits,
            options=options,
            picture=picture,
        )
        take_part = FilmAsking(workspace, services, costs).take_part
        limits = LimitController(
            canvas, panels.prompt.options, self, encode=self.requests.encode_next, take_part=take_part
        )
        inference.guard(_Gate(limits, costs))
        costs.serve(panels.prompt, self.requests.current)
        self.runs = RunController(
            panels=panels,
            workspace=workspace,
            services=services,
            inference=inference,
            costs=costs,
            registry=registry,
            actions=actions,
            requests=self.requests,
            waits=waits,
        )
        self.conversation = ConversationController(
            reply=panels.reply,
            workspace=workspace,
            services=services,
            inference=inference,
            registry=registry,
            options=options,
            provider=self.requests.provider_for,
            picture=picture,
        )
        self.answers = AnswerController(window, panels.reply.answer, jobs)
        self.looks = LookController(canvas=canvas, reply=panels.reply, workspace=workspace, inference=inference)
        self.sent = SentController(window=window, services=services, jobs=jobs, request=self.requests.current)
        self._connect(panels)

    def _connect(self, panels: Panels) -> None:
        panels.prompt.sent_requested.connect(self.sent.show)
        panels.reply.sent_requested.connect(self.show_sent)
        for teller in (self.conversation, self.costs, self.sent, self.answers):
            teller.problem.connect(self.problem)
        for saver in (self.costs, self.answers):
            saver.saved.connect(self.saved)

    def show_sent(self) -> None:
        """Show what was sent for the run that the reply panel shows."""
        run = self.runs.shown_run()
        if run is not None:
            self.sent.show_run(run)

    def close(self) -> None:
        """Take away what was made for other programs to show."""
        self.answers.close()
