"""The placement self-test on the command line: within the caps, and kept in ledger and history like any request."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

from qwvis_desktop.cli.asking import RAISE_CAPS
from qwvis_desktop.cli.output import CommandError, note
from qwvis_desktop.cli.services import Service, accounts_of
from qwvis_desktop.core import self_test
from qwvis_desktop.core.accounting import accounted, estimated_request
from qwvis_desktop.core.inference_events import InferenceEvent
from qwvis_desktop.core.inference_request import InferenceRequest
from qwvis_desktop.core.providers.redaction import forms_of
from qwvis_desktop.core.run_recording import recorded
from qwvis_desktop.core.store.history import history_at, history_path
from qwvis_desktop.core.store.ledger import LedgerError
from qwvis_desktop.core.tasks import TASKS


def verdict_on(service: Service) -> self_test.SelfTestVerdict:
    """Test whether a service places what it sees where it is.

    Raises:
        CommandError: a cap would be passed, or the ledger cannot be read; what was sent before is kept.
    """
    accounts, host = accounts_of(service), service.profile.host
    history = history_at(history_path(), note, lambda: forms_of((service.key,) if service.key else ()))

    def led(events: Iterator[InferenceEvent], request: InferenceRequest) -> Iterator[InferenceEvent]:
        try:
            estimate = estimated_request(request, host, accounts.usual_reply(request.model, request.task.id))
            refusal = accounts.claim(request.run, estimate) if estimate is not None and host else ""
        except LedgerError as error:
            raise CommandError(str(error)) from error
        if refusal:
            raise CommandError(f"{refusal} {RAISE_CAPS}")
        try:
            yield from accounted(recorded(events, history, [request.media], note), request, host, accounts, note)
        finally:
            accounts.release(request.run)

    with closing(history):
        return self_test.run_self_test(service.provider(TASKS["detect"]), service.model, led=led)
