"""Mentions of pages in answers: which page each means, and the way there."""

from __future__ import annotations

from PySide6.QtCore import QObject

from qwvis_desktop.core.page_references import IMAGE, PAGE
from qwvis_desktop.ui.controllers.asking.inference_controller import ActiveRun, InferenceController
from qwvis_desktop.ui.controllers.workspace import Workspace
from qwvis_desktop.ui.panels.replies.page_links import Place
from qwvis_desktop.ui.panels.replies.reply import ReplyPanel


class LinkController(QObject):
    """Tells the answer what its numbers of pages and pictures mean.

    "Image 2" is the second picture of the request; "page 5" is that page of the document that was asked about.
    """

    def __init__(self, reply: ReplyPanel, workspace: Workspace, inference: InferenceController) -> None:
        super().__init__(workspace)
        self._reply = reply
        self._workspace = workspace
        reply.run_chosen.connect(lambda _run: self._tell())
        reply.answer.text.place_requested.connect(workspace.show)
        inference.ended.connect(self._ended)

    def _ended(self, active: ActiveRun) -> None:
        if active.run.id == self._reply.run:
            self._tell()

    def _tell(self) -> None:
        self._reply.answer.text.set_places(self.places(self._reply.run))

    def places(self, run: str) -> dict[tuple[str, int], Place]:
        """Return what numbers in the answer of a run of the current picture mean."""
        current, editor = self._workspace.current, self._workspace.editor
        known = editor.document.runs.get(run) if editor is not None else None
        if current is None or known is None:
            return {}
        places: dict[tuple[str, int], Place] = {}
        if current.page:
            for entry in self._workspace.entries:
                if entry.file == current.file and entry.page:
                    places[PAGE, entry.page] = Place(entry.key, entry.name)
        for entry in self._workspace.entries if known.frames else ():
            other = self._workspace.editor_of(entry.key)
            held = other.document.runs.get(run) if other is not None else None
            if held is not None:
                places[IMAGE, held.image + 1] = Place(entry.key, entry.name)
        return places
