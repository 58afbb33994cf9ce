from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from qwvis_desktop.core.tasks import TASKS
from qwvis_desktop.ui.panels.asking.narrow_combo import narrow_combo
from qwvis_desktop.ui.panels.asking.task_fields import TaskFields


@pytest.fixture
def fields(qtbot: QtBot) -> TaskFields:
    fields = TaskFields()
    for widget in (fields.task, fields.wording, fields.target, fields.schema, fields.prompt, fields.reset):
        qtbot.addWidget(widget)
    fields.set_tasks(TASKS.values(), "detect")
    return fields


@pytest.mark.parametrize(
    "task", [task for task in TASKS.values() if not task.id.startswith("ocr:")], ids=lambda t: t.id
)
def test_each_task_brings_its_own_words(fields: TaskFields, task: object) -> None:
    chosen = next(known for known in TASKS.values() if known is task)
    fields.task.setCurrentIndex(fields.task.findData(chosen.id))
    assert fields.task_id == chosen.id
    assert fields.prompt.toPlainText() == chosen.prompt
    if fields.takes_schema:
        fields.schema.set_text("a {target} of the user's own")
    fields.target.setText("a {target} of the user's own")
    expected = chosen.prompt_for("a {target} of the user's own")
    assert fields.prompt.toPlainText() == expected
    assert (fields.takes_target or fields.takes_schema) is bool(chosen.template)


def test_whether_there_is_something_to_name_is_told(fields: TaskFields) -> None:
    told: list[bool] = []
    fields.takes_target_changed.connect(told.append)
    fields.set_tasks([TASKS["caption"], TASKS["point"]], "")
    fields.task.setCurrentIndex(1)
    assert told == [False, True]


def test_remembered_prompts_are_shown_with_their_task(fields: TaskFields) -> None:
    told: list[None] = []
    fields.prompts_changed.connect(lambda: told.append(None))
    fields.set_prompts({"detect": "Find the screws.", "gone": "kept"})
    assert fields.prompt.toPlainText() == "Find the screws."
    fields.target.setText("cat")
    assert fields.prompt.toPlainText() == "Find the screws."
    assert fields.prompts == {"detect": "Find the screws.", "gone": "kept"}
    assert told == []


def test_a_task_is_put_in_the_words_that_are_chosen(fields: TaskFields) -> None:
    told: list[bool] = []
    fields.has_wordings_changed.connect(told.append)
    fields.task.setCurrentIndex(fields.task.findData("cuboid"))
    assert fields.wording.currentText() == "By category"
    fields.target.setText("black chair")
    fields.wording.setCurrentIndex(1)
    assert fields.prompt.toPlainText().startswith("Locate the black chair in image")
    assert "black chair" in fields.target.placeholderText()
    fields.prompt.setPlainText("Where is it?")
    assert not fields.target.isEnabled()
    fields.wording.setCurrentIndex(3)
    assert "检测图像中的所有black chair" in fields.prompt.toPlainText()
    assert fields.target.isEnabled()
    assert fields.prompts == {}
    fields.task.setCurrentIndex(fields.task.findData("detect"))
    assert fields.prompt.toPlainText() == TASKS["detect"].prompt_for("black chair")
    assert told == [True, False]


def test_without_tasks_there_is_nothing(fields: TaskFields) -> None:
    fields.set_tasks([], "")
    assert (fields.task_id, fields.prompt.toPlainText(), fields.takes_target) == ("", "", False)


def test_a_combo_box_is_as_narrow_as_its_place(qtbot: QtBot) -> None:
    combo = narrow_combo("Task")
    qtbot.addWidget(combo)
    before = combo.minimumSizeHint().width()
    combo.addItem("a very long name of something that nobody can read in one go " * 3)
    assert combo.minimumSizeHint().width() == before
    assert combo.accessibleName() == "Task"
