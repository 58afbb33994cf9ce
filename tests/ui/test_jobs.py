from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Iterator, Sequence

import pytest
from pytestqt.exceptions import capture_exceptions
from pytestqt.qtbot import QtBot

from qwvis_desktop.ui.jobs import Job, JobRunner, once


@pytest.fixture
def runner(qtbot: QtBot) -> Iterator[JobRunner]:
    runner = JobRunner()
    yield runner
    assert runner.close()


def test_events_come_in_order_on_the_gui_thread(runner: JobRunner, qtbot: QtBot) -> None:
    seen: list[object] = []
    threads: set[int] = set()

    def take(batch: Sequence[object]) -> None:
        seen.extend(batch)
        threads.add(threading.get_ident())

    job = runner.start(lambda: iter(range(1000)), name="count", on_events=take)
    with qtbot.waitSignal(job.finished):
        pass
    assert seen == list(range(1000))
    assert threads == {threading.get_ident()}


def test_a_fast_worker_wakes_the_gui_thread_once(runner: JobRunner, qtbot: QtBot) -> None:
    batches: list[int] = []
    job = runner.start(lambda: iter(range(500)), name="burst", on_events=lambda batch: batches.append(len(batch)))
    job.thread_.join()
    with qtbot.waitSignal(job.finished):
        pass
    assert batches == [500]


def test_an_exception_is_told(runner: JobRunner, qtbot: QtBot) -> None:
    def work() -> Iterator[object]:
        yield 1
        raise ValueError("broken")

    errors: list[Exception] = []
    events: list[object] = []
    job = runner.start(work, name="breaks", on_events=events.extend, on_failed=errors.append)
    with qtbot.waitSignal(job.failed):
        pass
    assert events == [1]
    assert str(errors[0]) == "broken"


def test_an_exception_that_nobody_waits_for_is_raised_all_the_same(runner: JobRunner, qtbot: QtBot) -> None:
    def work() -> Iterator[object]:
        yield 1
        raise ValueError("nobody asked")

    with capture_exceptions() as raised:
        job = runner.start(work, name="breaks")
        with qtbot.waitSignal(job.failed):
            pass
    assert [str(error) for _, error, _ in raised] == ["nobody asked"]


def test_nothing_comes_after_abandoning(runner: JobRunner, qtbot: QtBot) -> None:
    gate, stopped = threading.Event(), threading.Event()
    seen: list[object] = []

    def work() -> Iterator[object]:
        yield "first"
        gate.wait(5)
        yield "second"

    job = runner.start(work, name="abandoned", on_events=seen.extend, stop=stopped.set)
    qtbot.waitUntil(lambda: seen == ["first"])
    job.abandon()
    gate.set()
    job.thread_.join(5)
    qtbot.wait(1)
    assert seen == ["first"]
    assert stopped.is_set()
    assert job.is_over


def test_closing_stops_work_under_way(runner: JobRunner, qtbot: QtBot) -> None:
    gate = threading.Event()

    def work() -> Iterator[object]:
        gate.wait(5)
        yield None

    runner.start(work, name="waits", stop=gate.set)
    assert runner.close()


def test_closing_says_when_a_thread_will_not_end(qtbot: QtBot) -> None:
    gate = threading.Event()
    runner = JobRunner()
    job = runner.start(once(lambda: gate.wait(10)), name="stubborn")
    assert not runner.close(seconds=0.01)
    gate.set()
    job.thread_.join(5)
    assert runner.close()


def test_once_yields_what_the_call_returns(runner: JobRunner, qtbot: QtBot) -> None:
    seen: list[object] = []
    job = runner.start(once(lambda: 42), name="once", on_events=seen.extend)
    with qtbot.waitSignal(job.finished):
        pass
    assert seen == [42]


def test_a_job_that_ended_is_kept_until_its_events_came(runner: JobRunner, qtbot: QtBot) -> None:
    seen: list[object] = []
    first = runner.start(once(lambda: "first"), name="first", on_events=seen.extend)
    first.thread_.join()
    del first
    second = runner.start(once(lambda: "second"), name="second", on_events=seen.extend)
    with qtbot.waitSignal(second.finished):
        pass
    assert seen == ["first", "second"]


@pytest.mark.parametrize("ends", ["done", "broken", "abandoned"])
def test_a_job_that_is_over_holds_nothing_back(runner: JobRunner, qtbot: QtBot, ends: str) -> None:
    """What takes the events may hold the job: Qt holds the one and Python the other, and neither sees the circle."""

    class Holder:
        job: Job | None = None

        def take(self, _batch: object) -> None:
            """Take events."""

    def work() -> Iterator[object]:
        yield None
        if ends == "broken":
            raise ValueError

    def start() -> weakref.ref[Holder]:
        holder = Holder()
        job = runner.start(
            work, name=ends, on_events=lambda batch: holder.take(batch), on_failed=lambda _: holder.take(0)
        )
        holder.job = job
        if ends == "abandoned":
            job.abandon()
        else:
            qtbot.waitUntil(lambda: job.is_over)
        job.thread_.join()
        return weakref.ref(holder)

    held = start()
    runner.start(once(lambda: None), name="next")  # those that are over are let go with the next one
    gc.collect()
    assert held() is None
