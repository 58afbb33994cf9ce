from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import pytest
from documents import empty_document, rich_document
from hypothesis import given
from hypothesis import strategies as st
from spatial_documents import CAR, CHAIR, cuboids, distance_of_corners, fresh, points_of, spatial_document

from qwvis_desktop.core.annotation import Cuboid
from qwvis_desktop.core.camera import ANGLE_CONVENTIONS
from qwvis_desktop.core.formats import labelcloud
from qwvis_desktop.core.label_file import LabelFileError, sentences

OBJECT = {
    "name": "cart",
    "centroid": {"x": -0.25, "y": 0.5, "z": 3.0},
    "dimensions": {"length": 0.75, "width": 0.55, "height": 0.15},
    "rotations": {"x": 0, "y": 0, "z": 235},
}


def file_of(*objects: object) -> str:
    return json.dumps({"folder": "pointclouds", "filename": "a.ply", "path": "pointclouds/a.ply", "objects": objects})


def test_writes_what_labelcloud_reads_in_its_order() -> None:
    value = json.loads(labelcloud.dump(spatial_document(CHAIR)))
    assert list(value) == ["folder", "filename", "path", "objects"]
    (chair,) = value["objects"]
    assert list(chair) == ["name", "centroid", "dimensions", "rotations"]
    assert list(chair["centroid"].items()) == [("x", -0.4), ("y", -0.26), ("z", 2.71)]
    assert list(chair["dimensions"].items()) == [("length", 0.76), ("width", 0.96), ("height", 0.78)]
    assert list(chair["rotations"]) == ["x", "y", "z"]
    assert list(chair["rotations"].values()) == pytest.approx([28.8, 23.4, 14.4])


@given(cuboids)
def test_the_corners_are_those_that_labelcloud_draws(cuboid: Cuboid) -> None:
    """As its code has it: turned about x, then y, then z, in degrees; length, width, height along x, y, z."""
    document = spatial_document(cuboid)
    (value,) = json.loads(labelcloud.dump(document))["objects"]
    turns = [math.radians(degrees) for degrees in value["rotations"].values()]
    (cx, cy, cz), (sx, sy, sz) = np.cos(turns), np.sin(turns)
    about_x = np.array([[1, 0, 0], [0, cx, -sx], [0, sx, cx]])
    about_y = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    about_z = np.array([[cz, -sz, 0], [sz, cz, 0], [0, 0, 1]])
    halves = np.array(list(value["dimensions"].values())) / 2
    signs = np.array([[x, y, z] for x in (1, -1) for y in (1, -1) for z in (1, -1)])
    expected = (about_z @ about_y @ about_x @ (signs * halves).T).T + list(value["centroid"].values())
    assert np.array(points_of(cuboid, document)) == pytest.approx(expected, abs=1e-9)
    assert all(0 <= degrees < 360 for degrees in value["rotations"].values())


@given(st.lists(cuboids, max_size=3), st.sampled_from(list(ANGLE_CONVENTIONS)))
def test_boxes_come_back_where_they_were(boxes: list[Cuboid], convention: str) -> None:
    document = spatial_document(*boxes, convention=convention)
    read = labelcloud.load(labelcloud.dump(document).decode(), fresh(document))
    assert read.left_out == ()
    for ours, theirs in zip(boxes, read.annotations, strict=True):
        assert isinstance(theirs, Cuboid)
        assert (theirs.center, theirs.size) == (ours.center, ours.size)
        assert theirs.label == ("" if ours.label == "unlabelled" else ours.label)
        assert distance_of_corners(ours, theirs, document) < 1e-6


def test_reads_degrees_and_radians() -> None:
    (cart,) = labelcloud.load(file_of(OBJECT), empty_document()).annotations
    assert isinstance(cart, Cuboid)
    assert (cart.label, cart.center, cart.size) == ("cart", (-0.25, 0.5, 3.0), (0.75, 0.55, 0.15))
    assert cart.angles == pytest.approx((0.0, 0.0, 235 / 180))
    relative = OBJECT | {"rotations": {"x": 0, "y": 1.5, "z": -math.pi / 2}}
    (cart,) = labelcloud.load(file_of(relative), empty_document()).annotations
    assert isinstance(cart, Cuboid)
    assert cart.angles == pytest.approx((0.0, 1.5 / math.pi, -0.5))
    degrees = OBJECT | {"rotations": {"x": 0, "y": 15, "z": -90}}
    (cart,) = labelcloud.load(file_of(degrees), empty_document()).annotations
    assert isinstance(cart, Cuboid)
    assert cart.angles == pytest.approx((0.0, 15 / 180, -0.5))


def test_angles_are_given_in_the_convention_of_the_document() -> None:
    for name, expected in (("degrees-xyz", (0, 0, 235)), ("radians-zxy", (math.radians(235) - 2 * math.pi, 0, 0))):
        document = empty_document()
        document.set_convention(ANGLE_CONVENTIONS[name])
        (cart,) = labelcloud.load(file_of(OBJECT), document).annotations
        assert isinstance(cart, Cuboid)
        assert cart.angles == pytest.approx(expected, abs=1e-9)


def test_says_what_is_lost_with_numbers() -> None:
    assert sentences(labelcloud.losses(spatial_document(CHAIR, CAR))) == (
        "Left out: the camera.",
        "Left out: the score of 1 box.",
        "Left out: the attributes of 1 box.",
        "Left out: the model's own numbers of 1 box and their place in the reply.",
    )
    assert sentences(labelcloud.losses(rich_document()))[0] == "Left out: 8 annotations that are no boxes in space."
    assert sentences(labelcloud.losses(empty_document())) == ()


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        (5, "an object should have a name"),
        ({"name": "a"}, "it has no 'rotations'"),
        (OBJECT | {"name": 5}, "name should be a text"),
        (OBJECT | {"centroid": [1, 2, 3]}, "centroid should be an object"),
        (OBJECT | {"centroid": {"x": 1, "y": 2}}, "it has no 'z'"),
        (OBJECT | {"centroid": {"x": 1, "y": 2, "z": math.nan}}, "centroid is not a number"),
        (OBJECT | {"dimensions": {"length": 1, "width": 0, "height": 1}}, "dimensions should be greater than 0"),
        (OBJECT | {"rotations": {"x": "0", "y": 0, "z": 0}}, "rotations is not a number"),
        ({"name": "a", "vertices": [[0, 0, 0]]}, "it has no 'rotations'"),
    ],
)
def test_a_bad_object_is_said_and_the_others_stay(broken: object, words: str) -> None:
    read = labelcloud.load(file_of(OBJECT, broken), empty_document())
    assert [annotation.label for annotation in read.annotations] == ["cart"]
    assert "number 2" in read.left_out[0]
    assert words in read.left_out[0]


@pytest.mark.parametrize(
    ("text", "words"),
    [("", "not JSON"), ("[]", "holds no object"), ("{}", 'no list of "objects"'), (file_of(5), "No object")],
)
def test_other_files_are_refused(text: str, words: str) -> None:
    with pytest.raises(LabelFileError, match=words):
        labelcloud.load(text, empty_document())


def test_is_recognised_by_its_keys() -> None:
    assert labelcloud.is_labelcloud(file_of(OBJECT))
    assert labelcloud.is_labelcloud(labelcloud.dump(spatial_document(replace(CHAIR, label=""))).decode())
    assert not labelcloud.is_labelcloud("[" + file_of(OBJECT) + "]")
    assert not labelcloud.is_labelcloud(file_of())
