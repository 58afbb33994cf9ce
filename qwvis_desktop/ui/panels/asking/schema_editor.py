"""``SchemaEditor``: the fields that a model is to fill from a picture, as JSON, checked while they are written."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QSignalBlocker, Signal
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QTextEdit, QToolButton, QVBoxLayout, QWidget

from qwvis_desktop.core.annotation import JsonValue
from qwvis_desktop.core.request.result_schema import result_schema_of
from qwvis_desktop.core.request.schema_presets import SchemaPreset
from qwvis_desktop.ui.panels.asking.narrow_combo import narrow_combo
from qwvis_desktop.ui.panels.labels import WrappingLabel
from qwvis_desktop.ui.theme import Tone, icon

LINES = 5


class SchemaEditor(QWidget):
    """Holds the fields; empty lets the model choose them.

    Signals:
        edited(): the fields, or what is wrong with them, are others.
        name_wanted(): the user wants to keep what is written as a preset; ask for a name.
        preset_dropped(str): the user wants the preset of this name gone.
    """

    edited = Signal()
    name_wanted = Signal()
    preset_dropped = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = QTextEdit()
        self._text.setAccessibleName(self.tr("Fields to fill"))
        self._text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._text.setAcceptRichText(False)
        self._text.setTabChangesFocus(True)
        self._text.setLineWrapMode(QTextEdit.LineWrapMode.NoWrap)
        self._text.setFixedHeight(self._text.fontMetrics().lineSpacing() * LINES + 12)
        self._text.setToolTip(
            self.tr("The keys to fill, as JSON, at most three levels deep; a value may say in words what is meant")
        )
        self._presets: dict[str, SchemaPreset] = {}
        self._own: frozenset[str] = frozenset()
        self._preset = narrow_combo(self.tr("Preset of fields"))
        self._keep = self._button("save", self.tr("Keep these fields as a preset..."))
        self._drop = self._button("delete", self.tr("Delete this preset"))
        self._wrong = WrappingLabel("", Tone.ERROR)
        self._wrong.setVisible(False)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(self._preset, 1)
        row.addWidget(self._keep)
        row.addWidget(self._drop)
        layout.addLayout(row)
        layout.addWidget(self._text)
        layout.addWidget(self._wrong)
        self._text.textChanged.connect(self._check)
        self._preset.activated.connect(self._preset_chosen)
        self._keep.clicked.connect(self.name_wanted)
        self._drop.clicked.connect(lambda: self.preset_dropped.emit(self._preset.currentData()))
        self.set_presets((), frozenset())

    @property
    def text(self) -> str:
        """What is written, without blanks around it."""
        return self._text.toPlainText().strip()

    @property
    def problem(self) -> str:
        """What is wrong with it, in a sentence; empty where nothing is."""
        try:
            self.schema()
        except ValueError as error:
            return str(error)
        return ""

    def schema(self) -> dict[str, JsonValue] | None:
        """Return the fields; None where none are written.

        Raises:
            ValueError: what is written is no JSON object, or nested too deep.
        """
        return result_schema_of(self.text) if self.text else None

    def set_text(self, text: str) -> None:
        """Write other fields."""
        self._text.setPlainText(text)

    def set_hint(self, hint: str) -> None:
        """Show an example while nothing is written."""
        self._text.setPlaceholderText(hint)

    def set_presets(self, presets: Sequence[SchemaPreset], own: frozenset[str]) -> None:
        """Offer presets; ``own`` are the ids of those that can be deleted. Emits nothing."""
        self._presets = {preset.id: preset for preset in presets}
        self._own = own
        with QSignalBlocker(self._preset):
            self._preset.clear()
            self._preset.addItem(self.tr("Own fields"), "")
            for preset in presets:
                title = preset.title if preset.id in own else QCoreApplication.translate("Schema", preset.title)
                self._preset.addItem(title, preset.id)
        self._show_preset()

    def _preset_chosen(self) -> None:
        preset = self._presets.get(self._preset.currentData() or "")
        if preset is not None:
            self.set_text(preset.fields)
        self._show_preset()

    def _show_preset(self) -> None:
        """Name the preset that is written, if one is."""
        same = next((key for key, preset in self._presets.items() if preset.fields.strip() == self.text), "")
        with QSignalBlocker(self._preset):
            self._preset.setCurrentIndex(self._preset.findData(same))
        self._keep.setEnabled(bool(self.text) and not same and not self.problem)
        self._drop.setVisible(same in self._own)

    def _button(self, name: str, tip: str) -> QToolButton:
        button = QToolButton()
        button.setIcon(icon(name))
        button.setToolTip(tip)
        button.setAccessibleName(tip.rstrip("."))
        button.setAutoRaise(True)
        return button

    def _check(self) -> None:
        self._show_preset()
        self._wrong.setText(self.problem)
        self._wrong.setVisible(bool(self.problem))
        self.edited.emit()
