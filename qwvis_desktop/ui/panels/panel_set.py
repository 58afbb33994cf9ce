"""``Panels``: the panels round the canvas, together."""

from __future__ import annotations

from dataclasses import dataclass

from qwvis_desktop.ui.panels.annotations import AnnotationPanel
from qwvis_desktop.ui.panels.asking.prompt import PromptPanel
from qwvis_desktop.ui.panels.asking.run_bar import RunBar
from qwvis_desktop.ui.panels.asking.series_bar import SeriesBar
from qwvis_desktop.ui.panels.evidence import EvidencePanel
from qwvis_desktop.ui.panels.film.timeline import TimelinePanel
from qwvis_desktop.ui.panels.filmstrip import Filmstrip
from qwvis_desktop.ui.panels.history import HistoryPanel
from qwvis_desktop.ui.panels.object_fields import ObjectFields
from qwvis_desktop.ui.panels.page.fields_panel import FieldsPanel
from qwvis_desktop.ui.panels.page.page_panel import PagePanel
from qwvis_desktop.ui.panels.replies.reply import ReplyPanel
from qwvis_desktop.ui.panels.review import ReviewPanel
from qwvis_desktop.ui.panels.space.camera import CameraPanel
from qwvis_desktop.ui.panels.space.cuboid_fields import CuboidFields
from qwvis_desktop.ui.panels.space.orbit_view import OrbitView
from qwvis_desktop.ui.panels.space.plan_view import PlanView
from qwvis_desktop.ui.panels.status_bar import StatusBar
from qwvis_desktop.ui.panels.steps import StepsPanel
from qwvis_desktop.ui.panels.text.correction_bar import CorrectionBar
from qwvis_desktop.ui.panels.text.find_bar import FindBar
from qwvis_desktop.ui.panels.text.text_panel import TextPanel


@dataclass(frozen=True, slots=True)
class Panels:
    """The panels round the canvas."""

    prompt: PromptPanel
    filmstrip: Filmstrip
    reply: ReplyPanel
    annotations: AnnotationPanel
    evidence: EvidencePanel
    camera: CameraPanel
    cuboid: CuboidFields
    plan: PlanView
    orbit: OrbitView
    object: ObjectFields
    review: ReviewPanel
    steps: StepsPanel
    texts: TextPanel
    find_bar: FindBar
    correction: CorrectionBar
    history: HistoryPanel
    document: PagePanel
    fields: FieldsPanel
    timeline: TimelinePanel
    run_bar: RunBar
    series_bar: SeriesBar
    status_bar: StatusBar

    @classmethod
    def made(cls) -> Panels:
        """Return new panels."""
        return cls(
            prompt=PromptPanel(),
            filmstrip=Filmstrip(),
            reply=ReplyPanel(),
            annotations=AnnotationPanel(),
            evidence=EvidencePanel(),
            camera=CameraPanel(),
            cuboid=CuboidFields(),
            plan=PlanView(),
            orbit=OrbitView(),
            object=ObjectFields(),
            review=ReviewPanel(),
            steps=StepsPanel(),
            texts=TextPanel(),
            find_bar=FindBar(),
            correction=CorrectionBar(),
            history=HistoryPanel(),
            document=PagePanel(),
            fields=FieldsPanel(),
            timeline=TimelinePanel(),
            run_bar=RunBar(),
            series_bar=SeriesBar(),
            status_bar=StatusBar(),
        )
