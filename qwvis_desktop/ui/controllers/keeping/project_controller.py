"""Projects are opened, and closed; and nothing that is not saved goes without a question."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from qwvis_desktop.core.store.kept_file import Stamp
from qwvis_desktop.core.store.opening import KeyedPicture, Opening, read_opening
from qwvis_desktop.core.store.picture_record import RecordError, frame_rate_of, has_work
from qwvis_desktop.core.store.project import ProjectFileError
from qwvis_desktop.core.store.shelf import Shelf
from qwvis_desktop.ui.controllers.keeping.recorder import Recorder
from qwvis_desktop.ui.controllers.keeping.save_controller import OpenProject, SaveController
from qwvis_desktop.ui.controllers.keeping.unsaved import about_taking_out, about_unsaved
from qwvis_desktop.ui.controllers.workspace import Entry, Workspace
from qwvis_desktop.ui.jobs import JobRunner, once
from qwvis_desktop.ui.panels.dialogs.questions import Answer, Question


class ProjectController(QObject):
    """Opens projects, and closes what is open.

    Signals:
        problem(str): something could not be read; a sentence for people.

    Args:
        saves: saves what is open.
        ask: asks the user.
    """

    problem = Signal(str)

    def __init__(
        self,
        *,
        window: QWidget,
        workspace: Workspace,
        recorder: Recorder,
        shelf: Shelf,
        saves: SaveController,
        jobs: JobRunner,
        ask: Callable[[Question], Answer],
    ) -> None:
        super().__init__(workspace)
        self._window = window
        self._workspace = workspace
        self._recorder = recorder
        self._shelf = shelf
        self._saves = saves
        self._jobs = jobs
        self._ask = ask
        self._given_up = False

    def ask_for_project(self) -> None:
        """Let the user choose a project to open."""
        name, _ = QFileDialog.getOpenFileName(
            self._window, self.tr("Open Project"), self._saves.folder(), self.tr("Projects (*.qwvis)")
        )
        if name:
            self.open(Path(name))

    def open(self, path: Path, then: Callable[[], object] = lambda: None) -> None:
        """Open a project in place of all that is open, which is saved first where the user wants that."""
        self._read(path, then, saved=self._saves.stamp)

    def _read(self, path: Path, then: Callable[[], object], *, saved: Stamp | None) -> None:
        """Read a project and show it; once more where it was itself saved meanwhile, as the answer to the question."""

        def show(opening: Opening) -> None:
            if opening.path == self._saves.path and self._saves.stamp != saved:
                self._read(path, then, saved=self._saves.stamp)
            else:
                self._show(opening, then)

        self._jobs.start(
            once(lambda: read_opening(path.absolute())),
            name="open project",
            on_events=lambda read: self.when_saved(lambda: show(read[0])),
            on_failed=self._not_read,
        )

    def close_project(self) -> None:
        """Close all that is open, saved first where the user wants that."""
        self.when_saved(self._begin_empty)

    def when_saved(self, then: Callable[[], object]) -> None:
        """Do ``then`` when nothing is unsaved any more, or the user gives it up; not at all where they think again."""
        self._saves.when_idle(lambda: self._when_saved(then))

    def _when_saved(self, then: Callable[[], object]) -> None:
        path = self._saves.path
        if not self._saves.is_dirty:
            then()
        elif self._saves.saves_by_itself:
            self._saves.save(lambda: self.when_saved(then))
        else:
            entries = [self._workspace.entry(key) for key in self._recorder.dirty]
            names = tuple(entry.name for entry in entries if entry is not None)
            self._answer(
                self._ask(about_unsaved(path.name if path is not None else "", names)), self._recorder.dirty, then
            )

    def close_picture(self, key: str) -> None:
        """Close a picture; one that holds work is closed only where the user wants that."""
        entry = self._workspace.entry(key)
        if entry is None:
            return
        if self._saves.path is not None and self._has_work(key):
            if self._ask(about_taking_out(entry.name)) is Answer.DISCARD:
                self._workspace.close(key)
        elif key in self._recorder.dirty:
            answer = self._ask(about_unsaved("", (entry.name,)))
            self._answer(answer, {key}, lambda: self._workspace.close(key))
        else:
            self._workspace.close(key)

    def may_close(self) -> bool:
        """Say whether the window may close now; where work is to be saved before, it is closed when that is done."""
        waiting = [True]

        def now() -> None:
            self._given_up = True
            if not waiting:
                self._window.close()

        if not self._given_up:
            self.when_saved(now)
            waiting.clear()
        return self._given_up

    def _has_work(self, key: str) -> bool:
        editor = self._workspace.editor_of(key)
        if editor is not None:
            return bool(editor.document.annotations or editor.document.runs)
        return has_work(self._shelf.records.get(key, {}))

    def _answer(self, answer: Answer, keys: Iterable[str], then: Callable[[], object]) -> None:
        match answer:
            case Answer.SAVE:
                self._saves.save(lambda: self.when_saved(then))
            case Answer.SAVE_ELSEWHERE:
                self._saves.save_beside(keys, then)
            case Answer.DISCARD:
                then()

    def _not_read(self, error: Exception) -> None:
        if isinstance(error, OSError):
            self.problem.emit(
                self.tr("The project cannot be opened: {why}.").replace("{why}", f"{error.strerror}: {error.filename}")
            )
        elif isinstance(error, ProjectFileError | RecordError):
            self.problem.emit(str(error))
        else:
            raise error

    def _begin_empty(self) -> None:
        self._workspace.close_all()
        self._shelf.clear()
        self._saves.be(None)

    def _show(self, opening: Opening, then: Callable[[], object]) -> None:
        self._begin_empty()
        entries = entries_of(opening.pictures)
        self._shelf.fill({each.key: each.record for each in opening.pictures}, opening.path.parent)
        self._workspace.add(entries)
        self._saves.be(OpenProject(opening.path, opening.stamp, opening.further))
        # What comes with it is put in place before any picture is opened.
        then()
        if entries and self._workspace.current is None:
            self._workspace.show(entries[min(max(opening.current, 0), len(entries) - 1)].key)


def entries_of(pictures: Iterable[KeyedPicture]) -> tuple[Entry, ...]:
    """Return the entries for pictures of a file."""
    return tuple(
        Entry(
            each.key,
            each.name,
            str(each.path) if each.path is not None else "",
            each.data,
            page=each.page,
            rate=frame_rate_of(each.record),
        )
        for each in pictures
    )
