"""core.tasks: the table of tasks and their prompts."""

from __future__ import annotations

import pytest

from qwvis_desktop.core.annotation import Cuboid, Detection, Keypoint, LayoutBlock, TextRegion, VideoEvent
from qwvis_desktop.core.model_files import bundled_registry
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


@pytest.mark.parametrize("task", [task for task in IN_TABLE if task.wordings], ids=lambda task: str(task.id))
def test_each_wording_is_sound(task: Task) -> None:
    titles = [task.wording_title, *(wording.title for wording in task.wordings)]
    assert all(titles)
    assert len(set(titles)) == len(titles)
    for place, wording in enumerate(task.wordings, start=1):
        assert wording.template.count("{target}") == 1
        assert wording.target_hint
        assert task.prompt_for(" ", place) == wording.prompt
        assert "{" not in task.prompt_for("cars", place).replace('{"bbox_3d"', "")
        assert "cars" in task.prompt_for("cars", place)
        assert "json" in wording.prompt.lower()


def test_boxes_in_space_are_asked_for_in_the_makers_words() -> None:
    cuboid = TASKS["cuboid"]
    shape = '[{"bbox_3d":[x_center, y_center, z_center, x_size, y_size, z_size, roll, pitch, yaw],"label":"category"}].'
    assert cuboid.prompt_for("cars").startswith("Find all cars in this image. For each ")
    assert cuboid.prompt_for("cars").endswith(f"The output format required is JSON: {shape}")
    assert (
        cuboid.prompt_for("black chair", 1)
        == "Locate the black chair in image and provide 3D bounding boxes results in JSON format."
    )
    assert (
        cuboid.prompt_for("bottle", 2) == f"Detect the bottle in the image and predict the 3D box. Output JSON: {shape}"
    )
    assert "检测" in cuboid.prompt_for("汽车", 3)


def test_models_that_see_no_space_are_not_asked_for_it() -> None:
    registry = bundled_registry()
    assert set(TASKS["cuboid"].needs) <= set(registry.spec("qwen3-vl-plus").abilities)
    assert not set(TASKS["cuboid"].needs) <= set(registry.spec("qwen2.5-vl-7b-instruct").abilities)
