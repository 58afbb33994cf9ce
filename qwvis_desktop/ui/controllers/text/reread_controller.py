"""Reading texts again: the part of the picture round each is sent, and what comes back is proposed beside the text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from qwvis_desktop.core.annotation import TextRegion
from qwvis_desktop.core.inference_request import InferenceRequest
from qwvis_desktop.core.proposal import part_to_send, proposal_of
from qwvis_desktop.core.tasks import TASKS
from qwvis_desktop.core.text.flow import texts_of
from qwvis_desktop.ui.controllers.asking.inference_controller import ActiveRun, InferenceController, RunPhase
from qwvis_desktop.ui.controllers.asking.request_maker import RequestMaker
from qwvis_desktop.ui.controllers.text.correction_controller import CorrectionController
from qwvis_desktop.ui.controllers.workspace import Workspace
from qwvis_desktop.ui.editor import DocumentEditor

_READING = ("spot-text", "read-text", "ocr:advanced_recognition", "ocr:text_recognition", "ocr:multi_lan")
"""Tasks that read: the chosen one of these is asked; else the first."""


class RereadController(QObject):
    """Asks the chosen service about one text after the other, through the gate that all requests pass.

    Signals:
        said(str): what was done, where one does not see it.
    """

    said = Signal(str)

    def __init__(
        self,
        *,
        correcting: CorrectionController,
        workspace: Workspace,
        inference: InferenceController,
        requests: RequestMaker,
    ) -> None:
        super().__init__(workspace)
        self._correcting, self._workspace = correcting, workspace
        self._inference, self._requests = inference, requests
        self._waiting: list[str] = []
        self._editor: DocumentEditor | None = None
        self._asked: tuple[ActiveRun, str] | None = None
        inference.ended.connect(self._take)
        workspace.current_changed.connect(self._forget)

    def does(self) -> dict[str, Callable[[], object]]:
        """Return what the actions do, by their ids."""
        return {"text.read_again": self.read_again}

    def read_again(self) -> None:
        """Read the text under edit again, or those that are selected, in their order."""
        editor = self._workspace.editor
        if editor is None:
            return
        if self._inference.is_running(editor):
            self.said.emit(self.tr("A run goes on for this picture. Wait until it ends, or stop it."))
            return
        texts = texts_of(editor.document.annotations.values())
        wanted = editor.selection if self._correcting.key is None else {self._correcting.key}
        self._waiting, self._editor = [each.id for each in texts if each.id in wanted], editor
        if not self._waiting:
            self.said.emit(self.tr("Select the texts that are to be read again."))
            return
        self._next()

    def _next(self) -> None:
        """Ask about the text that is the next, if there is one."""
        editor = self._editor
        while self._waiting and editor is not None:
            key = self._waiting.pop(0)
            region = editor.document.annotations.get(key)
            if not isinstance(region, TextRegion):
                continue
            request = self._request(editor, region)
            active = self._inference.start(editor, request, again=self._again) if request is not None else None
            self._asked = (active, key) if active is not None else None
            if active is None:
                self._waiting = []  # it was told why, and the others would be refused as well
            return

    def _again(self, _keep: int | None) -> None:
        self.read_again()

    def _request(self, editor: DocumentEditor, region: TextRegion) -> InferenceRequest | None:
        made = self._requests.request_for([editor])
        if made is None:
            return None
        task = made.task if made.task.id in _READING else TASKS[_READING[0]]
        prompt = made.prompt if task is made.task else task.prompt
        part = part_to_send(region, editor.document.size, is_engine=made.model.abilities <= {"text"})
        return replace(made, task=task, prompt=prompt, result_schema=None, links=(), crop=part)

    def _take(self, active: ActiveRun) -> None:
        """Propose what came back, and go on."""
        if self._asked is None or active is not self._asked[0]:
            return
        editor, key, self._asked = self._editor, self._asked[1], None
        region = editor.document.annotations.get(key) if editor is not None else None
        if active.phase is not RunPhase.DONE:
            self._waiting = []  # what failed is said in the run bar
            return
        if isinstance(region, TextRegion):
            proposal = proposal_of(region, active.run)
            if proposal is None:
                self.said.emit(self.tr("Nothing was read there."))
            else:
                self._correcting.propose(key, proposal, active.run.model)
        self._next()

    def _forget(self) -> None:
        self._waiting, self._asked, self._editor = [], None, None
