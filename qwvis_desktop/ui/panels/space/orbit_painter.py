"""The painter of the orbit view: ground grid, the document's camera, cuboids in perspective, the far ones first."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPolygonF

from qwvis_desktop.core.camera import EDGES, CameraIntrinsics
from qwvis_desktop.core.cuboid_editing import FACES
from qwvis_desktop.core.geometry import Point, Size
from qwvis_desktop.ui.panels.space.plan_map import round_length, round_metres
from qwvis_desktop.ui.panels.space.space_camera import OrbitCamera
from qwvis_desktop.ui.panels.space.space_scene import SpaceScene
from qwvis_desktop.ui.panels.space.space_strokes import (
    CROWD,
    Chip,
    Chips,
    Inks,
    draw_lines,
    draw_runs,
    hairline,
    pen,
    spread,
    with_alpha,
)
from qwvis_desktop.ui.panels.space.space_surface import inside

if TYPE_CHECKING:  # numpy is slow to load and the window opens without it
    import numpy as np
    from numpy.typing import NDArray

_GRID_HALF = 20
"""Cells of the ground grid on each side of what is looked at."""

_LAYERS = 16
"""Of depth in a crowd."""

_DIM = 105
"""Opacity of hidden edges."""

FACE_CORNERS = tuple(face.corners for face in FACES)


def _faces_of(edge: tuple[int, int]) -> tuple[int, int]:
    first, second = (number for number, ring in enumerate(FACE_CORNERS) if set(edge) <= set(ring))
    return first, second


EDGE_FACES = tuple(_faces_of(edge) for edge in EDGES)
"""The two faces that meet at each edge, as places in ``FACES``."""


@dataclass(frozen=True, slots=True, eq=False)
class SeenScene:
    """A scene as the eye has it.

    Attributes:
        scene: what is seen.
        eye: from where.
        corners: in the eye's axes, shape (n, 8, 3).
        facing: which faces (``FACES``) are turned to the eye, shape (n, 6); all, where the eye is within.
        order: places in the scene, the farthest first.
    """

    scene: SpaceScene
    eye: OrbitCamera
    corners: NDArray[np.float64]
    facing: NDArray[np.bool_]
    order: NDArray[np.intp]

    @classmethod
    def of(cls, scene: SpaceScene, eye: OrbitCamera) -> SeenScene:
        """Look at a scene."""
        import numpy as np

        corners = eye.in_view(scene.corners)
        rings = corners[:, np.array(FACE_CORNERS, dtype=np.intp)]
        middles = rings.mean(axis=2)
        # From the cuboid's middle to that of a face runs the face's normal; the eye is the origin.
        normals = middles - corners.mean(axis=1)[:, None]
        facing = (normals * middles).sum(axis=2) < 0
        facing |= ~facing.any(axis=1, keepdims=True)
        return cls(scene, eye, corners, facing, np.argsort(-corners[..., 2].mean(axis=1), kind="stable"))

    def edges(self) -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.bool_]]:
        """Return all edges on the view, shape (n, 12, 4), which are seen, and which of them in front, (n, 12) each."""
        import numpy as np

        order, faces = np.array(EDGES, dtype=np.intp), np.array(EDGE_FACES, dtype=np.intp)
        pixels = self.eye.project(self.corners)
        lines = pixels[:, order].reshape(-1, 12, 4)
        kept = np.ones(lines.shape[:2], dtype=np.bool_)
        # Few cuboids reach behind the eye or out of the view: only their edges are cut.
        view = np.array((self.eye.width, self.eye.height))
        out = ((pixels < 0) | (pixels > view)).any(axis=(1, 2)) | (self.corners[..., 2] < self.eye.near).any(axis=1)
        ends = self.corners[out][:, order]
        cut, met = self.eye.lines(ends[:, :, 0].reshape(-1, 3), ends[:, :, 1].reshape(-1, 3))
        lines[out], kept[out] = cut.reshape(-1, 12, 4), met.reshape(-1, 12)
        return lines, kept, self.facing[:, faces[:, 0]] | self.facing[:, faces[:, 1]]

    def faces(self, place: int) -> list[NDArray[np.float64]]:
        """Return the outlines on the view of the faces turned to the eye; none of a face that is partly behind it."""
        import numpy as np

        rings = self.corners[place][np.array(FACE_CORNERS, dtype=np.intp)[self.facing[place]]]
        return [self.eye.project(ring) for ring in rings if ring[:, 2].min() > self.eye.near]

    def place_at(self, place: Point) -> int | None:
        """Return the nearest cuboid that shows a face at a place of the view."""
        import numpy as np

        if not len(self.scene):
            return None
        rings = self.eye.project(self.corners)[:, np.array(FACE_CORNERS, dtype=np.intp)]
        before = self.corners[..., 2].min(axis=1) > self.eye.near
        met = inside(rings.reshape(-1, 4, 2), place).reshape(-1, 6) & self.facing & before[:, None]
        found = self.order[met.any(axis=1)[self.order]]
        return int(found[-1]) if len(found) else None


@dataclass(slots=True)
class OrbitPainter:
    """Draws what the eye sees.

    Attributes:
        inks: the colours.
        chips: the labels.
        camera: of the document.
        size: of the picture, in the camera's pixels.
        selected: places in the scene.
        hovered: the place under the pointer.
    """

    inks: Inks
    chips: Chips
    camera: CameraIntrinsics
    size: Size
    selected: tuple[int, ...] = ()
    hovered: int | None = None

    def paint(self, painter: QPainter, seen: SeenScene) -> None:
        """Draw all of it."""
        eye = seen.eye
        painter.fillRect(QRectF(0, 0, eye.width, eye.height), self.inks.ground)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        step = self._paint_ground(painter, seen)
        self._paint_camera(painter, eye)
        self._paint_cuboids(painter, seen)
        self._paint_emphasis(painter, seen)
        self.chips.draw(painter, self._chips(seen))
        self._paint_axes(painter, eye, step)

    def _paint_ground(self, painter: QPainter, seen: SeenScene) -> float:
        """Draw the grid and return the width of its cells in metres."""
        import numpy as np

        eye, ground = seen.eye, seen.scene.ground
        step = round_length(eye.distance / 14)
        middle_x, middle_z = (round(eye.target[axis] / step) for axis in (0, 2))
        reach = np.arange(-_GRID_HALF, _GRID_HALF + 1)
        xs, zs = (reach + middle_x) * step, (reach + middle_z) * step
        level = np.full(len(reach), ground)
        along = [np.stack((xs, level, np.full(len(reach), z)), axis=1) for z in (zs[0], zs[-1])]
        across = [np.stack((np.full(len(reach), x), level, zs), axis=1) for x in (xs[0], xs[-1])]
        starts, ends = (eye.in_view(np.vstack(pair)) for pair in zip(along, across, strict=True))
        lines, kept = eye.lines(starts, ends)
        number = np.concatenate((reach + middle_x, reach + middle_z))
        for chosen, ink in (
            (number % 5 != 0, self.inks.fine),
            ((number % 5 == 0) & (number != 0), self.inks.coarse),
            (number == 0, self.inks.axis),
        ):
            painter.setPen(hairline(ink))
            draw_lines(painter, lines[kept & chosen])
        return step

    def _paint_camera(self, painter: QPainter, eye: OrbitCamera) -> None:
        """Draw what the document's camera sees, as a pyramid before it."""
        import numpy as np

        depth = min(max(eye.distance * 0.12, 0.2), 1e4)
        width, height = self.size
        picture = ((0, 0), (width, 0), (width, height), (0, height))
        camera = self.camera
        ends = np.array([((x - camera.cx) / camera.fx, (y - camera.cy) / camera.fy, 1.0) for x, y in picture]) * depth
        seen = eye.in_view(np.vstack((np.zeros((1, 3)), ends)))
        if float(np.linalg.norm(seen[0])) < eye.near:
            return  # the eye is the camera: it would see its own frame from within
        starts = seen[[0, 0, 0, 0, 1, 2, 3, 4]]
        lines, kept = eye.lines(starts, seen[[1, 2, 3, 4, 2, 3, 4, 1]])
        painter.setPen(pen(self.inks.accent, 1.25))
        draw_lines(painter, lines[kept])

    def _paint_cuboids(self, painter: QPainter, seen: SeenScene) -> None:
        """Draw the far ones first, edges behind a cuboid's own faces dimmed; a crowd without those."""
        lines, kept, front = seen.edges()
        if len(seen.scene) > CROWD:
            self._paint_crowd(painter, seen, lines, kept & front)
            return
        for place in seen.order.tolist():
            tint = self.inks.line(int(seen.scene.colors[place]))
            painter.setPen(pen(with_alpha(tint, _DIM), 1.0, Qt.PenStyle.DotLine))
            draw_lines(painter, lines[place][kept[place] & ~front[place]])
            self._fill(painter, seen, place, 34)
            painter.setPen(pen(tint, 1.6))
            draw_lines(painter, lines[place][kept[place] & front[place]])

    def _paint_crowd(
        self, painter: QPainter, seen: SeenScene, lines: NDArray[np.float64], shown: NDArray[np.bool_]
    ) -> None:
        """Draw thin edges in layers of depth, the far ones first; within a layer those of a colour at once."""
        import numpy as np

        layers = np.empty(len(seen.order), dtype=np.intp)
        layers[seen.order] = np.arange(len(seen.order)) * _LAYERS // len(seen.order)
        order = np.lexsort((seen.scene.colors, layers))
        colors, chosen = seen.scene.colors[order], shown[order]
        ends = np.cumsum(chosen.sum(axis=1))
        last = np.nonzero(np.diff(colors, append=-1))[0]
        pens = {color: hairline(self.inks.line(color)) for color in np.unique(colors).tolist()}
        draw_runs(painter, lines[order][chosen], ends[last].tolist(), [pens[color] for color in colors[last].tolist()])

    def _fill(self, painter: QPainter, seen: SeenScene, place: int, alpha: int) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(with_alpha(self.inks.line(int(seen.scene.colors[place])), alpha))
        for outline in seen.faces(place):
            # Far outside, a painter of pixels takes long and gains nothing.
            if abs(outline).max() < 20_000:
                painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in outline.tolist()]))
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _paint_emphasis(self, painter: QPainter, seen: SeenScene) -> None:
        hovered = () if self.hovered is None else (self.hovered,)
        if not hovered and not self.selected:
            return
        lines, kept, front = seen.edges()
        for places, halo, width, alpha in ((hovered, 0.0, 2.5, 40), (self.selected, 4.0, 2.25, 60)):
            for place in places:
                self._fill(painter, seen, place, alpha)
                edges = lines[place][kept[place] & front[place]]
                if halo:
                    painter.setPen(pen(self.inks.text, halo))
                    draw_lines(painter, edges)
                painter.setPen(pen(self.inks.line(int(seen.scene.colors[place])), width))
                draw_lines(painter, edges)

    def _chips(self, seen: SeenScene) -> Iterator[Chip]:
        """Yield labels above their cuboids: first what is pointed at and selected, then the nearest."""
        eye, scene = seen.eye, seen.scene
        pixels = eye.project(seen.corners)
        xs, ys = pixels[..., 0].mean(axis=1), pixels[..., 1].min(axis=1) - 3
        before = seen.corners[..., 2].min(axis=1) > eye.near
        shown = before & (xs > 0) & (xs < eye.width) & (ys > 0) & (ys < eye.height)
        first = [*(() if self.hovered is None else (self.hovered,)), *self.selected]
        nearest = spread(xs, ys, seen.order[::-1][shown[seen.order[::-1]]])
        done: set[int] = set()
        for place in (*first, *nearest.tolist()):
            label = scene.cuboids[place].label
            if place not in done and label and before[place]:
                done.add(place)
                yield Chip(label, int(scene.colors[place]), Point(float(xs[place]), float(ys[place])))

    def _paint_axes(self, painter: QPainter, eye: OrbitCamera, step: float) -> None:
        """Draw the directions of x, y and z in a corner, and how wide a cell of the grid is."""
        middle = Point(30.0, eye.height - 34.0)
        for axis, name in enumerate("xyz"):
            right, down = eye.axes[0][axis], eye.axes[1][axis]
            painter.setPen(pen(self.inks.muted, 1.5))
            painter.drawLine(QPointF(*middle), QPointF(middle.x + 18 * right, middle.y + 18 * down))
            if math.hypot(right, down) > 0.25:
                end = QRectF(middle.x + 25 * right - 8, middle.y + 25 * down - 8, 16, 16)
                painter.setPen(self.inks.text)
                painter.drawText(end, Qt.AlignmentFlag.AlignCenter, name)
        painter.setPen(self.inks.muted)
        area = QRectF(0, eye.height - 20, eye.width - 10, 16)
        words = QCoreApplication.translate("Space", "Grid {length}").replace("{length}", round_metres(step))
        painter.drawText(area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, words)
