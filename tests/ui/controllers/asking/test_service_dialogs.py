"""The dialog for services and keys, driven as a user drives it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from loopback.service import LoopbackService
from PySide6.QtWidgets import QComboBox, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot
from widgets import child

from qwvis_desktop.app import Program
from qwvis_desktop.core.providers import local_servers
from qwvis_desktop.core.providers.local_servers import find_local_servers
from qwvis_desktop.core.settings import PRESETS
from qwvis_desktop.ui.panels.dialogs.provider_dialog import ProviderDialog, ServiceEntry

DASHSCOPE = next(profile for profile in PRESETS if profile.is_dashscope)
Answer = Callable[[ProviderDialog], bool]


@pytest.fixture
def answered(monkeypatch: pytest.MonkeyPatch) -> Callable[[Answer], None]:
    """Let a function fill in the dialog and say whether it is accepted."""

    def answer(fill: Answer) -> None:
        monkeypatch.setattr(ProviderDialog, "exec", lambda dialog: int(fill(dialog)))

    return answer


def test_a_new_service_is_chosen_and_its_key_kept_in_memory(
    program: Program, qtbot: QtBot, answered: Callable[[Answer], None]
) -> None:
    def fill(dialog: ProviderDialog) -> bool:
        services = child(dialog, QComboBox, "Service")
        services.setCurrentIndex(services.count() - 1)
        child(dialog, QLineEdit, "Name").setText("Own")
        child(dialog, QLineEdit, "Address").setText("127.0.0.1:9000")
        child(dialog, QLineEdit, "Address").setText("http://127.0.0.1:9000/v1")
        child(dialog, QLineEdit, "Key").setText("sk-own-key")
        return True

    answered(fill)
    program.actions["run.provider"].trigger()
    assert program.services.profile.name == "Own"
    assert program.services.profile.base_url == "http://127.0.0.1:9000/v1"
    assert program.services.has_key(program.services.profile)
    assert program.canvas.notice == "The key is kept until QwVis closes: this system has no keyring."
    assert program.panels.prompt.state().provider == "Own"


def test_the_cursor_begins_in_the_key_where_one_is_asked_for(
    program: Program, answered: Callable[[Answer], None]
) -> None:
    seen: list[str] = []

    def fill(dialog: ProviderDialog) -> bool:
        seen.append(dialog.entry.name)
        child(dialog, QLineEdit, "Key").setText("sk-sp-coding-plan")
        return True

    answered(fill)
    child(program.panels.prompt, QComboBox, "Service").setCurrentText(DASHSCOPE.name)
    buttons = program.panels.prompt.findChildren(QPushButton)
    next(button for button in buttons if "key" in button.text().lower()).click()
    assert seen == [DASHSCOPE.name]
    assert "Coding Plan" in program.canvas.notice


def test_leaving_the_dialog_changes_nothing(program: Program, answered: Callable[[Answer], None]) -> None:
    before = program.services.settings
    answered(lambda dialog: False)
    program.actions["run.provider"].trigger()
    assert program.services.settings == before


@pytest.mark.parametrize(
    ("entry", "part"),
    [
        (ServiceEntry(name="Own", base_url="not an address at all"), "address"),
        (ServiceEntry(name="Own", base_url="http://127.0.0.1:9/v1", key="two words"), "spaces"),
    ],
)
def test_what_cannot_be_taken_is_said(program: Program, entry: ServiceEntry, part: str) -> None:
    before = program.services.profile
    program.service_dialogs.take(entry)
    assert part in program.canvas.notice
    assert program.services.profile == before


def test_a_key_can_be_forgotten(program: Program) -> None:
    program.services.keep_profile(DASHSCOPE, "sk-abc")
    program.service_dialogs.take(
        ServiceEntry(name=DASHSCOPE.name, base_url=DASHSCOPE.base_url, needs_key=True, forget_key=True)
    )
    assert not program.services.has_key(DASHSCOPE)


def test_the_engine_on_this_machine_is_chosen(program: Program) -> None:
    program.services.keep_profile(DASHSCOPE)
    program.service_dialogs.take(ServiceEntry(name="Offline OCR", local=True, needs_key=False))
    assert program.services.is_offline


def test_a_server_that_runs_here_is_taken_with_its_model(
    program: Program,
    qtbot: QtBot,
    loopback: LoopbackService,
    answered: Callable[[Answer], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    loopback.models = ("llama3", "qwen3-vl:8b")
    monkeypatch.setattr(local_servers, "find_local_servers", partial(find_local_servers, ports=[loopback.port]))

    def fill(dialog: ProviderDialog) -> bool:
        running = child(dialog, QComboBox, "Found on this computer")
        qtbot.waitUntil(lambda: running.count() == 2)
        running.activated.emit(1)
        return True

    answered(fill)
    program.actions["run.provider"].trigger()
    assert program.services.profile.base_url == loopback.base_url
    assert not program.services.profile.needs_key
    assert program.services.settings.model == "qwen3-vl:8b"


def test_a_changed_server_keeps_its_dialect(program: Program, answered: Callable[[Answer], None]) -> None:
    def fill(dialog: ProviderDialog) -> bool:
        child(dialog, QComboBox, "Service").setCurrentText("Ollama")
        child(dialog, QLineEdit, "Address").setText("http://127.0.0.1:5000/v1")
        return True

    answered(fill)
    program.actions["run.provider"].trigger()
    assert (program.services.profile.name, program.services.profile.dialect) == ("Ollama", "ollama")
