"""What services say instead of an answer, and what it means: the table of codes, causes and remedies.

Source: ``qwen-api.md`` 2.11. Each sentence says what happened, why, and what to do now; ``{host}``, ``{url}``,
``{model}`` and ``{status}`` are filled in.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from qwvis_desktop.core.providers.base import (
    BadReply,
    BadRequest,
    ConnectionFailed,
    Forbidden,
    NotFound,
    ProviderError,
    RateLimited,
    ServiceFailed,
    Unauthorized,
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a service said instead of an answer.

    Attributes:
        status: the HTTP status.
        code: the service's own word for it, ``""`` where it gave none.
        message: its sentence.
        request_id: what its support asks for.
        text: the body as it came.
    """

    status: int
    code: str = ""
    message: str = ""
    request_id: str = ""
    text: str = ""

    @classmethod
    def read(cls, status: int, text: str) -> Refusal:
        """Read a body of either route, of a local server, or of a gateway that knows no JSON."""
        try:
            data = json.loads(text)
        except ValueError:
            return cls(status, message=plain(text), text=text)
        if not isinstance(data, dict):
            return cls(status, message=plain(text), text=text)
        return cls.of(status, data, text)

    @classmethod
    def of(cls, status: int, data: Mapping[str, object], text: str) -> Refusal:
        """Read an error object: ``{"error": {...}}``, ``{"code", "message"}``, ``{"detail"}``."""
        inner = data.get("error", data)
        fields: Mapping[str, object] = inner if isinstance(inner, dict) else {"message": inner}
        message = fields.get("message") or fields.get("detail") or ""
        return cls(
            status,
            code=str(fields.get("code") or fields.get("type") or ""),
            message=_detail(message),
            request_id=str(data.get("request_id") or fields.get("request_id") or ""),
            text=text,
        )


def _detail(message: object) -> str:
    """Return a message as words; ``detail`` of FastAPI servers is a list of ``{"loc", "msg"}``."""
    if isinstance(message, list):
        return "; ".join(_detail(item) for item in message)
    if isinstance(message, dict) and "msg" in message:
        place = message.get("loc")
        where = ".".join(str(part) for part in place) if isinstance(place, list) else ""
        return f"{where}: {message['msg']}" if where else str(message["msg"])
    return message if isinstance(message, str) else json.dumps(message, ensure_ascii=False)


def plain(text: str) -> str:
    """Return the words of a body that is no JSON: the title of a page, or its first line."""
    title = re.search(r"<title[^>]*>(.*?)</title>", text, re.I | re.S)
    words = title.group(1) if title else re.sub(r"<[^>]*>", " ", text)
    return " ".join(words.split())[:200]


@dataclass(frozen=True, slots=True)
class Cause:
    """A row of the table: where the code or message matches ``pattern``, this is why and what to do.

    ``kind`` and ``transient`` overrule what the status says; ``wait`` is how many seconds to wait before another try
    where the service does not say it.
    """

    pattern: str
    sentence: str
    kind: type[ProviderError] | None = None
    transient: bool | None = None
    wait: float | None = None


CAUSES = (
    Cause(
        "PrepaidBillOverdue|PostpaidBillOverdue|CommodityNotPurchased|Arrearage",
        "The account is unpaid or the service is not bought. Settle this in the console of the service, "
        "then run again.",
        transient=False,
    ),
    Cause(
        "FreeTierOnly|free tier",
        "The free quota of this model is used up. Allow paid use in the console of the service, or choose another "
        "model.",
    ),
    Cause("Unpurchased", "The service is not activated for this account. Activate it in its console, then run again."),
    Cause(
        "DataInspection(?!.*download)|data_inspection|inappropriate content",
        "The service's content check refused the picture or the prompt. Use another picture or other words.",
    ),
    Cause("BurstRate|burst_rate", "Requests came too fast one after another. Wait a little, then run again.", wait=5.0),
    Cause(
        "AllocationQuota\\b|insufficient_quota",
        "The tokens of this minute are used up. Wait a minute, then run again.",
        wait=30.0,
    ),
    Cause(
        "policy.*expired",
        "The permission to use an uploaded picture has expired. Run again; it is uploaded anew then.",
    ),
    Cause(
        "failed to download multimodal|download the media resource|InvalidURL|Missing Content-Length of multimodal|"
        "InvalidParameter.DataInspection",
        "The service could not fetch the picture from its address. Check that the address can be reached from "
        "everywhere, or send the picture itself.",
        BadRequest,
        transient=False,
    ),
    Cause(
        "sequence images shall be",
        "The film has too few or too many frames for this model. Take 4 to 512 frames.",
    ),
    Cause(
        "video file is too (long|short)|video.*too (long|short)",
        "The film is longer or shorter than this model takes. Cut it, then run again.",
    ),
    Cause(
        "last message must be user|role must be user",
        "The conversation is not in the order that the service takes: the last word must be the user's. "
        "Begin a new conversation.",
        BadRequest,
        transient=False,
    ),
    Cause(
        r"model.*not.*(found|exist|supported)|model_not_(found|supported)|not found, try pulling",
        "The service does not know the model '{model}'. Check the spelling, or choose one it offers; "
        "some models exist only in some regions.",
        NotFound,
    ),
    Cause(
        "for non-streaming|only support stream|not support http call",
        "This model only answers as a stream. Leave out the option 'stream', then run again.",
    ),
    Cause(
        "(json mode|response_format).*enable_thinking",
        "JSON mode and thinking do not go together. Switch one of them off, then run again.",
    ),
    Cause(
        "url error, please check url",
        "The model '{model}' is not served at this address. Check the base URL ({url}) and the model.",
        NotFound,
    ),
    Cause(
        "enable_thinking.*restricted to True",
        "This model always thinks. Leave thinking on, or choose a model that can do without.",
    ),
    Cause("thinking_budget", "The thinking budget is outside what this model takes. Choose a smaller one."),
    Cause(
        "Range of input length|maximum context length|exceeds the available context",
        "The request is longer than the model takes. Send a smaller picture or a shorter prompt.",
    ),
    Cause("Range of max_tokens", "The limit 'max_tokens' is above what this model writes. Choose a smaller one."),
    Cause(
        "contain the word .?json",
        "JSON mode needs the word 'json' in the prompt. Add it to the prompt, then run again.",
    ),
    Cause(
        "max bytes per data-uri|file size is too large|request_too_large|too large|entity too large",
        "The picture is larger than the service takes in one request. Send a smaller one.",
    ),
    Cause(
        "length and width do not meet",
        "The service takes no picture with a side of 10 pixels or less, or a ratio of sides over 200:1.",
    ),
    Cause(
        "Failed to decode|cannot identify image",
        "The service could not read the picture. Save it as JPEG or PNG and try again.",
    ),
    Cause(
        "does not support (image|vision)|not a multimodal|image input is not supported|missing data required for image|"
        "At most 0 image",
        "The model '{model}' takes no pictures. Choose one that sees.",
    ),
)

_KINDS: dict[int, type[ProviderError]] = {
    401: Unauthorized,
    403: Forbidden,
    404: NotFound,
    405: NotFound,
    407: ConnectionFailed,
    408: ServiceFailed,
    429: RateLimited,
}

SENTENCES: dict[type[ProviderError], str] = {
    Unauthorized: "The service at {host} does not accept the key. Check that it is complete and of the same "
    "region as the address; keys of one region are refused in another.",
    Forbidden: "The key may not use this model or service at {host}. Check its permissions in the console of the "
    "service.",
    NotFound: "The service at {host} knows no such address or model. Check the base URL ({url}) and the model "
    "'{model}'.",
    RateLimited: "The service at {host} takes no more requests just now. Wait a little, then run again.",
    BadRequest: "The service at {host} refuses the request.",
    ServiceFailed: "The service at {host} failed (status {status}). This is not your fault; try again in a little "
    "while.",
    BadReply: "The address {url} answered, but not as a model service does (status {status}). Check the base URL.",
    ConnectionFailed: "The proxy in between asks for a name and password. Set it up in the system's network settings.",
}


def kind_of(status: int) -> type[ProviderError]:
    """Return the error that an HTTP status stands for."""
    if status in _KINDS:
        return _KINDS[status]
    if status >= 500:
        return ServiceFailed
    return BadRequest if status >= 400 else BadReply
