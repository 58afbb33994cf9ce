"""Preferences are kept, each in its type, and hold from the next run on."""

from __future__ import annotations

from pathlib import Path

import pytest
from loopback.answers import FAULTS
from loopback.service import LoopbackService
from program_window import ask_loopback, open_photo, run_to_the_end
from pytestqt.qtbot import QtBot

from qwvis_desktop.app import Program
from qwvis_desktop.core.settings import load_settings, settings_path
from qwvis_desktop.ui.panels.dialogs.preferences_dialog import PreferencesDialog


def test_the_menu_asks_and_what_was_changed_is_kept(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    def changed(dialog: PreferencesDialog) -> bool:
        dialog._rows["tries"].set(2)
        dialog._rows["connect_seconds"].set(5)
        return True

    monkeypatch.setattr(PreferencesDialog, "exec", changed)
    program.actions["edit.preferences"].trigger()
    kept = load_settings(settings_path())
    assert (kept.tries, kept.connect_seconds, kept.idle_seconds) == (2, 5.0, 60.0)
    assert type(kept.tries) is int


def test_nothing_is_kept_where_it_was_cancelled(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PreferencesDialog, "exec", lambda dialog: False)
    program.actions["edit.preferences"].trigger()
    assert not settings_path().exists()


def test_a_file_that_holds_no_certificates_is_said(program: Program, tmp_path: Path) -> None:
    assert "No such file" in program.preferences.what_is_wrong("ca_file", str(tmp_path / "none.pem"))
    assert program.preferences.what_is_wrong("ca_file", "") == ""


def test_they_hold_from_the_next_run_on(program: Program, qtbot: QtBot, loopback: LoopbackService, photo: Path) -> None:
    loopback.answer = FAULTS["overloaded"]
    open_photo(program, qtbot, photo)
    ask_loopback(program, loopback)
    program.preferences.take({"tries": 2.0, "longest_wait": 0.0})
    run_to_the_end(program, qtbot, "failed")
    assert len(loopback.requests) == 2
    program.preferences.take({"tries": 1.0})
    run_to_the_end(program, qtbot, "failed")
    assert len(loopback.requests) == 3


def test_caps_are_amounts(program: Program) -> None:
    wrong = program.preferences.what_is_wrong
    for good in ("", "0.5", "20", "1.123456"):
        assert wrong("cap_run", good) == wrong("cap_day", good) == ""
    for bad in ("-1", "1,5", "a lot", "1.", "1.1234567", "1e3"):
        assert wrong("cap_run", bad).startswith("A cap is an amount such as 0.50")
    program.preferences.take({"cap_run": "0.5", "cap_day": "20", "cap_currency": "USD", "parallel": 5.0})
    kept = load_settings(settings_path())
    assert (kept.cap_run, kept.cap_day, kept.cap_currency, kept.parallel) == ("0.5", "20", "USD", 5)
