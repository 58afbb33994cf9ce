"""Fields for the options of a request, one class per kind of value; each says None where its option is not set."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from PySide6.QtCore import QCoreApplication, QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from qwvis_desktop.core.annotation import JsonValue
from qwvis_desktop.core.request.option_kinds import OptionKind, RequestOption, Value
from qwvis_desktop.ui.panels.asking.narrow_combo import narrow_combo
from qwvis_desktop.ui.panels.number_field import guard_wheel
from qwvis_desktop.ui.theme import monospace_font

LONGEST = 24
"""Characters of a value that are said; the rest is cut."""

SCHEMA_EXAMPLE = '{\n  "type": "object",\n  "properties": {"name": {"type": "string"}},\n  "required": ["name"]\n}'


def _tr(text: str) -> str:
    return QCoreApplication.translate("OptionField", text)


class OptionField(QWidget):
    """A field for one option.

    Signals:
        edited(): the user set something else.

    Args:
        name: accessible name.
        default: what holds where nothing is set, in words; empty where that is not known.
    """

    edited = Signal()

    def __init__(self, name: str, default: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(4)
        # As narrow as the dock makes it; captions keep their width.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setMinimumWidth(64)
        self._make(name, default)

    def _make(self, name: str, default: str) -> None:
        raise NotImplementedError

    def value(self) -> JsonValue:
        """Return what is set; None where nothing is, and what was typed where it is not of the right form."""
        raise NotImplementedError

    def set_value(self, value: JsonValue) -> None:
        """Show a value; None sets nothing. Emits nothing."""
        raise NotImplementedError


class SwitchField(OptionField):
    """Default, on or off."""

    def _make(self, name: str, default: str) -> None:
        self._combo = narrow_combo(name)
        self._combo.setMinimumContentsLength(3)
        guard_wheel(self._combo)
        self._combo.addItem(_tr("Default ({value})").replace("{value}", default) if default else _tr("Default"), None)
        self._combo.addItem(_tr("On"), True)
        self._combo.addItem(_tr("Off"), False)
        self._combo.currentIndexChanged.connect(self.edited)
        self._layout.addWidget(self._combo)

    def value(self) -> JsonValue:
        """Return True, False or None."""
        return (None, True, False)[self._combo.currentIndex()]

    def set_value(self, value: JsonValue) -> None:
        """Show a value."""
        with QSignalBlocker(self._combo):
            self._combo.setCurrentIndex({True: 1, False: 2}.get(value, 0) if isinstance(value, bool) else 0)


class ChoiceField(OptionField):
    """One of a few values; the first is what holds where nothing is set."""

    def __init__(self, choices: Mapping[Value, str], name: str, default: str) -> None:
        self._choices = choices
        super().__init__(name, default)

    def _make(self, name: str, _default: str) -> None:
        self._combo = narrow_combo(name)
        self._combo.setMinimumContentsLength(3)
        guard_wheel(self._combo)
        for value, words in self._choices.items():
            self._combo.addItem(QCoreApplication.translate("RequestOption", words), value)
        self._combo.currentIndexChanged.connect(self.edited)
        self._layout.addWidget(self._combo)

    def value(self) -> JsonValue:
        """Return the value that is chosen; None for the default."""
        return self._combo.currentData() if self._combo.currentIndex() else None

    def set_value(self, value: JsonValue) -> None:
        """Show a value; one that is no choice is shown as the default."""
        places = {str(choice): place for place, choice in enumerate(self._choices)}
        with QSignalBlocker(self._combo):
            self._combo.setCurrentIndex(places.get(str(value), 0))


class LineField(OptionField):
    """A number or words on a line; empty where nothing is set."""

    def _make(self, name: str, default: str) -> None:
        self._line = QLineEdit()
        self._line.setAccessibleName(name)
        self._line.setPlaceholderText(default or _tr("Default"))
        self._line.setClearButtonEnabled(True)
        self._line.textChanged.connect(lambda _: self.edited.emit())
        self._layout.addWidget(self._line)

    def value(self) -> JsonValue:
        """Return the number; the text where it is none."""
        text = self._line.text().strip()
        for read in (int, float):
            try:
                return read(text)
            except ValueError:
                continue
        return text or None

    def set_value(self, value: JsonValue) -> None:
        """Show a value."""
        with QSignalBlocker(self._line):
            self._line.setText("" if value is None else f"{value:g}" if isinstance(value, float) else str(value))


class WordsField(LineField):
    """Several words on a line, with commas between."""

    def value(self) -> JsonValue:
        """Return the words as a list."""
        return [word for word in (part.strip() for part in self._line.text().split(",")) if word] or None

    def set_value(self, value: JsonValue) -> None:
        """Show a value."""
        words = value if isinstance(value, list) else [] if value is None else [value]
        super().set_value(", ".join(map(str, words)) or None)


class TextField(OptionField):
    """Text of several lines."""

    def _make(self, name: str, default: str) -> None:
        self._text = QPlainTextEdit()
        self._text.setAccessibleName(name)
        self._text.setPlaceholderText(default or _tr("None"))
        self._text.setTabChangesFocus(True)
        self._text.setFixedHeight(self._text.fontMetrics().lineSpacing() * 3 + 14)
        self._text.textChanged.connect(self.edited)
        self._layout.addWidget(self._text)

    def value(self) -> JsonValue:
        """Return the text."""
        return self._text.toPlainText() or None

    def set_value(self, value: JsonValue) -> None:
        """Show a value."""
        with QSignalBlocker(self._text):
            self._text.setPlainText("" if value is None else str(value))


class FormatField(OptionField):
    """Text, JSON, or JSON by a schema, which is written beneath."""

    def _make(self, name: str, default: str) -> None:
        self._combo: QComboBox = narrow_combo(name)
        self._combo.setMinimumContentsLength(3)
        guard_wheel(self._combo)
        self._combo.addItems([_tr("Default ({value})").replace("{value}", default), _tr("JSON"), _tr("JSON by schema")])
        self._schema = QPlainTextEdit()
        self._schema.setAccessibleName(_tr("JSON schema"))
        self._schema.setFont(monospace_font())
        self._schema.setPlaceholderText(SCHEMA_EXAMPLE)
        self._schema.setTabChangesFocus(True)
        self._schema.setFixedHeight(self._schema.fontMetrics().lineSpacing() * 7 + 14)
        self._schema.hide()
        self._combo.currentIndexChanged.connect(self._chosen)
        self._schema.textChanged.connect(self.edited)
        self._layout.addWidget(self._combo)
        self._layout.addWidget(self._schema)

    def _chosen(self) -> None:
        self._schema.setVisible(self._combo.currentIndex() == 2)
        self.edited.emit()

    def value(self) -> JsonValue:
        """Return the service's form of it; of a schema that is no JSON its text."""
        place = self._combo.currentIndex()
        if place < 2:
            return None if place == 0 else {"type": "json_object"}
        text = self._schema.toPlainText().strip()
        try:
            schema = json.loads(text) if text else {}
        except (ValueError, RecursionError):
            schema = text
        return {"type": "json_schema", "json_schema": {"name": "reply", "strict": True, "schema": schema}}

    def set_value(self, value: JsonValue) -> None:
        """Show a value."""
        kind = value.get("type") if isinstance(value, dict) else None
        with QSignalBlocker(self._combo), QSignalBlocker(self._schema):
            self._combo.setCurrentIndex({"json_object": 1, "json_schema": 2}.get(str(kind), 0))
            if isinstance(value, dict) and kind == "json_schema":
                inner = value.get("json_schema")
                schema = inner.get("schema") if isinstance(inner, dict) else None
                text = schema if isinstance(schema, str) else json.dumps(schema, indent=2, ensure_ascii=False)
                if self.value() != value:
                    self._schema.setPlainText("" if schema in (None, {}) else text)
            self._schema.setVisible(self._combo.currentIndex() == 2)


_FIELDS: dict[OptionKind, Callable[[str, str], OptionField]] = {
    OptionKind.SWITCH: SwitchField,
    OptionKind.WHOLE: LineField,
    OptionKind.NUMBER: LineField,
    OptionKind.TEXT: TextField,
    OptionKind.WORDS: WordsField,
    OptionKind.RANGE: LineField,
    OptionKind.FORMAT: FormatField,
}


def field_for(option: RequestOption, title: str, default: JsonValue) -> OptionField:
    """Return a new field for ``option``, which says what holds where nothing is set."""
    if option.kind is OptionKind.CHOICE:
        return ChoiceField(option.choices, title, value_words(default))
    return _FIELDS[option.kind](title, value_words(default))


def value_words(value: JsonValue) -> str:
    """Say a value in a word or two; empty for none."""
    words = " ".join(str(value).split())
    match value:
        case None:
            words = ""
        case bool():
            words = _tr("on") if value else _tr("off")
        case int() if value >= 10_000:
            words = f"{value:,}"
        case float():
            words = f"{value:g}"
        case {"type": str(kind)}:
            words = {"json_object": "JSON", "json_schema": _tr("JSON by schema")}.get(kind, kind)
        case list():
            words = ", ".join(map(str, value))
    return words if len(words) <= LONGEST else f"{words[: LONGEST - 1]}…"
