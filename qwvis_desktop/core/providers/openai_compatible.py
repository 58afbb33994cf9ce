"""Any service that speaks the OpenAI-compatible chat protocol: DashScope in its regions, and local servers.

``POST {base}/chat/completions``, streamed as server-sent events. The form of the request: ``qwen-api.md`` 2.1 to 2.4;
of the reply: 2.6, 2.7; of errors: 2.11; what local servers do otherwise: 8.
"""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import httpx2

from qwvis_desktop.core.annotation import JsonValue
from qwvis_desktop.core.providers.base import (
    CancelToken,
    ChatRequest,
    ImagePart,
    PreparedRequest,
    ReplyChunk,
    Unauthorized,
)
from qwvis_desktop.core.providers.connect import Wire, client_for, host_of
from qwvis_desktop.core.providers.failures import Failures
from qwvis_desktop.core.providers.redaction import MASK, redact
from qwvis_desktop.core.providers.refusals import Refusal
from qwvis_desktop.core.providers.retry import RetryPolicy, retried, unheard

PICTURE_OPTIONS = ("min_pixels", "max_pixels")
"""Options that stand beside each picture, not at the top of the request (``qwen-api.md`` 2.2)."""

MAX_EVENT_BYTES = 64 * 2**20
"""The largest event that is read: a whole reply with its thinking in one piece is far below."""

MAX_ERROR_BYTES = 2**20

_PIECE_BYTES = 3 * 64 * 1024
"""Picture bytes per piece of the body: a multiple of three, so that the pieces' base64 can be laid end to end."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait, in seconds: for the first piece of a reply, and for each further one."""

    first: float = 300.0
    idle: float = 60.0


DEFAULT_PATIENCE = Patience()
DEFAULT_RETRY = RetryPolicy()


@dataclass(frozen=True, slots=True)
class _Body:
    """A request's body in pieces, made while it is sent: no second copy of a picture's base64 is ever held.

    ``parts`` are JSON text and pictures in turn; may be iterated again for a further try.
    """

    parts: tuple[bytes | ImagePart, ...]

    def __len__(self) -> int:
        return sum(len(part) if isinstance(part, bytes) else (len(part.data) + 2) // 3 * 4 for part in self.parts)

    def __iter__(self) -> Iterator[bytes]:
        for part in self.parts:
            if isinstance(part, bytes):
                yield part
            else:
                view = memoryview(part.data)
                for start in range(0, len(view), _PIECE_BYTES):
                    yield base64.b64encode(view[start : start + _PIECE_BYTES])


class OpenAICompatible:
    """An OpenAI-compatible service.

    Args:
        base_url: up to and with ``/v1``.
        key: sent as a Bearer token; None where the service needs none.
        name: for people and the record; the host where empty.
        needs_key: whether to refuse at once where there is no key.
        patience: how long to wait for it.
        retry: how often to try again.
        on_wait: told the seconds and why before each wait for another try.
        states_pixels: whether to say beside each picture that it may keep its size (DashScope; others know no such
            field). It has been given a size the model takes, so the service has nothing left to resize.
    """

    def __init__(
        self,
        base_url: str,
        key: str | None = None,
        *,
        name: str = "",
        needs_key: bool = False,
        patience: Patience = DEFAULT_PATIENCE,
        retry: RetryPolicy = DEFAULT_RETRY,
        on_wait: Callable[[float, str], None] = unheard,
        states_pixels: bool = False,
    ) -> None:
        self._url = base_url.strip().rstrip("/") + "/chat/completions"
        self._key = key or None
        self._name = name or Failures(self._url).host
        self._needs_key = needs_key
        self._patience = patience
        self._retry = retry
        self._on_wait = on_wait
        self._states_pixels = states_pixels

    @property
    def name(self) -> str:
        """Its name for people and for the record."""
        return self._name

    def prepare(self, request: ChatRequest) -> PreparedRequest:
        """Return what would be sent, without sending it: the key masked, the body whole."""
        body = self._message(request, lambda part: f"data:{part.mime};base64,{base64.b64encode(part.data).decode()}")
        headers = self._headers()
        if self._key:
            headers["Authorization"] = f"Bearer {MASK}"
        return PreparedRequest(redact(self._url), headers, body)

    def stream(self, request: ChatRequest, cancel: CancelToken) -> Iterator[ReplyChunk]:
        """Send ``request`` and yield the reply as it comes; tries again where nothing came (``RetryPolicy``).

        Raises:
            ProviderError: it failed.
            Cancelled: the user stopped it.
        """
        cancel.check()
        failures = Failures(self._url, request.model, self._key)
        if host_of(self._url) is None:
            raise failures.no_address()
        self._check_key(failures)
        body = self._body(request)
        yield from retried(lambda: self._ask(body, failures, cancel), cancel, self._retry, self._on_wait)

    def _check_key(self, failures: Failures) -> None:
        if self._needs_key and not self._key:
            raise failures.no_key()
        # Checked here because the HTTP library's own message would quote the key.
        if self._key and not (self._key.isascii() and self._key.isprintable() and " " not in self._key):
            raise Unauthorized(
                f"The key for {failures.host} holds characters that no key has, such as a space or a line break. "
                "Copy it once more and enter it again."
            )

    def _headers(self) -> dict[str, str]:
        headers = {"Content-Type": "application/json", "Accept": "text/event-stream, application/json"}
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        return headers

    def _message(self, request: ChatRequest, url_of: Callable[[ImagePart], str]) -> dict[str, JsonValue]:
        """Return the body as JSON values, the address of each picture by ``url_of``."""
        content: list[JsonValue] = []
        beside = {key: value for key, value in request.options.items() if key in PICTURE_OPTIONS}
        for part in request.parts:
            if isinstance(part, ImagePart):
                pixels: dict[str, JsonValue] = {"max_pixels": part.width * part.height} if self._states_pixels else {}
                content.append({"type": "image_url", "image_url": {"url": url_of(part)}, **pixels, **beside})
            else:
                content.append({"type": "text", "text": part.text})
        messages: list[JsonValue] = [{"role": "user", "content": content}]
        if request.system:
            messages.insert(0, {"role": "system", "content": request.system})
        body: dict[str, JsonValue] = {
            "model": request.model,
            "messages": messages,
            "stream": True,
            "stream_options": {"include_usage": True},
        }
        body.update((key, value) for key, value in request.options.items() if key not in PICTURE_OPTIONS)
        if body["stream"] is not True:
            del body["stream_options"]
        return body

    def _body(self, request: ChatRequest) -> _Body:
        pictures = [part for part in request.parts if isinstance(part, ImagePart)]
        mark = secrets.token_hex(16)
        text = json.dumps(self._message(request, lambda part: f"data:{part.mime};base64,{mark}"), ensure_ascii=False)
        # A lone surrogate, which a prompt may hold, has no UTF-8: it is sent as its JSON escape.
        texts = [
            piece.encode("utf-8", "surrogatepass") if _clean(piece) else _escaped(piece) for piece in text.split(mark)
        ]
        parts: list[bytes | ImagePart] = [texts[0]]
        for picture, after in zip(pictures, texts[1:], strict=True):
            parts += [picture, after]
        return _Body(tuple(parts))

    def _ask(self, body: _Body, failures: Failures, cancel: CancelToken) -> Iterator[ReplyChunk]:
        cancel.check()
        wire = Wire(cancel, self._patience.first)
        try:
            with (
                client_for(self._url, wire) as client,
                client.stream(
                    "POST", self._url, content=body, headers={**self._headers(), "Content-Length": str(len(body))}
                ) as response,
            ):
                yield from self._replies(response, wire, failures)
        except httpx2.InvalidURL:
            raise failures.no_address() from None
        except httpx2.HTTPError as error:
            # A connection that was torn down on purpose fails too.
            cancel.check()
            raise failures.transport(error, wire.read_seconds) from error
        cancel.check()

    def _replies(self, response: httpx2.Response, wire: Wire, failures: Failures) -> Iterator[ReplyChunk]:
        media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        status = response.status_code
        if response.is_redirect:
            raise failures.redirected(status, response.headers.get("location", "another address"))
        if status != 200:
            text = _limited_text(response)
            if media_type == "text/html" and status < 500 and status != 401:
                raise failures.page(status, text)
            raise failures.refused(Refusal.read(status, text), response.headers)
        if media_type == "text/event-stream":
            yield from _from_events(response, wire, failures, self._patience.idle)
        else:
            yield _from_whole(_limited_text(response, MAX_EVENT_BYTES), media_type, failures)


def _clean(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _escaped(text: str) -> bytes:
    """Return JSON text as ASCII; outside of strings it is ASCII already."""
    return "".join(char if ord(char) < 128 else json.dumps(char)[1:-1] for char in text).encode()


def _limited_text(response: httpx2.Response, limit: int = MAX_ERROR_BYTES) -> str:
    """Return the body as text, at most ``limit`` bytes of it."""
    data = bytearray()
    for piece in response.iter_bytes():
        data += piece
        if len(data) >= limit:
            break
    return bytes(data[:limit]).decode("utf-8-sig", "replace")


def _from_events(
    response: httpx2.Response, wire: Wire, failures: Failures, idle_seconds: float
) -> Iterator[ReplyChunk]:
    """Yield what the events of a stream say.

    Raises:
        ConnectionFailed: the stream ended and no event had said that the reply was complete.
        BadReply: an event is no JSON, or there was none.
        ProviderError: an event is an error object.
    """
    response.encoding = "utf-8-sig"  # what the standard says, whatever the header does
    complete = heard = False
    for event in httpx2.EventSource(response, max_event_size=MAX_EVENT_BYTES):
        wire.read_seconds = idle_seconds
        if event.data.strip() == "[DONE]":
            return
        if not event.data.strip():
            continue
        chunk = _chunk(_json_object(event.data, failures), failures, event.data)
        heard = True
        if chunk is not None:
            complete = complete or chunk.finish_reason is not None
            yield chunk
    if not heard:
        raise failures.garbage(response.status_code, "a stream without a single event")
    if not complete:
        raise failures.broken_off("the stream ended without a finish reason and without [DONE]")


def _from_whole(text: str, media_type: str, failures: Failures) -> ReplyChunk:
    """Return what a reply in one piece says."""
    if media_type == "text/html" or text.lstrip()[:15].lower().startswith(("<!doctype", "<html")):
        raise failures.page(200, text)
    data = _json_object(text, failures)
    chunk = _chunk(data, failures, text)
    if chunk is None or "choices" not in data:
        raise failures.garbage(200, text)
    return chunk


def _json_object(text: str, failures: Failures) -> Mapping[str, object]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        raise failures.garbage(200, text) from None
    if not isinstance(data, dict):
        raise failures.garbage(200, text)
    return data


def _chunk(data: Mapping[str, object], failures: Failures, text: str) -> ReplyChunk | None:
    """Return what one event or one whole reply says; None where it says nothing we know.

    Raises:
        ProviderError: it is an error object; the status was 200 because the stream had begun.
    """
    if data.get("error") or ("choices" not in data and "message" in data and "code" in data):
        refusal = Refusal.of(_status_of(data), data, text)
        raise failures.refused(refusal)
    choices = data.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices and isinstance(choices[0], dict) else {}
    message = choice.get("delta") or choice.get("message")
    fields = message if isinstance(message, dict) else {}
    reason = choice.get("finish_reason")
    usage = data.get("usage")
    chunk = ReplyChunk(
        text=_words(fields.get("content")),
        thinking=_words(fields.get("reasoning_content") or fields.get("reasoning")),
        finish_reason=reason if isinstance(reason, str) and reason not in ("", "null") else None,
        usage=usage if isinstance(usage, dict) and usage else None,
    )
    return chunk if chunk != ReplyChunk() else None


_STATUS_OF_CODE = (
    ("throttl|limit_|quota|burst|BillOverdue|NotPurchased", 429),
    ("api_?key|unauthori", 401),
    ("access_?denied|FreeTier|forbidden", 403),
    ("model_not|ModelNotFound", 404),
    ("invalid|inspection|Arrearage|bad_?request", 400),
)
"""What an error inside a stream would have been outside of it, by its code."""


def _status_of(data: Mapping[str, object]) -> int:
    import re

    inner = data.get("error")
    code = inner.get("code") or inner.get("type") if isinstance(inner, dict) else data.get("code")
    if isinstance(code, int) and 400 <= code < 600:
        return code
    return next((status for pattern, status in _STATUS_OF_CODE if re.search(pattern, str(code), re.I)), 500)


def _words(content: object) -> str:
    """Return the text of a content field: a string, or a list of parts."""
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        return "".join(_words(part.get("text")) for part in content if isinstance(part, dict))
    return ""
