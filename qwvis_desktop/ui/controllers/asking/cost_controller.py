"""Money in the window: the estimate beside Run, caps that ask before they are passed, and what runs cost so far.

The ledger is read and written on worker threads only. What the estimate and the caps need of it is remembered here and
read anew when a run ends or another model or task is chosen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from qwvis_desktop.core.accounting import Accounts, Estimate, accounted, caps_of, estimated_request, look_guard
from qwvis_desktop.core.inference_events import InferenceEvent
from qwvis_desktop.core.inference_request import InferenceRequest, LookGuard
from qwvis_desktop.core.media.write import WriteError, write_beside
from qwvis_desktop.core.request.costs import amount_words
from qwvis_desktop.core.store.ledger import GROUPS, Ledger, LedgerError, Total, ledger_path
from qwvis_desktop.ui.controllers.asking.service_controller import ServiceController
from qwvis_desktop.ui.controllers.workspace import Workspace
from qwvis_desktop.ui.jobs import JobRunner, once
from qwvis_desktop.ui.panels.asking.prompt import PromptPanel

SOON_MS = 50
"""How long after a change the estimate is made anew: once for a word that is being typed."""


@dataclass(frozen=True, slots=True)
class _Known:
    """What was read of the ledger: a model's usual replies to a task, what was spent today, and by which runs."""

    model: str = ""
    task: str = ""
    usual_reply: int | None = None
    spent: Decimal | None = None
    over: frozenset[str] = frozenset()
    currency: str = ""


class CostController(QObject):
    """Estimates, caps and totals.

    Signals:
        problem(str): the ledger could not be read or written, or a table not saved; a sentence for people.
        saved(str, tuple): a table was written there; what it could not hold (nothing).

    Attributes:
        led: leads the events of a request into what keeps it, ledger and all; what ``accounted_round`` made last.

    Args:
        workspace: the child of the window over which to ask.
    """

    problem = Signal(str)
    saved = Signal(str, object)

    def __init__(self, workspace: Workspace, services: ServiceController, jobs: JobRunner) -> None:
        super().__init__(workspace)
        window = workspace.parent()
        self._window = window if isinstance(window, QWidget) else None
        self._services = services
        self._jobs = jobs
        self._accounts = Accounts(Ledger(ledger_path(), self.problem.emit), lambda: caps_of(services.settings))
        self._known = _Known()
        self._over: set[str] = set()
        self._request: Callable[[], InferenceRequest | None] = lambda: None
        self._show: Callable[[str, str], None] = lambda _text, _more: None
        self.led: Callable[[Iterator[InferenceEvent], InferenceRequest], Iterator[InferenceEvent]]
        self.led = lambda events, _request: events
        self._soon = QTimer(self, singleShot=True, interval=SOON_MS)
        self._soon.timeout.connect(self._refresh)
        services.model_chosen.connect(self.refresh)
        workspace.current_changed.connect(self.refresh)

    def serve(self, prompt: PromptPanel, request: Callable[[], InferenceRequest | None]) -> None:
        """Show the estimate in ``prompt``; ``request`` makes what Run would send now, None where there is nothing."""
        self._request, self._show = request, prompt.set_estimate
        for changed in (prompt.prompts_changed, prompt.task_changed, prompt.options.changed):
            changed.connect(self.refresh)

    def refresh(self) -> None:
        """Make the estimate anew, soon."""
        self._soon.start()

    def accounted_round(
        self, inner: Callable[[Iterator[InferenceEvent], InferenceRequest], Iterator[InferenceEvent]]
    ) -> Callable[[Iterator[InferenceEvent], InferenceRequest], Iterator[InferenceEvent]]:
        """Return what does as ``inner`` does with the events of a request, and keeps what the run cost."""

        def kept(events: Iterator[InferenceEvent], request: InferenceRequest) -> Iterator[InferenceEvent]:
            # What was sent before, or was pasted, has its frame already: nothing is sent and nothing is paid.
            host = self._services.profile.host if request.frame is None and not request.frames else ""
            return accounted(inner(events, request), request, host, self._accounts, self.problem.emit)

        self.led = kept
        return kept

    def allows(self, request: InferenceRequest) -> bool:
        """Say whether ``request`` may be sent: no cap is passed, or the user says so. Its money is set aside."""
        estimate = self.estimate(request)
        if estimate is None:
            return True
        try:
            # What was spent in another currency than that of the caps says nothing; then the ledger is asked.
            known = self._known.currency == self._services.settings.cap_currency
            refusal = self._accounts.claim(request.run, estimate, self._known.spent if known else None)
        except LedgerError as error:
            self.problem.emit(str(error))
            return False
        if refusal and not self._send_anyway(refusal):
            return False
        if refusal:
            self._accounts.claim_anyway(request.run, estimate)
        return True

    def looks(self, request: InferenceRequest) -> LookGuard:
        """Return what is asked before the model is shown a part of the picture that it wants to see."""
        return look_guard(self._accounts, request.model, self._services.profile.host)

    def run_over(self, run: str) -> None:
        """Look at the ledger anew; what was set aside for the run is given back when what it did cost is known."""
        self._over.add(run)
        self._known = _Known(spent=self._known.spent, currency=self._known.currency)
        self.refresh()

    def show(self) -> None:
        """Show what runs cost, and let caps be changed."""
        from qwvis_desktop.ui.panels.dialogs.costs_dialog import CapFields, CostRow, CostsDialog  # not for the start

        def show(by: str, totals: Sequence[Total]) -> None:
            dialog.show_rows(by, [CostRow(*self._cells(total), estimated=total.estimated > 0) for total in totals])

        settings = self._services.settings
        caps = CapFields(settings.cap_run, settings.cap_day, settings.cap_currency)
        dialog = CostsDialog(GROUPS, caps, parent=self._window)
        dialog.group_chosen.connect(lambda by: self._read_totals(by, show))
        dialog.export_requested.connect(self._ask_where)
        self._read_totals(GROUPS[0], show)
        if dialog.exec():
            chosen = dialog.caps
            self._services.update(cap_run=chosen.run, cap_day=chosen.day, cap_currency=chosen.currency)
            self._known = _Known()
            self.refresh()
        dialog.deleteLater()

    def save_table(self, path: Path) -> None:
        """Write a table of all runs to ``path``."""
        self._jobs.start(
            once(lambda: write_beside(path, self._accounts.ledger.as_csv())),
            name="save costs",
            on_events=lambda _: self.saved.emit(str(path), ()),
            on_failed=self._failed,
        )

    def estimate(self, request: InferenceRequest) -> Estimate | None:
        """Return what a request will take; None where nothing is paid for."""
        host = self._services.profile.host
        known = self._known if self._is_known(request) else None
        return estimated_request(request, host, known.usual_reply if known else None) if host else None

    def _is_known(self, request: InferenceRequest) -> bool:
        return (self._known.model, self._known.task) == (request.model.id, request.task.id)

    def _refresh(self) -> None:
        request = self._request()
        if request is None or not self._services.profile.host:
            self._show("", "")
            self._give_back(self._over)
            self._over = set()
            return
        if not self._is_known(request):
            self._read(request)
        estimate = self.estimate(request)
        if estimate is None:
            self._show("", "")
        else:
            self._show(self._line(estimate), self._more(estimate))

    def _read(self, request: InferenceRequest) -> None:
        spec, task = request.model, request.task.id
        currency = self._services.settings.cap_currency
        over, self._over = frozenset(self._over), set()

        def work() -> Iterator[_Known]:
            accounts = self._accounts
            yield _Known(spec.id, task, accounts.usual_reply(spec, task), accounts.spent_today(), over, currency)

        self._jobs.start(work, name="read costs", on_events=self._take, on_failed=self._failed)

    def _take(self, known: Sequence[_Known]) -> None:
        self._known = known[-1]
        for each in known:
            self._give_back(each.over)
        self.refresh()

    def _give_back(self, runs: Iterable[str]) -> None:
        for run in runs:
            self._accounts.release(run)

    def _line(self, estimate: Estimate) -> str:
        tokens = self.tr("{seen} + {words} tokens, estimate")
        if estimate.cost is not None:
            tokens = self.tr("{seen} + {words} tokens, about {amount}, estimate")
            amount = amount_words(estimate.cost.amount, estimate.cost.currency)
            tokens = tokens.replace("{amount}", amount.replace(" ", "\N{NO-BREAK SPACE}"))
        return tokens.replace("{seen}", f"{estimate.tokens.image + estimate.tokens.video:,}").replace(
            "{words}", f"{estimate.tokens.text:,}"
        )

    def _more(self, estimate: Estimate) -> str:
        if estimate.cost is None:
            return self.tr("Tokens of what is looked at and of the words. No price is known for this model here.")
        if estimate.whole is None:
            text = self.tr("Without the reply, whose length is not known yet. Prices of {date}.")
        else:
            text = self.tr("With a reply of {reply} tokens, as such replies were so far. Prices of {date}.")
        return text.replace("{reply}", f"{estimate.reply or 0:,}").replace("{date}", estimate.cost.as_of)

    def _send_anyway(self, refusal: str) -> bool:
        box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setWindowTitle(self.tr("Cap Reached"))
        box.setText(refusal)
        box.setInformativeText(self.tr("The cost is an estimate. Caps are set under Run > Costs."))
        send = box.addButton(self.tr("Send Anyway"), QMessageBox.ButtonRole.DestructiveRole)
        box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
        box.exec()
        sends = box.clickedButton() is send
        box.deleteLater()
        return sends

    def _read_totals(self, by: str, show: Callable[[str, Sequence[Total]], None]) -> None:
        self._jobs.start(
            once(lambda: self._accounts.ledger.totals(by)),
            name="read totals",
            on_events=lambda read: show(by, read[-1]),
            on_failed=self._failed,
        )

    def _cells(self, total: Total) -> tuple[str, int, int, int, int, str]:
        amount = amount_words(total.amount, total.currency) if total.currency else self.tr("price not known")
        return total.name, total.runs, total.input, total.cached, total.output, amount

    def _ask_where(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self._window, self.tr("Save Costs"), "costs.csv", "CSV (*.csv)")
        if name:
            self.save_table(Path(name))

    def _failed(self, error: Exception) -> None:
        self.problem.emit(str(error))
        if not isinstance(error, LedgerError | WriteError):
            raise error
