"""``PromptPanel``: what is asked of whom, and the buttons that start and stop it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QCompleter,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from qwvis_desktop.core.coordinates import CoordinateSpace
from qwvis_desktop.core.tasks import TASKS, Task
from qwvis_desktop.ui.panels.asking.narrow_combo import narrow_combo
from qwvis_desktop.ui.panels.asking.options import OptionsPane
from qwvis_desktop.ui.panels.asking.run_buttons import RunButtons
from qwvis_desktop.ui.panels.asking.task_fields import TaskFields
from qwvis_desktop.ui.panels.labels import ToneLabel, WrappingLabel
from qwvis_desktop.ui.panels.words import space_title
from qwvis_desktop.ui.theme import Tone, icon


@dataclass(frozen=True, slots=True)
class ProviderChoice:
    """A service that may be chosen.

    Attributes:
        name: unique, for people and for the record.
        address: where it is, in a few words; shown beneath.
        needs_key: whether it takes a key.
        has_key: whether one is known.
        looked: whether one was looked for; until then it is not said that there is none.
    """

    name: str
    address: str = ""
    needs_key: bool = False
    has_key: bool = False
    looked: bool = True

    @property
    def lacks_key(self) -> bool:
        """Whether it cannot be asked until a key is entered."""
        return self.needs_key and not self.has_key


@dataclass(frozen=True, slots=True)
class PromptState:
    """What is entered.

    Attributes:
        provider: name of the service.
        model: id of the model, as written.
        task: id of the task.
        target: what is named, empty where nothing is.
        prompt: the words that are sent.
        space: what the numbers of the reply are to be taken for; None is the model's own.
    """

    provider: str
    model: str
    task: str
    target: str
    prompt: str
    space: CoordinateSpace | None


class PromptPanel(QWidget):
    """Asks for service, model, task, target and prompt; decides nothing.

    A prompt that was edited is remembered for its task until "Reset" brings the task's own words back.

    Signals:
        run_requested(): Run was pressed.
        stop_requested(): Stop was pressed.
        sent_requested(): what Run would send is wanted to be seen.
        provider_changed(str): another service was chosen, by name.
        model_changed(str): another model was chosen or written; answer with ``set_family`` and ``set_tasks``.
        task_changed(str): another task was chosen, by id.
        space_changed(object): another ``CoordinateSpace`` was chosen for the reply, or None for the model's own.
        prompts_changed(): ``prompts`` holds something else.
        key_requested(): "Enter key..." was pressed for the chosen service.
        provider_settings_requested(): the button beside the services was pressed.
    """

    run_requested = Signal()
    stop_requested = Signal()
    sent_requested = Signal()
    provider_changed = Signal(str)
    model_changed = Signal(str)
    task_changed = Signal(str)
    space_changed = Signal(object)
    prompts_changed = Signal()
    key_requested = Signal()
    provider_settings_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choices: dict[str, ProviderChoice] = {}
        self.fields = self._fields = TaskFields(self)
        self.options = OptionsPane()
        self._busy, self._obstacle, self._nothing = False, "", ""
        self._make_widgets()
        self._place_widgets()
        self._connect()
        self.set_tasks(TASKS.values())
        self.set_family("")
        self._show_provider()

    # What the controller tells.

    def set_providers(self, choices: Iterable[ProviderChoice], current: str = "") -> None:
        """Offer services; ``current`` (or else the one chosen before, or else the first) is chosen. Emits nothing."""
        before = current or self._provider.currentText()
        self._choices = {choice.name: choice for choice in choices}
        with QSignalBlocker(self._provider):
            self._provider.clear()
            self._provider.addItems(list(self._choices))
            self._provider.setCurrentText(before)
        self._show_provider()

    def set_models(self, models: Sequence[str], current: str = "") -> None:
        """Offer models; any other may be written. ``current`` (or else what is written) is chosen. Emits nothing."""
        before = current or self._model.currentText()
        with QSignalBlocker(self._model):
            self._model.clear()
            self._model.addItems(list(models))
            self._model.setEditText(before or (models[0] if models else ""))
        self._told_model = self._model.currentText()

    def set_model_editable(self, editable: bool) -> None:
        """Let a model be chosen, or not, where the service has but one."""
        self._model.setEnabled(editable)

    def set_family(self, text: str, recognised: bool = True) -> None:
        """Say beneath the model what it was recognised as."""
        self._family.say(text, Tone.MUTED if recognised else Tone.WARNING)
        self._form.setRowVisible(self._family, bool(text))

    def set_tasks(self, tasks: Iterable[Task], current: str = "", nothing: str = "") -> None:
        """Offer tasks, ``current`` (or else the former, or the first) chosen, or say ``nothing``. Emits nothing."""
        offered = tuple(tasks)
        self._fields.set_tasks(offered, current)
        self._nothing = "" if offered else nothing
        self._show_busy()

    def set_prompts(self, prompts: Mapping[str, str]) -> None:
        """Take over edited prompts, by task."""
        self._fields.set_prompts(prompts)

    def set_target(self, target: str) -> None:
        """Name what is looked for."""
        self._fields.target.setText(target)

    def set_space(self, space: CoordinateSpace | None) -> None:
        """Choose what the numbers of the reply are to be taken for. Emits nothing."""
        with QSignalBlocker(self._space):
            self._space.setCurrentIndex(max(self._space.findData(space.value if space else ""), 0))

    def set_busy(self, busy: bool) -> None:
        """Show that the run of the picture goes on: Stop instead of Run."""
        self._busy = busy
        self._show_busy()

    def set_obstacle(self, sentence: str) -> None:
        """Say why Run cannot be pressed; an empty sentence lets it be pressed."""
        self._obstacle = sentence
        self._show_busy()

    def set_estimate(self, text: str, more: str = "") -> None:
        """Say below Run what it will take; ``more`` is told when the pointer rests on it."""
        self._buttons.set_estimate(text, more)

    # What it tells.

    @property
    def obstacle(self) -> str:
        """Why Run cannot be pressed; empty where it can."""
        return self._obstacle or self._nothing

    @property
    def prompts(self) -> dict[str, str]:
        """The prompts that were edited, by task."""
        return self._fields.prompts

    def state(self) -> PromptState:
        """Return what is entered; tells first of a model that is still being written."""
        self._model_entered()
        fields, space = self._fields, self._space.currentData()
        return PromptState(
            provider=self._provider.currentText(),
            model=self._model.currentText().strip(),
            task=fields.task_id,
            target=fields.target.text().strip() if fields.takes_target else "",
            prompt=fields.prompt.toPlainText(),
            space=CoordinateSpace(space) if space else None,
        )

    # Inside.

    def _make_widgets(self) -> None:
        self._provider = narrow_combo(self.tr("Service"))
        self._settings = QToolButton()
        self._settings.setIcon(icon("settings"))
        self._settings.setToolTip(self.tr("Add or change a service, its address and its key"))
        self._settings.setAccessibleName(self.tr("Services and keys"))
        self._key_line = ToneLabel("", Tone.WARNING)
        self._key_button = QPushButton(self.tr("Enter &key..."))
        self._model = narrow_combo(self.tr("Model"))
        self._model.setEditable(True)
        line = self._model.lineEdit()
        assert line is not None  # it is editable
        line.setAccessibleName(self._model.accessibleName())
        self._model.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        completer = self._model.completer()
        assert completer is not None  # the box is editable
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        self._told_model = ""
        self._family = WrappingLabel()
        self._family.setAccessibleName(self.tr("What the model was recognised as"))
        self._space = narrow_combo(self.tr("Coordinates"))
        self._space.addItem(self.tr("Automatic"), "")
        for space in CoordinateSpace:
            self._space.addItem(space_title(space), space.value)
        self._buttons = RunButtons()

    def _place_widgets(self) -> None:
        fields = self._fields
        provider_row = QHBoxLayout()
        provider_row.setSpacing(4)
        provider_row.addWidget(self._provider, 1)
        provider_row.addWidget(self._settings)
        key_row = QHBoxLayout()
        key_row.addWidget(self._key_line, 1)
        key_row.addWidget(self._key_button)
        self._key_row = QWidget()
        self._key_row.setLayout(key_row)
        key_row.setContentsMargins(0, 0, 0, 0)
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        form.setHorizontalSpacing(8)
        form.setVerticalSpacing(6)
        self._form = form
        form.addRow(_caption(self.tr("&Service"), self._provider), provider_row)
        form.addRow(self._key_row)
        form.addRow(_caption(self.tr("&Model"), self._model), self._model)
        form.addRow("", self._family)
        form.addRow(_caption(self.tr("&Task"), fields.task), fields.task)
        form.addRow(_caption(self.tr("Wordin&g"), fields.wording), fields.wording)
        form.addRow(_caption(self.tr("L&ook for"), fields.target), fields.target)
        form.addRow(_caption(self.tr("Fiel&ds"), fields.schema), fields.schema)
        prompt_head = QHBoxLayout()
        prompt_head.addWidget(_caption(self.tr("&Prompt"), fields.prompt), 1)
        prompt_head.addWidget(fields.reset)
        bottom = QFormLayout()
        bottom.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        bottom.addRow(_caption(self.tr("&Coordinates"), self._space), self._space)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(6)
        layout.addLayout(form)
        layout.addLayout(prompt_head)
        layout.addWidget(fields.prompt, 1)
        layout.addWidget(self.options)
        layout.addLayout(bottom)
        layout.addWidget(self._buttons)

    def _connect(self) -> None:
        self._provider.currentTextChanged.connect(self._provider_chosen)
        self._settings.clicked.connect(self.provider_settings_requested)
        self._key_button.clicked.connect(self.key_requested)
        self._model.activated.connect(self._model_entered)
        line = self._model.lineEdit()
        assert line is not None  # the box is editable
        line.editingFinished.connect(self._model_entered)
        self._fields.task_changed.connect(self.task_changed)
        self._fields.prompts_changed.connect(self.prompts_changed)
        self._fields.takes_target_changed.connect(lambda takes: self._form.setRowVisible(self._fields.target, takes))
        self._fields.takes_schema_changed.connect(self._schema_wanted)
        self._fields.schema_edited.connect(self._show_busy)
        self._fields.has_wordings_changed.connect(lambda has: self._form.setRowVisible(self._fields.wording, has))
        self._fields.target.returnPressed.connect(self._buttons.press_run)
        self._space.currentIndexChanged.connect(lambda: self.space_changed.emit(self.state().space))
        self._buttons.run_requested.connect(self.run_requested)
        self._buttons.stop_requested.connect(self.stop_requested)
        self._buttons.sent_requested.connect(self.sent_requested)

    def _schema_wanted(self, wanted: bool) -> None:
        self._form.setRowVisible(self._fields.schema, wanted)
        self._show_busy()

    def _provider_chosen(self, name: str) -> None:
        self._show_provider()
        self.provider_changed.emit(name)

    def _show_provider(self) -> None:
        choice = self._choices.get(self._provider.currentText())
        self._provider.setToolTip(choice.address if choice else "")
        self._form.setRowVisible(self._key_row, choice is not None and choice.lacks_key and choice.looked)
        self._key_line.setText(self.tr("This service needs a key."))
        self._show_busy()

    def _model_entered(self) -> None:
        model = self._model.currentText().strip()
        if model != self._told_model:
            self._told_model = model
            self.model_changed.emit(model)

    def _show_busy(self) -> None:
        choice = self._choices.get(self._provider.currentText())
        lacks = choice is not None and choice.lacks_key
        lacks = lacks or bool(self._fields.schema_problem)
        self._buttons.set_state(busy=self._busy, lacks=lacks, obstacle=self.obstacle)


def _caption(text: str, buddy: QWidget) -> QLabel:
    caption = QLabel(text)
    caption.setBuddy(buddy)
    # Underlining a letter undoes its kerning, which Qt does not reckon with.
    caption.setMinimumWidth(caption.sizeHint().width() + 4)
    return caption
