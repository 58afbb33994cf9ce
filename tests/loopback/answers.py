"""What the loopback service sends back: a status, headers and a script of steps; builders for replies and for faults.

A body is a sequence of steps: bytes to send, a ``Gate`` the test opens when the next piece may go, a ``Delay`` for
playing by hand, ``SILENCE`` (nothing more until the client leaves) and ``RESET`` (the connection is torn down).
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, TypeAlias

EVENT_STREAM = "text/event-stream; charset=utf-8"
JSON = "application/json"
HTML = "text/html; charset=utf-8"
TEXT = "text/plain; charset=utf-8"

USAGE = {"prompt_tokens": 1270, "completion_tokens": 54, "total_tokens": 1324}


class Gate:
    """Holds the service back until the test opens it; ``reached`` is set once the service waits here."""

    def __init__(self) -> None:
        self.reached = threading.Event()
        self._open = threading.Event()

    def open(self) -> None:
        """Let the service go on."""
        self._open.set()

    @property
    def is_open(self) -> bool:
        """Whether the service may go on."""
        return self._open.is_set()

    def wait(self, timeout: float) -> bool:
        """Wait up to ``timeout`` seconds; say whether it is open."""
        return self._open.wait(timeout)


@dataclass(frozen=True)
class Delay:
    """A pause in seconds; for playing by hand, not for tests."""

    seconds: float


class Cut(Enum):
    """Ways to leave a client alone."""

    SILENCE = "silence"
    RESET = "reset"


SILENCE = Cut.SILENCE
RESET = Cut.RESET

Step: TypeAlias = bytes | Gate | Delay | Cut


@dataclass(frozen=True)
class Answer:
    """One response.

    Attributes:
        steps: the body's pieces; each bytes step goes out as one chunk of the chunked encoding.
        before: steps that come before the status line (a gate: a service that is slow to answer).
        whole: send a Content-Length and no chunks.
    """

    steps: Sequence[Step] = ()
    status: int = 200
    content_type: str = JSON
    headers: dict[str, str] = field(default_factory=dict)
    before: Sequence[Step] = ()
    whole: bool = False


def event(data: Any, end: bytes = b"\n") -> bytes:
    """Return one server-sent event whose data is ``data`` as JSON."""
    return b"data: " + json.dumps(data, ensure_ascii=False).encode() + end + end


DONE = b"data: [DONE]\n\n"


def delta(*, finish_reason: str | None = None, usage: Any = None, **fields: Any) -> dict[str, Any]:
    """Return a completion chunk whose delta holds ``fields``."""
    return {
        "id": "chatcmpl-loopback",
        "object": "chat.completion.chunk",
        "choices": [{"index": 0, "delta": fields, "finish_reason": finish_reason}],
        "usage": usage,
    }


def pieces_of(text: str, size: int) -> list[str]:
    """Cut ``text`` into pieces of ``size`` characters."""
    return [text[start : start + size] for start in range(0, len(text), size)]


def reply_events(
    text: str,
    *,
    chunk: int = 20,
    thinking: str = "",
    reasoning_field: str = "reasoning_content",
    finish_reason: str | None = "stop",
    usage: Any = USAGE,
) -> list[bytes]:
    """Return the events of a streamed reply, in the order of the makers' service, without the closing ``[DONE]``."""
    events = [event(delta(role="assistant", content=None))]
    events += [event(delta(content=None, **{reasoning_field: piece})) for piece in pieces_of(thinking, chunk)]
    events += [event(delta(content=piece)) for piece in pieces_of(text, chunk)]
    if finish_reason is not None:
        events.append(event(delta(content="", finish_reason=finish_reason)))
    if usage is not None:
        events.append(event({"choices": [], "usage": usage}))
    return events


def streamed(text: str, *, delay: float = 0.0, done: bool = True, **options: Any) -> Answer:
    """Return a streamed reply; ``delay`` seconds between events, further options as for ``reply_events``."""
    steps: list[Step] = []
    for piece in reply_events(text, **options) + ([DONE] if done else []):
        steps += [piece, Delay(delay)] if delay else [piece]
    return Answer(steps, content_type=EVENT_STREAM)


def gated(pieces: Iterable[str], **options: Any) -> tuple[Answer, list[Gate]]:
    """Return a streamed reply and its gates: gate ``n`` stands before piece ``n``, the last one before the end."""
    steps: list[Step] = [event(delta(role="assistant", content=None))]
    gates: list[Gate] = []
    for piece in pieces:
        gates.append(Gate())
        steps += [gates[-1], event(delta(content=piece))]
    gates.append(Gate())
    steps += [gates[-1], *reply_events("", **options)[1:], DONE]
    return Answer(steps, content_type=EVENT_STREAM), gates


def whole(text: str, *, thinking: str = "", finish_reason: str = "stop", usage: Any = USAGE) -> Answer:
    """Return a reply in one piece, as a service answers that does not stream."""
    message = {"role": "assistant", "content": text, **({"reasoning_content": thinking} if thinking else {})}
    body = {"choices": [{"index": 0, "message": message, "finish_reason": finish_reason}], "usage": usage}
    return Answer([json.dumps(body).encode()], whole=True)


def error(status: int, code: str, message: str, headers: dict[str, str] | None = None) -> Answer:
    """Return an error in the form of the compatible route (``qwen-api.md`` 2.11)."""
    body = {"error": {"message": message, "type": code, "param": None, "code": code}, "request_id": "req-loopback-1"}
    return Answer([json.dumps(body).encode()], status=status, headers=headers or {}, whole=True)


LOGIN_PAGE = (
    b"<!DOCTYPE html><html><head><title>Sign in to the network</title></head><body>Please sign in.</body></html>"
)

FAULTS: dict[str, Answer] = {
    "wrong-key": error(401, "invalid_api_key", "Incorrect API key provided."),
    "forbidden": error(403, "AccessDenied.Unpurchased", "Access to model denied."),
    "free-quota-used-up": error(403, "AllocationQuota.FreeTierOnly", "The free tier of the model has been exhausted."),
    "unknown-model": error(404, "model_not_found", "The model `qwen9` does not exist."),
    "too-many": error(429, "limit_requests", "You exceeded your current requests list.", {"Retry-After": "7"}),
    "billing": error(429, "PrepaidBillOverdue", "The prepaid bill is overdue."),
    "bad-request": error(400, "invalid_parameter_error", "Range of input length should be [1, 129024]"),
    "moderation": error(400, "data_inspection_failed", "Input data may contain inappropriate content."),
    "too-large": error(413, "request_too_large", "Request body too large"),
    "unprocessable": Answer(
        [json.dumps({"detail": [{"loc": ["body", "messages"], "msg": "field required", "type": "missing"}]}).encode()],
        status=422,
        whole=True,
    ),
    "server-error": error(500, "InternalError", "An internal error has occured."),
    "plain-server-error": Answer([b"Internal Server Error"], status=500, content_type=TEXT, whole=True),
    "overloaded": error(503, "ModelUnavailable", "Model is unavailable, please try again later."),
    "bad-gateway": Answer([b"<html><h1>502 Bad Gateway</h1></html>"], status=502, content_type=HTML, whole=True),
    "redirect": Answer(status=302, headers={"Location": "http://127.0.0.2:9/elsewhere"}, whole=True),
    "html": Answer([LOGIN_PAGE], content_type=HTML, whole=True),
    "garbage": Answer([b"\x00\x01 this is no JSON {"], whole=True),
    "other-json": Answer([b'{"hello": "world"}'], whole=True),
    "garbage-events": Answer([b"data: {not json\n\n"], content_type=EVENT_STREAM),
    "error-in-stream": Answer(
        [
            event(delta(role="assistant", content="")),
            event(delta(content="[{")),
            event({"error": {"message": "Request rate increased too quickly.", "code": "limit_burst_rate"}}),
        ],
        content_type=EVENT_STREAM,
    ),
    "no-events": Answer([], content_type=EVENT_STREAM),
    "reset": Answer(
        [*reply_events('[{"bbox_2d": [1, 2, 3, 4]', finish_reason=None, usage=None), RESET], content_type=EVENT_STREAM
    ),
    "reset-at-once": Answer(before=[RESET]),
    "silence": Answer([*reply_events("[", finish_reason=None, usage=None), SILENCE], content_type=EVENT_STREAM),
    "silence-at-once": Answer(before=[SILENCE]),
}
"""Faults by name: what a bad day looks like."""

_TEXT = 'Ünïcode [{"bbox_2d": [10, 20, 30, 40], "label": "车 🚗"}]'
_EVENTS = reply_events(_TEXT, chunk=7)
_JOINED = b"".join(_EVENTS)

ODD_TEXT = _TEXT
"""What each of the odd streams says."""

ODD_STREAMS: dict[str, Answer] = {
    name: Answer(steps, content_type=content_type)
    for name, steps, content_type in (
        ("plain", [*_EVENTS, DONE], EVENT_STREAM),
        ("no-done", _EVENTS, EVENT_STREAM),
        ("crlf", [(_JOINED + DONE).replace(b"\n", b"\r\n")], EVENT_STREAM),
        ("cr", [(_JOINED + DONE).replace(b"\n", b"\r")], EVENT_STREAM),
        ("bom", [b"\xef\xbb\xbf" + b"".join(_EVENTS[1:]), DONE], EVENT_STREAM),
        ("byte-by-byte", [bytes([byte]) for byte in _JOINED + DONE], EVENT_STREAM),
        ("one-piece", [_JOINED + DONE], EVENT_STREAM),
        ("comments", [b": OPENROUTER PROCESSING\n\n" + piece for piece in _EVENTS] + [DONE], EVENT_STREAM),
        ("no-space", [piece.replace(b"data: ", b"data:") for piece in _EVENTS] + [DONE], EVENT_STREAM),
        (
            "fields",
            [b"id: 7\nevent: message\nretry: 3000\nfoo: bar\n" + piece for piece in _EVENTS] + [DONE],
            "text/event-stream",
        ),
        (
            "multi-line",
            [b"data: {\ndata: " + piece[len(b"data: {") :] for piece in _EVENTS] + [DONE],
            EVENT_STREAM,
        ),
        ("no-type-details", [*_EVENTS, DONE], "Text/Event-Stream;charset=UTF-8"),
        ("wrong-charset", [*_EVENTS, DONE], "text/event-stream; charset=iso-8859-1"),
        ("usage-first", [event({"choices": [], "usage": {"prompt_tokens": 1}}), *_EVENTS, DONE], EVENT_STREAM),
        ("after-done", [*_EVENTS, DONE, event(delta(content="not heard"))], EVENT_STREAM),
        (
            "odd-chunks",
            [
                event({"choices": None}),
                event({"choices": [{}]}),
                event({"choices": [{"delta": None}]}),
                event({"object": "ping"}),
                *_EVENTS,
                DONE,
            ],
            EVENT_STREAM,
        ),
    )
}
"""Streams of odd shape that all say ``ODD_TEXT``."""


def zoom_call(box: list[float], label: str = "speck", *, says: str = "Let me look.", **more: object) -> Answer:
    """A model that asks for a part of the picture, ``box`` in thousandths, after it ``says`` something."""
    arguments = json.dumps({"bbox_2d": box, "label": label, **more})
    call = {"index": 0, "id": "call-1", "type": "function"}
    return Answer(
        [
            event(delta(role="assistant", content=says)),
            event(delta(tool_calls=[{**call, "function": {"name": "image_zoom_in_tool", "arguments": arguments[:9]}}])),
            event(delta(tool_calls=[{"index": 0, "function": {"arguments": arguments[9:]}}])),
            event(delta(content="", finish_reason="tool_calls")),
            event({"choices": [], "usage": {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110}}),
            DONE,
        ],
        content_type=EVENT_STREAM,
    )
