"""A service on this machine for each test, and providers that do not wait long for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from loopback.service import LoopbackService

from qwvis_desktop.core.providers.base import ChatRequest, TextPart
from qwvis_desktop.core.providers.exchange import Patience
from qwvis_desktop.core.providers.openai_compatible import OpenAICompatible
from qwvis_desktop.core.providers.retry import NO_RETRY, RetryPolicy

KEY = "sk-canary0123456789abcdef"


@pytest.fixture
def service() -> Iterator[LoopbackService]:
    with LoopbackService() as running:
        yield running


@pytest.fixture
def key() -> str:
    """Return a key that must never be seen again."""
    return KEY


@pytest.fixture
def words() -> ChatRequest:
    """Return a request without a picture."""
    return ChatRequest("qwen3-vl-plus", (TextPart("Locate every object, in JSON."),))


@pytest.fixture
def asked(service: LoopbackService) -> Callable[..., OpenAICompatible]:
    """Return a maker of providers that ask the service."""

    def make(
        key: str | None = KEY, *, retry: RetryPolicy = NO_RETRY, first: float = 5.0, idle: float = 5.0
    ) -> OpenAICompatible:
        return OpenAICompatible(service.base_url, key, patience=Patience(first, idle), retry=retry)

    return make
