"""Many pictures asked one after the other: all pages of a document, those that are left, or the chosen ones."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import QObject, QTimer, Signal

from qwvis_desktop.core.inference_request import InferenceRequest
from qwvis_desktop.core.series import Series
from qwvis_desktop.ui.actions import Actions
from qwvis_desktop.ui.controllers.asking.asking_set import AskingSet
from qwvis_desktop.ui.controllers.asking.inference_controller import ActiveRun, InferenceController, RunPhase
from qwvis_desktop.ui.controllers.media_controller import MediaController
from qwvis_desktop.ui.controllers.pages.pages_asked import PagesAsked
from qwvis_desktop.ui.controllers.pages.series_words import about_sending, bar_state, titles_of_all, why_not_all
from qwvis_desktop.ui.controllers.workspace import Entry, Workspace
from qwvis_desktop.ui.editor import DocumentEditor
from qwvis_desktop.ui.panels.asking.series_bar import SeriesBarState
from qwvis_desktop.ui.panels.dialogs.questions import Answer, Question
from qwvis_desktop.ui.panels.panel_set import Panels

TICK_MS = 1000
"""How often it is told anew how long it will take."""


class SeriesController(QObject):
    """Asks about many pictures; each is a run and an undo step of its own, and its result goes to its picture.

    What is asked is what stood in the prompt panel at the start, whatever stands there later.

    Signals:
        problem(str): a series stopped by itself; a sentence for people.

    Args:
        asked: knows which pictures were asked already.
        ask: asks the user.
    """

    problem = Signal(str)

    def __init__(
        self,
        *,
        panels: Panels,
        workspace: Workspace,
        actions: Actions,
        media: MediaController,
        asking: AskingSet,
        inference: InferenceController,
        asked: PagesAsked,
        ask: Callable[[Question], Answer],
    ) -> None:
        super().__init__(workspace)
        self._panels = panels
        self._workspace = workspace
        self._actions = actions
        self._media = media
        self._asking = asking
        self._inference = inference
        self._asked = asked
        self._ask = ask
        self._series: Series | None = None
        self._make: Callable[[Sequence[DocumentEditor]], InferenceRequest] | None = None
        self._task = ""
        self._runs: dict[str, str] = {}
        self._paused = False
        self._again = False
        self._dismissed: set[str] = set()
        self._does = {
            "start": self.run_all,
            "rest": self.run_rest,
            "stop": self.stop,
            "continue": self.go_on,
            "retry": self.retry,
            "close": self._dismiss,
        }
        self._timer = QTimer(self, interval=TICK_MS)
        self._timer.timeout.connect(self.show)
        self._connect()

    def _connect(self) -> None:
        self._panels.series_bar.requested.connect(lambda what: self._does[what]())
        self._panels.series_bar.picture_requested.connect(self._workspace.show)
        self._panels.filmstrip.selection_changed.connect(self.show)
        self._panels.prompt.task_changed.connect(lambda _task: self.show())
        self._media.opened.connect(self._opened)
        self._inference.ended.connect(self._ended)
        self._workspace.entry_changed.connect(self._changed)
        self._workspace.closed.connect(self._closed)
        self._workspace.current_changed.connect(self.show)
        self._workspace.entries_changed.connect(self.show)

    @property
    def series(self) -> Series | None:
        """The series that goes on, was stopped, or was the last one."""
        return self._series

    @property
    def goes_on(self) -> bool:
        """Whether pictures are being asked about."""
        return self._series is not None and not self._series.is_over and not self._paused

    def run_all(self) -> None:
        """Ask about all pages of the current document, or all open pictures, also those that were asked already."""
        self.start(self._asked.together_with_current(), again=True)

    def run_rest(self) -> None:
        """Ask about those of them that were not asked yet."""
        self.start(self._asked.not_asked(self._asked.together_with_current(), self._asking.runs.task.id), again=False)

    def run_selected(self) -> None:
        """Ask about each of the selected pictures, one after the other."""
        self.start(self._panels.filmstrip.selected, again=True)

    def start(self, keys: Iterable[str], *, again: bool) -> None:
        """Ask about these pictures; with ``again`` also about those that turn out to have been asked before."""
        make, keys = self._asking.requests.maker(), tuple(keys)
        if make is None or not keys or self.goes_on or not self._may_send(make, len(keys)):
            return
        settings = self._asking.services.settings
        at_once = 1 if self._asking.services.is_offline else settings.parallel
        self._series, self._make, self._again = Series(keys, at_once), make, again
        self._task, self._paused = self._asking.runs.task.id, False
        self._runs.clear()
        self._timer.start()
        self._fill()

    def stop(self) -> None:
        """Stop; what came so far is kept, and what was under way waits again."""
        if self._series is None:
            return
        self._paused = True
        for key in self._series.running:
            editor = self._workspace.editor_of(key)
            if key in self._runs.values():
                self._inference.stop(editor)
            self._series.put_back(key)
        self._runs.clear()
        self.show()

    def go_on(self) -> None:
        """Continue where it was stopped."""
        self._paused = False
        self._timer.start()
        self._fill()

    def retry(self) -> None:
        """Ask again about what failed."""
        if self._series is not None:
            for key in self._series.failed:
                self._workspace.set_problem(key, "")
            self._series.retry()
            self.go_on()

    def _may_send(self, make: Callable[[Sequence[DocumentEditor]], InferenceRequest], count: int) -> bool:
        """Say whether so many requests may be sent: one that is paid for is asked about before."""
        editor, services = self._workspace.editor, self._asking.services
        if not services.profile.needs_key or count == 1:
            return True
        estimate = self._asking.costs.estimate(make([editor])) if editor is not None else None
        return self._ask(about_sending(services.profile.name, count, estimate)) is Answer.SEND

    def _fill(self) -> None:
        """Take as many pictures as may go on at a time."""
        series = self._series
        while series is not None and not self._paused and (key := series.take(time.monotonic())) is not None:
            editor, entry = self._workspace.editor_of(key), self._workspace.entry(key)
            if editor is not None:
                self._ask_about(key, editor)
            elif entry is None:
                series.drop(key)
            else:
                self._media.prepare(entry)
        self.show()

    def _ask_about(self, key: str, editor: DocumentEditor) -> None:
        assert self._series is not None
        assert self._make is not None
        if not self._again and self._asked.was_asked(key, self._task):
            self._series.skip(key)
            return
        request = self._make([editor])
        self._runs[request.run] = key
        if self._inference.start(editor, request, again=lambda _keep: self.go_on()) is None:
            # Why was told; what holds this one back holds the others back, too.
            del self._runs[request.run]
            self._series.put_back(key)
            self._paused = True

    def _opened(self, key: str) -> None:
        editor = self._workspace.editor_of(key)
        if self._is_awaited(key) and editor is not None:
            self._ask_about(key, editor)
            self._fill()

    def _changed(self, key: str) -> None:
        """Note that a picture of the series cannot be opened."""
        entry = self._workspace.entry(key)
        if entry is not None and entry.problem and self._is_awaited(key):
            self._failed(key, entry.problem)

    def _is_awaited(self, key: str) -> bool:
        """Say whether a picture was taken and is not open yet."""
        series = self._series
        return series is not None and key in series.running and key not in self._runs.values()

    def _ended(self, active: ActiveRun) -> None:
        key = self._runs.pop(active.run.id, None)
        if key is None or self._series is None:
            self.show()  # a page that was asked about by itself counts as well
            return
        if active.phase is RunPhase.FAILED:
            self._failed(key, active.run.error)
        elif active.phase is RunPhase.STOPPED:
            self._series.put_back(key)
            self._paused = True  # who stops one page stops the reading
        else:
            self._series.finish(key, time.monotonic())
        self._fill()

    def _failed(self, key: str, why: str) -> None:
        assert self._series is not None
        self._series.fail(key, why)
        if self._series.hopeless and not self._series.is_over:
            self._paused = True
        self._fill()

    def _closed(self, key: str) -> None:
        if self._series is not None and key in self._series.keys:
            self._runs = {run: held for run, held in self._runs.items() if held != key}
            self._series.drop(key)
            self._fill()

    def _dismiss(self) -> None:
        """Take the bar away; a series that goes on is stopped, and forgotten."""
        if self._series is not None:
            self.stop()
            self._series = None
        current = self._workspace.current
        if current is not None:
            self._dismissed.add(current.file)
        self.show()

    def show(self) -> None:
        """Show how far it is, or what can be done."""
        if not self.goes_on:
            self._timer.stop()
        count, current = self._asked.count_with_current(), self._workspace.current
        pages = current is not None and bool(current.page)
        for action, title in titles_of_all(pages=pages).items():
            self._actions[action].setText(title)
            why_not = why_not_all(count, pages=pages, busy=self.goes_on)
            self._actions.set_enabled(action, not why_not, why_not)
        self._actions.set_enabled("run.each", len(self._panels.filmstrip.selected) > 1 and not self.goes_on)
        self._actions.set_enabled("run.stop_all", self.goes_on)
        self._panels.series_bar.set_state(self._state(current is not None and current.file in self._dismissed))

    def _state(self, dismissed: bool) -> SeriesBarState:
        current = self._workspace.current
        elsewhere = self._series is not None and self._series.is_over and self._is_elsewhere(current)
        if self._series is not None and self._series.total and not elsewhere:
            names = {entry.key: entry.name for key in self._series.failed if (entry := self._workspace.entry(key))}
            is_pages = all(entry.page for key in self._series.keys[:1] if (entry := self._workspace.entry(key)))
            return bar_state(self._series, self._task, names, paused=self._paused, pages=is_pages)
        return SeriesBarState() if dismissed else self._asked.offer(self._asking.runs.task.id)

    def _is_elsewhere(self, current: Entry | None) -> bool:
        """Say whether what is looked at has nothing to do with the series."""
        series = self._series
        if current is None or series is None:
            return False
        first = self._workspace.entry(series.keys[0]) if series.keys else None
        return bool(current.page) and (first is None or first.file != current.file)
