"""``TaskFields``: task, target and prompt, which depend on each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QCoreApplication, QObject, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QToolButton

from qwvis_desktop.core.annotation import JsonValue
from qwvis_desktop.core.request.result_schema import takes_schema
from qwvis_desktop.core.tasks import Task
from qwvis_desktop.ui.panels.asking.narrow_combo import narrow_combo
from qwvis_desktop.ui.panels.asking.schema_editor import SchemaEditor
from qwvis_desktop.ui.panels.words import task_title
from qwvis_desktop.ui.theme import icon


class TaskFields(QObject):
    """Makes the fields and keeps them in step; ``PromptPanel`` places them.

    A prompt that was edited is remembered for its task until ``reset`` brings the task's own words back.

    Signals:
        task_changed(str): the user chose another task, by id.
        prompts_changed(): ``prompts`` holds something else, by the user's doing.
        takes_target_changed(bool): whether the task can be told what to look for.
        takes_schema_changed(bool): whether the task fills fields, which are then named instead.
        schema_edited(): the fields, or what is wrong with them, are others.
        has_wordings_changed(bool): whether the task can be put in several ways.
    """

    task_changed = Signal(str)
    prompts_changed = Signal()
    takes_target_changed = Signal(bool)
    takes_schema_changed = Signal(bool)
    schema_edited = Signal()
    has_wordings_changed = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks: dict[str, Task] = {}
        self._prompts: dict[str, str] = {}
        self.task = narrow_combo(self.tr("Task"))
        self.wording = narrow_combo(self.tr("Wording"))
        self.target = QLineEdit()
        self.target.setAccessibleName(self.tr("Look for"))
        self.target.setClearButtonEnabled(True)
        self.schema = SchemaEditor()
        self.prompt = QPlainTextEdit()
        self.prompt.setAccessibleName(self.tr("Prompt"))
        self.prompt.setTabChangesFocus(True)
        self.reset = QToolButton()
        self.reset.setIcon(icon("reset"))
        self.reset.setText(self.tr("Reset"))
        self.reset.setToolTip(self.tr("Bring back the words of the task"))
        self.reset.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.reset.setAutoRaise(True)
        policy = self.reset.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.reset.setSizePolicy(policy)
        self.task.currentIndexChanged.connect(self._task_chosen)
        self.wording.currentIndexChanged.connect(self._wording_chosen)
        self.target.textChanged.connect(self._fill_prompt)
        self.schema.edited.connect(self._fill_prompt)
        self.schema.edited.connect(self.schema_edited)
        self.prompt.textChanged.connect(self._prompt_edited)
        self.reset.clicked.connect(self._reset_prompt)

    @property
    def takes_schema(self) -> bool:
        """Whether the task fills fields that may be named."""
        task = self._tasks.get(self.task_id)
        return task is not None and takes_schema(task)

    @property
    def task_id(self) -> str:
        """Id of the chosen task; empty where there is none to choose."""
        return self.task.currentData() or ""

    @property
    def takes_target(self) -> bool:
        """Whether the task can be told what to look for."""
        task = self._tasks.get(self.task_id)
        return task is not None and bool(task.template) and not takes_schema(task)

    @property
    def schema_problem(self) -> str:
        """What is wrong with the fields that the task is to fill; empty where nothing is."""
        return self.schema.problem if self.takes_schema else ""

    def result_schema(self) -> dict[str, JsonValue] | None:
        """Return the fields that the task is to fill; None where none are named, or the task fills none.

        Raises:
            ValueError: something is wrong with them; ``schema_problem`` says what.
        """
        return self.schema.schema() if self.takes_schema else None

    @property
    def prompts(self) -> dict[str, str]:
        """The prompts that were edited, by task."""
        return dict(self._prompts)

    def set_tasks(self, tasks: Iterable[Task], current: str) -> None:
        """Offer tasks; ``current`` (or else the one chosen before, or else the first) is chosen."""
        before = current or self.task_id
        self._tasks = {task.id: task for task in tasks}
        with QSignalBlocker(self.task):
            self.task.clear()
            for task in self._tasks.values():
                self.task.addItem(task_title(task), task.id)
            self.task.setCurrentIndex(max(self.task.findData(before), 0))
        self._show_task()

    def set_prompts(self, prompts: Mapping[str, str]) -> None:
        """Take over edited prompts, by task."""
        self._prompts = dict(prompts)
        self._show_task()

    def _task_chosen(self) -> None:
        self._show_task()
        self.task_changed.emit(self.task_id)

    def _wording_chosen(self) -> None:
        """Put the task in the chosen words; what was made of others by hand is dropped."""
        edited = self._prompts.pop(self.task_id, None)
        self._show_hint()
        self._fill_prompt()
        if edited is not None:
            self.prompts_changed.emit()

    def _show_task(self) -> None:
        task = self._tasks.get(self.task_id)
        self.takes_target_changed.emit(self.takes_target)
        self.takes_schema_changed.emit(self.takes_schema)
        titles = [task.wording_title, *(wording.title for wording in task.wordings)] if task and task.wordings else []
        words = [QCoreApplication.translate("Tasks", title) for title in titles]
        if words != [self.wording.itemText(place) for place in range(self.wording.count())]:
            with QSignalBlocker(self.wording):
                self.wording.clear()
                self.wording.addItems(words)
        self.has_wordings_changed.emit(bool(words))
        own = task is not None and task.id.startswith("ocr:")
        self.prompt.setToolTip(
            self.tr("DashScope's own interface has words of its own for this task; these are for other services.")
            if own
            else ""
        )
        self._show_hint()
        self._fill_prompt()

    def _show_hint(self) -> None:
        task, place = self._tasks.get(self.task_id), max(self.wording.currentIndex(), 0)
        hint = "" if task is None else task.wordings[place - 1].target_hint if place else task.target_hint
        self.schema.set_hint(hint)
        self.target.setPlaceholderText(self.tr("such as {hint}").replace("{hint}", hint) if task else "")

    def _template_text(self) -> str:
        task = self._tasks.get(self.task_id)
        named = self.schema.text if self.takes_schema else self.target.text()
        return task.prompt_for(named, max(self.wording.currentIndex(), 0)) if task else ""

    def _fill_prompt(self) -> None:
        """Show the task's words with the target in them, or what was made of them by hand."""
        edited = self._prompts.get(self.task_id)
        with QSignalBlocker(self.prompt):
            self.prompt.setPlainText(self._template_text() if edited is None else edited)
        self._show_edited()

    def _prompt_edited(self) -> None:
        text = self.prompt.toPlainText()
        if text == self._template_text():
            self._prompts.pop(self.task_id, None)
        else:
            self._prompts[self.task_id] = text
        self._show_edited()
        self.prompts_changed.emit()

    def _reset_prompt(self) -> None:
        self._prompts.pop(self.task_id, None)
        self._fill_prompt()
        self.prompts_changed.emit()

    def _show_edited(self) -> None:
        edited = self.task_id in self._prompts
        self.reset.setVisible(edited)
        self.target.setEnabled(not edited)
        self.target.setToolTip(
            self.tr("The prompt was edited by hand, so nothing is put into it. Reset it to name something here.")
            if edited
            else ""
        )
