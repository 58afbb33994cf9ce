"""core.camera: corners, clipping, projection; against OpenCV and against the corpus's own drawings."""

from __future__ import annotations

import json
import math
import re
from dataclasses import replace
from itertools import cycle, pairwise
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from corpus_drawings import CORPUS, cases_in_space, drawing_of, picture_of
from hypothesis import given
from hypothesis import strategies as st

from qwvis_desktop.core.annotation import Cuboid
from qwvis_desktop.core.camera import (
    ANGLE_CONVENTIONS,
    EDGES,
    HALF_TURNS_XYZ,
    NEAR,
    AngleConvention,
    CameraIntrinsics,
    corners,
    project_all,
    projected_bounds,
    visible_edges,
)
from qwvis_desktop.core.geometry import Box, Point, Size

CAMERA = CameraIntrinsics(500.0, 400.0, 320.0, 240.0)


def lengths(limit: float, low: float | None = None) -> st.SearchStrategy[float]:
    return st.floats(-limit if low is None else low, limit, allow_nan=False)


def cuboids(nearest: float) -> st.SearchStrategy[Cuboid]:
    return st.builds(
        Cuboid,
        center=st.tuples(lengths(20), lengths(20), lengths(60, nearest)),
        size=st.tuples(*[lengths(6, 0.01)] * 3),
        angles=st.tuples(*[lengths(1.5)] * 3),
    )


cameras = st.builds(
    CameraIntrinsics, fx=lengths(3000, 100), fy=lengths(3000, 100), cx=lengths(4000, 0), cy=lengths(4000, 0)
)
conventions = st.sampled_from(list(ANGLE_CONVENTIONS.values()))


def rotation(convention: AngleConvention, angles: tuple[float, float, float]) -> np.ndarray:
    """Rz Ry Rx by OpenCV's own Rodrigues formula, one axis at a time."""
    turned = np.eye(3)
    for axis, vector in (("x", (1.0, 0, 0)), ("y", (0, 1.0, 0)), ("z", (0, 0, 1.0))):
        angle = angles[convention.order.index(axis)] * convention.unit
        turned = cv2.Rodrigues(np.array(vector) * angle)[0] @ turned
    return turned


def opencv(cuboid: Cuboid, camera: CameraIntrinsics, convention: AngleConvention) -> np.ndarray:
    """The eight corners in pixels, shape (8, 2), as OpenCV places them."""
    signs = np.array([(x, y, z) for x in (1, -1) for y in (1, -1) for z in (1, -1)], dtype=float) / 2
    turn = cv2.Rodrigues(rotation(convention, cuboid.angles))[0]
    matrix = np.array([[camera.fx, 0, camera.cx], [0, camera.fy, camera.cy], [0, 0, 1]])
    placed, _ = cv2.projectPoints(signs * cuboid.size, turn, np.array(cuboid.center), matrix, None)
    return placed.reshape(8, 2)


class TestIntrinsics:
    def test_field_of_view_holds_for_each_side(self) -> None:
        camera = CameraIntrinsics.from_field_of_view(Size(640, 480))
        assert (camera.fx, camera.fy) == pytest.approx((554.26, 415.69), abs=0.005)  # the corpus's q3-3d-bottle
        assert (camera.cx, camera.cy) == (320.0, 240.0)

    def test_square_pixels(self) -> None:
        camera = CameraIntrinsics.from_field_of_view(Size(640, 480), 90.0, square=True)
        assert (camera.fx, camera.fy) == pytest.approx((320.0, 320.0))

    @pytest.mark.parametrize("degrees", [0.0, -1.0, 180.0, math.nan, math.inf])
    def test_impossible_field_of_view(self, degrees: float) -> None:
        with pytest.raises(ValueError, match="between 0 and 180"):
            CameraIntrinsics.from_field_of_view(Size(640, 480), degrees)

    def test_fields_of_view_of_a_camera(self) -> None:
        size = Size(640, 480)
        assert CameraIntrinsics.from_field_of_view(size, 72.5).fields_of_view(size) == pytest.approx((72.5, 72.5))
        aside = CameraIntrinsics(100.0, 100.0, 0.0, 240.0).fields_of_view(Size(100, 480))
        assert aside == pytest.approx((45.0, 2 * math.degrees(math.atan(2.4))))

    @given(cuboid=cuboids(nearest=12.0), camera=cameras)
    def test_follows_resizing_and_cropping(self, cuboid: Cuboid, camera: CameraIntrinsics) -> None:
        x, y = camera.project(cuboid.center)
        assert camera.resized(Size(640, 480), Size(320, 960)).project(cuboid.center) == pytest.approx((x / 2, y * 2))
        assert camera.cropped(Box(30, 40, 100, 100)).project(cuboid.center) == pytest.approx((x - 30, y - 40))

    @pytest.mark.parametrize("numbers", [(0, 1, 1, 1), (1, 0, 1, 1), (-1, 1, 1, 1), (1, -5, 1, 1)])
    def test_focal_lengths_are_positive(self, numbers: tuple[float, float, float, float]) -> None:
        with pytest.raises(ValueError, match="greater than 0"):
            CameraIntrinsics(*numbers)

    @pytest.mark.parametrize("place", range(4))
    @pytest.mark.parametrize("bad", [math.nan, math.inf])
    def test_numbers_are_finite(self, place: int, bad: float) -> None:
        numbers = [1.0, 1.0, 1.0, 1.0]
        numbers[place] = bad
        with pytest.raises(ValueError, match="finite"):
            CameraIntrinsics(*numbers)


class TestCorners:
    def test_numbered_by_signs(self) -> None:
        found = corners((10, 20, 30), (2, 4, 6), (0, 0, 0))
        expected = [(10 + x, 20 + y, 30 + z) for x in (1, -1) for y in (2, -2) for z in (3, -3)]
        np.testing.assert_allclose(found, expected)

    def test_edges_join_what_differs_in_one_axis(self) -> None:
        found = corners((0, 0, 5), (1, 2, 3), (0, 0, 0))
        assert len(set(EDGES)) == 12
        for first, second in EDGES:
            assert sum(a != b for a, b in zip(found[first], found[second], strict=True)) == 1

    @pytest.mark.parametrize(
        ("angles", "goes_to"),
        [((0.5, 0, 0), (0, 0, 1)), ((0, 0, 0.5), (-1, 0, 0))],
    )
    def test_a_half_turn_unit(self, angles: tuple[float, float, float], goes_to: tuple[float, float, float]) -> None:
        # A rod along y: its +y end (corner 0 of a very thin box) is carried by a quarter turn.
        found = corners((0, 0, 0), (0, 2, 0), angles)
        np.testing.assert_allclose(found[0], goes_to, atol=1e-12)

    def test_yaw_carries_z_to_x(self) -> None:
        np.testing.assert_allclose(corners((0, 0, 0), (0, 0, 2), (0, 0.5, 0))[0], (1, 0, 0), atol=1e-12)

    def test_the_texts_order_turns_about_z_first_number(self) -> None:
        convention = ANGLE_CONVENTIONS["degrees-zxy"]
        found = corners((0, 0, 0), (2, 0, 0), (90, 0, 0), convention)
        np.testing.assert_allclose(found[0], (0, 1, 0), atol=1e-12)
        assert ANGLE_CONVENTIONS["half-turns-zxy"].about_axes((1, 2, 3)) == pytest.approx(
            (2 * math.pi, 3 * math.pi, math.pi)
        )

    def test_table(self) -> None:
        assert next(iter(ANGLE_CONVENTIONS.values())) is HALF_TURNS_XYZ
        assert len(ANGLE_CONVENTIONS) == 6
        assert all(name == convention.name for name, convention in ANGLE_CONVENTIONS.items())


class TestProjection:
    @given(cuboid=cuboids(nearest=12.0), camera=cameras, convention=conventions)
    def test_agrees_with_opencv(self, cuboid: Cuboid, camera: CameraIntrinsics, convention: AngleConvention) -> None:
        theirs = opencv(cuboid, camera, convention)
        edges = visible_edges(cuboid, camera, convention)
        assert len(edges) == 12
        for (first, second), (start, end) in zip(EDGES, edges, strict=True):
            np.testing.assert_allclose((start, end), (theirs[first], theirs[second]), rtol=0, atol=0.01)

    @given(cuboid=cuboids(nearest=-10.0), convention=conventions)
    def test_clipping_keeps_to_the_front_and_mirrors_nothing(self, cuboid: Cuboid, convention: AngleConvention) -> None:
        ends = corners(cuboid.center, cuboid.size, cuboid.angles, convention)
        kept = [edge for edge in EDGES if max(ends[edge[0]][2], ends[edge[1]][2]) >= NEAR]
        drawn = visible_edges(cuboid, CAMERA, convention)
        assert len(drawn) == len(kept)
        for edge, seen in zip(kept, drawn, strict=True):
            for number, point in zip(edge, seen, strict=True):
                # The viewing ray of each end must meet the edge in space, in front of the camera.
                if ends[number][2] >= NEAR:
                    assert point == CAMERA.project(ends[number])
                    continue
                other = ends[edge[0] + edge[1] - number]
                share = (NEAR - ends[number][2]) / (other[2] - ends[number][2])
                assert 0 < share <= 1
                place = [a + share * (b - a) for a, b in zip(ends[number], other, strict=True)]
                assert point == pytest.approx(CAMERA.project((place[0], place[1], NEAR)), rel=1e-6, abs=1e-3)

    def test_an_edge_through_the_camera_plane_stays_on_its_side(self) -> None:
        # It runs from 1 m behind to 3 m before the camera, always 1 m to the right: it must never be seen on the left.
        box = Cuboid(center=(1.0, 0.0, 1.0), size=(0.01, 0.01, 4.0), angles=(0.0, 0.0, 0.0))
        assert all(point.x > CAMERA.cx for edge in visible_edges(box, CAMERA) for point in edge)
        assert len(visible_edges(box, CAMERA)) == 8

    def test_a_corner_exactly_on_the_near_plane_is_kept(self) -> None:
        box = Cuboid(center=(0.0, 0.0, NEAR + 1), size=(2.0, 2.0, 2.0), angles=(0.0, 0.0, 0.0))
        assert len(visible_edges(box, CAMERA)) == 12

    def test_bounds(self) -> None:
        box = Cuboid(center=(0.0, 0.0, 3.0), size=(2.0, 1.0, 2.0), angles=(0.0, 0.0, 0.0))
        assert projected_bounds(box, CAMERA) == Box(320 - 250, 240 - 100, 320 + 250, 240 + 100)

    def test_nothing_of_a_box_behind_the_camera(self) -> None:
        box = Cuboid(center=(0.0, 0.0, -3.0), size=(2.0, 1.0, 2.0), angles=(0.1, 0.2, 0.3))
        assert visible_edges(box, CAMERA) == ()
        assert projected_bounds(box, CAMERA) is None


def random_cuboids(chance: np.random.Generator, count: int, nearest: float) -> list[Cuboid]:
    """Cuboids of all sizes and turns, their centres from ``nearest`` to 60 m deep."""
    low, high = [-20, -20, nearest, *[0.01] * 3, *[-2] * 3], [20, 20, 60, *[6] * 3, *[2] * 3]
    numbers = chance.uniform(low, high, (count, 9)).tolist()
    return [Cuboid(center=(x, y, z), size=(a, b, c), angles=(p, q, r)) for x, y, z, a, b, c, p, q, r in numbers]


def random_camera(chance: np.random.Generator) -> CameraIntrinsics:
    return CameraIntrinsics(*chance.uniform([100, 100, 0, 0], [3000, 3000, 4000, 3000]).tolist())


class TestTenThousand:
    """Both ways to project, on 10,000 random cuboids under 100 random cameras and all conventions in turn."""

    def test_agree_with_opencv(self) -> None:
        chance = np.random.default_rng(6)
        farthest = 0.0
        for convention, _ in zip(cycle(ANGLE_CONVENTIONS.values()), range(100), strict=False):
            camera = random_camera(chance)
            boxes = random_cuboids(chance, 100, nearest=12.0)
            theirs = np.array([opencv(box, camera, convention) for box in boxes])[:, EDGES]
            together = project_all(boxes, camera, convention).lines.reshape(100, 12, 2, 2)
            single = np.array([visible_edges(box, camera, convention) for box in boxes])
            farthest = max(farthest, np.abs(together - theirs).max(), np.abs(single - theirs).max())
        assert farthest <= 0.01

    def test_what_is_clipped_keeps_to_the_front_and_is_not_mirrored(self) -> None:
        """Points of each edge that lie before the near plane are seen, by OpenCV, in their order on what is drawn."""
        chance = np.random.default_rng(7)
        clipped = 0
        for convention, _ in zip(cycle(ANGLE_CONVENTIONS.values()), range(100), strict=False):
            camera = random_camera(chance)
            boxes = random_cuboids(chance, 100, nearest=-3.0)
            boxes = [replace(box, center=(*box.center[:2], box.center[2] % 5 - 2)) for box in boxes]
            found = project_all(boxes, camera, convention)
            ends = np.array([corners(b.center, b.size, b.angles, convention) for b in boxes])
            at = np.array(EDGES)[found.edges]
            start, stop = ends[found.owners, at[:, 0]], ends[found.owners, at[:, 1]]
            # What is drawn is exactly what has a part before the plane.
            assert len(start) == (ends[:, EDGES, 2] >= NEAR).any(axis=2).sum()
            cut = (start[:, 2] < NEAR) | (stop[:, 2] < NEAR)
            clipped += int(cut.sum())
            # Shares of the way at which the edge comes before the plane and leaves it again.
            with np.errstate(divide="ignore", invalid="ignore"):
                crossing = (NEAR - start[:, 2]) / (stop[:, 2] - start[:, 2])
            first, last = np.where(start[:, 2] < NEAR, crossing, 0.0), np.where(stop[:, 2] < NEAR, crossing, 1.0)
            steps = first[:, None] + np.array([0.0, 0.2, 0.5, 0.9, 1.0]) * (last - first)[:, None]
            places = start[:, None] + steps[..., None] * (stop - start)[:, None]
            assert places[..., 2].min() >= NEAR * (1 - 1e-6)
            matrix = np.array([[camera.fx, 0, camera.cx], [0, camera.fy, camera.cy], [0, 0, 1]])
            seen, _ = cv2.projectPoints(places.reshape(-1, 3), np.zeros(3), np.zeros(3), matrix, None)
            seen = seen.reshape(-1, 5, 2)
            from_, to = found.lines[:, None, :2], found.lines[:, None, 2:]
            length = np.linalg.norm(to - from_, axis=2)
            along = np.linalg.norm(seen - from_, axis=2)
            # On the line: the way to a point and on to the end is no longer than the line; and in order.
            detour = along + np.linalg.norm(to - seen, axis=2) - length
            room = 1e-6 * np.maximum(length, np.abs(found.lines).max(axis=1)[:, None]) + 1e-6
            assert (detour <= room).all()
            assert (np.diff(along, axis=1) >= -room).all()
            np.testing.assert_allclose(seen[:, 0], from_[:, 0], rtol=1e-6, atol=0.01)
            np.testing.assert_allclose(seen[:, 4], to[:, 0], rtol=1e-6, atol=0.01)
        assert clipped > 5000


class TestManyAtOnce:
    @given(boxes=st.lists(cuboids(nearest=-10.0), max_size=8), camera=cameras, convention=conventions)
    def test_same_as_one_by_one(
        self, boxes: list[Cuboid], camera: CameraIntrinsics, convention: AngleConvention
    ) -> None:
        together = project_all(boxes, camera, convention)
        single = [(i, edge) for i, box in enumerate(boxes) for edge in visible_edges(box, camera, convention)]
        assert together.owners.tolist() == [i for i, _ in single]
        expected = np.array([(*start, *end) for _, (start, end) in single]).reshape(-1, 4)
        np.testing.assert_allclose(together.lines, expected, rtol=1e-6, atol=1e-6)

    def test_owners_are_in_order(self) -> None:
        boxes = [Cuboid(center=(0.0, 0.0, z), size=(1.0, 1.0, 1.0), angles=(0.0, 0.0, 0.0)) for z in (3.0, -3.0, 0.0)]
        owners = project_all(boxes, CAMERA).owners.tolist()
        assert owners.count(0) == 12
        assert owners.count(1) == 0
        assert owners.count(2) == 8
        assert all(a <= b for a, b in pairwise(owners))

    def test_none(self) -> None:
        assert project_all([], CAMERA).lines.shape == (0, 4)


def test_project_is_the_pinhole() -> None:
    assert CAMERA.project((1.0, 2.0, 4.0)) == Point(500 / 4 + 320, 400 * 2 / 4 + 240)


# The corpus: what the sources themselves drew of boxes in space. ``qwvis draw`` is held against it too
# (tests/cli/test_draw_corpus.py).


def cuboids_in(reply: str) -> list[Cuboid]:
    """The nine numbers of each box; reading replies is tested elsewhere."""
    found = []
    for written in re.findall(r"bbox_3d['\"]: (\[[^]]+\])", reply):
        x, y, z, *rest = json.loads(written)
        found.append(Cuboid(center=(x, y, z), size=tuple(rest[:3]), angles=tuple(rest[3:])))
    return found


@pytest.mark.skipif(not cases_in_space(), reason="the corpus of real replies is not beside this checkout")
@pytest.mark.parametrize("case", cases_in_space(), ids=lambda case: case["id"])
def test_only_the_proven_convention_falls_on_the_sources_drawings(case: dict[str, Any]) -> None:
    source = drawing_of(CORPUS / "expected" / Path(case["expected"]).name, picture_of(case))
    boxes, camera = cuboids_in(case["reply"]), CameraIntrinsics(**case["camera"])
    shares = {
        name: source.share_at_figure_size(project_all(boxes, camera, convention).lines.tolist())
        for name, convention in ANGLE_CONVENTIONS.items()
    }
    best = shares.pop(HALF_TURNS_XYZ.name)
    assert best >= 0.92
    assert best > 2 * max(shares.values())
