from __future__ import annotations

import importlib.util
import os
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cli.conftest import Qwvis
from loopback.answers import FAULTS
from loopback.service import LoopbackService

from qwvis_desktop.cli import doctor
from qwvis_desktop.core import self_test
from qwvis_desktop.core.coordinates import CoordinateSpace
from qwvis_desktop.core.self_test import SelfTestFinding, SelfTestVerdict
from qwvis_desktop.core.settings import Profile, Settings, save_settings, settings_path


def checks(qwvis: Qwvis) -> dict[str, Any]:
    return {check["name"]: check for check in qwvis("doctor", "--json").json["checks"]}


def test_finds_everything_here(qwvis: Qwvis) -> None:
    ended = qwvis("doctor", "--json")
    assert (ended.code, ended.json["ok"]) == (0, True)
    found = checks(qwvis)
    assert {"QwVis", "Python", "Qt", "numpy", "Pillow", "httpx2", "libvips", "proxy", "settings"} <= found.keys()
    assert found.keys() >= doctor.EXTRAS.keys()
    assert all(check.keys() == {"name", "state", "detail", "remedy"} for check in found.values())


def test_says_what_is_missing_and_the_command_that_adds_it(qwvis: Qwvis, monkeypatch: pytest.MonkeyPatch) -> None:
    real = importlib.util.find_spec
    monkeypatch.setattr(doctor, "find_spec", lambda name: None if name == "rapidocr" else real(name))
    ended = qwvis("doctor")
    assert ended.code == 0
    assert "missing  ocr: not installed (rapidocr): for reading text without a network." in ended.out
    assert 'pip install "qwvis-desktop[ocr]"' in ended.out


def test_a_missing_part_that_is_needed_is_an_error(qwvis: Qwvis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "find_spec", lambda name: None)
    ended = qwvis("doctor", "--json")
    assert (ended.code, ended.json["ok"]) == (1, False)


@pytest.mark.parametrize(
    ("qt", "python", "state"),
    [
        ("6.12.0", (3, 11), "problem"),
        ("6.13.1", (3, 11), "problem"),
        ("6.11.3", (3, 11), "ok"),
        ("6.12.0", (3, 12), "ok"),
    ],
)
def test_knows_the_qt_that_crashes(
    qt: str, python: tuple[int, int], state: str, qwvis: Qwvis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "version", lambda name: qt)
    monkeypatch.setattr(sys, "version_info", (*python, 9, "final", 0))
    (finding,) = doctor.qt_findings()
    assert finding.state == state


def test_says_which_library_of_the_system_qt_lacks(qwvis: Qwvis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "PySide6.QtGui", None)
    ended = qwvis("doctor")
    assert ended.code == 1
    assert "apt install libegl1" in ended.out


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere there is always a display")
def test_says_what_a_window_lacks(qwvis: Qwvis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.delenv("DISPLAY", raising=False)
    assert checks(qwvis)["display"]["state"] == "missing"
    monkeypatch.setenv("DISPLAY", ":7")
    monkeypatch.setattr(doctor, "find_library", lambda name: None)
    assert "libxcb-cursor0" in checks(qwvis)["display"]["remedy"]
    monkeypatch.setattr(doctor, "find_library", lambda name: f"lib{name}.so")
    assert checks(qwvis)["display"]["detail"] == ":7"


def test_says_that_libvips_is_missing_and_goes_on(qwvis: Qwvis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyvips", None)
    ended = qwvis("doctor")
    assert ended.code == 0
    assert "pip install pyvips pyvips-binary" in ended.out


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="fontconfig is of Linux")
def test_no_fonts_are_said(qwvis: Qwvis, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "fc-list"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "fonts-noto-cjk" in checks(qwvis)["Chinese fonts"]["remedy"]
    program.unlink()
    assert "fonts" not in checks(qwvis)


def test_names_proxies_without_what_they_hold(qwvis: Qwvis, monkeypatch: pytest.MonkeyPatch) -> None:
    assert checks(qwvis)["proxy"]["detail"] == "none"
    monkeypatch.setenv("https_proxy", "http://me:secret@proxy:3128")
    ended = qwvis("doctor")
    assert "HTTPS_PROXY" in ended.out
    assert "secret" not in ended.out


def test_says_where_settings_are_kept(qwvis: Qwvis, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("QWVIS_HOME", str(tmp_path / "new" / "folder"))
    assert checks(qwvis)["settings"]["detail"] == str(tmp_path / "new" / "folder")


def test_a_folder_that_cannot_be_written_to_is_an_error(qwvis: Qwvis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    ended = qwvis("doctor", "--json")
    assert ended.code == 1
    assert "will not be kept" in next(c for c in ended.json["checks"] if c["name"] == "settings")["detail"]


def test_an_unknown_service_is_wrong_usage(qwvis: Qwvis) -> None:
    ended = qwvis("doctor", "--provider", "Nobody")
    assert ended.code == 2
    assert 'no service called "Nobody"' in ended.err


class TestPlacement:
    @pytest.fixture
    def here(self, loopback: LoopbackService) -> LoopbackService:
        """A service that the settings know."""
        profile = Profile("Here", base_url=loopback.base_url, needs_key=False)
        save_settings(settings_path(), replace(Settings(), profiles=(profile,)))
        return loopback

    def test_a_service_that_ignores_the_picture_is_found_out(self, here: LoopbackService, qwvis: Qwvis) -> None:
        ended = qwvis("doctor", "--provider", "Here", "--model", "qwen3-vl-plus")
        assert ended.code == 1
        assert "problem  Here, qwen3-vl-plus: " in ended.out
        assert len(here.requests) == 2

    def test_a_service_that_fails_is_said(self, here: LoopbackService, qwvis: Qwvis) -> None:
        here.answer = FAULTS["wrong-key"]
        ended = qwvis("doctor", "--provider", "Here", "--json")
        assert ended.code == 1
        assert "key" in ended.json["checks"][-1]["detail"]

    def test_a_reading_that_fits_better_is_offered(
        self, here: LoopbackService, qwvis: Qwvis, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        verdict = SelfTestVerdict(
            passed=False,
            finding=SelfTestFinding.OTHER_SPACE,
            message="The numbers count pixels.",
            suggested_space=CoordinateSpace.SENT_PIXELS,
            when=datetime(2026, 3, 21, tzinfo=UTC),
        )
        monkeypatch.setattr(self_test, "run_self_test", lambda _provider, _model, **_led: verdict)
        assert "Have its numbers read as sent-pixels" in qwvis("doctor", "--provider", "Here").out
