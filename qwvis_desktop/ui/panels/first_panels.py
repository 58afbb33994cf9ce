"""``FirstPanels``: the panels that decide how the window looks when it opens for the first time."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from qwvis_desktop.ui.panels.annotations import AnnotationPanel
from qwvis_desktop.ui.panels.asking.prompt import PromptPanel
from qwvis_desktop.ui.panels.asking.run_bar import RunBar
from qwvis_desktop.ui.panels.evidence import EvidencePanel
from qwvis_desktop.ui.panels.filmstrip import Filmstrip
from qwvis_desktop.ui.panels.replies.reply import ReplyPanel
from qwvis_desktop.ui.panels.status_bar import StatusBar
from qwvis_desktop.ui.panels.text.text_panel import TextPanel


@dataclass(frozen=True, slots=True)
class FirstPanels:
    """The panels that are seen at first, and the one behind them that decides how wide their column is.

    ``Panels`` are all of them.
    """

    prompt: PromptPanel
    filmstrip: Filmstrip
    reply: ReplyPanel
    annotations: AnnotationPanel
    evidence: EvidencePanel
    texts: TextPanel
    run_bar: RunBar
    status_bar: StatusBar

    def docked(self) -> dict[str, QWidget]:
        """Return what stands in docks, by their names."""
        return {
            "prompt": self.prompt,
            "pictures": self.filmstrip,
            "annotations": self.annotations,
            "evidence": self.evidence,
            "reply": self.reply,
            "text": self.texts,
        }

    @classmethod
    def new(cls) -> FirstPanels:
        """Return new panels."""
        return FirstPanels(
            prompt=PromptPanel(),
            filmstrip=Filmstrip(),
            reply=ReplyPanel(),
            annotations=AnnotationPanel(),
            evidence=EvidencePanel(),
            texts=TextPanel(),
            run_bar=RunBar(),
            status_bar=StatusBar(),
        )
