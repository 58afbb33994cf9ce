"""core.accounting: what a run is thought to cost, what it did cost, and that caps hold for several at once."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from PIL import Image

from qwvis_desktop.core.accounting import (
    Accounts,
    Estimate,
    accounted,
    caps_of,
    estimated,
    estimated_request,
    request_words,
)
from qwvis_desktop.core.annotation import JsonValue
from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.inference import run_inference
from qwvis_desktop.core.inference_events import InferenceEvent
from qwvis_desktop.core.inference_request import InferenceRequest
from qwvis_desktop.core.media.image import open_image
from qwvis_desktop.core.model_files import bundled_registry
from qwvis_desktop.core.providers.base import CancelToken, ChatRequest, ReplyChunk, ServiceFailed
from qwvis_desktop.core.request.costs import NO_CAPS, Caps
from qwvis_desktop.core.settings import Settings
from qwvis_desktop.core.store.ledger import Ledger, day_of
from qwvis_desktop.core.tasks import TASKS

BEIJING = "dashscope.aliyuncs.com"
SPEC = bundled_registry().spec("qwen3-vl-plus")
SENT = Size(1920, 1088)


class Answers:
    """A provider that answers with these pieces, and fails at the end where it should."""

    name = "Answers"

    def __init__(self, *chunks: ReplyChunk, fails: bool = False) -> None:
        self._chunks, self._fails = chunks, fails

    def stream(self, request: ChatRequest, cancel: CancelToken) -> Iterator[ReplyChunk]:
        yield from self._chunks
        if self._fails:
            raise ServiceFailed("It broke.")


@pytest.fixture
def accounts(tmp_path: Path) -> Accounts:
    return Accounts(Ledger(tmp_path / "costs.sqlite", print), lambda: NO_CAPS)


def asked(tmp_path: Path, provider: Answers) -> InferenceRequest:
    path = tmp_path / "white.png"
    Image.new("RGB", (320, 320), "white").save(path)
    return InferenceRequest(
        media=open_image(path), task=TASKS["ask"], prompt="What is it?", model=SPEC, provider=provider
    )


def events(request: InferenceRequest, accounts: Accounts, host: str = BEIJING) -> Iterator[InferenceEvent]:
    def refuse(sentence: str) -> None:
        raise AssertionError(sentence)

    return accounted(run_inference(request, CancelToken()), request, host, accounts, refuse)


USAGE: dict[str, JsonValue] = {
    "prompt_tokens": 1000,
    "completion_tokens": 50,
    "prompt_tokens_details": {"cached_tokens": 500},
}


def test_a_run_is_kept_with_what_the_service_counted(tmp_path: Path, accounts: Accounts) -> None:
    request = asked(tmp_path, Answers(ReplyChunk(text="White."), ReplyChunk(usage=USAGE, finish_reason="stop")))
    end = list(events(request, accounts))[-1]
    (entry,) = accounts.ledger.entries()
    assert entry.run == end.run.id  # type: ignore[union-attr]  # the last event has it
    assert (entry.input, entry.cached, entry.output, entry.estimated) == (1000, 500, 50, False)
    assert entry.amount == Decimal("0.0011")  # 500 + 500 x 0.2 + 50 x 10, in millionths
    assert entry.document == str(tmp_path / "white.png")
    assert (entry.service, entry.model, entry.task, entry.as_of) == ("Answers", "qwen3-vl-plus", "ask", "2026")


def test_a_run_that_broke_is_kept_as_an_estimate(tmp_path: Path, accounts: Accounts) -> None:
    list(events(asked(tmp_path, Answers(ReplyChunk(text="White and"), fails=True)), accounts))
    (entry,) = accounts.ledger.entries()
    assert (entry.input, entry.output, entry.estimated) == (100 + 2 + 4, 2, True)


def test_a_run_that_is_left_is_kept_as_an_estimate(tmp_path: Path, accounts: Accounts) -> None:
    going = events(asked(tmp_path, Answers(ReplyChunk(text="White"), ReplyChunk(text=" all over"))), accounts)
    for event in going:
        if type(event).__name__ == "Received":
            break
    assert isinstance(going, Generator)
    going.close()
    (entry,) = accounts.ledger.entries()
    assert entry.estimated
    assert entry.output == 1


def test_a_run_that_was_refused_costs_nothing(tmp_path: Path, accounts: Accounts) -> None:
    list(events(asked(tmp_path, Answers(fails=True)), accounts))
    assert accounts.ledger.entries() == ()


def test_what_stays_on_this_machine_costs_nothing(tmp_path: Path, accounts: Accounts) -> None:
    list(events(asked(tmp_path, Answers(ReplyChunk(text="White."))), accounts, host=""))
    assert accounts.ledger.entries() == ()


def test_a_ledger_that_cannot_be_written_disturbs_no_run(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    accounts = Accounts(Ledger(tmp_path / "data" / "costs.sqlite", print), lambda: NO_CAPS)
    request, said = asked(tmp_path, Answers(ReplyChunk(text="White."))), list[str]()
    passed = list(accounted(run_inference(request, CancelToken()), request, BEIJING, accounts, said.append))
    assert type(passed[-1]).__name__ == "Finished"
    assert "costs.sqlite" in said[0]


def estimate_of(accounts: Accounts, host: str = BEIJING, **options: int) -> Estimate:
    usual = accounts.usual_reply(SPEC, "ask")
    return estimated(SPEC, host, [SENT], "Where?", options, usual_reply=usual)


def test_the_estimate_learns_from_what_replies_took(tmp_path: Path, accounts: Accounts) -> None:
    first = estimate_of(accounts)
    assert (first.tokens.image, first.reply, first.whole) == (2042, None, None)
    assert first.sending is not None
    assert first.sending.amount == Decimal(first.tokens.total) / 1_000_000
    list(events(asked(tmp_path, Answers(ReplyChunk(text="White."), ReplyChunk(usage=USAGE))), accounts))
    second = estimate_of(accounts)
    assert second.reply == 50
    assert second.whole is not None
    assert second.cost == second.whole
    assert second.whole.amount == first.sending.amount + Decimal("0.0005")
    assert estimate_of(accounts, max_tokens=20).reply == 20
    assert estimate_of(accounts, host="127.0.0.1:8000").cost is None


def test_the_estimate_of_a_request(tmp_path: Path) -> None:
    request = asked(tmp_path, Answers())
    estimate = estimated_request(request, BEIJING, None)
    assert estimate is not None
    assert (estimate.tokens.image, estimate.tokens.text) == (102, 4)
    Image.new("RGB", (3000, 12), "white").save(tmp_path / "thin.png")
    assert estimated_request(replace(request, media=open_image(tmp_path / "thin.png")), BEIJING, None) is None


def claimed(accounts: Accounts, count: int) -> tuple[Estimate, list[str]]:
    estimate = estimate_of(accounts)
    return estimate, [accounts.claim(f"run {number}", estimate) for number in range(count)]


def test_runs_at_once_do_not_pass_a_cap_together(tmp_path: Path) -> None:
    accounts = Accounts(Ledger(tmp_path / "costs.sqlite", print), lambda: Caps(per_day=Decimal("0.0050")))
    estimate, refusals = claimed(accounts, 3)  # each about 0.00204
    assert [bool(refusal) for refusal in refusals] == [False, False, True]
    assert "the cap for a day is CNY 0.0050" in refusals[2]
    accounts.release("run 0")
    assert accounts.claim("run 2", estimate) == ""


def test_what_was_spent_today_counts(tmp_path: Path, accounts: Accounts) -> None:
    list(events(asked(tmp_path, Answers(ReplyChunk(text="White."), ReplyChunk(usage=USAGE))), accounts))
    (entry,) = accounts.ledger.entries()
    assert accounts.ledger.spent(day_of(entry.at), "CNY") == Decimal("0.0011")
    tight = Accounts(accounts.ledger, lambda: Caps(per_day=Decimal("0.003")))
    _, (refusal,) = claimed(tight, 1)
    assert "CNY 0.0011 were spent today" in refusal


def test_caps_of_the_settings() -> None:
    assert caps_of(Settings()) == NO_CAPS
    assert caps_of(Settings(cap_run="0.5", cap_day="20", cap_currency="USD")) == Caps(
        Decimal("0.5"), Decimal(20), "USD"
    )


def test_all_words_of_a_request() -> None:
    assert request_words("Where?", {}) == "Where?"
    assert request_words("Where?", {"system": "Be brief."}) == "Be brief.\nWhere?"
