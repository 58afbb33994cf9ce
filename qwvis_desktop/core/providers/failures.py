"""What went wrong, told to people: HTTP answers and broken connections become the error tree of ``base``.

The codes and their causes: ``qwen-api.md`` 2.11. Each sentence says what happened, why, and what to do now.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from time import time
from urllib.parse import urlsplit

import httpx2

from qwvis_desktop.core.providers.base import (
    BadReply,
    BadRequest,
    ConnectionFailed,
    Forbidden,
    NotFound,
    ProviderError,
    RateLimited,
    ServiceFailed,
    TimedOut,
    Unauthorized,
)
from qwvis_desktop.core.providers.redaction import redact

_MAX_DETAILS = 2000


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
            return cls(status, message=_plain(text), text=text)
        if not isinstance(data, dict):
            return cls(status, message=_plain(text), text=text)
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


def _plain(text: str) -> str:
    """Return the words of a body that is no JSON: the title of a page, or its first line."""
    title = re.search(r"<title[^>]*>(.*?)</title>", text, re.I | re.S)
    words = title.group(1) if title else re.sub(r"<[^>]*>", " ", text)
    return " ".join(words.split())[:200]


@dataclass(frozen=True, slots=True)
class _Cause:
    """A row of the table: where the code or message matches, this is why and what to do."""

    pattern: str
    sentence: str
    kind: type[ProviderError] | None = None
    transient: bool | None = None


_CAUSES = (
    _Cause(
        "PrepaidBillOverdue|PostpaidBillOverdue|CommodityNotPurchased|Arrearage",
        "The account is unpaid or the service is not bought. Settle this in the console of the service, then run again.",
        transient=False,
    ),
    _Cause(
        "FreeTierOnly|free tier",
        "The free quota of this model is used up. Allow paid use in the console of the service, or choose another model.",
    ),
    _Cause("Unpurchased", "The service is not activated for this account. Activate it in its console, then run again."),
    _Cause(
        "DataInspection(?!.*download)|data_inspection|inappropriate content",
        "The service's content check refused the picture or the prompt. Use another picture or other words.",
    ),
    _Cause("BurstRate|burst_rate", "Requests came too fast one after another. Wait a little, then run again."),
    _Cause(
        "AllocationQuota$|insufficient_quota",
        "The tokens of this minute are used up. Wait a minute, then run again.",
    ),
    _Cause(
        r"model.*not.*(found|exist|supported)|model_not_(found|supported)|not found, try pulling",
        "The service does not know the model '{model}'. Check the spelling, or choose one it offers; "
        "some models exist only in some regions.",
        NotFound,
    ),
    _Cause(
        "enable_thinking.*restricted to True",
        "This model always thinks. Leave thinking on, or choose a model that can do without.",
    ),
    _Cause("thinking_budget", "The thinking budget is outside what this model takes. Choose a smaller one."),
    _Cause(
        "Range of input length|maximum context length|exceeds the available context",
        "The request is longer than the model takes. Send a smaller picture or a shorter prompt.",
    ),
    _Cause("Range of max_tokens", "The limit 'max_tokens' is above what this model writes. Choose a smaller one."),
    _Cause(
        "contain the word .?json",
        "JSON mode needs the word 'json' in the prompt. Add it to the prompt, then run again.",
    ),
    _Cause(
        "max bytes per data-uri|file size is too large|request_too_large|too large|entity too large",
        "The picture is larger than the service takes in one request. Send a smaller one.",
    ),
    _Cause(
        "length and width do not meet",
        "The service takes no picture with a side of 10 pixels or less, or a ratio of sides over 200:1.",
    ),
    _Cause(
        "Failed to decode|cannot identify image",
        "The service could not read the picture. Save it as JPEG or PNG and try again.",
    ),
    _Cause(
        "does not support (image|vision)|not a multimodal|image input is not supported|no multimodal",
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

_SENTENCES: dict[type[ProviderError], str] = {
    Unauthorized: "The service at {host} does not accept the key. Check that it is complete and of the same "
    "region as the address; keys of one region are refused in another.",
    Forbidden: "The key may not use this model or service at {host}. Check its permissions in the console of the service.",
    NotFound: "The service at {host} knows no such address or model. Check the base URL ({url}) and the model '{model}'.",
    RateLimited: "The service at {host} takes no more requests just now. Wait a little, then run again.",
    BadRequest: "The service at {host} refuses the request.",
    ServiceFailed: "The service at {host} failed (status {status}). This is not your fault; try again in a little while.",
    BadReply: "The address {url} answered, but not as a model service does (status {status}). Check the base URL.",
    ConnectionFailed: "The proxy in between asks for a name and password. Set it up in the system's network settings.",
}

_NO_KEY = "The service at {host} asks for a key, and there is none. Enter one in the settings of this provider."
_CODING_PLAN = " This key starts with 'sk-sp-': it belongs to a Coding Plan and is refused by the ordinary service. Use an ordinary key."


def _kind_of(status: int) -> type[ProviderError]:
    if status in _KINDS:
        return _KINDS[status]
    if status >= 500:
        return ServiceFailed
    return BadRequest if status >= 400 else BadReply


@dataclass(frozen=True, slots=True)
class Failures:
    """Translates what goes wrong with requests to one address.

    Attributes:
        url: the address asked.
        model: the model asked for.
        key: the key in use, to be kept out of every text.
    """

    url: str
    model: str = ""
    key: str | None = None

    def __repr__(self) -> str:
        return f"Failures(url={self.redacted(self.url)!r})"

    @property
    def host(self) -> str:
        """The host and port for people."""
        return urlsplit(self.url).netloc.rpartition("@")[2]

    def redacted(self, text: str) -> str:
        """Return ``text`` without the key."""
        return redact(text, (self.key,) if self.key else ())

    def refused(self, refusal: Refusal, headers: Mapping[str, str] | None = None) -> ProviderError:
        """Return the error for what a service said instead of an answer."""
        said = f"{refusal.code} {refusal.message}"
        cause = next((row for row in _CAUSES if re.search(row.pattern, said, re.I | re.M)), None)
        kind = (cause and cause.kind) or _kind_of(refusal.status)
        message = self._sentence(kind, cause, refusal)
        details = self._details(refusal)
        transient = kind in (RateLimited, ServiceFailed) and not (cause and cause.transient is False)
        if kind is RateLimited:
            after = retry_after((headers or {}).get("retry-after"))
            return RateLimited(message, details=details, status=refusal.status, transient=transient, retry_after=after)
        return kind(message, details=details, status=refusal.status, transient=transient)

    def _sentence(self, kind: type[ProviderError], cause: _Cause | None, refusal: Refusal) -> str:
        if kind is Unauthorized and not self.key:
            return self._fill(_NO_KEY, refusal)
        sentence = cause.sentence if cause else _SENTENCES[kind]
        filled = self._fill(sentence, refusal)
        if kind in (Unauthorized, Forbidden) and (self.key or "").startswith("sk-sp-"):
            filled += _CODING_PLAN
        if cause is None and kind is BadRequest and refusal.message:
            # The table knows no better words than the service's own.
            filled = f"{filled[:-1]}: {self.redacted(refusal.message)[:300]}"
        return filled

    def _fill(self, sentence: str, refusal: Refusal) -> str:
        return sentence.format(host=self.host, url=self.redacted(self.url), model=self.model, status=refusal.status)

    def _details(self, refusal: Refusal) -> str:
        lines = (
            f"HTTP status {refusal.status} from {self.url}",
            f"code: {refusal.code}" if refusal.code else "",
            f"request id: {refusal.request_id}" if refusal.request_id else "",
            refusal.text[:_MAX_DETAILS],
        )
        return self.redacted("\n".join(line for line in lines if line))

    def page(self, status: int, text: str) -> BadReply:
        """Return the error for an HTML page where an answer should be."""
        title = _plain(text)
        called = f" with the title '{self.redacted(title)[:80]}'" if title else ""
        return BadReply(
            f"The address {self.redacted(self.url)} gave a web page{called} instead of an answer. Check the base URL; "
            "some networks show a sign-in page first.",
            details=self._details(Refusal(status, text=text)),
            status=status,
        )

    def redirected(self, status: int, target: str) -> BadReply:
        """Return the error for an answer that sends us elsewhere; keys are not carried to other addresses."""
        return BadReply(
            f"The address {self.redacted(self.url)} sends requests on to {self.redacted(target)}. "
            "The key is not sent there; if that address is right, enter it as the base URL.",
            details=f"HTTP status {status}",
            status=status,
        )

    def garbage(self, status: int, text: str) -> BadReply:
        """Return the error for an answer that is not what the protocol says."""
        return BadReply(
            f"The address {self.redacted(self.url)} answered with something that is no reply of a model. "
            "Check the base URL; it usually ends in /v1.",
            details=self._details(Refusal(status, text=text)),
            status=status,
        )

    def broken_off(self, details: str = "") -> ConnectionFailed:
        """Return the error for a reply whose connection ended before its end."""
        return ConnectionFailed(
            f"The connection to {self.host} broke before the reply was complete. What came until then is kept; run again "
            "for the rest.",
            details=self.redacted(details),
            transient=True,
        )

    def transport(self, error: httpx2.HTTPError, waited: float) -> ProviderError:
        """Return the error for a connection that failed; ``waited`` is the read limit in seconds at that time."""
        details = self.redacted(f"{type(error).__name__}: {error}")
        match error:
            case httpx2.ConnectTimeout():
                return TimedOut(
                    f"No connection to {self.host} came about in time. Check the network and the base URL, then run again.",
                    details=details,
                )
            case httpx2.TimeoutException():
                return TimedOut(
                    f"The service at {self.host} was silent for {waited:.3g} seconds. It may be busy or still loading the "
                    "model; run again, or raise the limit in the settings.",
                    details=details,
                )
            case httpx2.ConnectError():
                return ConnectionFailed(self._unreachable(str(error)), details=details)
            case httpx2.ProxyError():
                return ConnectionFailed(
                    f"The proxy in between refuses the way to {self.host}. Check the system's network settings.",
                    details=details,
                )
            case httpx2.UnsupportedProtocol() | httpx2.LocalProtocolError():
                return ConnectionFailed(
                    f"The base URL {self.redacted(self.url)} cannot be used. It starts with http:// or https://.",
                    details=details,
                )
            case httpx2.RemoteProtocolError() | httpx2.NetworkError():
                return self.broken_off(details)
            case _:
                return BadReply(
                    f"The answer of {self.host} cannot be read. Run again; if it stays so, the service is at fault.",
                    details=details,
                )

    def _unreachable(self, reason: str) -> str:
        if re.search("certificate|SSL|TLS", reason, re.I):
            return (
                f"The connection to {self.host} is not safe: its certificate is not trusted, or it does not speak TLS. "
                "Nothing was sent; check the base URL and the date of this computer."
            )
        if re.search(r"refused|\b111\b|10061", reason, re.I):
            return f"Nothing answers at {self.host}: the connection was refused. Start the server there, or check the base URL."
        if re.search("name|getaddrinfo|nodename|address", reason, re.I):
            return f"The host '{self.host}' cannot be found. Check the spelling of the base URL and the network."
        return f"{self.host} cannot be reached. Check the network and the base URL, then run again."


def retry_after(value: str | None) -> float | None:
    """Return the seconds of a ``Retry-After`` header: a number, or a date; None where it says nothing readable."""
    if value is None:
        return None
    try:
        return max(0.0, float(value))
    except ValueError:
        pass  # then it is a date
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time())
    except ValueError:
        return None
