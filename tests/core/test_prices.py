"""core.prices: tiers, cached tokens, regions and hosts, exact sums."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qwvis_desktop.core.model_files import bundled_registry
from qwvis_desktop.core.prices import Price, PriceTier, price_for, price_from, region_of

BEIJING, SINGAPORE = "dashscope.aliyuncs.com", "dashscope-intl.aliyuncs.com"
PLUS = bundled_registry().spec("qwen3-vl-plus")


@pytest.mark.parametrize(
    ("host", "region"),
    [
        (BEIJING, "beijing"),
        (SINGAPORE, "singapore"),
        ("dashscope-us.aliyuncs.com", "us"),
        ("cn-hongkong.dashscope.aliyuncs.com", "hongkong"),
        ("batch.dashscope.aliyuncs.com", "beijing"),
        ("llm-x1y2.cn-beijing.maas.aliyuncs.com", "beijing"),
        ("llm-x1y2.ap-southeast-1.maas.aliyuncs.com", "singapore"),
        ("llm-x1y2.eu-central-1.maas.aliyuncs.com", "frankfurt"),
        ("127.0.0.1:8000", "127.0.0.1:8000"),
        ("dashscope.aliyuncs.com.example.org", "dashscope.aliyuncs.com.example.org"),
    ],
)
def test_regions(host: str, region: str) -> None:
    assert region_of(host) == region


@pytest.mark.parametrize(
    ("model", "host", "tokens", "amount", "currency"),
    [  # fact sheet 1.8
        ("qwen3-vl-plus", BEIJING, (1000, 100), "0.002", "CNY"),
        ("qwen3-vl-plus", BEIJING, (32_768, 0), "0.032768", "CNY"),
        ("qwen3-vl-plus", BEIJING, (32_769, 1_000_000), "15.0491535", "CNY"),
        ("qwen3-vl-plus", BEIJING, (200_000, 0), "0.6", "CNY"),
        ("qwen3-vl-plus", SINGAPORE, (1000, 1000), "0.013211", "CNY"),
        ("qwen3-vl-flash", BEIJING, (1000, 1000), "0.00165", "CNY"),
        ("qwen3.6-plus", BEIJING, (300_000, 1000), "2.448", "CNY"),
        ("qwen-vl-max", SINGAPORE, (1000, 0), "0.005871", "CNY"),
        ("qwen-vl-ocr", BEIJING, (1000, 1000), "0.0008", "CNY"),
        ("qwen-vl-ocr", SINGAPORE, (1000, 1000), "0.00023", "USD"),
        ("qwen-vl-ocr-2025-08-28", BEIJING, (1000, 1000), "0.01", "CNY"),
        ("qwen-vl-ocr-2025-11-20", BEIJING, (1000, 1000), "0.0008", "CNY"),
        ("qvq-plus", "batch.dashscope.aliyuncs.com", (1000, 1000), "0.0035", "CNY"),
    ],
)
def test_documented_prices(model: str, host: str, tokens: tuple[int, int], amount: str, currency: str) -> None:
    price = bundled_registry().spec(model).price(host)
    assert price is not None
    cost = price.cost(*tokens)
    assert cost is not None
    assert (cost.amount, cost.currency, cost.as_of) == (Decimal(amount), currency, "2026")


def test_no_price_is_invented() -> None:
    assert PLUS.price("127.0.0.1:8000") is None
    assert PLUS.price("dashscope-us.aliyuncs.com") is None
    assert bundled_registry().spec("qwen3.5-plus").price(BEIJING) is None
    flash = bundled_registry().spec("qwen3-vl-flash").price(SINGAPORE)
    assert flash is not None
    assert flash.cost(32_768) is not None
    assert flash.cost(32_769) is None, "the further tiers of this region are not known"


def test_cached_tokens_cost_less() -> None:
    price = PLUS.price(BEIJING)
    assert price is not None
    whole, cached = price.cost(1000), price.cost(1000, cached_tokens=1000)
    assert whole is not None
    assert cached is not None
    assert cached.amount == whole.amount / 5
    assert price.cost(1000, cached_tokens=5000) == cached, "no more can be cached than there is"


def test_a_price_for_the_host_itself_comes_first() -> None:
    own = Price(BEIJING, "EUR", "2026-11-27", (PriceTier(None, Decimal(7), Decimal(8)),))
    assert price_for((*PLUS.prices, own), BEIJING) is own


@given(st.integers(0, 262_144), st.integers(0, 100_000), st.integers(0, 262_144))
def test_sums_are_exact(input_tokens: int, output_tokens: int, cached: int) -> None:
    price = PLUS.price(BEIJING)
    assert price is not None
    cost = price.cost(input_tokens, output_tokens, cached)
    assert cost is not None
    assert cost.amount.as_tuple().exponent >= -8  # type: ignore[operator]  # a finite number
    assert cost.amount * 10 / 10 == cost.amount >= 0


@pytest.mark.parametrize(
    "entry",
    [
        {"currency": "CNY", "as_of": "2026", "tiers": []},
        {"currency": "CNY", "as_of": "2026", "tiers": [[0, -1, 2]]},
        {"currency": "CNY", "as_of": "2026", "tiers": [[0, 1]]},
        {"currency": "CNY", "as_of": "2026", "tiers": [["32K", 1, 2]]},
        {"currency": "CNY", "as_of": "2026", "tiers": [[0, "1", 2]]},
        {"currency": "yuan", "as_of": "2026", "tiers": [[0, 1, 2]]},
        {"currency": "CNY", "tiers": [[0, 1, 2]]},
        {"as_of": "2026", "tiers": [[0, 1, 2]]},
        {"currency": "CNY", "as_of": "2026", "tiers": [[0, 1, 2]], "cached": True},
    ],
)
def test_what_is_no_price(entry: dict[str, object]) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        price_from("beijing", entry)
