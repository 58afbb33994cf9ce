"""Each kind of profile has its provider."""

from __future__ import annotations

import pytest
from loopback.answers import streamed
from loopback.service import LoopbackService

from qwvis_desktop.core.profiles import DASHSCOPE, UploadWay
from qwvis_desktop.core.providers.base import CancelToken, ChatRequest, ImagePart, Provider, Unauthorized
from qwvis_desktop.core.providers.catalog import LateProvider, film_room_of, provider_for
from qwvis_desktop.core.providers.recorded import PastedReply
from qwvis_desktop.core.settings import PRESETS, Profile, custom_profile
from qwvis_desktop.core.tasks import TASKS


@pytest.mark.parametrize("profile", PRESETS, ids=lambda profile: profile.name)
def test_each_preset_has_a_provider(profile: Profile) -> None:
    provider: Provider = provider_for(profile, None)
    assert provider.name == profile.name


def test_a_service_without_its_key_says_so_when_asked(words: ChatRequest) -> None:
    provider = provider_for(PRESETS[1], None)
    with pytest.raises(Unauthorized, match="there is none"):
        list(provider.stream(words, CancelToken()))


def test_only_dashscope_is_told_of_pixels(service: LoopbackService) -> None:
    service.answer = streamed("[]")
    request = ChatRequest("m", (ImagePart(b"x", "image/png", 32, 32),))
    list(provider_for(custom_profile(service.base_url)).stream(request, CancelToken()))
    assert "max_pixels" not in service.requests[0].content[0]
    assert PRESETS[1].is_dashscope


def test_the_offline_engine_answers_prose_with_text() -> None:
    from qwvis_desktop.core.providers.offline_ocr import OfflineOcr

    for task, as_text in (("read-text", True), ("spot-text", False)):
        provider = provider_for(PRESETS[0], task=TASKS[task])
        assert isinstance(provider, OfflineOcr)
        assert provider.as_text is as_text


def test_an_unknown_kind_is_said() -> None:
    with pytest.raises(ValueError, match="kind 'telepathy'"):
        provider_for(Profile("Odd", "telepathy"))


def test_a_late_provider_is_made_when_it_is_asked(words: ChatRequest) -> None:
    made: list[Provider] = []

    def make() -> Provider:
        made.append(PastedReply("[]"))
        return made[0]

    provider: Provider = LateProvider("Later", make)
    assert provider.name == "Later"
    stream = provider.stream(words, CancelToken())
    assert not made
    assert "".join(chunk.text for chunk in stream) == "[]"
    assert len(made) == 1


@pytest.mark.parametrize(
    ("profile", "upload", "room"),
    [
        (Profile("D", base_url="https://dashscope.aliyuncs.com/compatible-mode/v1"), "auto", (100_000_000, True, True)),
        (Profile("D", DASHSCOPE, "https://dashscope.aliyuncs.com/api/v1"), "base64", (7_000_000, True, True)),
        (Profile("W", base_url="https://example.org/v1"), "auto", (7_000_000, True, True)),
        (Profile("V", base_url="http://127.0.0.1:8000/v1", dialect="vllm"), "auto", (100_000_000, False, True)),
        (Profile("O", base_url="http://127.0.0.1:11434/v1", dialect="ollama"), "auto", (0, False, False)),
        (Profile("L", base_url="http://127.0.0.1:1234/v1", dialect="lm-studio"), "auto", (0, False, False)),
    ],
)
def test_what_services_take_of_films(profile: Profile, upload: str, room: tuple[int, bool, bool]) -> None:
    found = film_room_of(profile, UploadWay(upload))
    assert (found.title, found.file_bytes, found.frames, found.links) == (profile.name, *room)
    assert found.longest_side == (1024 if profile.dialect == "lm-studio" else 0)
