"""What was opened lately, and what was open at the end."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from qwvis_desktop.core.media.frame_folder import from_film_address
from qwvis_desktop.core.media.write import WriteError
from qwvis_desktop.core.settings import Settings
from qwvis_desktop.core.store.session import Session, load_session, save_session, shortened
from qwvis_desktop.ui.actions import Actions
from qwvis_desktop.ui.controllers.workspace import Entry, Workspace
from qwvis_desktop.ui.jobs import JobRunner, once

MOST_RECENT = 12
"""Entries of the menu of what was opened lately."""

MENU = "file.recent"

KEEP_MS = 1000
"""How long after something is open and looked at that is kept: a program that dies of it does not open it again."""


class SessionController(QObject):
    """Keeps the menu of recent files and the session.

    It is kept while the program runs, as a crash comes unasked.

    Signals:
        wanted(list, str, function): these paths are to be opened, and the entry with this key looked at (empty: the
            first); the function is to be called when they are in the list.

    Args:
        file: where the session is kept.
        settings: gives the settings.
        update: changes them.
        project: gives the file of the project that is open.
    """

    wanted = Signal(object, str, object)

    def __init__(
        self,
        *,
        workspace: Workspace,
        actions: Actions,
        jobs: JobRunner,
        file: Path,
        settings: Callable[[], Settings],
        update: Callable[..., object],
        project: Callable[[], Path | None],
    ) -> None:
        super().__init__(workspace)
        self._workspace = workspace
        self._actions = actions
        self._jobs = jobs
        self._file = file
        self._settings = settings
        self._update = update
        self._project = project
        self._lock = threading.Lock()
        self._number = 0
        self._kept: _Kept | None = None
        self._soon = QTimer(self, singleShot=True, interval=KEEP_MS)
        self._soon.timeout.connect(self._keep_behind)
        workspace.entries_changed.connect(self._forget)
        workspace.current_changed.connect(self._soon.start)
        actions.listed_chosen.connect(self._open_recent)
        self._show()

    @property
    def last(self) -> Session:
        """What was open when the program ended before; an empty one where that is not to be opened again."""
        return load_session(self._file) if self._settings().session else Session()

    def opened(self, paths: Iterable[Path]) -> None:
        """Remember that these were opened, the first one as the latest."""
        new = [str(path.absolute()) for path in paths][:MOST_RECENT]
        if new:
            recent = tuple(dict.fromkeys((*new, *self._settings().recent)))[:MOST_RECENT]
            self._update(recent=recent)
            self._show()

    def restore(self, then: Callable[[], object] = lambda: None) -> None:
        """Open what was open at the end, where that is wished and still there; then do ``then``."""
        session = self.last
        paths = [Path(session.project)] if session.project else [Path(path) for path in session.paths]
        there = [path for path in paths if Path(from_film_address(str(path))[0]).exists()]
        if there:
            # It is kept again when it is open: what the program dies of is not opened at each start.
            with suppress(OSError):
                self._file.unlink()
            self.wanted.emit(there, session.current, then)
        else:
            then()

    def keep(self) -> None:
        """Keep what is open now; from here on nothing of it changes any more."""
        self._soon.blockSignals(True)
        self._work()()

    def _keep_behind(self) -> None:
        current = self._workspace.current
        if current is not None and self._workspace.editor is None and not current.problem:
            self._soon.start()  # it is being opened, however long that takes
        else:
            self._jobs.start(once(self._work()), name="keep session")

    def _work(self) -> Callable[[], None]:
        """Return what writes the session as it is now, for any thread; it does not where there is a later one."""
        entries, current, project = self._workspace.entries, self._workspace.current, self._project()
        kept = self._kept = self._kept or _Kept(entries)
        self._number += 1
        number = self._number

        def work() -> None:
            with self._lock:
                if number == self._number:
                    _write(self._file, () if project is not None else kept.words, current, project)

        return work

    def _forget(self) -> None:
        self._kept = None
        self._soon.start()

    def _open_recent(self, menu: str, path: str) -> None:
        if menu == MENU:
            self.wanted.emit([Path(path)], "", lambda: None)

    def _show(self) -> None:
        self._actions.set_listed(MENU, [(path, _short(path)) for path in self._settings().recent])


class _Kept:
    """What opens these entries again; of many it is made once, and not with each picture that is looked at."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._entries = entries

    @cached_property
    def words(self) -> tuple[str, ...]:
        return shortened(dict.fromkeys(entry.word for entry in self._entries if entry.file))  # once for all its pages


def _write(file: Path, files: tuple[str, ...], current: Entry | None, project: Path | None) -> None:
    try:
        save_session(file, Session(str(project or ""), files, current.key if current is not None else ""))
    except (OSError, WriteError):
        return  # the next start begins empty: no work of anybody's is lost


def _short(path: str) -> str:
    """Return a path as a menu has room for: its name, and the folder it is in."""
    return f"{Path(path).name}  ({Path(path).parent})"
