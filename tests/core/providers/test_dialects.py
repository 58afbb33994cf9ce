"""core.providers.dialects: each server is told what it understands."""

from __future__ import annotations

from typing import Any

import pytest
from loopback.service import LoopbackService

from qwvis_desktop.core.coordinates import ResizeRule
from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.profiles import PRESETS
from qwvis_desktop.core.providers.base import (
    BadRequest,
    CancelToken,
    ChatRequest,
    ImageLink,
    ImagePart,
    Part,
    TextPart,
    VideoPart,
)
from qwvis_desktop.core.providers.dialects import DIALECTS, cannot_go_on, dialect_named, dialect_of, spoken
from qwvis_desktop.core.providers.openai_compatible import OpenAICompatible
from qwvis_desktop.core.providers.retry import NO_RETRY

LOCAL = [dialect for dialect in DIALECTS.values() if dialect.is_local]
OPTIONS: dict[str, Any] = {
    "enable_thinking": False,
    "thinking_budget": 100,
    "vl_high_resolution_images": True,
    "max_pixels": 1_000_000,
    "repetition_penalty": 1.1,
    "temperature": 0.1,
}


def sent(dialect: str, *parts: Part, **options: Any) -> Any:
    """Return the body that a server of this dialect gets."""
    with LoopbackService() as service:
        provider = OpenAICompatible(service.base_url, retry=NO_RETRY, dialect=dialect_named(dialect))
        asked = ChatRequest("m", parts or (TextPart("x"),), options=options or OPTIONS)
        list(provider.stream(asked, CancelToken()))
        assert provider.prepare(asked).body == service.requests[0].json
        body = service.requests[0].json
    for key in ("model", "messages", "stream", "stream_options"):
        del body[key]
    return body


@pytest.mark.parametrize(
    ("dialect", "body"),
    [
        ("", {name: value for name, value in OPTIONS.items() if name != "max_pixels"}),
        (
            "vllm",
            {
                "temperature": 0.1,
                "repetition_penalty": 1.1,
                "thinking_token_budget": 100,
                "chat_template_kwargs": {"enable_thinking": False},
            },
        ),
        (
            "sglang",
            {"temperature": 0.1, "repetition_penalty": 1.1, "chat_template_kwargs": {"enable_thinking": False}},
        ),
        ("ollama", {"temperature": 0.1, "reasoning_effort": "none"}),
        ("lm-studio", {"temperature": 0.1, "repeat_penalty": 1.1}),
        ("llama.cpp", {"temperature": 0.1, "repeat_penalty": 1.1, "chat_template_kwargs": {"enable_thinking": False}}),
        ("transformers", {"temperature": 0.1, "repetition_penalty": 1.1}),
    ],
)
def test_options(dialect: str, body: dict[str, Any]) -> None:
    assert sent(dialect) == body


def test_a_film_for_vllm_goes_with_its_rate() -> None:
    film = VideoPart(source="https://host/v.mp4", fps=1)
    assert sent("vllm", film, temperature=0)["mm_processor_kwargs"] == {"fps": 1, "do_sample_frames": True}


LINK = ImageLink("https://host/a.png")
FILM = VideoPart(source="https://host/v.mp4")
FRAMES = VideoPart(source=(LINK, LINK, LINK, LINK))


@pytest.mark.parametrize(
    ("dialect", "refused"),
    [
        ("", ()),
        ("vllm", (FRAMES,)),
        ("sglang", (FRAMES,)),
        ("ollama", (LINK, FILM, FRAMES)),
        ("lm-studio", (LINK, FILM, FRAMES)),
        ("llama.cpp", (FILM, FRAMES)),
        ("transformers", (FRAMES,)),
    ],
)
def test_what_cannot_be_said_is_refused_before_it_is_sent(dialect: str, refused: tuple[Part, ...]) -> None:
    for part in (LINK, FILM, FRAMES):
        if part in refused:
            with pytest.raises(BadRequest, match=DIALECTS[dialect].title):
                spoken(ChatRequest("m", (part,)), DIALECTS[dialect])
        else:
            spoken(ChatRequest("m", (part,)), DIALECTS[dialect])


@pytest.mark.parametrize("dialect", LOCAL, ids=lambda dialect: dialect.id)
def test_pictures_as_data_go_everywhere_and_uploads_nowhere(dialect: Any) -> None:
    spoken(ChatRequest("m", (ImagePart(b"x", "image/png", 1, 1), ImageLink("data:image/png;base64,YQ=="))), dialect)
    with pytest.raises(BadRequest):
        spoken(ChatRequest("m", (ImageLink("oss://a.png"),)), dialect)


def test_every_preset_of_a_server_has_its_dialect() -> None:
    at = {profile.dialect: profile.base_url for profile in PRESETS if not profile.needs_key and profile.base_url}
    assert at == {dialect.id: f"http://127.0.0.1:{dialect.port}/v1" for dialect in LOCAL}


@pytest.mark.parametrize(
    ("port", "owners", "dialect"),
    [
        (8000, {"vllm"}, "vllm"),
        (8000, {"huggingface"}, "transformers"),
        (8080, {"sglang"}, "sglang"),
        (11434, {"library", "someone"}, "ollama"),
        (1234, {""}, "lm-studio"),
        (8080, set(), "llama.cpp"),
        (9999, set(), ""),
    ],
)
def test_servers_are_told_apart(port: int, owners: set[str], dialect: str) -> None:
    assert dialect_of(port, frozenset(owners)).id == dialect


@pytest.mark.parametrize("size", [Size(4000, 3000), Size(900, 5000), Size(1025, 1024), Size(640, 480)], ids=str)
def test_pictures_for_a_server_that_shrinks_them_are_sent_small(size: Size) -> None:
    rule = ResizeRule(32, 65_536, 2_621_440)
    assert max(rule.within(size, 1024).resized(size)) <= 1024


GOES_ON = {"continue_final_message": True, "add_generation_prompt": False}


@pytest.mark.parametrize(
    ("dialect", "message", "fields"),
    [
        ("", {"partial": True}, {}),
        ("vllm", {}, GOES_ON),
        ("sglang", {}, GOES_ON),
        ("ollama", {}, {}),
        ("llama.cpp", {}, {}),
    ],
)
def test_a_cut_reply_is_gone_on_with(dialect: str, message: dict[str, Any], fields: dict[str, Any]) -> None:
    with LoopbackService() as service:
        provider = OpenAICompatible(service.base_url, retry=NO_RETRY, dialect=dialect_named(dialect))
        list(provider.stream(ChatRequest("m", (TextPart("x"),), prefix="A ca"), CancelToken()))
        body = service.requests[0].json
    assert body["messages"][-1] == {"role": "assistant", "content": "A ca", **message}
    assert {name: body[name] for name in GOES_ON if name in body} == fields


@pytest.mark.parametrize("dialect", ["lm-studio", "transformers"])
def test_some_cannot_go_on(dialect: str) -> None:
    with pytest.raises(BadRequest, match="cannot go on"):
        spoken(ChatRequest("m", (TextPart("x"),), prefix="A ca"), dialect_named(dialect))
    assert cannot_go_on(dialect_named(dialect))
    assert not cannot_go_on(dialect_named("vllm"))
