"""What all services on the web share: the address, the key, how long to wait, and what goes wrong on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import httpx2

from qwvis_desktop.core.annotation import JsonValue
from qwvis_desktop.core.document import SentRequest
from qwvis_desktop.core.network import Network
from qwvis_desktop.core.providers.base import (
    CancelToken,
    ChatRequest,
    ImageLink,
    Part,
    ProviderError,
    ReplyChunk,
    Unauthorized,
    VideoPart,
    untold,
)
from qwvis_desktop.core.providers.body import Body, kept_body
from qwvis_desktop.core.providers.completion import whole_text
from qwvis_desktop.core.providers.connect import DEFAULT_LIMITS, Limits, Wire, client_for, host_of
from qwvis_desktop.core.providers.failures import Failures
from qwvis_desktop.core.providers.redaction import MASK, KeyFilter, redact
from qwvis_desktop.core.providers.retry import RetryPolicy, retried


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait, in seconds: for the first piece of a reply, and for each further one; and what else holds."""

    first: float = 300.0
    idle: float = 60.0
    limits: Limits = DEFAULT_LIMITS

    @classmethod
    def of(cls, network: Network) -> Patience:
        """Return what the settings say."""
        return cls(network.first, network.idle, Limits(network.connect, network.total, network.ca_file))


DEFAULT_PATIENCE = Patience()

LONGEST_REPLY = 8 * 2**20
"""Characters of a reply and its reasoning: models write a few hundred thousand tokens at most (``qwen-api.md`` 1.4)."""

DEFAULT_RETRY = RetryPolicy()

Read = Callable[[httpx2.Response, Wire, Failures], Iterator[ReplyChunk]]
"""Reads the answer to a request."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """Requests to one service.

    Attributes:
        key: sent as a Bearer token; None where the service needs none.
        needs_key: whether to refuse at once where there is no key.
        patience: how long to wait for it.
        retry: how often to try again.
        on_wait: told the seconds and why before each wait for another try.
    """

    key: str | None = field(repr=False)
    needs_key: bool = False
    patience: Patience = DEFAULT_PATIENCE
    retry: RetryPolicy = DEFAULT_RETRY
    on_wait: Callable[[float, str], None] = untold

    def check(self, failures: Failures) -> None:
        """Refuse what need not be sent.

        Raises:
            ProviderError: there is no address, or no usable key.
        """
        if host_of(failures.url) is None:
            raise failures.no_address()
        if self.needs_key and not self.key:
            raise failures.no_key()
        # Checked here because the HTTP library's own message would quote the key.
        if self.key and not (self.key.isascii() and self.key.isprintable() and " " not in self.key):
            raise Unauthorized(
                f"The key for {failures.host} holds characters that no key has, such as a space or a line break. "
                "Copy it once more and enter it again."
            )

    def headers(self, *, masked: bool = False) -> dict[str, str]:
        """Return what every request says of itself; ``masked`` hides the key."""
        headers = {"Content-Type": "application/json", "Accept": "text/event-stream, application/json"}
        if self.key:
            headers["Authorization"] = f"Bearer {MASK if masked else self.key}"
        return headers

    def ask(
        self, failures: Failures, body: Body, headers: Mapping[str, str], read: Read, cancel: CancelToken
    ) -> Iterator[ReplyChunk]:
        """Post ``body`` and yield what ``read`` makes of the answer; tries again where nothing came.

        Raises:
            ProviderError: it failed.
            Cancelled: the user stopped it.
        """
        failures = replace(failures, sent_bytes=len(body))

        def once() -> Iterator[ReplyChunk]:
            wire = Wire(cancel, self.patience.first, self.patience.limits)
            with (
                translated(failures, wire),
                client_for(failures.url, wire) as client,
                client.stream(
                    "POST", failures.url, content=body, headers={**headers, "Content-Length": str(len(body))}
                ) as response,
            ):
                yield from bounded(read(response, wire, failures), failures)

        yield from retried(once, cancel, self.retry, self.on_wait)

    def get(self, failures: Failures, cancel: CancelToken, absent: tuple[int, ...] = ()) -> str | None:
        """Return the body of an answer; None where the status is one of ``absent``.

        Raises:
            ProviderError: it failed.
            Cancelled: the user stopped it.
        """
        self.check(failures)
        wire = Wire(cancel, self.patience.idle, self.patience.limits)
        with (
            translated(failures, wire),
            client_for(failures.url, wire) as client,
            client.stream("GET", failures.url, headers=self.headers()) as response,
        ):
            return None if response.status_code in absent else whole_text(response, failures)


def show(request: ChatRequest, url: str, headers: Mapping[str, str], body: Mapping[str, JsonValue]) -> None:
    """Show who made ``request`` what goes out for it: ``headers`` with the key masked, ``body`` without its data."""
    request.on_sending(SentRequest(redact(url), headers, kept_body(body)))


RESOLVES_UPLOADS = {"X-DashScope-OssResourceResolve": "enable"}
"""The header that makes DashScope look up ``oss://`` addresses (``qwen-api.md`` 3.3)."""


def uses_uploads(request: ChatRequest) -> dict[str, str]:
    """Return the header that ``request`` needs where it names files that were uploaded before; else nothing."""
    parts = (*request.parts, *(part for turn in request.history for part in turn.parts))
    return RESOLVES_UPLOADS if any(url.startswith("oss://") for part in parts for url in _addresses(part)) else {}


def _addresses(part: Part) -> Iterator[str]:
    match part:
        case ImageLink(url):
            yield url
        case VideoPart(source=str() as url):
            yield url
        case VideoPart(source=tuple() as frames):
            yield from (frame.url for frame in frames if isinstance(frame, ImageLink))
        case _:
            pass


@contextmanager
def translated(failures: Failures, wire: Wire) -> Iterator[None]:
    """Turn the HTTP library's errors into ours; those of a connection that was torn down on purpose into a stop."""
    wire.cancel.check()
    try:
        yield
    except httpx2.InvalidURL:
        raise failures.no_address() from None
    except httpx2.HTTPError as error:
        wire.cancel.check()
        raise failures.transport(error, wire) from error
    wire.cancel.check()


def bounded(chunks: Iterator[ReplyChunk], failures: Failures) -> Iterator[ReplyChunk]:
    """Yield ``chunks`` up to a length that no model reaches, with stars for the key.

    A service that repeats the key it was sent must not bring it into files.

    Raises:
        BadReply: they are longer.
    """
    text, thinking = KeyFilter(failures.key), KeyFilter(failures.key)
    length = 0
    try:
        for chunk in chunks:
            length += len(chunk.text) + len(chunk.thinking)
            yield replace(chunk, text=text.feed(chunk.text), thinking=thinking.feed(chunk.thinking))
            if length > LONGEST_REPLY:
                raise failures.endless(length)
    except ProviderError:
        yield from _rest(text, thinking)
        raise
    yield from _rest(text, thinking)


def _rest(text: KeyFilter, thinking: KeyFilter) -> Iterator[ReplyChunk]:
    """Yield what was kept back, where anything was."""
    rest = ReplyChunk(text=text.rest(), thinking=thinking.rest())
    if rest != ReplyChunk():
        yield rest
