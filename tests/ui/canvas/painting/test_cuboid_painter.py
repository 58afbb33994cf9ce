import math
from collections.abc import Iterable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QColor, QImage, QPainter

from qwvis_desktop.core.annotation import Cuboid
from qwvis_desktop.core.camera import (
    HALF_TURNS_XYZ,
    CameraIntrinsics,
)
from qwvis_desktop.core.geometry import Box, Point, Size
from qwvis_desktop.ui import palette
from qwvis_desktop.ui.canvas.painting.cuboid_painter import clipped, paint_cuboids, path_of, polygon
from qwvis_desktop.ui.canvas.painting.placement import Placement
from qwvis_desktop.ui.canvas.painting.scene import Scene
from qwvis_desktop.ui.canvas.painting.seen_cuboids import SeenCuboids
from qwvis_desktop.ui.canvas.painting.style import Style, caption

SIZE = Size(400, 300)
CAMERA = CameraIntrinsics(300.0, 300.0, 200.0, 150.0)
CAR = Cuboid(id="car", label="car", center=(0.0, 0.0, 6.28), size=(4.45, 1.7, 1.84), angles=(0.0, 0.0, 0.0))
NEAR_BOX = Cuboid(id="near", label="dog", center=(0.0, 0.0, 3.0), size=(1.0, 1.0, 1.0), angles=(0.0, 0.0, 0.0))
BESIDE = Cuboid(id="beside", label="wall", center=(1.0, 0.0, 0.5), size=(0.5, 1.0, 4.0), angles=(0.0, 0.0, 0.0))


def seen_of(*cuboids: Cuboid) -> SeenCuboids:
    seen = SeenCuboids(CAMERA, HALF_TURNS_XYZ)
    seen.append(cuboids)
    return seen


def scene_of(*cuboids: Cuboid) -> Scene:
    scene = Scene(SIZE, CAMERA)
    scene.append(cuboids)
    return scene


def painted(scene: Scene, style: Style | None = None) -> QImage:
    image = QImage(SIZE.width, SIZE.height, QImage.Format.Format_RGB32)
    image.fill(QColor(120, 120, 120))
    painter = QPainter(image)
    paint_cuboids(painter, scene, np.arange(len(scene)), Placement(1.0, Point(0, 0)), style or Style(halo=False))
    painter.end()
    return image


def share_of(image: QImage, color: QColor, points: Iterable[tuple[float, float]]) -> float:
    """Return the share of these places at which ``color`` is met within a pixel."""

    def is_met(x: float, y: float) -> bool:
        near = [image.pixelColor(round(x) + dx, round(y) + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)]
        return any(abs(got.red() - color.red()) + abs(got.blue() - color.blue()) < 60 for got in near)

    met = [is_met(*point) for point in points]
    return sum(met) / len(met)


def along(line: tuple[Point, Point], count: int = 60) -> list[tuple[float, float]]:
    (x1, y1), (x2, y2) = line
    return [(x1 + (x2 - x1) * share / count, y1 + (y2 - y1) * share / count) for share in range(4, count - 3)]


def test_the_front_is_tinted_hidden_edges_are_dashed_and_others_whole() -> None:
    image = painted(scene_of(NEAR_BOX))
    color = palette.color_for("dog")
    front = ((Point(140, 90), Point(260, 90)), (Point(260, 90), Point(260, 210)))
    back = ((Point(157.14, 107.14), Point(242.86, 107.14)), (Point(157.14, 107.14), Point(157.14, 192.86)))
    assert all(share_of(image, color, along(line)) == 1.0 for line in front)
    untouched = [image.pixelColor(*map(round, point)) for line in back for point in along(line)]
    inside = image.pixelColor(200, 150)
    assert 0.25 < sum(color == inside for color in untouched) / len(untouched) < 0.75
    assert image.pixelColor(200, 150) not in (QColor(120, 120, 120), color)
    assert image.pixelColor(20, 20) == QColor(120, 120, 120)


def test_the_nearest_lies_on_top_whatever_the_order() -> None:
    edge = along((Point(140, 90), Point(140, 210)))
    broad = Cuboid(id="broad", label="cat", center=(0, 0, 6), size=(2.8, 2.8, 0.01), angles=(0, 0, 0))
    for order in ((NEAR_BOX, broad), (broad, NEAR_BOX)):
        assert share_of(painted(scene_of(*order)), palette.color_for("dog"), edge) == 1.0
    assert painted(scene_of(NEAR_BOX, broad)) == painted(scene_of(broad, NEAR_BOX))


def test_a_box_partly_behind_the_camera_is_drawn_up_to_the_border() -> None:
    image = painted(scene_of(BESIDE))
    color = palette.color_for("wall")
    drawn = [x for x in range(400) if any(image.pixelColor(x, y) != QColor(120, 120, 120) for y in range(0, 300, 3))]
    assert min(drawn) > CAMERA.cx
    assert max(drawn) == 399
    (x1, y1), (x2, y2) = seen_of(BESIDE).lines_of(0)[0]
    assert math.isfinite(x1 + y1 + x2 + y2)
    assert color.isValid()


@given(st.lists(st.tuples(*[st.floats(-1e6, 1e6)] * 4), min_size=1, max_size=20))
def test_clipping_keeps_what_lies_inside(lines: list[tuple[float, float, float, float]]) -> None:
    area = Box(-100, -50, 300, 200)
    for before, after in zip(lines, clipped(np.array(lines), area).tolist(), strict=True):
        samples = [
            Point(before[0] + (before[2] - before[0]) * share / 500, before[1] + (before[3] - before[1]) * share / 500)
            for share in range(501)
        ]
        if math.isnan(after[0]):
            assert not any(-99 < p.x < 299 and -49 < p.y < 199 for p in samples)
            continue
        assert all(-100.01 <= x <= 300.01 for x in after[::2])
        assert all(-50.01 <= y <= 200.01 for y in after[1::2])
        low, high = Point(min(after[::2]), min(after[1::2])), Point(max(after[::2]), max(after[1::2]))
        for point in samples:
            if area.contains(point):
                assert low.x - 0.01 <= point.x <= high.x + 0.01
                assert low.y - 0.01 <= point.y <= high.y + 0.01


def test_a_huge_outline_is_cut_to_the_area() -> None:
    outline = (Point(-1e9, -1e9), Point(1e9, -1e9), Point(1e9, 1e9), Point(-1e9, 1e9))
    bounds = polygon(outline, Placement(2.0, Point(5, 7)), Box(-10, -20, 30, 40)).boundingRect()
    assert bounds.getRect() == pytest.approx((-15, -33, 80, 120))
    assert polygon((), Placement(1.0, Point(0, 0)), Box(0, 0, 1, 1)).isEmpty()


def test_a_path_holds_the_lines_without_those_not_seen() -> None:
    lines = np.array([(1.0, 2.0, 3.0, 4.0), (math.nan,) * 4, (5.5, 6.0, 7.0, -8.25)])
    path = path_of(lines)
    places = [(path.elementAt(i).x, path.elementAt(i).y, path.elementAt(i).isMoveTo()) for i in range(4)]
    assert path.elementCount() == 4
    assert places == [(1, 2, True), (3, 4, False), (5.5, 6, True), (7, -8.25, False)]


def test_a_chip_says_depth_and_size() -> None:
    assert caption(CAR) == "car 6.3 m, 4.5 × 1.7 × 1.8"
    bottle = Cuboid(label="bottle", center=(0.04, -0.03, 0.66), size=(0.07, 0.22, 0.08), angles=(0, 0, 0), score=0.5)
    assert caption(bottle) == "bottle 0.66 m, 0.07 × 0.22 × 0.08 0.50"
