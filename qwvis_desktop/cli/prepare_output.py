"""What ``qwvis prepare`` prints of a request, whether it is about pictures or about a film."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from qwvis_desktop.cli.output import tell
from qwvis_desktop.cli.services import Service
from qwvis_desktop.core.accounting import Estimate
from qwvis_desktop.core.annotation import JsonValue
from qwvis_desktop.core.annotation_json import json_text
from qwvis_desktop.core.request.costs import amount_words
from qwvis_desktop.core.request.tokens import TokenCount


def tokens_to_json(count: TokenCount) -> JsonValue:
    """Return how many tokens what takes."""
    return {"image": count.image, "video": count.video, "text": count.text, "total": count.total}


def cost_to_json(estimate: Estimate) -> JsonValue:
    """Return what sending costs, and what it costs with a reply of the usual length; None where no price is known."""
    sending, whole = estimate.sending, estimate.whole
    if sending is None:
        return None
    return {
        "amount": float(sending.amount),
        "currency": sending.currency,
        "as_of": sending.as_of,
        "reply_tokens": estimate.reply,
        "amount_with_reply": None if whole is None else float(whole.amount),
    }


def warnings_of(service: Service) -> Iterator[str]:
    """Yield what is wrong with the choice of service and model, in sentences."""
    if not service.model.known:
        yield f'The model "{service.model.id}" is not known. It is taken for one of {service.model.family_title}.'
    if service.profile.needs_key and not service.key:
        yield f'There is no key for "{service.profile.name}". Set DASHSCOPE_API_KEY, or enter it in the window.'


def tell_request(estimate: Estimate, told: Mapping[str, JsonValue]) -> None:
    """Print costs, address and body of a request, and the warnings; ``told`` is what ``prepare --json`` prints."""
    if estimate.cost is not None:
        reply = "with a reply of the usual length" if estimate.whole is not None else "without the reply"
        amount = amount_words(estimate.cost.amount, estimate.cost.currency)
        tell(f"About {amount} {reply}, an estimate by prices of {estimate.cost.as_of}.")
    tell(f"POST {told['url']}")
    tell(json_text(told["body"], indent=1))
    warnings = told["warnings"]
    assert isinstance(warnings, list)
    for warning in warnings:
        tell(f"Note: {warning}")
