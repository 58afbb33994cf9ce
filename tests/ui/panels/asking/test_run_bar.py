from __future__ import annotations

import time

import pytest
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot
from widgets import child

from qwvis_desktop.ui.panels.asking.run_bar import PHASES, BusyMark, RunBar, RunBarState
from qwvis_desktop.ui.panels.labels import ToneLabel
from qwvis_desktop.ui.theme import Tone


@pytest.fixture
def bar(qtbot: QtBot) -> RunBar:
    bar = RunBar()
    qtbot.addWidget(bar)
    bar.resize(600, 40)
    bar.show()
    return bar


def words(bar: RunBar) -> list[str]:
    return [label.text() for label in bar.findChildren(ToneLabel)]


@pytest.mark.parametrize("phase", PHASES)
def test_every_phase_has_its_words(bar: RunBar, phase: str) -> None:
    bar.set_state(RunBarState(phase=phase, text="some text", started=time.monotonic(), seconds=1.0))
    assert words(bar)[0]
    assert "some text" in words(bar)
    assert "some text" in bar.accessibleName()


def test_an_unknown_phase_is_refused(bar: RunBar) -> None:
    with pytest.raises(KeyError):
        bar.set_state(RunBarState(phase="dreaming"))
    assert bar.state.phase == "idle"


def test_seconds_tick_while_it_goes_on_and_stand_when_it_is_over(bar: RunBar, qtbot: QtBot) -> None:
    bar.set_state(RunBarState(phase="waiting", started=time.monotonic() - 60))
    first = words(bar)[-1]
    assert float(first.removesuffix(" s")) >= 60
    qtbot.waitUntil(lambda: words(bar)[-1] != first)
    bar.set_state(RunBarState(phase="done", seconds=3.44))
    assert words(bar)[-1] == "3.4 s"


def test_the_mark_moves_only_while_it_is_seen_to_go_on(bar: RunBar, qtbot: QtBot) -> None:
    mark = child(bar, BusyMark)
    bar.set_state(RunBarState(phase="receiving", started=time.monotonic()))
    before = mark.grab().toImage()
    qtbot.waitUntil(lambda: mark.grab().toImage() != before)
    assert bar._timer.isActive()
    bar.hide()
    assert not bar._timer.isActive()
    bar.show()
    assert bar._timer.isActive()
    bar.set_state(RunBarState(phase="failed"))
    assert not bar._timer.isActive()


def test_news_do_not_hurry_the_mark(bar: RunBar) -> None:
    mark = child(bar, BusyMark)
    bar.set_state(RunBarState(phase="receiving", text="1 object", started=0.0))
    before = mark.grab().toImage()
    bar.set_state(RunBarState(phase="receiving", text="2 objects", started=0.0))
    assert mark.grab().toImage() == before


def test_a_failure_says_why_and_offers_details(bar: RunBar) -> None:
    told: list[str] = []
    bar.details_requested.connect(told.append)
    details = child(bar, QToolButton)
    assert not details.isVisible()
    bar.set_state(RunBarState(phase="failed", text="The key is wrong. Enter it again.", details="HTTP 401"))
    assert bar.findChildren(ToneLabel)[0].tone is Tone.ERROR
    details.click()
    assert told == ["HTTP 401"]
    bar.set_state(RunBarState())
    assert not details.isVisible()


def test_a_long_failure_takes_more_lines(bar: RunBar, qtbot: QtBot) -> None:
    low = bar.heightForWidth(600)
    bar.set_state(RunBarState(phase="failed", text="What failed, and why, and what to do now. " * 6))
    assert bar.heightForWidth(600) > low + bar.fontMetrics().height()
