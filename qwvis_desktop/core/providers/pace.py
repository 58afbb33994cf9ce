"""Pace: how fast a model is asked with one key, whoever asks. So many requests at a time, so many a minute.

The services count by account and model, all requests together, and enforce a second's share of the minute too
(``qwen-api.md`` 9.2). A request waits for its turn before anything of it is sent; who came first goes first.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from qwvis_desktop.core.model_registry import ModelSpec
from qwvis_desktop.core.providers.base import (
    CancelToken,
    ChatRequest,
    ImageLink,
    ImagePart,
    Provider,
    ReplyChunk,
    ShrinksPictures,
    TextPart,
    untold,
)
from qwvis_desktop.core.request.tokens import image_tokens, text_tokens

_ROUNDING = 1e-6
"""What is less than this is missing by rounding only."""


class _Bucket:
    """A token bucket: ``per_minute`` flow in, no more than ``room`` stay; what is taken may go below zero."""

    def __init__(self, per_minute: int | None, room: float, now: float) -> None:
        self._rate = None if per_minute is None else per_minute / 60
        self._room, self._level, self._seen = room, room, now

    def wait(self, amount: float, now: float) -> float:
        """Return the seconds until ``amount`` may be taken: until there is so much, or the bucket is full."""
        if self._rate is None:
            return 0.0
        self._level = min(self._room, self._level + (now - self._seen) * self._rate)
        self._seen = now
        missing = min(amount, self._room) - self._level
        return missing / self._rate if missing > _ROUNDING else 0.0

    def take(self, amount: float) -> None:
        """Take ``amount``."""
        if self._rate is not None:
            self._level -= amount


class Pace:
    """The turns of requests to one model with one key; may be used from any thread.

    Args:
        parallel: how many go on at a time.
        requests_per_minute, tokens_per_minute: of the account; None where they are not known.
        clock: tells the time in seconds.
    """

    def __init__(
        self,
        parallel: int,
        *,
        requests_per_minute: int | None = None,
        tokens_per_minute: int | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.parallel = parallel
        self._clock = clock
        self._changed = threading.Condition()
        self._queue: deque[object] = deque()
        self._running = 0
        self._requests = _Bucket(requests_per_minute, max(1.0, (requests_per_minute or 0) / 60), clock())
        self._tokens = _Bucket(tokens_per_minute, float(tokens_per_minute or 0), clock())

    @contextmanager
    def turn(self, cancel: CancelToken, tokens: int, tell: Callable[[bool], None] = untold) -> Iterator[None]:
        """Wait for a turn, and hold it as long as the block goes on.

        Args:
            cancel: ends the waiting.
            tokens: about how many the request takes.
            tell: told True when it has to wait, and False when its turn has come.

        Raises:
            Cancelled: the user stopped it.
        """
        self._wait(cancel, tokens, tell)
        try:
            yield
        finally:
            with self._changed:
                self._running -= 1
                self._changed.notify_all()

    def _wait(self, cancel: CancelToken, tokens: int, tell: Callable[[bool], None]) -> None:
        ticket, told = object(), False
        cancel.on_cancel(self._wake)
        with self._changed:
            self._queue.append(ticket)
            try:
                cancel.check()
                while (seconds := self._seconds(ticket, tokens)) != 0.0:
                    if not told:
                        told = True
                        tell(True)
                    self._changed.wait(seconds)
                    cancel.check()
                self._requests.take(1)
                self._tokens.take(tokens)
                self._running += 1
            finally:
                self._queue.remove(ticket)
                self._changed.notify_all()
        if told:
            tell(False)

    def _seconds(self, ticket: object, tokens: int) -> float | None:
        """Return how long to wait before it is worth looking again; 0 for a turn, None until something changes."""
        if self._queue[0] is not ticket or self._running >= self.parallel:
            return None
        now = self._clock()
        return max(self._requests.wait(1, now), self._tokens.wait(tokens, now))

    def _wake(self) -> None:
        with self._changed:
            self._changed.notify_all()


class Paces:
    """The pace of each host, key and model; one for the whole program.

    Args:
        parallel: tells how many requests may go on at a time.
    """

    def __init__(self, parallel: Callable[[], int]) -> None:
        self._parallel = parallel
        self._lock = threading.Lock()
        self._paces: dict[tuple[str, str | None, str], Pace] = {}

    def of(self, host: str, key: str | None, spec: ModelSpec) -> Pace:
        """Return the pace that holds for ``spec`` at ``host`` with ``key``; the same one every time."""
        with self._lock:
            pace = self._paces.get((host, key, spec.id))
            if pace is None:
                # Limits are those of the makers' service; a server of one's own has none of them.
                known = spec if spec.price(host) is not None or host.endswith(".aliyuncs.com") else None
                pace = Pace(
                    self._parallel(),
                    requests_per_minute=known.requests_per_minute if known else None,
                    tokens_per_minute=known.tokens_per_minute if known else None,
                )
                self._paces[host, key, spec.id] = pace
            pace.parallel = self._parallel()
            return pace


@dataclass(frozen=True, slots=True)
class PacedProvider:
    """A provider that waits for its turn.

    Attributes:
        provider: who answers then.
        pace: whose turns.
        spec: the model, to count what its pictures take.
        tell: told True when it has to wait, and False when its turn has come.
    """

    provider: Provider
    pace: Pace = field(repr=False)
    spec: ModelSpec = field(repr=False)
    tell: Callable[[bool], None] = untold

    @property
    def name(self) -> str:
        """The name of who answers."""
        return self.provider.name

    @property
    def longest_side(self) -> int:
        """As of who answers."""
        return self.provider.longest_side if isinstance(self.provider, ShrinksPictures) else 0

    def stream(self, request: ChatRequest, cancel: CancelToken) -> Iterator[ReplyChunk]:
        """Wait for a turn and ask; raises what asking raises."""
        with self.pace.turn(cancel, tokens_of(self.spec, request), self.tell):
            yield from self.provider.stream(request, cancel)


def tokens_of(spec: ModelSpec, request: ChatRequest) -> int:
    """Return about how many tokens a request takes: its pictures of known size and its words, earlier turns too."""
    parts = [*request.parts, *(part for turn in request.history for part in turn.parts)]
    total = text_tokens(request.system) + text_tokens(request.prefix)
    for part in parts:
        match part:
            case TextPart(text=text):
                total += text_tokens(text)
            case ImagePart(width=width, height=height) | ImageLink(width=width, height=height) if width and height:
                total += image_tokens(spec, width, height)
            case _:
                pass  # a film's size is not known here
    return total
