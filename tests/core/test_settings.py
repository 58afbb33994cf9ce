"""Settings are read back as they were written, and nothing of a file is ever lost."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qwvis_desktop.core import settings as settings_module
from qwvis_desktop.core.profiles import BLANK, DASHSCOPE, warning_of, workspace_host
from qwvis_desktop.core.settings import (
    FORMAT,
    PRESETS,
    THEMES,
    Profile,
    Settings,
    Upgrade,
    clean_base_url,
    custom_profile,
    home,
    load_settings,
    save_settings,
    settings_path,
)

OWN = Profile("Mine", base_url="https://model.example/v1", needs_key=False)


class Told(list[str]):
    """Sentences that were said."""

    def __call__(self, sentence: str) -> None:
        self.append(sentence)


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "settings.json"


def written(path: Path) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return data


def named(name: str) -> Profile:
    return next(profile for profile in PRESETS if profile.name == name)


class TestKeeping:
    def test_no_file_means_the_defaults(self, path: Path, told: Told) -> None:
        assert load_settings(path, told) == Settings()
        assert not told

    def test_only_what_differs_is_stored(self, path: Path) -> None:
        save_settings(path, Settings())
        assert written(path) == {"format": FORMAT}
        save_settings(path, Settings(theme="dark", prompts={"detect": "汽车"}))
        assert written(path) == {"format": FORMAT, "theme": "dark", "prompts": {"detect": "汽车"}}

    def test_all_of_it_comes_back(self, path: Path, told: Told) -> None:
        local = replace(named("vLLM"), base_url="http://192.168.0.9:8000/v1")
        chosen = Settings(profile="Mine", model="qwen2.5-vl-7b-instruct", task="detect", prompts={"detect": "cars"})
        chosen = replace(chosen, theme="light", first_seconds=10.0, idle_seconds=5.5, folder="/tmp/ä", window="AAEC")
        chosen = replace(chosen, profiles=replace(chosen, profiles=chosen.with_profile(local)).with_profile(OWN))
        save_settings(path, chosen)
        assert load_settings(path, told) == chosen
        assert not told
        assert [entry["name"] for entry in written(path)["profiles"]] == ["vLLM", "Mine"]

    def test_new_presets_appear_beside_own_services(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        save_settings(path, replace(Settings(), profiles=Settings().with_profile(OWN)))
        monkeypatch.setattr(settings_module, "PRESETS", (*PRESETS, Profile("New one")))
        assert [profile.name for profile in load_settings(path).profiles][-2:] == ["New one", "Mine"]

    @given(
        model=st.text(),
        prompts=st.dictionaries(st.text(), st.text(), max_size=3),
        theme=st.sampled_from(THEMES),
        seconds=st.floats(0.001, 86000),
    )
    def test_any_values_come_back(
        self, tmp_path_factory: pytest.TempPathFactory, model: str, prompts: dict[str, str], theme: str, seconds: float
    ) -> None:
        path = tmp_path_factory.mktemp("settings") / "settings.json"
        chosen = Settings(model=model, prompts=prompts, theme=theme, idle_seconds=seconds)
        try:
            json.dumps([model, prompts], ensure_ascii=False).encode()
        except UnicodeEncodeError:
            return  # half a surrogate pair cannot be typed
        save_settings(path, chosen)
        assert load_settings(path) == chosen

    def test_what_a_later_version_wrote_is_kept(self, path: Path, told: Told) -> None:
        path.parent.mkdir()
        path.write_text('{"format": "2099-01-01", "hologram": {"on": true}, "theme": "dark"}')
        chosen = load_settings(path, told)
        assert chosen.theme == "dark"
        save_settings(path, replace(chosen, theme="light"))
        assert written(path)["hologram"] == {"on": True}
        assert not told

    def test_a_failed_save_leaves_the_old_file(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        save_settings(path, Settings(theme="dark"))

        def full(*_: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(settings_module, "write_beside", full)
        with pytest.raises(OSError, match="No space"):
            save_settings(path, Settings(theme="light"))
        assert written(path)["theme"] == "dark"


class TestDamage:
    @pytest.mark.parametrize(
        "content", [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"theme": "dark"', b"[" * 100_000], ids=range(7)
    )
    def test_a_damaged_file_is_set_aside_and_said(self, path: Path, told: Told, content: bytes) -> None:
        path.parent.mkdir()
        path.write_bytes(content)
        assert load_settings(path, told) == Settings()
        aside = [file for file in path.parent.iterdir() if file != path]
        assert [file.read_bytes() for file in aside] == [content]
        assert len(told) == 1
        assert aside[0].name in told[0]

    @pytest.mark.parametrize(
        ("entry", "name"),
        [
            ({"theme": "pink"}, "theme"),
            ({"theme": 3}, "theme"),
            ({"model": ["a"]}, "model"),
            ({"idle_seconds": -1}, "idle_seconds"),
            ({"idle_seconds": True}, "idle_seconds"),
            ({"first_seconds": "long"}, "first_seconds"),
            ({"prompts": {"detect": 1}}, "prompts"),
            ({"prompts": []}, "prompts"),
            ({"profiles": {}}, "profiles"),
            ({"profiles": ["Mine"]}, "profiles"),
            ({"profiles": [{"name": 1}]}, "profiles"),
            ({"profiles": [{"name": "a", "odd": "b"}]}, "profiles"),
            ({"profiles": [{"kind": "openai"}]}, "profiles"),
        ],
    )
    def test_one_bad_entry_does_not_spoil_the_others(
        self, path: Path, told: Told, entry: dict[str, Any], name: str
    ) -> None:
        path.parent.mkdir()
        path.write_text(json.dumps({"task": "detect", **entry}))
        chosen = load_settings(path, told)
        assert chosen.task == "detect"
        assert getattr(chosen, name) == getattr(Settings(), name)
        assert f"'{name}'" in told[0]
        assert len(list(path.parent.iterdir())) == 2

    def test_a_file_that_may_not_be_read(self, path: Path, told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
        path.parent.mkdir()
        path.write_text("{}")

        def forbidden(*_: object, **__: object) -> str:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(Path, "read_text", forbidden)
        monkeypatch.setattr(shutil, "copyfile", forbidden)
        assert load_settings(path, told) == Settings()
        assert "could not be copied aside" in told[0]

    def test_it_is_logged_where_nobody_listens(self, path: Path, caplog: pytest.LogCaptureFixture) -> None:
        path.parent.mkdir()
        path.write_text("{")
        load_settings(path)
        assert "are damaged" in caplog.text


def test_upgrades_are_made_in_order(path: Path, told: Told) -> None:
    steps: tuple[Upgrade, ...] = (
        ("2025-01-01", lambda data: {**data, "task": "never"}),
        ("2026-01-01", lambda data: {"theme": data["colours"], "task": "first"}),
        ("2026-06-01", lambda data: {**data, "task": data["task"] + " second"}),
    )
    path.parent.mkdir()
    path.write_text('{"format": "2025-06-01", "colours": "dark"}')
    chosen = load_settings(path, told, steps)
    assert (chosen.theme, chosen.task) == ("dark", "first second")
    assert not told


class TestProfiles:
    def test_the_offline_engine_comes_first_and_is_chosen(self) -> None:
        assert PRESETS[0].kind == "offline-ocr"
        assert Settings().chosen == PRESETS[0]

    def test_names_are_found_in_any_case(self) -> None:
        assert Settings().profile_named("ollama") == named("Ollama")
        assert Settings().profile_named("none such") is None
        assert Settings(profile="none such").chosen == PRESETS[0]

    def test_presets_hold_together(self) -> None:
        assert len({profile.name for profile in PRESETS}) == len(PRESETS)
        for profile in PRESETS[1:]:
            assert clean_base_url(profile.base_url) == profile.base_url
            assert profile.needs_key == profile.is_dashscope == (profile.key_variable == "DASHSCOPE_API_KEY")

    @pytest.mark.parametrize(
        ("typed", "address"),
        [
            ("https://h/v1", "https://h/v1"),
            (" 'https://h/v1/' ", "https://h/v1"),
            ("https://h/v1/chat/completions/", "https://h/v1"),
            ("localhost:11434/v1", "http://localhost:11434/v1"),
            ("127.0.0.1:8000/v1", "http://127.0.0.1:8000/v1"),
            ("192.168.0.2:8000", "http://192.168.0.2:8000"),
            ("model.example/v1", "https://model.example/v1"),
            ("http://[::1]:8000/v1", "http://[::1]:8000/v1"),
        ],
    )
    def test_addresses_as_typed(self, typed: str, address: str) -> None:
        assert clean_base_url(typed) == address

    @pytest.mark.parametrize(
        "typed", ["", "  ", "ftp://h/v1", "http://", "http://h:99999/v1", "two words", "http://[::1/v1"]
    )
    def test_what_is_no_address(self, typed: str) -> None:
        with pytest.raises(ValueError, match="is no address of a service"):
            clean_base_url(typed)

    def test_a_typed_address_of_dashscope_is_known(self) -> None:
        profile = custom_profile("dashscope-intl.aliyuncs.com/compatible-mode/v1")
        assert profile.is_dashscope
        assert profile.needs_key
        assert profile.key_variable == "DASHSCOPE_API_KEY"
        assert not custom_profile("http://aliyuncs.com.example/v1").is_dashscope

    def test_the_host_is_without_a_password(self) -> None:
        assert Profile("a", base_url="http://me:pass@Host:80/v1").host == "host:80"


class TestFolders:
    def test_one_variable_moves_all(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("QWVIS_HOME", str(tmp_path))
        assert settings_path() == tmp_path / "settings.json"
        assert home("data") == tmp_path / "data"

    @pytest.mark.parametrize("kind", ["config", "data", "cache"])
    def test_else_the_system_says(self, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("QWVIS_HOME")
        assert home(kind).name.lower() in ("qwvis", "cache")


class TestNetwork:
    def test_a_model_that_thinks_is_waited_for_longer(self) -> None:
        settings = Settings()
        assert settings.network("none").first < settings.network("on").first < settings.network("always").first

    def test_what_is_set_holds_for_all(self) -> None:
        settings = Settings(first_seconds=5.0, total_seconds=0.0, tries=1, ca_file="own.pem")
        network = settings.network("always")
        assert (network.first, network.total, network.tries, network.ca_file) == (5.0, 0.0, 1, "own.pem")


class TestPresets:
    def test_all_regions_are_there_by_both_interfaces(self) -> None:
        addresses = {profile.base_url for profile in PRESETS}
        for host in (
            "dashscope.aliyuncs.com",
            "dashscope-intl.aliyuncs.com",
            "dashscope-us.aliyuncs.com",
            "cn-hongkong.dashscope.aliyuncs.com",
        ):
            assert {f"https://{host}/compatible-mode/v1", f"https://{host}/api/v1"} <= addresses
        workspaces = [profile for profile in PRESETS if BLANK in profile.base_url]
        assert len(workspaces) == 6
        assert all(profile.is_dashscope and profile.needs_key for profile in workspaces)
        assert len({profile.name.lower() for profile in PRESETS}) == len(PRESETS)

    def test_a_workspace_must_be_named(self) -> None:
        with pytest.raises(ValueError, match="id of your workspace"):
            custom_profile(f"https://{workspace_host(BLANK, 'us-east-1')}/compatible-mode/v1")
        named = custom_profile(f"https://{workspace_host('ws-1', 'us-east-1')}/api/v1")
        assert (named.kind, named.needs_key, named.key_variable) == (DASHSCOPE, True, "DASHSCOPE_API_KEY")

    @pytest.mark.parametrize(
        ("address", "kind", "dialect"),
        [
            ("http://127.0.0.1:11434/v1", "openai", "ollama"),
            ("http://127.0.0.1:5000/v1", "openai", ""),
            ("http://127.0.0.1:5000/api/v1", "dashscope", ""),
            ("https://dashscope.aliyuncs.com/api/v1/services/aigc/multimodal-generation/generation", "dashscope", ""),
        ],
    )
    def test_an_address_says_what_speaks_there(self, address: str, kind: str, dialect: str) -> None:
        profile = custom_profile(address)
        assert (profile.kind, profile.dialect) == (kind, dialect)

    @pytest.mark.parametrize(
        ("name", "key", "said"),
        [
            ("DashScope (Beijing)", "sk-1234567890", ""),
            ("DashScope (Beijing)", "sk-sp-1234567890", "Coding Plan"),
            ("DashScope native (US)", "sk-sp-1234567890", "Coding Plan"),
            ("Coding Plan (China)", "sk-sp-1234567890", "coding tools"),
            ("Coding Plan (international)", "sk-1234567890", "sk-sp-"),
            ("vLLM", "sk-sp-1234567890", ""),
        ],
    )
    def test_keys_of_a_coding_plan_are_warned_about(self, name: str, key: str, said: str) -> None:
        warning = warning_of(named(name), key)
        assert (said in warning) if said else (warning == "")
