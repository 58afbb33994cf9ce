"""Keys come from where they should, and go nowhere else."""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path
from types import SimpleNamespace

import keyring
import pytest
from hypothesis import given
from hypothesis import strategies as st
from keyring.errors import KeyringLocked, PasswordDeleteError
from malformed_keys import malformed

from qwvis_desktop.core.settings import PRESETS, Profile, custom_profile
from qwvis_desktop.core.store.credentials import Credentials, FoundKey, KeySource, clean_key, system_keyring

KEY = "sk-canary0123456789abcdef"
INTERNATIONAL, BEIJING = PRESETS[1], PRESETS[2]
OWN = custom_profile("https://model.example/v1", needs_key=True)


class Drawer:
    """A keyring that keeps things in a dictionary; refuses everything while locked."""

    def __init__(self, *, locked: bool = False) -> None:
        self.kept: dict[tuple[str, str], str] = {}
        self.locked = locked

    def _check(self) -> None:
        if self.locked:
            raise KeyringLocked("the user said no")

    def get_password(self, service: str, username: str) -> str | None:
        self._check()
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._check()
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._check()
        if self.kept.pop((service, username), None) is None:
            raise PasswordDeleteError(username)


class TestWhere:
    def test_nowhere(self) -> None:
        assert Credentials({}, Drawer()).get(INTERNATIONAL) == FoundKey(None, KeySource.NOWHERE)

    def test_the_keyring_first(self) -> None:
        drawer = Drawer()
        assert Credentials({}, drawer).set(INTERNATIONAL, KEY).source is KeySource.KEYRING
        again = Credentials({"DASHSCOPE_API_KEY": "sk-of-the-environment"}, drawer)
        assert again.get(INTERNATIONAL) == FoundKey(KEY, KeySource.KEYRING)

    @pytest.mark.parametrize("drawer", [Drawer(), Drawer(locked=True)])
    def test_else_the_environment(self, drawer: Drawer) -> None:
        found = Credentials({"DASHSCOPE_API_KEY": f" {KEY}\n"}, drawer).get(BEIJING)
        assert found == FoundKey(KEY, KeySource.ENVIRONMENT)

    def test_else_memory_until_the_program_closes(self) -> None:
        credentials = Credentials({}, Drawer(locked=True))
        assert credentials.set(INTERNATIONAL, KEY).source is KeySource.MEMORY
        assert credentials.get(INTERNATIONAL) == FoundKey(KEY, KeySource.MEMORY)
        assert Credentials({}, Drawer()).get(INTERNATIONAL).key is None

    def test_what_was_entered_goes_before_the_environment(self) -> None:
        credentials = Credentials({"DASHSCOPE_API_KEY": "sk-of-the-environment"}, Drawer(locked=True))
        credentials.set(INTERNATIONAL, KEY)
        assert credentials.get(INTERNATIONAL).key == KEY

    def test_the_variable_of_dashscope_is_for_dashscope_only(self) -> None:
        credentials = Credentials({"DASHSCOPE_API_KEY": KEY}, Drawer())
        assert credentials.get(OWN).key is None
        assert credentials.get(Profile("vLLM", base_url="http://127.0.0.1:8000/v1")).key is None

    def test_other_services_have_a_variable_of_their_own(self) -> None:
        assert Credentials({"QWVIS_API_KEY": KEY}, Drawer()).get(OWN).key == KEY

    def test_a_changed_address_does_not_get_the_key(self) -> None:
        drawer = Drawer()
        Credentials({}, drawer).set(OWN, KEY)
        moved = Profile(OWN.name, base_url="https://elsewhere.example/v1")
        assert Credentials({}, drawer).get(moved).key is None

    def test_a_renamed_service_keeps_it(self) -> None:
        drawer = Drawer()
        Credentials({}, drawer).set(OWN, KEY)
        assert Credentials({}, drawer).get(Profile("Renamed", base_url=OWN.base_url)).key == KEY

    def test_a_service_that_needs_no_key_does_not_open_the_keyring(self) -> None:
        drawer = Drawer()
        local = custom_profile("http://127.0.0.1:8000/v1")
        credentials = Credentials({}, drawer)
        drawer.kept["qwvis", local.host] = "sk-of-another-day"
        assert credentials.get(local).key is None
        assert credentials.set(local, KEY).source is KeySource.MEMORY
        assert credentials.get(local).key == KEY

    def test_the_offline_engine_has_none(self) -> None:
        drawer = Drawer()
        drawer.kept["qwvis", ""] = KEY
        assert Credentials({}, drawer).get(PRESETS[0]).key is None

    @pytest.mark.parametrize("locked", [False, True])
    def test_forgotten(self, locked: bool) -> None:
        drawer = Drawer(locked=locked)
        credentials = Credentials({}, drawer)
        credentials.set(INTERNATIONAL, KEY)
        credentials.forget(INTERNATIONAL)
        credentials.forget(INTERNATIONAL)
        assert credentials.get(INTERNATIONAL).key is None
        assert not drawer.kept

    def test_forgetting_what_cannot_be_deleted_is_told(self) -> None:
        drawer = Drawer()
        credentials = Credentials({}, drawer)
        credentials.set(INTERNATIONAL, KEY)

        def refuse(service: str, username: str) -> None:
            raise KeyringLocked("the user said no")

        drawer.delete_password = refuse  # type: ignore[method-assign]  # a drawer that opens but lets nothing out
        with pytest.raises(KeyringLocked):
            credentials.forget(INTERNATIONAL)

    @pytest.mark.parametrize("error", [KeyringLocked("no"), ConnectionResetError("the bus is gone")])
    def test_a_keyring_that_cannot_be_read_is_said(self, error: Exception) -> None:
        drawer = Drawer()

        def refuse(service: str, username: str) -> str | None:
            raise error

        drawer.get_password = refuse  # type: ignore[method-assign]  # a drawer that is stuck
        found = Credentials({}, drawer).get(INTERNATIONAL)
        assert found.key is None
        assert "could not be read" in found.problem

    def test_errors_below_the_keyring_are_known(self, monkeypatch: pytest.MonkeyPatch) -> None:
        class SecretStorageException(Exception):
            pass

        library = SimpleNamespace(SecretStorageException=SecretStorageException)
        monkeypatch.setitem(sys.modules, "secretstorage.exceptions", library)
        drawer = Drawer()

        def dismiss(service: str, username: str, password: str) -> None:
            raise SecretStorageException("dismissed")

        drawer.set_password = dismiss  # type: ignore[method-assign]  # a drawer that is shut before our eyes
        assert Credentials({}, drawer).set(INTERNATIONAL, KEY).source is KeySource.MEMORY

    def test_the_keyring_is_not_asked_for_what_was_just_entered(self) -> None:
        drawer = Drawer(locked=True)
        credentials = Credentials({}, drawer)
        credentials.set(INTERNATIONAL, KEY)
        assert credentials.get(INTERNATIONAL).problem == ""


class TestNeverShown:
    def test_by_anything_that_holds_it(self) -> None:
        credentials = Credentials({"DASHSCOPE_API_KEY": KEY}, Drawer(locked=True))
        kept = credentials.set(OWN, KEY)
        found = credentials.get(INTERNATIONAL)
        assert KEY not in f"{credentials!r} {kept!r} {found!r} {found}"

    def test_all_that_were_seen_are_known(self) -> None:
        credentials = Credentials({"DASHSCOPE_API_KEY": KEY}, Drawer())
        credentials.get(INTERNATIONAL)
        credentials.set(OWN, "sk-another-0123456")
        assert set(credentials.secrets()) == {KEY, "sk-another-0123456"}

    def test_nothing_is_written_to_a_file(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("HOME", str(tmp_path))
        monkeypatch.setenv("QWVIS_HOME", str(tmp_path / "home"))
        credentials = Credentials()
        credentials.set(INTERNATIONAL, KEY)
        assert not any(KEY in path.read_text() for path in tmp_path.rglob("*") if path.is_file())


class TestCleaning:
    @pytest.mark.parametrize(
        "pasted",
        [
            KEY,
            f"  {KEY}\r\n",
            f'"{KEY}"',
            f"'{KEY}';",
            f"`{KEY}`",
            f"Bearer {KEY}",
            f"bearer   {KEY}",
            f"Authorization: Bearer {KEY}",
            f"DASHSCOPE_API_KEY={KEY}",
            f'export DASHSCOPE_API_KEY="{KEY}"',
        ],
    )
    def test_what_comes_along_is_taken_off(self, pasted: str) -> None:
        assert clean_key(pasted) == (KEY, "")

    @pytest.mark.parametrize(
        ("pasted", "part"),
        [
            *((pasted, part) for pasted, part in malformed(KEY).values()),
            (' "" ', "no key in this"),
            ("sk-абв", "letters that no key has"),
            ("sk-12...34", "hidden by stars"),
            ("x" * 600, "longer than any key"),
        ],
    )
    def test_what_is_no_key_is_said(self, pasted: str, part: str) -> None:
        with pytest.raises(ValueError, match=part) as caught:
            clean_key(pasted)
        assert "sk-" not in str(caught.value)
        assert str(caught.value).endswith(".")

    def test_a_coding_plan_key_is_warned_of(self) -> None:
        key, warning = clean_key("sk-sp-0123456789")
        assert key == "sk-sp-0123456789"
        assert "Coding Plan" in warning
        assert Credentials({}, Drawer()).set(INTERNATIONAL, key).warning == warning

    @given(st.text())
    def test_a_clean_key_can_be_sent(self, pasted: str) -> None:
        try:
            key, _ = clean_key(pasted)
        except ValueError:
            return
        assert key
        assert key.isascii()
        assert key.isprintable()
        assert " " not in key


class TestSystemKeyring:
    @pytest.mark.parametrize("module", ["keyring.backends.fail", "keyring.backends.null"])
    def test_one_that_keeps_nothing_does_not_count(self, module: str, monkeypatch: pytest.MonkeyPatch) -> None:
        backend = importlib.import_module(module).Keyring()
        monkeypatch.setattr(keyring, "get_keyring", lambda: backend)
        assert system_keyring() is None

    def test_a_plain_file_does_not_count(self, monkeypatch: pytest.MonkeyPatch) -> None:
        plain = type("PlaintextKeyring", (Drawer,), {"__module__": "keyrings.alt.file", "priority": 0.5})
        monkeypatch.setattr(keyring, "get_keyring", lambda: plain())
        assert system_keyring() is None

    def test_a_real_one_does(self, monkeypatch: pytest.MonkeyPatch) -> None:
        real = type("Keyring", (Drawer,), {"__module__": "keyring.backends.SecretService", "priority": 5})()
        monkeypatch.setattr(keyring, "get_keyring", lambda: real)
        credentials = Credentials({})
        assert credentials.set(INTERNATIONAL, KEY).source is KeySource.KEYRING
        assert list(real.kept) == [("qwvis", "dashscope-intl.aliyuncs.com")]

    def test_without_the_package_there_is_none(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "keyring", None)
        assert system_keyring() is None
        credentials = Credentials({"DASHSCOPE_API_KEY": KEY})
        assert credentials.get(INTERNATIONAL).source is KeySource.ENVIRONMENT
        assert credentials.set(INTERNATIONAL, KEY).source is KeySource.MEMORY
        credentials.forget(INTERNATIONAL)

    def test_the_environment_is_the_real_one_unless_given(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("DASHSCOPE_API_KEY", KEY)
        assert os.environ["DASHSCOPE_API_KEY"] == KEY
        assert Credentials().get(INTERNATIONAL).key == KEY
