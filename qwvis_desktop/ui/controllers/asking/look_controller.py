"""Closer looks: shown as frames on the canvas and as steps of the answer."""

from __future__ import annotations

from PySide6.QtCore import QObject

from qwvis_desktop.ui.canvas.painting.look_frames import LookFrames
from qwvis_desktop.ui.canvas.view import CanvasView
from qwvis_desktop.ui.controllers.asking.inference_controller import ActiveRun, InferenceController
from qwvis_desktop.ui.controllers.workspace import Workspace
from qwvis_desktop.ui.panels.replies.reply import ReplyPanel
from qwvis_desktop.ui.panels.words import look_words


class LookController(QObject):
    """Shows the looks of the run that the reply panel shows."""

    def __init__(
        self, *, canvas: CanvasView, reply: ReplyPanel, workspace: Workspace, inference: InferenceController
    ) -> None:
        super().__init__(workspace)
        self.frames = LookFrames(canvas)
        self._reply = reply
        self._workspace = workspace
        reply.run_chosen.connect(lambda _run: self.show())
        inference.looked.connect(self._looked)

    def show(self) -> None:
        """Show what was looked at in the run that is shown."""
        editor = self._workspace.editor
        run = editor.document.runs.get(self._reply.run) if editor is not None else None
        self.frames.set_frames([look.frame.crop for look in run.looks] if run is not None else [])

    def _looked(self, active: ActiveRun) -> None:
        if active.run.id == self._reply.run:
            number = len(active.run.looks)
            self._reply.answer.append_step(look_words(number, active.run.looks[-1].label))
            self.show()
