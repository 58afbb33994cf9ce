"""Documents with pages: their passwords, and the way from page to page."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from qwvis_desktop.core.media.image import MediaError, PasswordNeeded
from qwvis_desktop.core.media.pages import unlock
from qwvis_desktop.ui.actions import Actions
from qwvis_desktop.ui.controllers.media_controller import MediaController
from qwvis_desktop.ui.controllers.workspace import Entry, Workspace
from qwvis_desktop.ui.jobs import JobRunner, once
from qwvis_desktop.ui.panels.filmstrip import Filmstrip


class PageController(QObject):
    """Asks for passwords and goes to pages.

    Signals:
        problem(str): a document cannot be opened; a sentence for people.
    """

    problem = Signal(str)

    def __init__(
        self,
        window: QWidget,
        workspace: Workspace,
        actions: Actions,
        *,
        filmstrip: Filmstrip,
        media: MediaController,
        jobs: JobRunner,
    ) -> None:
        super().__init__(workspace)
        self._window = window
        self._workspace = workspace
        self._actions = actions
        self._filmstrip = filmstrip
        self._media = media
        self._jobs = jobs
        self._asking: set[Path] = set()
        media.locked.connect(self._ask_password)
        workspace.current_changed.connect(self._show)
        workspace.entries_changed.connect(self._show)

    def go_to_page(self) -> None:
        """Let the user choose a page of the current document to look at."""
        from qwvis_desktop.ui.panels.dialogs.page_dialogs import GoToPageDialog  # not for the start

        current = self._workspace.current
        pages = self.pages_of_current()
        if current is None or len(pages) < 2:
            return
        dialog = GoToPageDialog(current.page, max(pages), self._window)
        if dialog.exec():
            self.show_page(dialog.page)
        dialog.deleteLater()

    def ask_for_pages(self) -> None:
        """Let the user choose pages of the current document, which are then selected in the list."""
        from qwvis_desktop.ui.panels.dialogs.page_dialogs import SelectPagesDialog  # not for the start

        pages = self.pages_of_current()
        if len(pages) < 2:
            return
        dialog = SelectPagesDialog(max(pages), self._window)
        if dialog.exec():
            self.select_pages(dialog.pages)
        dialog.deleteLater()

    def select_pages(self, numbers: Iterable[int]) -> None:
        """Select pages of the current document, and look at the first of them."""
        pages = self.pages_of_current()
        keys = [pages[number].key for number in numbers if number in pages]
        if keys:
            self._workspace.show(keys[0])
            self._filmstrip.select(keys)

    def show_page(self, page: int) -> bool:
        """Look at a page of the current document; say whether it has one of this number that is open."""
        entry = self.pages_of_current().get(page)
        if entry is not None:
            self._workspace.show(entry.key)
        return entry is not None

    def pages_of_current(self) -> dict[int, Entry]:
        """Return the open pages of the document that is looked at, by their numbers; none where it is no document."""
        current = self._workspace.current
        if current is None or not current.page:
            return {}
        return {entry.page: entry for entry in self._workspace.entries if entry.file == current.file and entry.page}

    def _show(self) -> None:
        current = self._workspace.current
        for action in ("view.go_to_page", "view.select_pages"):
            self._actions.set_enabled(action, current is not None and bool(current.page))

    def _ask_password(self, key: str, error: PasswordNeeded) -> None:
        """Ask for the password of a document, once for all its pages."""
        from qwvis_desktop.ui.panels.dialogs.page_dialogs import PasswordDialog  # not for the start

        path, entry = error.path, self._workspace.entry(key)
        if path is None or entry is None or path in self._asking:
            return
        self._asking.add(path)
        dialog = PasswordDialog(path.name, wrong=error.wrong, parent=self._window)
        dialog.accepted.connect(lambda: self._try(entry.file, path, dialog.password))
        dialog.rejected.connect(lambda: self.problem.emit(str(error)))
        dialog.finished.connect(lambda _: self._asking.discard(path))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _try(self, file: str, path: Path, password: str) -> None:
        def told(right: bool) -> None:
            if right:
                self._open_again(file)
            else:
                key = next((entry.key for entry in self._workspace.entries if entry.file == file), "")
                sentence = self.tr('"{name}" is encrypted, and that is not its password.')
                self._ask_password(key, PasswordNeeded(sentence.replace("{name}", path.name), path, wrong=True))

        self._jobs.start(
            once(lambda: unlock(path, password)),
            name="unlock document",
            on_events=lambda outcome: told(outcome[0]),
            on_failed=self._not_opened,
        )

    def _not_opened(self, error: Exception) -> None:
        if not isinstance(error, MediaError):
            raise error
        self.problem.emit(str(error))

    def _open_again(self, file: str) -> None:
        """Open the pages of a document that could not be read before."""
        held = [entry for entry in self._workspace.entries if entry.file == file]
        whole = [entry for entry in held if not entry.page]
        if whole or not held:
            self._media.open_paths([Path(file)])
        for entry in held:
            if entry in whole:
                self._workspace.close(entry.key)
            elif entry.problem:
                self._workspace.set_problem(entry.key, "")
                self._media.prepare(entry)
