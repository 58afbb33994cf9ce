"""core.providers.pace: turns come in order, no more at a time, no faster than the limits; waiting ends at once."""

from __future__ import annotations

import threading
from collections.abc import Generator, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qwvis_desktop.core.model_files import bundled_registry
from qwvis_desktop.core.providers.base import (
    Cancelled,
    CancelToken,
    ChatRequest,
    ImagePart,
    ReplyChunk,
    Role,
    TextPart,
    Turn,
)
from qwvis_desktop.core.providers.pace import Pace, PacedProvider, Paces, tokens_of

SPEC = bundled_registry().spec("qwen3-vl-plus")
SECONDS = 10.0
"""How long a test waits for what must happen."""


class Clock:
    """Time that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Waiter(threading.Thread):
    """Asks for a turn on a thread of its own and holds it until it is told to end."""

    def __init__(self, pace: Pace, order: list[str], name: str = "w") -> None:
        super().__init__(name=name)
        self.token = CancelToken()
        self.waits, self.has_turn, self.end = threading.Event(), threading.Event(), threading.Event()
        self.told: list[bool] = []
        self.stopped = False
        self._pace, self._order = pace, order
        self.start()

    def run(self) -> None:
        try:
            with self._pace.turn(self.token, 0, self._tell):
                self._order.append(self.name)
                self.has_turn.set()
                self.end.wait(SECONDS)
        except Cancelled:
            self.stopped = True

    def _tell(self, waits: bool) -> None:
        self.told.append(waits)
        self.waits.set()

    def finish(self) -> None:
        self.end.set()
        self.join(SECONDS)


def test_no_more_at_a_time_and_who_came_first_goes_first() -> None:
    pace, order = Pace(2), list[str]()
    first, second = Waiter(pace, order, "1"), Waiter(pace, order, "2")
    assert first.has_turn.wait(SECONDS)
    assert second.has_turn.wait(SECONDS)
    late = []
    for name in "345":
        late.append(Waiter(pace, order, name))
        assert late[-1].waits.wait(SECONDS)
    assert not any(waiter.has_turn.is_set() for waiter in late)
    first.finish()
    assert late[0].has_turn.wait(SECONDS)
    assert not late[1].has_turn.is_set()
    for waiter in (second, *late):
        waiter.end.set()
    for waiter in (second, *late):
        waiter.join(SECONDS)
    assert order[2:] == ["3", "4", "5"]
    assert first.told == []
    assert late[0].told == [True, False]


def test_a_wait_is_stopped_at_once_and_the_next_moves_up() -> None:
    pace, order = Pace(1), list[str]()
    first = Waiter(pace, order, "1")
    assert first.has_turn.wait(SECONDS)
    second = Waiter(pace, order, "2")
    assert second.waits.wait(SECONDS)
    third = Waiter(pace, order, "3")
    assert third.waits.wait(SECONDS)
    second.token.cancel()
    second.join(SECONDS)
    assert second.stopped
    first.finish()
    assert third.has_turn.wait(SECONDS)
    third.finish()
    assert order == ["1", "3"]


def test_what_was_stopped_before_asks_for_no_turn() -> None:
    token = CancelToken()
    token.cancel()
    pace = Pace(1)
    with pytest.raises(Cancelled), pace.turn(token, 0):
        raise AssertionError("it must have no turn")
    with pace.turn(CancelToken(), 0):
        pass


@given(st.lists(st.tuples(st.floats(0, 5), st.integers(0, 3000)), min_size=1, max_size=40))
@settings(max_examples=60, deadline=None)
def test_the_limits_hold_in_every_window(asked: list[tuple[float, int]]) -> None:
    clock = Clock()
    pace = Pace(100, requests_per_minute=120, tokens_per_minute=6000, clock=clock)
    sent: list[tuple[float, int]] = []
    for pause, tokens in asked:
        clock.now += pause
        clock.now += max(pace._requests.wait(1, clock.now), pace._tokens.wait(tokens, clock.now))
        with pace.turn(CancelToken(), tokens):  # must not wait any more
            sent.append((clock.now, tokens))
    for start, _ in sent:
        minute = [tokens for at, tokens in sent if start <= at < start + 60]
        second = [at for at, _ in sent if start <= at < start + 1]
        assert len(second) <= 2 + 2, "what the bucket holds and what flows in"
        assert len(minute) <= 120 + 2
        assert sum(minute) <= 6000 + 6000 + 3000


def test_one_that_takes_more_than_a_minute_holds_is_sent_when_the_bucket_is_full() -> None:
    clock = Clock()
    pace = Pace(1, tokens_per_minute=600, clock=clock)
    with pace.turn(CancelToken(), 5000):
        pass
    assert pace._tokens.wait(1, clock.now) > 60
    clock.now += 600
    assert pace._tokens.wait(1, clock.now) == 0


def test_the_same_pace_for_the_same_key_and_model() -> None:
    parallel = 2
    paces = Paces(lambda: parallel)
    host, other = "dashscope.aliyuncs.com", bundled_registry().spec("qwen3-vl-flash")
    pace = paces.of(host, "k1", SPEC)
    assert paces.of(host, "k1", SPEC) is pace
    different = [
        paces.of(host, "k2", SPEC),
        paces.of("dashscope-intl.aliyuncs.com", "k1", SPEC),
        paces.of(host, "k1", other),
    ]
    assert len({id(one) for one in (pace, *different)}) == 4
    assert pace._requests.wait(100, 0) > 0
    assert paces.of("127.0.0.1:8000", None, SPEC)._requests.wait(100, 0) == 0, "a server of one's own has no limits"
    parallel = 5
    assert paces.of(host, "k1", SPEC).parallel == 5


class Echo:
    """Answers with one piece."""

    name = "Echo"

    def stream(self, request: ChatRequest, cancel: CancelToken) -> Iterator[ReplyChunk]:
        yield ReplyChunk(text="a")
        yield ReplyChunk(text="b")


def test_a_paced_provider_gives_its_turn_back_however_it_ends() -> None:
    pace = Pace(1)
    provider = PacedProvider(Echo(), pace, SPEC)
    request = ChatRequest("qwen3-vl-plus", (TextPart("hello"),))
    assert provider.name == "Echo"
    assert [chunk.text for chunk in provider.stream(request, CancelToken())] == ["a", "b"]
    left = provider.stream(request, CancelToken())
    next(left)
    assert isinstance(left, Generator)
    left.close()
    assert [chunk.text for chunk in provider.stream(request, CancelToken())] == ["a", "b"]


def test_what_a_request_takes() -> None:
    picture = ImagePart(b"", "image/jpeg", 1920, 1088)
    earlier = Turn(Role.USER, (picture, TextPart("one two")))
    request = ChatRequest("qwen3-vl-plus", (picture, TextPart("three")), system="four", history=(earlier,))
    assert tokens_of(SPEC, request) == 2 * 2042 + 4
