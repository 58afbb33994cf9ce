"""Saving: the project that is open, or files beside pictures; by themselves where that is wished."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from qwvis_desktop.core.annotation import JsonValue
from qwvis_desktop.core.samples import folder_beside
from qwvis_desktop.core.store.kept_file import Stamp, set_aside
from qwvis_desktop.core.store.project import SUFFIX
from qwvis_desktop.core.store.saving import Saved
from qwvis_desktop.ui.controllers.keeping.recorder import Recorder
from qwvis_desktop.ui.controllers.keeping.saver import Saver
from qwvis_desktop.ui.controllers.keeping.unsaved import about_other_version, about_replacing
from qwvis_desktop.ui.controllers.workspace import Workspace
from qwvis_desktop.ui.panels.dialogs.questions import Answer, Question

AUTOSAVE_MS = 2000
"""How long after a change it is saved where that is wished; what is changed meanwhile goes with it."""

RETRY_MS = 30_000
"""How long after a failure saving is tried again."""


@dataclass(frozen=True, slots=True)
class OpenProject:
    """The project that is open: its file, as it was read or written last."""

    path: Path
    stamp: Stamp
    further: Mapping[str, JsonValue] = field(default_factory=dict)


class SaveController(QObject):
    """Knows the project that is open, and saves.

    Signals:
        problem(str): something could not be written; a sentence for people.
        said(str): something was saved; the same.
        mended(str): this problem is over.
        changed(): another project is open, or it has something to save, or nothing any more.
        opened(str): this project was opened or saved.

    Args:
        autosaves: whether changes are to be saved by themselves.
        ask: asks the user.
    """

    problem = Signal(str)
    said = Signal(str)
    mended = Signal(str)
    changed = Signal()
    opened = Signal(str)

    def __init__(
        self,
        *,
        window: QWidget,
        workspace: Workspace,
        recorder: Recorder,
        saver: Saver,
        autosaves: Callable[[], bool],
        ask: Callable[[Question], Answer],
    ) -> None:
        super().__init__(workspace)
        self._window = window
        self._workspace = workspace
        self._recorder = recorder
        self._saver = saver
        self._autosaves = autosaves
        self._ask = ask
        self._project: OpenProject | None = None
        self._list_changed = False
        self._failed = False
        self._told_problem = ""
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._autosave)
        recorder.changed.connect(self._plan_autosave)
        recorder.dirty_changed.connect(self.changed)
        workspace.entries_changed.connect(self._entries_changed)

    @property
    def path(self) -> Path | None:
        """The file of the project that is open."""
        return self._project.path if self._project is not None else None

    @property
    def stamp(self) -> Stamp | None:
        """What that file was when it was read or written last."""
        return self._project.stamp if self._project is not None else None

    @property
    def is_dirty(self) -> bool:
        """Whether anything is in no file yet."""
        return bool(self._recorder.dirty) or (self._list_changed and self._project is not None)

    @property
    def saves_by_itself(self) -> bool:
        """Whether changes reach their files without being asked for, and did so lately."""
        return self._autosaves() and self._project is not None and not self._failed

    def when_idle(self, then: Callable[[], object]) -> None:
        """Do ``then`` now, or when what is being saved has reached its file."""
        self._saver.when_idle(then)

    def save(self, then: Callable[[], object] = lambda: None) -> None:
        """Save the project; where there is none, the files beside pictures, or a project whose name is asked for."""
        if self._project is not None:
            self._save_to(self._project.path, then)
        elif self._autosaves():
            self.save_beside(self._recorder.dirty, then)
        else:
            self.save_as(then)

    def save_as(self, then: Callable[[], object] = lambda: None) -> None:
        """Save all that is open as a project whose name is asked for."""
        suggested = str(Path(self.folder()) / (self.path.name if self.path else f"{self.tr('pictures')}{SUFFIX}"))
        name, _ = QFileDialog.getSaveFileName(
            self._window, self.tr("Save Project"), suggested, self.tr("Projects (*.qwvis)")
        )
        if not name:
            return
        path = Path(name)
        if path.suffix.lower() != SUFFIX:
            path = path.with_name(path.name + SUFFIX)
            if path.exists() and self._ask(about_replacing(path.name)) is not Answer.OVERWRITE:
                return
        self._save_to(path, then, anyway=True)

    def folder(self) -> str:
        """Return the folder where a file dialog is to begin."""
        entry = self._workspace.current
        if self.path is not None:
            return str(self.path.parent)
        return str(folder_beside(entry.path)) if entry is not None else ""

    def be(self, project: OpenProject | None) -> None:
        """Have another project open, or the same one as it was saved."""
        self._project, self._list_changed = project, False
        self._succeeded()
        self._recorder.restart_journal(project.path if project is not None else None)
        self.changed.emit()
        if project is not None:
            self.opened.emit(str(project.path))

    def _entries_changed(self) -> None:
        if self._project is not None:
            self._list_changed = True
            self.changed.emit()
            self._plan_autosave()

    def _plan_autosave(self) -> None:
        if self._autosaves() and not self._timer.isActive():
            self._timer.start(RETRY_MS if self._failed else AUTOSAVE_MS)

    def _autosave(self) -> None:
        if self._project is not None and self.is_dirty:
            self._save_to(self._project.path, by_itself=True)
        elif self._project is None and self._recorder.dirty:
            self.save_beside(self._recorder.dirty)

    def _save_to(
        self, path: Path, then: Callable[[], object] = lambda: None, *, anyway: bool = False, by_itself: bool = False
    ) -> None:
        current = self._workspace.current
        further = self._project.further if self._project is not None else {}
        self._list_changed = False
        self._saver.save_project(
            path.absolute(),
            stamp=lambda: self._stamp_of(path.absolute()),
            anyway=anyway,
            current=self._workspace.place_of(current.key) if current is not None else 0,
            further=further,
            done=lambda saved: self._told(path.absolute(), saved, further, then, by_itself=by_itself),
        )

    def _stamp_of(self, path: Path) -> Stamp | None:
        return self._project.stamp if self._project is not None and self._project.path == path else None

    def _told(
        self,
        path: Path,
        saved: Saved,
        further: Mapping[str, JsonValue],
        then: Callable[[], object],
        *,
        by_itself: bool,
    ) -> None:
        if saved.stamp is not None:
            changed_meanwhile = self._list_changed
            self.be(OpenProject(path, saved.stamp, further))
            self._list_changed = changed_meanwhile
            if not by_itself:
                self.said.emit(self.tr("Saved {name}.").replace("{name}", path.name))
            then()
            return
        self._list_changed = True
        self.changed.emit()
        if saved.changed_outside and not by_itself:
            self._ask_about_other(path, saved, then)
        else:
            self._say_failed(saved)

    def _say_failed(self, saved: Saved) -> None:
        """Say once that saving fails, and try again later."""
        if not self._failed:
            copy = self.tr("A copy is in {path}.").replace("{path}", str(saved.rescued)) if saved.rescued else ""
            later = self.tr("It is tried again by itself.") if not saved.changed_outside else ""
            self._told_problem = " ".join(part for part in (saved.problem, copy, later) if part)
            self.problem.emit(self._told_problem)
        self._failed = True
        if not saved.changed_outside:
            self._timer.start(RETRY_MS)

    def _succeeded(self) -> None:
        """Take back what was said of an earlier failure."""
        self._failed = False
        if self._told_problem:
            self.mended.emit(self._told_problem)
            self._told_problem = ""

    def _ask_about_other(self, path: Path, saved: Saved, then: Callable[[], object]) -> None:
        match self._ask(about_other_version(saved.problem)):
            case Answer.SAVE_ELSEWHERE:
                self.save_as(then)
            case Answer.OVERWRITE:
                try:
                    set_aside(path, "other")
                except OSError as error:
                    self.problem.emit(f"{saved.problem} ({error.strerror})")
                else:
                    self._save_to(path, then, anyway=True)

    def save_beside(self, keys: Iterable[str], then: Callable[[], object] = lambda: None) -> None:
        """Save what was done on these pictures beside each, then do ``then``."""
        wanted = frozenset(keys)
        without = [entry.name for key in wanted if (entry := self._workspace.entry(key)) and not entry.file]

        def told(outcomes: Sequence[Saved]) -> None:
            self._recorder.restart_journal(self.path)
            self.changed.emit()
            failed = [saved for saved in outcomes if saved.stamp is None]
            if failed:
                self._say_failed(failed[0])
            elif without:
                text = self.tr('"{name}" has no file that its annotations could lie beside. Save a project instead.')
                self.problem.emit(text.replace("{name}", without[0]))
            else:
                self._succeeded()
                then()

        self._saver.save_sidecars(wanted, told)
