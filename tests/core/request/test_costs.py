"""core.request.costs: usage as services write it, amounts for people, and what caps allow."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qwvis_desktop.core.annotation import JsonValue
from qwvis_desktop.core.model_files import bundled_registry
from qwvis_desktop.core.prices import Cost
from qwvis_desktop.core.request.costs import NO_CAPS, Caps, Usage, amount_words, cap_refusal, cost_at, usage_of


@pytest.mark.parametrize(
    ("counted", "usage"),
    [
        (
            {
                "prompt_tokens": 1270,
                "completion_tokens": 54,
                "prompt_tokens_details": {"image_tokens": 1247, "cached_tokens": 1024},
            },
            Usage(1270, 1024, 54),
        ),
        (
            {"input_tokens": 1268, "output_tokens": 54, "input_tokens_details": {"text_tokens": 21}},
            Usage(1268, 0, 54),
        ),
        ({"prompt_tokens": 5}, Usage(5, 0, 0)),
        ({"prompt_tokens": 5, "prompt_tokens_details": None}, Usage(5, 0, 0)),
        ({"prompt_tokens": 5, "prompt_tokens_details": {"cached_tokens": None}}, Usage(5, 0, 0)),
        ({"prompt_tokens": "5", "completion_tokens": True}, None),
        ({"prompt_tokens": -5}, None),
        ({}, None),
    ],
)
def test_usage_in_the_words_of_both_interfaces(counted: dict[str, JsonValue], usage: Usage | None) -> None:
    assert usage_of(counted) == usage


def test_what_it_cost() -> None:
    spec = bundled_registry().spec("qwen3-vl-plus")
    cost = cost_at(spec, "dashscope.aliyuncs.com", Usage(2000, 1000, 500))
    assert cost is not None
    assert cost.amount == Decimal("0.0062")  # 1000 x 1 + 1000 x 0.2 + 500 x 10, in millionths
    assert cost_at(spec, "127.0.0.1:8000", Usage(2000, 0, 0)) is None


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", "CNY 0.00"),
        ("0.0031", "CNY 0.0031"),
        ("0.00310001", "CNY 0.0032"),
        ("0.000004", "CNY 0.0000040"),
        ("0.5", "CNY 0.50"),
        ("0.999", "CNY 1.00"),
        ("1.005", "CNY 1.00"),
        ("1234.5", "CNY 1,234.50"),
    ],
)
def test_amounts_for_people(amount: str, words: str) -> None:
    assert amount_words(Decimal(amount), "CNY") == words


@given(st.decimals("0", "1000000", places=12))
def test_a_small_amount_is_never_shown_as_nothing(amount: Decimal) -> None:
    shown = Decimal(amount_words(amount, "CNY").removeprefix("CNY ").replace(",", ""))
    assert (shown == 0) == (amount == 0)
    assert abs(shown - amount) <= max(amount / 5, Decimal("0.005")) if amount >= 1 else shown >= amount


def cost(amount: str, currency: str = "CNY") -> Cost:
    return Cost(Decimal(amount), currency, "2026")


CAPS = Caps(Decimal(1), Decimal(10))


@pytest.mark.parametrize(
    ("caps", "expected", "spent", "why"),
    [
        (NO_CAPS, cost("1000"), "1000", ""),
        (CAPS, cost("1"), "9", ""),
        (CAPS, cost("1.01"), "0", "the cap for a run is CNY 1.00"),
        (CAPS, cost("1"), "9.01", "the cap for a day is CNY 10.00"),
        (CAPS, None, "9.9", ""),
        (CAPS, cost("50", "USD"), "0", ""),
        (Caps(per_day=Decimal(2)), cost("1"), "1.5", "CNY 1.50 were spent today"),
    ],
)
def test_caps(caps: Caps, expected: Cost | None, spent: str, why: str) -> None:
    refusal = cap_refusal(caps, expected, Decimal(spent))
    assert why in refusal
    assert bool(refusal) is bool(why)
