"""core.camera_files: what a file says; fitting it to a picture is tested with ``core.calibration``."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qwvis_desktop.core.camera_files import CameraEntry, NoCamera, find_camera
from qwvis_desktop.core.geometry import Size

SIZE = Size(640, 480)
NUMBERS = (500.0, 510.0, 320.0, 240.0)
ROWS = [[500, 0, 320], [0, 510, 240], [0, 0, 1]]
FLAT = [500, 0, 320, 0, 510, 240, 0, 0, 1]
COLUMNS = [500, 0, 0, 0, 510, 0, 320, 240, 1]


@pytest.mark.parametrize(
    ("text", "kind", "size"),
    [
        (json.dumps({"fx": 500, "fy": 510, "cx": 320, "cy": 240}), "JSON", None),
        (json.dumps({"w": 640, "h": 480, "K": ROWS}), "JSON", SIZE),
        (json.dumps({"width": 640, "height": 480, "intrinsic": {"intrinsic_matrix": COLUMNS}}), "JSON", None),
        (json.dumps({"image_width": 1, "image_height": 2, "camera_matrix": {"data": FLAT}}), "JSON", Size(1, 2)),
        ("P2: 500 0 320 0 0 510 240 0 0 0 1 0", "KITTI", None),
        ("R0_rect: 1 0 0 0 1 0 0 0 1\nP2: 500 0 320 0 0 510 240 0 0 0 1 0\n", "KITTI", None),
        ("# cameras\n3 PINHOLE 640 480 500 510 320 240\n", "COLMAP", SIZE),
        (f"%YAML:1.0\n---\ncamera_matrix: !!opencv-matrix\n   data: {FLAT}\n", "OpenCV", None),
        ("image_width: 640\nimage_height: 480\nCameraMatrix:\n  data: [500,0,320,0,510,240,0,0,1]\n", "OpenCV", SIZE),
    ],
)  # fmt: skip
def test_kinds(text: str, kind: str, size: Size | None) -> None:
    assert find_camera(text, SIZE, "") == (kind, CameraEntry(NUMBERS, size))


def test_a_name_comes_before_a_size() -> None:
    cameras = [
        {"file_name": "far/a.jpg", "width": 64, "height": 48, "K": ROWS},
        {"file_name": "b.jpg", "width": 640, "height": 480, "fx": 1, "fy": 1, "cx": 2, "cy": 2},
    ]
    assert find_camera(json.dumps({"images": cameras}), SIZE, "a.jpg")[1] == CameraEntry(NUMBERS, Size(64, 48))
    assert find_camera(json.dumps({"images": cameras}), SIZE, "c.jpg")[1].numbers == (1, 1, 2, 2)


def test_many_that_are_the_same_are_one() -> None:
    cameras = [{"name": str(number), "K": ROWS} for number in range(9)]
    assert find_camera(json.dumps(cameras), SIZE, "none.jpg")[1].numbers == NUMBERS


def test_what_lies_too_deep_is_not_looked_for() -> None:
    value: object = {"K": ROWS}
    for _ in range(8):
        value = {"in": value}
    with pytest.raises(NoCamera, match="holds no camera"):
        find_camera(json.dumps(value), SIZE, "")


@pytest.mark.parametrize("rows", [[[500, 5, 320], [0, 510, 240], [0, 0, 1]], [[0, 500, 320], [510, 0, 240], [0, 0, 1]]])
def test_a_skewed_or_turned_matrix_is_none(rows: list[list[float]]) -> None:
    with pytest.raises(NoCamera, match="no camera matrix"):
        find_camera(json.dumps({"K": rows}), SIZE, "")


@given(text=st.text(max_size=200))
def test_any_text_gives_a_camera_or_a_sentence(text: str) -> None:
    try:
        find_camera(text, SIZE, "")
    except NoCamera as error:
        said = str(error)
    else:
        said = "."
    assert said.endswith(".")
