"""Every capability of the makers' documents, asked for over the wire: the body is the documented one.

The rows are those of ``qwen-api.md`` 11, one or several for each. Where the makers' own clients (``openai``,
``dashscope``) can ask the same, they are made to, and what arrives must be the same JSON.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any

import pytest
from loopback.answers import streamed, whole
from loopback.native import native_streamed, native_whole
from loopback.service import LoopbackService

from qwvis_desktop.core.chat import chat_request, ocr_options, prompt_for_several
from qwvis_desktop.core.model_files import bundled_registry
from qwvis_desktop.core.providers.base import (
    CancelToken,
    ChatRequest,
    ImageLink,
    ImagePart,
    Part,
    Role,
    TextPart,
    Tool,
    ToolCall,
    Turn,
    VideoFile,
    VideoPart,
)
from qwvis_desktop.core.providers.dashscope import DashScope
from qwvis_desktop.core.providers.exchange import Exchange
from qwvis_desktop.core.providers.openai_compatible import OpenAICompatible
from qwvis_desktop.core.providers.retry import NO_RETRY
from qwvis_desktop.core.tasks import TASKS

KEY = "sk-canary0123456789abcdef"
PNG, MP4 = ImagePart(b"abc", "image/png", 320, 256), VideoFile(b"abc", "video/mp4")
DATA, FILM = "data:image/png;base64,YWJj", "data:video/mp4;base64,YWJj"
A, B = ImageLink("https://host/a.jpg"), ImageLink("https://host/b.jpg")
FRAMES = tuple(ImageLink(f"https://host/f{number}.jpg") for number in range(4))
URLS = [frame.url for frame in FRAMES]
ASK = TextPart("What is it?")
SAID = {"type": "text", "text": "What is it?"}
SCHEMA: dict[str, Any] = {"Invoice number": "", "Items": [{"name": "", "price": ""}]}
ZOOM: dict[str, Any] = {"type": "object", "properties": {"bbox_2d": {"type": "array", "items": {"type": "number"}}}}


def url(address: str, **beside: Any) -> dict[str, Any]:
    """Return a picture as the compatible interface writes it."""
    return {"type": "image_url", "image_url": {"url": address}, **beside}


@dataclass(frozen=True)
class Row:
    """One capability: what is asked, and the documented content and further fields of the body.

    Attributes:
        capability: the row of section 11.
        parts: the user's message.
        content: the same as documented; None where ``messages`` says all.
        options, more: what is set, and the fields that stand at the top (or in ``parameters``) for it.
        messages: all messages, where there are several.
        history, prefix, system, tools: as in ``ChatRequest``.
    """

    capability: str
    parts: tuple[Part, ...]
    content: Any = None
    model: str = "qwen3-vl-plus"
    options: Any = None
    more: Any = None
    messages: Any = None
    history: tuple[Turn, ...] = ()
    prefix: str = ""
    system: str = ""
    tools: tuple[Tool, ...] = ()

    def __str__(self) -> str:
        return self.capability.replace(" ", "-")

    @property
    def request(self) -> ChatRequest:
        """The request as the program makes it of a model and options."""
        return chat_request(
            bundled_registry().spec(self.model),
            self.parts,
            self.options or {},
            system=self.system,
            history=self.history,
            prefix=self.prefix,
            tools=self.tools,
        )

    @property
    def documented(self) -> Any:
        """The messages."""
        return self.messages or [{"role": "user", "content": self.content}]


def task(name: str, **more: Any) -> Row:
    """Return the row of a task that is asked by its own words."""
    words = TASKS[name].prompt
    return Row(f"task {name}", (PNG, TextPart(words)), [url(DATA), {"type": "text", "text": words}], **more)


_CALL = {"id": "c1", "type": "function", "function": {"name": "image_zoom_in_tool", "arguments": "{}"}}
_TOOL = Tool("image_zoom_in_tool", "Look closer.", ZOOM)
_TOOL_JSON = {
    "type": "function",
    "function": {"name": "image_zoom_in_tool", "description": "Look closer.", "parameters": ZOOM},
}

COMPATIBLE = (
    Row("image by URL", (A, ASK), [url(A.url), SAID]),
    Row("image by base64", (PNG, ASK), [url(DATA), SAID]),
    Row("image by temporary upload", (ImageLink("oss://d/a.png"), ASK), [url("oss://d/a.png"), SAID]),
    Row("several images per turn", (A, PNG, B, ASK), [url(A.url), url(DATA), url(B.url), SAID]),
    Row(
        "several images with places",
        (A, B, TextPart(prompt_for_several(TASKS["detect"], "Find cats.", 2))),
        [
            url(A.url),
            url(B.url),
            {
                "type": "text",
                "text": "Find cats.\nThere are 2 images, image 1 to image 2 in the order given. Add the key "
                '"image" to each object: the number of the image it is in, counted from 1.',
            },
        ],
    ),
    Row(
        "video by URL with fps",
        (VideoPart(source="https://host/v.mp4", fps=2), ASK),
        [{"type": "video_url", "video_url": {"url": "https://host/v.mp4"}, "fps": 2}, SAID],
    ),
    Row(
        "video by base64 with limits",
        (VideoPart(source=MP4, fps=2, max_pixels=655360, total_pixels=134217728), ASK),
        [
            {
                "type": "video_url",
                "video_url": {"url": FILM},
                "fps": 2,
                "max_pixels": 655360,
                "total_pixels": 134217728,
            },
            SAID,
        ],
    ),
    Row(
        "video as temporary upload",
        (VideoPart(source="oss://d/a.mp4", fps=2), ASK),
        [{"type": "video_url", "video_url": {"url": "oss://d/a.mp4"}, "fps": 2}, SAID],
    ),
    Row(
        "frames taken out of a film",
        (VideoPart(source=(PNG, PNG, PNG, PNG), fps=0.5), ASK),
        [{"type": "video", "video": [DATA] * 4, "fps": 0.5}, SAID],
    ),
    Row(
        "frames of a film as pictures, each after its time",
        (TextPart("<0.0 seconds>"), replace(PNG, width=0), TextPart("<0.5 seconds>"), replace(PNG, width=0), ASK),
        [
            {"type": "text", "text": "<0.0 seconds>"},
            url(DATA),
            {"type": "text", "text": "<0.5 seconds>"},
            url(DATA),
            SAID,
        ],
    ),
    Row(
        "video as frame list",
        (VideoPart(source=FRAMES, fps=2), ASK),
        [{"type": "video", "video": URLS, "fps": 2}, SAID],
    ),
    *(
        Row(f"model {model}", (A, ASK), [url(A.url), SAID], model=model)
        for model in ("qwen3.6-plus", "qwen3.5-plus", "qwen-vl-max", "qwen2.5-vl-7b-instruct", "qvq-max", "qwen-vl-ocr")
    ),
    *(
        task(name)
        for name in (
            "ask",
            "caption",
            "detect",
            "point",
            "cuboid",
            "spot-text",
            "read-text",
            "extract-fields",
            "document-html",
            "document-markdown",
            "code",
        )
    ),
    task(
        "solve",
        options={"enable_thinking": True, "thinking_budget": 1000},
        more={"enable_thinking": True, "thinking_budget": 1000},
    ),
    task("video-events"),
    Row("thinking by default", (A, ASK), [url(A.url), SAID]),
    Row("thinking on", (A, ASK), [url(A.url), SAID], options={"enable_thinking": True}, more={"enable_thinking": True}),
    Row(
        "thinking off",
        (A, ASK),
        [url(A.url), SAID],
        options={"enable_thinking": False},
        more={"enable_thinking": False},
    ),
    Row(
        "high resolution",
        (A, ASK),
        [url(A.url), SAID],
        options={"vl_high_resolution_images": True},
        more={"vl_high_resolution_images": True},
    ),
    Row(
        "pixel limits",
        (PNG, ASK),
        [url(DATA, min_pixels=65536, max_pixels=2621440), SAID],
        options={"min_pixels": 65536, "max_pixels": 2621440},
    ),
    Row(
        "sampling",
        (A, ASK),
        [url(A.url), SAID],
        options={
            "temperature": 0.7,
            "top_p": 0.8,
            "top_k": 20,
            "presence_penalty": 1.5,
            "repetition_penalty": 1.0,
            "seed": 1234,
            "max_tokens": 4096,
            "stop": ["END"],
        },
        more={
            "temperature": 0.7,
            "top_p": 0.8,
            "top_k": 20,
            "presence_penalty": 1.5,
            "repetition_penalty": 1.0,
            "seed": 1234,
            "max_tokens": 4096,
            "stop": ["END"],
        },
    ),
    Row(
        "system message",
        (A, ASK),
        system="Be short.",
        messages=[{"role": "system", "content": "Be short."}, {"role": "user", "content": [url(A.url), SAID]}],
    ),
    Row("tool calling", (A, ASK), [url(A.url), SAID], tools=(_TOOL,), more={"tools": [_TOOL_JSON]}),
    Row(
        "tool result",
        (),
        tools=(_TOOL,),
        more={"tools": [_TOOL_JSON]},
        history=(
            Turn(Role.USER, (A, ASK)),
            Turn(Role.ASSISTANT, (), (ToolCall("c1", "image_zoom_in_tool", "{}"),)),
            Turn(Role.TOOL, (TextPart("Here it is."), PNG), answers="c1"),
        ),
        messages=[
            {"role": "user", "content": [url(A.url), SAID]},
            {"role": "assistant", "content": "", "tool_calls": [_CALL]},
            {"role": "tool", "tool_call_id": "c1", "content": "Here it is."},
            {"role": "user", "content": [url(DATA)]},
        ],
    ),
    Row(
        "JSON mode",
        (A, TextPart("In JSON.")),
        [url(A.url), {"type": "text", "text": "In JSON."}],
        options={"response_format": "json"},
        more={"response_format": {"type": "json_object"}, "enable_thinking": False},
    ),
    Row(
        "JSON schema",
        (A, ASK),
        [url(A.url), SAID],
        options={"response_format": ZOOM},
        more={
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": "reply", "strict": True, "schema": ZOOM},
            },
            "enable_thinking": False,
        },
    ),
    Row(
        "conversation",
        (ASK,),
        history=(Turn(Role.USER, (A, ASK)), Turn(Role.ASSISTANT, (TextPart("A cat."),))),
        messages=[
            {"role": "user", "content": [url(A.url), SAID]},
            {"role": "assistant", "content": "A cat."},
            {"role": "user", "content": [SAID]},
        ],
    ),
    Row(
        "partial mode",
        (A, ASK),
        prefix="A ca",
        options={"enable_thinking": False},
        more={"enable_thinking": False},
        messages=[
            {"role": "user", "content": [url(A.url), SAID]},
            {"role": "assistant", "content": "A ca", "partial": True},
        ],
    ),
    Row(
        "OCR with its pixel limits",
        (PNG, TextPart(TASKS["ocr:text_recognition"].prompt)),
        [
            url(DATA, min_pixels=3072, max_pixels=8388608),
            {
                "type": "text",
                "text": "Please output only the text content "
                "from the image without any additional descriptions or formatting.",
            },
        ],
        model="qwen-vl-ocr",
        options={"min_pixels": 3072, "max_pixels": 8388608},
    ),
    *(
        replace(task(name), model="qwen-vl-ocr", options=ocr_options(TASKS[name], SCHEMA))
        for name in TASKS
        if name.startswith("ocr:")
    ),
)

NATIVE = (
    Row("native image by URL", (A, ASK), [{"image": A.url}, {"text": "What is it?"}]),
    Row("native image by base64", (replace(PNG, width=0), ASK), [{"image": DATA}, {"text": "What is it?"}]),
    Row(
        "native temporary upload",
        (ImageLink("oss://d/a.png"), ASK),
        [{"image": "oss://d/a.png"}, {"text": "What is it?"}],
    ),
    Row(
        "native video with max_frames",
        (VideoPart(source="https://host/v.mp4", fps=2, max_frames=100), ASK),
        [{"video": "https://host/v.mp4", "fps": 2, "max_frames": 100}, {"text": "What is it?"}],
    ),
    Row(
        "native video by base64 with limits",
        (VideoPart(source=MP4, fps=2, min_pixels=4096, max_pixels=655360, total_pixels=134217728), ASK),
        [
            {"video": FILM, "fps": 2, "min_pixels": 4096, "max_pixels": 655360, "total_pixels": 134217728},
            {"text": "What is it?"},
        ],
    ),
    Row(
        "native video as temporary upload",
        (VideoPart(source="oss://d/a.mp4", fps=0.5), ASK),
        [{"video": "oss://d/a.mp4", "fps": 0.5}, {"text": "What is it?"}],
    ),
    Row(
        "native frames taken out of a film",
        (VideoPart(source=(PNG, PNG, PNG, PNG), fps=0.5), ASK),
        [{"video": [DATA] * 4, "fps": 0.5}, {"text": "What is it?"}],
    ),
    Row(
        "native frame list",
        (VideoPart(source=FRAMES, fps=2), ASK),
        [{"video": URLS, "fps": 2}, {"text": "What is it?"}],
    ),
    Row(
        "native thinking",
        (A, ASK),
        [{"image": A.url}, {"text": "What is it?"}],
        options={"enable_thinking": True, "thinking_budget": 1000},
        more={"enable_thinking": True, "thinking_budget": 1000},
    ),
    Row(
        "native size after the resize",
        (A, ASK),
        [{"image": A.url}, {"text": "What is it?"}],
        model="qwen2.5-vl-7b-instruct",
        more={"vl_enable_image_hw_output": True},
    ),
    Row(
        "native rotation",
        (replace(A), ASK),
        [{"image": A.url, "enable_rotate": True}, {"text": "What is it?"}],
        model="qwen-vl-ocr",
        options={"enable_rotate": True},
    ),
    *(
        Row(
            f"native {name}",
            (A, TextPart("left out")),
            [{"image": A.url}],
            model="qwen-vl-ocr",
            options=ocr_options(TASKS[name], SCHEMA),
            more={
                "ocr_options": {
                    "task": name.removeprefix("ocr:"),
                    **({"task_config": {"result_schema": SCHEMA}} if "key_information" in name else {}),
                }
            },
        )
        for name in TASKS
        if name.startswith("ocr:")
    ),
)


@pytest.fixture(scope="module")
def capture() -> Any:
    """Return one service for all rows; each is told by the body that comes last."""
    with LoopbackService() as running:
        yield running


@pytest.fixture(scope="module")
def openai_client(capture: LoopbackService) -> Any:
    """Return the makers' client, made once: it reads all certificates of the system each time."""
    openai = pytest.importorskip("openai", reason="the openai client is not installed")
    with openai.OpenAI(api_key=KEY, base_url=capture.base_url, max_retries=0) as client:
        yield client


def sent(capture: LoopbackService, ask: Callable[[], object]) -> Any:
    """Return the body that arrives when ``ask`` asks."""
    before = len(capture.requests)
    ask()
    return capture.requests[before].json


def ours(capture: LoopbackService, row: Row, *, native: bool) -> Any:
    capture.answer = native_streamed("[]") if native else streamed("[]")
    provider: Any = (
        DashScope(capture.base_url.replace("/v1", "/api/v1"), Exchange(KEY, True, retry=NO_RETRY))
        if native
        else OpenAICompatible(capture.base_url, KEY, retry=NO_RETRY)
    )
    return sent(capture, lambda: list(provider.stream(row.request, CancelToken())))


@pytest.mark.parametrize("row", COMPATIBLE, ids=str)
def test_compatible_body(capture: LoopbackService, row: Row) -> None:
    assert ours(capture, row, native=False) == {
        "model": row.model,
        "messages": row.documented,
        "stream": True,
        "stream_options": {"include_usage": True},
        **(row.more or {}),
    }


@pytest.mark.parametrize("row", NATIVE, ids=str)
def test_native_body(capture: LoopbackService, row: Row) -> None:
    assert ours(capture, row, native=True) == {
        "model": row.model,
        "input": {"messages": row.documented},
        "parameters": {"result_format": "message", "incremental_output": True, **(row.more or {})},
    }


OPENAI_FIELDS = {"temperature", "top_p", "presence_penalty", "seed", "max_tokens", "stop", "tools", "response_format"}
"""What the ``openai`` client takes as arguments of its own; the rest goes into ``extra_body``."""


@pytest.mark.parametrize("row", COMPATIBLE, ids=str)
def test_the_openai_client_sends_the_same(capture: LoopbackService, openai_client: Any, row: Row) -> None:
    body = ours(capture, row, native=False)
    capture.answer = streamed("[]")
    more = row.more or {}
    theirs = sent(
        capture,
        lambda: list(
            openai_client.chat.completions.create(
                model=row.model,
                messages=row.documented,
                stream=True,
                stream_options={"include_usage": True},
                extra_body={name: value for name, value in more.items() if name not in OPENAI_FIELDS},
                **{name: value for name, value in more.items() if name in OPENAI_FIELDS},
            )
        ),
    )
    assert body == theirs


# The client looks uploads up before it sends, and would upload a local file; with addresses it sends what it is given.
@pytest.mark.parametrize("row", [row for row in NATIVE if "upload" not in row.capability], ids=str)
def test_the_dashscope_client_sends_the_same(capture: LoopbackService, row: Row) -> None:
    dashscope = pytest.importorskip("dashscope", reason="the dashscope client is not installed")
    body = ours(capture, row, native=True)
    capture.answer = native_streamed("[]")
    theirs = sent(
        capture,
        lambda: list(
            dashscope.MultiModalConversation.call(
                model=row.model,
                messages=row.documented,
                api_key=KEY,
                base_address=capture.base_url.replace("/v1", "/api/v1"),
                stream=True,
                incremental_output=True,
                result_format="message",
                **(row.more or {}),
            )
        ),
    )
    assert body == theirs


def test_the_clients_send_the_same_without_a_stream(capture: LoopbackService, openai_client: Any) -> None:
    dashscope = pytest.importorskip("dashscope", reason="the dashscope client is not installed")
    row = Row("", (A, ASK), [url(A.url), SAID], options={"stream": False})
    capture.answer = whole("[]")
    provider = OpenAICompatible(capture.base_url, KEY, retry=NO_RETRY)
    body = sent(capture, lambda: list(provider.stream(row.request, CancelToken())))
    theirs = sent(
        capture,
        lambda: openai_client.chat.completions.create(model=row.model, messages=row.documented, stream=False),
    )
    assert body == theirs
    capture.answer = native_whole([{"text": "[]"}])
    api = capture.base_url.replace("/v1", "/api/v1")
    native = DashScope(api, Exchange(KEY, True, retry=NO_RETRY))
    body = sent(capture, lambda: list(native.stream(row.request, CancelToken())))

    def call() -> None:
        answer = dashscope.MultiModalConversation.call(
            model=row.model,
            messages=[{"role": "user", "content": [{"image": A.url}, {"text": "What is it?"}]}],
            api_key=KEY,
            base_address=api,
            result_format="message",
        )
        assert answer.status_code == HTTPStatus.OK

    assert body == sent(capture, call)
