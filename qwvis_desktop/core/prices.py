"""What a request costs: prices as data, and the sum. Source: ``qwen-api.md`` 1.8; the data are in ``models.toml``.

Amounts are decimals and exact: ten thousand requests of a tenth of a fen each are to add up to what the bill says.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

MILLION = Decimal(1_000_000)

_REGIONS = (
    (re.compile(r"^(batch\.)?dashscope\.aliyuncs\.com$|\.cn-beijing\.maas\."), "beijing"),
    (re.compile(r"^dashscope-intl\.|\.ap-southeast-1\.maas\."), "singapore"),
    (re.compile(r"^dashscope-us\.|\.us-east-1\.maas\."), "us"),
    (re.compile(r"^cn-hongkong\.dashscope\.|\.cn-hongkong\.maas\."), "hongkong"),
    (re.compile(r"\.eu-central-1\.maas\."), "frankfurt"),
    (re.compile(r"\.ap-northeast-1\.maas\."), "tokyo"),
)
"""The regions of the makers' service by host (``qwen-api.md`` 1.1)."""

_HALF_PRICE = re.compile(r"^batch\.dashscope\.")
"""The host whose requests may wait for long and cost half (``qwen-api.md`` 9.1)."""


def region_of(host: str) -> str:
    """Return the region that the prices of a host are listed under; the host itself where it is not the makers'."""
    name = host.lower()
    return next((region for pattern, region in _REGIONS if pattern.search(name)), name)


@dataclass(frozen=True, slots=True)
class PriceTier:
    """The price of a million tokens in a request of no more than ``up_to`` input tokens (None: of any size)."""

    up_to: int | None
    input: Decimal
    output: Decimal


@dataclass(frozen=True, slots=True)
class Cost:
    """An amount of money, and the date of the prices it was worked out with."""

    amount: Decimal
    currency: str
    as_of: str


@dataclass(frozen=True, slots=True)
class Price:
    """What a model costs in a region.

    Attributes:
        region: as ``region_of`` gives it.
        currency: ISO 4217.
        as_of: the date of the price list, as far as it is known ("2026", "2026-11-27").
        tiers: smallest first; the input tokens of the request choose one.
        cached: the part of the price that input tokens out of the cache cost.
    """

    region: str
    currency: str
    as_of: str
    tiers: tuple[PriceTier, ...]
    cached: Decimal = Decimal(1)

    def cost(self, input_tokens: int, output_tokens: int = 0, cached_tokens: int = 0) -> Cost | None:
        """Return what a request costs; None where the list names no price for one of this size.

        Args:
            input_tokens: all of them, also those out of the cache.
            output_tokens: all of them, also those of the reasoning.
            cached_tokens: those of the input that came out of the cache.
        """
        tier = next((tier for tier in self.tiers if tier.up_to is None or input_tokens <= tier.up_to), None)
        if tier is None:
            return None
        cached = min(cached_tokens, input_tokens)
        paid = input_tokens - cached + cached * self.cached
        return Cost((paid * tier.input + output_tokens * tier.output) / MILLION, self.currency, self.as_of)


def price_for(prices: tuple[Price, ...], host: str) -> Price | None:
    """Return the price that holds at ``host``: one listed for the host itself, else for its region; None."""
    by_region = {price.region: price for price in prices}
    price = by_region.get(host.lower()) or by_region.get(region_of(host))
    if price is None or not _HALF_PRICE.search(host.lower()):
        return price
    half = tuple(replace(tier, input=tier.input / 2, output=tier.output / 2) for tier in price.tiers)
    return replace(price, tiers=half)


def price_from(region: str, entry: Mapping[str, Any]) -> Price:
    """Return the price of an entry of ``models.toml``: ``currency``, ``as_of``, ``tiers``, ``cached``.

    A tier is ``[up_to, input, output]``; ``up_to`` 0 means any size.

    Raises:
        KeyError, TypeError, ValueError: something is missing or not what it should be.
    """
    tiers = []
    for up_to, paid_in, paid_out in entry["tiers"]:
        if not isinstance(up_to, int) or up_to < 0:
            raise ValueError(f"a tier reaches up to a number of tokens, not to {up_to!r}")
        tiers.append(PriceTier(up_to or None, _amount(paid_in), _amount(paid_out)))
    if not tiers:
        raise ValueError("there is no tier")
    if not re.fullmatch("[A-Z]{3}", str(entry["currency"])):
        raise ValueError(f"a currency has three letters, such as CNY, not {entry['currency']!r}")
    return Price(
        region.lower(),
        str(entry["currency"]),
        str(entry["as_of"]),
        tuple(sorted(tiers, key=lambda tier: tier.up_to or 1 << 62)),
        _amount(entry.get("cached", 1)),
    )


def _amount(value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or not 0 <= value < MILLION:
        raise ValueError(f"a price is a number that is not negative, not {value!r}")
    return Decimal(value)
