"""``Saver``: takes what is open to its files on a worker thread, one save after the other."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject

from qwvis_desktop.core.annotation import JsonValue
from qwvis_desktop.core.store.kept_file import Stamp
from qwvis_desktop.core.store.project import dump_project
from qwvis_desktop.core.store.saving import PictureState, PictureWriter, Saved, save, save_sidecar
from qwvis_desktop.ui.controllers.keeping.recorder import Recorder
from qwvis_desktop.ui.jobs import JobRunner


class Saver(QObject):
    """Saves projects and files beside pictures.

    Args:
        rescue: folder for copies of projects that cannot be written where they belong.
    """

    def __init__(self, recorder: Recorder, jobs: JobRunner, rescue: Path) -> None:
        super().__init__(recorder)
        self._recorder = recorder
        self._jobs = jobs
        self._rescue = rescue
        self._writer = PictureWriter()
        self._waiting: deque[Callable[[], object]] = deque()
        self._busy = False

    @property
    def is_busy(self) -> bool:
        """Whether something is being saved, or waits for its turn."""
        return self._busy

    def when_idle(self, then: Callable[[], object]) -> None:
        """Do ``then`` now, or when all that is being saved has reached its files."""

        def start() -> None:
            self._busy = False
            then()
            self._go_on()

        self._queue(start)

    def save_project(
        self,
        path: Path,
        *,
        stamp: Callable[[], Stamp | None],
        anyway: bool,
        current: int,
        further: Mapping[str, JsonValue],
        done: Callable[[Saved], object],
    ) -> None:
        """Save all that is open, as it stands when the turn comes; ``done`` is told how that ended.

        ``stamp`` gives what the file is then: a save that waits for another one follows on that.
        """

        def start() -> None:
            states, known = self._recorder.states(), stamp()
            self._recorder.saving(states)

            def work() -> Iterator[Saved]:
                data = dump_project(self._writer.lines(states, path.parent), current, further)
                yield save(path, data, stamp=known, rescue=self._rescue, anyway=anyway)

            def told(outcomes: Sequence[Saved]) -> None:
                (self._recorder.saved if outcomes[0].stamp is not None else self._recorder.not_saved)(states)
                done(outcomes[0])

            self._run(work, told, partial(self._recorder.not_saved, states))

        self._queue(start)

    def save_sidecars(self, keys: Iterable[str], done: Callable[[Sequence[Saved]], object]) -> None:
        """Save what was done on these pictures beside each; ``done`` is told how that ended for each."""
        wanted = tuple(keys)

        def start() -> None:
            states = [state for state in self._recorder.states(wanted) if state.path is not None]
            stamps = {state.key: self._recorder.sidecar_of(state.key) for state in states}
            self._recorder.saving(states)

            def work() -> Iterator[list[tuple[PictureState, Saved]]]:
                yield [(state, save_sidecar(state, self._writer, stamps[state.key])) for state in states]

            def told(outcomes: Sequence[list[tuple[PictureState, Saved]]]) -> None:
                stamps = {state.key: saved.stamp for state, saved in outcomes[0] if saved.stamp is not None}
                self._recorder.saved([state for state in states if state.key in stamps], stamps)
                self._recorder.not_saved([state for state in states if state.key not in stamps])
                done([saved for _, saved in outcomes[0]])

            self._run(work, told, partial(self._recorder.not_saved, states))

        self._queue(start)

    def _queue(self, start: Callable[[], None]) -> None:
        self._waiting.append(start)
        self._go_on()

    def _go_on(self) -> None:
        if self._waiting and not self._busy:
            self._busy = True
            self._waiting.popleft()()

    def _run(
        self,
        work: Callable[[], Iterable[object]],
        told: Callable[[Sequence[Any]], None],
        broke: Callable[[], None],
    ) -> None:
        def on_events(outcomes: Sequence[Any]) -> None:
            self._busy = False
            told(outcomes)
            self._go_on()

        def on_failed(error: Exception) -> None:
            self._busy = False
            broke()
            raise error

        self._jobs.start(work, name="save", on_events=on_events, on_failed=on_failed)
