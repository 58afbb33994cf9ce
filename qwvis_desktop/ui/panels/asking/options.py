"""``OptionsPane``: what may be set for a request; folded to one line until it is wanted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QCoreApplication, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from qwvis_desktop.core.annotation import Attributes, JsonValue
from qwvis_desktop.core.model_registry import ModelSpec
from qwvis_desktop.core.request.option_kinds import OptionKind, RequestOption
from qwvis_desktop.core.request.option_presets import Preset
from qwvis_desktop.core.request.request_options import OPTIONS, options_for
from qwvis_desktop.ui.panels.asking.narrow_combo import narrow_combo
from qwvis_desktop.ui.panels.asking.option_fields import OptionField, field_for, value_words
from qwvis_desktop.ui.panels.labels import ToneLabel, WrappingLabel
from qwvis_desktop.ui.theme import Tone, icon


class OptionsPane(QWidget):
    """Shows the options that a model knows; tells what differs from the default, and decides nothing.

    Signals:
        changed(): ``values`` is another.
        preset_dropped(str): the user wants the preset of this name gone.
        name_wanted(): the user wants to keep ``values`` as a preset; ask for a name.
    """

    changed = Signal()
    name_wanted = Signal()
    preset_dropped = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._known: dict[str, RequestOption] = {}
        self._spec: ModelSpec | None = None
        self._filled_for: tuple[str, tuple[str, ...]] = ("", ())
        self._fields: dict[str, OptionField] = {}
        self._resets: dict[str, QToolButton] = {}
        self._titles: dict[str, ToneLabel] = {}
        self._values: dict[str, JsonValue] = {}
        self._presets: dict[str, Preset] = {}
        self._own: frozenset[str] = frozenset()
        self._fold = QToolButton()
        self._fold.setCheckable(True)
        self._fold.setAutoRaise(True)
        self._fold.setAccessibleName(self.tr("Options"))
        self._fold.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._fold.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._preset = narrow_combo(self.tr("Preset"))
        self._keep = self._button("save", self.tr("Keep these options as a preset..."))
        self._drop = self._button("delete", self.tr("Delete this preset"))
        self._issues = WrappingLabel("", Tone.WARNING)
        self._form = QFormLayout()
        self._place()
        self._fold.toggled.connect(self._unfold)
        self._preset.activated.connect(self._preset_chosen)
        self._keep.clicked.connect(self.name_wanted)
        self._drop.clicked.connect(lambda: self.preset_dropped.emit(self._preset.currentData()))
        self._show_fold()

    @property
    def values(self) -> dict[str, JsonValue]:
        """What is set, by the service's names; what is left at its default is not there."""
        return dict(self._values)

    def show_options(self, model: ModelSpec, values: Attributes, media: str = "image") -> None:
        """Offer the options that ``model`` knows for a kind of medium, with these values. Emits nothing."""
        # Which part of a film is asked about belongs to the film, and is set where that is shown.
        known = [option for option in options_for(model, media) if option.kind is not OptionKind.RANGE]
        self._spec, self._known = model, {option.id: option for option in known}
        self.set_values(values)

    def set_values(self, values: Attributes) -> None:
        """Show other values; what the model does not know is left out. Emits nothing."""
        self._values = {name: value for name, value in values.items() if name in self._known}
        self._fill()
        self._show_state()

    def set_presets(self, presets: Sequence[Preset], own: frozenset[str]) -> None:
        """Offer presets; ``own`` are the names of those that can be deleted. Emits nothing."""
        self._presets = {preset.title: preset for preset in presets}
        self._own = own
        with QSignalBlocker(self._preset):
            self._preset.clear()
            for title in self._presets:
                self._preset.addItem(title if title in own else QCoreApplication.translate("Preset", title), title)
            self._preset.addItem(self.tr("Own choice"), "")
        self._show_state()

    def set_issues(self, sentences: Sequence[str]) -> None:
        """Say what is wrong with the values."""
        self._issues.setText("\n".join(sentences))
        self._issues.setVisible(bool(sentences))

    def summary(self) -> str:
        """Say in a line what differs from the defaults."""
        parts = [
            f"{self._title(name).lower()} {value_words(value)}".strip()
            for name, value in self._values.items()
            if name in self._known
        ]
        return ", ".join(parts)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Say as much as there is room for."""
        super().resizeEvent(event)
        self._show_fold()

    def _place(self) -> None:
        presets = QHBoxLayout()
        presets.setSpacing(4)
        for widget in (self._preset, self._keep, self._drop):
            presets.addWidget(widget, 1 if widget is self._preset else 0)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.DontWrapRows)
        self._form.setContentsMargins(0, 0, 4, 0)
        self._form.setHorizontalSpacing(8)
        self._form.setVerticalSpacing(4)
        inside = QWidget()
        inside.setLayout(self._form)
        self._scroll = QScrollArea()
        self._scroll.setWidget(inside)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setMinimumHeight(150)
        self._body = QWidget()
        body = QVBoxLayout(self._body)
        body.setContentsMargins(0, 2, 0, 0)
        body.setSpacing(4)
        body.addLayout(presets)
        body.addWidget(self._scroll, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self._fold)
        layout.addWidget(self._body, 1)
        layout.addWidget(self._issues)

    def _fill(self) -> None:
        """Show the values in their fields, which are made when they are first seen: that takes longer than a frame."""
        if self._spec is None or not self._fold.isChecked():
            return
        wanted = (self._spec.id, tuple(self._known))
        if wanted != self._filled_for:
            self._filled_for = wanted
            self._make_fields(self._spec)
        for name, field in self._fields.items():
            field.set_value(self._values.get(name))

    def _make_fields(self, model: ModelSpec) -> None:
        while self._form.rowCount():
            self._form.removeRow(0)
        self._fields, self._resets, self._titles = {}, {}, {}
        for option in self._known.values():
            title = self._title(option.id)
            field = field_for(option, title, option.default_for(model))
            hint = QCoreApplication.translate("RequestOption", option.hint)
            field.setToolTip(hint)
            reset = self._button("reset", self.tr("Back to the default"))
            reset.setAccessibleName(self.tr("Reset {option}").replace("{option}", title))
            policy = reset.sizePolicy()
            policy.setRetainSizeWhenHidden(True)
            reset.setSizePolicy(policy)
            caption = ToneLabel(title, None)
            caption.setToolTip(hint)
            row = QHBoxLayout()
            row.setSpacing(2)
            row.addWidget(field, 1)
            row.addWidget(reset, 0, Qt.AlignmentFlag.AlignTop)
            self._form.addRow(caption, row)
            self._fields[option.id], self._resets[option.id], self._titles[option.id] = field, reset, caption
            field.edited.connect(lambda name=option.id: self._edited(name))
            reset.clicked.connect(lambda _=False, name=option.id: self._reset(name))

    def _edited(self, name: str) -> None:
        value = self._fields[name].value()
        values = {key: old for key, old in self._values.items() if key != name}
        if value is not None:
            values[name] = value
        # In the order of the table, so that the line that sums them up does not jump.
        self._take({key: values[key] for key in OPTIONS if key in values})

    def _reset(self, name: str) -> None:
        self._fields[name].set_value(None)
        self._edited(name)

    def _preset_chosen(self) -> None:
        preset = self._presets.get(self._preset.currentData() or "")
        if preset is not None:
            self.set_values(preset.options)
            self.changed.emit()

    def _take(self, values: Mapping[str, JsonValue]) -> None:
        if dict(values) != self._values:
            self._values = dict(values)
            self._show_state()
            self.changed.emit()

    def _show_state(self) -> None:
        for name, field in self._fields.items():
            differs = name in self._values
            self._resets[name].setVisible(differs)
            self._titles[name].set_tone(Tone.ACCENT if differs else None)
            field.setEnabled(not self._is_excluded(name))
        same = [title for title, preset in self._presets.items() if dict(preset.options) == self._values]
        with QSignalBlocker(self._preset):
            self._preset.setCurrentIndex(self._preset.findData(same[-1] if same else ""))
        own = self._preset.currentData() in self._own
        self._drop.setVisible(own)
        self._keep.setEnabled(bool(self._values) and not own)
        self._show_fold()

    def _is_excluded(self, name: str) -> bool:
        """Say whether something that is switched on overrules this option, which is not set itself."""
        overruled = (OPTIONS[other].excludes for other, value in self._values.items() if value is True)
        return name not in self._values and any(name in names for names in overruled)

    def _unfold(self) -> None:
        self._fill()
        self._show_state()

    def _show_fold(self) -> None:
        unfolded = self._fold.isChecked()
        self._body.setVisible(unfolded)
        self._fold.setArrowType(Qt.ArrowType.DownArrow if unfolded else Qt.ArrowType.RightArrow)
        summary = self.summary() or self.tr("defaults")
        words = self.tr("Options: {summary}").replace("{summary}", summary)
        room = self.width() - 32
        self._fold.setText(self._fold.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, room))
        self._fold.setToolTip(words)

    def _button(self, picture: str, tip: str) -> QToolButton:
        button = QToolButton()
        button.setIcon(icon(picture))
        button.setToolTip(tip)
        button.setAccessibleName(tip.rstrip("."))
        button.setAutoRaise(True)
        return button

    @staticmethod
    def _title(name: str) -> str:
        return QCoreApplication.translate("RequestOption", OPTIONS[name].title)
