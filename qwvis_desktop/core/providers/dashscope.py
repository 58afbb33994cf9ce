"""DashScope's own interface: what the OpenAI-compatible one lacks is here (``qwen-api.md`` 3 and 4).

``POST {base}/services/aigc/multimodal-generation/generation``; a header says whether to stream. It has the tasks of the
OCR service, the size of a picture after the service's own resize, and limits on the frames of a film.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import httpx2

from qwvis_desktop.core.annotation import JsonValue
from qwvis_desktop.core.providers.base import CancelToken, ChatRequest, PreparedRequest, ReplyChunk, untold
from qwvis_desktop.core.providers.body import UrlOf, body_of, data_url, short_url
from qwvis_desktop.core.providers.completion import replies
from qwvis_desktop.core.providers.connect import Wire
from qwvis_desktop.core.providers.dashscope_messages import native_body, streams
from qwvis_desktop.core.providers.dashscope_reply import NativeReader
from qwvis_desktop.core.providers.exchange import Exchange, show, uses_uploads
from qwvis_desktop.core.providers.failures import Failures
from qwvis_desktop.core.providers.openai_compatible import OpenAICompatible
from qwvis_desktop.core.providers.redaction import redact

PATH = "/services/aigc/multimodal-generation/generation"

STRUCTURED = ("advanced_recognition", "key_information_extraction")
"""Tasks of the OCR service whose answer stands beside its words (4.4)."""


@dataclass(frozen=True, slots=True)
class DashScope:
    """DashScope by its own interface.

    Attributes:
        base_url: up to and with ``/api/v1``.
        exchange: key, patience and retry.
        label: its name; the host where empty.
        states_pixels: whether to say of each picture that it may keep its size, which was chosen for the model.
        on_sent: told the bytes sent so far and the bytes in all, while the request is sent.
    """

    base_url: str
    exchange: Exchange
    label: str = ""
    states_pixels: bool = True
    on_sent: Callable[[int, int], None] = field(default=untold, repr=False)

    @property
    def name(self) -> str:
        """Its name for people and for the record."""
        return self.label or Failures(self._url).host

    @property
    def _base(self) -> str:
        return self.base_url.strip().rstrip("/")

    @property
    def _url(self) -> str:
        return self._base + PATH

    def prepare(self, request: ChatRequest) -> PreparedRequest:
        """Return what would be sent, without sending it: the key masked, the body whole."""
        body = native_body(request, data_url, states_pixels=self.states_pixels)
        return PreparedRequest(redact(self._url), self._headers(request, masked=True), body)

    def models(self, cancel: CancelToken) -> tuple[str, ...]:
        """Return the ids of the models that the same host lists for its other interface; none where it lists none.

        Raises:
            ProviderError: it failed; a wrong key shows here as well.
            Cancelled: the user stopped it.
        """
        base = self._base.removesuffix("/api/v1") + "/compatible-mode/v1"
        return OpenAICompatible(base, self.exchange.key, needs_key=self.exchange.needs_key).models(cancel)

    def stream(self, request: ChatRequest, cancel: CancelToken) -> Iterator[ReplyChunk]:
        """Send ``request`` and yield the reply as it comes; tries again where nothing came (``RetryPolicy``).

        Raises:
            ProviderError: it failed.
            Cancelled: the user stopped it.
        """
        cancel.check()
        failures = Failures(self._url, request.model, self.exchange.key)
        self.exchange.check(failures)

        def json_with(url_of: UrlOf) -> Mapping[str, JsonValue]:
            return native_body(request, url_of, states_pixels=self.states_pixels)

        def read(response: httpx2.Response, wire: Wire, failures: Failures) -> Iterator[ReplyChunk]:
            reader = NativeReader(failures, incremental=_is_incremental(request), structured=_is_structured(request))
            yield from replies(response, wire, failures, self.exchange.patience.idle, reader)

        show(request, self._url, self._headers(request, masked=True), json_with(short_url))
        body = body_of(json_with, self.on_sent)
        yield from self.exchange.ask(failures, body, self._headers(request), read, cancel)

    def _headers(self, request: ChatRequest, *, masked: bool = False) -> dict[str, str]:
        headers = self.exchange.headers(masked=masked)
        if streams(request):
            headers |= {"Accept": "text/event-stream", "X-DashScope-SSE": "enable"}
        return headers | uses_uploads(request)


def _is_incremental(request: ChatRequest) -> bool:
    return request.options.get("incremental_output") is not False


def _is_structured(request: ChatRequest) -> bool:
    options = request.options.get("ocr_options")
    return isinstance(options, dict) and options.get("task") in STRUCTURED
