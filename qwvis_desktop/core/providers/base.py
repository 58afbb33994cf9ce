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
from enum import StrEnum
from typing import Protocol, TypeAlias, runtime_checkable

from qwvis_desktop.core.annotation import Attributes, JsonValue
from qwvis_desktop.core.document import NO_USAGE, SentRequest
from qwvis_desktop.core.geometry import Size


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
class ImageLink:
    """A picture that the service fetches itself.

    Attributes:
        url: where: ``https://``, ``oss://`` (uploaded before), or a ``data:`` URL that exists already.
        width, height: its size in pixels; 0 where it is not known.
    """

    url: str
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class VideoFile:
    """An encoded film to send: bytes and MIME type."""

    data: bytes = field(repr=False)
    mime: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoPart:
    """A film: a file, the address of one (``https://``, ``oss://``, ``data:``), or its frames in order.

    Attributes:
        fps: frames a second that the service takes from a file, or that frames in a list lie apart by.
        max_frames: the most frames it takes; DashScope's own interface only.
        min_pixels, max_pixels: of each frame.
        total_pixels: of all frames together.
    """

    source: VideoFile | str | tuple[ImagePart | ImageLink, ...]
    fps: float | None = None
    max_frames: int | None = None
    min_pixels: int | None = None
    max_pixels: int | None = None
    total_pixels: int | None = None


@dataclass(frozen=True, slots=True)
class TextPart:
    """Words to send."""

    text: str


Part: TypeAlias = ImagePart | ImageLink | VideoPart | TextPart


@dataclass(frozen=True, slots=True)
class Tool:
    """Something the model may ask us to do: its name, what it does, and the JSON schema of its arguments."""

    name: str
    description: str
    parameters: Attributes


@dataclass(frozen=True, slots=True)
class ToolCall:
    """What a model asks us to do.

    Attributes:
        id: what its result goes by.
        name: of the ``Tool``.
        arguments: a JSON object as the model wrote it; models write broken ones too.
    """

    id: str
    name: str
    arguments: str


class Role(StrEnum):
    """Who says a turn of a conversation."""

    USER = "user"
    ASSISTANT = "assistant"
    TOOL = "tool"


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier message of a conversation.

    Attributes:
        role: who says it.
        parts: what is said, in order; those of an assistant are words.
        tool_calls: what an assistant asked for.
        answers: of a tool's result, the id of the call it answers; its parts may be pictures.
    """

    role: Role
    parts: tuple[Part, ...] = ()
    tool_calls: tuple[ToolCall, ...] = ()
    answers: str = ""


def untold(*_news: object) -> None:
    """Tell nobody: for whoever does not ask how far something is, how long it waits, or what is sent."""


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """What is asked: the parts of one user message, in order, and what came before it.

    Attributes:
        parts: the user's message; empty where ``history`` ends with what is to be answered (results of tools).
        system: the system message, none where empty.
        options: further fields of the request by the service's own names (``core.request_options``).
        history: the conversation so far, oldest first.
        prefix: how the reply begins already; the service goes on from there and answers with the rest alone.
        tools: what the model may ask us to do.
        on_sending: shown the request just before it goes out, as it goes but for data and key.
    """

    model: str
    parts: tuple[Part, ...]
    system: str = ""
    options: Attributes = field(default_factory=lambda: NO_USAGE)
    history: tuple[Turn, ...] = ()
    prefix: str = ""
    tools: tuple[Tool, ...] = ()
    on_sending: Callable[[SentRequest], None] = field(default=untold, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class ReplyChunk:
    """A piece of a reply as it came.

    Attributes:
        text: further text of the answer.
        thinking: further text of the reasoning that the service keeps apart.
        finish_reason: ``stop``, ``length`` or ``tool_calls``, with the last piece.
        usage: what the service counted, where it said so.
        tool_calls: what the model asks us to do; each comes once and whole, at the end.
        ocr_result: what the OCR service read, in its own fields (``words_info``, ``kv_result``; ``qwen-api.md`` 4.4).
        image_hw: size in pixels of each picture after the service's own resize, where it was asked for.
        request_id: what the service's support asks for.
        note: a sentence for people on how it was read; no part of the answer.
    """

    text: str = ""
    thinking: str = ""
    finish_reason: str | None = None
    usage: Mapping[str, JsonValue] | None = None
    tool_calls: tuple[ToolCall, ...] = ()
    ocr_result: Mapping[str, JsonValue] | None = None
    image_hw: tuple[Size, ...] = ()
    request_id: str = ""
    note: str = ""


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


@runtime_checkable
class WebProvider(Provider, Protocol):
    """A service that something is sent to."""

    def prepare(self, request: ChatRequest) -> PreparedRequest:
        """Return what would be sent, without sending it: the key masked, the body whole."""


@runtime_checkable
class ShrinksPictures(Protocol):
    """A service that makes large pictures smaller behind the model's back, so that they are better sent small."""

    @property
    def longest_side(self) -> int:
        """Pixels that a side may have; 0 for any number."""
