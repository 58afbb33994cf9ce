"""core.chat: from what is asked to the request that says it."""

from __future__ import annotations

import pytest

from qwvis_desktop.core.chat import (
    chat_request,
    ocr_options,
    prompt_for_several,
    several_refusal,
)
from qwvis_desktop.core.model_files import bundled_registry
from qwvis_desktop.core.providers.base import TextPart, Tool
from qwvis_desktop.core.tasks import TASKS

TOOL = Tool("zoom", "Look closer.", {"type": "object"})


@pytest.mark.parametrize(("model", "takes"), [("qwen3-vl-plus", True), ("qwen-vl-ocr", False), ("qvq-max", False)])
def test_system_message_and_tools_go_to_those_who_take_them(model: str, takes: bool) -> None:
    spec = bundled_registry().spec(model)
    asked = chat_request(spec, (TextPart("x"),), {"system": "Be short."}, tools=(TOOL,))
    assert (asked.system, asked.tools) == (("Be short.", (TOOL,)) if takes else ("", ()))
    assert "system" not in asked.options


@pytest.mark.parametrize("task", [task for task in TASKS.values() if task.id.startswith("ocr:")], ids=lambda t: t.id)
def test_every_task_of_the_ocr_service_has_its_name_and_a_prompt(task: object) -> None:
    row = TASKS[str(getattr(task, "id", task))]
    assert ocr_options(row, {"a": ""})["ocr_options"] == {
        "task": row.id.removeprefix("ocr:"),
        **({"task_config": {"result_schema": {"a": ""}}} if row.id == "ocr:key_information_extraction" else {}),
    }
    assert row.prompt


def test_other_tasks_have_no_such_option() -> None:
    assert ocr_options(TASKS["detect"], {"a": ""}) == {}


class TestSeveralPictures:
    def test_a_prompt_that_says_it_already_stays(self) -> None:
        prompt = 'Find cats, with the key "image".'
        assert prompt_for_several(TASKS["detect"], prompt, 2) == prompt

    def test_one_picture_is_not_numbered(self) -> None:
        assert prompt_for_several(TASKS["detect"], "Find cats.", 1) == "Find cats."

    @pytest.mark.parametrize(
        ("task", "may"), [("detect", True), ("ask", True), ("document-html", False), ("ocr:text_recognition", False)]
    )
    def test_pages_are_asked_about_one_by_one(self, task: str, may: bool) -> None:
        assert (several_refusal(TASKS[task], 2) == "") == may
        assert several_refusal(TASKS[task], 1) == ""

    def test_there_are_not_too_many(self) -> None:
        assert several_refusal(TASKS["detect"], 250) == ""
        assert "250" in several_refusal(TASKS["detect"], 251)
