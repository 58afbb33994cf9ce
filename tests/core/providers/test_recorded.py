"""Recorded and pasted replies are providers like any other."""

from __future__ import annotations

import threading

import pytest

from qwvis_desktop.core.providers.base import Cancelled, CancelToken, ChatRequest, Provider, ReplyChunk
from qwvis_desktop.core.providers.recorded import PastedReply, RecordedReply, Speed, TimedChunk, paced


def test_a_pasted_reply_comes_whole(words: ChatRequest) -> None:
    provider: Provider = PastedReply("[1]")
    assert list(provider.stream(words, CancelToken())) == [ReplyChunk("[1]"), ReplyChunk(finish_reason="stop")]
    assert provider.name == "Pasted reply"


def test_at_once_does_not_wait(words: ChatRequest) -> None:
    chunks = [TimedChunk(1000.0 * number, ReplyChunk(str(number))) for number in range(3)]
    assert [chunk.text for chunk in RecordedReply(chunks).stream(words, CancelToken())] == ["0", "1", "2"]


@pytest.mark.parametrize(("speed", "waits"), [(Speed.REAL, [1.0, 0.5, 0.0]), (Speed.TENFOLD, [0.1, 0.05, 0.0])])
def test_times_are_kept(words: ChatRequest, monkeypatch: pytest.MonkeyPatch, speed: Speed, waits: list[float]) -> None:
    waited: list[float] = []

    class Clock(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            waited.append(timeout or 0.0)
            return False

    monkeypatch.setattr(threading, "Event", Clock)
    chunks = [TimedChunk(1.0, ReplyChunk("a")), TimedChunk(1.5, ReplyChunk("b")), TimedChunk(1.4, ReplyChunk("c"))]
    assert len(list(RecordedReply(chunks, speed).stream(words, CancelToken()))) == 3
    assert waited == pytest.approx(waits)


def test_a_stop_ends_the_wait(words: ChatRequest) -> None:
    cancel = CancelToken()
    stream = RecordedReply([TimedChunk(0.0, ReplyChunk("a")), TimedChunk(60.0, ReplyChunk("b"))], Speed.REAL).stream(
        words, cancel
    )
    next(stream)
    cancel.cancel()
    with pytest.raises(Cancelled):
        next(stream)


def test_paced_loses_nothing() -> None:
    chunks = paced("0123456789", characters=3, seconds=0.5, thinking="hm")
    assert "".join(timed.chunk.text for timed in chunks) == "0123456789"
    assert "".join(timed.chunk.thinking for timed in chunks) == "hm"
    assert [timed.seconds for timed in chunks] == [0.5, 1.0, 1.5, 2.0, 2.5, 3.0]
    assert chunks[-1].chunk.finish_reason == "stop"
