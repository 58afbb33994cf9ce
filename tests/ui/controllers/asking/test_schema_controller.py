from __future__ import annotations

import pytest
from program_window import running
from PySide6.QtWidgets import QComboBox, QInputDialog, QToolButton
from pytestqt.qtbot import QtBot
from widgets import child

from qwvis_desktop.app import Program
from qwvis_desktop.ui.panels.asking.schema_editor import SchemaEditor


def editor_of(program: Program) -> SchemaEditor:
    return program.panels.prompt.fields.schema


def choose(program: Program, title: str) -> None:
    combo = child(editor_of(program), QComboBox, "Preset of fields")
    combo.setCurrentIndex(combo.findText(title))
    combo.activated.emit(combo.currentIndex())


def titles(program: Program) -> list[str]:
    combo = child(editor_of(program), QComboBox, "Preset of fields")
    return [combo.itemText(at) for at in range(combo.count())]


def test_presets_are_chosen_kept_and_dropped(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    with running() as program:
        program.services.choose_model("qwen3-vl-plus")
        editor = editor_of(program)
        assert titles(program) == ["Own fields", "Receipt", "Invoice", "Ticket", "ID card"]
        choose(program, "Invoice")
        assert "Invoice number" in (editor.schema() or {})
        keep = child(editor, QToolButton, "Keep these fields as a preset")
        assert not keep.isEnabled()
        editor.set_text('{"Plate": ""}')
        assert keep.isEnabled()
        monkeypatch.setattr(QInputDialog, "getText", lambda *_: ("Parking", True))
        keep.click()
        assert titles(program)[-1] == "Parking"
        assert dict(program.services.settings.schema_presets) == {"Parking": '{"Plate": ""}'}
        program.front.schemas.keep("receipt")
        assert "receipt" not in program.services.settings.schema_presets
    with running() as program:
        assert titles(program)[-1] == "Parking"
        choose(program, "Parking")
        child(editor_of(program), QToolButton, "Delete this preset").click()
        assert titles(program)[-1] == "ID card"
        assert editor_of(program).text == '{"Plate": ""}'
