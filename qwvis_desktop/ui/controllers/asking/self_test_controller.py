"""The placement self-test of the chosen service and model: asks first, runs it, shows and keeps the verdict."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMessageBox, QWidget

from qwvis_desktop.core.coordinates import CoordinateSpace
from qwvis_desktop.core.inference_request import InferenceRequest
from qwvis_desktop.core.media.write import WriteError
from qwvis_desktop.core.providers.base import Cancelled, CancelToken
from qwvis_desktop.core.store.self_tests import KeptVerdict, SelfTests
from qwvis_desktop.ui.canvas.view import CanvasView
from qwvis_desktop.ui.controllers.asking.cost_controller import CostController
from qwvis_desktop.ui.controllers.asking.provider_source import ProviderSource
from qwvis_desktop.ui.controllers.asking.service_controller import ServiceController
from qwvis_desktop.ui.controllers.evidence_controller import EvidenceController
from qwvis_desktop.ui.jobs import Job, JobRunner
from qwvis_desktop.ui.panels.asking.prompt import PromptPanel
from qwvis_desktop.ui.panels.words import in_words, space_words

_USE = "self-test:"
"""What the id of the notice's button begins with that takes over the suggested setting."""


class SelfTestController(QObject):
    """Sends the drawn card when asked to, one test at a time.

    Args:
        costs: says whether its requests may be sent, and keeps them in ledger and history.
    """

    def __init__(
        self,
        *,
        window: QWidget,
        canvas: CanvasView,
        prompt: PromptPanel,
        services: ServiceController,
        source: ProviderSource,
        evidence: EvidenceController,
        jobs: JobRunner,
        kept: SelfTests,
        costs: CostController,
    ) -> None:
        super().__init__(evidence)
        self._window = window
        self._canvas = canvas
        self._prompt = prompt
        self._services = services
        self._source = source
        self._evidence = evidence
        self._jobs = jobs
        self._kept = kept
        self._costs = costs
        self._job: Job | None = None
        canvas.notice_action.connect(self._take_over)
        services.model_chosen.connect(self.show_kept)

    def show_kept(self) -> None:
        """Show the verdict that is kept on the chosen service and model."""
        verdict = self._kept.get(self._services.profile.name, self._services.spec.id)
        self._evidence.set_self_test(self._told(verdict) if verdict is not None else "")

    def ask(self) -> None:
        """Say what the test will send, and run it when the user agrees."""
        service, model = self._services.profile.name, self._services.spec.id
        text = self.tr(
            "QwVis will send a drawn card with coloured discs and a code to {model} of {service}, in two short "
            "requests, and measure where the model sees the discs. A paid service counts them as any other request."
        )
        answer = QMessageBox.question(
            self._window,
            self.tr("Self-Test of the Model"),
            text.replace("{model}", model).replace("{service}", service),
            QMessageBox.StandardButton.Ok | QMessageBox.StandardButton.Cancel,
        )
        if answer == QMessageBox.StandardButton.Ok:
            self.run()

    def run(self) -> None:
        """Run the test; one that goes on is stopped first."""
        from qwvis_desktop.core import self_test  # not for the start

        if self._job is not None:
            self._job.abandon()
        service, spec = self._services.profile.name, self._services.spec
        provider = self._source.provider(self._services.waiting.emit)
        token, card = CancelToken(), self_test.new_card()
        requests = self_test.requests_of(provider, spec, card)
        if not all(self._costs.allows(request) for request in requests):
            self._give_back(requests)
            return

        def work() -> Iterator[KeptVerdict]:
            try:
                found = self_test.run_self_test(provider, spec, token, card, requests=requests, led=self._costs.led)
            except Cancelled:
                return
            space = found.suggested_space.value if found.suggested_space is not None else ""
            yield KeptVerdict(found.passed, found.message, found.when.isoformat(timespec="seconds"), space)

        self._evidence.set_self_test(self.tr("The self-test goes on..."))
        self._job = self._jobs.start(
            work,
            name="self-test",
            on_events=lambda verdicts: self._show(service, spec.id, verdicts[0]),
            on_finished=lambda: self._give_back(requests),
            stop=token.cancel,
        )

    def _give_back(self, requests: Sequence[InferenceRequest]) -> None:
        """Give back what was set aside; what the test did cost is in the ledger."""
        for request in requests:
            self._costs.run_over(request.run)

    def _show(self, service: str, model: str, kept: KeptVerdict) -> None:
        message = in_words(kept.message)
        try:
            self._kept.keep(service, model, kept)
        except (WriteError, OSError) as error:
            message = f"{message} {self.tr('The verdict could not be kept:')} {error}"
        if (service, model) == (self._services.profile.name, self._services.spec.id):
            self._evidence.set_self_test(self._told(kept))
        offered: list[tuple[str, str]] = []
        if kept.suggested_space:
            words = self.tr("Use {space}").replace("{space}", space_words(CoordinateSpace(kept.suggested_space)))
            offered.append((_USE + kept.suggested_space, words))
        self._canvas.set_notice(message, offered)

    def _take_over(self, action: str) -> None:
        if action.startswith(_USE):
            self._prompt.set_space(CoordinateSpace(action.removeprefix(_USE)))
            self._canvas.set_notice("")

    def _told(self, verdict: KeptVerdict) -> str:
        head = self.tr("Self-test passed") if verdict.passed else self.tr("Self-test not passed")
        return f"{head} ({verdict.when[:10]}). {in_words(verdict.message)}"
