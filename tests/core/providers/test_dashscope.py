"""DashScope's own interface against a real HTTP service on this machine."""

from __future__ import annotations

import json
from typing import Any

import pytest
from loopback.answers import EVENT_STREAM, Answer
from loopback.native import (
    NATIVE_USAGE,
    REQUEST_ID,
    native_error,
    native_event,
    native_streamed,
    native_whole,
    output,
)
from loopback.service import LoopbackService

from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.providers.base import (
    BadRequest,
    CancelToken,
    ChatRequest,
    ConnectionFailed,
    ImageLink,
    ImagePart,
    ProviderError,
    RateLimited,
    ReplyChunk,
    Role,
    TextPart,
    Tool,
    ToolCall,
    Turn,
    Unauthorized,
    VideoFile,
    VideoPart,
)
from qwvis_desktop.core.providers.dashscope import PATH, DashScope
from qwvis_desktop.core.providers.exchange import Exchange, Patience
from qwvis_desktop.core.providers.retry import NO_RETRY

PICTURE = ImagePart(b"abc", "image/png", 320, 256)
DATA = "data:image/png;base64,YWJj"
WORDS = ChatRequest("qwen3-vl-plus", (TextPart("Find all."),))
ADVANCED: dict[str, Any] = {"ocr_options": {"task": "advanced_recognition"}}


@pytest.fixture
def native(service: LoopbackService, key: str) -> DashScope:
    service.answer = native_streamed("[]")
    return DashScope(f"http://127.0.0.1:{service.port}/api/v1", Exchange(key, True, Patience(5.0, 5.0), NO_RETRY))


def chunks(provider: DashScope, request: ChatRequest = WORDS) -> list[ReplyChunk]:
    return list(provider.stream(request, CancelToken()))


def said(provider: DashScope, request: ChatRequest = WORDS) -> str:
    return "".join(chunk.text for chunk in chunks(provider, request))


class TestRequest:
    def test_goes_to_its_own_path_and_asks_for_a_stream_by_header(
        self, service: LoopbackService, native: DashScope, key: str
    ) -> None:
        said(native)
        sent = service.requests[0]
        assert sent.path == f"/api/v1{PATH}"
        assert sent.headers["authorization"] == f"Bearer {key}"
        assert sent.headers["x-dashscope-sse"] == "enable"
        assert "x-dashscope-ossresourceresolve" not in sent.headers
        assert sent.json == {
            "model": "qwen3-vl-plus",
            "input": {"messages": [{"role": "user", "content": [{"text": "Find all."}]}]},
            "parameters": {"result_format": "message", "incremental_output": True},
        }

    def test_is_the_documented_form(self, service: LoopbackService, native: DashScope) -> None:
        parts = (
            ImageLink("https://host/a.png"),
            ImageLink("oss://dir/b.png", 320, 256),
            PICTURE,
            VideoPart(source="https://host/v.mp4", fps=2, max_frames=100, total_pixels=134217728),
            VideoPart(source=(ImageLink("oss://f0.jpg"), ImageLink("oss://f1.jpg")), fps=2),
            VideoPart(source=VideoFile(b"abc", "video/mp4")),
            TextPart("Compare."),
        )
        options = {
            "min_pixels": 65536,
            "enable_rotate": False,
            "enable_thinking": True,
            "thinking_budget": 1000,
            "vl_enable_image_hw_output": True,
            "temperature": 0.1,
            "seed": 1,
        }
        said(native, ChatRequest("qwen3-vl-plus", parts, system="Be short.", options=options))
        sent = service.requests[0]
        assert sent.headers["x-dashscope-ossresourceresolve"] == "enable"
        beside = {"min_pixels": 65536, "enable_rotate": False}
        assert sent.json == {
            "model": "qwen3-vl-plus",
            "input": {
                "messages": [
                    {"role": "system", "content": [{"text": "Be short."}]},
                    {
                        "role": "user",
                        "content": [
                            {"image": "https://host/a.png", **beside},
                            {"image": "oss://dir/b.png", "max_pixels": 320 * 256, **beside},
                            {"image": DATA, "max_pixels": 320 * 256, **beside},
                            {"video": "https://host/v.mp4", "fps": 2, "max_frames": 100, "total_pixels": 134217728},
                            {"video": ["oss://f0.jpg", "oss://f1.jpg"], "fps": 2},
                            {"video": "data:video/mp4;base64,YWJj"},
                            {"text": "Compare."},
                        ],
                    },
                ]
            },
            "parameters": {
                "result_format": "message",
                "incremental_output": True,
                "enable_thinking": True,
                "thinking_budget": 1000,
                "vl_enable_image_hw_output": True,
                "temperature": 0.1,
                "seed": 1,
            },
        }

    def test_an_ocr_task_replaces_the_words(self, service: LoopbackService, native: DashScope) -> None:
        schema: dict[str, Any] = {"task": "key_information_extraction", "task_config": {"result_schema": {"Total": ""}}}
        said(native, ChatRequest("qwen-vl-ocr", (PICTURE, TextPart("x")), options={"ocr_options": schema}))
        sent = service.requests[0].json
        assert sent["input"]["messages"][0]["content"] == [{"image": DATA, "max_pixels": 320 * 256}]
        assert sent["parameters"]["ocr_options"] == schema

    def test_conversation_tools_and_a_beginning(self, service: LoopbackService, native: DashScope) -> None:
        call = ToolCall("c1", "zoom", "{}")
        history = (
            Turn(Role.USER, (TextPart("Find it."),)),
            Turn(Role.ASSISTANT, (), (call,)),
            Turn(Role.TOOL, (TextPart("See image 2."), PICTURE), answers="c1"),
        )
        tool = Tool("zoom", "Look closer.", {"type": "object"})
        said(native, ChatRequest("m", (), history=history, tools=(tool,), prefix="[{"))
        sent = service.requests[0].json
        assert sent["parameters"]["tools"][0]["function"]["name"] == "zoom"
        assert sent["input"]["messages"][1:] == [
            {
                "role": "assistant",
                "content": [{"text": ""}],
                "tool_calls": [{"id": "c1", "type": "function", "function": {"name": "zoom", "arguments": "{}"}}],
            },
            {"role": "tool", "tool_call_id": "c1", "content": [{"text": "See image 2."}]},
            {"role": "user", "content": [{"image": DATA, "max_pixels": 320 * 256}]},
            {"role": "assistant", "content": [{"text": "[{"}], "partial": True},
        ]

    def test_without_a_stream(self, service: LoopbackService, native: DashScope) -> None:
        service.answer = native_whole([{"text": "A cat."}], reasoning_content="Hm.")
        (chunk,) = chunks(native, ChatRequest("m", (TextPart("?"),), options={"stream": False}))
        assert (chunk.text, chunk.thinking, chunk.finish_reason) == ("A cat.", "Hm.", "stop")
        sent = service.requests[0]
        assert "x-dashscope-sse" not in sent.headers
        assert sent.json["parameters"] == {"result_format": "message"}

    def test_what_is_prepared_is_what_is_sent(self, service: LoopbackService, native: DashScope, key: str) -> None:
        request = ChatRequest("m", (PICTURE, TextPart("Wörter")), options={"temperature": 0.1})
        prepared = native.prepare(request)
        said(native, request)
        assert prepared.body == service.requests[0].json
        assert prepared.url.endswith(PATH)
        assert prepared.headers["X-DashScope-SSE"] == "enable"
        assert key not in repr(prepared)

    def test_the_models_are_those_of_the_other_interface(self, service: LoopbackService, native: DashScope) -> None:
        assert "qwen3-vl-plus" in native.models(CancelToken())
        assert service.requests[0].path == "/compatible-mode/v1/models"


class TestReply:
    @pytest.mark.parametrize("incremental", [True, False])
    def test_pieces_come_once(self, service: LoopbackService, native: DashScope, incremental: bool) -> None:
        service.answer = native_streamed("A cat on a mat.", chunk=4, thinking="Let me see.", incremental=incremental)
        options: dict[str, Any] = {} if incremental else {"incremental_output": False}
        got = chunks(native, ChatRequest("m", (TextPart("?"),), options=options))
        assert [chunk.text for chunk in got if chunk.text] == ["A ca", "t on", " a m", "at."]
        assert "".join(chunk.thinking for chunk in got) == "Let me see."
        assert [chunk.finish_reason for chunk in got if chunk.finish_reason] == ["stop"]
        assert [chunk.request_id for chunk in got if chunk.request_id] == [REQUEST_ID]

    def test_usage_goes_by_the_names_of_the_other_interface(self, native: DashScope) -> None:
        usage = chunks(native)[-1].usage
        assert usage is not None
        assert (usage["prompt_tokens"], usage["completion_tokens"], usage["total_tokens"]) == (1268, 54, 1322)
        assert usage["prompt_tokens_details"] == NATIVE_USAGE["input_tokens_details"]

    def test_the_size_after_the_resize(self, service: LoopbackService, native: DashScope) -> None:
        service.answer = native_streamed("[]", extra=({"image_hw": [[1088, 1920], "odd", [0, 1]]},))
        assert chunks(native)[-1].image_hw == (Size(1920, 1088),)

    @pytest.mark.parametrize("whole", [False, True])
    def test_what_the_ocr_service_read_is_kept_with_its_words(
        self, service: LoopbackService, native: DashScope, whole: bool
    ) -> None:
        result = {"words_info": [{"text": "Line 1", "location": [52, 54, 250, 57, 249, 106, 52, 103]}]}
        words = '```json\n[{"pos_list": [{"rotate_rect": [1, 2, 3, 4, 5]}]}]\n```'
        service.answer = (
            native_whole([{"text": words, "ocr_result": result}])
            if whole
            else native_streamed(words, chunk=9, last={"ocr_result": result})
        )
        got = chunks(native, ChatRequest("qwen-vl-ocr", (PICTURE,), options=ADVANCED))
        assert json.loads("".join(chunk.text for chunk in got)) == {"text": words, "ocr_result": result}
        assert [chunk.ocr_result for chunk in got if chunk.ocr_result] == [result]

    @pytest.mark.parametrize("ends", [True, False])
    def test_words_without_places_are_not_lost(self, service: LoopbackService, native: DashScope, ends: bool) -> None:
        events = [output([{"text": "half "}]), output([{"text": "a reply"}], finish_reason="stop" if ends else "null")]
        service.answer = Answer([native_event(data) for data in events], content_type=EVENT_STREAM)
        got: list[str] = []
        try:
            pieces = native.stream(ChatRequest("m", (PICTURE,), options=ADVANCED), CancelToken())
            got.extend(chunk.text for chunk in pieces)  # what came before the error is in it
        except ConnectionFailed:
            assert not ends
        assert "".join(got) == "half a reply"

    def test_calls_of_tools(self, service: LoopbackService, native: DashScope) -> None:
        pieces = [
            [{"index": 0, "id": "c1", "function": {"name": "zoom", "arguments": '{"a"'}}],
            [{"index": 0, "id": "", "function": {"arguments": ": 1}"}}],
        ]
        events = [native_event(output([], tool_calls=piece)) for piece in pieces]
        events.append(native_event(output([], finish_reason="tool_calls")))
        service.answer = Answer(events, content_type=EVENT_STREAM)
        assert chunks(native)[-1].tool_calls == (ToolCall("c1", "zoom", '{"a": 1}'),)

    def test_a_stream_that_breaks_off(self, service: LoopbackService, native: DashScope) -> None:
        service.answer = Answer([native_event(output([{"text": "["}]))], content_type=EVENT_STREAM)
        with pytest.raises(ConnectionFailed):
            chunks(native)


class TestFailures:
    @pytest.mark.parametrize(
        ("status", "code", "kind"),
        [
            (401, "InvalidApiKey", Unauthorized),
            (400, "DataInspectionFailed", BadRequest),
            (429, "Throttling.RateQuota", RateLimited),
        ],
    )
    def test_errors_in_its_own_form(
        self, service: LoopbackService, native: DashScope, status: int, code: str, kind: type[ProviderError]
    ) -> None:
        service.answer = native_error(status, code, "It says so.")
        with pytest.raises(kind) as caught:
            chunks(native)
        assert REQUEST_ID in caught.value.details

    def test_an_error_in_the_stream(self, service: LoopbackService, native: DashScope) -> None:
        error = {"code": "Throttling.BurstRate", "message": "Too fast.", "request_id": REQUEST_ID}
        steps = [native_event(output([{"text": "["}])), native_event(error, 2, 429, "error")]
        service.answer = Answer(steps, content_type=EVENT_STREAM)
        with pytest.raises(RateLimited):
            chunks(native)

    def test_without_a_key_nothing_is_sent(self, service: LoopbackService) -> None:
        provider = DashScope(f"http://127.0.0.1:{service.port}/api/v1", Exchange(None, True, retry=NO_RETRY))
        with pytest.raises(Unauthorized):
            chunks(provider)
        assert service.requests == []
