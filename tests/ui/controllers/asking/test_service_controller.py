"""Which service, model and task are chosen: kept, recognised, with their keys."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from program_window import running
from PySide6.QtWidgets import QComboBox, QLabel
from pytestqt.qtbot import QtBot
from widgets import child

from qwvis_desktop.app import Program
from qwvis_desktop.core.media.write import WriteError
from qwvis_desktop.core.profiles import BLANK
from qwvis_desktop.core.settings import PRESETS, Profile
from qwvis_desktop.core.store.credentials import Credentials
from qwvis_desktop.ui.controllers.asking import service_controller

DASHSCOPE = next(profile for profile in PRESETS if profile.is_dashscope)


def family(program: Program) -> str:
    return child(program.panels.prompt, QLabel, "What the model was recognised as").text()


def lacks_key(program: Program) -> bool:
    labels = program.panels.prompt.findChildren(QLabel)
    return any(label.isVisible() and label.text() == "This service needs a key." for label in labels)


def test_presets_are_offered_the_engine_on_this_machine_first(program: Program) -> None:
    services = child(program.panels.prompt, QComboBox, "Service")
    names = [services.itemText(row) for row in range(services.count())]
    assert names == [profile.name for profile in PRESETS if BLANK not in profile.base_url]


def test_what_is_chosen_in_the_panel_is_kept(qtbot: QtBot, home: Path) -> None:
    with running() as program:
        child(program.panels.prompt, QComboBox, "Service").setCurrentText(DASHSCOPE.name)
        model = child(program.panels.prompt, QComboBox, "Model")
        model.setEditText("qwen2.5-vl-72b-instruct")
        assert program.panels.prompt.state().model == "qwen2.5-vl-72b-instruct"
        assert "Qwen2.5-VL" in family(program)
        program.services.choose_task("point")
    kept = json.loads((home / "settings.json").read_text(encoding="utf-8"))
    assert (kept["profile"], kept["model"], kept["task"]) == (DASHSCOPE.name, "qwen2.5-vl-72b-instruct", "point")
    with running() as program:
        state = program.panels.prompt.state()
        assert (state.provider, state.model, state.task) == (DASHSCOPE.name, "qwen2.5-vl-72b-instruct", "point")


def test_an_unknown_model_is_said_and_read_as_something(program: Program) -> None:
    child(program.panels.prompt, QComboBox, "Service").setCurrentText("vLLM")
    program.services.choose_model("somebodys-own-model")
    assert family(program).startswith("Not recognised, read as ")
    assert program.panels.prompt.state().task


def test_the_engine_on_this_machine_has_one_model_and_its_own_tasks(program: Program) -> None:
    program.services.choose_model("qwen3-vl-plus")
    program.services.choose_offline("spot-text")
    assert program.services.is_offline
    model = child(program.panels.prompt, QComboBox, "Model")
    assert (model.isEnabled(), model.currentText()) == (False, "rapidocr")
    assert program.services.task.id == "spot-text"
    child(program.panels.prompt, QComboBox, "Service").setCurrentText("vLLM")
    assert model.isEnabled()
    assert model.currentText() == "qwen3-vl-plus"


def test_a_damaged_file_of_settings_is_said_and_kept_aside(qtbot: QtBot, home: Path) -> None:
    home.mkdir(parents=True)
    (home / "settings.json").write_text("{ not JSON", encoding="utf-8")
    with running() as program:
        assert "damaged" in program.canvas.notice
        assert "nothing of it is lost" in program.canvas.notice
    aside = next(home.glob("settings.unread-*.json"))
    assert aside.read_text(encoding="utf-8") == "{ not JSON"


def test_settings_that_cannot_be_kept_are_said_and_hold(
    program: Program, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError("The disk is full.")

    monkeypatch.setattr(service_controller, "save_settings", full)
    with qtbot.waitSignal(program.services.problem):
        program.services.choose_task("point")
    assert "The settings could not be kept (The disk is full.)" in program.canvas.notice
    assert program.services.settings.task == "point"
    with qtbot.assertNotEmitted(program.services.problem):
        program.services.choose_task("point")


def test_settings_on_a_full_disk_are_said(program: Program, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    from qwvis_desktop.core import settings

    def full(*_: object) -> None:
        raise WriteError('"settings.json" could not be saved. The disk is full.')

    monkeypatch.setattr(settings, "write_beside", full)
    with qtbot.waitSignal(program.services.problem):
        program.services.choose_task("point")
    assert "The disk is full" in program.canvas.notice


class TestKeys:
    def test_one_of_the_environment_is_found(self, qtbot: QtBot) -> None:
        with running(Credentials(environment={"DASHSCOPE_API_KEY": "sk-abc"})) as program:
            qtbot.waitUntil(lambda: program.services.has_key(DASHSCOPE))
            child(program.panels.prompt, QComboBox, "Service").setCurrentText(DASHSCOPE.name)
            assert not lacks_key(program)

    def test_without_one_the_panel_says_so(self, program: Program, qtbot: QtBot) -> None:
        child(program.panels.prompt, QComboBox, "Service").setCurrentText(DASHSCOPE.name)
        qtbot.waitUntil(lambda: lacks_key(program))

    def test_one_entered_is_used_and_can_be_forgotten(self, program: Program, qtbot: QtBot, home: Path) -> None:
        with qtbot.waitSignal(program.services.key_kept):
            program.services.keep_profile(DASHSCOPE, "sk-secret-123")
        assert not lacks_key(program)
        program.services.forget_key(DASHSCOPE)
        assert not program.services.has_key(DASHSCOPE)
        program.window.close()
        assert "sk-secret" not in (home / "settings.json").read_text(encoding="utf-8")

    def test_what_is_no_key_changes_nothing(self, program: Program) -> None:
        with pytest.raises(ValueError, match="hidden by stars"):
            program.services.keep_profile(Profile("Own", base_url="http://127.0.0.1:9/v1"), "sk-****")
        assert program.services.profile.name != "Own"

    def test_a_locked_keyring_is_said(self, qtbot: QtBot) -> None:
        pytest.importorskip("keyring", reason="the keyring library is not installed")
        from keyring.errors import KeyringLocked

        class Locked:
            def get_password(self, service: str, username: str) -> str | None:
                raise KeyringLocked("no")

            def set_password(self, service: str, username: str, password: str) -> None:
                raise KeyringLocked("no")

            def delete_password(self, service: str, username: str) -> None:
                raise KeyringLocked("no")

        with running(Credentials(environment={}, keyring=Locked())) as program:
            qtbot.waitUntil(lambda: "could not be read (KeyringLocked)" in program.canvas.notice)
