"""core.request.option_rules: what is wrong with options is said before anything is sent."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qwvis_desktop.core.coordinates import ResizeRule
from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.model_files import bundled_registry
from qwvis_desktop.core.request.option_rules import (
    JSON_OBJECT,
    json_schema_format,
    option_issues,
    resize_rule,
    settled,
    without_schema,
)
from qwvis_desktop.core.request.request_options import OPTIONS

PLUS = bundled_registry().spec("qwen3-vl-plus")
NEWER = bundled_registry().spec("qwen3.6-plus")
SCHEMA: dict[str, Any] = {"type": "object", "properties": {"a": {"type": "string"}}}


def refusals(options: dict[str, Any], words: str = "in JSON", model: Any = PLUS) -> list[str]:
    return [issue.option for issue in option_issues(model, options, words) if issue.refused]


@pytest.mark.parametrize(
    "options",
    [
        {"temperature": 0},
        {"temperature": 1.99},
        {"top_p": 1},
        {"top_k": 0},
        {"presence_penalty": -2},
        {"seed": 2**31 - 1},
        {"stop": "END"},
        {"stop": ["END", "STOP"]},
        {"response_format": "json"},
        {"response_format": SCHEMA},
        {"response_format": {"type": "text"}},
        {"enable_thinking": True, "thinking_budget": 1000},
        {"min_pixels": 4096, "max_pixels": 16_777_216},
        {"max_tokens": 32_768},
        {"system": "Be short."},
        {"a_field_nobody_knows": [1]},
    ],
    ids=str,
)
def test_what_the_service_takes_passes(options: dict[str, Any]) -> None:
    assert refusals(options) == []


@pytest.mark.parametrize(
    ("options", "option", "said"),
    [
        ({"temperature": 2}, "temperature", "below 2"),
        ({"temperature": -0.1}, "temperature", "at least 0"),
        ({"temperature": "hot"}, "temperature", "a number"),
        ({"temperature": True}, "temperature", "a number"),
        ({"top_p": 0}, "top_p", "above 0"),
        ({"top_k": 1.5}, "top_k", "a whole number"),
        ({"seed": 2**31}, "seed", "at most 2,147,483,647"),
        ({"enable_thinking": "yes"}, "enable_thinking", "true or false"),
        ({"thinking_budget": 0}, "thinking_budget", "at least 1"),
        ({"max_tokens": 32_769}, "max_tokens", "at most 32,768"),
        ({"max_pixels": 16_777_217}, "max_pixels", "at most 16,777,216"),
        ({"min_pixels": 2_000_000, "max_pixels": 1_000_000}, "min_pixels", "larger than"),
        ({"stop": [1]}, "stop", "words"),
        ({"system": 1}, "system", "text"),
        ({"response_format": "yaml"}, "response_format", "JSON schema"),
        ({"response_format": {"type": "json_schema"}}, "response_format", "schema"),
        ({"response_format": "json", "enable_thinking": True}, "response_format", "thinking"),
        ({"enable_thinking": True, "stream": False}, "stream", "stream"),
    ],
    ids=str,
)
def test_what_it_refuses_is_said(options: dict[str, Any], option: str, said: str) -> None:
    issues = [issue for issue in option_issues(PLUS, options, "json") if issue.refused]
    assert [issue.option for issue in issues] == [option]
    assert said in issues[0].message


def test_json_mode_needs_the_word() -> None:
    assert refusals({"response_format": "json"}, "Read the fields.") == ["response_format"]
    assert refusals({"response_format": "json"}, "Read the fields as Json.") == []


def test_what_excludes_each_other_is_a_note() -> None:
    issues = option_issues(PLUS, {"vl_high_resolution_images": True, "max_pixels": 1_000_000})
    assert [(issue.option, issue.refused) for issue in issues] == [("max_pixels", False)]


def test_what_a_model_does_not_know_is_a_note() -> None:
    issues = option_issues(bundled_registry().spec("qwen2.5-vl-7b-instruct"), {"enable_thinking": True})
    assert [(issue.option, issue.refused) for issue in issues] == [("enable_thinking", False)]


class TestSettled:
    def test_json_mode_switches_thinking_off(self) -> None:
        assert settled(NEWER, {"response_format": "json"}) == {
            "response_format": dict(JSON_OBJECT),
            "enable_thinking": False,
        }

    def test_of_models_without_a_switch_nothing_is_added(self) -> None:
        instruct = bundled_registry().spec("qwen3-vl-8b-instruct")
        assert settled(instruct, {"response_format": "json"}) == {"response_format": dict(JSON_OBJECT)}

    def test_a_schema_gets_its_envelope(self) -> None:
        assert settled(PLUS, {"response_format": SCHEMA})["response_format"] == json_schema_format(SCHEMA)
        assert settled(PLUS, {"stop": "END"}) == {"stop": ["END"]}


class TestResizeRule:
    @pytest.mark.parametrize(
        ("options", "rule"),
        [
            ({}, ResizeRule(32, 65_536, 2_621_440)),
            ({"max_pixels": 1_000_000}, ResizeRule(32, 65_536, 1_000_000)),
            ({"max_pixels": 40_000}, ResizeRule(32, 40_000, 40_000)),
            ({"max_pixels": 99_999_999}, ResizeRule(32, 65_536, 16_777_216)),
            ({"max_pixels": "many"}, ResizeRule(32, 65_536, 2_621_440)),
            ({"min_pixels": 4096}, ResizeRule(32, 4096, 2_621_440)),
            ({"vl_high_resolution_images": True}, ResizeRule(32, 65_536, 16_777_216)),
        ],
        ids=str,
    )
    def test_follows_the_options(self, options: dict[str, Any], rule: ResizeRule) -> None:
        assert resize_rule(PLUS, options) == rule

    @given(st.dictionaries(st.sampled_from(("min_pixels", "max_pixels")), st.integers() | st.text(max_size=3)))
    def test_is_always_usable(self, options: dict[str, Any]) -> None:
        rule = resize_rule(PLUS, options)
        assert 0 < rule.min_pixels <= rule.max_pixels <= PLUS.max_pixels_ceiling
        assert min(rule.resized(Size(640, 480))) >= 1


@given(
    st.dictionaries(st.sampled_from(tuple(OPTIONS)), st.none() | st.booleans() | st.integers() | st.text(max_size=5))
)
def test_no_value_breaks_the_check(options: dict[str, Any]) -> None:
    assert all(issue.message for issue in option_issues(PLUS, options))


def test_plain_json_where_a_schema_is_refused() -> None:
    asked: dict[str, Any] = {"seed": 7, "response_format": json_schema_format({"type": "object"})}
    plain: dict[str, Any] = {"seed": 7, "response_format": {"type": "json_object"}}
    assert without_schema(asked, "json_schema is not supported") == plain
    assert without_schema(asked, "Invalid response_format") == plain
    assert without_schema(asked, "response_format and enable_thinking do not go together") is None
    assert without_schema(asked, "seed is out of range") is None
    assert without_schema(plain, "Invalid response_format") is None
