"""What a request will cost and what it did: estimates before, the service's own count after, and what caps allow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_UP, Decimal

from qwvis_desktop.core.annotation import JsonValue
from qwvis_desktop.core.model_registry import ModelSpec
from qwvis_desktop.core.prices import Cost


@dataclass(frozen=True, slots=True)
class Usage:
    """What the service counted: tokens in, those of them out of its cache, tokens out with those of the reasoning."""

    input: int
    cached: int
    output: int


def usage_of(counted: Mapping[str, JsonValue]) -> Usage | None:
    """Read the ``usage`` of a reply in the words of either interface; None where it holds no count.

    Source: ``qwen-api.md`` 2.7 (compatible) and 3.2 (native). All details are optional.
    """
    input_tokens = _number(counted, "prompt_tokens", "input_tokens")
    output_tokens = _number(counted, "completion_tokens", "output_tokens")
    if input_tokens is None and output_tokens is None:
        return None
    details = counted.get("prompt_tokens_details") or counted.get("input_tokens_details")
    cached = _number(details, "cached_tokens") if isinstance(details, Mapping) else None
    return Usage(input_tokens or 0, cached or 0, output_tokens or 0)


def _number(values: Mapping[str, JsonValue], *names: str) -> int | None:
    found = (values.get(name) for name in names)
    return next((n for n in found if isinstance(n, int) and not isinstance(n, bool) and n >= 0), None)


def cost_at(spec: ModelSpec, host: str, usage: Usage) -> Cost | None:
    """Return what so many tokens cost at ``host``; None where no price is known."""
    price = spec.price(host)
    return None if price is None else price.cost(usage.input, usage.output, usage.cached)


def amount_words(amount: Decimal, currency: str) -> str:
    """Return an amount for people: ``CNY 12.30``, ``CNY 0.0031``; small ones keep two figures and are rounded up."""
    if amount >= 1 or not amount:
        return f"{currency} {amount:,.2f}"
    places = max(2, 1 - amount.adjusted())
    return f"{currency} {amount.quantize(Decimal(1).scaleb(-places), ROUND_UP):f}"


@dataclass(frozen=True, slots=True)
class Caps:
    """The most that may be spent, in ``currency``: on a run, and in a day. 0 means that there is no cap."""

    per_run: Decimal = Decimal(0)
    per_day: Decimal = Decimal(0)
    currency: str = "CNY"


NO_CAPS = Caps()


def cap_refusal(caps: Caps, cost: Cost | None, spent_today: Decimal, before: Decimal = Decimal(0)) -> str:
    """Return why a run must not be sent, in a sentence; empty where it may.

    Args:
        caps: what may be spent.
        cost: what the run is thought to cost; None where no price is known: then nothing can be said against it.
        spent_today: in the currency of the caps.
        before: what the same run did cost already, and is spent; of one that is gone on with.
    """
    if cost is None or cost.currency != caps.currency:
        return ""
    about = amount_words(cost.amount, cost.currency)
    if caps.per_run and before + cost.amount > caps.per_run:
        about = amount_words(before + cost.amount, cost.currency)
        return f"This run would cost about {about}, and the cap for a run is {_words(caps.per_run, caps)}."
    if caps.per_day and spent_today + cost.amount > caps.per_day:
        return (
            f"This run would cost about {about}. {_words(spent_today, caps)} were spent today or are on their way, and "
            f"the cap for a day is {_words(caps.per_day, caps)}."
        )
    return ""


def _words(amount: Decimal, caps: Caps) -> str:
    return amount_words(amount, caps.currency)
