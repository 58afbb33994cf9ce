"""``Keeping``: all that sees to it that no work is lost, made and joined in one place."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from qwvis_desktop.core.store.history_rows import KeptRun
from qwvis_desktop.core.store.journal import Journal
from qwvis_desktop.core.store.picture_record import has_work
from qwvis_desktop.core.store.shelf import OpenedPicture, Shelf
from qwvis_desktop.ui.actions import Actions
from qwvis_desktop.ui.controllers.asking.service_controller import ServiceController
from qwvis_desktop.ui.controllers.keeping.project_controller import ProjectController
from qwvis_desktop.ui.controllers.keeping.recorder import Recorder
from qwvis_desktop.ui.controllers.keeping.recovery_controller import RecoveryController
from qwvis_desktop.ui.controllers.keeping.save_controller import SaveController
from qwvis_desktop.ui.controllers.keeping.saver import Saver
from qwvis_desktop.ui.controllers.keeping.session_controller import SessionController
from qwvis_desktop.ui.controllers.workspace import Workspace
from qwvis_desktop.ui.jobs import JobRunner
from qwvis_desktop.ui.panels.dialogs.questions import Answer, Question
from qwvis_desktop.ui.panels.panel_set import Panels
from qwvis_desktop.ui.panels.words import counted, counted_together


class Keeping(QObject):
    """Journal, recorder, project, recovery and session of one window.

    Signals:
        problem(str): something could not be kept; a sentence for people.

    Args:
        folder: the program's own, for what it keeps.
        show_project: names the project in the window's title, and says whether something is to be saved.
        exempt: keys of pictures on which nothing is work (the samples).
        ask: asks the user.
        kept_run: gives what the history holds of a run, by its id.
    """

    problem = Signal(str)
    _unkept = Signal(str)

    def __init__(
        self,
        *,
        window: QWidget,
        show_project: Callable[[str, bool], object],
        workspace: Workspace,
        panels: Panels,
        actions: Actions,
        services: ServiceController,
        jobs: JobRunner,
        folder: Path,
        exempt: Iterable[str],
        ask: Callable[[Question], Answer],
        kept_run: Callable[[str], KeptRun | None],
    ) -> None:
        super().__init__(window)
        self._show_project = show_project
        self._workspace = workspace
        self._panels = panels
        self._actions = actions
        self._services = services
        self._to_check: dict[str, bool] = {}
        self.shelf = Shelf(lambda: services.settings.page_resolution)
        self.journal = Journal(folder / "journals", self._unkept.emit)
        self.recorder = Recorder(workspace, self.journal, self.shelf, exempt)
        self.saves = SaveController(
            window=window,
            workspace=workspace,
            recorder=self.recorder,
            saver=Saver(self.recorder, jobs, folder / "rescued"),
            autosaves=lambda: services.settings.autosave,
            ask=ask,
        )
        self.projects = ProjectController(
            window=window,
            workspace=workspace,
            recorder=self.recorder,
            shelf=self.shelf,
            saves=self.saves,
            jobs=jobs,
            ask=ask,
        )
        self.session = SessionController(
            workspace=workspace,
            actions=actions,
            jobs=jobs,
            file=folder / "session.json",
            settings=lambda: services.settings,
            update=services.update,
            project=lambda: self.saves.path,
        )
        self._make_recovery(folder / "journals", jobs, ask, kept_run=kept_run)
        self._connect()

    def _make_recovery(
        self,
        folder: Path,
        jobs: JobRunner,
        ask: Callable[[Question], Answer],
        *,
        kept_run: Callable[[str], KeptRun | None],
    ) -> None:
        self.recovery = RecoveryController(
            workspace=self._workspace,
            recorder=self.recorder,
            projects=self.projects,
            shelf=self.shelf,
            journal=self.journal,
            session=self.session,
            jobs=jobs,
            folder=folder,
            ask=ask,
            kept_run=kept_run,
        )

    def _connect(self) -> None:
        workspace, panels = self._workspace, self._panels
        self._unkept.connect(self.problem, Qt.ConnectionType.QueuedConnection)
        self.projects.problem.connect(self.problem)
        self.saves.problem.connect(self.problem)
        self.saves.changed.connect(self._show_title)
        self.saves.opened.connect(lambda path: self.session.opened([Path(path)]))
        self.saves.opened.connect(self._show_marks)
        self.recorder.changed.connect(self._show_mark)
        panels.filmstrip.check_requested.connect(self._check)
        workspace.closed.connect(panels.filmstrip.forget)
        workspace.current_changed.connect(self._show_checked)

    def does(self) -> dict[str, Callable[[], object]]:
        """Return what the actions do that are about keeping."""
        return {
            "file.open_project": self.projects.ask_for_project,
            "file.save": self.saves.save,
            "file.save_as": self.saves.save_as,
            "file.save_beside": self._save_beside,
            "review.checked": self._check_current,
            "file.autosave": self._switch_autosave,
            "file.close_project": self.projects.close_project,
        }

    def begin(self) -> None:
        """Show what the settings say."""
        self._actions.set_checked("file.autosave", self._services.settings.autosave)

    def go_on(self, *, session: bool) -> None:
        """Offer what a crash left unsaved; with ``session``, open what was open at the end as well."""
        if session:
            self.recovery.done.connect(lambda restored: None if restored else self.session.restore())
        self.recovery.look(session=session)

    def follow(self, key: str, opened: OpenedPicture) -> None:
        """Keep what is done on a picture from now on."""
        self.recorder.follow(key, opened)
        self._show_mark(key)
        if key in self._to_check:
            self.recorder.set_checked(key, self._to_check.pop(key))
        self._show_checked()

    def close(self) -> bool:
        """Take the journal away: the user was asked about all that is in it. Say whether its thread has ended."""
        self.session.keep()
        self.recorder.close()
        return self.journal.close()

    def _switch_autosave(self) -> None:
        on = self._actions["file.autosave"].isChecked()
        self._services.update(autosave=on)
        if on and self.recorder.dirty:
            self.saves.save()

    def _show_title(self) -> None:
        path = self.saves.path
        self._show_project(path.name if path is not None else "", self.saves.is_dirty)
        # What is in a project is saved there.
        self._actions.set_enabled("file.save_beside", path is None)

    def _save_beside(self) -> None:
        dirty = self.recorder.dirty
        words = self.tr("Saved beside {n}.").replace("{n}", counted(len(dirty), "picture"))
        self.saves.save_beside(dirty, lambda: self.saves.said.emit(words if dirty else self.tr("All is saved.")))

    def _check_current(self) -> None:
        current = self._workspace.current
        if current is not None:
            self._check(current.key, self._actions["review.checked"].isChecked())

    def _check(self, key: str, checked: bool) -> None:
        if self._workspace.editor_of(key) is None:
            # It is looked at before, and marked as soon as it is there.
            self._to_check[key] = checked
            self._workspace.show(key)
        else:
            self.recorder.set_checked(key, checked)
            self._show_checked()

    def _show_mark(self, key: str) -> None:
        """Say in the list of pictures what is on one."""
        editor = self._workspace.editor_of(key)
        if editor is not None:
            self._panels.filmstrip.set_work(
                key, counted_together([a.kind for a in editor.document.annotations.values()])
            )

    def _show_marks(self) -> None:
        """Say it of all pictures of a project that was opened."""
        for key, record in self.shelf.records.items():
            if has_work(record) and self._workspace.editor_of(key) is None:
                kinds = [str(each.get("kind")) for each in record.get("annotations", ())]
                self._panels.filmstrip.set_work(key, counted_together(kinds))
        self._show_checked()

    def _show_checked(self) -> None:
        checked, current = self.recorder.checked, self._workspace.current
        self._panels.filmstrip.set_checked(checked)
        self._actions.set_enabled("review.checked", self._workspace.editor is not None)
        self._actions.set_checked("review.checked", current is not None and current.key in checked)
