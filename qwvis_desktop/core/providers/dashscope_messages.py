"""A request in the form of DashScope's own interface (``qwen-api.md`` 3.1, 4.2): no ``type``, the key is the type."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qwvis_desktop.core.annotation import Attributes, JsonValue
from qwvis_desktop.core.providers.base import (
    ChatRequest,
    ImageLink,
    ImagePart,
    Part,
    Role,
    TextPart,
    Turn,
    VideoFile,
    VideoPart,
)
from qwvis_desktop.core.providers.body import UrlOf
from qwvis_desktop.core.providers.chat_messages import (
    PICTURE_OPTIONS,
    VIDEO_FIELDS,
    calls_json,
    grouped,
    tools_json,
    video_fields,
    words_of,
)

NATIVE_PICTURE_OPTIONS = (*PICTURE_OPTIONS, "enable_rotate")
"""Options that stand beside each picture."""

_OUTSIDE = ("stream", "stream_options")
"""Options of the other interface: here a header says whether to stream, and usage always comes."""


def native_body(request: ChatRequest, url_of: UrlOf, *, states_pixels: bool = True) -> dict[str, JsonValue]:
    """Return the body as JSON values, the address of each picture and film that is not on the web by ``url_of``.

    Args:
        request: what is asked. With ``ocr_options`` its words are left out: the service has words of its own.
        url_of: says the address of a picture or film.
        states_pixels: whether to say of each picture that it may keep its size.
    """
    content = _Content(url_of, request.options, states_pixels)
    messages: list[JsonValue] = []
    if request.system:
        messages.append({"role": "system", "content": [{"text": request.system}]})
    messages += [content.message(turn) for turn in grouped(request.history)]
    if request.parts:
        messages.append(content.message(Turn(Role.USER, _asked(request))))
    if request.prefix:
        messages.append({"role": Role.ASSISTANT.value, "content": [{"text": request.prefix}], "partial": True})
    return {"model": request.model, "input": {"messages": messages}, "parameters": _parameters(request)}


def streams(request: ChatRequest) -> bool:
    """Say whether the reply is to come in pieces."""
    return request.options.get("stream") is not False


def _asked(request: ChatRequest) -> tuple[Part, ...]:
    if "ocr_options" not in request.options:
        return request.parts
    return tuple(part for part in request.parts if not isinstance(part, TextPart))


def _parameters(request: ChatRequest) -> dict[str, JsonValue]:
    parameters: dict[str, JsonValue] = {"result_format": "message"}
    if streams(request):
        parameters["incremental_output"] = True
    if request.tools:
        parameters["tools"] = tools_json(request)
    apart = (*NATIVE_PICTURE_OPTIONS, *_OUTSIDE)
    return parameters | {name: value for name, value in request.options.items() if name not in apart}


@dataclass(frozen=True, slots=True)
class _Content:
    """Writes messages for one request."""

    url_of: UrlOf
    options: Attributes
    states_pixels: bool

    def message(self, turn: Turn) -> JsonValue:
        match turn.role:
            case Role.USER:
                return {"role": turn.role.value, "content": self._items(turn.parts)}
            case Role.TOOL:
                words: list[JsonValue] = [{"text": words_of(turn.parts)}]
                return {"role": turn.role.value, "tool_call_id": turn.answers, "content": words}
            case Role.ASSISTANT:
                calls: dict[str, JsonValue] = {"tool_calls": calls_json(turn)} if turn.tool_calls else {}
                return {"role": turn.role.value, "content": [{"text": words_of(turn.parts)}], **calls}

    def _items(self, parts: Sequence[Part]) -> list[JsonValue]:
        return [self._item(part) for part in parts]

    def _item(self, part: Part) -> JsonValue:
        match part:
            case TextPart(text):
                return {"text": text}
            case ImagePart() | ImageLink():
                return {"image": self._url(part), **self._limits(part)}
            case VideoPart(source=source):
                beside = video_fields(part, (*VIDEO_FIELDS, "max_frames"))
                if isinstance(source, tuple):
                    return {"video": [self._url(frame) for frame in source], **beside}
                return {"video": self._url(source), **beside}

    def _limits(self, part: ImagePart | ImageLink) -> dict[str, JsonValue]:
        limits: dict[str, JsonValue] = {}
        high_resolution = self.options.get("vl_high_resolution_images") is True
        if self.states_pixels and part.width and part.height and not high_resolution:
            limits["max_pixels"] = part.width * part.height
        return limits | {name: self.options[name] for name in NATIVE_PICTURE_OPTIONS if name in self.options}

    def _url(self, source: ImagePart | ImageLink | VideoFile | str) -> str:
        match source:
            case str():
                return source
            case ImageLink(url):
                return url
            case _:
                return self.url_of(source)
