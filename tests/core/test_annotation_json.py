from __future__ import annotations

import json
import math
from dataclasses import replace

import pytest
from documents import rich_document
from hypothesis import given
from hypothesis import strategies as st

from qwvis_desktop.core.annotation import Cuboid, Detection, JsonValue, ParseIssue
from qwvis_desktop.core.annotation_json import annotation_from_json, annotation_to_json, issue_to_json, json_text
from qwvis_desktop.core.camera import ANGLE_CONVENTIONS, CameraIntrinsics
from qwvis_desktop.core.geometry import Box, Point, Polygon

CAMERA = CameraIntrinsics(100.0, 100.0, 320.0, 240.0)


def written(key: str) -> dict[str, JsonValue]:
    return annotation_to_json(rich_document().annotations[key], CAMERA)


def test_every_kind_has_the_shared_keys() -> None:
    for annotation in rich_document().annotations.values():
        value = annotation_to_json(annotation, CAMERA)
        assert (value["kind"], value["label"]) == (annotation.kind, annotation.label)
        assert value["span"] == (None if annotation.id == "i" else [9, 58])
        assert value["attributes"] == dict(annotation.attributes)


def test_boxes_in_space_are_projected_as_the_convention_has_it() -> None:
    cuboid = Cuboid(center=(0.0, 0.0, 10.0), size=(2.0, 1.5, 4.0), angles=(0.0, 0.25, 0.0))
    degrees = replace(cuboid, angles=(0.0, 45.0, 0.0))
    value = annotation_to_json(degrees, CAMERA, ANGLE_CONVENTIONS["degrees-xyz"])
    assert value["edges"] == annotation_to_json(cuboid, CAMERA)["edges"]
    assert value["projected_bounds"] == annotation_to_json(cuboid, CAMERA)["projected_bounds"]
    assert value["angles"] == [0.0, 45.0, 0.0]


def test_a_detection_has_time_image_and_score_only_where_known() -> None:
    assert written("a")["score"] == 0.75
    assert written("b").keys() == {"kind", "label", "span", "attributes", "box"}
    value = annotation_to_json(Detection(box=Box(0, 0, 1, 1), time=2.5, image=0), CAMERA)
    assert (value["time"], value["image"]) == (2.5, 0)


def test_plane_kinds_have_their_places() -> None:
    assert written("a")["box"] == [10.5, 20.0, 110.5, 220.0]
    assert written("c")["point"] == [33.0, 44.0]
    assert written("d")["polygon"] == [[1.0, 2.0], [11.0, 3.0], [10.0, 8.0], [0.0, 7.0]]
    assert written("d")["box"] == [0.0, 2.0, 11.0, 8.0]
    assert (written("e")["tag"], written("e")["box"]) == ("h2", [5.0, 6.0, 7.0, 9.0])
    assert written("f")["box"] is None


def test_an_event_has_start_and_end() -> None:
    assert (written("h")["start"], written("h")["end"]) == (1.5, 3.25)


def test_a_cuboid_has_its_numbers_its_edges_and_its_bounds() -> None:
    value = written("g")
    assert (value["center"], value["size"], value["angles"]) == ([0.0, 0.0, 10.0], [2.0, 1.5, 4.0], [0.0, 0.0, 0.0])
    # The near face is 8 m away: 1 m aside is 12.5 pixels, 0.75 m up is 9.375.
    assert value["projected_bounds"] == pytest.approx([307.5, 230.625, 332.5, 249.375])
    edges = value["edges"]
    assert isinstance(edges, list)
    assert len(edges) == 12
    assert all(isinstance(edge, list) and len(edge) == 2 for edge in edges)


def test_a_cuboid_behind_the_camera_has_no_bounds() -> None:
    behind = Cuboid(center=(0.0, 0.0, -10.0), size=(1.0, 1.0, 1.0), angles=(0.0, 0.0, 0.0))
    value = annotation_to_json(behind, CAMERA)
    assert (value["projected_bounds"], value["edges"]) == (None, [])


def test_an_issue_has_code_message_and_span() -> None:
    assert issue_to_json(ParseIssue("cut", "It ends.", (1, 5))) == {
        "code": "cut",
        "message": "It ends.",
        "span": [1, 5],
    }


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_json_text_is_strict_and_can_be_written_as_utf8(value: JsonValue) -> None:
    def named(item: JsonValue) -> JsonValue:
        if isinstance(item, float) and not math.isfinite(item):
            return json.dumps(item)
        if isinstance(item, list):
            return [named(part) for part in item]
        return {key: named(part) for key, part in item.items()} if isinstance(item, dict) else item

    def refuse(word: str) -> None:
        raise AssertionError(f"{word} is no JSON")

    text = json_text(value).encode().decode()
    assert json.loads(text, parse_constant=refuse) == named(value)


def test_json_text_keeps_half_characters_as_escapes() -> None:
    assert json_text(["\ud800", "é"]) == '["\\ud800", "é"]'


@pytest.mark.parametrize("key", "abcdefghi")
def test_what_was_written_is_read_back(key: str) -> None:
    annotation = rich_document().annotations[key]
    again = annotation_from_json(written(key), run="r1")
    assert annotation_to_json(again, CAMERA) == written(key)
    assert again.id != annotation.id
    origin, before = again.provenance, annotation.provenance
    assert (origin and (origin.run, origin.span)) == (before and (before.run, before.span))


def test_an_outline_is_written_where_it_is_known_and_read_back() -> None:
    outline = Polygon((Point(1, 0), Point(4, 2), Point(0, 3)))
    annotation = Detection(box=outline.bounds, outline=outline)
    value = annotation_to_json(annotation, CAMERA)
    assert value["outline"] == [[1, 0], [4, 2], [0, 3]]
    again = annotation_from_json(value)
    assert isinstance(again, Detection)
    assert again.outline == outline
    value["outline"] = [[1, 0], [4, 2]]
    with pytest.raises(ValueError, match="three points"):
        annotation_from_json(value)


def test_time_and_image_are_read_back() -> None:
    annotation = Detection(box=Box(0, 0, 1, 1), time=2.5, image=0)
    again = annotation_from_json(annotation_to_json(annotation, CAMERA))
    assert isinstance(again, Detection)
    assert (again.time, again.image) == (2.5, 0)


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "shape"},
        {"kind": None},
        {"kind": []},
        {"box": None},
        {"box": [1, 2, 3]},
        {"box": [1, 2, 3, "4"]},
        {"box": [1, 2, 3, True]},
        {"label": 5},
        {"image": 0.5},
        {"attributes": 5},
        {"span": 5},
        {"score": "high"},
    ],
)
def test_anything_else_is_refused(changes: dict[str, JsonValue]) -> None:
    with pytest.raises(ValueError, match="no annotation"):
        annotation_from_json(written("a") | changes)
