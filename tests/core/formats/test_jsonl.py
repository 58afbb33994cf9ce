from __future__ import annotations

import json
from dataclasses import replace

import pytest
from documents import empty_document, rich_document
from hypothesis import given
from spatial_documents import CAMERA, CHAIR, cuboids, fresh, spatial_document

from qwvis_desktop.core.annotation import Cuboid, TextRegion
from qwvis_desktop.core.annotation_json import annotation_to_json
from qwvis_desktop.core.dataset import dataset_of
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.formats import jsonl
from qwvis_desktop.core.geometry import Box, Polygon
from qwvis_desktop.core.label_file import LabelFileError, Labels, sentences


def dump(document: Document) -> bytes:
    return jsonl.dump(dataset_of([document]))


def load(text: str, document: Document) -> Labels:
    (picture,) = jsonl.pictures(text)
    return picture.read(document.size)


def test_has_one_line_for_each_annotation_in_the_form_of_the_command_line() -> None:
    document = rich_document()
    lines = dump(document).decode().split("\n")
    assert lines.pop() == ""
    expected = [annotation_to_json(annotation, document.camera) for annotation in document.annotations.values()]
    read = [json.loads(line) for line in lines]
    assert [value.pop("order") for value in read if value["kind"] in ("text", "block")] == [1, 2, 3]
    assert read == [{"file": "street.jpg", **value} for value in expected]


def test_projects_with_the_camera_and_the_convention_of_the_document() -> None:
    document = spatial_document(replace(CHAIR, angles=(28.8, 23.4, 14.4)), convention="degrees-xyz")
    value = json.loads(dump(document))
    assert value["projected_bounds"] == pytest.approx(annotation_to_json(CHAIR, CAMERA)["projected_bounds"])


@given(cuboids)
def test_boxes_in_space_come_back(cuboid: Cuboid) -> None:
    document = spatial_document(cuboid)
    (read,) = load(dump(document).decode(), fresh(document)).annotations
    assert replace(read, id=cuboid.id) == replace(cuboid, provenance=None)


@pytest.mark.parametrize("sign", ["\x85", "\u2028", "\u2029", "\x1c", "\x0b"])
def test_a_line_ends_where_json_lines_end(sign: str) -> None:
    """Signs that Python, too, takes for the end of a line may stand in a label."""
    document = spatial_document(replace(CHAIR, label=f"a{sign}b"))
    (read,) = load(dump(document).decode(), fresh(document)).annotations
    assert read.label == f"a{sign}b"


def test_every_kind_comes_back() -> None:
    document = rich_document()
    read = load(dump(document).decode(), empty_document())
    assert read.left_out == ()
    ours = [replace(annotation, provenance=None) for annotation in document.annotations.values()]
    assert [replace(a, id=b.id) for a, b in zip(read.annotations, ours, strict=True)] == ours


def test_says_what_is_lost() -> None:
    assert sentences(jsonl.losses(rich_document())) == (
        "Left out: the camera and what the angles of boxes in space mean.",
        "Left out: what is known of 2 requests.",
    )
    assert sentences(jsonl.losses(empty_document())) == ()


GOOD = '{"kind": "detection", "label": "a", "span": null, "attributes": {}, "box": [1, 2, 3, 4]}'
SPACE = (
    '{"kind": "cuboid", "label": "a", "span": null, "attributes": {}, '
    '"center": [0, 0, 1], "size": [1, 1, 1], "angles": [0, 0, 0]}'
)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("", ""),
        ("{", "Expecting"),
        ("5", "no object"),
        ("[" * 100_000, "not JSON"),
        ("{}", "no annotation as QwVis writes it"),
        (GOOD.replace("detection", "planet"), "no annotation as QwVis writes it"),
        (GOOD.replace("4]", "481]"), "outside the picture"),
        (GOOD.replace("4]", "1]"), "outside the picture"),
        (GOOD.replace("4]", "NaN]"), "outside the picture"),
        (SPACE.replace("[1, 1, 1]", "[1, 0, 1]"), "greater than 0"),
        (SPACE.replace("[0, 0, 1]", "[0, 0, Infinity]"), "center is not a number"),
        (SPACE.replace('"angles": [0, 0, 0]', '"angles": [0, 0, NaN]'), "angles is not a number"),
    ],
)
def test_a_bad_line_is_said_and_the_others_stay(line: str, words: str) -> None:
    read = load(f"{GOOD}\n{line}\r\n{SPACE}\n", empty_document())
    assert [annotation.kind for annotation in read.annotations] == ["detection", "cuboid"]
    assert len(read.left_out) == bool(line)
    assert words in "".join(read.left_out)


def test_other_files_are_refused() -> None:
    with pytest.raises(LabelFileError, match="one a line"):
        jsonl.pictures("{}\n")
    assert jsonl.pictures("\n") == ()
    assert jsonl.is_lines(f"\ufeff\n{GOOD}\n")
    assert not jsonl.is_lines("")
    assert not jsonl.is_lines('[{"kind": 1, "span": 2}]')


def test_text_has_its_order_and_what_the_model_had_read() -> None:
    document = rich_document()
    (run, *_) = document.runs.values()
    read = TextRegion(text="cot", polygon=Polygon(Box(300, 5, 310, 9).corners))
    document.set_run(replace(run, as_read=(read,)))
    document.add([replace(read, text="cat")])
    lines = [json.loads(line) for line in dump(document).splitlines()]
    (line,) = [line for line in lines if line.get("text") == "cat"]
    assert line["model_text"] == "cot"
    assert isinstance(line["order"], int)
