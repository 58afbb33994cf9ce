"""core.request.option_kinds: what holds for an option where a model tells it."""

from __future__ import annotations

import pytest

from qwvis_desktop.core.annotation import JsonValue
from qwvis_desktop.core.model_files import bundled_registry
from qwvis_desktop.core.request.option_kinds import OptionKind, RequestOption
from qwvis_desktop.core.request.request_options import OPTIONS

PLUS = bundled_registry().spec("qwen3-vl-plus")


@pytest.mark.parametrize(
    ("option", "expected"),
    [  # fact sheet, 1.4, 1.5 and 2.4
        ("temperature", (0, 2)),
        ("max_pixels", (4_096, 16_777_216)),
        ("max_tokens", (1, 32_768)),
        ("thinking_budget", (1, 81_920)),
        ("max_frames", (4, 2_000)),
    ],
)
def test_ranges_are_those_of_the_model(option: str, expected: tuple[float, float]) -> None:
    assert OPTIONS[option].range_for(PLUS) == expected


@pytest.mark.parametrize(("default", "expected"), [(3, 3), (lambda model: model.id, "qwen3-vl-plus"), (None, None)])
def test_a_default_is_a_value_or_told_by_the_model(default: JsonValue, expected: JsonValue) -> None:
    option = RequestOption(id="x", title="X", hint="", kind=OptionKind.WHOLE, default=default)
    assert option.default_for(PLUS) == expected
