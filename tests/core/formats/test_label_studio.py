from __future__ import annotations

import json
from typing import Any

import pytest
from plane_documents import ALL, plane_document

from qwvis_desktop.core.annotation import Detection, TextRegion, bounds_of
from qwvis_desktop.core.dataset import dataset_of
from qwvis_desktop.core.formats import label_studio
from qwvis_desktop.core.importing import read_labels
from qwvis_desktop.core.label_xml import xml_root
from qwvis_desktop.core.plane.forms import corners_of

DATA = dataset_of([plane_document(*ALL)])


def regions() -> list[dict[str, Any]]:
    (task,) = json.loads(label_studio.dump(DATA))
    found: list[dict[str, Any]] = task["annotations"][0]["result"]
    return found


def test_places_are_percent_and_a_turn_is_about_the_first_corner() -> None:
    box, tilted, *_ = (region["value"] for region in regions())
    assert [box[key] for key in ("x", "y", "width", "height")] == pytest.approx([1.5625, 25 / 6, 15.625, 125 / 3])
    corner = corners_of(ALL[1])[0]
    assert (tilted["x"], tilted["y"]) == pytest.approx((corner.x / 6.4, corner.y / 4.8))
    assert [tilted[key] for key in ("width", "height", "rotation")] == pytest.approx(
        [120 / 6.4, 60 / 4.8, 30], abs=0.01
    )


def test_a_text_is_a_field_of_its_region() -> None:
    texts = [region for region in regions() if region["type"] == "textarea"]
    assert [text["value"]["text"] for text in texts] == [["猫 & <dog>"], ["Title"]]
    assert {text["id"] for text in texts} < {region["id"] for region in regions() if region["type"] != "textarea"}


def test_the_configuration_names_what_the_tasks_use() -> None:
    root = xml_root(label_studio.dump_configuration(DATA).decode(), "configuration")
    names = {element.get("name"): element for element in root}
    assert {region["from_name"] for region in regions()} <= set(names)
    for region in regions():
        kind = region["type"]
        if kind != "textarea":
            known = {label.get("value") for label in names[region["from_name"]]}
            assert set(region["value"][kind]) <= known
            assert names[region["from_name"]].tag.lower() == kind


def test_the_configuration_has_nothing_that_is_not_used() -> None:
    tags = [element.tag for element in xml_root(label_studio.dump_configuration(DATA).decode(), "configuration")]
    assert tags == ["Image", "RectangleLabels", "PolygonLabels", "KeyPointLabels", "TextArea"]
    boxes = label_studio.dump_configuration(dataset_of([plane_document(ALL[0])])).decode()
    assert boxes.startswith("<View>")
    assert [element.tag for element in xml_root(boxes, "configuration")] == ["Image", "RectangleLabels"]
    empty = label_studio.dump_configuration(dataset_of([plane_document()])).decode()
    assert [element.tag for element in xml_root(empty, "configuration")] == ["Image", "RectangleLabels"]


def task(**more: object) -> str:
    region = {
        "type": "rectanglelabels", "id": "a",
        "value": {"x": 25, "y": 25, "width": 50, "height": 25, "rectanglelabels": ["car"]},
    }  # fmt: skip
    return json.dumps(
        [
            {
                "data": {"id": 5, "image": "/data/upload/3/1a2b3c4d-street.jpg"},
                **{
                    key: json.loads(json.dumps(value).replace('"REGION"', json.dumps(region)))
                    for key, value in more.items()
                },
            }
        ]
    )


def test_the_work_of_the_first_person_is_read_and_else_the_prediction() -> None:
    done = [{"was_cancelled": True, "result": []}, {"result": ["REGION"]}, {"result": []}]
    read = read_labels(task(annotations=done), plane_document())
    assert bounds_of(read.annotations[0]) == (160, 120, 480, 240)
    assert read.left_out == ("Left out: the work of 1 other person.",)
    read = read_labels(task(annotations=[], predictions=[{"result": ["REGION"]}]), plane_document())
    assert [annotation.label for annotation in read.annotations] == ["car"]
    assert read_labels(task(annotations=[]), plane_document()).annotations == ()


@pytest.mark.parametrize(
    "address",
    [
        "street.jpg",
        "/data/upload/3/1a2b3c4d-street.jpg",
        "/data/local-files/?d=pictures%2Fstreet.jpg",
        "https://example.org/a/street.jpg?x=1",
        "s3://bucket/a/street.jpg",
        "C:\\a\\street.jpg",
    ],
)
def test_the_picture_is_known_by_its_address(address: str) -> None:
    (picture,) = label_studio.pictures(json.dumps([{"data": {"image": address}, "annotations": []}]))
    assert picture.file_name == "street.jpg"


def test_a_turned_text_is_four_corners() -> None:
    text = {"type": "textarea", "id": "a", "value": {"text": ["two", "lines"]}}
    read = read_labels(task(annotations=[{"result": ["REGION", text]}]), plane_document())
    (found,) = read.annotations
    assert isinstance(found, TextRegion)
    assert (found.text, found.label, found.polygon.bounds) == ("two\nlines", "car", (160, 120, 480, 240))
    brush = {"type": "brushlabels", "id": "b", "value": {"rle": [1]}}
    read = read_labels(task(annotations=[{"result": ["REGION", brush]}]), plane_document())
    assert "nothing here like 'brushlabels'" in read.left_out[0]


def test_labels_and_texts_of_templates_for_recognised_text_belong_to_their_regions() -> None:
    place = {"x": 25, "y": 25, "width": 50, "height": 25, "rotation": 0}
    result = [
        {"type": "rectangle", "id": "a", "value": place},
        {"type": "labels", "id": "a", "value": {**place, "labels": ["Title"]}},
        {"type": "textarea", "id": "a", "value": {**place, "text": ["hello"]}},
        {"type": "polygon", "id": "b", "value": {"points": [[0, 0], [50, 0], [50, 50]]}},
        {"type": "labels", "id": "b", "value": {"labels": ["Handwriting", "Faint"]}},
        {"type": "textarea", "id": "all", "value": {"text": ["of no region"]}},
    ]
    read = read_labels(task(annotations=[{"result": result}]), plane_document())
    text, outline = read.annotations
    assert isinstance(text, TextRegion)
    assert (text.label, text.text, text.polygon.bounds) == ("Title", "hello", (160, 120, 480, 240))
    assert (outline.label, bounds_of(outline)) == ("Handwriting", (0, 0, 320, 240))
    assert read.left_out == (
        "Left out: 1 object that could not be read (number 3: there is nothing here like 'textarea').",
        "Left out: all labels but the first of 1 region.",
    )


@pytest.mark.parametrize("told", [{}, {"id": None}, {"id": ["a"]}])
def test_a_text_without_an_id_is_of_no_region(told: dict[str, object]) -> None:
    text = {"type": "textarea", "value": {"text": ["of the whole picture"]}, **told}
    region = {"type": "polygonlabels", "value": {"points": [[0, 0], [50, 0], [50, 50]], "polygonlabels": ["a"]}, **told}
    read = read_labels(task(annotations=[{"result": [region, text]}]), plane_document())
    (found,) = read.annotations
    assert isinstance(found, Detection)
    assert "number 2: there is nothing here like 'textarea'" in read.left_out[0]


def test_an_ellipse_becomes_an_outline_and_predictions_beside_work_are_told() -> None:
    place = {"x": 50, "y": 50, "radiusX": 10, "radiusY": 5, "rotation": 0, "ellipselabels": ["sun"]}
    done = [{"result": [{"type": "ellipselabels", "id": "a", "value": place}]}]
    read = read_labels(task(annotations=done, predictions=[{"result": ["REGION"]}]), plane_document())
    (sun,) = read.annotations
    assert bounds_of(sun) == pytest.approx((256, 216, 384, 264))
    assert read.left_out == (
        "Left out: the exact form of 1 ellipse (an outline with corners is kept).",
        "Left out: 1 prediction beside a person's work.",
    )
