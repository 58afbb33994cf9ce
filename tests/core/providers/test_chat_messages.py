"""core.providers.chat_messages: the body of the OpenAI-compatible route, form by form."""

from __future__ import annotations

import json
from typing import Any

import pytest

from qwvis_desktop.core.profiles import PixelsPlace
from qwvis_desktop.core.providers.base import (
    ChatRequest,
    ImageLink,
    ImagePart,
    Role,
    TextPart,
    Tool,
    ToolCall,
    Turn,
    VideoFile,
    VideoPart,
)
from qwvis_desktop.core.providers.body import body_of, data_url
from qwvis_desktop.core.providers.chat_messages import PictureForm, chat_body

PICTURE = ImagePart(b"abc", "image/png", 320, 256)
DATA = "data:image/png;base64,YWJj"
LINK = ImageLink("https://host/b.png")
PLAIN = PictureForm()


def body(request: ChatRequest, form: PictureForm = PLAIN) -> Any:
    return json.loads(json.dumps(chat_body(request, data_url, form)))


def content(*parts: Any, **options: Any) -> Any:
    return body(ChatRequest("m", parts, options=options))["messages"][-1]["content"]


class TestPictures:
    def test_by_bytes_by_address_and_by_data(self) -> None:
        assert content(PICTURE, LINK, ImageLink(DATA), TextPart("Compare.")) == [
            {"type": "image_url", "image_url": {"url": DATA}},
            {"type": "image_url", "image_url": {"url": "https://host/b.png"}},
            {"type": "image_url", "image_url": {"url": DATA}},
            {"type": "text", "text": "Compare."},
        ]

    @pytest.mark.parametrize(
        ("place", "inside", "beside"),
        [
            (PixelsPlace.BESIDE, {}, {"max_pixels": 99}),
            (PixelsPlace.INSIDE, {"max_pixels": 99}, {}),
            (PixelsPlace.BOTH, {"max_pixels": 99}, {"max_pixels": 99}),
        ],
    )
    def test_limits_stand_where_they_are_wanted(
        self, place: PixelsPlace, inside: dict[str, int], beside: dict[str, int]
    ) -> None:
        sent = body(ChatRequest("m", (PICTURE,), options={"max_pixels": 99}), PictureForm(pixels_place=place))
        assert sent["messages"][0]["content"] == [{"type": "image_url", "image_url": {"url": DATA, **inside}, **beside}]
        assert "max_pixels" not in sent

    def test_one_of_unknown_size_states_none(self) -> None:
        sent = body(ChatRequest("m", (LINK, PICTURE)), PictureForm(states_pixels=True))["messages"][0]["content"]
        assert [item.get("max_pixels") for item in sent] == [None, 320 * 256]


class TestVideos:
    @pytest.mark.parametrize(
        ("part", "item"),
        [
            (
                VideoPart(source="https://host/v.mp4", fps=2),
                {"type": "video_url", "video_url": {"url": "https://host/v.mp4"}, "fps": 2},
            ),
            (
                VideoPart(source=VideoFile(b"abc", "video/mp4"), fps=2, max_pixels=655360, total_pixels=134217728),
                {
                    "type": "video_url",
                    "video_url": {"url": "data:video/mp4;base64,YWJj"},
                    "fps": 2,
                    "max_pixels": 655360,
                    "total_pixels": 134217728,
                },
            ),
            (
                VideoPart(source=(PICTURE, LINK, LINK, PICTURE), fps=0.5, max_frames=9),
                {"type": "video", "video": [DATA, LINK.url, LINK.url, DATA], "fps": 0.5},
            ),
        ],
        ids=["address", "file", "frames"],
    )
    def test_form(self, part: VideoPart, item: Any) -> None:
        assert content(part) == [item]


class TestConversation:
    def test_earlier_turns_come_first(self) -> None:
        history = (
            Turn(Role.USER, (PICTURE, TextPart("What is it?"))),
            Turn(Role.ASSISTANT, (TextPart("A cat."),)),
        )
        sent = body(ChatRequest("m", (TextPart("Which breed?"),), system="Be short.", history=history))
        assert sent["messages"] == [
            {"role": "system", "content": "Be short."},
            {
                "role": "user",
                "content": [
                    {"type": "image_url", "image_url": {"url": DATA}},
                    {"type": "text", "text": "What is it?"},
                ],
            },
            {"role": "assistant", "content": "A cat."},
            {"role": "user", "content": [{"type": "text", "text": "Which breed?"}]},
        ]

    def test_a_reply_goes_on_from_its_beginning(self) -> None:
        sent = body(ChatRequest("m", (TextPart("Go."),), prefix='[{"bbox_2d":'))
        assert sent["messages"][-1] == {"role": "assistant", "content": '[{"bbox_2d":', "partial": True}

    def test_tools_and_their_results(self) -> None:
        zoom = Tool("zoom", "Look closer.", {"type": "object", "properties": {}})
        calls = (ToolCall("c1", "zoom", "{}"), ToolCall("c2", "zoom", '{"a": 1}'))
        history = (
            Turn(Role.USER, (PICTURE, TextPart("Find it."))),
            Turn(Role.ASSISTANT, (), tool_calls=calls),
            Turn(Role.TOOL, (TextPart("See image 2."), PICTURE), answers="c1"),
            Turn(Role.TOOL, (TextPart("Outside."),), answers="c2"),
        )
        sent = body(ChatRequest("m", (), history=history, tools=(zoom,)))
        assert sent["tools"] == [
            {
                "type": "function",
                "function": {
                    "name": "zoom",
                    "description": "Look closer.",
                    "parameters": {"type": "object", "properties": {}},
                },
            }
        ]
        assert sent["messages"][1:] == [
            {
                "role": "assistant",
                "content": "",
                "tool_calls": [
                    {"id": "c1", "type": "function", "function": {"name": "zoom", "arguments": "{}"}},
                    {"id": "c2", "type": "function", "function": {"name": "zoom", "arguments": '{"a": 1}'}},
                ],
            },
            {"role": "tool", "tool_call_id": "c1", "content": "See image 2."},
            {"role": "tool", "tool_call_id": "c2", "content": "Outside."},
            {"role": "user", "content": [{"type": "image_url", "image_url": {"url": DATA}}]},
        ]


def test_the_body_in_pieces_is_the_body_whole() -> None:
    history = (Turn(Role.USER, (PICTURE, VideoPart(source=(PICTURE, PICTURE)), TextPart("a"))),)
    request = ChatRequest("m", (PICTURE, VideoPart(source=VideoFile(b"abcd", "video/mp4"))), history=history)
    told: list[tuple[int, int]] = []
    pieces = body_of(
        lambda url_of: chat_body(request, url_of, PictureForm()), lambda sent, total: told.append((sent, total))
    )
    joined = b"".join(pieces)
    assert json.loads(joined) == body(request)
    assert len(pieces) == len(joined)
    assert told[-1] == (len(joined), len(joined))
    assert told == sorted(told)
