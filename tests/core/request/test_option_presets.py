from __future__ import annotations

import pytest

from qwvis_desktop.core.model_files import bundled_registry
from qwvis_desktop.core.request.option_presets import PRESETS, Preset, presets_for
from qwvis_desktop.core.request.option_rules import option_issues
from qwvis_desktop.core.tasks import TASKS


@pytest.mark.parametrize("model", ["qwen3.5-plus", "qwen3-vl-plus", "qwen3-vl-8b-thinking", "qwen-vl-max", "qvq-max"])
@pytest.mark.parametrize("task", ["detect", "ask", "document-html", "extract-fields"])
def test_what_is_offered_is_never_refused(model: str, task: str) -> None:
    spec = bundled_registry().spec(model)
    offered = presets_for(TASKS[task], spec)
    assert offered[0] == PRESETS[0]
    for preset in offered:
        assert option_issues(spec, preset.options, "in json") == ()


def test_presets_suit_tasks_and_models() -> None:
    spec = bundled_registry().spec("qwen3-vl-plus")
    assert "JSON only" in {preset.title for preset in presets_for(TASKS["detect"], spec)}
    assert "JSON only" not in {preset.title for preset in presets_for(TASKS["ask"], spec)}
    plain = bundled_registry().spec("qwen2.5-vl-7b-instruct")
    assert "Think first" not in {preset.title for preset in presets_for(TASKS["ask"], plain)}


def test_own_presets_follow_by_name() -> None:
    spec = bundled_registry().spec("qwen3-vl-plus")
    own = {"b": {"seed": 7}, "a": {"seed": 8}, "odd": {"no such option": 1}}
    assert presets_for(TASKS["ask"], spec, own)[-2:] == (Preset("a", {"seed": 8}), Preset("b", {"seed": 7}))
