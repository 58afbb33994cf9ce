"""The painter of the plan: ground, camera, cuboids from above, what is measured. Screen and files share it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QRectF, Qt
from PySide6.QtGui import QPainter, QPolygonF

from qwvis_desktop.core.camera import CameraIntrinsics
from qwvis_desktop.core.geometry import Box, Point, Size
from qwvis_desktop.ui.panels.space.plan_map import PlanMap, metres, multiples, round_length, round_metres
from qwvis_desktop.ui.panels.space.space_camera import clipped
from qwvis_desktop.ui.panels.space.space_scene import SpaceScene
from qwvis_desktop.ui.panels.space.space_strokes import (
    CROWD,
    Chip,
    Chips,
    Inks,
    draw_by_color,
    draw_lines,
    draw_tag,
    draw_words,
    hairline,
    pen,
    point,
    spread,
    with_alpha,
)

if TYPE_CHECKING:  # numpy is slow to load and the window opens without it
    import numpy as np
    from numpy.typing import NDArray

GRID_CELL = 72.0
"""Units of the view that the coarse grid's lines are apart at least."""

TURN_STEM = 22.0
"""Units of the view from a footprint's front to the handle that turns it."""

NO_SIZE = Size(1, 1)

HANDLE = 4.5
"""Half the width of a handle."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanMarks:
    """What is drawn beyond the cuboids themselves.

    Attributes:
        selected: places in the scene.
        hovered: the place under the pointer.
        handles: draw handles on the selected cuboid, where there is one.
        measured: the two ends of what is measured, in metres, and the words at its middle.
    """

    selected: tuple[int, ...] = ()
    hovered: int | None = None
    handles: bool = False
    measured: tuple[Point, Point, str] | None = None


@dataclass(frozen=True, slots=True)
class Handles:
    """Where the handles of a cuboid are on the view: one on each side of its footprint, one to turn it."""

    sides: tuple[Point, ...]
    turn: Point
    front: Point

    @classmethod
    def of(cls, scene: SpaceScene, place: int, plan: PlanMap) -> Handles:
        """Return the handles of the cuboid at ``place``."""
        corners = [plan.to_view(Point(x, z)) for x, z in scene.footprints[place].tolist()]
        sides = tuple(
            Point((a.x + b.x) / 2, (a.y + b.y) / 2) for a, b in zip(corners, corners[1:] + corners[:1], strict=True)
        )
        ahead_x, ahead_z = scene.headings[place].tolist()
        front = max(sides, key=lambda side: side.x * ahead_x - side.y * ahead_z)
        return cls(sides, Point(front.x + TURN_STEM * ahead_x, front.y - TURN_STEM * ahead_z), front)


@dataclass(slots=True)
class PlanPainter:
    """Draws a plan.

    Attributes:
        inks: the colours.
        chips: the labels.
        camera: of the document, for its field of view; None draws none.
        size: of the picture, in the camera's pixels.
    """

    inks: Inks
    chips: Chips
    camera: CameraIntrinsics | None = None
    size: Size = NO_SIZE
    marks: PlanMarks = field(default_factory=PlanMarks)

    def paint(self, painter: QPainter, scene: SpaceScene, plan: PlanMap) -> None:
        """Draw all of it."""
        painter.fillRect(QRectF(0, 0, plan.width, plan.height), self.inks.ground)
        self._paint_grid(painter, plan)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_camera(painter, plan)
        self._paint_cuboids(painter, scene, plan)
        self._paint_emphasis(painter, scene, plan)
        self.chips.draw(painter, self._chips(scene, plan))
        if self.marks.handles and len(self.marks.selected) == 1:
            self._paint_handles(painter, Handles.of(scene, self.marks.selected[0], plan))
        self._paint_measured(painter, plan)
        self._paint_scale(painter, plan)

    # The ground

    def _paint_grid(self, painter: QPainter, plan: PlanMap) -> None:
        step = round_length(GRID_CELL / plan.scale)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        for length, ink in ((step / 5, self.inks.fine), (step, self.inks.coarse)):
            painter.setPen(hairline(ink))
            draw_lines(painter, _grid(plan, length))
        origin = plan.to_view(Point(0.0, 0.0))
        painter.setPen(hairline(self.inks.axis))
        painter.drawLine(point(Point(0, round(origin.y))), point(Point(plan.width, round(origin.y))))
        painter.drawLine(point(Point(round(origin.x), 0)), point(Point(round(origin.x), plan.height)))
        painter.setPen(self.inks.muted)
        painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
        for x in multiples(step, plan.ground.left, plan.ground.right):
            place = plan.to_view(Point(x, 0.0))
            if 62 < place.x < plan.width - 120:
                area = QRectF(place.x - 30, plan.height - 18, 60, 16)
                painter.drawText(area, Qt.AlignmentFlag.AlignCenter, f"{_clean(x):g}")
        for z in multiples(step, plan.ground.top, plan.ground.bottom):
            place = plan.to_view(Point(0.0, z))
            if 24 < place.y < plan.height - 28:
                painter.drawText(QRectF(4, place.y - 8, 60, 16), Qt.AlignmentFlag.AlignVCenter, f"{_clean(z):g}")
        painter.drawText(QRectF(4, 3, 60, 16), Qt.AlignmentFlag.AlignVCenter, "z, m")
        painter.drawText(QRectF(4, plan.height - 18, 60, 16), Qt.AlignmentFlag.AlignVCenter, "x, m")

    def _paint_camera(self, painter: QPainter, plan: PlanMap) -> None:
        """Draw the camera and what it sees, to beyond the upper edge of the view."""
        origin = plan.to_view(Point(0.0, 0.0))
        far = max(plan.ground.bottom, 0.0)
        if self.camera is not None and far > 0:
            left = -self.camera.cx / self.camera.fx * far
            right = (self.size.width - self.camera.cx) / self.camera.fx * far
            ends = plan.to_view(Point(left, far)), plan.to_view(Point(right, far))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(with_alpha(self.inks.accent, 16))
            painter.drawPolygon(QPolygonF([point(origin), point(ends[0]), point(ends[1])]))
            painter.setPen(pen(with_alpha(self.inks.accent, 150), 1, Qt.PenStyle.DashLine))
            for end in ends:
                painter.drawLine(point(origin), point(end))
        painter.setPen(pen(self.inks.ground, 1))
        painter.setBrush(self.inks.accent)
        lens = [Point(origin.x - 7, origin.y - 11), Point(origin.x + 7, origin.y - 11), origin]
        painter.drawPolygon(QPolygonF([point(corner) for corner in lens]))
        painter.drawRoundedRect(QRectF(origin.x - 6, origin.y - 4, 12, 9), 2, 2)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _paint_scale(self, painter: QPainter, plan: PlanMap) -> None:
        length = round_length(GRID_CELL / plan.scale)
        right, foot = plan.width - 14, plan.height - 12
        left = right - length * plan.scale
        painter.setPen(pen(self.inks.text, 1.5))
        draw_lines(
            painter, _array([(left, foot, right, foot), (left, foot - 4, left, foot), (right, foot - 4, right, foot)])
        )
        words = QRectF(left - 20, foot - 21, right - left + 40, 16)
        draw_words(painter, round_metres(length), words, self.inks, Qt.AlignmentFlag.AlignCenter)

    # The cuboids

    def _paint_cuboids(self, painter: QPainter, scene: SpaceScene, plan: PlanMap) -> None:
        import numpy as np

        if not len(scene):
            return
        outlines = on_view(scene.footprints, plan)
        crowd = len(scene) > CROWD
        if not crowd:
            painter.setPen(Qt.PenStyle.NoPen)
            for outline, color in zip(outlines.tolist(), scene.colors.tolist(), strict=True):
                painter.setBrush(with_alpha(self.inks.line(color), 44))
                painter.drawPolygon(_polygon(outline))
            painter.setBrush(Qt.BrushStyle.NoBrush)
        edges = np.concatenate((outlines, np.roll(outlines, -1, axis=1)), axis=2)
        lines = np.concatenate((edges, _arrows(scene, outlines)), axis=1)
        each = lines.shape[1]
        flat, seen = clipped(lines.reshape(-1, 4), np.ones(len(lines) * each, dtype=bool), plan.width, plan.height)
        colors = np.repeat(scene.colors, each)
        draw_by_color(painter, flat[seen], colors[seen], self.inks, width=0 if crowd else 1.6)

    def _paint_emphasis(self, painter: QPainter, scene: SpaceScene, plan: PlanMap) -> None:
        hovered = () if self.marks.hovered is None else (self.marks.hovered,)
        for places, width, alpha in ((hovered, 2.0, 80), (self.marks.selected, 2.5, 110)):
            for place in places:
                outline = _polygon(on_view(scene.footprints[place], plan).tolist())
                color = self.inks.line(int(scene.colors[place]))
                painter.setPen(pen(self.inks.text, width + 2))
                painter.setBrush(with_alpha(color, alpha))
                painter.drawPolygon(outline)
                painter.setPen(pen(color, width))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawPolygon(outline)
                draw_lines(painter, _arrows(scene, on_view(scene.footprints, plan))[place])

    def _chips(self, scene: SpaceScene, plan: PlanMap) -> Iterator[Chip]:
        """Yield labels above their footprints: first what is pointed at and selected, then the nearest."""
        if not len(scene):
            return
        tops = on_view(scene.footprints, plan)
        feet_x, feet_y = tops[..., 0].mean(axis=1), tops[..., 1].min(axis=1) - 3
        first = [*(() if self.marks.hovered is None else (self.marks.hovered,)), *self.marks.selected]
        seen = (feet_x > 0) & (feet_x < plan.width) & (feet_y > 0) & (feet_y < plan.height)
        order = scene.centers[:, 2].argsort()
        rest = spread(feet_x, feet_y, order[seen[order]]).tolist()
        done: set[int] = set()
        xs, ys, colors = feet_x.tolist(), feet_y.tolist(), scene.colors.tolist()
        for place in (*first, *rest):
            label = scene.cuboids[place].label
            if place not in done and label:
                done.add(place)
                yield Chip(label, colors[place], Point(xs[place], ys[place]))

    # What is edited and measured

    def _paint_handles(self, painter: QPainter, handles: Handles) -> None:
        painter.setPen(pen(self.inks.text, 1.25))
        painter.drawLine(point(handles.front), point(handles.turn))
        painter.setBrush(self.inks.ground)
        for side in handles.sides:
            painter.drawRect(QRectF(side.x - HANDLE, side.y - HANDLE, 2 * HANDLE, 2 * HANDLE))
        painter.setBrush(self.inks.accent)
        painter.drawEllipse(point(handles.turn), HANDLE + 1, HANDLE + 1)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _paint_measured(self, painter: QPainter, plan: PlanMap) -> None:
        if self.marks.measured is None:
            return
        start, end = (plan.to_view(place) for place in self.marks.measured[:2])
        for ink, width in ((self.inks.ground, 4.0), (self.inks.accent, 1.75)):
            painter.setPen(pen(ink, width, Qt.PenStyle.SolidLine))
            painter.drawLine(point(start), point(end))
        painter.setBrush(self.inks.accent)
        for place in (start, end):
            painter.drawEllipse(point(place), 3, 3)
        middle = Point((start.x + end.x) / 2, (start.y + end.y) / 2 - 16)
        draw_tag(painter, self.marks.measured[2], middle, self.inks)


def _clean(number: float) -> float:
    return round(number, 6) + 0.0


def _grid(plan: PlanMap, step: float) -> NDArray[np.float64]:
    """Return the lines of a grid, on whole units, so that they are crisp."""
    ground = plan.ground
    across = [round(plan.to_view(Point(x, 0.0)).x) for x in multiples(step, ground.left, ground.right)]
    along = [round(plan.to_view(Point(0.0, z)).y) for z in multiples(step, ground.top, ground.bottom)]
    return _array([*((x, 0, x, plan.height) for x in across), *((0, y, plan.width, y) for y in along)])


def _array(lines: list[tuple[float, float, float, float]]) -> NDArray[np.float64]:
    import numpy as np

    return np.array(lines, dtype=np.float64).reshape(-1, 4)


def on_view(ground: NDArray[np.float64], plan: PlanMap) -> NDArray[np.float64]:
    """Map x and z in metres, shape (..., 2), to the view."""
    import numpy as np

    middle = np.array((plan.middle.x, plan.middle.y))
    half = np.array((plan.width / 2, plan.height / 2))
    places: NDArray[np.float64] = (ground - middle) * np.array((plan.scale, -plan.scale)) + half
    return places


def _polygon(outline: list[list[float]]) -> QPolygonF:
    return QPolygonF([point(Point(x, y)) for x, y in outline])


def _arrows(scene: SpaceScene, outlines: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return an arrow for each cuboid, three lines from its middle ahead to its front, shape (n, 3, 4)."""
    import numpy as np

    middle = outlines.mean(axis=1)
    ahead = scene.headings * np.array((1.0, -1.0))
    reach = ((outlines - middle[:, None]) * ahead[:, None]).sum(axis=2).max(axis=1)[:, None]
    tip = middle + ahead * reach
    head = ahead * np.minimum(reach * 0.35, 9.0)
    beside = head[:, ::-1] * np.array((-1.0, 1.0)) * 0.6
    ends = (middle, tip - head + beside, tip - head - beside)
    return np.stack([np.hstack((end, tip)) for end in ends], axis=1)


def fitting(scene: SpaceScene, width: float, height: float, everything: bool = False) -> PlanMap:
    """Return the map that shows the camera and the cuboids; one far beyond the others is left out.

    Args:
        scene: what is shown.
        width: of the view.
        height: of the view.
        everything: leave none out.
    """
    import numpy as np

    kept = np.ones(len(scene), dtype=bool) if everything else scene.near()
    places = np.vstack((scene.footprints[kept].reshape(-1, 2), np.zeros((1, 2))))
    (left, near), (right, far) = places.min(axis=0).tolist(), places.max(axis=0).tolist()
    return PlanMap.fitted(Box(left, near, right, far), width, height, margin=min(44.0, width / 6, height / 6))


def beyond(scene: SpaceScene, plan: PlanMap) -> str:
    """Return a sentence on the far cuboids that the plan does not show; empty where it shows them."""
    import numpy as np

    ground = plan.ground
    x, z = scene.centers[:, 0], scene.centers[:, 2]
    unseen = (x < ground.left) | (x > ground.right) | (z < ground.top) | (z > ground.bottom)
    places = np.nonzero(unseen & ~scene.near())[0]
    if not len(places):
        return ""
    far = metres(float(np.linalg.norm(scene.centers[places], axis=1).max()))
    if len(places) == 1:
        words = QCoreApplication.translate("Plan", "Outside this view: “{label}”, {far} away.")
        return words.replace("{label}", scene.cuboids[int(places[0])].label).replace("{far}", far)
    words = QCoreApplication.translate("Plan", "Outside this view: {n} cuboids, the farthest {far} away.")
    return words.replace("{n}", str(len(places))).replace("{far}", far)
