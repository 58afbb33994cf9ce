from __future__ import annotations

import json
import math
from typing import Any

import pytest
from plane_documents import ALL, BOX, plane_document

from qwvis_desktop.core.annotation import Detection
from qwvis_desktop.core.dataset import dataset_of
from qwvis_desktop.core.formats import labelme
from qwvis_desktop.core.importing import read_labels

(PICTURE,) = dataset_of([plane_document(*ALL)])


def shapes(data: bytes) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(data)["shapes"]
    return found


def test_rectangles_are_two_points_in_one_and_four_in_the_other() -> None:
    ours, theirs = shapes(labelme.dump(PICTURE)), shapes(labelme.dump_x_anylabeling(PICTURE))
    assert ours[0]["points"] == [[10, 20], [110, 220]]
    assert theirs[0]["points"] == [[10, 20], [110, 20], [110, 220], [10, 220]]
    names = ["rectangle", "oriented_rectangle", "polygon", "point", "polygon", "rectangle"]
    assert [shape["shape_type"] for shape in ours] == names
    names[1] = "rotation"
    assert [shape["shape_type"] for shape in theirs] == names
    assert theirs[1]["direction"] == pytest.approx(math.radians(30), abs=1e-4)
    assert ours[1]["points"] == theirs[1]["points"]


def test_has_all_keys_that_the_programs_want() -> None:
    value = json.loads(labelme.dump(PICTURE))
    assert list(value) == ["version", "flags", "shapes", "imagePath", "imageData", "imageHeight", "imageWidth"]
    assert (value["imagePath"], value["imageHeight"], value["imageWidth"]) == ("street.jpg", 480, 640)
    assert {"label", "points", "group_id", "shape_type", "flags", "description"} <= value["shapes"][0].keys()
    (shape, *_) = shapes(labelme.dump_x_anylabeling(PICTURE))
    assert {"difficult", "kie_linking", "attributes", "score"} <= shape.keys()


def test_groups_flags_and_remarks_go_there_and_back() -> None:
    value = json.loads(labelme.dump_x_anylabeling(PICTURE))
    value |= {"imageWidth": -1, "imageHeight": -1}
    more = {"group_id": 3, "difficult": True, "description": "blurred", "flags": {"a": True}}
    value["shapes"] = [{**value["shapes"][0], **more}]
    (cat,) = read_labels(json.dumps(value), plane_document()).annotations
    assert cat.attributes == {"colour": "black", **more}
    (again,) = dataset_of([plane_document(cat)])
    (shape,) = shapes(labelme.dump(again))
    assert (shape["group_id"], shape["description"], shape["flags"]) == (3, "blurred", {"a": True})
    odd = Detection(label="a", box=BOX.box, attributes={"group_id": "x", "flags": {"a": 1}, "description": 5})
    (again,) = dataset_of([plane_document(odd)])
    (shape,) = shapes(labelme.dump(again))
    assert (shape["group_id"], shape["description"], shape["flags"]) == (None, "", {})


def test_a_polygon_of_an_old_file_names_no_form() -> None:
    shape = {"label": "a", "points": [[0, 0], [9, 0], [9, 9], [4, 12]]}
    value = {"shapes": [shape, {**shape, "shape_type": None}], "imagePath": "..\\a.jpg"}
    (picture,) = labelme.pictures(json.dumps(value))
    assert (picture.file_name, picture.size) == ("a.jpg", None)
    assert len(picture.read(plane_document().size).annotations) == 2


def test_what_is_said_of_the_whole_picture_is_told() -> None:
    value = json.loads(labelme.dump(PICTURE))
    value |= {"flags": {"sunny": True, "night": False}, "description": "a street", "vqaData": {"q": "a"}}
    assert read_labels(json.dumps(value), plane_document()).left_out == (
        "Left out: 1 flag of the picture.",
        "Left out: the description of the picture.",
        "Left out: the questions and answers about the picture.",
    )


def test_keys_of_one_program_stay_where_it_looks_for_them() -> None:
    value = json.loads(labelme.dump_x_anylabeling(PICTURE))
    value["shapes"] = [{**value["shapes"][0], "difficult": True, "kie_linking": [[1, 2]]}]
    read = read_labels(json.dumps(value), plane_document())
    assert read.left_out == ()
    (again,) = dataset_of([plane_document(*read.annotations)])
    (shape,) = shapes(labelme.dump_x_anylabeling(again))
    assert (shape["difficult"], shape["kie_linking"]) == (True, [[1, 2]])
    assert shape["attributes"] == {"colour": "black"}


def test_a_circle_becomes_an_outline_and_that_is_told() -> None:
    value = json.loads(labelme.dump(PICTURE))
    value["shapes"] = [{"label": "sun", "shape_type": "circle", "points": [[100, 100], [130, 140]], "flags": {}}]
    read = read_labels(json.dumps(value), plane_document())
    (sun,) = read.annotations
    assert isinstance(sun, Detection)
    assert sun.outline is not None
    assert sun.box == pytest.approx((50, 50, 150, 150))
    assert sun.outline.area == pytest.approx(math.pi * 50**2, rel=2e-3)
    assert read.left_out == ("Left out: the exact form of 1 ellipse (an outline with corners is kept).",)
