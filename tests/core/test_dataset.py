from __future__ import annotations

from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest
from documents import empty_document, media_of, rich_document
from hypothesis import given
from hypothesis import strategies as st

from qwvis_desktop.core.annotation import Annotation, Detection, Keypoint, LayoutBlock, TextRegion
from qwvis_desktop.core.dataset import AREAS, Holds, categories_of, clipped, dataset_of, safe_name, scaled
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.geometry import Box, Point, Polygon, Size
from qwvis_desktop.core.label_file import Labels, sentences


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("street.jpg", "street.jpg"),
        ("街 1.jpg", "街 1.jpg"),
        ("../../etc/passwd", ".._.._etc_passwd"),
        ("C:\\a.jpg", "C__a.jpg"),
        ("..", "picture"),
        ("", "picture"),
        (" . ", "picture"),
        ("CON", "_CON"),
        ("con.jpg", "_con.jpg"),
        ("lpt1.tar.gz", "_lpt1.tar.gz"),
        ("a. ", "a"),
        ("a\x00b\n.png", "a_b_.png"),
        ("a" * 300 + ".jpg", "a" * 180 + ".jpg"),
    ],
)
def test_a_name_stays_in_its_folder_and_is_taken_by_every_system(text: str, name: str) -> None:
    assert safe_name(text) == name


@given(st.text())
def test_any_text_makes_a_safe_name(text: str) -> None:
    name = safe_name(text)
    assert PurePosixPath(name).name == PureWindowsPath(name).name == name
    assert not PureWindowsPath(name).drive
    assert name not in (".", "..")
    assert name[-1] not in ". "
    assert 0 < len(name.encode()) < 200
    assert safe_name(name) == name


def named(*names: str) -> list[Document]:
    return [Document(media_of(name=name)) for name in names]


def test_each_picture_has_a_name_and_a_stem_of_its_own() -> None:
    found = dataset_of(named("a.jpg", "a.png", "A.JPG", "../a.jpg", "b"))
    assert [picture.name for picture in found] == ["a.jpg", "a.png", "A-2.JPG", "a-3.jpg", "b"]
    assert [picture.stem for picture in found] == ["a", "a-2", "A-3", "a-4", "b"]
    assert found[1].copy_name == "a-2.png"


def test_pictures_of_one_name_are_told_apart_by_their_folders(tmp_path: Path) -> None:
    documents = [Document(media_of(tmp_path / folder / "a.jpg", "a.jpg")) for folder in ("day", "night")]
    assert [picture.name for picture in dataset_of(documents)] == ["day/a.jpg", "night/a.jpg"]


def test_categories_are_numbered_as_they_come() -> None:
    dataset = dataset_of([rich_document(), rich_document()])
    assert categories_of(dataset, AREAS) == {"cat": 0, "=SUM(A1)": 1, "text": 2, "h2": 3, "unlabelled": 4}


def test_says_what_is_left_out() -> None:
    document = rich_document()
    slanted = Polygon((Point(5, 0), Point(10, 5), Point(5, 10), Point(0, 5)))
    document.add([Detection(label="kite", box=slanted.bounds, outline=slanted)])
    assert sentences(Holds(kinds=AREAS).losses(document)) == (
        "Left out: 1 point.",
        "Left out: 1 box in space.",
        "Left out: 1 event in time.",
        "Left out: 1 block without a place.",
        "Left out: 2 outlines (simpler ones are kept).",
        "Left out: the texts of 2 annotations.",
        "Left out: the score of 1 annotation.",
        "Left out: the attributes of 1 annotation.",
        "Left out: the answer in words.",
    )
    everything = Holds(outlines=True, texts=True, scores=True, attributes=True)
    assert len(sentences(everything.losses(document))) == 4
    assert "outline" not in "".join(sentences(everything.losses(document)))
    assert "1 outline " in "".join(sentences(Holds(turned=True).losses(document)))
    assert sentences(Holds().losses(empty_document())) == ()


PLANE: list[Annotation] = [
    Detection(label="a", box=Box(1, 2, 3, 4)),
    Detection(label="b", box=Box(0, 0, 4, 4), outline=Polygon((Point(0, 0), Point(4, 0), Point(4, 4)))),
    Keypoint(label="c", point=Point(1, 2)),
    TextRegion(text="d", polygon=Polygon((Point(0, 0), Point(2, 0), Point(2, 1), Point(0, 1)))),
    LayoutBlock(tag="p", text="e", box=Box(1, 1, 2, 2)),
    LayoutBlock(tag="p", text="e", box=None),
]


def test_places_are_scaled() -> None:
    labels = Labels(tuple(PLANE))
    assert scaled(labels, 1, 1) is labels
    box, outline, point, text, block, placeless = scaled(labels, 2, 3).annotations
    assert isinstance(box, Detection)
    assert box.box == Box(2, 6, 6, 12)
    assert isinstance(outline, Detection)
    assert outline.outline is not None
    assert outline.box == outline.outline.bounds == Box(0, 0, 8, 12)
    assert isinstance(point, Keypoint)
    assert point.point == Point(2, 6)
    assert isinstance(text, TextRegion)
    assert text.polygon.bounds == Box(0, 0, 4, 3)
    assert isinstance(block, LayoutBlock)
    assert block.box == Box(2, 3, 4, 6)
    assert placeless is PLANE[-1]


def test_boxes_are_cut_at_the_border_and_what_lies_outside_is_left_out() -> None:
    over: Annotation = Detection(label="over", box=Box(-5, 5, 5, 15))
    beside: list[Annotation] = [
        Detection(label="beside", box=Box(20, 0, 30, 5)),
        Keypoint(label="beside", point=Point(11, 0)),
        Detection(label="beside", outline=Polygon((Point(20, 0), Point(24, 0), Point(24, 4))), box=Box(20, 0, 24, 4)),
    ]
    read = clipped(Labels((over, *beside, *PLANE)), Size(10, 10))
    first = read.annotations[0]
    assert isinstance(first, Detection)
    assert first.box == Box(0, 5, 5, 10)
    assert read.annotations[1:] == tuple(PLANE)
    assert read.left_out == (
        "Left out: 3 objects outside of the picture.",
        "Left out: what reaches beyond the picture of 1 object.",
    )
    rounded = clipped(Labels((Detection(label="rounded", box=Box(-1e-6, 5, 10.4, 10)),)), Size(10, 10))
    assert rounded.left_out == ()
