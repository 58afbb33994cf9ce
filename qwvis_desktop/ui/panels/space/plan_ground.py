"""``PlanGround``: the plan as it is drawn: which piece of ground is seen, what is under a place of it."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter, QResizeEvent
from PySide6.QtWidgets import QWidget

from qwvis_desktop.core.geometry import Point
from qwvis_desktop.ui.panels.space.plan_map import PlanMap, metres
from qwvis_desktop.ui.panels.space.plan_painter import HANDLE, PlanMarks, PlanPainter, beyond, fitting, on_view
from qwvis_desktop.ui.panels.space.space_strokes import Inks
from qwvis_desktop.ui.panels.space.space_surface import SpaceSurface, inside, small

REACH = HANDLE + 4.0
"""Units of the widget within which a handle, or a cuboid too small to hit, is met."""


class PlanGround(SpaceSurface):
    """The plan, which can be moved and zoomed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._plan = PlanMap(float(self.width()), float(self.height()))
        self._measuring = False
        self._measured: tuple[Point, Point] | None = None

    @property
    def measuring(self) -> bool:
        """Whether dragging measures."""
        return self._measuring

    @property
    def measured(self) -> float | None:
        """What was measured last, in metres."""
        return None if self._measured is None else math.dist(*self._measured)

    @property
    def beyond(self) -> str:
        """A sentence on far cuboids that are not seen; empty where there are none."""
        return "" if self.is_empty else beyond(self.scene, self._plan)

    # Where the ground lies

    @property
    def plan(self) -> PlanMap:
        """Where the ground lies on the view."""
        return self._plan

    def set_plan(self, plan: PlanMap) -> None:
        """Show another piece of ground."""
        self._fitted = False
        self._plan = plan
        self._tell()

    def fit(self, everything: bool = False) -> None:
        """Show the camera and all cuboids but those far beyond the others, or ``everything``."""
        width, height = float(self.width()), float(self.height())
        self._plan = PlanMap(width, height) if self.is_empty else fitting(self.scene, width, height, everything)
        self._fitted = not everything
        self._tell()

    def zoom(self, factor: float, anchor: QPointF | None = None) -> None:
        """Zoom round a place of the widget, its middle where none is given."""
        place = anchor if anchor is not None else QPointF(self.width() / 2, self.height() / 2)
        self.set_plan(self._plan.zoomed(factor, Point(place.x(), place.y())))

    def reveal(self, place: int) -> None:
        """Bring a cuboid into view, without another scale."""
        x, _, z = self.scene.centers[place].tolist()
        plan = self._plan.with_in_view(Point(x, z), 40.0)
        if plan != self._plan:
            self.set_plan(plan)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the plan fitted, or what is in the middle there."""
        super().resizeEvent(event)
        self._plan = self._plan.sized(float(self.width()), float(self.height()))
        if self._fitted:
            self.fit()

    # Drawing

    def paint_scene(self, painter: QPainter) -> None:
        """Draw the plan."""
        assert self.editor is not None
        document = self.editor.document
        painter.setFont(small(self.font()))
        marks = PlanMarks(
            selected=self.selected, hovered=self.hovered, handles=not self._measuring, measured=self._measured_words()
        )
        inks = Inks.of(self.palette())
        PlanPainter(inks, self.chips(), document.camera, document.size, marks).paint(painter, self.scene, self._plan)

    def _measured_words(self) -> tuple[Point, Point, str] | None:
        if self._measured is None:
            return None
        return *self._measured, metres(math.dist(*self._measured))

    def place_at(self, place: Point) -> int | None:
        """Return the smallest cuboid under a place of the widget."""
        found = self._places_at(place)
        return found[0] if found else None

    def _places_at(self, place: Point) -> list[int]:
        """Return all under a place of the widget, the smallest first; those too small to hit reach some units out."""
        import numpy as np

        if self.is_empty:
            return []
        outlines = on_view(self.scene.footprints, self._plan)
        middles = outlines.mean(axis=1)
        near = np.hypot(*(middles - np.array(place)).T) <= REACH / 2
        spans = np.hypot(*(outlines[:, 2] - outlines[:, 0]).T)
        found = np.nonzero(near | inside(outlines, place))[0]
        ordered: list[int] = found[np.argsort(spans[found], kind="stable")].tolist()
        return ordered
