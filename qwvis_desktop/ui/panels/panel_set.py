"""``Panels``: the panels round the canvas, together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any, get_type_hints

from PySide6.QtWidgets import QWidget

from qwvis_desktop.ui.panels.asking.series_bar import SeriesBar
from qwvis_desktop.ui.panels.film.timeline import TimelinePanel
from qwvis_desktop.ui.panels.first_panels import FirstPanels
from qwvis_desktop.ui.panels.history import HistoryPanel
from qwvis_desktop.ui.panels.object_fields import ObjectFields
from qwvis_desktop.ui.panels.page.fields_panel import FieldsPanel
from qwvis_desktop.ui.panels.page.page_panel import PagePanel
from qwvis_desktop.ui.panels.review import ReviewPanel
from qwvis_desktop.ui.panels.space.camera import CameraPanel
from qwvis_desktop.ui.panels.space.cuboid_fields import CuboidFields
from qwvis_desktop.ui.panels.space.orbit_view import OrbitView
from qwvis_desktop.ui.panels.space.plan_view import PlanView
from qwvis_desktop.ui.panels.steps import StepsPanel
from qwvis_desktop.ui.panels.text.correction_bar import CorrectionBar
from qwvis_desktop.ui.panels.text.find_bar import FindBar


@dataclass(frozen=True, slots=True)
class Panels(FirstPanels):
    """The panels round the canvas: those that are seen at first, and those that wait behind them or are closed."""

    camera: CameraPanel
    cuboid: CuboidFields
    plan: PlanView
    orbit: OrbitView
    object: ObjectFields
    review: ReviewPanel
    steps: StepsPanel
    find_bar: FindBar
    correction: CorrectionBar
    history: HistoryPanel
    document: PagePanel
    fields: FieldsPanel
    timeline: TimelinePanel
    series_bar: SeriesBar

    def docked(self) -> dict[str, QWidget]:
        """Return those that are not seen at first, by the names of their docks."""
        return {
            "steps": self.steps,
            "object": self.object,
            "review": self.review,
            "camera": self.camera,
            "cuboid": self.cuboid,
            "plan": self.plan,
            "orbit": self.orbit,
            "history": self.history,
            "document": self.document,
            "fields": self.fields,
            "timeline": self.timeline,
        }


def panels_round(first: FirstPanels) -> Iterator[Panels | None]:
    """Make the others one by one, each a step that yields None; the last step yields all, with ``first`` completed."""
    made: dict[str, Any] = {each.name: getattr(first, each.name) for each in fields(first)}
    for name, kind in get_type_hints(Panels).items():
        if name not in made:
            made[name] = kind()
            yield None
    first.reply.complete()
    yield Panels(**made)
