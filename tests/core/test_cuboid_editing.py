from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from qwvis_desktop.core.annotation import Cuboid
from qwvis_desktop.core.camera import (
    ANGLE_CONVENTIONS,
    EDGES,
    NEAR,
    AngleConvention,
    CameraIntrinsics,
    Vector,
    projected_bounds,
)
from qwvis_desktop.core.cuboid_editing import (
    FACES,
    SMALLEST,
    Face,
    along_line,
    at_depth,
    axes,
    corners_of,
    face_center,
    facing_camera,
    from_box,
    gap,
    heading,
    moved,
    moved_on_ground,
    on_plane,
    ray,
    resized_face,
    standing_up,
    tilt,
    turned,
    with_angles_in,
    with_numbers,
)
from qwvis_desktop.core.geometry import Box, Point

CAMERA = CameraIntrinsics(500.0, 400.0, 320.0, 240.0)
BOX = Cuboid(label="car", center=(1.0, 0.5, 8.0), size=(4.0, 1.5, 1.8), angles=(0.0, 0.0, 0.0))


def lengths(low: float, high: float) -> st.SearchStrategy[float]:
    return st.floats(low, high, allow_nan=False)


conventions = st.sampled_from(list(ANGLE_CONVENTIONS.values()))
cuboids = st.builds(
    Cuboid,
    center=st.tuples(lengths(-20, 20), lengths(-5, 5), lengths(-5, 60)),
    size=st.tuples(*[lengths(0.05, 6)] * 3),
    angles=st.tuples(*[lengths(-1.5, 1.5)] * 3),
)


def placed(cuboid: Cuboid, convention: AngleConvention) -> np.ndarray:
    return np.array(corners_of(cuboid, convention))


class TestMoving:
    @given(cuboid=cuboids, shift=st.tuples(*[lengths(-9, 9)] * 3), convention=conventions)
    def test_all_corners_move_alike(self, cuboid: Cuboid, shift: Vector, convention: AngleConvention) -> None:
        after = placed(moved(cuboid, *shift), convention)
        np.testing.assert_allclose(after, placed(cuboid, convention) + shift, atol=1e-9)

    def test_what_else_it_is_stays(self) -> None:
        after = moved(BOX, 1, 0, 0)
        assert (after.id, after.label, after.size) == (BOX.id, "car", BOX.size)

    def test_level_ground_keeps_the_height(self) -> None:
        assert moved_on_ground(BOX, 2, 3).center == (3.0, 0.5, 11.0)

    @given(cuboid=cuboids, dx=lengths(-5, 5), dz=lengths(-5, 5), convention=conventions)
    def test_the_way_lies_in_the_ground(
        self, cuboid: Cuboid, dx: float, dz: float, convention: AngleConvention
    ) -> None:
        up = standing_up(cuboid, convention)
        assume(abs(up[1]) > 0.1)
        way = np.subtract(moved_on_ground(cuboid, dx, dz, up).center, cuboid.center)
        assert (way[0], way[2]) == pytest.approx((dx, dz), abs=1e-9)
        assert np.dot(way, up) == pytest.approx(0, abs=1e-9)

    def test_a_wall_is_no_ground(self) -> None:
        assert moved_on_ground(BOX, 2, 3, (1.0, 0.01, 0.0)).center == (3.0, 0.5, 11.0)

    @given(cuboid=cuboids, depth=lengths(0.1, 100))
    def test_in_depth_the_middle_stays_in_the_picture(self, cuboid: Cuboid, depth: float) -> None:
        assume(cuboid.center[2] > 0.1)
        after = at_depth(cuboid, depth)
        assert after.center[2] == depth
        assert CAMERA.project(after.center) == pytest.approx(CAMERA.project(cuboid.center), abs=1e-6)

    def test_depth_is_before_the_camera(self) -> None:
        assert at_depth(BOX, -3).center[2] == NEAR
        assert at_depth(moved(BOX, 0, 0, -10), 4).center == (1.0, 0.5, 4.0)


class TestTurning:
    @given(cuboid=cuboids, degrees=lengths(-720, 720), convention=conventions)
    def test_it_stands_where_it_stood(self, cuboid: Cuboid, degrees: float, convention: AngleConvention) -> None:
        after = turned(cuboid, degrees, convention)
        assert (after.center, after.size) == (cuboid.center, cuboid.size)
        np.testing.assert_allclose(axes(after, convention)[1], axes(cuboid, convention)[1], atol=1e-9)
        lengthwise = np.dot(axes(after, convention)[0], axes(cuboid, convention)[0])
        assert lengthwise == pytest.approx(math.cos(math.radians(degrees)), abs=1e-9)

    @given(degrees=lengths(-179, 179), start=lengths(-1, 1), convention=conventions)
    def test_counter_clockwise_from_above(self, degrees: float, start: float, convention: AngleConvention) -> None:
        upright = turned(BOX, start, convention)
        turn = heading(turned(upright, degrees, convention), convention) - heading(upright, convention)
        assert math.remainder(turn - degrees, 360) == pytest.approx(0, abs=1e-6)

    def test_of_a_box_that_is_written_upside_down(self) -> None:
        # Half a turn about its length: the same box in space, its height counted downwards.
        flipped = replace(BOX, angles=(1.0, 0.0, 0.0))
        assert heading(turned(flipped, 30)) == pytest.approx(30)

    def test_a_turn_and_back_gives_the_same_numbers(self) -> None:
        written = replace(BOX, angles=(0.75, 0.49, 0.75))  # the corpus's driving: close to where angles lock
        again = turned(turned(written, 20), -20)
        assert again.angles == pytest.approx(written.angles, abs=1e-6)

    @given(cuboid=cuboids, old=conventions, new=conventions)
    def test_the_same_box_in_another_convention(
        self, cuboid: Cuboid, old: AngleConvention, new: AngleConvention
    ) -> None:
        np.testing.assert_allclose(placed(with_angles_in(cuboid, old, new), new), placed(cuboid, old), atol=1e-6)


class TestResizing:
    @given(cuboid=cuboids, face=st.sampled_from(FACES), metres=lengths(-10, 10), convention=conventions)
    def test_the_opposite_face_stays(
        self, cuboid: Cuboid, face: Face, metres: float, convention: AngleConvention
    ) -> None:
        after = resized_face(cuboid, face, metres, convention)
        kept = list(face.opposite.corners)
        np.testing.assert_allclose(placed(after, convention)[kept], placed(cuboid, convention)[kept], atol=1e-9)
        assert after.size[face.axis] == pytest.approx(max(cuboid.size[face.axis] + metres, SMALLEST))
        others = [axis for axis in range(3) if axis != face.axis]
        assert [after.size[axis] for axis in others] == [cuboid.size[axis] for axis in others]

    def test_faces_are_rings_of_edges(self) -> None:
        edges = {frozenset(edge) for edge in EDGES}
        for face in FACES:
            ring = face.corners
            assert len(set(ring)) == 4
            assert all(frozenset((ring[i], ring[i - 1])) in edges for i in range(4))
            assert set(ring) | set(face.opposite.corners) == set(range(8))

    @given(cuboid=cuboids, face=st.sampled_from(FACES), convention=conventions)
    def test_the_middle_of_a_face(self, cuboid: Cuboid, face: Face, convention: AngleConvention) -> None:
        ring = placed(cuboid, convention)[list(face.corners)]
        np.testing.assert_allclose(face_center(cuboid, face, convention), ring.mean(axis=0), atol=1e-9)

    def test_faces_that_are_seen(self) -> None:
        before = Cuboid(center=(0.0, 0.0, 5.0), size=(1.0, 1.0, 1.0), angles=(0.0, 0.0, 0.0))
        assert facing_camera(before) == (Face(2, -1),)
        assert set(facing_camera(moved(before, 3, -3, 0))) == {Face(2, -1), Face(0, -1), Face(1, 1)}
        assert facing_camera(moved(before, 0, 0, -5)) == ()


class TestNumbers:
    def test_nine(self) -> None:
        after = with_numbers(BOX, (1, 2, 3, 4, 5, 6, 7, 8, 9))
        assert (after.center, after.size, after.angles) == ((1, 2, 3), (4, 5, 6), (7, 8, 9))
        assert after.id == BOX.id

    @pytest.mark.parametrize(
        ("numbers", "why"),
        [
            ((1.0,) * 8, "not 8"),
            ((1.0,) * 10, "not 10"),
            ((1, 1, math.nan, 1, 1, 1, 0, 0, 0), "not finite"),
            ((1, 1, 1, 1, 1, 1, 0, 0, math.inf), "not finite"),
            ((1, 1, 1, 1, 0, 1, 0, 0, 0), "greater than 0"),
            ((1, 1, 1, 1, 1, -1, 0, 0, 0), "greater than 0"),
            ((1, 1, 1e9, 1, 1, 1, 0, 0, 0), "farther"),
        ],
    )
    def test_no_box(self, numbers: tuple[float, ...], why: str) -> None:
        with pytest.raises(ValueError, match=why):
            with_numbers(BOX, numbers)


class TestFromBox:
    @given(
        left=lengths(0, 900),
        top=lengths(0, 900),
        width=lengths(2, 600),
        height=lengths(2, 600),
        depth=lengths(0.2, 80),
    )
    def test_it_is_seen_in_the_box(self, left: float, top: float, width: float, height: float, depth: float) -> None:
        box = Box(left, top, left + width, top + height)
        cuboid = from_box(box, depth, CAMERA, label="x")
        assert cuboid.center[2] == depth
        assert min(cuboid.size) > 0
        seen = projected_bounds(cuboid, CAMERA)
        assert seen is not None
        assert (seen.left, seen.top, seen.right, seen.bottom) == pytest.approx(
            (box.left, box.top, box.right, box.bottom), abs=1e-6
        )

    def test_as_thick_as_wide(self) -> None:
        cuboid = from_box(Box(300, 230, 340, 250), 5.0, CAMERA)
        assert cuboid.size[2] == pytest.approx(cuboid.size[0])

    def test_of_a_size_that_is_given(self) -> None:
        cuboid = from_box(Box(400, 200, 500, 300), 10.0, CAMERA, (4.0, 1.5, 2.0), label="car")
        assert (cuboid.size, cuboid.label) == ((4.0, 1.5, 2.0), "car")
        assert CAMERA.project(cuboid.center) == pytest.approx((450, 250))

    @pytest.mark.parametrize("depth", [0.0, -1.0, math.nan, math.inf])
    def test_no_depth(self, depth: float) -> None:
        with pytest.raises(ValueError, match="depth"):
            from_box(Box(0, 0, 9, 9), depth, CAMERA)

    def test_no_area(self) -> None:
        with pytest.raises(ValueError, match="no area"):
            from_box(Box(5, 5, 5, 9), 3.0, CAMERA)


class TestMeasures:
    def test_heading_and_tilt(self) -> None:
        assert (heading(BOX), tilt(BOX)) == (0, 0)
        assert heading(replace(BOX, angles=(0.0, 0.5, 0.0))) == pytest.approx(-90)  # towards the camera
        assert tilt(replace(BOX, angles=(0.25, 0.0, 0.0))) == pytest.approx(45)
        assert tilt(replace(BOX, angles=(1.0, 0.0, 0.0))) == pytest.approx(0, abs=1e-9)
        assert heading(replace(BOX, angles=(0.0, 0.0, 0.5))) == 0  # its length stands up

    def test_gap_of_boxes_side_by_side(self) -> None:
        found = gap(BOX, moved(BOX, 6, 0, 0))
        assert found == pytest.approx((2.0, 6.0))

    def test_gap_of_crossed_edges(self) -> None:
        # Two long rods, one along x, one along z turned upright on its edge, 1 m between their edges.
        rod = Cuboid(center=(0.0, 0.0, 10.0), size=(10.0, 2**0.5, 2**0.5), angles=(0.25, 0.0, 0.0))
        other = Cuboid(center=(0.0, 3.0, 10.0), size=(2**0.5, 2**0.5, 10.0), angles=(0.0, 0.0, 0.25))
        assert gap(rod, other).nearest == pytest.approx(1.0)

    def test_boxes_that_pierce_each_other_without_a_corner_inside(self) -> None:
        rod = Cuboid(center=(0.0, 0.0, 10.0), size=(10.0, 0.2, 0.2), angles=(0.0, 0.0, 0.0))
        plate = Cuboid(center=(0.0, 0.0, 10.0), size=(0.2, 5.0, 5.0), angles=(0.0, 0.0, 0.0))
        assert gap(rod, plate).nearest == 0

    @given(a=cuboids, b=cuboids, convention=conventions)
    def test_no_pair_of_points_is_nearer(self, a: Cuboid, b: Cuboid, convention: AngleConvention) -> None:
        found = gap(a, b, convention)
        assert found == pytest.approx(gap(b, a, convention), abs=1e-9)
        assert found.nearest <= found.centers
        # Projecting to and fro between two convex bodies comes down to their distance.
        point = np.array(a.center)
        for _ in range(30):
            for cuboid in (b, a):
                own = np.array(axes(cuboid, convention))
                half = np.array(cuboid.size) / 2
                point, before = np.clip(own @ (point - cuboid.center), -half, half) @ own + cuboid.center, point
        assert found.nearest <= float(np.linalg.norm(point - before)) + 1e-9


class TestRays:
    @given(x=lengths(-50, 700), y=lengths(-50, 700), depth=lengths(0.1, 90))
    def test_a_ray_goes_through_what_is_seen_there(self, x: float, y: float, depth: float) -> None:
        direction = ray(Point(x, y), CAMERA)
        assert CAMERA.project((direction[0] * depth, direction[1] * depth, depth)) == pytest.approx((x, y))

    def test_on_the_ground(self) -> None:
        # 1.5 m below the camera; 150 pixels below the horizon at a focal length of 400.
        met = on_plane(ray(Point(320, 390), CAMERA), (0.0, 1.5, 7.0))
        assert met == pytest.approx((0.0, 1.5, 4.0))

    @pytest.mark.parametrize("y", [240, 100])
    def test_the_sky_is_not_on_the_ground(self, y: float) -> None:
        assert on_plane(ray(Point(320, y), CAMERA), (0.0, 1.5, 7.0)) is None

    @given(cuboid=cuboids, share=lengths(-3, 3), convention=conventions)
    def test_a_point_of_a_line_is_found_again(self, cuboid: Cuboid, share: float, convention: AngleConvention) -> None:
        axis = axes(cuboid, convention)[0]
        place = np.add(cuboid.center, np.multiply(axis, share))
        assume(place[2] > 0.2)
        direction = ray(CAMERA.project((place[0], place[1], place[2])), CAMERA)
        found = along_line(direction, cuboid.center, axis)
        slant = abs(np.dot(direction, axis)) / np.linalg.norm(direction)
        assume(slant < 0.999)
        assert found == pytest.approx(share, abs=1e-4)

    def test_along_the_ray_nothing_is_known(self) -> None:
        assert along_line((0.0, 0.0, 1.0), (1.0, 0.0, 3.0), (0.0, 0.0, -1.0)) is None
