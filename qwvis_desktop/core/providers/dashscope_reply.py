"""Replies of DashScope's own interface as pieces of a reply (``qwen-api.md`` 3.2, 4.4)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.providers.base import ReplyChunk
from qwvis_desktop.core.providers.completion import (
    CallPieces,
    finish_of,
    first_choice,
    object_of,
    refuse_errors,
    words_in,
)
from qwvis_desktop.core.providers.failures import Failures


@dataclass(slots=True)
class NativeReader:
    """Reads the events of one reply.

    Attributes:
        incremental: whether each event holds only what is new; else all that was said so far.
        structured: whether the answer is what the OCR service read, told apart from its words: then the whole content
            item is the reply, once it has come; its words alone hold other numbers than its places.
    """

    failures: Failures
    incremental: bool = True
    structured: bool = False
    _said: str = ""
    _thought: str = ""
    _kept: str = ""
    _told_id: bool = False
    _calls: CallPieces = field(default_factory=CallPieces)

    def chunk(self, data: Mapping[str, object], text: str) -> ReplyChunk | None:
        """Return what one event or one whole reply says; None where it says nothing we know.

        Raises:
            ProviderError: it is an error object.
        """
        refuse_errors(data, self.failures, text)
        choice = first_choice(object_of(data.get("output")))
        message = object_of(choice.get("message"))
        items = list(_items(message.get("content")))
        said, thought = self._news(items, message)
        self._calls.add(message.get("tool_calls"))
        reason = finish_of(choice)
        result = next((item["ocr_result"] for item in items if isinstance(item.get("ocr_result"), dict)), None)
        chunk = ReplyChunk(
            text=self._held_back(said, result, reason) if self.structured else said,
            thinking=thought,
            finish_reason=reason,
            usage=_usage(object_of(data.get("usage"))),
            tool_calls=self._calls.take() if reason else (),
            ocr_result=result,
            image_hw=tuple(_sizes(items)),
        )
        return self._with_id(chunk, data) if chunk != ReplyChunk() else None

    def rest(self) -> ReplyChunk | None:
        """Return what was kept back: the words of a structured answer whose places never came, calls of tools."""
        kept, self._kept = self._kept, ""
        chunk = ReplyChunk(text=kept, tool_calls=self._calls.take())
        return chunk if chunk != ReplyChunk() else None

    def _news(self, items: list[Mapping[str, Any]], message: Mapping[str, Any]) -> tuple[str, str]:
        said = "".join(words_in(item.get("text")) for item in items)
        thought = words_in(message.get("reasoning_content"))
        if self.incremental:
            return said, thought
        before = self._said, self._thought
        # An event without words repeats nothing; it takes nothing back either.
        self._said, self._thought = said or self._said, thought or self._thought
        return said[len(before[0]) :], thought[len(before[1]) :]

    def _held_back(self, said: str, result: Mapping[str, Any] | None, reason: str | None) -> str:
        """Keep the words until the places come, which is with the last event; then give both as they came."""
        self._kept += said
        if result is not None:
            item, self._kept = {"text": self._kept, "ocr_result": result}, ""
            return json.dumps(item, ensure_ascii=False)
        if reason is not None:
            kept, self._kept = self._kept, ""
            return kept
        return ""

    def _with_id(self, chunk: ReplyChunk, data: Mapping[str, object]) -> ReplyChunk:
        key = data.get("request_id")
        if self._told_id or not isinstance(key, str):
            return chunk
        self._told_id = True
        return replace(chunk, request_id=key)


def _items(content: object) -> Iterator[Mapping[str, Any]]:
    if isinstance(content, str):
        yield {"text": content}
    elif isinstance(content, list):
        yield from (item for item in content if isinstance(item, dict))


def _sizes(items: list[Mapping[str, Any]]) -> Iterator[Size]:
    """Yield the sizes of ``image_hw``, which are heights and widths."""
    for item in items:
        listed = item.get("image_hw")
        for pair in listed if isinstance(listed, list) else ():
            if isinstance(pair, list) and len(pair) == 2 and all(type(side) is int and side > 0 for side in pair):
                yield Size(pair[1], pair[0])


_NAMES = {
    "input_tokens": "prompt_tokens",
    "output_tokens": "completion_tokens",
    "input_tokens_details": "prompt_tokens_details",
    "output_tokens_details": "completion_tokens_details",
}
"""What the other interface calls the same counts; the rest of the program goes by its names."""


def _usage(usage: Mapping[str, Any]) -> dict[str, Any] | None:
    return {_NAMES.get(name, name): value for name, value in usage.items()} or None
