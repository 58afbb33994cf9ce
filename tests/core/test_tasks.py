"""core.tasks: the table of tasks and their prompts."""

from __future__ import annotations

import pytest

from qwvis_desktop.core.annotation import Cuboid, Detection, Keypoint, LayoutBlock, TextRegion, VideoEvent
from qwvis_desktop.core.model_registry import bundled_registry
from qwvis_desktop.core.tasks import TASKS, ReplyShape, Task

KINDS = {kind.kind for kind in (Detection, Keypoint, TextRegion, LayoutBlock, Cuboid, VideoEvent)}
IN_TABLE = list(TASKS.values())


@pytest.mark.parametrize("task", IN_TABLE, ids=lambda task: str(task.id))
def test_each_task_is_sound(task: Task) -> None:
    assert TASKS[task.id] is task
    assert task.title
    assert set(task.kinds) <= KINDS
    assert task.template.count("{target}") == (1 if task.template else 0)
    assert bool(task.target_hint) == bool(task.template)
    assert "{target}" not in task.prompt
    assert set(task.media) <= {"image", "video"}
    if task.shape is ReplyShape.PROSE:
        assert not task.kinds
    abilities = {ability for family in bundled_registry().families.values() for ability in family["abilities"]}
    assert set(task.needs) <= abilities


def test_the_command_lines_tasks_are_there() -> None:
    assert {
        "detect",
        "point",
        "cuboid",
        "spot-text",
        "read-text",
        "extract-fields",
        "document-html",
        "document-markdown",
        "video-events",
        "video-boxes",
        "ask",
        "caption",
        "solve",
        "code",
        "ocr:advanced_recognition",
        "ocr:key_information_extraction",
        "ocr:table_parsing",
        "ocr:document_parsing",
        "ocr:formula_recognition",
        "ocr:multi_lan",
        "ocr:text_recognition",
    } == set(TASKS)


def test_what_is_named_goes_into_the_blank() -> None:
    prompt = TASKS["detect"].prompt_for("  sheep, {dog} ")
    assert '"sheep, {dog}"' in prompt


@pytest.mark.parametrize("nothing", ["", "  \n"])
def test_nothing_named(nothing: str) -> None:
    assert TASKS["detect"].prompt_for(nothing) == TASKS["detect"].prompt


def test_a_task_without_blank_ignores_names() -> None:
    assert TASKS["caption"].prompt_for("sheep") == TASKS["caption"].prompt


@pytest.mark.parametrize("task", ["detect", "point", "cuboid", "spot-text", "extract-fields", "video-boxes"])
def test_structured_prompts_say_json(task: str) -> None:
    # JSON mode refuses a request whose prompt does not hold the word (fact sheet, 2.5).
    assert "json" in TASKS[task].prompt.lower()
