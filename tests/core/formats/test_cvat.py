from __future__ import annotations

from dataclasses import replace

import pytest
from plane_documents import ALL, BOX, TILTED, plane_document

from qwvis_desktop.core.annotation import Detection, Keypoint, TextRegion
from qwvis_desktop.core.dataset import dataset_of
from qwvis_desktop.core.formats import cvat
from qwvis_desktop.core.importing import read_labels
from qwvis_desktop.core.label_xml import xml_root
from qwvis_desktop.core.plane.forms import corners_of

TEXT = cvat.dump(dataset_of([plane_document(*ALL)])).decode()


def test_a_turned_box_is_an_upright_one_with_its_turn() -> None:
    box = xml_root(TEXT, "CVAT").findall("image/box")[1]
    values = [float(box.attrib[key]) for key in ("xtl", "ytl", "xbr", "ybr", "rotation")]
    assert values == pytest.approx([240, 170, 360, 230, 30], abs=0.01)
    assert box.get("label") == "ship"


def test_labels_declare_their_attributes() -> None:
    labels = xml_root(TEXT, "CVAT").findall("meta/task/labels/label")
    declared = {label.findtext("name"): [a.findtext("name") for a in label.iter("attribute")] for label in labels}
    assert declared == {"cat": ["colour"], "ship": [], "leaf": [], "nose": [], "text": ["text"], "h2": ["text"]}


def test_occlusion_stays() -> None:
    hidden = TEXT.replace('occluded="0"', 'occluded="1"', 1)
    first = read_labels(hidden, plane_document()).annotations[0]
    assert first.attributes == {"colour": "black", "occluded": True}
    assert isinstance(first, Detection)
    assert 'occluded="1"' in cvat.dump(dataset_of([plane_document(first)])).decode()


def test_what_cvat_has_besides_is_said() -> None:
    shapes = '<polyline label="a" points="1,1;2,2"/><points label="a" points="1,1;2,2"/><tag label="night"/>'
    read = read_labels(TEXT.replace("</image>", f"{shapes}</image>"), plane_document())
    assert len(read.annotations) == len(ALL)
    assert "2 objects that could not be read (number 7: there is nothing here like 'polyline'" in read.left_out[0]


def test_a_text_in_an_upright_box_is_a_text() -> None:
    box = '<box label="text" xtl="1" ytl="2" xbr="3" ybr="4"><attribute name="text">hi</attribute></box>'
    *_, text = read_labels(TEXT.replace("</image>", f"{box}</image>"), plane_document()).annotations
    assert isinstance(text, TextRegion)
    assert (text.text, text.label) == ("hi", "")


def test_a_turn_counts_clockwise() -> None:
    read = read_labels(TEXT, plane_document()).annotations
    assert corners_of(read[1])[1].y > corners_of(read[1])[0].y
    assert corners_of(read[1])[0] == pytest.approx(corners_of(TILTED)[0])
    assert isinstance(read[3], Keypoint)


def test_groups_stay_and_tags_are_told() -> None:
    box = '<box label="a" xtl="1" ytl="2" xbr="3" ybr="4" group_id="4" z_order="1"/><tag label="night"/>'
    read = read_labels(TEXT.replace("</image>", f"{box}</image>"), plane_document())
    assert read.annotations[-1].attributes == {"group_id": 4}
    assert read.left_out == ("Left out: the tag of the picture.",)
    written = cvat.dump(dataset_of([plane_document(read.annotations[-1])])).decode()
    assert 'group_id="4"' in written
    assert "<attribute name" not in written


def test_what_is_called_as_a_flag_and_is_none_stays_an_attribute() -> None:
    odd = replace(BOX, attributes={"group_id": "left", "occluded": "half"})
    written = cvat.dump(dataset_of([plane_document(odd)])).decode()
    assert read_labels(written, plane_document()).annotations[0].attributes == odd.attributes


def test_an_ellipse_becomes_an_outline_turned_clockwise() -> None:
    ellipse = '<ellipse label="sun" cx="200" cy="100" rx="40" ry="20" rotation="90"/>'
    read = read_labels(TEXT.replace("</image>", f"{ellipse}</image>"), plane_document())
    sun = read.annotations[-1]
    assert isinstance(sun, Detection)
    assert sun.outline is not None
    assert sun.box == pytest.approx((180, 60, 220, 140))
    assert sun.outline.points[0] == pytest.approx((200, 140))
    assert read.left_out == ("Left out: the exact form of 1 ellipse (an outline with corners is kept).",)
