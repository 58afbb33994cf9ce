from __future__ import annotations

import sys
from argparse import Namespace
from dataclasses import replace

import pytest

from qwvis_desktop.cli.output import CommandError, ExitCode
from qwvis_desktop.cli.services import Countdown, prompt_of, service_of
from qwvis_desktop.core.settings import Settings, save_settings, settings_path
from qwvis_desktop.core.tasks import TASKS


def test_nothing_chosen_means_the_settings() -> None:
    service = service_of(provider=None, base_url=None, model=None)
    assert (service.profile.name, service.model.id, service.key) == ("Offline OCR", "rapidocr", None)
    save_settings(settings_path(), replace(Settings(), profile="vLLM", model="qwen2.5-vl-7b-instruct"))
    service = service_of(provider=None, base_url=None, model=None)
    assert (service.profile.name, service.model.family) == ("vLLM", "qwen2.5-vl")


def test_a_model_overrules_the_settings() -> None:
    save_settings(settings_path(), replace(Settings(), profile="vLLM", model="qwen2.5-vl-7b-instruct"))
    assert service_of(provider=None, base_url=None, model="qwen3-vl-plus").model.family == "qwen3-vl"


def test_a_model_that_the_offline_engine_is_not_means_the_first_service() -> None:
    service = service_of(provider=None, base_url=None, model="qwen3-vl-plus")
    assert (service.profile.name, service.model.id) == ("DashScope (international)", "qwen3-vl-plus")


def test_a_name_is_found_in_any_case() -> None:
    assert service_of(provider="ollama", base_url=None, model=None).profile.name == "Ollama"


def test_an_address_needs_no_key_unless_it_is_the_makers_own() -> None:
    near = service_of(provider=None, base_url="http://127.0.0.1:8000/v1", model="x").profile
    far = service_of(
        provider=None, base_url="https://dashscope.aliyuncs.com/compatible-mode/v1", model="qwen3-vl-plus"
    ).profile
    assert (near.needs_key, far.needs_key) == (False, True)


def test_the_key_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DASHSCOPE_API_KEY", "sk-test")
    assert service_of(provider="DashScope (Beijing)", base_url=None, model=None).key == "sk-test"
    assert service_of(provider="vLLM", base_url=None, model=None).key is None


@pytest.mark.parametrize(
    ("provider", "base_url", "model"),
    [("Nobody", None, None), (None, "ftp://here", None), ("Offline OCR", None, "qwen3-vl-plus")],
)
def test_what_does_not_fit_is_wrong_usage(provider: str | None, base_url: str | None, model: str | None) -> None:
    with pytest.raises(CommandError) as caught:
        service_of(provider=provider, base_url=base_url, model=model)
    assert caught.value.code is ExitCode.USAGE


def test_damaged_settings_are_said(capsys: pytest.CaptureFixture[str]) -> None:
    settings_path().parent.mkdir(parents=True)
    settings_path().write_text("{")
    assert service_of(provider=None, base_url=None, model=None).profile.name == "Offline OCR"
    assert "are damaged" in capsys.readouterr().err


def test_an_empty_prompt_is_a_prompt() -> None:
    assert prompt_of(Namespace(prompt=None, result_schema=None), TASKS["detect"]) == TASKS["detect"].prompt
    assert prompt_of(Namespace(prompt=""), TASKS["detect"]) == ""


class TestCountdown:
    def test_a_wait_is_said_once(self, capsys: pytest.CaptureFixture[str]) -> None:
        countdown = Countdown()
        for left in (2.5, 1.5, 0.5, 0.2):
            countdown(left, "Busy.")
        assert capsys.readouterr().err.splitlines() == ["Busy. Trying again in 2 s.", "Busy. Trying again in 0 s."]

    def test_on_a_terminal_it_counts_down(
        self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        countdown = Countdown()
        monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
        for left in (3.0, 2.0, 1.0):
            countdown(left, "Busy.")
        said = capsys.readouterr().err
        assert said.startswith("Busy. Trying again in 3 s.\n\rTrying again in 2 s. \r")
        assert said.endswith("\r")
