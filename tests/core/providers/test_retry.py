"""When another try is made, and how long is waited for it."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from qwvis_desktop.core.providers.base import (
    Cancelled,
    CancelToken,
    ProviderError,
    RateLimited,
    ReplyChunk,
    ServiceFailed,
    Unauthorized,
)
from qwvis_desktop.core.providers.retry import NO_RETRY, RetryPolicy, patience, retried

FAILED = ServiceFailed("down", transient=True)


class Attempts:
    """Outcomes in order: an error, or pieces with perhaps an error after them."""

    def __init__(self, *outcomes: list[ReplyChunk | ProviderError]) -> None:
        self.outcomes = list(outcomes)
        self.made = 0

    def __call__(self) -> Iterator[ReplyChunk]:
        outcome = self.outcomes[self.made]
        self.made += 1
        for item in outcome:
            if isinstance(item, ProviderError):
                raise item
            yield item


def policy(waits: list[float] | None = None) -> RetryPolicy:
    return RetryPolicy(wait=lambda seconds, cancel: (waits if waits is not None else []).append(seconds))


A = ReplyChunk("a")


def test_a_success_is_tried_once() -> None:
    attempts = Attempts([A])
    assert list(retried(attempts, CancelToken(), policy())) == [A]
    assert attempts.made == 1


def test_the_third_try_may_succeed() -> None:
    waits: list[float] = []
    attempts = Attempts([FAILED], [FAILED], [A])
    assert list(retried(attempts, CancelToken(), policy(waits))) == [A]
    assert 1.5 <= sum(waits) <= 4.5
    assert max(waits) <= 1.0


def test_never_after_the_first_piece() -> None:
    attempts = Attempts([A, FAILED], [A])
    stream = retried(attempts, CancelToken(), policy())
    assert next(stream) == A
    with pytest.raises(ServiceFailed):
        next(stream)
    assert attempts.made == 1


def test_what_is_no_word_of_the_reply_does_not_count() -> None:
    attempts = Attempts([ReplyChunk(request_id="r1"), FAILED], [ReplyChunk(request_id="r2"), A])
    assert [chunk.text for chunk in retried(attempts, CancelToken(), policy())] == ["", "", "a"]


def test_each_second_of_a_wait_is_told() -> None:
    told: list[tuple[float, str]] = []
    waits: list[float] = []
    attempts = Attempts([RateLimited("slow", transient=True, retry_after=3.5)], [A])
    list(retried(attempts, CancelToken(), policy(waits), lambda left, why: told.append((left, why))))
    assert told == [(3.5, "slow"), (2.5, "slow"), (1.5, "slow"), (0.5, "slow")]
    assert waits == [1.0, 1.0, 1.0, 0.5]


def test_no_wait_is_longer_than_is_set() -> None:
    assert RetryPolicy(longest=0.25).pause(2, FAILED) == 0.25


@pytest.mark.parametrize("error", [Unauthorized("no"), RateLimited("unpaid", retry_after=1.0)])
def test_never_where_it_cannot_help(error: ProviderError) -> None:
    attempts = Attempts([error], [A])
    with pytest.raises(type(error)):
        list(retried(attempts, CancelToken(), policy()))
    assert attempts.made == 1


def test_no_retry_is_one_try() -> None:
    attempts = Attempts([FAILED], [A])
    with pytest.raises(ServiceFailed):
        list(retried(attempts, CancelToken(), NO_RETRY))


@pytest.mark.parametrize(("asked", "waited"), [(0.0, 0.0), (7.0, 7.0), (120.0, 120.0), (121.0, None)])
def test_the_service_says_how_long(asked: float, waited: float | None) -> None:
    assert policy().pause(1, RateLimited("slow", transient=True, retry_after=asked)) == waited


def test_a_stop_ends_the_wait() -> None:
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        patience(60.0, cancel)


def test_a_wait_of_nothing_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float | None] = []
    monkeypatch.setattr(threading.Event, "wait", lambda _self, seconds=None: waits.append(seconds))
    patience(0.0, CancelToken())
    assert waits == [0.0]
