"""core.request.request_options: the table is whole, and each model is offered what it knows."""

from __future__ import annotations

import pytest

from qwvis_desktop.core.annotation import JsonValue
from qwvis_desktop.core.model_files import bundled_registry
from qwvis_desktop.core.request.option_kinds import OptionKind
from qwvis_desktop.core.request.option_rules import option_issues
from qwvis_desktop.core.request.request_options import OPTIONS, options_for

MODELS = bundled_registry().known_models


def offered(model: str) -> set[str]:
    return {option.id for option in options_for(bundled_registry().spec(model))}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.id)
def test_what_holds_by_default_is_allowed(model: object) -> None:
    spec = bundled_registry().spec(str(getattr(model, "id", model)))
    for option in options_for(spec):
        value = option.default_for(spec)
        if value is not None:
            alone = {option.id: value}
            assert [issue for issue in option_issues(spec, alone, "json") if issue.refused] == [], option.id


@pytest.mark.parametrize("option", OPTIONS.values(), ids=lambda option: option.id)
def test_every_option_says_what_it_is(option: object) -> None:
    row = OPTIONS[str(getattr(option, "id", option))]
    assert row.title
    assert row.hint.endswith(".")
    assert all(other in OPTIONS for other in row.excludes)
    assert (row.low is not None or row.high is not None) <= (row.kind in (OptionKind.WHOLE, OptionKind.NUMBER))


@pytest.mark.parametrize(
    ("model", "known", "unknown"),
    [
        ("qwen3.6-plus", {"enable_thinking", "thinking_budget", "response_format", "system"}, set()),
        ("qwen3-vl-plus", {"enable_thinking", "vl_high_resolution_images", "response_format"}, set()),
        ("qwen3-vl-8b-instruct", {"response_format"}, {"enable_thinking", "thinking_budget"}),
        ("qwen3-vl-8b-thinking", {"thinking_budget"}, {"enable_thinking", "response_format"}),
        ("qwen2.5-vl-7b-instruct", {"max_pixels"}, {"vl_high_resolution_images", "enable_thinking"}),
        ("qvq-max", {"thinking_budget"}, {"system", "enable_thinking", "response_format"}),
        ("qwen-vl-ocr", {"min_pixels", "max_pixels"}, {"system", "max_tokens", "response_format", "enable_thinking"}),
    ],
)
def test_models_are_offered_what_they_know(model: str, known: set[str], unknown: set[str]) -> None:
    assert known <= offered(model)
    assert not unknown & offered(model)


@pytest.mark.parametrize(
    ("model", "option", "default"),
    [
        ("qwen3.6-plus", "enable_thinking", True),
        ("qwen3-vl-plus", "enable_thinking", False),
        ("qwen3-vl-plus", "temperature", 0.7),
        ("qwen3.6-plus", "temperature", 0.6),
        ("qwen3-vl-32b-thinking", "temperature", 0.8),
        ("qwen-vl-max", "temperature", 0.01),
        ("qvq-max", "top_k", 10),
        ("qwen3-vl-plus", "max_pixels", 2_621_440),
        ("qwen-vl-ocr", "min_pixels", 3072),
        ("qwen3-vl-plus", "max_tokens", 32_768),
    ],
)
def test_defaults_are_the_documented_ones(model: str, option: str, default: JsonValue) -> None:
    assert OPTIONS[option].default_for(bundled_registry().spec(model)) == default
