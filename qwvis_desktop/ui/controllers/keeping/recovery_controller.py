"""After a crash: what was not saved is offered at the next start, and what else was open is open again with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from qwvis_desktop.core.run_json import run_to_json
from qwvis_desktop.core.store.history_rows import BROKEN_OFF, KeptRun
from qwvis_desktop.core.store.journal import Journal
from qwvis_desktop.core.store.opening import keyed
from qwvis_desktop.core.store.picture_record import Record, is_of_film, path_of
from qwvis_desktop.core.store.session import Session
from qwvis_desktop.core.store.shelf import Shelf
from qwvis_desktop.core.store.steps import Recovered, unsaved_journals
from qwvis_desktop.ui.controllers.keeping.project_controller import ProjectController, entries_of
from qwvis_desktop.ui.controllers.keeping.recorder import Recorder
from qwvis_desktop.ui.controllers.keeping.session_controller import SessionController
from qwvis_desktop.ui.controllers.keeping.unsaved import about_recovery
from qwvis_desktop.ui.controllers.workspace import Entry, Workspace
from qwvis_desktop.ui.jobs import JobRunner, once
from qwvis_desktop.ui.panels.dialogs.questions import Answer, Question


class RecoveryController(QObject):
    """Looks for journals that no program writes any more.

    Signals:
        done(bool): they were looked for, and the user answered; whether anything is restored.

    Args:
        session: knows what was open.
        folder: where journals lie.
        ask: asks the user.
        kept_run: gives what is kept of a run elsewhere, by its id: what had come of a reply that was going on, and what
            the pictures are known by that it was about.
    """

    done = Signal(bool)

    def __init__(
        self,
        *,
        workspace: Workspace,
        recorder: Recorder,
        projects: ProjectController,
        shelf: Shelf,
        journal: Journal,
        session: SessionController,
        jobs: JobRunner,
        folder: Path,
        ask: Callable[[Question], Answer],
        kept_run: Callable[[str], KeptRun | None],
    ) -> None:
        super().__init__(workspace)
        self._workspace = workspace
        self._recorder = recorder
        self._projects = projects
        self._shelf = shelf
        self._journal = journal
        self._session = session
        self._jobs = jobs
        self._folder = folder
        self._ask = ask
        self._kept_run = kept_run

    def look(self, *, session: bool) -> None:
        """Look for what a crash left, on a worker thread, and offer it; with ``session``, open what else was open."""
        self._jobs.start(
            once(lambda: [_completed(each, self._kept_run) for each in unsaved_journals(self._folder)]),
            name="look for unsaved work",
            on_events=lambda found: self._offer(found[0], self._session.last if session else Session()),
        )

    def _offer(self, found: Sequence[Recovered], session: Session) -> None:
        if not found:
            self.done.emit(False)
            return
        records = {key: record for each in found for key, record in each.records.items()}
        films = sum(map(is_of_film, records.values()))
        last = datetime.fromtimestamp(max(each.last for each in found)).astimezone()
        when = f"{last:%H:%M}" if last.date() == datetime.now().astimezone().date() else f"{last:%Y-%m-%d %H:%M}"
        answer = self._ask(about_recovery(sum(each.steps for each in found), len(records) - films, when, films))
        if answer is Answer.RESTORE:
            self._restore(found, session)
        elif answer is Answer.DISCARD:
            self._jobs.start(once(lambda: _remove(found)), name="remove journals")
        self.done.emit(answer is Answer.RESTORE)

    def _restore(self, found: Sequence[Recovered], session: Session) -> None:
        # The newest state of a picture that is in several.
        records = {key: record for each in found for key, record in each.records.items()}
        project = next((each.project for each in reversed(found) if each.project is not None), None)

        def take() -> tuple[Entry, ...]:
            entries = self._take(records)
            self._forget_when_safe(found)
            return entries

        if project is not None and project.is_file():
            self._projects.open(project, lambda: self._show(take(), session.current))
        elif session.paths:
            # They are on the shelf before the others come, so that each is opened with what was done on it.
            entries = take()
            self._session.restore(lambda: self._show(entries, session.current))
        else:
            self._show(take(), session.current)

    def _take(self, records: dict[str, Record]) -> tuple[Entry, ...]:
        """Put records in place of what is known of their pictures; they are in no file. Return their entries."""
        by_file = {entry.address: entry.key for entry in self._workspace.entries if entry.file}
        pictures = keyed(records.values(), Path())
        known = {by_file.get(each.key, each.key): each for each in pictures}
        for key in known:
            # A picture that is open shows what it shows: it makes way.
            if self._workspace.editor_of(key) is not None:
                self._workspace.close(key)
        base = None if self._shelf.has_finder else _folder_of_lost(records.values())
        self._shelf.fill({key: each.record for key, each in known.items()}, base, unsaved=True)
        self._recorder.take_shelved()
        return tuple(entry._replace(key=key) for key, entry in zip(known, entries_of(known.values()), strict=True))

    def _show(self, entries: Sequence[Entry], current: str) -> None:
        """List what is restored, and look at what was looked at, or at the first that is restored."""
        self._workspace.add(entries)
        self._workspace.show(current if self._workspace.entry(current) is not None else entries[0].key)

    def _forget_when_safe(self, found: Sequence[Recovered]) -> None:
        """Remove the old journals when the new one holds what was in them."""
        self._jobs.start(once(lambda: self._journal.write_now() and _remove(found)), name="take over journals")


def _completed(found: Recovered, kept_run: Callable[[str], KeptRun | None]) -> Recovered:
    """Put in what had come of the replies that were going on when the program ended.

    What pictures and films that are away are known by is put in as well, so that they are found elsewhere.
    """
    for record in found.records.values():
        path = path_of(record, Path())
        is_away = path is not None and not path.exists()
        for place, run in enumerate(record.get("runs", ())):
            goes_on = run.get("status") is None and not run.get("error")
            kept = kept_run(run["id"]) if goes_on or (is_away and "sha256" not in record) else None
            if kept is not None and goes_on:
                record["runs"][place] = {**run, **run_to_json(kept.run), "error": kept.run.error or BROKEN_OFF}
            digest = next((each.sha256 for each in kept.pictures if each.name == record["name"]), "") if kept else ""
            if digest and is_away:
                record["sha256"] = digest
    return found


def _folder_of_lost(records: Iterable[Record]) -> Path | None:
    """Return the folder below which to look for what is not where it was; None where all is."""
    for record in records:
        path = path_of(record, Path())
        if path is not None and not path.exists():
            return next((folder for folder in path.parents if folder.is_dir()), None)
    return None


def _remove(found: Sequence[Recovered]) -> bool:
    for each in found:
        each.journal.unlink(missing_ok=True)
    return True
