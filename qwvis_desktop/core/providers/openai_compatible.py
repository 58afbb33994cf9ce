"""Any service that speaks the OpenAI-compatible chat protocol: DashScope in its regions, and local servers.

``POST {base}/chat/completions``, streamed as server-sent events. The form of the request: ``qwen-api.md`` 2.1 to 2.4;
of the reply: 2.6, 2.7; of errors: 2.11; what local servers do otherwise: 8.
"""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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
from qwvis_desktop.core.providers.completion import json_object, replies, whole_text
from qwvis_desktop.core.providers.connect import Wire, client_for, host_of
from qwvis_desktop.core.providers.failures import Failures
from qwvis_desktop.core.providers.redaction import MASK, redact
from qwvis_desktop.core.providers.retry import RetryPolicy, retried, unheard

PICTURE_OPTIONS = ("min_pixels", "max_pixels")
"""Options that stand beside each picture, not at the top of the request (``qwen-api.md`` 2.2)."""

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

    def models(self, cancel: CancelToken) -> tuple[str, ...]:
        """Return the ids of the models that the service lists; none where it keeps no list.

        Raises:
            ProviderError: it failed; a wrong key shows here as well.
            Cancelled: the user stopped it.
        """
        url = self._url.removesuffix("/chat/completions") + "/models"
        failures = Failures(url, key=self._key)
        self._check(failures)
        wire = Wire(cancel, self._patience.idle)
        with (
            _translated(failures, wire),
            client_for(url, wire) as client,
            client.stream("GET", url, headers=self._headers()) as response,
        ):
            if response.status_code in (404, 405, 501):
                return ()
            text = whole_text(response, failures)
        listed = json_object(text, failures).get("data")
        entries = listed if isinstance(listed, list) else []
        return tuple(str(entry["id"]) for entry in entries if isinstance(entry, dict) and "id" in entry)

    def stream(self, request: ChatRequest, cancel: CancelToken) -> Iterator[ReplyChunk]:
        """Send ``request`` and yield the reply as it comes; tries again where nothing came (``RetryPolicy``).

        Raises:
            ProviderError: it failed.
            Cancelled: the user stopped it.
        """
        cancel.check()
        failures = Failures(self._url, request.model, self._key)
        self._check(failures)
        body = self._body(request)
        yield from retried(lambda: self._ask(body, failures, cancel), cancel, self._retry, self._on_wait)

    def _check(self, failures: Failures) -> None:
        """Refuse what need not be sent."""
        if host_of(self._url) is None:
            raise failures.no_address()
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
        texts = [_encoded(piece) for piece in text.split(mark)]
        parts: list[bytes | ImagePart] = [texts[0]]
        for picture, after in zip(pictures, texts[1:], strict=True):
            parts += [picture, after]
        return _Body(tuple(parts))

    def _ask(self, body: _Body, failures: Failures, cancel: CancelToken) -> Iterator[ReplyChunk]:
        wire = Wire(cancel, self._patience.first)
        headers = {**self._headers(), "Content-Length": str(len(body))}
        with (
            _translated(failures, wire),
            client_for(self._url, wire) as client,
            client.stream("POST", self._url, content=body, headers=headers) as response,
        ):
            yield from replies(response, wire, failures, self._patience.idle)


@contextmanager
def _translated(failures: Failures, wire: Wire) -> Iterator[None]:
    """Turn the HTTP library's errors into ours; those of a connection that was torn down on purpose into a stop."""
    wire.cancel.check()
    try:
        yield
    except httpx2.InvalidURL:
        raise failures.no_address() from None
    except httpx2.HTTPError as error:
        wire.cancel.check()
        raise failures.transport(error, wire.read_seconds) from error
    wire.cancel.check()


def _encoded(text: str) -> bytes:
    """Return JSON text as UTF-8; a lone surrogate, which a prompt may hold, has none and goes as its JSON escape."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        # Outside of strings JSON is ASCII, so that escapes only ever land inside of them.
        return "".join(char if char.isascii() else json.dumps(char)[1:-1] for char in text).encode()
