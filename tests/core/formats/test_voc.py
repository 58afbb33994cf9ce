from __future__ import annotations

import pytest
from plane_documents import ALL, BOX, plane_document

from qwvis_desktop.core.annotation import Detection, bounds_of
from qwvis_desktop.core.dataset import dataset_of
from qwvis_desktop.core.formats import voc
from qwvis_desktop.core.geometry import Box, Size
from qwvis_desktop.core.importing import read_labels
from qwvis_desktop.core.label_xml import xml_root


def dumped(*annotations: Detection) -> str:
    (picture,) = dataset_of([plane_document(*annotations)])
    return voc.dump(picture).decode()


def sides(text: str) -> list[int]:
    box = xml_root(text, "VOC").find("object/bndbox")
    assert box is not None
    return [int(side.text or "") for side in box]


@pytest.mark.parametrize(
    ("box", "written"),
    [
        (Box(10.4, 20.6, 110.5, 220), [10, 21, 110, 220]),
        (Box(-3, 5, 5, 700), [0, 5, 5, 480]),
        (Box(10.1, 10.1, 10.3, 10.3), [10, 10, 11, 11]),
        (Box(639.9, 479.9, 640, 480), [639, 479, 640, 480]),
    ],
)
def test_sides_are_whole_pixels_inside_the_picture(box: Box, written: list[int]) -> None:
    assert sides(dumped(Detection(label="a", box=box))) == written


def test_flags_and_pose_stay() -> None:
    (picture,) = dataset_of([plane_document(*ALL)])
    text = voc.dump(picture).decode().replace("<difficult>0", "<difficult>1", 1).replace(">Unspecified", ">Left", 1)
    first, second, *_ = read_labels(text, plane_document()).annotations
    assert (first.attributes, second.attributes) == ({"difficult": True, "pose": "Left"}, {})
    again = dumped(first) if isinstance(first, Detection) else ""
    assert "<difficult>1" in again
    assert "<pose>Left" in again


def test_fractions_and_a_missing_size_are_read() -> None:
    text = dumped(BOX).replace("<xmin>10<", "<xmin>10.25<").replace("<width>640<", "<width>0<")
    (picture,) = voc.pictures(text)
    assert picture.size is None
    (cat,) = picture.read(Size(640, 480)).annotations
    assert bounds_of(cat) == (10.25, 20, 110, 220)
    (picture,) = voc.pictures(text.replace("<width>", "<weight>").replace("</width>", "</weight>"))
    assert (picture.size, picture.name) == (None, "street.jpg")


def test_parts_of_objects_are_told() -> None:
    part = "<part><name>head</name><bndbox><xmin>1</xmin></bndbox></part></object>"
    read = read_labels(dumped(BOX).replace("</object>", part, 1), plane_document())
    assert len(read.annotations) == 1
    assert read.left_out == ("Left out: the parts of 1 object.",)
