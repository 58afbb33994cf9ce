from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from documents import empty_document, rich_document
from plane_documents import plane_document

from qwvis_desktop.core.annotation import Detection, bounds_of
from qwvis_desktop.core.dataset import dataset_of
from qwvis_desktop.core.formats import coco
from qwvis_desktop.core.geometry import Box, Size
from qwvis_desktop.core.label_file import Labels, sentences


def dumped() -> dict[str, Any]:
    value: dict[str, Any] = json.loads(coco.dump(dataset_of([rich_document()])))
    return value


def test_names_the_picture_and_its_upright_size() -> None:
    assert dumped()["images"] == [{"id": 1, "file_name": "street.jpg", "width": 640, "height": 480}]


def test_numbers_categories_in_the_order_of_first_appearance() -> None:
    found = [(category["id"], category["name"]) for category in dumped()["categories"]]
    assert found == [(1, "cat"), (2, "=SUM(A1)"), (3, "text"), (4, "h2"), (5, "unlabelled")]


def test_writes_boxes_as_left_top_width_height_with_full_precision() -> None:
    cat = dumped()["annotations"][0]
    assert cat["bbox"] == [10.5, 20.0, 100.0, 200.0]
    assert cat["area"] == 20000.0
    assert (cat["score"], cat["iscrowd"], cat["segmentation"]) == (0.75, 0, [])
    assert cat["attributes"] == {"colour": "black", "count": 2}


def test_writes_a_point_as_one_visible_keypoint() -> None:
    value = dumped()
    point = value["annotations"][2]
    assert (point["keypoints"], point["num_keypoints"]) == ([33.0, 44.0, 2], 1)
    assert value["categories"][0]["keypoints"] == ["cat"]
    assert "keypoints" not in value["categories"][1]


def test_writes_a_text_region_as_its_outline() -> None:
    text = dumped()["annotations"][3]
    assert text["segmentation"] == [[1.0, 2.0, 11.0, 3.0, 10.0, 8.0, 0.0, 7.0]]
    assert text["bbox"] == [0.0, 2.0, 11.0, 6.0]
    assert text["area"] == 51.0
    assert text["attributes"] == {"text": 'He said "yes",\r\nthen 好'}


def test_numbers_annotations_from_one_and_points_each_at_a_category() -> None:
    value = dumped()
    ids = [annotation["id"] for annotation in value["annotations"]]
    assert ids == list(range(1, 7))
    assert {a["category_id"] for a in value["annotations"]} == {c["id"] for c in value["categories"]}
    assert all(type(a[key]) is int for a in value["annotations"] for key in ("id", "image_id", "category_id"))


def test_tells_how_each_reply_ended() -> None:
    told = [(run["id"], run["status"], run["issues"]) for run in dumped()["info"]["runs"]]
    assert told == [("r1", "partial", 1), ("r2", "ok_empty", 0)]


def test_counts_what_it_cannot_hold() -> None:
    assert sentences(coco.losses(rich_document())) == (
        "Left out: 1 box in space.",
        "Left out: 1 event in time.",
        "Left out: 1 block without a place.",
        "Left out: the answer in words.",
    )
    assert sentences(coco.losses(empty_document())) == ()


def test_is_valid_without_any_annotation() -> None:
    value = json.loads(coco.dump(dataset_of([empty_document()])))
    assert (value["annotations"], value["categories"]) == ([], [])


def test_survives_half_characters_and_numbers_that_json_lacks() -> None:
    document = empty_document()
    document.add([Detection(label="\ud83d", box=Box(0, 0, 1, 1), attributes={"p": float("nan")})])
    value = json.loads(coco.dump(dataset_of([document])).decode("utf-8"))
    assert value["categories"][0]["name"] == "\ud83d"
    assert value["annotations"][0]["attributes"] == {"p": "NaN"}


# The reader is behind its numpy; that is not what is tried here.
@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
def test_the_makers_own_reader_takes_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from pycocotools.coco import COCO

    path = tmp_path / "a.coco.json"
    path.write_bytes(coco.dump(dataset_of([rich_document()])))
    read = COCO(str(path))
    assert sorted(read.getImgIds()) == [1]
    cats = read.getCatIds(catNms=["cat"])
    assert read.anns[read.getAnnIds(catIds=cats)[0]]["bbox"] == [10.5, 20.0, 100.0, 200.0]
    (text,) = read.loadAnns(read.getAnnIds(catIds=read.getCatIds(catNms=["text"])))
    mask = read.annToMask(text)
    assert mask.shape == (480, 640)
    assert mask.sum() == pytest.approx(text["area"], abs=12)
    results = [annotation for annotation in read.dataset["annotations"] if "score" in annotation]
    assert len(read.loadRes(results).getAnnIds()) == 1
    assert "Loading and preparing results" in capsys.readouterr().out


def read(*entries: dict[str, Any], **more: object) -> Labels:
    images = [{"id": 7, "file_name": "C:\\set\\street.jpg", "width": 640, "height": 480}]
    categories = [{"id": 3, "name": "car"}]
    held = [{"image_id": 7, "category_id": 3, **entry} for entry in entries]
    value = {"images": images, "categories": categories, "annotations": held, **more}
    (picture,) = coco.pictures("\ufeff" + json.dumps(value))
    assert picture.file_name == "street.jpg"
    return picture.read(Size(640, 480))


def test_points_of_a_body_and_objects_of_unknown_pictures_are_told() -> None:
    body = {"bbox": [10, 20, 30, 40], "keypoints": [15, 25, 2, 16, 26, 1, 0, 0, 0], "num_keypoints": 1}
    labels = read(body, {"image_id": 8, "bbox": [1, 1, 2, 2]})
    assert [bounds_of(found) for found in labels.annotations] == [Box(10, 20, 40, 60)]
    assert labels.left_out == (
        "Left out: the points of 1 object (its box is kept).",
        "Left out: 1 object of a picture that the file does not list.",
    )


def test_a_crowd_stays_one() -> None:
    crowd = {"bbox": [10, 20, 30, 40], "iscrowd": 1, "segmentation": {"size": [480, 640], "counts": [5, 1]}}
    labels = read(crowd)
    assert labels.annotations[0].attributes == {"iscrowd": True}
    assert labels.left_out == ("Left out: the mask of 1 object (its box is kept).",)
    (again,) = json.loads(coco.dump(dataset_of([plane_document(*labels.annotations)])))["annotations"]
    assert again["iscrowd"] == 1
    assert "attributes" not in again


def test_without_a_box_the_outlines_tell_it() -> None:
    parts = [[10, 10, 50, 10, 50, 50], [100, 100, 120, 100, 120, 130]]
    labels = read({"segmentation": parts})
    assert [bounds_of(found) for found in labels.annotations] == [Box(10, 10, 120, 130)]
    assert labels.left_out == ("Left out: an outline in several parts (its box is kept).",)
