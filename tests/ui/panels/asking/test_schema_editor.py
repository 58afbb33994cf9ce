from __future__ import annotations

import pytest
from PySide6.QtWidgets import QPushButton, QTextEdit
from pytestqt.qtbot import QtBot
from widgets import child

from qwvis_desktop.core.tasks import TASKS
from qwvis_desktop.ui.panels.asking.prompt import PromptPanel, ProviderChoice
from qwvis_desktop.ui.panels.asking.schema_editor import SchemaEditor

KEY_INFORMATION = "ocr:key_information_extraction"


@pytest.fixture
def editor(qtbot: QtBot) -> SchemaEditor:
    editor = SchemaEditor()
    qtbot.addWidget(editor)
    return editor


def test_fields_are_read(editor: SchemaEditor) -> None:
    assert editor.schema() is None
    editor.set_text(' {"Total": "with currency"} ')
    assert editor.schema() == {"Total": "with currency"}
    assert editor.problem == ""


def test_what_is_wrong_is_said_while_it_is_written(editor: SchemaEditor, qtbot: QtBot) -> None:
    with qtbot.waitSignal(editor.edited):
        editor.set_text('{"Total"')
    assert "no JSON" in editor.problem
    with pytest.raises(ValueError, match="no JSON"):
        editor.schema()
    child(editor, QTextEdit).setPlainText('{"a": {"b": {"c": {"d": ""}}}}')
    assert "3 levels" in editor.problem


@pytest.fixture
def panel(qtbot: QtBot) -> PromptPanel:
    panel = PromptPanel()
    qtbot.addWidget(panel)
    panel.set_providers([ProviderChoice("Local")])
    panel.show()
    return panel


def test_the_prompt_panel_shows_it_for_tasks_that_fill_fields(panel: PromptPanel) -> None:
    editor = child(panel, SchemaEditor)
    for task in ("detect", KEY_INFORMATION, "extract-fields", "ask"):
        panel.set_tasks(TASKS.values(), task)
        assert editor.isVisible() is (task in (KEY_INFORMATION, "extract-fields"))


def test_fields_go_into_the_prompt_and_are_told_apart_from_it(panel: PromptPanel) -> None:
    panel.set_tasks(TASKS.values(), KEY_INFORMATION)
    assert (panel.fields.result_schema(), panel.state().prompt) == (None, TASKS[KEY_INFORMATION].prompt)
    child(panel, SchemaEditor).set_text('{"Total": ""}')
    assert panel.fields.result_schema() == {"Total": ""}
    assert panel.state().prompt == TASKS[KEY_INFORMATION].prompt_for('{"Total": ""}')
    panel.set_tasks(TASKS.values(), "detect")
    assert panel.fields.result_schema() is None


def test_nothing_is_asked_while_they_are_wrong(panel: PromptPanel) -> None:
    panel.set_tasks(TASKS.values(), KEY_INFORMATION)
    run = child(panel, QPushButton, "Run")
    assert run.isEnabled()
    child(panel, SchemaEditor).set_text("{")
    assert not run.isEnabled()
    assert panel.fields.schema_problem
    panel.set_tasks(TASKS.values(), "detect")
    assert run.isEnabled()
