"""The placement self-test through the window: it asks, sends its card, and keeps what it found."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from pathlib import Path

import pytest
from loopback.answers import FAULTS, gated
from loopback.scene import Scene, SceneAnswer, TruthBox
from loopback.service import LoopbackService
from program_window import ask_loopback, notice_buttons, open_photo, run_to_the_end, running
from PySide6.QtWidgets import QComboBox, QLabel, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot
from widgets import child

from qwvis_desktop.app import Program
from qwvis_desktop.core import self_test
from qwvis_desktop.core.coordinates import CoordinateSpace
from qwvis_desktop.core.media.write import WriteError
from qwvis_desktop.core.self_test import CARD_SIZE, Card, new_card
from qwvis_desktop.core.store.ledger import Ledger, ledger_path
from qwvis_desktop.core.store.self_tests import SelfTests

NEW_CARD = new_card


@pytest.fixture
def card(monkeypatch: pytest.MonkeyPatch) -> Card:
    """Return the card that will be sent, so that the service can know the truth."""
    card = NEW_CARD(random.Random(3))
    monkeypatch.setattr(self_test, "new_card", lambda: card)
    return card


@pytest.fixture(autouse=True)
def questions(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Agree to all questions; return what was asked."""
    asked: list[str] = []

    def agree(_parent: object, _title: str, text: str, *_buttons: object) -> QMessageBox.StandardButton:
        asked.append(text)
        return QMessageBox.StandardButton.Ok

    monkeypatch.setattr(QMessageBox, "question", agree)
    return asked


def scene_of(card: Card) -> Scene:
    reach = card.radius
    boxes = [
        TruthBox(f"{name} disc", (x - reach, y - reach, x + reach, y + reach)) for name, (x, y) in card.discs.items()
    ]
    return Scene(CARD_SIZE, tuple(boxes), card.code)


def verdict(program: Program) -> str:
    """Return what the evidence panel says of the self-test."""
    labels = program.panels.evidence.findChildren(QLabel)
    return next((label.text() for label in labels if label.text().startswith("Self-test")), "")


def told_by_test(program: Program, qtbot: QtBot) -> str:
    program.actions["run.self_test"].trigger()
    qtbot.waitUntil(lambda: bool(program.canvas.notice))
    return program.canvas.notice


def test_a_faithful_service_passes_and_the_verdict_is_there_at_the_next_start(
    qtbot: QtBot, home: Path, loopback: LoopbackService, card: Card, questions: list[str]
) -> None:
    loopback.answer = SceneAnswer(scene_of(card))
    today = datetime.now(UTC).date().isoformat()
    with running() as program:
        ask_loopback(program, loopback)
        assert verdict(program) == ""
        assert told_by_test(program, qtbot).startswith("Passed")
        assert verdict(program).startswith("Self-test passed (")
        assert today[:7] in verdict(program)
        assert notice_buttons(program) == {}
        told = verdict(program)
    assert "qwen3-vl-plus of Loopback" in questions[0]
    assert len(loopback.requests) == 2
    assert loopback.requests[0].pictures[0].size == CARD_SIZE
    with running() as program:
        assert verdict(program) == told
        program.services.choose_model("qwen2.5-vl-7b-instruct")
        assert verdict(program) == ""
        program.services.choose_model("qwen3-vl-plus")
        assert verdict(program) == told


@pytest.mark.parametrize(
    ("model", "misbehaviour", "part", "suggested"),
    [
        ("qwen3-vl-plus", "ignored", "ignored", None),
        ("qwen3-vl-plus", "halved", "resized on its way", None),
        ("qwen3-vl-plus", "padded", "padded to a square", None),
        ("qwen3-vl-plus", "y-first", "y first", None),
        ("qwen3-vl-plus", "sent-pixels", "sent pixels and not thousandths", CoordinateSpace.SENT_PIXELS),
        ("qwen2.5-vl-7b-instruct", "thousandths", "thousandths and not sent pixels", CoordinateSpace.RELATIVE_1000),
    ],
)
def test_what_is_wrong_is_told_and_the_setting_offered(
    program: Program,
    qtbot: QtBot,
    loopback: LoopbackService,
    card: Card,
    model: str,
    misbehaviour: str,
    part: str,
    suggested: CoordinateSpace | None,
) -> None:
    loopback.answer = SceneAnswer(scene_of(card), misbehaviour=misbehaviour)
    ask_loopback(program, loopback, model)
    assert part in told_by_test(program, qtbot)
    assert verdict(program).startswith("Self-test not passed (")
    assert part in verdict(program)
    if suggested is None:
        assert notice_buttons(program) == {}
        return
    (use,) = notice_buttons(program).values()
    use.click()
    assert program.panels.prompt.state().space is suggested
    assert child(program.panels.prompt, QComboBox, "Coordinates").currentData() == suggested.value
    assert program.canvas.notice == ""


def test_the_setting_that_was_offered_is_used_by_the_next_run(
    program: Program, qtbot: QtBot, loopback: LoopbackService, card: Card, photo: Path
) -> None:
    loopback.answer = SceneAnswer(scene_of(card), misbehaviour="sent-pixels")
    open_photo(program, qtbot, photo)
    ask_loopback(program, loopback)
    told_by_test(program, qtbot)
    next(iter(notice_buttons(program).values())).click()
    assert run_to_the_end(program, qtbot).space is CoordinateSpace.SENT_PIXELS


def test_the_button_of_the_panel_asks_too(program: Program, loopback: LoopbackService, questions: list[str]) -> None:
    ask_loopback(program, loopback)
    buttons = program.panels.evidence.findChildren(QPushButton)
    next(button for button in buttons if "Test" in button.text()).click()
    assert len(questions) == 1


def test_nothing_is_sent_unless_the_user_agrees(
    program: Program, loopback: LoopbackService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QMessageBox, "question", lambda *_: QMessageBox.StandardButton.Cancel)
    ask_loopback(program, loopback)
    program.actions["run.self_test"].trigger()
    assert not loopback.requests
    assert verdict(program) == ""


def test_a_service_that_fails_is_a_verdict(program: Program, qtbot: QtBot, loopback: LoopbackService) -> None:
    loopback.answer = FAULTS["wrong-key"]
    ask_loopback(program, loopback)
    assert "key" in told_by_test(program, qtbot)
    assert "not passed" in verdict(program)


def test_the_engine_on_this_machine_points_at_nothing(program: Program, qtbot: QtBot) -> None:
    program.services.choose_offline("spot-text")
    assert "reads text only" in told_by_test(program, qtbot)


def test_a_verdict_that_cannot_be_kept_is_told_all_the_same(
    program: Program, qtbot: QtBot, loopback: LoopbackService, card: Card, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise WriteError("The disk is full.")

    monkeypatch.setattr(SelfTests, "keep", full)
    loopback.answer = SceneAnswer(scene_of(card))
    ask_loopback(program, loopback)
    told = told_by_test(program, qtbot)
    assert told.startswith("Passed")
    assert told.endswith("The verdict could not be kept: The disk is full.")
    assert "passed" in verdict(program)


def test_a_second_test_stops_the_first(program: Program, qtbot: QtBot, loopback: LoopbackService, card: Card) -> None:
    loopback.answer, gates = gated(["[]"])
    ask_loopback(program, loopback)
    program.actions["run.self_test"].trigger()
    first = loopback.wait_for_request()
    loopback.answer = SceneAnswer(scene_of(card))
    assert told_by_test(program, qtbot).startswith("Passed")
    assert first.closed.wait(1.0)
    for gate in gates:
        gate.open()


def test_a_verdict_on_another_model_than_is_chosen_by_now(
    program: Program, qtbot: QtBot, loopback: LoopbackService, card: Card
) -> None:
    loopback.answer = SceneAnswer(scene_of(card))
    ask_loopback(program, loopback)
    program.actions["run.self_test"].trigger()
    program.services.choose_model("qwen2.5-vl-7b-instruct")
    qtbot.waitUntil(lambda: bool(program.canvas.notice))
    assert verdict(program) == ""
    program.services.choose_model("qwen3-vl-plus")
    assert "passed" in verdict(program)


def test_its_requests_are_kept_and_paid_for_like_any(
    program: Program, qtbot: QtBot, loopback: LoopbackService, card: Card
) -> None:
    loopback.answer = SceneAnswer(scene_of(card))
    ask_loopback(program, loopback)
    assert told_by_test(program, qtbot).startswith("Passed")
    qtbot.waitUntil(lambda: program.history.kept.count() == 2)
    rows = program.history.kept.page()
    assert {(row.task, row.pictures, row.state) for row in rows} == {
        ("detect", "placement card", "done"),
        ("ask", "placement card", "done"),
    }
    totals = Ledger(ledger_path(), pytest.fail).totals("document")
    assert [(total.name, total.runs) for total in totals] == [("placement card", 2)]


def test_nothing_is_sent_past_a_cap(
    program: Program, loopback: LoopbackService, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask_loopback(program, loopback)
    monkeypatch.setattr(program.costs, "allows", lambda _request: False)
    program.actions["run.self_test"].trigger()
    assert loopback.requests == []
