"""What a service answered: its events, or its whole reply, as pieces of a reply.

The form: ``qwen-api.md`` 2.6 and 2.7; what local servers do otherwise: 8.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import httpx2

from qwvis_desktop.core.providers.base import ReplyChunk, ToolCall
from qwvis_desktop.core.providers.connect import Wire
from qwvis_desktop.core.providers.failures import Failures
from qwvis_desktop.core.providers.refusals import Refusal

MAX_EVENT_BYTES = 64 * 2**20
"""The largest event or reply that is read: a whole reply with its thinking in one piece is far below."""

MAX_ERROR_BYTES = 2**20

_CUT_OFF = "x-dashscope-partialresponse"
"""Header of an answer in one piece that ends where the service's own time was over (``qwen-api.md`` 2.10)."""


class ReplyReader(Protocol):
    """Reads the events of one reply, or its whole, in the form of one interface."""

    def chunk(self, data: Mapping[str, object], text: str) -> ReplyChunk | None:
        """Return what one event or one whole reply says; None where it says nothing we know.

        Raises:
            ProviderError: it is an error object; the status was 200 because the stream had begun.
        """

    def rest(self) -> ReplyChunk | None:
        """Return what was kept back until the reply was whole; None where nothing was."""


def replies(
    response: httpx2.Response,
    wire: Wire,
    failures: Failures,
    idle_seconds: float,
    reader: ReplyReader | None = None,
) -> Iterator[ReplyChunk]:
    """Yield what ``response`` says, as it comes.

    Args:
        response: the answer to a chat request, streamed or not.
        wire: its connection; from the first word on it waits ``idle_seconds`` for each further piece.
        failures: tells what goes wrong.
        idle_seconds: see ``wire``.
        reader: reads the form of the interface; that of the OpenAI-compatible one where None.

    Raises:
        ProviderError: it is no reply, or it broke off.
    """
    reader = CompletionReader(failures) if reader is None else reader
    if _media_type(response) == "text/event-stream" and response.status_code == 200:
        yield from _from_events(response, wire, failures, idle_seconds, reader)
    else:
        yield from _from_whole(response, failures, reader)


def whole_text(response: httpx2.Response, failures: Failures) -> str:
    """Return the body of an answer that is no stream.

    Raises:
        ProviderError: it is a refusal, a page for people, or sends us elsewhere.
    """
    status = response.status_code
    if response.is_redirect:
        raise failures.redirected(status, response.headers.get("location", "another address"))
    text = _limited_text(response, MAX_EVENT_BYTES if status == 200 else MAX_ERROR_BYTES)
    if _is_page(response, text) and status < 500 and status != 401:
        raise failures.page(status, text)
    if status != 200:
        raise failures.refused(Refusal.read(status, text), response.headers)
    return text


def _media_type(response: httpx2.Response) -> str:
    return response.headers.get("content-type", "").partition(";")[0].strip().lower()


def _is_page(response: httpx2.Response, text: str) -> bool:
    return _media_type(response) == "text/html" or text.lstrip()[:15].lower().startswith(("<!doctype", "<html"))


def _limited_text(response: httpx2.Response, limit: int) -> str:
    """Return the body as text, at most ``limit`` bytes of it."""
    data = bytearray()
    for piece in response.iter_bytes():
        data += piece
        if len(data) >= limit:
            break
    return bytes(data[:limit]).decode("utf-8-sig", "replace")


def _from_events(
    response: httpx2.Response, wire: Wire, failures: Failures, idle_seconds: float, reader: ReplyReader
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
        if event.data.strip() == "[DONE]":
            complete = heard = True
            break
        if not event.data.strip():
            continue
        chunk = reader.chunk(json_object(event.data, failures), event.data)
        heard = True
        if chunk is not None:
            complete = complete or chunk.finish_reason is not None
            if chunk.text or chunk.thinking:
                # Not before: some services open the stream at once and then read the picture for a while.
                wire.read_seconds = idle_seconds
            yield chunk
    if not heard:
        raise failures.garbage(response.status_code, "a stream without a single event")
    if rest := reader.rest():
        yield rest
    if not complete:
        raise failures.broken_off("the stream ended without a finish reason and without [DONE]")


def _from_whole(response: httpx2.Response, failures: Failures, reader: ReplyReader) -> Iterator[ReplyChunk]:
    """Yield what a reply in one piece says."""
    text = whole_text(response, failures)
    chunk = reader.chunk(json_object(text, failures), text)
    if chunk is None:
        raise failures.garbage(200, text)
    cut_off = response.headers.get(_CUT_OFF, "").strip().lower() == "true"
    yield replace(chunk, finish_reason="length") if cut_off else chunk
    if rest := reader.rest():
        yield rest


def json_object(text: str, failures: Failures) -> Mapping[str, object]:
    """Return ``text`` as a JSON object.

    Raises:
        BadReply: it is none.
    """
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        raise failures.garbage(200, text) from None
    if not isinstance(data, dict):
        raise failures.garbage(200, text)
    return data


@dataclass(slots=True)
class CallPieces:
    """Joins the pieces of calls of tools: the first names it, each further one goes on with its arguments (2.8)."""

    _calls: dict[int, list[str]] = field(default_factory=dict)

    def add(self, calls: object) -> None:
        """Take the ``tool_calls`` of one event."""
        for number, call in enumerate(calls if isinstance(calls, list) else ()):
            if not isinstance(call, dict):
                continue
            function = object_of(call.get("function"))
            index = call.get("index")
            kept = self._calls.setdefault(index if isinstance(index, int) else number, ["", "", ""])
            kept[0] = words_in(call.get("id")) or kept[0]
            kept[1] = words_in(function.get("name")) or kept[1]
            arguments = function.get("arguments")
            kept[2] += json.dumps(arguments) if isinstance(arguments, dict) else words_in(arguments)

    def take(self) -> tuple[ToolCall, ...]:
        """Return the calls as far as they have come; they are given once."""
        calls, self._calls = self._calls, {}
        return tuple(ToolCall(key or f"call_{index}", name, words) for index, (key, name, words) in calls.items())


def refuse_errors(data: Mapping[str, object], failures: Failures, text: str) -> None:
    """Let through what is no error object.

    Raises:
        ProviderError: it is one; the status was 200 because the stream had begun.
    """
    is_answer = "choices" in data or "output" in data
    if data.get("error") or (not is_answer and "message" in data and "code" in data):
        raise failures.refused(Refusal.of(_status_of(data), data, text))


def object_of(value: object) -> Mapping[str, Any]:
    """Return ``value`` where it is a JSON object, else an empty one."""
    return value if isinstance(value, dict) else {}


def first_choice(data: Mapping[str, object]) -> Mapping[str, Any]:
    """Return the first of the ``choices``; empty where there is none."""
    choices = data.get("choices")
    return object_of(choices[0]) if isinstance(choices, list) and choices else {}


def finish_of(choice: Mapping[str, object]) -> str | None:
    """Return why a reply ended; None while it goes on."""
    reason = choice.get("finish_reason")
    return reason if isinstance(reason, str) and reason not in ("", "null") else None


@dataclass(slots=True)
class CompletionReader:
    """Reads replies of the OpenAI-compatible interface; keeps calls of tools, which come in pieces, until the end."""

    failures: Failures
    _told_id: bool = False

    _calls: CallPieces = field(default_factory=CallPieces)

    def rest(self) -> ReplyChunk | None:
        """Return the calls that no finish reason came for."""
        calls = self._calls.take()
        return ReplyChunk(tool_calls=calls) if calls else None

    def chunk(self, data: Mapping[str, object], text: str) -> ReplyChunk | None:
        """Return what one event or one whole reply says; see ``ReplyReader``."""
        refuse_errors(data, self.failures, text)
        choice = first_choice(data)
        fields = object_of(choice.get("delta") or choice.get("message"))
        self._calls.add(fields.get("tool_calls"))
        reason = finish_of(choice)
        chunk = ReplyChunk(
            text=words_in(fields.get("content")),
            thinking=words_in(fields.get("reasoning_content") or fields.get("reasoning")),
            finish_reason=reason,
            usage=object_of(data.get("usage")) or None,
            tool_calls=self._calls.take() if reason else (),
        )
        return self._with_id(chunk, data) if chunk != ReplyChunk() else None

    def _with_id(self, chunk: ReplyChunk, data: Mapping[str, object]) -> ReplyChunk:
        """Return the first chunk that says something with the id of the request."""
        key = data.get("request_id") or data.get("id")
        if self._told_id or not isinstance(key, str):
            return chunk
        self._told_id = True
        return replace(chunk, request_id=key)


_STATUS_OF_CODE = (
    ("throttl|limit_|quota|burst|BillOverdue|NotPurchased", 429),
    ("api_?key|unauthori", 401),
    ("access_?denied|FreeTier|forbidden", 403),
    ("model_not|ModelNotFound", 404),
    ("invalid|inspection|Arrearage|bad_?request", 400),
)
"""What an error inside a stream would have been outside of it, by its code."""


def _status_of(data: Mapping[str, object]) -> int:
    inner = data.get("error")
    code = inner.get("code") or inner.get("type") if isinstance(inner, dict) else data.get("code")
    if isinstance(code, int) and 400 <= code < 600:
        return code
    return next((status for pattern, status in _STATUS_OF_CODE if re.search(pattern, str(code), re.I)), 500)


def words_in(content: object) -> str:
    """Return the text of a content field: a string, or a list of parts."""
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        return "".join(words_in(part.get("text")) for part in content if isinstance(part, dict))
    return ""
