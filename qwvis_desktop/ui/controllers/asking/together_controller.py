"""One request about several pictures: those that are selected in the list of pictures, in the order shown there."""

from __future__ import annotations

from PySide6.QtCore import QObject

from qwvis_desktop.core.chat import MOST_PICTURES, several_refusal
from qwvis_desktop.ui.actions import Actions
from qwvis_desktop.ui.controllers.asking.run_controller import RunController
from qwvis_desktop.ui.controllers.media_controller import MediaController
from qwvis_desktop.ui.controllers.workspace import Workspace
from qwvis_desktop.ui.panels.panel_set import Panels


class TogetherController(QObject):
    """Opens the selected pictures that were not looked at yet, and asks about all of them at once.

    Why nothing is asked is told as other problems with pictures are, by ``media``.
    """

    def __init__(
        self,
        panels: Panels,
        workspace: Workspace,
        actions: Actions,
        *,
        media: MediaController,
        runs: RunController,
    ) -> None:
        super().__init__(workspace)
        self._filmstrip = filmstrip = panels.filmstrip
        self._workspace = workspace
        self._media = media
        self._runs = runs
        self._actions = actions
        self._wanted: tuple[str, ...] = ()
        filmstrip.selection_changed.connect(self._show)
        filmstrip.together_requested.connect(self.run)
        media.opened.connect(self._opened)
        workspace.entries_changed.connect(self._opened)
        self._show()

    def run(self) -> None:
        """Ask what the prompt panel says about the selected pictures."""
        keys = self._filmstrip.selected
        # How many go into one request is said with the other limits, with a button that sends the first of them.
        refusal = several_refusal(self._runs.task, min(len(keys), MOST_PICTURES))
        if refusal:
            self._media.problem.emit(refusal)
            return
        closed = [
            entry
            for key in keys
            if (entry := self._workspace.entry(key)) is not None and self._workspace.editor_of(key) is None
        ]
        self._wanted = keys
        for entry in closed:
            self._media.prepare(entry)
        if not closed:
            self._ask()

    def _opened(self) -> None:
        """Ask once all pictures are open; give up where one cannot be: why was said already."""
        entries = [self._workspace.entry(key) for key in self._wanted]
        if any(entry is None or entry.problem for entry in entries):
            self._wanted = ()
        self._ask()

    def _ask(self) -> None:
        editors = [self._workspace.editor_of(key) for key in self._wanted]
        ready = [editor for editor in editors if editor is not None]
        if ready and len(ready) == len(editors):
            self._wanted = ()
            self._runs.run_for(ready)

    def _show(self) -> None:
        self._actions.set_enabled("run.together", len(self._filmstrip.selected) > 1)
