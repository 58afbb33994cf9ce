"""What was opened lately, and what was open at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from qwvis_desktop.core.media.frame_folder import from_film_address
from qwvis_desktop.core.media.write import WriteError
from qwvis_desktop.core.settings import Settings
from qwvis_desktop.core.store.session import Session, load_session, save_session, shortened
from qwvis_desktop.ui.actions import Actions
from qwvis_desktop.ui.controllers.workspace import Workspace

MOST_RECENT = 12
"""Entries of the menu of what was opened lately."""

MENU = "file.recent"


class SessionController(QObject):
    """Keeps the menu of recent files and the session.

    Signals:
        wanted(list, str): these paths are to be opened, and the picture with this path looked at (empty: the first).

    Args:
        file: where the session is kept.
        settings: gives the settings.
        update: changes them.
        project: gives the file of the project that is open.
    """

    wanted = Signal(object, str)

    def __init__(
        self,
        *,
        workspace: Workspace,
        actions: Actions,
        file: Path,
        settings: Callable[[], Settings],
        update: Callable[..., object],
        project: Callable[[], Path | None],
    ) -> None:
        super().__init__(workspace)
        self._workspace = workspace
        self._actions = actions
        self._file = file
        self._settings = settings
        self._update = update
        self._project = project
        actions.listed_chosen.connect(self._open_recent)
        self._show()

    def opened(self, paths: Iterable[Path]) -> None:
        """Remember that these were opened, the first one as the latest."""
        new = [str(path.absolute()) for path in paths][:MOST_RECENT]
        if new:
            recent = tuple(dict.fromkeys((*new, *self._settings().recent)))[:MOST_RECENT]
            self._update(recent=recent)
            self._show()

    def restore(self) -> None:
        """Open what was open at the end, where that is wished and still there."""
        if not self._settings().session:
            return
        session = load_session(self._file)
        paths = [Path(session.project)] if session.project else [Path(path) for path in session.paths]
        there = [path for path in paths if Path(from_film_address(str(path))[0]).exists()]
        if there:
            self.wanted.emit(there, session.current)

    def keep(self) -> None:
        """Keep what is open now."""
        project, current = self._project(), self._workspace.current
        opened = dict.fromkeys(entry.word for entry in self._workspace.entries if entry.file)  # once for all its pages
        files = () if project is not None else shortened(opened)
        look = current.address if current is not None and project is None else ""
        try:
            save_session(self._file, Session(str(project or ""), files, look))
        except (OSError, WriteError):
            return  # the next start begins empty; there is nobody to tell any more

    def _open_recent(self, menu: str, path: str) -> None:
        if menu == MENU:
            self.wanted.emit([Path(path)], "")

    def _show(self) -> None:
        self._actions.set_listed(MENU, [(path, _short(path)) for path in self._settings().recent])


def _short(path: str) -> str:
    """Return a path as a menu has room for: its name, and the folder it is in."""
    return f"{Path(path).name}  ({Path(path).parent})"
