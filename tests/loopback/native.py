"""Answers in the form of DashScope's own interface (``qwen-api.md`` 3.2, 4.4)."""

from __future__ import annotations

import json
from typing import Any

from loopback.answers import EVENT_STREAM, Answer, Step, pieces_of

NATIVE_USAGE = {
    "input_tokens": 1268,
    "output_tokens": 54,
    "total_tokens": 1322,
    "image_tokens": 1247,
    "input_tokens_details": {"text_tokens": 21, "image_tokens": 1247},
}
REQUEST_ID = "req-native-1"


def output(content: Any, *, finish_reason: str = "null", usage: Any = NATIVE_USAGE, **message: Any) -> dict[str, Any]:
    """Return one event's data, or a whole reply's: ``content`` is a list of content items."""
    choice = {"finish_reason": finish_reason, "message": {"role": "assistant", "content": content, **message}}
    return {"output": {"choices": [choice]}, "usage": usage, "request_id": REQUEST_ID}


def native_event(data: Any, number: int = 1, status: int = 200, name: str = "result") -> bytes:
    """Return one server-sent event as DashScope writes it."""
    body = json.dumps(data, ensure_ascii=False)
    return f"id:{number}\nevent:{name}\n:HTTP_STATUS/{status}\ndata:{body}\n\n".encode()


def native_streamed(
    text: str,
    *,
    chunk: int = 20,
    thinking: str = "",
    incremental: bool = True,
    last: dict[str, Any] | None = None,
    extra: tuple[dict[str, Any], ...] = (),
) -> Answer:
    """Return a streamed reply.

    Args:
        text: what is said.
        chunk: characters an event carries.
        thinking: the reasoning that comes first.
        incremental: whether each event holds only what is new.
        last: further keys of the last event's content item.
        extra: further content items of the last event.
    """
    events, said, thought = [output([])], "", ""
    for piece in pieces_of(thinking, chunk):
        thought += piece
        events.append(output([], reasoning_content=piece if incremental else thought))
    for piece in pieces_of(text, chunk):
        said += piece
        before = {} if incremental else {"reasoning_content": thought}
        events.append(output([{"text": piece if incremental else said}], **before))
    item = {"text": "" if incremental else said, **(last or {})}
    events.append(output([item, *extra], finish_reason="stop"))
    steps: list[Step] = [native_event(data, number) for number, data in enumerate(events, start=1)]
    return Answer(steps, content_type=EVENT_STREAM)


def native_whole(content: Any, **message: Any) -> Answer:
    """Return a reply in one piece."""
    body = output(content, finish_reason="stop", **message)
    return Answer([json.dumps(body, ensure_ascii=False).encode()], whole=True)


def native_error(status: int, code: str, message: str) -> Answer:
    """Return an error."""
    body = {"code": code, "message": message, "request_id": REQUEST_ID}
    return Answer([json.dumps(body).encode()], status=status, whole=True)
