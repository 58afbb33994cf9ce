"""Any service that speaks the OpenAI-compatible chat protocol: DashScope in its regions, and local servers.

``POST {base}/chat/completions``, streamed as server-sent events. The form of the request: ``qwen-api.md`` 2.1 to 2.9;
of the reply: 2.6, 2.7; of errors: 2.11; what local servers do otherwise: 8.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from qwvis_desktop.core.annotation import JsonValue
from qwvis_desktop.core.profiles import PixelsPlace
from qwvis_desktop.core.providers.base import CancelToken, ChatRequest, PreparedRequest, ReplyChunk, untold
from qwvis_desktop.core.providers.body import UrlOf, body_of, data_url, short_url
from qwvis_desktop.core.providers.chat_messages import PictureForm, chat_body
from qwvis_desktop.core.providers.completion import json_object, replies
from qwvis_desktop.core.providers.dialects import DIALECTS, Dialect, GoingOn, spoken
from qwvis_desktop.core.providers.exchange import (
    DEFAULT_PATIENCE,
    DEFAULT_RETRY,
    Exchange,
    Patience,
    show,
    uses_uploads,
)
from qwvis_desktop.core.providers.failures import Failures
from qwvis_desktop.core.providers.redaction import redact
from qwvis_desktop.core.providers.retry import RetryPolicy


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
        on_sent: told the bytes sent so far and the bytes in all, while the request is sent.
        states_pixels, pixels_place: as in ``PictureForm``.
        dialect: how the server differs from the makers' service.
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
        on_wait: Callable[[float, str], None] = untold,
        on_sent: Callable[[int, int], None] = untold,
        states_pixels: bool = False,
        pixels_place: PixelsPlace = PixelsPlace.BESIDE,
        dialect: Dialect = DIALECTS[""],
    ) -> None:
        self._base = base_url.strip().rstrip("/")
        self._url = self._base + "/chat/completions"
        self._exchange = Exchange(key or None, needs_key, patience, retry, on_wait)
        self._name = name or Failures(self._url).host
        self._on_sent = on_sent
        self._dialect = dialect
        self._form = PictureForm(states_pixels, pixels_place, dialect.goes_on is GoingOn.PARTIAL)

    @property
    def name(self) -> str:
        """Its name for people and for the record."""
        return self._name

    @property
    def longest_side(self) -> int:
        """Pixels above which the server would make a picture smaller; 0 where it does not."""
        return self._dialect.longest_side

    def prepare(self, request: ChatRequest) -> PreparedRequest:
        """Return what would be sent, without sending it: the key masked, the body whole.

        Raises:
            BadRequest: the server cannot be asked this.
        """
        request = spoken(request, self._dialect)
        headers = self._exchange.headers(masked=True) | uses_uploads(request)
        return PreparedRequest(redact(self._url), headers, chat_body(request, data_url, self._form))

    def models(self, cancel: CancelToken) -> tuple[str, ...]:
        """Return the ids of the models that the service lists; none where it keeps no list.

        Raises:
            ProviderError: it failed; a wrong key shows here as well.
            Cancelled: the user stopped it.
        """
        return tuple(self.listed(cancel))

    def listed(self, cancel: CancelToken) -> dict[str, str]:
        """Return the owner of each model that the service lists, by its id; raises what ``models`` raises."""
        failures = Failures(self._base + "/models", key=self._exchange.key)
        text = self._exchange.get(failures, cancel, absent=(404, 405, 501))
        if text is None:
            return {}
        listed = json_object(text, failures).get("data")
        entries = listed if isinstance(listed, list) else []
        return {
            str(entry["id"]): str(entry.get("owned_by", ""))
            for entry in entries
            if isinstance(entry, dict) and "id" in entry
        }

    def stream(self, request: ChatRequest, cancel: CancelToken) -> Iterator[ReplyChunk]:
        """Send ``request`` and yield the reply as it comes; tries again where nothing came (``RetryPolicy``).

        Raises:
            ProviderError: it failed.
            Cancelled: the user stopped it.
        """
        cancel.check()
        failures = Failures(self._url, request.model, self._exchange.key)
        self._exchange.check(failures)
        request = spoken(request, self._dialect)

        def json_with(url_of: UrlOf) -> Mapping[str, JsonValue]:
            return chat_body(request, url_of, self._form)

        masked = self._exchange.headers(masked=True) | uses_uploads(request)
        show(request, self._url, masked, json_with(short_url))
        body = body_of(json_with, self._on_sent)
        idle = self._exchange.patience.idle
        yield from self._exchange.ask(
            failures,
            body,
            self._exchange.headers() | uses_uploads(request),
            lambda response, wire, failures: replies(response, wire, failures, idle),
            cancel,
        )
