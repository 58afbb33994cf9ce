"""The history of runs in the window: keeps each run while it goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from qwvis_desktop.core.inference_events import InferenceEvent, Waiting
from qwvis_desktop.core.inference_request import InferenceRequest
from qwvis_desktop.core.store.history import history_at
from qwvis_desktop.core.store.history_file import HistoryError
from qwvis_desktop.core.store.history_rows import KeptRun


class HistoryController(QObject):
    """Keeps runs in the history.

    Signals:
        problem(str): the history could not be read or written; a sentence for people.
        changed(): a run began, or ended.

    Attributes:
        kept: the history itself.

    Args:
        path: the file of the history; opened with the first run.
        secrets: tells the keys that are known now, to be kept out of it.
    """

    problem = Signal(str)
    changed = Signal()

    def __init__(self, path: Path, secrets: Callable[[], Iterable[str]], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.kept = history_at(path, self.problem.emit, secrets)

    def recorded(self, events: Iterator[InferenceEvent], request: InferenceRequest) -> Iterator[InferenceEvent]:
        """Yield ``events`` of ``request`` and keep the run they tell of; on whatever thread takes them."""
        from qwvis_desktop.core.run_recording import recorded  # not for the start

        try:
            for event in recorded(events, self.kept, [request.media, *request.others], self.problem.emit):
                yield event
                if isinstance(event, Waiting):
                    self.changed.emit()
        finally:
            self.changed.emit()

    def run(self, run: str) -> KeptRun | None:
        """Return what is kept of a run, by its id; None where it is not there, or cannot be read, which is said."""
        try:
            return self.kept.get(run)
        except HistoryError as error:
            self.problem.emit(str(error))
            return None

    def close(self) -> None:
        """Close the file."""
        self.kept.close()
