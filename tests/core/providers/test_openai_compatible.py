"""The OpenAI-compatible provider against a real HTTP service on this machine."""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO

import pytest
from loopback.answers import (
    DONE,
    EVENT_STREAM,
    FAULTS,
    ODD_STREAMS,
    ODD_TEXT,
    SILENCE,
    USAGE,
    Answer,
    delta,
    error,
    event,
    gated,
    streamed,
    whole,
)
from loopback.service import LoopbackService
from PIL import Image

from qwvis_desktop.core.annotation import JsonValue
from qwvis_desktop.core.providers.base import (
    BadReply,
    BadRequest,
    CancelToken,
    ChatRequest,
    ConnectionFailed,
    Forbidden,
    ImagePart,
    NotFound,
    ProviderError,
    RateLimited,
    ReplyChunk,
    ServiceFailed,
    TextPart,
    TimedOut,
    ToolCall,
    Unauthorized,
)
from qwvis_desktop.core.providers.exchange import Patience
from qwvis_desktop.core.providers.openai_compatible import OpenAICompatible
from qwvis_desktop.core.providers.retry import NO_RETRY, RetryPolicy

Maker = Callable[..., OpenAICompatible]


def picture(width: int = 64, height: int = 32, mime: str = "image/png") -> ImagePart:
    out = BytesIO()
    Image.new("RGB", (width, height), (200, 30, 30)).save(out, mime.rpartition("/")[2])
    return ImagePart(out.getvalue(), mime, width, height)


def noise(size: int) -> ImagePart:
    """Return a part that is no picture, of exactly ``size`` bytes."""
    return ImagePart(bytes(number * 37 % 251 for number in range(size)), "image/jpeg", 8, 8)


def said(provider: OpenAICompatible, request: ChatRequest) -> str:
    return "".join(chunk.text for chunk in provider.stream(request, CancelToken()))


def failure(provider: OpenAICompatible, request: ChatRequest) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        list(provider.stream(request, CancelToken()))
    return caught.value


class TestRequest:
    """What goes over the wire is the makers' form (``qwen-api.md`` 2.1 to 2.4)."""

    def test_is_the_skeleton_of_the_documentation(self, service: LoopbackService, asked: Maker) -> None:
        first, second = picture(), picture(32, 64)
        options: dict[str, JsonValue] = {
            "min_pixels": 65536,
            "max_pixels": 2621440,
            "enable_thinking": False,
            "vl_high_resolution_images": False,
            "temperature": 0.7,
            "top_k": 20,
            "seed": 1234,
        }
        said(asked(), ChatRequest("qwen3-vl-plus", (first, second, TextPart("Compare both.")), options=options))
        sent = service.requests[0]
        urls = [part["image_url"].pop("url") for part in sent.content if part["type"] == "image_url"]
        body = sent.json
        for part in body["messages"][0]["content"]:
            if part["type"] == "image_url":
                part["image_url"].pop("url")
        assert body == {
            "model": "qwen3-vl-plus",
            "messages": [
                {
                    "role": "user",
                    "content": [
                        {"type": "image_url", "image_url": {}, "min_pixels": 65536, "max_pixels": 2621440},
                        {"type": "image_url", "image_url": {}, "min_pixels": 65536, "max_pixels": 2621440},
                        {"type": "text", "text": "Compare both."},
                    ],
                }
            ],
            "stream": True,
            "stream_options": {"include_usage": True},
            "enable_thinking": False,
            "vl_high_resolution_images": False,
            "temperature": 0.7,
            "top_k": 20,
            "seed": 1234,
        }
        assert all(url.startswith("data:image/png;base64,") for url in urls)
        assert [got.data for got in sent.pictures] == [first.data, second.data]
        assert [tuple(got.size) for got in sent.pictures] == [(64, 32), (32, 64)]

    def test_goes_to_the_right_address_with_the_key(
        self, service: LoopbackService, asked: Maker, key: str, words: ChatRequest
    ) -> None:
        said(asked(), words)
        sent = service.requests[0]
        assert (sent.method, sent.path) == ("POST", "/v1/chat/completions")
        assert sent.headers["authorization"] == f"Bearer {key}"
        assert sent.headers["content-type"] == "application/json"
        assert int(sent.headers["content-length"]) == len(sent.body)

    def test_without_a_key_sends_none(self, service: LoopbackService, asked: Maker, words: ChatRequest) -> None:
        said(asked(None), words)
        assert "authorization" not in service.requests[0].headers

    def test_puts_the_system_message_first(self, service: LoopbackService, asked: Maker) -> None:
        said(asked(), ChatRequest("m", (TextPart("a"),), system="Be short."))
        assert service.requests[0].json["messages"][0] == {"role": "system", "content": "Be short."}

    @pytest.mark.parametrize("size", [0, 1, 2, 3, 196_607, 196_608, 196_609, 500_001])
    def test_pictures_of_any_length_arrive_whole(self, service: LoopbackService, asked: Maker, size: int) -> None:
        import base64

        part = noise(size)
        said(asked(), ChatRequest("m", (part, TextPart("x"))))
        url = service.requests[0].content[0]["image_url"]["url"]
        assert base64.b64decode(url.partition(",")[2], validate=True) == part.data

    @pytest.mark.parametrize(
        "text", ['quote " backslash \\ line\nfeed', "汉字 🚗", "a lone \ud83d surrogate", "\x00\x1f"]
    )
    def test_any_prompt_arrives_as_it_is(self, service: LoopbackService, asked: Maker, text: str) -> None:
        said(asked(), ChatRequest("m", (picture(), TextPart(text))))
        assert service.requests[0].content[1]["text"] == text

    def test_what_is_prepared_is_what_is_sent(self, service: LoopbackService, asked: Maker, key: str) -> None:
        request = ChatRequest("m", (picture(), TextPart("Wörter")), system="s", options={"temperature": 0.1})
        prepared = asked().prepare(request)
        said(asked(), request)
        assert prepared.body == service.requests[0].json
        assert prepared.url == f"{service.base_url}/chat/completions"
        assert prepared.headers["Authorization"] == "Bearer ***"
        assert key not in repr(prepared)

    def test_says_to_dashscope_that_the_picture_may_keep_its_size(self, service: LoopbackService) -> None:
        provider = OpenAICompatible(service.base_url, "k", states_pixels=True, retry=NO_RETRY)
        said(provider, ChatRequest("m", (picture(320, 256),)))
        said(provider, ChatRequest("m", (picture(320, 256),), options={"max_pixels": 9}))
        assert [request.content[0]["max_pixels"] for request in service.requests] == [320 * 256, 9]

    def test_without_streaming_asks_for_no_stream_options(self, service: LoopbackService, asked: Maker) -> None:
        service.answer = whole("[]")
        assert said(asked(), ChatRequest("m", (TextPart("a"),), options={"stream": False})) == "[]"
        assert "stream_options" not in service.requests[0].json

    def test_never_goes_through_a_proxy_on_this_machine(
        self, service: LoopbackService, asked: Maker, words: ChatRequest, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
        monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
        assert said(asked(), words) == "[]"

    def test_goes_through_the_proxy_to_other_machines(
        self, service: LoopbackService, words: ChatRequest, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{service.port}")
        assert said(OpenAICompatible("http://model.invalid/v1", retry=NO_RETRY), words) == "[]"
        assert service.requests[0].headers["host"] == "model.invalid"


class TestReply:
    @pytest.mark.parametrize("name", ODD_STREAMS)
    def test_streams_of_odd_shape_are_read(
        self, service: LoopbackService, asked: Maker, words: ChatRequest, name: str
    ) -> None:
        service.answer = ODD_STREAMS[name]
        chunks = list(asked().stream(words, CancelToken()))
        assert "".join(chunk.text for chunk in chunks) == ODD_TEXT
        assert [chunk.finish_reason for chunk in chunks if chunk.finish_reason] == ["stop"]
        assert next(chunk.usage for chunk in reversed(chunks) if chunk.usage) == USAGE

    @pytest.mark.parametrize("field", ["reasoning_content", "reasoning"])
    def test_thinking_is_kept_apart(
        self, service: LoopbackService, asked: Maker, words: ChatRequest, field: str
    ) -> None:
        service.answer = streamed("[]", thinking="I look at it.", reasoning_field=field, chunk=5)
        chunks = list(asked().stream(words, CancelToken()))
        assert "".join(chunk.thinking for chunk in chunks) == "I look at it."
        assert "".join(chunk.text for chunk in chunks) == "[]"

    def test_each_piece_is_told_when_it_comes(self, service: LoopbackService, asked: Maker, words: ChatRequest) -> None:
        service.answer, gates = gated(["[1,", "2]"])
        stream = asked().stream(words, CancelToken())
        for gate, piece in zip(gates, ["[1,", "2]"], strict=False):
            gate.open()
            assert next(stream).text == piece
        gates[-1].open()
        assert [chunk.finish_reason for chunk in stream] == ["stop", None]

    def test_length_is_told(self, service: LoopbackService, asked: Maker, words: ChatRequest) -> None:
        service.answer = streamed("[1", finish_reason="length", usage=None)
        assert list(asked().stream(words, CancelToken()))[-1] == ReplyChunk(finish_reason="length")

    def test_a_reply_in_one_piece_is_read(self, service: LoopbackService, asked: Maker, words: ChatRequest) -> None:
        service.answer = whole("[1, 2]", thinking="hm")
        assert list(asked().stream(words, CancelToken())) == [
            ReplyChunk(text="[1, 2]", thinking="hm", finish_reason="stop", usage=USAGE)
        ]

    def test_a_reply_of_a_megabyte_is_read(self, service: LoopbackService, asked: Maker, words: ChatRequest) -> None:
        text = "0123456789" * 120_000
        service.answer = streamed(text, chunk=1_200_000)
        assert said(asked(), words) == text

    def test_leaving_early_closes_the_connection(
        self, service: LoopbackService, asked: Maker, words: ChatRequest
    ) -> None:
        service.answer, gates = gated(["[1,", "2]"])
        gates[0].open()
        stream = asked().stream(words, CancelToken())
        next(stream)
        stream.close()  # type: ignore[attr-defined]  # the protocol promises an iterator, this one is a generator
        assert service.requests[0].closed.wait(1.0)


EXPECTED: dict[str, tuple[type[ProviderError], str]] = {
    "wrong-key": (Unauthorized, "same region"),
    "forbidden": (Forbidden, "not activated"),
    "free-quota-used-up": (Forbidden, "free quota"),
    "unknown-model": (NotFound, "does not know the model 'qwen3-vl-plus'"),
    "too-many": (RateLimited, "no more requests just now"),
    "billing": (RateLimited, "unpaid"),
    "bad-request": (BadRequest, "longer than the model takes"),
    "moderation": (BadRequest, "content check"),
    "too-large": (BadRequest, "larger than the service takes"),
    "unprocessable": (BadRequest, "body.messages: field required"),
    "server-error": (ServiceFailed, "status 500"),
    "plain-server-error": (ServiceFailed, "status 500"),
    "overloaded": (ServiceFailed, "status 503"),
    "bad-gateway": (ServiceFailed, "status 502"),
    "redirect": (BadReply, "http://127.0.0.2:9/elsewhere"),
    "html": (BadReply, "'Sign in to the network'"),
    "garbage": (BadReply, "no reply of a model"),
    "other-json": (BadReply, "no reply of a model"),
    "garbage-events": (BadReply, "no reply of a model"),
    "error-in-stream": (RateLimited, "too fast"),
    "no-events": (BadReply, "no reply of a model"),
    "reset": (ConnectionFailed, "broke before the reply was complete"),
    "reset-at-once": (ConnectionFailed, "broke before anything of the reply came"),
    "silence": (TimedOut, "nothing further for 0.05 seconds"),
    "silence-at-once": (TimedOut, "silent for 0.05 seconds"),
}


class TestFaults:
    def test_each_fault_has_an_expectation(self) -> None:
        assert EXPECTED.keys() == FAULTS.keys()

    @pytest.mark.parametrize("name", FAULTS)
    def test_is_told_in_a_sentence(self, service: LoopbackService, asked: Maker, words: ChatRequest, name: str) -> None:
        service.answer = FAULTS[name]
        told = failure(
            asked(first=0.05 if name == "silence-at-once" else 5.0, idle=0.05) if "silence" in name else asked(), words
        )
        kind, part = EXPECTED[name]
        assert type(told) is kind
        assert part in str(told)
        assert str(told).endswith((".", ")")) or name == "unprocessable"
        assert "!" not in str(told)
        assert len(str(told)) < 320

    @pytest.mark.parametrize("name", [*FAULTS, "refused"])
    def test_nothing_shows_the_key(
        self, service: LoopbackService, asked: Maker, key: str, name: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        if name != "refused":
            service.answer = FAULTS[name]
        provider = asked(first=0.05 if name == "silence-at-once" else 5.0, idle=0.05) if "silence" in name else asked()
        if name == "refused":
            provider = OpenAICompatible("http://127.0.0.1:9/v1", key, retry=NO_RETRY)
        told = failure(provider, ChatRequest("qwen3-vl-plus", (picture(), TextPart("x"))))
        shown = "".join(traceback.format_exception(told)) + told.details + repr(told) + repr(provider) + caplog.text
        assert key not in shown
        assert key[6:] not in shown

    def test_a_key_that_the_service_repeats_is_not_shown(
        self, service: LoopbackService, asked: Maker, key: str, words: ChatRequest
    ) -> None:
        for status, code in ((400, "odd"), (401, "invalid_api_key")):
            service.answer = error(status, code, f"the key {key} is odd")
            told = failure(asked(), words)
            assert key not in f"{told} {told.details}"

    def test_what_came_before_a_break_is_kept(self, service: LoopbackService, asked: Maker, words: ChatRequest) -> None:
        service.answer = FAULTS["reset"]
        came: list[str] = []
        stream = asked().stream(words, CancelToken())
        with pytest.raises(ConnectionFailed):
            came.extend(chunk.text for chunk in stream)
        assert "".join(came) == '[{"bbox_2d": [1, 2, 3, 4]'

    def test_a_stream_that_ends_without_saying_so_is_broken_off(
        self, service: LoopbackService, asked: Maker, words: ChatRequest
    ) -> None:
        service.answer = streamed("[1", done=False, finish_reason=None, usage=None)
        assert isinstance(failure(asked(), words), ConnectionFailed)

    def test_done_is_an_end_as_well(self, service: LoopbackService, asked: Maker, words: ChatRequest) -> None:
        service.answer = streamed("[1]", finish_reason=None, usage=None)
        assert said(asked(), words) == "[1]"

    def test_a_redirect_is_not_followed_with_the_key(
        self, service: LoopbackService, asked: Maker, words: ChatRequest
    ) -> None:
        service.answer = FAULTS["redirect"]
        failure(asked(), words)
        assert len(service.requests) == 1

    def test_refused_connection(self, words: ChatRequest) -> None:
        told = failure(OpenAICompatible("http://127.0.0.1:9/v1", retry=NO_RETRY), words)
        assert isinstance(told, ConnectionFailed)
        assert "refused" in str(told)
        assert "127.0.0.1:9" in str(told)

    @pytest.mark.parametrize("url", ["ftp://127.0.0.1/v1", "127.0.0.1:1/v1", "http://[::1/v1", ""])
    def test_an_address_of_another_kind(self, words: ChatRequest, url: str) -> None:
        told = failure(OpenAICompatible(url, "k", name="x", retry=NO_RETRY), words)
        assert isinstance(told, ConnectionFailed)
        assert "cannot be used" in str(told)

    def test_no_key_where_one_is_needed_asks_nobody(self, service: LoopbackService, words: ChatRequest) -> None:
        told = failure(OpenAICompatible(service.base_url, None, needs_key=True), words)
        assert isinstance(told, Unauthorized)
        assert "there is none" in str(told)
        assert not service.requests

    def test_a_service_that_asks_for_a_key_where_there_is_none(
        self, service: LoopbackService, asked: Maker, words: ChatRequest
    ) -> None:
        service.answer = FAULTS["wrong-key"]
        assert "there is none" in str(failure(asked(None), words))

    @pytest.mark.parametrize("bad", ["sk-one\nX-Evil: 1", "sk-ключ-0123456", "sk-two words", "sk-tab\t12345"])
    def test_a_key_that_cannot_be_sent_is_not_repeated(
        self, service: LoopbackService, asked: Maker, words: ChatRequest, bad: str
    ) -> None:
        told = failure(asked(bad), words)
        assert isinstance(told, Unauthorized)
        assert bad not in "".join(traceback.format_exception(told))
        assert not service.requests

    def test_a_coding_plan_key_is_named_as_such(
        self, service: LoopbackService, asked: Maker, words: ChatRequest
    ) -> None:
        service.answer = error(403, "AccessDenied", "Access denied.")
        assert "Coding Plan" in str(failure(asked("sk-sp-0123456789"), words))

    def test_the_request_id_is_in_the_details(self, service: LoopbackService, asked: Maker, words: ChatRequest) -> None:
        service.answer = FAULTS["server-error"]
        assert "req-loopback-1" in failure(asked(), words).details

    @pytest.mark.parametrize(
        ("data", "kind"),
        [
            ({"error": "boom"}, ServiceFailed),
            ({"error": {"message": "bad", "code": 400}}, BadRequest),
            ({"code": "InvalidApiKey", "message": "no", "request_id": "r"}, Unauthorized),
            ({"error": {"message": "bill", "code": "PrepaidBillOverdue"}}, RateLimited),
        ],
    )
    def test_an_error_object_with_status_200(
        self, service: LoopbackService, asked: Maker, words: ChatRequest, data: object, kind: type[ProviderError]
    ) -> None:
        for answer in (
            Answer([event(data)], content_type=EVENT_STREAM),
            Answer([json.dumps(data).encode()], whole=True),
        ):
            service.answer = answer
            assert type(failure(asked(), words)) is kind


class TestRetry:
    def quick(self, waits: list[float]) -> RetryPolicy:
        return RetryPolicy(base=1.0, wait=lambda seconds, cancel: waits.append(seconds))

    @pytest.mark.parametrize("name", ["server-error", "overloaded", "too-many", "reset-at-once"])
    def test_what_may_pass_is_tried_again(
        self, service: LoopbackService, asked: Maker, words: ChatRequest, name: str
    ) -> None:
        waits: list[float] = []
        service.answer = [FAULTS[name], FAULTS[name], streamed("[]")]
        assert said(asked(retry=self.quick(waits)), words) == "[]"
        assert len(service.requests) == 3
        assert len({request.body for request in service.requests}) == 1
        assert 13.9 < sum(waits) < 14.1 if name == "too-many" else 1.5 <= sum(waits) <= 4.5

    @pytest.mark.parametrize(
        "name",
        ["wrong-key", "unknown-model", "bad-request", "billing", "forbidden", "html", "reset", "silence-at-once"],
    )
    def test_what_will_not_pass_is_not(
        self, service: LoopbackService, asked: Maker, words: ChatRequest, name: str
    ) -> None:
        service.answer = FAULTS[name]
        failure(asked(retry=self.quick([]), first=0.05), words)
        assert len(service.requests) == 1

    def test_three_tries_are_enough(self, service: LoopbackService, asked: Maker, words: ChatRequest) -> None:
        service.answer = FAULTS["server-error"]
        assert isinstance(failure(asked(retry=self.quick([])), words), ServiceFailed)
        assert len(service.requests) == 3

    def test_pictures_are_sent_again_whole(self, service: LoopbackService, asked: Maker) -> None:
        service.answer = [FAULTS["server-error"], streamed("[]")]
        part = picture()
        said(asked(retry=self.quick([])), ChatRequest("m", (part,)))
        assert [request.pictures[0].data for request in service.requests] == [part.data, part.data]

    def test_waits_are_told(self, service: LoopbackService, words: ChatRequest) -> None:
        told: list[tuple[float, str]] = []
        service.answer = [FAULTS["too-many"], streamed("[]")]
        provider = OpenAICompatible(
            service.base_url, retry=self.quick([]), on_wait=lambda seconds, why: told.append((seconds, why))
        )
        said(provider, words)
        assert told[0][0] == 7.0
        assert "no more requests" in told[0][1]


class TestModels:
    def test_are_listed(self, service: LoopbackService, asked: Maker, key: str) -> None:
        assert asked().models(CancelToken()) == service.models

    @pytest.mark.parametrize(
        ("answer", "listed"),
        [
            (error(404, "not_found", "no such route"), ()),
            (Answer([b'{"object": "list"}'], whole=True), ()),
            (Answer([b'{"data": [{"id": "a"}, {"name": "b"}, 3]}'], whole=True), ("a",)),
        ],
    )
    def test_lists_of_odd_shape(
        self, service: LoopbackService, asked: Maker, answer: Answer, listed: tuple[str, ...]
    ) -> None:
        service.models_answer = answer
        assert asked().models(CancelToken()) == listed

    @pytest.mark.parametrize("name", ["wrong-key", "html", "garbage", "redirect", "server-error", "reset-at-once"])
    def test_faults_are_told(self, service: LoopbackService, asked: Maker, name: str) -> None:
        service.models_answer = FAULTS[name]
        with pytest.raises(EXPECTED[name][0]):
            asked().models(CancelToken())

    def test_no_key_where_one_is_needed(self, service: LoopbackService) -> None:
        with pytest.raises(Unauthorized):
            OpenAICompatible(service.base_url, needs_key=True).models(CancelToken())

    def test_the_key_goes_along(self, service: LoopbackService, asked: Maker, key: str) -> None:
        service.models_answer = Answer([b"{}"], whole=True)
        asked().models(CancelToken())
        assert service.requests[0].headers["authorization"] == f"Bearer {key}"


def test_a_role_alone_does_not_end_the_first_wait(service: LoopbackService, asked: Maker, words: ChatRequest) -> None:
    service.answer = Answer([event(delta(role="assistant", content="")), SILENCE], content_type=EVENT_STREAM)
    assert "0.07 seconds" in str(failure(asked(first=0.07, idle=0.01), words))


def test_the_name_is_the_host_unless_given() -> None:
    assert OpenAICompatible("http://127.0.0.1:8000/v1/").name == "127.0.0.1:8000"
    assert OpenAICompatible("http://127.0.0.1:8000/v1", name="vLLM").name == "vLLM"


def test_patience_is_generous_by_default() -> None:
    assert Patience() == Patience(first=300.0, idle=60.0)


class TestToolCalls:
    CALL = '{"bbox_2d": [1, 2, 3, 4]}'

    def test_pieces_are_joined(self, service: LoopbackService, asked: Maker, words: ChatRequest) -> None:
        first = {"index": 0, "id": "call_a", "type": "function", "function": {"name": "zoom", "arguments": ""}}
        pieces = [{"index": 0, "id": "", "function": {"arguments": piece}} for piece in (self.CALL[:9], self.CALL[9:])]
        events = [event(delta(tool_calls=[piece])) for piece in (first, *pieces)]
        events.append(event(delta(finish_reason="tool_calls")))
        service.answer = Answer(events, content_type=EVENT_STREAM)
        chunks = list(asked().stream(words, CancelToken()))
        assert [chunk.tool_calls for chunk in chunks if chunk.tool_calls] == [(ToolCall("call_a", "zoom", self.CALL),)]
        assert chunks[-1].finish_reason == "tool_calls"

    @pytest.mark.parametrize("arguments", [CALL, json.loads(CALL)])
    def test_in_one_piece(
        self, service: LoopbackService, asked: Maker, words: ChatRequest, arguments: JsonValue
    ) -> None:
        calls = [{"id": "c", "type": "function", "function": {"name": "zoom", "arguments": arguments}}]
        message = {"role": "assistant", "content": None, "tool_calls": calls}
        body = {"choices": [{"index": 0, "message": message, "finish_reason": "tool_calls"}]}
        service.answer = Answer([json.dumps(body).encode()], whole=True)
        (chunk,) = asked().stream(words, CancelToken())
        assert chunk.tool_calls == (ToolCall("c", "zoom", self.CALL),)

    def test_without_a_finish_reason(self, service: LoopbackService, asked: Maker, words: ChatRequest) -> None:
        call = {"index": 1, "function": {"name": "zoom", "arguments": "{}"}}
        service.answer = Answer([event(delta(tool_calls=[call, None])), DONE], content_type=EVENT_STREAM)
        (chunk,) = asked().stream(words, CancelToken())
        assert chunk.tool_calls == (ToolCall("call_1", "zoom", "{}"),)


def test_the_id_of_the_request_comes_once(service: LoopbackService, asked: Maker, words: ChatRequest) -> None:
    service.answer = streamed("[] and more words", chunk=3)
    chunks = list(asked().stream(words, CancelToken()))
    assert [chunk.request_id for chunk in chunks if chunk.request_id] == ["chatcmpl-loopback"]


def test_a_reply_that_the_service_cut_off_says_so(service: LoopbackService, asked: Maker, words: ChatRequest) -> None:
    service.answer = replace(whole("[{"), headers={"x-dashscope-partialresponse": "true"})
    (chunk,) = asked().stream(words, CancelToken())
    assert (chunk.text, chunk.finish_reason) == ("[{", "length")
