from __future__ import annotations

import pytest
from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit
from pytestqt.qtbot import QtBot
from widgets import child, write

from qwvis_desktop.core.annotation import JsonValue
from qwvis_desktop.core.request.option_kinds import OptionKind
from qwvis_desktop.core.request.request_options import OPTIONS
from qwvis_desktop.ui.panels.asking.option_fields import OptionField, field_for, value_words

SCHEMA: JsonValue = {
    "type": "json_schema",
    "json_schema": {"name": "reply", "strict": True, "schema": {"type": "object"}},
}


def made(qtbot: QtBot, name: str, default: JsonValue = None) -> OptionField:
    field = field_for(OPTIONS[name], OPTIONS[name].title, default)
    qtbot.addWidget(field)
    return field


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("enable_thinking", True),
        ("enable_thinking", False),
        ("thinking_budget", 100),
        ("temperature", 0.25),
        ("temperature", 0),
        ("seed", 7),
        ("stop", ["one", "two"]),
        ("system", "You are\na camera."),
        ("response_format", {"type": "json_object"}),
        ("response_format", SCHEMA),
    ],
)
def test_a_value_goes_in_and_out_and_tells_nobody(qtbot: QtBot, name: str, value: JsonValue) -> None:
    field = made(qtbot, name)
    told: list[int] = []
    field.edited.connect(lambda: told.append(1))
    assert field.value() is None
    field.set_value(value)
    assert field.value() == value
    assert type(field.value()) is type(value)
    field.set_value(None)
    assert field.value() is None
    assert told == []


def test_every_kind_has_a_field() -> None:
    assert {option.kind for option in OPTIONS.values()} == set(OptionKind)


def test_what_is_typed_is_told_as_it_stands(qtbot: QtBot) -> None:
    field = made(qtbot, "seed", 1234)
    line = child(field, QLineEdit)
    assert line.placeholderText() == "1234"
    with qtbot.waitSignal(field.edited):
        write(line, "7x")
    assert field.value() == "7x"


def test_a_switch_names_its_default(qtbot: QtBot) -> None:
    field = made(qtbot, "enable_thinking", True)
    combo = child(field, QComboBox)
    assert [combo.itemText(place) for place in range(3)] == ["Default (on)", "On", "Off"]


def test_a_schema_is_written_where_it_is_chosen(qtbot: QtBot) -> None:
    field = made(qtbot, "response_format", {"type": "text"})
    field.show()
    editor = child(field, QPlainTextEdit)
    assert not editor.isVisible()
    child(field, QComboBox).setCurrentIndex(2)
    assert editor.isVisible()
    editor.setPlainText("{not json")
    value = field.value()
    assert isinstance(value, dict)
    assert isinstance(value["json_schema"], dict)
    assert value["json_schema"]["schema"] == "{not json"
    field.set_value(value)
    assert editor.toPlainText() == "{not json"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, ""),
        (True, "on"),
        (False, "off"),
        (7, "7"),
        (2621440, "2,621,440"),
        (0.5, "0.5"),
        ({"type": "json_object"}, "JSON"),
        ({"type": "text"}, "text"),
        (["a", "b"], "a, b"),
        ("a long message\nof two lines", "a long message of two l…"),
    ],
)
def test_values_are_said_in_a_word_or_two(value: JsonValue, words: str) -> None:
    assert value_words(value) == words
