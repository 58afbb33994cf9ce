from __future__ import annotations

import io
import sys

import pytest

from qwvis_desktop.cli.output import CommandError, ExitCode, note, tell


def test_results_and_notes_go_apart(capsys: pytest.CaptureFixture[str]) -> None:
    tell("a result")
    note("a note")
    assert capsys.readouterr() == ("a result\n", "a note\n")


def test_what_a_terminal_lacks_is_shown_as_an_escape(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", terminal)
    tell("Zürich 好 \ud800")
    terminal.flush()
    buffer = terminal.buffer
    assert isinstance(buffer, io.BytesIO)
    assert buffer.getvalue() == rb"Z\xfcrich \u597d \ud800" + b"\n"


def test_a_program_without_a_console_says_nothing(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    note("nobody hears it")
    assert capfd.readouterr() == ("", "")


def test_an_error_has_a_code() -> None:
    assert CommandError("Why.").code is ExitCode.ERROR
    assert CommandError("Why.", ExitCode.USAGE).code is ExitCode.USAGE


def test_the_codes_are_those_of_the_interface() -> None:
    assert [int(code) for code in ExitCode] == [0, 1, 2, 3, 4, 130]
