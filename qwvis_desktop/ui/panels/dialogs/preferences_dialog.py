"""``PreferencesDialog``: what can be set for good, page by page, made from a table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QScrollArea,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from qwvis_desktop.ui.panels.dialogs.preference_pages import (
    ChoicePreference,
    NumberPreference,
    Preference,
    PreferencePage,
    SwitchPreference,
    TextPreference,
)
from qwvis_desktop.ui.panels.dialogs.sizing import resize_within_screen
from qwvis_desktop.ui.panels.labels import WrappingLabel
from qwvis_desktop.ui.theme import Tone


@dataclass(frozen=True, slots=True)
class _Row:
    """A preference on its page: how it is read and set, and what it was set to at first."""

    read: Callable[[], object]
    set: Callable[[object], None]


class PreferencesDialog(QDialog):
    """Shows preferences; ``changes`` holds what was changed when accepted.

    Args:
        pages: what can be set.
        values: what is set now, by name.
        defaults: what was set at the very first, by name.
        wrong: says in a sentence what is wrong with a value, by its name; empty where nothing is. Asked when the
            dialog is to close.
    """

    def __init__(
        self,
        pages: Sequence[PreferencePage],
        values: Mapping[str, object],
        defaults: Mapping[str, object],
        wrong: Callable[[str, object], str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._values, self._defaults, self._wrong_with = values, defaults, wrong
        self._rows: dict[str, _Row] = {}
        self.setWindowTitle(self.tr("Preferences"))
        self._list = QListWidget()
        self._list.setAccessibleName(self.tr("Pages"))
        self._pages = QStackedWidget()
        for page in pages:
            self._list.addItem(_words(page.title))
            self._pages.addWidget(self._page(page))
        self._list.setFixedWidth(self._list.sizeHintForColumn(0) + 32)
        self._wrong = WrappingLabel("", Tone.ERROR)
        buttons = QDialogButtonBox.StandardButton
        self._buttons = QDialogButtonBox(buttons.Ok | buttons.Cancel | buttons.RestoreDefaults)
        self._buttons.button(buttons.RestoreDefaults).setToolTip(self.tr("Of this page"))
        self._place()
        self._list.currentRowChanged.connect(self._pages.setCurrentIndex)
        self._list.setCurrentRow(0)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        self._buttons.button(buttons.RestoreDefaults).clicked.connect(lambda: self._restore(pages))

    @property
    def changes(self) -> dict[str, object]:
        """What is entered and differs from what was set, by name."""
        entered = {name: row.read() for name, row in self._rows.items()}
        return {name: value for name, value in entered.items() if value != self._values[name]}

    def accept(self) -> None:
        """Close, unless something is wrong: then say what."""
        for name, value in self.changes.items():
            sentence = self._wrong_with(name, value)
            if sentence:
                self._wrong.setText(sentence)
                return
        super().accept()

    def _restore(self, pages: Sequence[PreferencePage]) -> None:
        for preference in pages[self._pages.currentIndex()].preferences:
            self._rows[preference.name].set(self._defaults[preference.name])

    def _place(self) -> None:
        columns = QHBoxLayout()
        columns.setSpacing(12)
        columns.addWidget(self._list)
        columns.addWidget(self._pages, 1)
        layout = QVBoxLayout(self)
        layout.setSpacing(12)
        layout.addLayout(columns, 1)
        layout.addWidget(self._wrong)
        layout.addWidget(self._buttons)
        resize_within_screen(self, 640, 420)

    def _page(self, page: PreferencePage) -> QWidget:
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.setHorizontalSpacing(16)
        for preference in page.preferences:
            editor, row = _MAKERS[type(preference)](preference)
            self._rows[preference.name] = row
            row.set(self._values[preference.name])
            tip = _words(preference.tip)
            editor.setToolTip(tip)
            if isinstance(preference, SwitchPreference):
                form.addRow(editor)
                continue
            caption = QLabel(_words(preference.title))
            caption.setToolTip(tip)
            caption.setBuddy(editor.focusProxy() or editor)
            form.addRow(caption, editor)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setSpacing(16)
        column.addWidget(WrappingLabel(_words(page.about)))
        column.addLayout(form)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidget(inner)
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        return area


def _words(text: str) -> str:
    return QCoreApplication.translate("Preferences", text) if text else ""


def _plain(text: str) -> str:
    return _words(text).replace("&", "")


def _number(preference: NumberPreference) -> tuple[QWidget, _Row]:
    box = QDoubleSpinBox()
    box.setAccessibleName(_plain(preference.title))
    box.setDecimals(preference.decimals)
    box.setRange(preference.least, preference.most)
    box.setSingleStep(preference.step)
    box.setSuffix(_words(preference.unit))
    box.setSpecialValueText(_words(preference.at_least))
    return box, _Row(box.value, lambda value: box.setValue(float(str(value))))


def _choice(preference: ChoicePreference) -> tuple[QWidget, _Row]:
    box = QComboBox()
    box.setAccessibleName(_plain(preference.title))
    for value, words in preference.choices:
        box.addItem(_words(words), value)
    return box, _Row(box.currentData, lambda value: box.setCurrentIndex(box.findData(value)))


def _switch(preference: SwitchPreference) -> tuple[QWidget, _Row]:
    box = QCheckBox(_words(preference.title))
    return box, _Row(box.isChecked, lambda value: box.setChecked(bool(value)))


def _text(preference: TextPreference) -> tuple[QWidget, _Row]:
    line = QLineEdit()
    line.setAccessibleName(_plain(preference.title))
    line.setPlaceholderText(_words(preference.placeholder))
    row = _Row(lambda: line.text().strip(), lambda value: line.setText(str(value)))
    if not preference.file_kinds:
        return line, row
    button = QToolButton()
    button.setText("...")
    button.setAccessibleName(QCoreApplication.translate("Preferences", "Choose a file"))

    def choose() -> None:
        name, _ = QFileDialog.getOpenFileName(
            line.window(), _plain(preference.title), line.text(), _words(preference.file_kinds)
        )
        if name:
            line.setText(name)

    button.clicked.connect(choose)
    both = QWidget()
    both.setFocusProxy(line)
    layout = QHBoxLayout(both)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(line, 1)
    layout.addWidget(button)
    return both, row


_MAKERS: dict[type[Preference], Callable[..., tuple[QWidget, _Row]]] = {
    NumberPreference: _number,
    ChoicePreference: _choice,
    SwitchPreference: _switch,
    TextPreference: _text,
}
