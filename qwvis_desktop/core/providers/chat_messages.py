"""A request in the form of the OpenAI-compatible route (``qwen-api.md`` 2.1 to 2.9)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qwvis_desktop.core.annotation import Attributes, JsonValue
from qwvis_desktop.core.profiles import PixelsPlace
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

PICTURE_OPTIONS = ("min_pixels", "max_pixels")
"""Options that stand beside each picture, not at the top of the request (``qwen-api.md`` 2.2)."""

NATIVE_OPTIONS = (
    "enable_rotate",
    "incremental_output",
    "max_frames",
    "ocr_options",
    "result_format",
    "vl_enable_image_hw_output",
)
"""Options that only DashScope's own interface knows (3.1, 4.1); they are left out here."""

VIDEO_FIELDS = ("fps", "min_pixels", "max_pixels", "total_pixels")
"""What stands beside a film; ``max_frames`` is known to DashScope's own interface only (2.3)."""


@dataclass(frozen=True, slots=True)
class PictureForm:
    """How a picture is written, and the begin of a reply.

    Attributes:
        states_pixels: whether to say of each picture that it may keep its size (DashScope; others know no such
            field). It has been given a size the model takes, so the service has nothing left to resize.
        pixels_place: where its limits stand.
        marks_partial: whether the begin of a reply is marked as what is to be gone on with.
    """

    states_pixels: bool = False
    pixels_place: PixelsPlace = PixelsPlace.BESIDE
    marks_partial: bool = True


def chat_body(request: ChatRequest, url_of: UrlOf, form: PictureForm) -> dict[str, JsonValue]:
    """Return the body as JSON values, the address of each picture and film that is not on the web by ``url_of``."""
    content = _Content(url_of, form, request.options)
    messages: list[JsonValue] = []
    if request.system:
        messages.append({"role": "system", "content": request.system})
    messages += content.messages(request.history)
    if request.parts:
        messages.append({"role": Role.USER.value, "content": content.items(request.parts)})
    if request.prefix:
        marked: dict[str, JsonValue] = {"partial": True} if form.marks_partial else {}
        messages.append({"role": Role.ASSISTANT.value, "content": request.prefix, **marked})
    body: dict[str, JsonValue] = {
        "model": request.model,
        "messages": messages,
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    if request.tools:
        body["tools"] = tools_json(request)
    apart = (*PICTURE_OPTIONS, *NATIVE_OPTIONS)
    body.update((key, value) for key, value in request.options.items() if key not in apart)
    if body["stream"] is not True:
        del body["stream_options"]
    return body


def tools_json(request: ChatRequest) -> list[JsonValue]:
    """Return the tools of ``request`` as both interfaces want them (2.8)."""
    return [
        {
            "type": "function",
            "function": {"name": tool.name, "description": tool.description, "parameters": dict(tool.parameters)},
        }
        for tool in request.tools
    ]


def calls_json(turn: Turn) -> list[JsonValue]:
    """Return the calls of an assistant's turn as both interfaces want them back."""
    return [
        {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": call.arguments}}
        for call in turn.tool_calls
    ]


def words_of(parts: Sequence[Part]) -> str:
    """Return the words among ``parts``."""
    return "\n".join(part.text for part in parts if isinstance(part, TextPart))


def video_fields(part: VideoPart, names: Sequence[str]) -> dict[str, JsonValue]:
    """Return what stands beside a film, as far as it is set."""
    return {name: getattr(part, name) for name in names if getattr(part, name) is not None}


def grouped(history: Sequence[Turn]) -> Iterator[Turn]:
    """Yield the turns with the pictures of tools' results taken out and put into a user's turn after the results.

    A tool's message holds words in the protocol; pictures are taken there by some services and refused by others,
    while every one takes them from the user.
    """
    pictures: list[Part] = []
    for turn in history:
        if turn.role is not Role.TOOL and pictures:
            yield Turn(Role.USER, tuple(pictures))
            pictures = []
        if turn.role is Role.TOOL:
            pictures += [part for part in turn.parts if not isinstance(part, TextPart)]
        yield turn
    if pictures:
        yield Turn(Role.USER, tuple(pictures))


@dataclass(frozen=True, slots=True)
class _Content:
    """Writes messages for one request."""

    url_of: UrlOf
    form: PictureForm
    options: Attributes

    def messages(self, history: Sequence[Turn]) -> Iterator[JsonValue]:
        for turn in grouped(history):
            match turn.role:
                case Role.USER:
                    yield {"role": turn.role.value, "content": self.items(turn.parts)}
                case Role.TOOL:
                    yield {"role": turn.role.value, "tool_call_id": turn.answers, "content": words_of(turn.parts)}
                case Role.ASSISTANT:
                    calls: dict[str, JsonValue] = {"tool_calls": calls_json(turn)} if turn.tool_calls else {}
                    yield {"role": turn.role.value, "content": words_of(turn.parts), **calls}

    def items(self, parts: Sequence[Part]) -> list[JsonValue]:
        return [self._item(part) for part in parts]

    def _item(self, part: Part) -> JsonValue:
        match part:
            case TextPart(text):
                return {"type": "text", "text": text}
            case ImagePart() | ImageLink():
                return self._picture(part)
            case VideoPart():
                return self._video(part)

    def _picture(self, part: ImagePart | ImageLink) -> JsonValue:
        limits: dict[str, JsonValue] = {}
        high_resolution = self.options.get("vl_high_resolution_images") is True
        if self.form.states_pixels and part.width and part.height and not high_resolution:
            limits["max_pixels"] = part.width * part.height
        limits |= {key: value for key, value in self.options.items() if key in PICTURE_OPTIONS}
        inside = limits if self.form.pixels_place is not PixelsPlace.BESIDE else {}
        beside = limits if self.form.pixels_place is not PixelsPlace.INSIDE else {}
        return {"type": "image_url", "image_url": {"url": self._url(part), **inside}, **beside}

    def _video(self, part: VideoPart) -> JsonValue:
        beside = video_fields(part, VIDEO_FIELDS)
        if isinstance(part.source, tuple):
            return {"type": "video", "video": [self._url(frame) for frame in part.source], **beside}
        return {"type": "video_url", "video_url": {"url": self._url(part.source)}, **beside}

    def _url(self, source: ImagePart | ImageLink | VideoFile | str) -> str:
        match source:
            case str():
                return source
            case ImageLink(url):
                return url
            case _:
                return self.url_of(source)
