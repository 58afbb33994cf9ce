"""Money in the window: the estimate beside Run, caps that ask, totals, and requests that wait for their turn."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from loopback.answers import gated, streamed, zoom_call
from loopback.service import LoopbackService
from PIL import Image
from program_window import (
    BOXES,
    ask_loopback,
    detections,
    editor_of,
    open_photo,
    run_to_the_end,
    running,
    wait_for_phase,
)
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox, QPushButton, QTableWidget
from pytestqt.qtbot import QtBot
from widgets import child

from qwvis_desktop.app import Program
from qwvis_desktop.core.settings import settings_path
from qwvis_desktop.core.store.ledger import Ledger, ledger_path
from qwvis_desktop.ui.panels.dialogs.costs_dialog import CostsDialog

REPLY = "".join(BOXES)


@pytest.fixture
def other_photo(tmp_path: Path) -> Path:
    path = tmp_path / "other.png"
    Image.effect_noise((640, 480), 60).convert("RGB").save(path)
    return path


def button(box: QMessageBox, text: str) -> QPushButton:
    return next(one for one in box.findChildren(QPushButton) if one.text().replace("&", "") == text)


@pytest.fixture
def priced(loopback: LoopbackService, home: Path, qtbot: QtBot) -> Iterator[Program]:
    """Start the program with a price for the loopback service: CNY 1 a million tokens in, 10 out."""
    host = loopback.base_url.removeprefix("http://").removesuffix("/v1")
    settings_path().parent.mkdir(parents=True, exist_ok=True)
    entry = f'"{host}" = {{ currency = "CNY", as_of = "2026-11-27", tiers = [[0, 1, 10]] }}'
    settings_path().with_name("models.toml").write_text(f'[prices."qwen3-vl-plus"]\n{entry}\n')
    loopback.answer = streamed(REPLY)
    with running() as program:
        ask_loopback(program, loopback)
        yield program


def estimate(program: Program) -> QLabel:
    return child(program.panels.prompt, QLabel, "What it will take")


def cells(table: QTableWidget) -> list[str]:
    items = [table.item(0, column) for column in range(table.columnCount())]
    return [item.text() for item in items if item is not None]


def entries() -> int:
    return len(Ledger(ledger_path(), print).entries())


def test_the_estimate_stands_beside_run_and_learns(priced: Program, qtbot: QtBot, photo: Path) -> None:
    assert estimate(priced).text() == ""
    open_photo(priced, qtbot, photo)
    qtbot.waitUntil(lambda: estimate(priced).text() != "")
    words = priced.panels.prompt.state().prompt
    assert estimate(priced).text().startswith("477 + ")
    assert estimate(priced).text().endswith("tokens, about CNY\N{NO-BREAK SPACE}0.00050, estimate"), words
    assert "2026-11-27" in estimate(priced).toolTip()
    assert "Without the reply" in estimate(priced).toolTip()
    run_to_the_end(priced, qtbot)
    qtbot.waitUntil(lambda: "With a reply of 54 tokens" in estimate(priced).toolTip())
    assert entries() == 1


def test_no_estimate_where_nothing_is_sent(priced: Program, qtbot: QtBot, photo: Path) -> None:
    open_photo(priced, qtbot, photo)
    qtbot.waitUntil(lambda: estimate(priced).text() != "")
    priced.services.choose_offline("spot-text")
    qtbot.waitUntil(lambda: estimate(priced).text() == "")


def test_a_pasted_reply_costs_nothing(priced: Program, qtbot: QtBot, photo: Path) -> None:
    editor = open_photo(priced, qtbot, photo)
    assert priced.runs.read_pasted(REPLY)
    qtbot.waitUntil(lambda: bool(editor.document.runs) and not priced.inference.is_running(editor))
    assert entries() == 0


@pytest.mark.parametrize("sends", [True, False])
def test_a_cap_asks_before_it_is_passed(
    sends: bool, priced: Program, qtbot: QtBot, photo: Path, loopback: LoopbackService
) -> None:
    editor = open_photo(priced, qtbot, photo)
    priced.services.update(cap_run="0.0001")
    seen: list[str] = []

    def answer() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        seen.append(box.text())
        button(box, "Send Anyway" if sends else "Cancel").click()

    QTimer.singleShot(0, answer)
    priced.actions["run.start"].trigger()
    assert "the cap for a run is CNY 0.00010" in seen[0]
    if sends:
        qtbot.waitUntil(lambda: bool(editor.document.runs) and not priced.inference.is_running(editor))
    assert len(loopback.requests) == int(sends)


CUT = '[{"bbox_2d": [100, 200, 300, 400], "label": "cat"}, {"bbox_2d": [5'


def cancelled(act: Callable[[], object]) -> str:
    """Do what asks for money, cancel where a cap is said to be reached, and return what was said."""
    said: list[str] = []

    def answer() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        said.append(box.text())
        button(box, "Cancel").click()

    QTimer.singleShot(0, answer)
    act()
    return said[0] if said else ""


def test_a_cap_stops_each_kind_of_request_before_it_is_sent(
    priced: Program, qtbot: QtBot, photo: Path, other_photo: Path, loopback: LoopbackService
) -> None:
    open_photo(priced, qtbot, other_photo)
    editor = open_photo(priced, qtbot, photo)
    loopback.answer = streamed(CUT, finish_reason="length")
    run_to_the_end(priced, qtbot)
    priced.services.update(cap_run="0.0001")
    priced.panels.filmstrip.select([str(photo), str(other_photo)])
    conversation = priced.asking.conversation
    for act in (
        lambda: conversation.ask_further("Where is the sofa?"),
        conversation.finish_reply,
        priced.paging.together.run,
    ):
        assert "the cap for a run is CNY 0.00010" in cancelled(act)
    assert len(loopback.requests) == 1
    assert len(editor.document.runs) == 1
    priced.services.update(cap_run="")
    assert conversation.finish_reply()
    qtbot.waitUntil(lambda: not priced.inference.is_running(editor))
    assert len(loopback.requests) == 2


def test_a_look_that_would_pass_the_cap_ends_the_looking(
    priced: Program, qtbot: QtBot, photo: Path, loopback: LoopbackService
) -> None:
    open_photo(priced, qtbot, photo)
    look = zoom_call([100, 100, 300, 300], says=CUT)
    loopback.answer = [look, look, streamed(REPLY)]
    priced.panels.prompt.options.set_values({"zoom": 5})
    priced.services.update(cap_run="0.0015")  # the first request is about 0.0005, a second one makes it more than that
    run = run_to_the_end(priced, qtbot, "failed")
    assert len(loopback.requests) == 1
    assert run.error.startswith("The model wanted to look closer, and nothing more was sent. This run would cost about")
    assert run.looks == ()
    assert len(detections(priced)) == 1, "what came is kept"
    priced.services.update(cap_run="")
    assert len(run_to_the_end(priced, qtbot).looks) == 1


def test_what_was_spent_counts_towards_the_day(priced: Program, qtbot: QtBot, photo: Path) -> None:
    editor = open_photo(priced, qtbot, photo)
    priced.services.update(cap_day="0.002")
    run_to_the_end(priced, qtbot)  # costs 0.00181
    qtbot.waitUntil(lambda: "With a reply" in estimate(priced).toolTip())
    seen: list[str] = []

    def answer() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        seen.append(box.text())
        button(box, "Cancel").click()

    QTimer.singleShot(0, answer)
    priced.actions["run.start"].trigger()
    assert "the cap for a day is CNY 0.0020" in seen[0]
    assert not priced.inference.is_running(editor)


def test_totals_caps_and_a_table(priced: Program, qtbot: QtBot, photo: Path, tmp_path: Path) -> None:
    open_photo(priced, qtbot, photo)
    run_to_the_end(priced, qtbot)
    seen: list[list[str]] = []

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, CostsDialog)
        table = child(dialog, QTableWidget)
        qtbot.waitUntil(lambda: table.rowCount() == 1)
        dialog._by.setCurrentIndex(1)
        qtbot.waitUntil(lambda: cells(table)[:1] == ["qwen3-vl-plus"])
        seen.append(cells(table))
        dialog._day.setText("5.5")
        dialog.accept()

    QTimer.singleShot(0, look)
    priced.actions["run.costs"].trigger()
    assert seen == [["qwen3-vl-plus", "CNY 0.0019", "1", "1,270", "0", "54"]]
    assert priced.services.settings.cap_day == "5.5"
    with qtbot.waitSignal(priced.costs.saved):
        priced.costs.save_table(tmp_path / "costs.csv")
    assert "qwen3-vl-plus" in (tmp_path / "costs.csv").read_text("utf-8-sig")


def test_a_request_waits_visibly_for_its_turn_and_can_be_stopped(
    priced: Program, qtbot: QtBot, photo: Path, other_photo: Path, loopback: LoopbackService
) -> None:
    priced.services.update(parallel=1)
    loopback.answer, gates = gated(BOXES)
    open_photo(priced, qtbot, photo)
    priced.actions["run.start"].trigger()
    wait_for_phase(priced, qtbot, "waiting")
    second = open_photo(priced, qtbot, other_photo)
    priced.actions["run.start"].trigger()
    qtbot.waitUntil(lambda: priced.panels.run_bar.state.text == "waits for its turn")
    priced.actions["run.stop"].trigger()
    qtbot.waitUntil(lambda: not priced.inference.is_running(second))
    assert priced.panels.run_bar.state.phase == "stopped"
    for gate in gates:
        gate.open()
    qtbot.waitUntil(lambda: not any(priced.inference.is_running(entry) for entry in (editor_of(priced), second)))
    assert len(loopback.requests) == 1


def test_closing_a_picture_while_its_run_goes_on_gives_its_money_back(
    priced: Program, qtbot: QtBot, photo: Path, other_photo: Path, loopback: LoopbackService
) -> None:
    answer, gates = gated([REPLY])
    loopback.answer = answer
    open_photo(priced, qtbot, photo)
    priced.services.update(cap_day="0.0009")  # one such run is about 0.0005
    priced.actions["run.start"].trigger()
    loopback.wait_for_request()
    assert priced.costs._accounts._claimed
    priced.workspace.close(str(photo))
    qtbot.waitUntil(lambda: not priced.costs._accounts._claimed)
    for gate in gates:
        gate.open()
