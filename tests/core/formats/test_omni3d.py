from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from documents import empty_document, media_of, rich_document
from hypothesis import given
from hypothesis import strategies as st
from spatial_documents import CAMERA, CAR, CHAIR, cuboids, distance_of_corners, fresh, spatial_document

from qwvis_desktop.core.annotation import Cuboid, Detection
from qwvis_desktop.core.camera import ANGLE_CONVENTIONS, CameraIntrinsics
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.formats import omni3d
from qwvis_desktop.core.geometry import Box, Size
from qwvis_desktop.core.label_file import LabelFileError

BOX = Detection(id="flat", label="chair", box=Box(10.0, 20.0, 110.5, 220.0), score=0.5, time=1.5, image=0)


def written(document: Document) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(omni3d.dump(document))
    return value


def changed(change: Callable[[dict[str, Any]], object], *annotations: Cuboid | Detection) -> str:
    """Return the file of these annotations (else a chair and a car), changed."""
    value = written(spatial_document(*(annotations or (CHAIR, CAR))))
    change(value)
    return json.dumps(value)


def by_hand(annotation: dict[str, Any]) -> None:
    """Take out what only this program reads, as files of others are."""
    del annotation["qwvis"]


def test_writes_the_keys_that_the_data_set_describes() -> None:
    value = written(spatial_document(CHAIR, BOX))
    assert set(value["info"]) == {"id", "source", "name", "split", "version", "url"}
    image = {"id", "dataset_id", "width", "height", "file_path", "K", "src_90_rotate", "src_flagged", "qwvis"}
    assert set(value["images"][0]) == image
    described = {
        *("id", "image_id", "dataset_id", "category_id", "category_name", "valid3D", "bbox2D_tight", "bbox2D_proj"),
        *("bbox2D_trunc", "bbox3D_cam", "center_cam", "dimensions", "R_cam", "behind_camera", "visibility"),
        *("truncation", "segmentation_pts", "lidar_pts", "depth_error", "qwvis"),
    }
    assert all(set(annotation) == described for annotation in value["annotations"])
    assert value["images"][0]["K"] == [[500.0, 0.0, 321.5], [0.0, 510.0, 240.25], [0.0, 0.0, 1.0]]
    assert value["categories"][0] == {"id": 1, "name": "black chair", "supercategory": ""}


def test_dimensions_are_width_height_length_along_z_y_x() -> None:
    upright = replace(CHAIR, angles=(0.0, 0.0, 0.0))
    chair = written(spatial_document(upright))["annotations"][0]
    assert chair["dimensions"] == [0.78, 0.96, 0.76]
    corners = np.array(chair["bbox3D_cam"])
    assert np.ptp(corners, axis=0) == pytest.approx([0.76, 0.96, 0.78])
    # v0 left top near, v1 right top near, v2 right bottom near, v3 left bottom near; v4 to v7 the same, far.
    signs = np.sign(corners - upright.center)
    assert signs.tolist() == [
        *([-1, -1, -1], [1, -1, -1], [1, 1, -1], [-1, 1, -1]),
        *([-1, -1, 1], [1, -1, 1], [1, 1, 1], [-1, 1, 1]),
    ]


@given(cuboids)
def test_the_corners_follow_from_centre_dimensions_and_matrix_as_the_makers_code_has_it(cuboid: Cuboid) -> None:
    value = written(spatial_document(cuboid))["annotations"][0]
    width, height, length = value["dimensions"]
    signs = np.array([[-1, 1, 1, -1] * 2, [-1, -1, 1, 1] * 2, [-1] * 4 + [1] * 4]) / 2
    verts = np.array(value["R_cam"]) @ (signs * np.array([[length], [height], [width]]))
    expected = verts.T + value["center_cam"]
    assert np.array(value["bbox3D_cam"]) == pytest.approx(expected, abs=1e-9)
    assert value["behind_camera"] == (expected[:, 2].min() <= 0)


@given(st.lists(cuboids, max_size=4), st.sampled_from(list(ANGLE_CONVENTIONS)))
def test_nothing_of_a_box_in_space_is_lost(boxes: list[Cuboid], convention: str) -> None:
    document = spatial_document(*boxes, convention=convention)
    read = omni3d.load(omni3d.dump(document).decode(), fresh(document))
    assert read.left_out == ()
    assert read.camera == CAMERA
    assert len(read.annotations) == len(boxes)
    for ours, theirs in zip(boxes, read.annotations, strict=True):
        assert isinstance(theirs, Cuboid)
        for field in fields(Cuboid):
            before, after = getattr(ours, field.name), getattr(theirs, field.name)
            if field.name in ("center", "size", "angles"):
                assert after == pytest.approx(before, abs=1e-6)
            else:
                assert after == before


@given(cuboids, st.sampled_from(list(ANGLE_CONVENTIONS)))
def test_angles_are_found_again_from_the_matrix_alone(cuboid: Cuboid, convention: str) -> None:
    document = spatial_document(cuboid, convention=convention)
    value = written(document)
    by_hand(value["annotations"][0])
    (read,) = omni3d.load(json.dumps(value), fresh(document)).annotations
    assert isinstance(read, Cuboid)
    assert distance_of_corners(cuboid, read, document) < 1e-6


def test_the_matrix_counts_where_another_program_changed_it() -> None:
    def turn(value: dict[str, Any]) -> None:
        value["annotations"][0]["R_cam"] = [[0.0, 0.0, 1.0], [0.0, 1.0, 0.0], [-1.0, 0.0, 0.0]]

    chair, _ = omni3d.load(changed(turn), empty_document()).annotations
    assert isinstance(chair, Cuboid)
    assert chair.angles == pytest.approx((0.0, 0.5, 0.0), abs=1e-9)


def test_angles_keep_their_numbers_only_in_the_convention_they_were_written_in() -> None:
    document = spatial_document(CHAIR)
    other = empty_document()
    other.set_convention(ANGLE_CONVENTIONS["degrees-xyz"])
    (read,) = omni3d.load(omni3d.dump(document).decode(), other).annotations
    assert isinstance(read, Cuboid)
    assert read.angles == pytest.approx([180 * angle for angle in CHAIR.angles])


def test_a_box_on_the_picture_is_an_object_without_a_place_in_space() -> None:
    document = spatial_document(BOX)
    value = written(document)["annotations"][0]
    assert (value["valid3D"], value["bbox2D_tight"]) == (False, [10.0, 20.0, 110.5, 220.0])
    assert omni3d.load(omni3d.dump(document).decode(), fresh(document)).annotations == (BOX,)


def test_tells_how_much_of_a_box_the_picture_shows() -> None:
    half = Cuboid(label="a", center=(-321.5 / 500 * 10, 0.0, 10.0), size=(1.0, 1.0, 1e-9), angles=(0.0, 0.0, 0.0))
    behind = replace(half, id="b", center=(0.0, 0.0, 0.4), size=(1.0, 1.0, 1.0))
    gone = replace(half, id="g", center=(0.0, 0.0, -5.0))
    seen, reaching, away = written(spatial_document(half, behind, gone))["annotations"]
    assert seen["truncation"] == pytest.approx(0.5)
    assert seen["bbox2D_trunc"][0] == 0.0
    assert (reaching["behind_camera"], reaching["truncation"]) == (True, -1)
    assert (away["behind_camera"], away["bbox2D_proj"], away["bbox2D_trunc"]) == (True, [-1] * 4, [-1] * 4)


def test_counts_what_it_cannot_hold() -> None:
    assert [count for count, _, _ in omni3d.losses(rich_document())] == [5, 1]
    assert [count for count, _, _ in omni3d.losses(empty_document())] == [0, 0]


def test_an_empty_document_is_read_back_empty() -> None:
    assert omni3d.load(omni3d.dump(spatial_document()).decode(), empty_document()).annotations == ()


def test_the_picture_of_the_name_is_taken_from_a_file_of_many() -> None:
    def more(value: dict[str, Any]) -> None:
        value["images"] = [
            {**value["images"][0], "id": 7, "file_path": "nuScenes/samples/other.jpg"},
            {**value["images"][0], "file_path": "nuScenes/samples/street.jpg"},
        ]
        value["annotations"].append({**value["annotations"][0], "image_id": 7})

    read = omni3d.load(changed(more), empty_document())
    assert [annotation.label for annotation in read.annotations] == ["black chair", "car"]


def test_camera_and_flat_boxes_follow_a_picture_that_was_made_smaller() -> None:
    half = Document(replace(media_of(), size=Size(320, 240)))
    read = omni3d.load(omni3d.dump(spatial_document(CHAIR, BOX)).decode(), half)
    assert read.camera == CameraIntrinsics(250.0, 255.0, 160.75, 120.125)
    chair, flat = read.annotations
    assert isinstance(flat, Detection)
    assert flat.box == Box(5.0, 10.0, 55.25, 110.0)
    assert chair == CHAIR


def put(key: str, value: object, place: int = 0) -> Callable[[dict[str, Any]], None]:
    def change(file: dict[str, Any]) -> None:
        file["annotations"][place][key] = value

    return change


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (put("dimensions", [0.78, 0.0, 0.76]), "dimensions should be greater than 0"),
        (put("dimensions", [0.78, 0.5]), "dimensions should be 3 numbers"),
        (put("center_cam", [0, float("nan"), 1]), "center_cam is not a number"),
        (put("center_cam", [0, "1", 1]), "center_cam is not a number"),
        (put("center_cam", [0, 1e300, 1]), "center_cam is not a number"),
        (put("R_cam", [[1, 0, 0], [0, 1, 0], [0, 0, -1]]), "R_cam is not a turn"),
        (put("R_cam", [[1, 0, 0], [0, 1, 0]]), "R_cam should be three rows"),
        (put("qwvis", {"attributes": 5}), "number 1"),
        (put("qwvis", {"score": "high"}), "score is not a number"),
        (put("category_name", 5), "category_name should be a text"),
        (lambda file: file["annotations"][0].pop("R_cam"), "it has no 'R_cam'"),
        (lambda file: file["annotations"].__setitem__(0, {"image_id": 1}), "number 1"),
    ],
)
def test_a_bad_object_is_said_and_the_others_stay(change: Callable[[dict[str, Any]], object], words: str) -> None:
    read = omni3d.load(changed(change), empty_document())
    assert read.annotations == (CAR,)
    assert len(read.left_out) == 1
    assert read.left_out[0].startswith("Left out: 1 object that could not be read (number 1: ")
    assert words in read.left_out[0]


def small(value: dict[str, Any]) -> None:
    value["images"][0].update(width=640, height=640)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[]", "holds no object"),
        ("{}", "damaged"),
        ('{"images": 5}', "damaged"),
        ('{"images": []}', "0 pictures"),
        (changed(lambda value: value["images"][0].pop("height")), "damaged"),
        (changed(lambda value: value["images"][0].update(width=0)), "damaged"),
        (changed(lambda value: value["images"][0].update(K=[[0, 0, 0]] * 3)), "damaged"),
        (changed(lambda value: value["images"][0].update(K=5)), "damaged"),
        (changed(lambda value: value.update(annotations=[5])), "damaged"),
        (changed(lambda value: value["images"].append(value["images"][0])), "2 of them are called"),
        (changed(small), "640 x 640 pixels"),
        (changed(put("dimensions", [0, 0, 0]), CHAIR), "No object in this file could be read"),
    ],
)
def test_says_what_is_wrong_with_a_file(text: str, words: str) -> None:
    with pytest.raises(LabelFileError, match=words):
        omni3d.load(text, empty_document())


def test_is_recognised_by_its_keys() -> None:
    from qwvis_desktop.core.dataset import dataset_of
    from qwvis_desktop.core.formats import coco

    assert omni3d.is_omni3d(omni3d.dump(spatial_document(CHAIR)).decode())
    assert omni3d.is_omni3d("\ufeff\n" + omni3d.dump(spatial_document()).decode())
    assert not omni3d.is_omni3d(coco.dump(dataset_of([rich_document()])).decode())
    assert not omni3d.is_omni3d('[{"bbox_3d": [0, 0, 1, 1, 1, 1, 0, 0, 0], "label": "R_cam"}]')


# The reader is behind its numpy; that is not what is tried here.
@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
def test_the_reader_that_the_makers_build_on_takes_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from pycocotools.coco import COCO

    path = tmp_path / "a.omni3d.json"
    path.write_bytes(omni3d.dump(spatial_document(CHAIR, CAR)))
    read = COCO(str(path))
    (image,) = read.loadImgs(read.getImgIds())
    (car,) = read.loadAnns(read.getAnnIds(imgIds=[image["id"]], catIds=read.getCatIds(catNms=["car"])))
    assert car["center_cam"] == list(CAR.center)
    assert "index created" in capsys.readouterr().out
