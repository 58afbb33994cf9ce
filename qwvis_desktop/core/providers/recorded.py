"""Replies that exist already: recorded ones played back, and pasted ones. No network, first-class providers."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from qwvis_desktop.core.document import PASTED
from qwvis_desktop.core.providers.base import CancelToken, ChatRequest, ReplyChunk


@dataclass(frozen=True, slots=True)
class TimedChunk:
    """A piece of a reply and when it came, in seconds from the request."""

    seconds: float
    chunk: ReplyChunk


class Speed(Enum):
    """How fast a recorded reply is played; the value is the factor, 0 means at once."""

    REAL = 1.0
    TENFOLD = 10.0
    AT_ONCE = 0.0


def paced(text: str, *, characters: int = 20, seconds: float = 0.05, thinking: str = "") -> tuple[TimedChunk, ...]:
    """Cut a reply whose times were not kept into pieces that come ``seconds`` apart."""
    pieces = [ReplyChunk(thinking=thinking[at : at + characters]) for at in range(0, len(thinking), characters)]
    pieces += [ReplyChunk(text=text[at : at + characters]) for at in range(0, len(text), characters)]
    pieces.append(ReplyChunk(finish_reason="stop"))
    return tuple(TimedChunk(seconds * (number + 1), piece) for number, piece in enumerate(pieces))


class RecordedReply:
    """A reply that is played back, whatever is asked.

    Args:
        chunks: its pieces in order, with the times at which they came.
        speed: how fast.
        name: for people and for the record.
    """

    def __init__(
        self, chunks: Sequence[TimedChunk], speed: Speed = Speed.AT_ONCE, *, name: str = "Recorded reply"
    ) -> None:
        self._chunks = tuple(chunks)
        self._speed = speed
        self._name = name

    @property
    def name(self) -> str:
        """Its name for people and for the record."""
        return self._name

    def stream(
        self,
        request: ChatRequest,  # noqa: ARG002 - every provider is asked in this form
        cancel: CancelToken,
    ) -> Iterator[ReplyChunk]:
        """Yield the recorded pieces at their times; ``request`` is not looked at.

        Raises:
            Cancelled: the user stopped it.
        """
        stopped = threading.Event()
        cancel.on_cancel(stopped.set)
        before = 0.0
        for timed in self._chunks:
            if self._speed is not Speed.AT_ONCE:
                stopped.wait(max(0.0, timed.seconds - before) / self._speed.value)
                before = timed.seconds
            cancel.check()
            yield timed.chunk


class PastedReply(RecordedReply):
    """A reply that was pasted: it comes at once and whole.

    Args:
        text: the reply as it was pasted.
    """

    def __init__(self, text: str) -> None:
        super().__init__(
            [TimedChunk(0.0, ReplyChunk(text=text)), TimedChunk(0.0, ReplyChunk(finish_reason="stop"))],
            name=PASTED,
        )
