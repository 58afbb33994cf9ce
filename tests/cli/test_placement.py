"""The placement self-test on the command line: kept and paid for like any request, and within the caps."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from loopback.scene import Scene, SceneAnswer, TruthBox
from loopback.service import LoopbackService

from qwvis_desktop.cli.output import CommandError
from qwvis_desktop.cli.placement import verdict_on
from qwvis_desktop.cli.services import Service, service_of
from qwvis_desktop.core import self_test
from qwvis_desktop.core.self_test import CARD_SIZE, Card, new_card
from qwvis_desktop.core.settings import settings_path
from qwvis_desktop.core.store.history import history_at, history_path
from qwvis_desktop.core.store.ledger import Ledger, ledger_path


@pytest.fixture
def card(monkeypatch: pytest.MonkeyPatch) -> Card:
    """The card that will be sent, so that the service can know the truth."""
    card = new_card()
    monkeypatch.setattr(self_test, "new_card", lambda: card)
    return card


@pytest.fixture
def service(loopback: LoopbackService, card: Card) -> Service:
    """A faithful service that asks a price."""
    host, reach = loopback.base_url.removeprefix("http://").removesuffix("/v1"), card.radius
    entry = f'"{host}" = {{ currency = "CNY", as_of = "2026-11-27", tiers = [[0, 1, 10]] }}'
    settings_path().parent.mkdir(parents=True, exist_ok=True)
    settings_path().with_name("models.toml").write_text(f'[prices."qwen3-vl-plus"]\n{entry}\n')
    boxes = [
        TruthBox(f"{name} disc", (x - reach, y - reach, x + reach, y + reach)) for name, (x, y) in card.discs.items()
    ]
    loopback.answer = SceneAnswer(Scene(CARD_SIZE, tuple(boxes), card.code))
    return service_of(provider=None, base_url=loopback.base_url, model="qwen3-vl-plus")


def test_its_requests_are_kept_and_paid_for(service: Service) -> None:
    assert verdict_on(service).passed
    history = history_at(history_path(), pytest.fail)
    assert [row.state for row in history.page()] == ["done", "done"]
    history.close()
    (total,) = Ledger(ledger_path(), pytest.fail).totals("document")
    assert (total.name, total.runs) == ("placement card", 2)


def test_a_cap_stops_it_before_anything_is_sent(service: Service, loopback: LoopbackService) -> None:
    settings_path().write_text(json.dumps({"cap_run": "0.0001"}))
    capped = replace(service, settings=replace(service.settings, cap_run="0.0001"))
    with pytest.raises(CommandError, match="the cap for a run is CNY"):
        verdict_on(capped)
    assert loopback.requests == []
