from __future__ import annotations

import pytest
from PySide6.QtWidgets import QCheckBox, QComboBox, QDialogButtonBox, QLabel, QLineEdit
from pytestqt.qtbot import QtBot
from widgets import child

from qwvis_desktop.ui.panels.dialogs.provider_dialog import ProviderDialog, ServiceEntry

SERVICES = (
    ServiceEntry(name="Offline OCR", needs_key=False, local=True),
    ServiceEntry(name="DashScope", base_url="https://example.org/v1", has_key=True),
    ServiceEntry(name="vLLM", base_url="http://127.0.0.1:8000/v1", needs_key=False),
)


@pytest.fixture
def dialog(qtbot: QtBot) -> ProviderDialog:
    dialog = ProviderDialog(SERVICES, "DashScope", "The key is kept in the keyring of this computer.", key_first=True)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def check(dialog: ProviderDialog, words: str) -> QCheckBox:
    return next(box for box in dialog.findChildren(QCheckBox) if words in box.text())


def choose(dialog: ProviderDialog, name: str) -> None:
    combo = child(dialog, QComboBox, "Service")
    combo.setCurrentIndex(combo.findText(name))


def can_save(dialog: ProviderDialog) -> bool:
    return child(dialog, QDialogButtonBox).button(QDialogButtonBox.StandardButton.Save).isEnabled()


def words(dialog: ProviderDialog) -> str:
    return " ".join(label.text() for label in dialog.findChildren(QLabel) if label.isVisible())


def test_a_key_is_entered_unseen_and_its_place_is_said(dialog: ProviderDialog) -> None:
    key = child(dialog, QLineEdit, "Key")
    key.setText(" sk-secret ")
    assert key.echoMode() == QLineEdit.EchoMode.Password
    assert dialog.entry.key == "sk-secret"
    assert "sk-secret" not in repr(dialog.entry)
    assert "kept in the keyring" in words(dialog)


def test_a_kept_key_can_stay_or_be_forgotten(dialog: ProviderDialog) -> None:
    assert dialog.entry == ServiceEntry(name="DashScope", base_url="https://example.org/v1", has_key=True)
    check(dialog, "Forget").click()
    assert dialog.entry.forget_key
    assert not child(dialog, QLineEdit, "Key").isEnabled()


def test_a_local_engine_has_nothing_to_set(dialog: ProviderDialog) -> None:
    choose(dialog, "Offline OCR")
    assert not child(dialog, QLineEdit, "Address").isVisible()
    assert not child(dialog, QLineEdit, "Key").isVisible()
    assert can_save(dialog)
    assert dialog.entry.local


def test_a_server_without_key_has_no_field_for_it(dialog: ProviderDialog) -> None:
    choose(dialog, "vLLM")
    assert child(dialog, QLineEdit, "Address").isVisible()
    assert not child(dialog, QLineEdit, "Key").isVisible()
    check(dialog, "takes a").click()
    assert child(dialog, QLineEdit, "Key").isVisible()
    assert dialog.entry.needs_key


def test_another_service_is_added_once_it_is_whole(dialog: ProviderDialog) -> None:
    choose(dialog, "Add another...")
    assert "Give the service a name." in words(dialog)
    assert not can_save(dialog)
    child(dialog, QLineEdit, "Name").setText("vLLM")
    assert "of this name already" in words(dialog)
    child(dialog, QLineEdit, "Name").setText("My server")
    for wrong in ("", "127.0.0.1:8000", "ftp://a/v1"):
        child(dialog, QLineEdit, "Address").setText(wrong)
        assert not can_save(dialog)
        assert "http://" in words(dialog)
    child(dialog, QLineEdit, "Address").setText("http://192.168.1.5:8000/v1")
    assert can_save(dialog)
    assert dialog.entry == ServiceEntry(name="My server", base_url="http://192.168.1.5:8000/v1", needs_key=False)


def test_a_key_is_not_carried_to_another_service(dialog: ProviderDialog) -> None:
    child(dialog, QLineEdit, "Key").setText("sk-secret")
    choose(dialog, "vLLM")
    choose(dialog, "DashScope")
    assert dialog.entry.key == ""


FOUND = (
    ServiceEntry(name="vLLM", base_url="http://127.0.0.1:8000/v1", needs_key=False, dialect="vllm", models=("m",)),
    ServiceEntry(
        name="Ollama",
        base_url="http://127.0.0.1:11434/v1",
        needs_key=False,
        dialect="ollama",
        models=("qwen3-vl:8b", "llama3", "gemma"),
    ),
)


def test_servers_that_run_here_are_offered(dialog: ProviderDialog) -> None:
    running = child(dialog, QComboBox, "Found on this computer")
    assert not running.isVisible()
    dialog.show_searching()
    assert (running.isVisible(), running.isEnabled()) == (True, False)
    dialog.show_found(FOUND)
    assert running.itemText(2) == "Ollama with qwen3-vl:8b, llama3, ..."
    running.activated.emit(1)
    assert (dialog.entry.name, dialog.entry.models, dialog.entry.dialect) == ("vLLM", ("m",), "vllm")
    running.activated.emit(2)
    assert dialog.entry == FOUND[1]
    assert can_save(dialog)
    dialog.show_found(())
    assert not running.isVisible()


def test_a_workspace_must_be_named(dialog: ProviderDialog) -> None:
    child(dialog, QLineEdit, "Address").setText("https://{WorkspaceId}.us-east-1.maas.aliyuncs.com/api/v1")
    assert not can_save(dialog)
    assert "id of your workspace" in words(dialog)


def test_what_speaks_against_a_service_is_said_and_it_may_be_saved(qtbot: QtBot) -> None:
    dialog = ProviderDialog(SERVICES, "DashScope", "", warn=lambda url, key: f"Not {key}!" if key else "")
    qtbot.addWidget(dialog)
    dialog.show()
    child(dialog, QLineEdit, "Key").setText("sk-sp-1")
    assert "Not sk-sp-1!" in words(dialog)
    assert can_save(dialog)


def test_tab_goes_down_the_form(qtbot: QtBot) -> None:
    dialog = ProviderDialog(SERVICES, "DashScope", "The key is kept here.")
    qtbot.addWidget(dialog)
    dialog.show_found([ServiceEntry(name="Mine", base_url="http://127.0.0.1:8080/v1", models=("a", "b"))])
    dialog.show()
    assert dialog.focusWidget() is child(dialog, QComboBox, "Service")
    names = []
    for _ in range(4):
        dialog.focusNextChild()
        focused = dialog.focusWidget()
        names.append(focused.accessibleName() or getattr(focused, "text", str)())
    assert names == ["Address", "It takes a &key", "Key", "&Forget the key that is kept"]
    child(dialog, QComboBox, "Service").setFocus()
    dialog.focusPreviousChild()
    assert dialog.focusWidget() is child(dialog, QComboBox, "Found on this computer")
