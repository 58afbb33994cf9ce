import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qwvis_desktop.core.annotation import Cuboid
from qwvis_desktop.core.camera import (
    HALF_TURNS_XYZ,
    NEAR,
    CameraIntrinsics,
    visible_edges,
)
from qwvis_desktop.core.geometry import Point, Size
from qwvis_desktop.ui.canvas.hit_test import marks_at
from qwvis_desktop.ui.canvas.painting.scene import Scene
from qwvis_desktop.ui.canvas.painting.seen_cuboids import FACE_CORNERS, NOWHERE, SeenCuboids

SIZE = Size(400, 300)
CAMERA = CameraIntrinsics(300.0, 300.0, 200.0, 150.0)
NEAR_BOX = Cuboid(id="near", label="dog", center=(0.0, 0.0, 3.0), size=(1.0, 1.0, 1.0), angles=(0.0, 0.0, 0.0))
FAR_BOX = Cuboid(id="far", label="cat", center=(0.0, 0.0, 6.0), size=(1.0, 1.0, 1.0), angles=(0.0, 0.0, 0.0))
BESIDE = Cuboid(id="beside", label="wall", center=(1.0, 0.0, 0.5), size=(0.5, 1.0, 4.0), angles=(0.0, 0.0, 0.0))
ROOM = Cuboid(id="room", label="room", center=(0.0, 0.0, 1.0), size=(6.0, 4.0, 8.0), angles=(0.0, 0.0, 0.0))


def seen_of(*cuboids: Cuboid) -> SeenCuboids:
    seen = SeenCuboids(CAMERA, HALF_TURNS_XYZ)
    seen.append(cuboids)
    return seen


def scene_of(*cuboids: Cuboid) -> Scene:
    scene = Scene(SIZE, CAMERA)
    scene.append(cuboids)
    return scene


METRES = st.floats(-8, 8)
CUBOIDS = st.builds(
    Cuboid,
    center=st.tuples(METRES, METRES, st.floats(-4, 30)),
    size=st.tuples(*[st.floats(0.05, 6)] * 3),
    angles=st.tuples(*[st.floats(-1, 1)] * 3),
)


@given(st.lists(CUBOIDS, max_size=6))
def test_lines_are_those_of_the_camera(cuboids: list[Cuboid]) -> None:
    seen = SeenCuboids(CAMERA, HALF_TURNS_XYZ)
    in_front = seen.append(cuboids).tolist()
    expected = [visible_edges(each, CAMERA) for each in cuboids]
    assert in_front == [bool(edges) for edges in expected]
    for row, edges in enumerate(edges for edges in expected if edges):
        found = seen.lines_of(row)
        assert np.allclose(np.array(found), np.array(edges), rtol=1e-9, atol=1e-6)


@given(CUBOIDS)
def test_an_edge_is_hidden_where_the_sight_to_it_goes_through_the_box(cuboid: Cuboid) -> None:
    seen = seen_of(cuboid)
    if not len(seen):
        return
    corners = seen.corners[0]
    middle = corners.mean(axis=0)
    halves = np.stack([(corners[0] - corners[bit]) / 2 for bit in (4, 2, 1)])
    lengths = np.linalg.norm(halves, axis=1)
    axes = halves / lengths[:, None]
    own = axes @ -middle / lengths
    if (np.abs(np.abs(own) - 1) < 1e-3).any():
        return  # the camera lies in the plane of a face, which is seen edge on
    if (np.abs(own) < 1).all():
        assert int(seen.front[0]) == NOWHERE
        assert not seen.hidden[0].any()
        return
    for (first, second), hidden in zip(
        ((a, a | bit) for bit in (1, 2, 4) for a in range(8) if not a & bit), seen.hidden[0].tolist(), strict=True
    ):
        # A place just before the edge, on the way from the camera: inside the box where the edge is hidden.
        place = (corners[first] + corners[second]) / 2
        before = axes @ (place * (1 - 1e-6) - middle) / lengths
        assert hidden == bool((np.abs(before) < 1).all())


def test_faces_are_cut_at_the_near_plane_and_never_mirrored() -> None:
    seen = seen_of(BESIDE)
    assert (seen.corners[0][:, 2] < NEAR).any()
    for place in range(len(FACE_CORNERS)):
        outline = seen.face(0, place)
        # All of the wall stands to the right of the camera, and so must all that is seen of it.
        assert all(point.x > CAMERA.cx for point in outline)
    assert any(seen.face(0, place) for place in range(6))


def test_the_front_is_the_face_towards_the_camera() -> None:
    outline = seen_of(NEAR_BOX).front_face(0)
    assert {(round(x), round(y)) for x, y in outline} == {(140, 90), (260, 90), (140, 210), (260, 210)}
    assert seen_of(ROOM).front_face(0) == ()


def test_another_camera_moves_marks_and_hits() -> None:
    scene = scene_of(FAR_BOX, NEAR_BOX)
    former = scene.bounds.copy()
    scene.look_through(CameraIntrinsics(600.0, 600.0, 200.0, 150.0))
    assert np.allclose(scene.bounds[:, 2] - scene.bounds[:, 0], 2 * (former[:, 2] - former[:, 0]))
    assert scene.marks[0].bounds.width == pytest.approx(2 * (former[0, 2] - former[0, 0]))
    assert [scene.marks[place].annotation.id for place in marks_at(scene, Point(80.5, 150), 4)] == ["near"]
