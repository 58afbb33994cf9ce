from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot
from widgets import child, press, write

from qwvis_desktop.core.coordinates import CoordinateSpace
from qwvis_desktop.core.tasks import TASKS
from qwvis_desktop.ui.panels.asking.prompt import PromptPanel, PromptState, ProviderChoice

CHOICES = (
    ProviderChoice("Offline OCR", "on this computer"),
    ProviderChoice("DashScope", "dashscope-intl", needs_key=True),
    ProviderChoice("Local", "http://127.0.0.1:8000/v1", needs_key=True, has_key=True),
)


@pytest.fixture
def panel(qtbot: QtBot) -> PromptPanel:
    panel = PromptPanel()
    qtbot.addWidget(panel)
    panel.set_providers(CHOICES, "Local")
    panel.set_models(["qwen3-vl-plus", "qwen2.5-vl-7b-instruct"], "qwen3-vl-plus")
    panel.show()
    return panel


def choose(combo: QComboBox, text: str) -> None:
    combo.setCurrentText(text)


def prompt(panel: PromptPanel) -> QPlainTextEdit:
    return child(panel, QPlainTextEdit)


def test_what_is_entered_is_told(panel: PromptPanel) -> None:
    panel.set_target("person, car")
    panel.set_space(CoordinateSpace.SENT_PIXELS)
    assert panel.state() == PromptState(
        provider="Local",
        model="qwen3-vl-plus",
        task="detect",
        target="person, car",
        prompt=TASKS["detect"].prompt_for("person, car"),
        space=CoordinateSpace.SENT_PIXELS,
    )


def test_filling_it_tells_nothing(panel: PromptPanel, qtbot: QtBot) -> None:
    told: list[str] = []
    for signal in (panel.provider_changed, panel.model_changed, panel.task_changed):
        signal.connect(told.append)
    panel.space_changed.connect(lambda space: told.append(str(space)))
    panel.prompts_changed.connect(lambda: told.append("prompts"))
    panel.set_providers(CHOICES, "DashScope")
    panel.set_models(["a", "b"], "b")
    panel.set_tasks([TASKS["ask"], TASKS["point"]], "point")
    panel.set_prompts({"ask": "Why?"})
    panel.set_space(CoordinateSpace.RELATIVE_1)
    panel.set_target("x")
    assert told == []
    assert panel.state().model == "b"


def test_choices_are_told(panel: PromptPanel) -> None:
    told: list[object] = []
    for signal in (panel.provider_changed, panel.model_changed, panel.task_changed, panel.space_changed):
        signal.connect(told.append)
    choose(child(panel, QComboBox, "Service"), "DashScope")
    choose(child(panel, QComboBox, "Task"), TASKS["ask"].title)
    choose(child(panel, QComboBox, "Coordinates"), "Fractions (0 to 1)")
    assert told == ["DashScope", "ask", CoordinateSpace.RELATIVE_1]


def test_a_model_can_be_written(panel: PromptPanel, qtbot: QtBot) -> None:
    told: list[str] = []
    panel.model_changed.connect(told.append)
    model = child(panel, QComboBox, "Model")
    model.setEditText("  my/Qwen3-VL-finetune ")
    press(model.lineEdit(), Qt.Key.Key_Return)
    press(model.lineEdit(), Qt.Key.Key_Return)
    assert told == ["my/Qwen3-VL-finetune"]
    assert panel.state().model == "my/Qwen3-VL-finetune"
    panel.set_models(["a", "b"])
    assert panel.state().model == "my/Qwen3-VL-finetune"


def test_a_model_that_is_still_being_written_is_told_before_it_is_used(panel: PromptPanel) -> None:
    told: list[str] = []
    panel.model_changed.connect(told.append)
    child(panel, QComboBox, "Model").setEditText("qwen2.5-vl-72b")
    assert told == []
    assert panel.state().model == "qwen2.5-vl-72b"
    assert told == ["qwen2.5-vl-72b"]


def test_the_target_goes_into_the_prompt(panel: PromptPanel, qtbot: QtBot) -> None:
    target = child(panel, QLineEdit, "Look for")
    assert target.placeholderText() == "such as person, car, traffic light"
    write(target, "cat")
    assert '"cat"' in prompt(panel).toPlainText()
    target.clear()
    assert prompt(panel).toPlainText() == TASKS["detect"].prompt


def test_tasks_that_name_nothing_have_no_target(panel: PromptPanel) -> None:
    panel.set_target("cat")
    choose(child(panel, QComboBox, "Task"), TASKS["caption"].title)
    assert not child(panel, QLineEdit, "Look for").isVisible()
    assert panel.state().target == ""
    choose(child(panel, QComboBox, "Task"), TASKS["point"].title)
    assert child(panel, QLineEdit, "Look for").isVisible()


def test_an_edited_prompt_is_remembered_for_its_task(panel: PromptPanel, qtbot: QtBot) -> None:
    changes: list[None] = []
    panel.prompts_changed.connect(lambda: changes.append(None))
    prompt(panel).setPlainText("Find the screws.")
    choose(child(panel, QComboBox, "Task"), TASKS["ask"].title)
    assert prompt(panel).toPlainText() == TASKS["ask"].prompt
    choose(child(panel, QComboBox, "Task"), TASKS["detect"].title)
    assert prompt(panel).toPlainText() == "Find the screws."
    assert panel.prompts == {"detect": "Find the screws."}
    assert len(changes) == 1
    assert not child(panel, QLineEdit, "Look for").isEnabled()


def test_reset_brings_the_words_of_the_task_back(panel: PromptPanel) -> None:
    panel.set_target("cat")
    reset = next(button for button in panel.findChildren(QToolButton) if button.text() == "Reset")
    assert not reset.isVisible()
    prompt(panel).setPlainText("Find the screws.")
    assert reset.isVisible()
    reset.click()
    assert prompt(panel).toPlainText() == TASKS["detect"].prompt_for("cat")
    assert (panel.prompts, reset.isVisible()) == ({}, False)


def test_a_prompt_that_is_the_tasks_own_again_is_not_kept(panel: PromptPanel) -> None:
    prompt(panel).setPlainText("Find the screws.")
    prompt(panel).setPlainText(TASKS["detect"].prompt)
    assert panel.prompts == {}


def test_the_ocr_service_may_have_words_of_its_own(panel: PromptPanel) -> None:
    task = TASKS["ocr:table_parsing"]
    panel.set_tasks([task, TASKS["detect"]], task.id)
    assert panel.state().prompt == task.prompt
    assert "words of its own" in prompt(panel).toolTip()
    panel.set_tasks([task, TASKS["detect"]], "detect")
    assert prompt(panel).toolTip() == ""


def test_a_task_that_goes_makes_room_for_the_first(panel: PromptPanel) -> None:
    panel.set_tasks([TASKS["spot-text"], TASKS["read-text"]])
    assert panel.state().task == "spot-text"
    assert panel.state().prompt == TASKS["spot-text"].prompt


def test_run_and_stop_are_one_or_the_other(panel: PromptPanel, qtbot: QtBot) -> None:
    told: list[str] = []
    panel.run_requested.connect(lambda: told.append("run"))
    panel.stop_requested.connect(lambda: told.append("stop"))
    run, stop = child(panel, QPushButton, "Run"), child(panel, QPushButton, "Stop")
    assert (run.isEnabled(), stop.isEnabled()) == (True, False)
    assert run.width() == stop.width()
    run.click()
    panel.set_busy(True)
    assert (run.isEnabled(), stop.isEnabled()) == (False, True)
    stop.click()
    panel.set_busy(False)
    assert (run.isEnabled(), told) == (True, ["run", "stop"])


def test_what_hinders_a_run_is_said(panel: PromptPanel) -> None:
    panel.set_obstacle("Open a picture first.")
    run = child(panel, QPushButton, "Run")
    assert not run.isEnabled()
    assert run.toolTip() == "Open a picture first."
    panel.set_obstacle("")
    assert run.isEnabled()


def test_a_missing_key_is_asked_for(panel: PromptPanel) -> None:
    told: list[None] = []
    panel.key_requested.connect(lambda: told.append(None))
    enter = next(button for button in panel.findChildren(QPushButton) if "key" in button.text())
    assert not enter.isVisible()
    choose(child(panel, QComboBox, "Service"), "DashScope")
    assert enter.isVisible()
    assert not child(panel, QPushButton, "Run").isEnabled()
    enter.click()
    assert len(told) == 1
    panel.set_providers((ProviderChoice("DashScope", needs_key=True, has_key=True),))
    assert not enter.isVisible()
    assert child(panel, QPushButton, "Run").isEnabled()


def test_what_the_model_was_taken_for_is_said(panel: PromptPanel) -> None:
    label = next(w for w in panel.findChildren(QWidget) if w.accessibleName() == "What the model was recognised as")
    assert not label.isVisible()
    panel.set_family("Qwen3-VL, thousandths")
    assert label.isVisible()
    panel.set_family("Not recognised, read as Qwen3-VL", recognised=False)
    assert label.tone == "warning"  # type: ignore[attr-defined]  # found by its name
