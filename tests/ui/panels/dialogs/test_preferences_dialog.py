"""The dialog of preferences, made from its table."""

from __future__ import annotations

from dataclasses import fields

import pytest
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFileDialog,
    QLineEdit,
    QToolButton,
)
from pytestqt.qtbot import QtBot
from widgets import child

from qwvis_desktop.core.settings import Settings
from qwvis_desktop.ui.panels.dialogs.preference_pages import (
    PAGES,
    ChoicePreference,
    NumberPreference,
    PreferencePage,
    SwitchPreference,
    TextPreference,
)
from qwvis_desktop.ui.panels.dialogs.preferences_dialog import PreferencesDialog
from qwvis_desktop.ui.panels.labels import WrappingLabel

TABLE = (
    PreferencePage(
        title="One",
        about="About one.",
        preferences=(
            NumberPreference(name="number", title="&Number", least=0, most=9, at_least="none", unit=" s"),
            ChoicePreference(name="choice", title="C&hoice", choices=(("a", "First"), ("b", "Second"))),
            SwitchPreference(name="switch", title="&Switch"),
        ),
    ),
    PreferencePage(
        title="Two",
        about="About two.",
        preferences=(TextPreference(name="file", title="&File", file_kinds="All (*)"),),
    ),
)
DEFAULTS: dict[str, object] = {"number": 3, "choice": "a", "switch": False, "file": ""}
SET: dict[str, object] = {"number": 5, "choice": "b", "switch": True, "file": "x.pem"}


def wrong_with(name: str, value: object) -> str:
    return "That is no file." if (name, value) == ("file", "bad") else ""


@pytest.fixture
def dialog(qtbot: QtBot) -> PreferencesDialog:
    dialog = PreferencesDialog(TABLE, SET, DEFAULTS, wrong_with)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def test_it_shows_what_is_set(dialog: PreferencesDialog) -> None:
    assert child(dialog, QDoubleSpinBox).text() == "5 s"
    assert child(dialog, QComboBox).currentText() == "Second"
    assert child(dialog, QCheckBox).isChecked()
    assert child(dialog, QLineEdit, "File").text() == "x.pem"
    assert dialog.changes == {}


def test_what_is_changed_is_told(dialog: PreferencesDialog) -> None:
    child(dialog, QDoubleSpinBox).setValue(0)
    assert child(dialog, QDoubleSpinBox).text() == "none"
    child(dialog, QComboBox).setCurrentIndex(0)
    child(dialog, QCheckBox).setChecked(False)
    child(dialog, QLineEdit, "File").setText(" y.pem ")
    assert dialog.changes == {"number": 0.0, "choice": "a", "switch": False, "file": "y.pem"}


def test_defaults_are_those_of_the_page(dialog: PreferencesDialog) -> None:
    child(dialog, QDialogButtonBox).button(QDialogButtonBox.StandardButton.RestoreDefaults).click()
    assert dialog.changes == {"number": 3.0, "choice": "a", "switch": False}


def test_what_is_wrong_keeps_it_open(dialog: PreferencesDialog) -> None:
    line = child(dialog, QLineEdit, "File")
    line.setText("bad")
    dialog.accept()
    assert dialog.isVisible()
    assert any(label.text() == "That is no file." for label in dialog.findChildren(WrappingLabel))
    line.setText("good")
    dialog.accept()
    assert not dialog.isVisible()


def test_a_file_is_chosen(dialog: PreferencesDialog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("chosen.pem", ""))
    child(dialog, QToolButton, "Choose a file").click()
    assert dialog.changes == {"file": "chosen.pem"}


class TestTable:
    def test_each_is_a_setting(self) -> None:
        known = {field.name for field in fields(Settings)}
        names = [preference.name for page in PAGES for preference in page.preferences]
        assert set(names) <= known
        assert len(names) == len(set(names))

    def test_each_default_can_be_shown(self, qtbot: QtBot) -> None:
        values = {
            preference.name: getattr(Settings(), preference.name) for page in PAGES for preference in page.preferences
        }
        dialog = PreferencesDialog(PAGES, values, values, lambda name, value: "")
        qtbot.addWidget(dialog)
        assert dialog.changes == {}
