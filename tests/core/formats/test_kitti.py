from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from documents import empty_document, rich_document
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from spatial_documents import (
    CAMERA,
    CAR,
    CHAIR,
    cuboids,
    distance_of_corners,
    fresh,
    points_of,
    spatial_document,
    upright_cuboids,
)

from qwvis_desktop.core.annotation import Cuboid, Detection
from qwvis_desktop.core.camera import ANGLE_CONVENTIONS, CameraIntrinsics, projected_bounds
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.formats import kitti
from qwvis_desktop.core.geometry import Box
from qwvis_desktop.core.label_file import LabelFileError, sentences

TAXI = Cuboid(id="taxi", label="taxi", center=(2.0, 1.0, 10.0), size=(4.0, 1.5, 2.0), angles=(0.0, 0.25, 0.0))
"""Turned by 45 degrees about the vertical, to the right of the camera."""

LINE = "Car 0.25 1 -1.5 10 20 30 40 1.5 2.0 4.0 2.0 1.75 10.0 0.5"


def lines_of(document: Document) -> list[list[str]]:
    return [line.split(" ") for line in kitti.dump(document).decode().splitlines()]


def only(document: Document) -> list[str]:
    (line,) = lines_of(document)
    return line


def defined_corners(line: list[str]) -> NDArray[np.float64]:
    """Return the corners as the benchmark's description builds them: from the middle of the bottom face."""
    height, width, length, x, y, z, turn = map(float, line[8:15])
    xs = np.array([1, 1, -1, -1, 1, 1, -1, -1]) * length / 2
    ys = np.array([0, 0, 0, 0, -1, -1, -1, -1]) * height
    zs = np.array([1, -1, -1, 1, 1, -1, -1, 1]) * width / 2
    about_y = np.array([[math.cos(turn), 0, math.sin(turn)], [0, 1, 0], [-math.sin(turn), 0, math.cos(turn)]])
    corners: NDArray[np.float64] = (about_y @ np.array([xs, ys, zs])).T + np.array([x, y, z])
    return corners


def test_writes_the_values_in_the_order_of_the_benchmark() -> None:
    kind, truncated, occluded, alpha, *numbers = only(spatial_document(TAXI))
    assert (kind, truncated, occluded) == ("taxi", "-1", "-1")
    values = [float(number) for number in numbers]
    assert values[4:7] == [1.5, 2.0, 4.0]  # height, width, length
    assert values[7:10] == [2.0, 1.75, 10.0]  # the middle of the bottom face: y points down
    assert values[10] == pytest.approx(math.pi / 4)
    assert float(alpha) == pytest.approx(math.pi / 4 - math.atan2(2, 10))
    bounds = projected_bounds(TAXI, CAMERA)
    assert bounds is not None
    assert values[:4] == [bounds.left, bounds.top, bounds.right, bounds.bottom]


def test_the_turn_follows_the_length_axis_where_angles_are_no_plain_yaw() -> None:
    """The car of the drive: 135, 88 and 135 degrees about x, y and z; it drives away from the camera."""
    line = only(spatial_document(CAR))
    assert [float(value) for value in line[8:11]] == [1.7, 1.84, 4.45]
    assert math.degrees(float(line[14])) == pytest.approx(91.3, abs=0.3)


@given(upright_cuboids)
def test_a_box_that_stands_upright_keeps_its_corners(cuboid: Cuboid) -> None:
    document = spatial_document(cuboid)
    expected = defined_corners(only(document))
    ours = np.array(points_of(cuboid, document))
    assert max(np.abs(expected - corner).max(axis=1).min() for corner in ours) < 1e-6
    (read,) = kitti.load(kitti.dump(document).decode(), fresh(document)).annotations
    assert isinstance(read, Cuboid)
    assert distance_of_corners(cuboid, read, document) < 1e-6


@given(cuboids, st.sampled_from(list(ANGLE_CONVENTIONS)))
def test_all_that_the_format_holds_comes_back(cuboid: Cuboid, convention: str) -> None:
    document = spatial_document(cuboid, convention=convention)
    written = kitti.dump(document).decode()
    read = kitti.load(written, fresh(document), kitti.dump_camera(document).decode())
    assert read.camera == CAMERA
    (found,) = read.annotations
    assert isinstance(found, Cuboid)
    assert found.center == pytest.approx(cuboid.center, abs=1e-6)
    assert sorted(found.size) == pytest.approx(sorted(cuboid.size), abs=1e-6)
    assert found.score == cuboid.score
    assert kitti.tilt_of(found, document.convention) == pytest.approx(0.0, abs=1e-5)
    twin = fresh(document)
    twin.set_camera(CAMERA)
    twin.add([found])
    again = [line.split(" ") for line in kitti.dump(twin).decode().splitlines()]
    assert [float(value) for value in again[0][8:14]] == pytest.approx([float(v) for v in written.split(" ")[8:14]])


@given(cuboids)
def test_every_line_can_be_read_by_splitting_at_spaces(cuboid: Cuboid) -> None:
    (line,) = kitti.dump(spatial_document(cuboid)).decode().splitlines()
    values = line.split(" ")
    assert len(values) == (15 if cuboid.score is None else 16)
    assert values[0]
    assert all(math.isfinite(float(value)) for value in values[1:])
    assert abs(float(values[3])) <= math.pi + 1e-9
    assert abs(float(values[14])) <= math.pi + 1e-9


def test_flat_boxes_end_at_the_picture_and_are_unknown_where_nothing_is_seen() -> None:
    near = replace(TAXI, center=(0.0, 0.0, 2.5))
    away = replace(TAXI, id="away", center=(0.0, 0.0, -9.0))
    seen, gone = lines_of(spatial_document(near, away))
    assert [float(value) for value in seen[4:8]] == [0.0, pytest.approx(0, abs=40), 640.0, pytest.approx(480, abs=40)]
    assert gone[4:8] == ["-1", "-1", "-1", "-1"]


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        *(("black chair", "black_chair"), (" a\tb\r\n", "a_b"), ("", "Misc"), ("\x00", "Misc"), ("猫", "猫")),
        *(("DontCare", "Misc"), ("dontcare", "Misc"), ("a\u2028b", "a_b"), ("\ud800", "?")),
    ],
)
def test_labels_become_one_word(label: str, kind: str) -> None:
    document = spatial_document(replace(TAXI, label=label))
    assert only(document)[0] == kind
    assert kitti.losses(document)[2][0] == (label != kind)


def test_scores_are_written_where_all_boxes_have_one() -> None:
    scored = replace(TAXI, score=0.5)
    assert only(spatial_document(scored))[15] == "0.5"
    mixed = spatial_document(scored, CAR)
    assert [len(line) for line in lines_of(mixed)] == [15, 15]
    assert "Left out: the score of 1 box, as others have none." in sentences(kitti.losses(mixed))


def test_says_what_is_lost_with_numbers() -> None:
    document = spatial_document(CHAIR, replace(CHAIR, id="b", angles=(0.0, 0.25, 0.25)), TAXI)
    assert sentences(kitti.losses(document)) == (
        "Left out: the tilt of 2 boxes (up to 45.0 degrees).",
        "Left out: the exact labels of 2 boxes.",
        "Left out: further attributes of 2 boxes.",
        "Left out: the scores of 2 boxes, as others have none.",
        "Left out: the model's own numbers of 2 boxes and their places in the reply.",
    )
    assert sentences(kitti.losses(rich_document()))[0] == "Left out: 8 annotations that are no boxes in space."
    assert sentences(kitti.losses(spatial_document(TAXI))) == ()
    assert kitti.dump(empty_document()) == b""


def test_the_camera_stands_where_readers_look_for_it() -> None:
    rows = dict(line.split(": ") for line in kitti.dump_camera(spatial_document()).decode().splitlines())
    assert list(rows) == ["P0", "P1", "P2", "P3", "R0_rect", "Tr_velo_to_cam", "Tr_imu_to_velo"]
    matrix = np.array(rows["P2"].split(), float).reshape(3, 4)
    assert matrix.tolist() == [[500.0, 0, 321.5, 0], [0, 510.0, 240.25, 0], [0, 0, 1, 0]]
    laser = np.array(rows["Tr_velo_to_cam"].split(), float).reshape(3, 4)
    assert (laser @ [5, 2, 1, 1]).tolist() == [-2, -1, 5]  # 5 m ahead, 2 m left, 1 m up
    assert np.array(rows["R0_rect"].split(), float).reshape(3, 3).tolist() == np.eye(3).tolist()
    assert np.array(rows["Tr_imu_to_velo"].split(), float).reshape(3, 4).tolist() == np.eye(3, 4).tolist()
    assert laser[:, 3].tolist() == [0, 0, 0]
    assert rows["P0"] == rows["P1"] == rows["P2"] == rows["P3"]


def test_reads_a_line_and_keeps_what_is_known_of_hiding() -> None:
    document = empty_document()
    read = kitti.load(f"\ufeff{LINE}\r\n\r\n", document)
    (car,) = read.annotations
    assert isinstance(car, Cuboid)
    assert (car.label, car.center, car.size) == ("Car", (2.0, 1.0, 10.0), (4.0, 1.5, 2.0))
    assert car.angles == pytest.approx((0.0, 0.5 / math.pi, 0.0), abs=1e-12)
    assert (car.attributes, car.score) == ({"truncated": 0.25, "occluded": 1}, None)
    assert read.left_out == ("Left out: the flat box of 1 object, which follows from its box in space.",)
    document.add(read.annotations)
    assert only(document)[:3] == ["Car", "0.25", "1"]
    assert sentences(kitti.losses(document)) == ()


@pytest.mark.parametrize("value", [-0.5, 1.5, "0.5", True, None, math.nan])
def test_an_impossible_share_is_unknown(value: float | str | bool | None) -> None:
    document = spatial_document(replace(TAXI, attributes={"truncated": value}))
    assert only(document)[1] == "-1"
    assert sentences(kitti.losses(document)) == ("Left out: further attributes of 1 box.",)


@pytest.mark.parametrize(
    ("name", "value", "written"),
    [
        *(("truncated", 0.0, "0.0"), ("truncated", 1, "1.0"), ("truncated", 1.01, "-1"), ("truncated", -0.01, "-1")),
        *(("occluded", 0, "0"), ("occluded", 3.0, "3"), ("occluded", 4, "-1"), ("occluded", 1.5, "-1")),
    ],
)
def test_hiding_is_written_where_it_is_possible(name: str, value: float, written: str) -> None:
    document = spatial_document(replace(TAXI, attributes={name: value}))
    assert only(document)[1 if name == "truncated" else 2] == written
    (again,) = kitti.load(kitti.dump(document).decode(), empty_document()).annotations
    assert again.attributes == ({} if written == "-1" else {name: value})


def test_places_move_into_the_camera_that_took_the_picture() -> None:
    """``P2`` of the benchmark's car: 6 cm to the left of the camera that places are given in."""
    calib = "P2: 700 0 600 44.8 0 700 180 0.2 0 0 1 0.003\nR0_rect: 1 0 0 0 1 0 0 0 1\n"
    read = kitti.load(LINE, empty_document(), calib)
    assert read.camera == CameraIntrinsics(700, 700, 600, 180)
    (car,) = read.annotations
    assert isinstance(car, Cuboid)
    matrix = np.array([[700, 0, 600, 44.8], [0, 700, 180, 0.2], [0, 0, 1, 0.003]])
    u, v, w = matrix @ [2.0, 1.0, 10.0, 1.0]
    assert read.camera.project(car.center) == pytest.approx((u / w, v / w))


def test_regions_are_left_out_and_flat_objects_are_boxes() -> None:
    flat = "Van -1 -1 -10 10 20 700 40 -1 -1 -1 -1000 -1000 -1000 -10 0.75"
    region = "DontCare -1 -1 -10 1 2 3 4 -1 -1 -1 -1000 -1000 -1000 -10"
    read = kitti.load(f"{region}\n{flat}\n{region}\n", empty_document())
    (van,) = read.annotations
    assert isinstance(van, Detection)
    assert (van.label, van.box, van.score, van.attributes) == ("Van", Box(10.0, 20.0, 640.0, 40.0), 0.75, {})
    assert read.left_out == ("Left out: 2 regions marked DontCare.",)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (LINE + " 1 2", "15 or 16 values, not 17"),
        (LINE.replace("0.5", "nan"), "not a number"),
        (LINE.replace("0.5", "x"), "could not convert"),
        (LINE.replace("4.0", "0"), "greater than 0"),
        (LINE.replace("1.5 2.0 4.0", "-1 -1 -1").replace("30", "5"), "neither a box in space nor a flat one"),
        (LINE.replace("10.0", "1e99"), "not a number"),
    ],
)
def test_a_bad_line_is_said_and_the_others_stay(line: str, words: str) -> None:
    read = kitti.load(f"{LINE}\n{line}\n", empty_document())
    assert len(read.annotations) == 1
    assert read.left_out[0].startswith("Left out: 1 object that could not be read (number 2: ")
    assert words in read.left_out[0]


@pytest.mark.parametrize(
    "calib",
    [
        *("", "P2: 1 2 3", "P2: x" * 12, "fx = 5", "P2: 0 0 1 0 0 1 1 0 0 0 1 0"),
        *("P2: 1 0 1 0 0 1 1 0 0 0 2 0", "P2: 1 0.1 1 0 0 1 1 0 0 0 1 0"),
    ],
)
def test_a_bad_file_of_the_camera_is_said_and_the_boxes_stay(calib: str) -> None:
    read = kitti.load(LINE, empty_document(), calib)
    assert len(read.annotations) == 1
    assert read.camera is None
    (box,) = read.annotations
    assert isinstance(box, Cuboid)
    assert box.center == (2.0, 1.0, 10.0)
    assert "no line P2 that can be used" in read.left_out[-1]


def test_other_files_are_refused() -> None:
    with pytest.raises(LabelFileError, match="the first here has 3"):
        kitti.load("no label file\n", empty_document())
    with pytest.raises(LabelFileError, match="No object"):
        kitti.load(LINE.replace("4.0", "0"), empty_document())
    assert kitti.load("", empty_document()).annotations == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [(LINE, True), (f"\n{LINE} 0.9\nx", True), ("", False), ("P2: " + "1 " * 12, False), ("a " * 15, False)],
)
def test_is_recognised_by_its_first_line(text: str, expected: bool) -> None:
    assert kitti.is_labels(text) is expected
