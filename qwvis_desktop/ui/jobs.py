"""``JobRunner``: a Qt-free generator on a worker thread, its events on the GUI thread.

Events are collected and handed over in batches: however fast a worker talks, the GUI thread is woken once for all
that came since. Abandoning a job is immediate: its later events are dropped.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterable, Sequence
from typing import Any

from PySide6.QtCore import QMetaObject, QObject, Qt, Signal


class Job(QObject):
    """Work that runs on a thread of its own.

    Signals (all on the GUI thread):
        events(list): what the work yielded since the last time, oldest first.
        failed(object): the work raised this exception; nothing follows.
        finished(): the work is done; nothing follows.
    """

    events = Signal(object)
    failed = Signal(object)
    finished = Signal()
    _woken = Signal()

    def __init__(self, work: Callable[[], Iterable[object]], name: str, stop: Callable[[], None] | None) -> None:
        super().__init__()
        self._work = work
        self._stop = stop
        self._lock = threading.Lock()
        self._pending: list[object] = []
        self._error: BaseException | None = None
        self._done = False
        self._over = False
        self._connections: list[QMetaObject.Connection] = []
        self._woken.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self.thread_ = threading.Thread(target=self._run, name=name, daemon=True)

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come."""
        return self._over

    def deliver(self) -> None:
        """Hand over at once what the work has yielded so far."""
        self._deliver()

    def tell(
        self,
        on_events: Callable[[Sequence[Any]], object] | None,
        on_failed: Callable[[Exception], None],
        on_finished: Callable[[], None] | None,
    ) -> None:
        """Connect the signals for as long as something comes."""
        for signal, slot in ((self.events, on_events), (self.failed, on_failed), (self.finished, on_finished)):
            if slot is not None:
                self._connections.append(signal.connect(slot))

    def abandon(self) -> None:
        """Drop all that comes from now on, and tell the work to stop."""
        with self._lock:
            self._over = True
            self._pending = []
        self._let_go()
        if self._stop is not None:
            self._stop()

    def _let_go(self) -> None:
        """Let go of the slots: what they hold may hold this job, a circle through Qt that Python misses."""
        for connection in self._connections:
            QObject.disconnect(connection)
        self._connections = []

    def _run(self) -> None:
        error: BaseException | None = None
        try:
            work = self._work()
            try:
                for event in work:
                    self._hand_over(event)
                    if self._over:
                        return
            finally:
                # Here and not when the last reference goes: what it does at its end belongs on this thread.
                if isinstance(work, Generator):
                    work.close()
        except Exception as raised:  # noqa: BLE001 - handed to the GUI thread, which shows it
            error = raised
        self._end(error)

    def _hand_over(self, event: object) -> None:
        with self._lock:
            if self._over:
                return
            wake = not self._pending
            self._pending.append(event)
            # Emitted under the lock: after ``abandon`` returns, this thread touches no Qt object any more.
            if wake:
                self._woken.emit()

    def _end(self, error: BaseException | None) -> None:
        with self._lock:
            self._error, self._done = error, True
            if not self._over:
                self._woken.emit()

    def _deliver(self) -> None:
        with self._lock:
            if self._over:
                return
            batch, self._pending = self._pending, []
            done, error = self._done, self._error
        if batch:
            self.events.emit(batch)
        if done and not self._over:
            self._over = True  # nothing follows, not even a wake-up that is still queued
            if error is None:
                self.finished.emit()
            else:
                self.failed.emit(error)
            self._let_go()


class JobRunner(QObject):
    """Starts jobs, keeps them alive while they run, and ends them all when the window closes."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs: list[Job] = []

    def start(
        self,
        work: Callable[[], Iterable[object]],
        *,
        name: str,
        on_events: Callable[[Sequence[Any]], object] | None = None,
        on_failed: Callable[[Exception], None] | None = None,
        on_finished: Callable[[], None] | None = None,
        stop: Callable[[], None] | None = None,
    ) -> Job:
        """Run ``work`` on a thread called ``name``; ``stop`` is called when the job is abandoned.

        What ``work`` raises goes to ``on_failed``; without that it is raised on the GUI thread: a fault of the program.
        """
        # A job whose thread has ended may still have events on their way: only what is over is let go.
        self._jobs = [job for job in self._jobs if job.thread_.is_alive() or not job.is_over]
        job = Job(work, name, stop)
        self._jobs.append(job)
        job.tell(on_events, on_failed or _raise, on_finished)
        job.thread_.start()
        return job

    def close(self, seconds: float = 2.0) -> bool:
        """Abandon all jobs and wait up to ``seconds`` for their threads; say whether all have ended."""
        for job in self._jobs:
            job.abandon()
        for job in self._jobs:
            job.thread_.join(seconds)
        ended = not any(job.thread_.is_alive() for job in self._jobs)
        self._jobs = [job for job in self._jobs if job.thread_.is_alive()]
        return ended


def _raise(error: Exception) -> None:
    raise error


def once(call: Callable[[], object]) -> Callable[[], Iterable[object]]:
    """Return work whose one event is what ``call`` returns."""

    def work() -> Iterable[object]:
        yield call()

    return work
