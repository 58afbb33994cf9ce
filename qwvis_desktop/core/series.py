"""``Series``: many pictures that are asked the same, a few at a time: what is done, what failed, and how long it takes.

It knows neither pictures nor requests, only keys; the window and the command line both follow one.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from types import MappingProxyType

LOOKED_BACK = 8
"""Pictures that ended last, from whose times it is told how long the others will take."""

SAME_FAILURES = 3
"""Failures in a row with the same words after which going on is of no use: no network, a wrong key."""


class Series:
    """The state of a series.

    Args:
        keys: of the pictures, in their order; each once.
        at_once: how many go on at a time.
    """

    def __init__(self, keys: Iterable[str], at_once: int = 1) -> None:
        self.keys = tuple(dict.fromkeys(keys))
        self._at_once = at_once
        self._waiting = deque(self.keys)
        self._running: dict[str, float] = {}
        self._done: set[str] = set()
        self._failed: dict[str, str] = {}
        self._seconds: deque[float] = deque(maxlen=LOOKED_BACK)
        self._last_failures: list[str] = []

    @property
    def total(self) -> int:
        """How many pictures there are."""
        return len(self.keys)

    @property
    def done(self) -> int:
        """How many are done."""
        return len(self._done)

    @property
    def place(self) -> int:
        """The number, counted from 1, of the picture that goes on now, or will be the next."""
        return min(self.total, len(self._done) + len(self._failed) + 1)

    @property
    def running(self) -> tuple[str, ...]:
        """Keys of those that go on."""
        return tuple(self._running)

    @property
    def failed(self) -> Mapping[str, str]:
        """Why pictures failed, by their keys, in the order of the series."""
        return MappingProxyType({key: self._failed[key] for key in self.keys if key in self._failed})

    @property
    def ended(self) -> tuple[str, ...]:
        """Keys of those that are done or failed, in the order of the series."""
        return tuple(key for key in self.keys if key in self._done or key in self._failed)

    @property
    def is_over(self) -> bool:
        """Whether nothing waits and nothing goes on."""
        return not self._waiting and not self._running

    @property
    def hopeless(self) -> str:
        """Why going on is of no use; empty where it may be."""
        last = self._last_failures[-SAME_FAILURES:]
        return last[0] if len(last) == SAME_FAILURES and len(set(last)) == 1 else ""

    def take(self, now: float) -> str | None:
        """Return the key of the next picture, which goes on from ``now`` (seconds); None where none can be taken."""
        if not self._waiting or len(self._running) >= self._at_once:
            return None
        key = self._waiting.popleft()
        self._running[key] = now
        return key

    def finish(self, key: str, now: float) -> None:
        """Note that a picture is done."""
        self._seconds.append(now - self._running.pop(key, now))
        self._done.add(key)
        self._last_failures.clear()

    def fail(self, key: str, why: str) -> None:
        """Note why a picture failed; it is not tried again by itself."""
        self._running.pop(key, None)
        self._failed[key] = why
        self._last_failures.append(why)

    def skip(self, key: str) -> None:
        """Note that a picture need not be asked: it was before."""
        self._running.pop(key, None)
        self._done.add(key)

    def put_back(self, key: str) -> None:
        """Let a picture that was stopped wait again, in its place."""
        if self._running.pop(key, None) is not None:
            order = {known: place for place, known in enumerate(self.keys)}
            self._waiting = deque(sorted((*self._waiting, key), key=order.__getitem__))

    def drop(self, key: str) -> None:
        """Leave a picture out: it was closed."""
        self.keys = tuple(known for known in self.keys if known != key)
        self._waiting = deque(known for known in self._waiting if known != key)
        self._running.pop(key, None)
        self._done.discard(key)
        self._failed.pop(key, None)

    def retry(self) -> None:
        """Let those that failed wait again, before all others."""
        again = self.failed
        self._failed, self._last_failures = {}, []
        self._waiting.extendleft(reversed(tuple(again)))

    def seconds_left(self) -> float | None:
        """Return how long the rest will take, as the last ones took; None where none has ended yet."""
        if not self._seconds:
            return None
        each = sum(self._seconds) / len(self._seconds)
        return each * (len(self._waiting) + len(self._running)) / min(self._at_once, max(1, self.total))


def duration_words(seconds: float) -> tuple[int, str]:
    """Return a duration as people say it: a number, and "s", "min" or "h"."""
    if seconds < 90:
        return max(1, round(seconds)), "s"
    if seconds < 90 * 60:
        return round(seconds / 60), "min"
    return round(seconds / 3600), "h"
