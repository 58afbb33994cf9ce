"""Trying again: only before the first token, a few times, and only where a little patience may help."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from qwvis_desktop.core.providers.base import CancelToken, ProviderError, RateLimited, ReplyChunk, untold


def patience(seconds: float, cancel: CancelToken) -> None:
    """Wait ``seconds``, at most until stopped.

    Raises:
        Cancelled: the user stopped it.
    """
    stopped = threading.Event()
    cancel.on_cancel(stopped.set)
    stopped.wait(seconds)
    cancel.check()


TICK_SECONDS = 1.0
"""How often is told how long a wait still takes."""


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often and when to try again.

    Attributes:
        tries: the most requests that are made.
        base: seconds before the second; doubled for each further one, with jitter of half of it either way.
        longest: the longest wait in seconds that a service may ask for (``Retry-After``); above it the error is told.
            Waits of our own are no longer either.
        wait: does the waiting.
    """

    tries: int = 3
    base: float = 1.0
    longest: float = 120.0
    wait: Callable[[float, CancelToken], None] = patience

    def pause(self, attempt: int, error: ProviderError) -> float | None:
        """Return the seconds to wait after failed attempt ``attempt`` (from 1); None where that was the last."""
        if attempt >= self.tries or not error.transient:
            return None
        if isinstance(error, RateLimited) and error.retry_after is not None:
            return error.retry_after if error.retry_after <= self.longest else None
        return min(self.longest, self.base * 2.0 ** (attempt - 1) * random.uniform(0.5, 1.5))


NO_RETRY = RetryPolicy(tries=1)


def retried(
    attempt: Callable[[], Iterator[ReplyChunk]],
    cancel: CancelToken,
    policy: RetryPolicy,
    on_wait: Callable[[float, str], None] = untold,
) -> Iterator[ReplyChunk]:
    """Yield what ``attempt`` yields; start it anew where it fails before the first word of a reply came.

    ``on_wait`` is told the seconds that are left and why, before each wait and every second of it.
    """
    for number in range(1, policy.tries + 1):
        started = False
        try:
            for chunk in attempt():
                started = started or bool(chunk.text or chunk.thinking or chunk.tool_calls or chunk.ocr_result)
                yield chunk
            return
        except ProviderError as error:
            pause = None if started else policy.pause(number, error)
            if pause is None:
                raise
            why = str(error)
        _wait(pause, why, cancel, policy, on_wait)


def _wait(
    seconds: float, why: str, cancel: CancelToken, policy: RetryPolicy, on_wait: Callable[[float, str], None]
) -> None:
    left = seconds
    on_wait(left, why)
    while left > TICK_SECONDS:
        policy.wait(TICK_SECONDS, cancel)
        left -= TICK_SECONDS
        on_wait(left, why)
    policy.wait(left, cancel)
