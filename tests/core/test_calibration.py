from __future__ import annotations

import io
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from PIL import Image

from qwvis_desktop.core.annotation import Cuboid
from qwvis_desktop.core.calibration import (
    CalibrationError,
    camera_from_exif,
    fit_camera,
    read_calibration,
)
from qwvis_desktop.core.camera import ANGLE_CONVENTIONS, CameraIntrinsics, projected_bounds
from qwvis_desktop.core.geometry import Box, Size
from qwvis_desktop.core.media.image import ImageMedia, MediaError, open_image

SIZE = Size(640, 480)
CAMERA = CameraIntrinsics(554.26, 415.69, 320.0, 240.0)

MATRIX = [[554.26, 0, 320], [0, 415.69, 240], [0, 0, 1]]

KITTI = """P0: 721.5377 0 609.5593 0 0 721.5377 172.854 0 0 0 1 0
P1: 721.5377 0 609.5593 -387.5744 0 721.5377 172.854 0 0 0 1 0
P2: 7.215377e+02 0.000000e+00 6.095593e+02 4.485728e+01 0.000000e+00 7.215377e+02 1.728540e+02 2.163791e-01 \
0.000000e+00 0.000000e+00 1.000000e+00 2.745884e-03
P3: 7.215377e+02 0 609.5593 -339.5242 0 721.5377 172.854 2.199936 0 0 1 0.002729905
R0_rect: 0.9999239 0.00983776 -0.007445048 -0.009869795 0.9999421 -0.004278459 0.007402527 0.004351614 0.9999631
"""

COLMAP = """# Camera list with one line of data per camera:
#   CAMERA_ID, MODEL, WIDTH, HEIGHT, PARAMS[]
# Number of cameras: 1
1 PINHOLE 640 480 554.26 415.69 320 240
"""

OPENCV = """%YAML:1.0
---
calibration_time: "Fri Jan 1 00:00:00 2021"
image_width: 640
image_height: 480
camera_matrix: !!opencv-matrix
   rows: 3
   cols: 3
   dt: d
   data: [ 5.5426e+02, 0., 3.2e+02, 0., 4.1569e+02,
       2.4e+02, 0., 0., 1. ]
distortion_coefficients: !!opencv-matrix
   rows: 5
   cols: 1
   dt: d
   data: [ -2.6e-01, 1.2e-01, 0., 0., 0. ]
"""

ROS = """image_width: 640
image_height: 480
camera_name: narrow
camera_matrix:
  rows: 3
  cols: 3
  data: [554.26, 0, 320, 0, 415.69, 240, 0, 0, 1]
distortion_coefficients:
  rows: 1
  cols: 5
  data: [0, 0, 0, 0, 0]
"""


def numbers(camera: CameraIntrinsics) -> tuple[float, float, float, float]:
    return camera.fx, camera.fy, camera.cx, camera.cy


class TestJson:
    @pytest.mark.parametrize(
        "value",
        [
            {"fx": 554.26, "fy": 415.69, "cx": 320.0, "cy": 240.0},
            {"camera": {"fx": 554.26, "fy": 415.69, "cx": 320, "cy": 240}},
            {"K": MATRIX},
            {"K": [554.26, 0, 320, 0, 415.69, 240, 0, 0, 1]},
            {"width": 640, "height": 480, "intrinsic_matrix": [554.26, 0, 0, 0, 415.69, 0, 320, 240, 1]},  # Open3D
            {"images": [{"file_path": "a/b.jpg", "width": 640, "height": 480, "K": MATRIX}]},
            [{"fx": "554.26", "fy": 415.69, "cx": 320.0, "cy": 240.0}],
        ],
    )  # fmt: skip
    def test_shapes(self, value: Any) -> None:
        found = read_calibration(json.dumps(value), SIZE)
        assert found.camera == CAMERA
        assert (found.kind, found.notes) == ("JSON", ())

    def test_the_corpus_own(self, corpus: Path) -> None:
        cases = json.loads((corpus / "cases.json").read_text(encoding="utf-8"))
        seen = [case for case in cases if case.get("camera")]
        assert seen
        for case in seen:
            found = read_calibration(json.dumps(case["camera"]), Size(*case["image_size"]))
            assert found.camera == CameraIntrinsics(**case["camera"])
            assert found.notes == ()

    def test_of_several_that_with_the_pictures_name(self) -> None:
        other = {"fx": 1266.4, "fy": 1266.4, "cx": 816.3, "cy": 491.5}
        text = json.dumps({"driving.jpg": {"camera": other}, "bottle.jpg": {"cam_params": {"K": MATRIX}}})
        assert read_calibration(text, SIZE, "bottle.jpg").camera == CAMERA
        assert read_calibration(text, Size(1600, 900), "driving.png").camera == CameraIntrinsics(**other)
        with pytest.raises(CalibrationError, match="holds 2 cameras"):
            read_calibration(text, SIZE, "sofa.jpg")

    def test_of_several_that_with_the_pictures_size(self) -> None:
        images = [
            {"name": str(n), "width": w, "height": h, "fx": f, "fy": f, "cx": w / 2, "cy": h / 2}
            for n, (w, h, f) in enumerate([(640, 480, 500), (1600, 900, 1200)])
        ]
        assert read_calibration(json.dumps(images), SIZE, "x.jpg").camera == CameraIntrinsics(500, 500, 320, 240)

    def test_made_for_another_size(self) -> None:
        value = {"width": 1280, "height": 960, "fx": 1108.52, "fy": 831.38, "cx": 640, "cy": 480}
        found = read_calibration(json.dumps(value), SIZE)
        assert found.camera == CAMERA
        assert "scaled to 640x480" in found.notes[0]

    def test_made_for_another_shape(self) -> None:
        value = {"width": 1600, "height": 900, "fx": 1108.52, "fy": 831.38, "cx": 800, "cy": 450}
        with pytest.raises(CalibrationError, match="another shape"):
            read_calibration(json.dumps(value), SIZE)

    def test_a_middle_that_is_far_off_is_told(self) -> None:
        # The makers' own list keeps this camera, of a picture of 1024x768, under the name of one of 640x480.
        found = read_calibration('{"fx": 866.27, "fy": 866.27, "cx": 512, "cy": 384}', SIZE)
        assert numbers(found.camera) == (866.27, 866.27, 512, 384)
        assert "may belong to another" in found.notes[0]

    @pytest.mark.parametrize(
        ("text", "why"),
        [
            ('{"fx": 0, "fy": 1, "cx": 1, "cy": 1}', "greater than 0"),
            ('{"fx": -5, "fy": 1, "cx": 1, "cy": 1}', "greater than 0"),
            ('{"fx": NaN, "fy": 1, "cx": 1, "cy": 1}', "no number"),
            ('{"fx": 1e999, "fy": 1, "cx": 1, "cy": 1}', "no number"),
            ('{"fx": [1], "fy": 1, "cx": 1, "cy": 1}', "no number"),
            ('{"fx": true, "fy": 1, "cx": 1, "cy": 1}', "no number"),
            ('{"fx": 1, "fy": 1, "cx": 1}', "holds no camera"),
            ("{}", "holds no camera"),
            ('{"K": [1, 2, 3, 4, 5, 6, 7, 8, 9]}', "no camera matrix"),
            ('{"K": [[1, 0], [0, 1]]}', "holds no camera"),
            ('{"K": [[1, 0], [0, 1], [0, 0]]}', "holds no camera"),
            ('{"fx": 1, "fy"', "damaged"),
            ("[" * 100_000, "damaged"),
            ('{"width": 0, "height": 0, "fx": 1, "fy": 1, "cx": 1, "cy": 1}', "another shape"),
        ],
    )  # fmt: skip
    def test_no_camera(self, text: str, why: str) -> None:
        with pytest.raises(CalibrationError, match=why):
            read_calibration(text, SIZE)


class TestKitti:
    def test_p2(self) -> None:
        found = read_calibration(KITTI, Size(1242, 375))
        assert numbers(found.camera) == (721.5377, 721.5377, 609.5593, 172.854)
        assert found.kind == "KITTI"
        assert found.notes == ("Its shift of 0.060 m against the first camera is left out.",)

    def test_the_raw_recordings_name(self) -> None:
        text = "calib_time: 09-Jan-2012 13:57:47\nP_rect_02: 700 0 600 0 0 700 170 0 0 0 1 0\n"
        found = read_calibration(text, Size(1242, 375))
        assert numbers(found.camera) == (700, 700, 600, 170)
        assert found.notes == ()

    @pytest.mark.parametrize(
        ("text", "why"),
        [
            ("P0: 1 0 1 0 0 1 1 0 0 0 1 0\n", 'no line "P2:"'),
            ("P2: 1 0 1 0 0 1 1 0 0 0 1\n", "and this one 11"),
            ("P2: 1 0 1 0 0 one 1 0 0 0 1 0\n", "'one' is no number"),
            ("P2: 1 5 1 0 0 1 1 0 0 0 1 0\n", "no camera matrix"),
            ("P2: 0 0 1 0 0 1 1 0 0 0 1 0\n", "greater than 0"),
        ],
    )
    def test_no_camera(self, text: str, why: str) -> None:
        with pytest.raises(CalibrationError, match=why):
            read_calibration(text, SIZE)


class TestColmap:
    def test_pinhole(self) -> None:
        found = read_calibration(COLMAP, SIZE)
        assert (found.camera, found.kind, found.notes) == (CAMERA, "COLMAP", ())

    @pytest.mark.parametrize(
        ("line", "expected", "bends"),
        [
            ("1 SIMPLE_PINHOLE 640 480 500 320 240", (500, 500, 320, 240), False),
            ("1 SIMPLE_RADIAL 640 480 500 320 240 0.1", (500, 500, 320, 240), True),
            ("1 SIMPLE_RADIAL 640 480 500 320 240 0", (500, 500, 320, 240), False),
            ("1 RADIAL 640 480 500 320 240 0.1 -0.2", (500, 500, 320, 240), True),
            ("1 OPENCV 640 480 500 510 320 240 0 0 0.1 0", (500, 510, 320, 240), True),
            ("1 PINHOLE 1280 960 1000 1000 640 480", (500, 500, 320, 240), None),
        ],
    )
    def test_models(self, line: str, expected: tuple[float, ...], bends: bool | None) -> None:
        found = read_calibration(line, SIZE)
        assert numbers(found.camera) == expected
        if bends is not None:
            assert bool(found.notes) == bends
            assert all("distortion" in note for note in found.notes)

    def test_of_several_that_of_this_size(self) -> None:
        text = COLMAP + "2 PINHOLE 1600 900 1200 1200 800 450\n"
        assert read_calibration(text, SIZE).camera == CAMERA
        with pytest.raises(CalibrationError, match="several"):
            read_calibration(text, Size(320, 240))

    @pytest.mark.parametrize(
        ("line", "why"),
        [
            ("1 OPENCV_FISHEYE 640 480 500 500 320 240 0 0 0 0", "OPENCV_FISHEYE"),
            ("1 FOV 640 480 500 500 320 240 0.5", "FOV"),
            ("1 PINHOLE 640 480 500 320 240", "has 4 parameters, and this line 3"),
            ("1 PINHOLE 640 480 500 nan 320 240", "no number"),
            ("1 PINHOLE 480 640 500 500 240 320", "another shape"),
        ],
    )
    def test_no_camera(self, line: str, why: str) -> None:
        with pytest.raises(CalibrationError, match=why):
            read_calibration(line, SIZE)


class TestOpenCv:
    def test_as_opencv_writes_it(self) -> None:
        found = read_calibration(OPENCV, SIZE)
        assert (found.camera, found.kind) == (CAMERA, "OpenCV")
        assert "distortion" in found.notes[0]

    def test_as_ros_writes_it(self) -> None:
        found = read_calibration(ROS, SIZE)
        assert (found.camera, found.notes) == (CAMERA, ())

    def test_what_opencv_itself_writes(self, tmp_path: Path) -> None:
        cv2 = pytest.importorskip("cv2")
        path = tmp_path / "camera.yml"
        file = cv2.FileStorage(str(path), cv2.FILE_STORAGE_WRITE)
        file.write("image_width", 640)
        file.write("image_height", 480)
        file.write("camera_matrix", np.array([[554.26, 0, 320], [0, 415.69, 240], [0, 0, 1.0]]))
        file.write("distortion_coefficients", np.zeros((5, 1)))
        file.release()
        found = read_calibration(path, SIZE)
        assert (found.camera, found.notes) == (CAMERA, ())

    @pytest.mark.parametrize(
        ("text", "why"),
        [
            ("%YAML:1.0\n---\nother: 1\n", "has no"),
            ("%YAML:1.0\ncamera_matrix:\n  rows: 3\nother:\n  data: [1, 0, 1, 0, 1, 1, 0, 0, 1]\n", "has no"),
            ("%YAML:1.0\ncamera_matrix:\n  data: [1, 2, 3]\n", "and this one 3"),
            ("%YAML:1.0\ncamera_matrix:\n  data: [1, 0, 1, 0, .nan, 1, 0, 0, 1]\n", "no number"),
        ],
    )  # fmt: skip
    def test_no_camera(self, text: str, why: str) -> None:
        with pytest.raises(CalibrationError, match=why):
            read_calibration(text, SIZE)


class TestFiles:
    def test_a_file_with_a_byte_order_mark(self, tmp_path: Path) -> None:
        path = tmp_path / "cameras.txt"
        path.write_bytes(b"\xef\xbb\xbf" + COLMAP.encode())
        assert read_calibration(path, SIZE).camera == CAMERA

    def test_what_cannot_be_read(self, tmp_path: Path) -> None:
        with pytest.raises(CalibrationError, match="cannot be read"):
            read_calibration(tmp_path / "none.txt", SIZE)
        with pytest.raises(CalibrationError, match="cannot be read"):
            read_calibration(tmp_path, SIZE)
        (tmp_path / "a.jpg").write_bytes(b"\xff\xd8\xff")
        with pytest.raises(CalibrationError, match="is no text"):
            read_calibration(tmp_path / "a.jpg", SIZE)

    def test_what_is_far_too_large_is_not_read(self, tmp_path: Path) -> None:
        with (tmp_path / "a.json").open("wb") as file:
            file.truncate(64_000_001)
        with pytest.raises(CalibrationError, match="too large"):
            read_calibration(tmp_path / "a.json", SIZE)

    @pytest.mark.parametrize("text", ["", "hello", "a, b, c", "<xml>"])
    def test_no_calibration(self, text: str) -> None:
        with pytest.raises(CalibrationError, match="no calibration file of a known kind"):
            read_calibration(text, SIZE)

    @given(
        text=st.sampled_from([KITTI, COLMAP, OPENCV, ROS, json.dumps({"K": [[1, 0, 2], [0, 3, 4], [0, 0, 1]]})]),
        cuts=st.lists(st.tuples(st.floats(0, 1), st.text('0123456789.,-+e[]{}:"# \nPK', max_size=6)), max_size=4),
    )
    def test_damage_gives_a_camera_or_is_refused(self, text: str, cuts: list[tuple[float, str]]) -> None:
        for place, replacement in cuts:
            start = int(place * len(text))
            text = text[:start] + replacement + text[start + len(replacement) // 2 :]
        try:
            camera = read_calibration(text, SIZE).camera
        except CalibrationError:
            return
        assert min(camera.fx, camera.fy) > 0


def picture(path: Path, size: tuple[int, int], orientation: int = 1, focal: float | None = 26) -> ImageMedia:
    exif = Image.Exif()
    exif[0x0112] = orientation
    if focal is not None:
        exif.get_ifd(0x8769)[0xA405] = focal
    Image.new("RGB", size).save(path, exif=exif)
    return open_image(path)


class TestExif:
    @pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp"])
    def test_focal_length_of_film(self, suffix: str, tmp_path: Path) -> None:
        camera = camera_from_exif(picture(tmp_path / f"a{suffix}", (400, 300)))
        assert camera is not None
        # 26 mm on 35 mm film: 79.5 degrees from corner to corner.
        assert numbers(camera) == pytest.approx((26 / 43.2666 * 500, 26 / 43.2666 * 500, 200, 150))
        assert 2 * math.degrees(math.atan(250 / camera.fx)) == pytest.approx(79.5, abs=0.1)

    def test_a_picture_that_was_held_upright(self, tmp_path: Path) -> None:
        camera = camera_from_exif(picture(tmp_path / "a.jpg", (400, 300), orientation=6))
        assert camera is not None
        assert numbers(camera) == pytest.approx((300.46, 300.46, 150, 200), abs=0.01)

    @pytest.mark.parametrize("focal", [None, 0])
    def test_none_is_told(self, focal: float | None, tmp_path: Path) -> None:
        assert camera_from_exif(picture(tmp_path / "a.jpg", (40, 30), focal=focal)) is None

    def test_no_exif_and_damaged_exif(self) -> None:
        for exif in (
            b"",
            b"Exif\0\0II*\0\x08\0\0\0\x01\0\x69\x87\x04\0\x01\0\0\0\x08\0\0\0\x08\0\0\0",
            b"Exif\0\0MM\0*",
        ):
            data = io.BytesIO()
            Image.new("RGB", (40, 30)).save(data, "JPEG", exif=exif)
            assert camera_from_exif(open_image(data.getvalue())) is None

    def test_a_picture_that_is_gone(self, tmp_path: Path) -> None:
        media = picture(tmp_path / "a.jpg", (40, 30))
        (tmp_path / "a.jpg").unlink()
        with pytest.raises(MediaError, match="not there any more"):
            camera_from_exif(media)


def lengths(low: float, high: float) -> st.SearchStrategy[float]:
    return st.floats(low, high, allow_nan=False)


objects = st.builds(
    Cuboid,
    center=st.tuples(lengths(-3, 3), lengths(-2, 2), lengths(6, 30)),
    size=st.tuples(*[lengths(0.2, 3)] * 3),
    angles=st.tuples(*[lengths(-1, 1)] * 3),
)


def seen_by(camera: CameraIntrinsics, cuboid: Cuboid, size: Size) -> Box:
    bounds = projected_bounds(cuboid, camera)
    visible = bounds.intersection(Box.whole(size)) if bounds else None
    return visible or Box(0, 0, 0, 0)


class TestFit:
    @given(boxes=st.lists(objects, min_size=1, max_size=6), focal=lengths(200, 2000))
    def test_finds_the_focal_length_also_where_boxes_are_cut_off(self, boxes: list[Cuboid], focal: float) -> None:
        camera = CameraIntrinsics(focal, focal, 320, 240)
        pairs = [(cuboid, seen_by(camera, cuboid, SIZE)) for cuboid in boxes]
        assume(all(box.area > 0 for _, box in pairs))
        assume(any(box.left > 20 or box.top > 20 or box.right < 620 or box.bottom < 460 for _, box in pairs))
        try:
            fit = fit_camera(pairs, SIZE)
        except CalibrationError:
            assume(False)
        if max(abs(box.left - 320) for _, box in pairs) > 10:
            assert numbers(fit.camera) == pytest.approx((focal, focal, 320, 240), rel=1e-6)
            assert fit.residual == pytest.approx(0, abs=1e-3)

    def test_says_which_pair_does_not_fit(self) -> None:
        camera = CameraIntrinsics(500, 500, 320, 240)
        cuboids = [Cuboid(center=(x, 0.0, 9.0), size=(1.0, 1.0, 1.0), angles=(0.0, 0.0, 0.0)) for x in (-3.0, 0.0, 3.0)]
        boxes = [seen_by(camera, cuboid, SIZE) for cuboid in cuboids]
        fit = fit_camera([*zip(cuboids, [boxes[0], boxes[1], boxes[2].translated(40, 0)], strict=True)], SIZE)
        assert fit.sides == 12
        errors = [error or 0.0 for error in fit.per_pair]
        assert errors.index(max(errors)) == 2
        assert errors[2] > 10
        assert fit.residual == pytest.approx(math.sqrt(sum(error**2 for error in errors) / 3))

    def test_it_is_the_least_of_all(self) -> None:
        rng = np.random.default_rng(1)
        camera = CameraIntrinsics(640, 640, 320, 240)
        cuboids = [
            Cuboid(center=(float(x), 0.3, 8.0), size=(1.0, 0.8, 1.2), angles=(0.0, 0.2, 0.0)) for x in (-2, -1, 1, 2)
        ]
        pairs = [
            (cuboid, seen_by(camera, cuboid, SIZE).translated(*rng.normal(0, 5, 2).tolist())) for cuboid in cuboids
        ]
        best = fit_camera(pairs, SIZE)

        def cost(focal: float) -> float:
            tried = CameraIntrinsics(focal, focal, 320, 240)
            tried_boxes = [(projected_bounds(cuboid, tried), box) for cuboid, box in pairs]
            sides = ("left", "top", "right", "bottom")
            return float(sum((getattr(seen, s) - getattr(box, s)) ** 2 for seen, box in tried_boxes for s in sides))

        assert cost(best.camera.fx) <= min(cost(best.camera.fx * factor) for factor in (0.98, 0.999, 1.001, 1.02))

    def test_under_another_convention(self) -> None:
        convention = ANGLE_CONVENTIONS["degrees-xyz"]
        camera = CameraIntrinsics(500, 500, 320, 240)
        cuboid = Cuboid(center=(0.5, 0.0, 5.0), size=(2.0, 1.0, 0.5), angles=(0.0, 40.0, 10.0))
        box = projected_bounds(cuboid, camera, convention)
        assert box is not None
        assert fit_camera([(cuboid, box)], SIZE, convention).camera.fx == pytest.approx(500)

    def test_a_pair_that_tells_nothing(self) -> None:
        camera = CameraIntrinsics(500, 500, 320, 240)
        good = Cuboid(center=(0.0, 0.0, 9.0), size=(1.0, 1.0, 1.0), angles=(0.0, 0.0, 0.0))
        behind = Cuboid(center=(0.0, 0.0, -9.0), size=(1.0, 1.0, 1.0), angles=(0.0, 0.0, 0.0))
        fit = fit_camera([(behind, Box(9, 9, 99, 99)), (good, seen_by(camera, good, SIZE))], SIZE)
        assert fit.per_pair[0] is None
        assert fit.camera.fx == pytest.approx(500)

    def test_nothing_to_go_by(self) -> None:
        behind = Cuboid(center=(0.0, 0.0, -9.0), size=(1.0, 1.0, 1.0), angles=(0.0, 0.0, 0.0))
        for pairs in ([], [(behind, Box(9, 9, 99, 99))]):
            with pytest.raises(CalibrationError, match="No box can be used"):
                fit_camera(pairs, SIZE)

    def test_another_object(self) -> None:
        left = Cuboid(center=(-3.0, 0.0, 9.0), size=(1.0, 0.1, 1.0), angles=(0.0, 0.0, 0.0))
        with pytest.raises(CalibrationError, match="No focal length"):
            fit_camera([(left, Box(500, 238, 600, 242))], SIZE)
