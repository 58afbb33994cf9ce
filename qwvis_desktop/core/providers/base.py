"""Providers: services that answer. One small interface; the fake ones (recorded, pasted) are first-class.

The error tree. Each error's text is a sentence or two for people: what happened, why, what to do now.

    ProviderError
      ConnectionFailed        refused, name not found, reset, broken TLS, broken stream
      TimedOut                silence for longer than the limit
      Unauthorized            401: no key, wrong key, key of another region
      Forbidden               403: no permission, unpaid, free quota used up
      NotFound                404: unknown model or wrong address
      RateLimited             429; ``retry_after`` seconds where the service said so
      BadRequest              400, 413, 422: the service refuses the request itself
      ServiceFailed           500 and above
      BadReply                not what the protocol says: HTML, other JSON, garbage
      EngineMissing           a part of the program that is not installed; the text says the command that adds it
    Cancelled                 the user stopped it (not an error)
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from qwvis_desktop.core.annotation import Attributes, JsonValue
from qwvis_desktop.core.document import NO_USAGE


class ProviderError(Exception):
    """A request failed.

    Args:
        message: what happened, why, and what to do now; for people.
        details: what the service said, redacted; to be copied into a bug report.
        status: the HTTP status, where there was one.
        transient: whether the same request may well succeed a little later.
    """

    def __init__(self, message: str, *, details: str = "", status: int | None = None, transient: bool = False) -> None:
        super().__init__(message)
        self.details = details
        self.status = status
        self.transient = transient


class ConnectionFailed(ProviderError):
    """The service could not be reached, or the connection broke."""


class TimedOut(ProviderError):
    """The service was silent for longer than the limit."""


class Unauthorized(ProviderError):
    """The key is missing, wrong, or of another region (401)."""


class Forbidden(ProviderError):
    """The key may not do this (403)."""


class NotFound(ProviderError):
    """The model or the address is unknown (404)."""


class RateLimited(ProviderError):
    """Too many requests (429)."""

    def __init__(
        self,
        message: str,
        *,
        details: str = "",
        status: int | None = None,
        transient: bool = False,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message, details=details, status=status, transient=transient)
        self.retry_after = retry_after


class BadRequest(ProviderError):
    """The service refuses the request itself (400, 413, 422)."""


class ServiceFailed(ProviderError):
    """The service failed (500 and above)."""


class BadReply(ProviderError):
    """The answer is not what the protocol says."""


class EngineMissing(ProviderError):
    """A part of the program is not installed."""


class Cancelled(Exception):
    """The user stopped the request."""


class CancelToken:
    """Says that the user stopped, and tells those who must act on it at once; may be used from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._cancelled = False
        self._callbacks: list[Callable[[], None]] = []

    @property
    def cancelled(self) -> bool:
        """Whether the user stopped."""
        return self._cancelled

    def cancel(self) -> None:
        """Stop; calls each callback once, on this thread."""
        with self._lock:
            if self._cancelled:
                return
            self._cancelled = True
            callbacks, self._callbacks = self._callbacks, []
        for callback in callbacks:
            callback()

    def on_cancel(self, callback: Callable[[], None]) -> None:
        """Have ``callback`` called when stopped; at once where that was before."""
        with self._lock:
            if not self._cancelled:
                self._callbacks.append(callback)
                return
        callback()

    def check(self) -> None:
        """Raise ``Cancelled`` where stopped."""
        if self._cancelled:
            raise Cancelled


@dataclass(frozen=True, slots=True)
class ImagePart:
    """A picture to send: encoded bytes, MIME type, size in pixels."""

    data: bytes = field(repr=False)
    mime: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class TextPart:
    """Words to send."""

    text: str


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """What is asked: the parts of one user message, in order.

    ``options`` are further fields of the request by the service's own names (``temperature``, ``max_tokens``, ...).
    """

    model: str
    parts: tuple[ImagePart | TextPart, ...]
    system: str = ""
    options: Attributes = field(default_factory=lambda: NO_USAGE)


@dataclass(frozen=True, slots=True)
class ReplyChunk:
    """A piece of a reply as it came.

    Attributes:
        text: further text of the answer.
        thinking: further text of the reasoning that the service keeps apart.
        finish_reason: ``stop`` or ``length``, with the last piece.
        usage: what the service counted, where it said so.
    """

    text: str = ""
    thinking: str = ""
    finish_reason: str | None = None
    usage: Mapping[str, JsonValue] | None = None


@dataclass(frozen=True, slots=True)
class PreparedRequest:
    """What would go over the wire, to be looked at: the key in ``headers`` is masked."""

    url: str
    headers: Mapping[str, str]
    body: Mapping[str, JsonValue]


class Provider(Protocol):
    """A service that answers."""

    @property
    def name(self) -> str:
        """Its name for people and for the record."""

    def stream(self, request: ChatRequest, cancel: CancelToken) -> Iterator[ReplyChunk]:
        """Send ``request`` and yield the reply as it comes.

        Raises:
            ProviderError: it failed.
            Cancelled: the user stopped it.
        """
