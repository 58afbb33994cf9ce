"""``EditingSet``: the controllers of editing, together."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from qwvis_desktop.ui.actions import Actions
from qwvis_desktop.ui.canvas.view import CanvasView
from qwvis_desktop.ui.controllers.asking.service_controller import ServiceController
from qwvis_desktop.ui.controllers.command_controller import CommandController
from qwvis_desktop.ui.controllers.editing.clip_controller import ClipController
from qwvis_desktop.ui.controllers.editing.draw_controller import DrawController
from qwvis_desktop.ui.controllers.editing.edit_controller import EditController
from qwvis_desktop.ui.controllers.editing.menu_controller import MenuController
from qwvis_desktop.ui.controllers.editing.review_controller import ReviewController
from qwvis_desktop.ui.controllers.text.text_set import TextSet
from qwvis_desktop.ui.controllers.workspace import Workspace
from qwvis_desktop.ui.jobs import JobRunner
from qwvis_desktop.ui.panels.panel_set import Panels


class EditingSet(QObject):
    """Makes the controllers of editing and speaks for them.

    Signals:
        problem(str): something could not be done; a sentence for people.
        said(str): what was done, where one does not see it.
    """

    problem = Signal(str)
    said = Signal(str)

    def __init__(
        self,
        *,
        window: QWidget,
        canvas: CanvasView,
        panels: Panels,
        actions: Actions,
        workspace: Workspace,
        services: ServiceController,
        jobs: JobRunner,
    ) -> None:
        super().__init__(window)
        self.edits = EditController(
            window=window, canvas=canvas, actions=actions, workspace=workspace, services=services, jobs=jobs
        )
        self.draws = DrawController(canvas, panels.status_bar.showMessage)
        self.clips = ClipController(workspace)
        self.reviews = ReviewController(panels.review, canvas, workspace)
        self.texts = TextSet(canvas=canvas, panels=panels, actions=actions, workspace=workspace, jobs=jobs)
        self.commands = CommandController(
            window=window, actions=actions, workspace=workspace, services=services, edits=self.edits
        )
        self.menus = MenuController(window=window, canvas=canvas, panel=panels.annotations, actions=actions)
        self._panels, self._workspace = panels, workspace
        workspace.current_changed.connect(self._show_current)
        for controller in (self.edits, self.clips):
            controller.problem.connect(self.problem)
            controller.said.connect(self.said)
        self.texts.said.connect(self.said)

    def does(self) -> dict[str, Callable[[], object]]:
        """Return what the actions do, by their ids."""
        sets = (self.edits, self.draws, self.clips, self.reviews, self.commands, self.texts)
        found = {action: does for each in sets for action, does in each.does().items()}
        return {**found, "edit.relabel": self._relabel}

    def _relabel(self) -> None:
        """Correct the text that is selected; ask for the label of anything else."""
        text = self.texts.correcting.selected_text()
        if text is not None:
            self.texts.correcting.start(text)
        else:
            self.edits.relabel()

    def _show_current(self) -> None:
        self._panels.object.show_editor(self._workspace.editor)
        self._panels.steps.show_editor(self._workspace.editor)

    def paste(self) -> bool:
        """Paste annotations where the clipboard holds some; say whether it does."""
        return self.clips.paste()
