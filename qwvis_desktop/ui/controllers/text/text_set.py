"""``TextSet``: the controllers of recognised text, together."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from qwvis_desktop.ui.actions import Actions
from qwvis_desktop.ui.canvas.view import CanvasView
from qwvis_desktop.ui.controllers.asking.inference_controller import InferenceController
from qwvis_desktop.ui.controllers.asking.request_maker import RequestMaker
from qwvis_desktop.ui.controllers.text.correction_controller import CorrectionController
from qwvis_desktop.ui.controllers.text.find_controller import FindController
from qwvis_desktop.ui.controllers.text.piece_controller import PieceController
from qwvis_desktop.ui.controllers.text.reread_controller import RereadController
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
        self._workspace = workspace
        self.texts = TextController(panels.texts, canvas, actions, workspace)
        self.finding = FindController(panels.find_bar, canvas, workspace, jobs)
        self.correcting = CorrectionController(panels.correction, panels.texts, canvas, workspace)
        self.pieces = PieceController(self.correcting, canvas, workspace)
        self.rereading: RereadController | None = None
        for controller in (self.texts, self.correcting, self.pieces):
            controller.said.connect(self.said)

    def ask_with(self, inference: InferenceController, requests: RequestMaker) -> None:
        """Let texts be read again, by requests that are made and sent by these."""
        self.rereading = RereadController(
            correcting=self.correcting, workspace=self._workspace, inference=inference, requests=requests
        )
        self.rereading.said.connect(self.said)

    def does(self) -> dict[str, Callable[[], object]]:
        """Return what the actions do, by their ids."""
        controllers = (self.texts, self.finding, self.correcting, self.pieces)
        found = {action: does for each in controllers for action, does in each.does().items()}
        return {**found, "text.read_again": self._read_again}

    def _read_again(self) -> None:
        if self.rereading is not None:
            self.rereading.read_again()
