from __future__ import annotations

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from qwvis_desktop.core.series import Series, duration_words


def test_pictures_are_taken_in_their_order_and_few_at_a_time() -> None:
    series = Series("abcd", at_once=2)
    assert [series.take(0), series.take(0), series.take(0)] == ["a", "b", None]
    assert (series.place, series.total, series.seconds_left()) == (1, 4, None)
    series.finish("a", 4)
    assert series.seconds_left() == pytest.approx(4 * 3 / 2)
    assert series.take(4) == "c"
    assert series.place == 2


def test_what_was_stopped_waits_in_its_place() -> None:
    series = Series("abc")
    series.take(0)
    series.finish("a", 1)
    series.take(1)
    series.put_back("b")
    assert (series.running, series.is_over, series.done) == ((), False, 1)
    assert series.take(2) == "b"


def test_what_failed_is_told_and_tried_again_first() -> None:
    series = Series("abc")
    for _ in "ab":
        key = series.take(0)
        assert key is not None
        series.fail(key, f"{key} is broken")
    assert series.failed == {"a": "a is broken", "b": "b is broken"}
    assert not series.hopeless
    series.retry()
    assert [series.take(0), series.failed] == ["a", {}]


def test_the_same_failure_again_and_again_is_hopeless() -> None:
    series = Series("abcde")
    for _ in range(3):
        key = series.take(0)
        assert key is not None
        assert not series.hopeless
        series.fail(key, "no network")
    assert series.hopeless == "no network"
    series.retry()
    assert not series.hopeless


def test_what_was_closed_or_need_not_be_asked() -> None:
    series = Series("abc")
    series.take(0)
    series.skip("a")
    series.drop("b")
    assert (series.total, series.done, series.take(0)) == (2, 1, "c")
    series.drop("c")
    assert series.is_over


def test_durations_in_words() -> None:
    assert [duration_words(seconds) for seconds in (0.2, 40, 89, 100, 3000, 90_000)] == [
        *((1, "s"), (40, "s"), (89, "s"), (2, "min"), (50, "min"), (25, "h")),
    ]


class AnyOrder(RuleBasedStateMachine):
    """Whatever happens, each picture is in one state and none gets lost."""

    def __init__(self) -> None:
        super().__init__()
        self.series = Series([str(number) for number in range(6)], at_once=2)
        self.open = set(self.series.keys)

    @rule()
    def take(self) -> None:
        self.series.take(0)

    @precondition(lambda self: self.series.running)
    @rule(what=st.sampled_from(["finish", "fail", "skip", "put_back", "drop"]))
    def end(self, what: str) -> None:
        key = self.series.running[0]
        {
            "finish": lambda: self.series.finish(key, 1),
            "fail": lambda: self.series.fail(key, "why"),
            "skip": lambda: self.series.skip(key),
            "put_back": lambda: self.series.put_back(key),
            "drop": lambda: self.series.drop(key),
        }[what]()
        if what == "drop":
            self.open.discard(key)

    @rule()
    def retry(self) -> None:
        self.series.retry()

    @invariant()
    def all_are_somewhere(self) -> None:
        series = self.series
        held = [*series._waiting, *series.running, *series._done, *series.failed]
        assert sorted(held) == sorted(self.open) == sorted(series.keys)
        assert len(series.running) <= 2


TestAnyOrder = AnyOrder.TestCase
