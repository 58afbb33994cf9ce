"""``TextSet``: the controllers of recognised text, together."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from qwvis_desktop.ui.actions import Actions
from qwvis_desktop.ui.canvas.view import CanvasView
from qwvis_desktop.ui.controllers.text.correction_controller import CorrectionController
from qwvis_desktop.ui.controllers.text.find_controller import FindController
from qwvis_desktop.ui.controllers.text.text_controller import TextController
from qwvis_desktop.ui.controllers.workspace import Workspace
from qwvis_desktop.ui.jobs import JobRunner
from qwvis_desktop.ui.panels.panel_set import Panels


class TextSet(QObject):
    """Makes the controllers of recognised text and speaks for them.

    Signals:
        said(str): what was done, where one does not see it.
    """

    said = Signal(str)

    def __init__(
        self, *, canvas: CanvasView, panels: Panels, actions: Actions, workspace: Workspace, jobs: JobRunner
    ) -> None:
        super().__init__(workspace)
        self.texts = TextController(panels.texts, canvas, actions, workspace)
        self.finding = FindController(panels.find_bar, canvas, workspace, jobs)
        self.correcting = CorrectionController(panels.correction, panels.texts, canvas, workspace)
        for controller in (self.texts, self.correcting):
            controller.said.connect(self.said)

    def does(self) -> dict[str, Callable[[], object]]:
        """Return what the actions do, by their ids."""
        return {**self.texts.does(), **self.finding.does(), **self.correcting.does()}
