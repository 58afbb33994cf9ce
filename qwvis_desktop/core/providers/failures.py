"""What went wrong, told to people: HTTP answers and broken connections become the error tree of ``base``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from time import time

import httpx2

from qwvis_desktop.core.providers.base import (
    BadReply,
    BadRequest,
    ConnectionFailed,
    Forbidden,
    ProviderError,
    RateLimited,
    ServiceFailed,
    TimedOut,
    Unauthorized,
)
from qwvis_desktop.core.providers.connect import Wire, host_of
from qwvis_desktop.core.providers.redaction import redact
from qwvis_desktop.core.providers.refusals import CAUSES, SENTENCES, Cause, Refusal, kind_of, plain

_MAX_DETAILS = 2000

LARGE_BODY = 4_000_000
"""Bytes of a request from which on a 404 may mean its size: gateways before services answer so."""

_TOO_LARGE_PERHAPS = (
    "The service at {host} says that there is nothing at {url}, and was sent {size} MB. Where smaller requests go "
    "through, it was the size: send a smaller picture. Else check the base URL and the model '{model}'."
)
_NO_KEY = "The service at {host} asks for a key, and there is none. Enter one in the settings of this provider."
_NO_ADDRESS = "The base URL {url} cannot be used. It starts with http:// or https://, such as http://127.0.0.1:8000/v1."
_CODING_PLAN = (
    " This key starts with 'sk-sp-': it belongs to a Coding Plan and is refused by the ordinary service. "
    "Use an ordinary key."
)

_NO_CONNECTION = (
    (
        "certificate|SSL|TLS",
        "The connection to {host} is not safe: its certificate is not trusted, or it does not speak "
        "TLS. Nothing was sent; check the base URL and the date of this computer.",
    ),
    (
        r"refused|\b111\b|10061",
        "Nothing answers at {host}: the connection was refused. Start the server there, or check the base URL.",
    ),
    (
        "name|getaddrinfo|nodename",
        "The host '{host}' cannot be found. Check the spelling of the base URL and the network.",
    ),
    ("", "{host} cannot be reached. Check the network and the base URL, then run again."),
)
"""Why a connection did not come about, by the system's own words; the first that matches."""

_BROKEN_OFF = (
    "The connection to {host} broke before the reply was complete. What came until then is kept; "
    "run again for the rest."
)

_FELL_SILENT = (
    "The service at {host} began a reply and then sent nothing further for {waited:.3g} seconds. What came until then "
    "is kept; run again, or raise the limit in Edit > Preferences."
)
_TOOK_TOO_LONG = (
    "The reply of {host} was not complete after {total:.3g} seconds. What came until then is kept; ask for less, or "
    "raise the limit in Edit > Preferences."
)
_ENDLESS = (
    "The reply of {host} is longer than any model's ({count:,} characters) and was stopped. What came until then is "
    "kept; run again, with a limit for the reply (max_tokens) where it stays so."
)
_NO_WAY_TO_PROXY = (
    "The proxy {proxy}, which is named by {named_by}, cannot be reached. Check that address, or the network; "
    "nothing was sent."
)

_BROKE_EARLY = "The connection to {host} broke before anything of the reply came. Run again."

_TRANSPORT: tuple[tuple[type[httpx2.HTTPError], type[ProviderError], str], ...] = (
    (
        httpx2.ConnectTimeout,
        TimedOut,
        "No connection to {host} came about in time. Check the network and the base URL, then run again.",
    ),
    (
        httpx2.TimeoutException,
        TimedOut,
        "The service at {host} was silent for {waited:.3g} seconds. It may be busy or still "
        "loading the model; run again, or raise the limit in Edit > Preferences.",
    ),
    (
        httpx2.ProxyError,
        ConnectionFailed,
        "The proxy in between refuses the way to {host}. Check the system's network settings.",
    ),
    (
        httpx2.UnsupportedProtocol,
        ConnectionFailed,
        _NO_ADDRESS,
    ),
    (
        httpx2.LocalProtocolError,
        ConnectionFailed,
        _NO_ADDRESS,
    ),
    (httpx2.RemoteProtocolError, ConnectionFailed, _BROKEN_OFF),
    (httpx2.NetworkError, ConnectionFailed, _BROKEN_OFF),
    (
        httpx2.HTTPError,
        BadReply,
        "The answer of {host} cannot be read. Run again; if it stays so, the service is at fault.",
    ),
)
"""What a failed connection is told as, the first that matches."""


@dataclass(frozen=True, slots=True)
class Failures:
    """Translates what goes wrong with requests to one address.

    Attributes:
        url: the address asked.
        model: the model asked for.
        key: the key in use, to be kept out of every text.
        sent_bytes: length of the request's body.
    """

    url: str
    model: str = ""
    key: str | None = None
    sent_bytes: int = 0

    def __repr__(self) -> str:
        return f"Failures(url={self.redacted(self.url)!r})"

    @property
    def host(self) -> str:
        """The host and port for people."""
        return host_of(self.url) or self.redacted(self.url)

    def redacted(self, text: str) -> str:
        """Return ``text`` without the key."""
        return redact(text, (self.key,) if self.key else ())

    def refused(self, refusal: Refusal, headers: Mapping[str, str] | None = None) -> ProviderError:
        """Return the error for what a service said instead of an answer."""
        said = f"{refusal.code} {refusal.message}"
        cause = next((row for row in CAUSES if re.search(row.pattern, said, re.I | re.M)), None)
        kind = (cause and cause.kind) or kind_of(refusal.status)
        message = self._sentence(kind, cause, refusal)
        details = self._details(refusal)
        transient = kind in (RateLimited, ServiceFailed) and not (cause and cause.transient is False)
        if kind is RateLimited:
            after = retry_after((headers or {}).get("retry-after"))
            if after is None and cause is not None:
                after = cause.wait
            return RateLimited(message, details=details, status=refusal.status, transient=transient, retry_after=after)
        return kind(message, details=details, status=refusal.status, transient=transient)

    def _sentence(self, kind: type[ProviderError], cause: Cause | None, refusal: Refusal) -> str:
        if kind is Unauthorized and not self.key:
            return self._fill(_NO_KEY, refusal)
        sentence = cause.sentence if cause else SENTENCES[kind]
        if cause is None and refusal.status == 404 and not refusal.code and self.sent_bytes >= LARGE_BODY:
            sentence = _TOO_LARGE_PERHAPS
        filled = self._fill(sentence, refusal)
        if kind in (Unauthorized, Forbidden) and (self.key or "").startswith("sk-sp-"):
            filled += _CODING_PLAN
        if cause is None and kind is BadRequest and refusal.message:
            # The table knows no better words than the service's own.
            said = self.redacted(refusal.message)[:300]
            filled = f"{filled[:-1]}: {said}" + ("" if said.endswith((".", "!", "?")) else ".")
        return filled

    def _fill(self, sentence: str, refusal: Refusal) -> str:
        return sentence.format(
            host=self.host,
            url=self.redacted(self.url),
            model=self.model,
            status=refusal.status,
            size=f"{self.sent_bytes / 1e6:.1f}",
        )

    def _details(self, refusal: Refusal) -> str:
        lines = (
            f"HTTP status {refusal.status} from {self.url}",
            f"code: {refusal.code}" if refusal.code else "",
            f"request id: {refusal.request_id}" if refusal.request_id else "",
            refusal.text[:_MAX_DETAILS],
        )
        return self.redacted("\n".join(line for line in lines if line))

    def no_address(self) -> ConnectionFailed:
        """Return the error for a base URL that is no address on the web; nothing was sent."""
        return ConnectionFailed(_NO_ADDRESS.format(url=self.redacted(self.url)))

    def no_key(self) -> Unauthorized:
        """Return the error for a service that needs a key where there is none; nothing was sent."""
        return Unauthorized(_NO_KEY.format(host=self.host))

    def page(self, status: int, text: str) -> BadReply:
        """Return the error for an HTML page where an answer should be."""
        title = plain(text)
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
        return ConnectionFailed(_BROKEN_OFF.format(host=self.host), details=self.redacted(details), transient=True)

    def endless(self, count: int) -> BadReply:
        """Return the error for a reply of ``count`` characters that does not end."""
        return BadReply(_ENDLESS.format(host=self.host, count=count))

    def transport(self, error: httpx2.HTTPError, wire: Wire) -> ProviderError:
        """Return the error for a connection that failed."""
        kind, sentence = self._transport(error, wire)
        proxy = wire.proxy
        filled = sentence.format(
            host=self.host,
            url=self.redacted(self.url),
            waited=wire.read_seconds,
            total=wire.limits.total,
            proxy=proxy.host if proxy else "",
            named_by=proxy.named_by if proxy else "",
        )
        details = self.redacted(f"{type(error).__name__}: {error}")
        return kind(filled, details=details, transient=sentence in (_BROKEN_OFF, _BROKE_EARLY))

    @staticmethod
    def _transport(error: httpx2.HTTPError, wire: Wire) -> tuple[type[ProviderError], str]:
        if isinstance(error, httpx2.ConnectError):
            if wire.proxy is not None and not wire.is_connected:
                return ConnectionFailed, _NO_WAY_TO_PROXY
            return ConnectionFailed, next(row[1] for row in _NO_CONNECTION if re.search(row[0], str(error), re.I))
        if isinstance(error, httpx2.ReadTimeout) and wire.is_over:
            return TimedOut, _TOOK_TOO_LONG
        if isinstance(error, httpx2.ReadTimeout) and wire.has_heard:
            return TimedOut, _FELL_SILENT
        kind, sentence = next((row[1], row[2]) for row in _TRANSPORT if isinstance(error, row[0]))
        return kind, _BROKE_EARLY if sentence is _BROKEN_OFF and not wire.has_heard else sentence


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
