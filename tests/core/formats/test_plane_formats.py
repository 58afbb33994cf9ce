"""All formats for what lies in the plane, through the tables: golden files, round trips, damage, and safety.

The golden files were checked against the formats' own descriptions and with other programs' readers
(``tests/benchmarks/other_readers.py``).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plane_documents import (
    ALL,
    BLOCK,
    BOX,
    BOXES,
    POINTS,
    SHAPE,
    TEXT,
    TILTED,
    TILTED_BOXES,
    plane_document,
)

from qwvis_desktop.core.annotation import Annotation, Detection, Keypoint, bounds_of
from qwvis_desktop.core.dataset import dataset_of
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.export import FORMATS, export
from qwvis_desktop.core.file_format import Make
from qwvis_desktop.core.formats import coco, yolo
from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.importing import LabelFileError, read_annotations, read_labels, read_set
from qwvis_desktop.core.plane.forms import corners_of

GOLDEN = Path(__file__).with_name("golden") / "plane"

PLANE = (
    *("coco", "coco-results", "yolo", "yolo-obb", "yolo-segment", "voc", "labelme", "x-anylabeling", "label-studio"),
    *("cvat", "qwen3-vl-messages", "qwen3-vl-sharegpt", "qwen2.5-vl-messages", "qwen2.5-vl-sharegpt", "csv", "jsonl"),
)
EXACT = ("coco", "labelme", "x-anylabeling", "label-studio", "cvat", "csv", "jsonl")
"""Formats that keep outlines and fractions."""


def out_path(format_id: str, folder: Path) -> Path:
    return folder / f"street{FORMATS[format_id].suffix}"


def main_file(format_id: str, folder: Path) -> Path:
    path = out_path(format_id, folder)
    return path / "data.yaml" if format_id.startswith("yolo") else path


def round_trip(format_id: str, annotations: Sequence[Annotation]) -> Sequence[Annotation]:
    """Write and read back, in memory."""
    document = plane_document(*annotations)
    files = {file.name: file.data.decode("utf-8-sig") for file in make_of(format_id)(dataset_of([document]))}
    if format_id.startswith("yolo"):
        names = yolo.names_in(files["data.yaml"])
        assert yolo.is_description(files["data.yaml"])
        (picture,) = yolo.pictures({"street": lambda: files["labels/street.txt"]}, names)
        labels = picture.read(document.size)
        assert labels.left_out == ()
        return labels.annotations
    if format_id == "coco-results":
        (picture,) = coco.pictures_of_results(files[""], files[".images.json"])
        return picture.read(document.size).annotations
    read = read_labels(files[""], plane_document())
    assert read.left_out == ()
    return read.annotations


@pytest.mark.parametrize("format_id", PLANE)
def test_is_written_as_it_was(format_id: str, tmp_path: Path) -> None:
    done = export(plane_document(*ALL), format_id, out_path(format_id, tmp_path))
    for file in done.files:
        golden = GOLDEN / format_id / file.relative_to(tmp_path)
        assert file.read_bytes() == golden.read_bytes(), golden


@pytest.mark.parametrize("format_id", PLANE)
def test_two_pictures_come_back_each_with_its_own(format_id: str, tmp_path: Path) -> None:
    day, night = plane_document(BOX, name="day.jpg"), plane_document(TILTED, SHAPE, name="night.jpg")
    path = out_path(format_id, tmp_path)
    export([day, night], format_id, path)
    files = [main_file(format_id, tmp_path)]
    if path.is_dir() and not format_id.startswith("yolo"):
        files = sorted(path.iterdir())
    read = [entry for file in files for entry in pictures_in(file)]
    assert [len(pick(read, document)) for document in (day, night)] == [1, 2]
    (cat,) = pick(read, day)
    assert (cat.label, cat.kind) == ("cat", "detection")
    assert {annotation.label for annotation in pick(read, night)} == {"ship", "leaf"}


def pictures_in(file: Path) -> list[tuple[str, Sequence[Annotation]]]:
    found = read_set(file)
    assert found is not None
    return [(p.file_name, found.read(p, plane_document(name=p.file_name)).annotations) for p in found.pictures]


def pick(read: list[tuple[str, Sequence[Annotation]]], document: Document) -> Sequence[Annotation]:
    name = document.media.name
    (found,) = [annotations for known, annotations in read if known in (name, Path(name).stem)]
    return found


@pytest.mark.parametrize("format_id", EXACT)
def test_every_form_comes_back(format_id: str) -> None:
    box, tilted, shape, point, text, block = round_trip(format_id, ALL)
    assert isinstance(box, Detection)
    assert isinstance(tilted, Detection)
    assert isinstance(shape, Detection)
    for found, wanted in zip((box, tilted, shape, point, text), ALL, strict=False):
        assert (found.kind, found.label) == (wanted.kind, wanted.label)
        for ours, theirs in zip(corners_of(wanted), corners_of(found), strict=True):
            assert theirs == pytest.approx(ours, abs=1e-6)
    assert (tilted.outline is None, shape.outline is None, box.outline) == (False, False, None)
    assert text.kind == "text"
    assert getattr(text, "text", "") == TEXT.text
    assert getattr(block, "text", "") == BLOCK.text
    assert block.kind == ("text" if format_id == "label-studio" else "block")
    if format_id != "cvat":
        assert box.score == BOX.score
    if format_id != "label-studio":
        assert dict(box.attributes) == dict(BOX.attributes)


TOLERANCE = {
    "yolo": 1e-3, "yolo-obb": 1e-3, "yolo-segment": 1e-3, "voc": 1.0, "coco-results": 1e-6,
    "qwen3-vl-messages": 1.0, "qwen3-vl-sharegpt": 1.0, "qwen2.5-vl-messages": 1.0, "qwen2.5-vl-sharegpt": 1.0,
}  # fmt: skip
"""How far, in pixels, a side may come back from where it was: formats of whole numbers round."""


@pytest.mark.parametrize("format_id", PLANE)
@settings(max_examples=6, deadline=None)
@given(annotations=st.lists(BOXES, min_size=1, max_size=4))
def test_boxes_come_back(format_id: str, annotations: list[Detection]) -> None:
    read = round_trip(format_id, annotations)
    order = sorted if format_id.startswith("qwen") else list
    assert order([a.label for a in read]) == order([a.label for a in annotations])
    for found, wanted in zip(read, annotations, strict=True):
        box = bounds_of(found)
        assert box is not None
        assert tuple(box) == pytest.approx(tuple(wanted.box), abs=TOLERANCE.get(format_id, 1e-6))


@pytest.mark.parametrize("format_id", [*EXACT, "yolo-obb", "yolo-segment"])
@settings(max_examples=6, deadline=None)
@given(annotation=TILTED_BOXES)
def test_turned_boxes_come_back_at_their_angle(format_id: str, annotation: Detection) -> None:
    (found,) = round_trip(format_id, [annotation])
    ours, theirs = corners_of(annotation), corners_of(found)
    assert theirs[0] == pytest.approx(ours[0], abs=1e-3)
    assert theirs[2] == pytest.approx(ours[2], abs=1e-3)
    assert theirs[1] == pytest.approx(ours[1], abs=1e-3)


@pytest.mark.parametrize("format_id", EXACT)
@settings(max_examples=6, deadline=None)
@given(annotation=POINTS)
def test_points_come_back(format_id: str, annotation: Keypoint) -> None:
    (found,) = round_trip(format_id, [annotation])
    assert isinstance(found, Keypoint)
    assert found.label == annotation.label
    assert found.point == pytest.approx(annotation.point, abs=1e-6)


@pytest.mark.parametrize("format_id", PLANE)
def test_an_empty_picture_is_a_file_that_can_be_read(format_id: str, tmp_path: Path) -> None:
    path = out_path(format_id, tmp_path)
    export(plane_document(), format_id, path)
    with suppress(LabelFileError):  # a file without a line is empty, and said to be
        assert read_annotations(main_file(format_id, tmp_path), plane_document()).annotations == ()


AWKWARD = (
    "../../up",
    "a/b",
    "C:\\x",
    "=1+1",
    "a,b;c\"d'e",
    "<b>&amp;",
    "猫",
    "\x00\x1f",
    "con",
    "a\nb\r\nc",
    " ",
    "\ud800",
)


@pytest.mark.parametrize("format_id", PLANE)
def test_no_label_and_no_name_leads_out_of_the_folder_or_breaks_the_file(format_id: str, tmp_path: Path) -> None:
    boxes = [Detection(label=label, box=BOX.box) for label in AWKWARD]
    documents = [plane_document(*boxes, name=name) for name in ("../../a.jpg", "/etc/passwd", "C:\\b.jpg", "nul", "..")]
    root = tmp_path / "root"
    root.mkdir()
    export(documents, format_id, out_path(format_id, root))
    assert [item.name for item in tmp_path.iterdir()] == ["root"]
    written = [path for path in root.rglob("*") if path.is_file()]
    assert written
    assert not any(path.stem.lower() in ("nul", "con") or set('<>:"\\|?*') & set(path.name) for path in written)
    first = main_file(format_id, root)
    if first.is_dir():
        first = sorted(first.iterdir())[0]
    found = read_set(first)
    assert found is not None
    assert all(len(found.read(p, plane_document()).annotations) == len(AWKWARD) for p in found.pictures)


def _text(format_id: str, name: str = "") -> str:
    make = FORMATS[format_id].make
    assert make is not None
    files = list(make(dataset_of([plane_document(*ALL)])))
    return next(file for file in files if file.name.endswith(name)).data.decode("utf-8-sig")


TEXTS = {
    **{format_id: _text(format_id) for format_id in PLANE if not format_id.startswith("yolo")},
    "yolo": _text("yolo", "street.txt"),
    "yolo-segment": _text("yolo-segment", "street.txt"),
    "yolo-names": _text("yolo", "data.yaml"),
}
PIECES = st.sampled_from(
    [
        *("{", "}", "[", "]", ",", ":", '"', "\n", " ", "0", "-1", "1e999", "NaN", "null", "true", "a", "\\", "'"),
        *("<", ">", "/>", "</", "&amp;", "&x;", "<!DOCTYPE a>", "\ufeff", "\x00", "1e400", "99999999999999999999"),
        *('"bbox"', '"image_id"', '"points"', '"result"', '"value"', '"shapes"', '"data"', "names:", "- *a", "&a"),
    ]
)


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_a_damaged_file_is_read_or_refused_with_a_sentence(data: st.DataObject) -> None:
    text = TEXTS[data.draw(st.sampled_from(list(TEXTS)))]
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(len(text), start + 60)))
        text = text[:start] + data.draw(st.lists(PIECES, max_size=3).map("".join)) + text[end:]
    with suppress(LabelFileError):
        for annotation in read_labels(text, plane_document()).annotations:
            assert all(abs(value) < 1e6 for point in corners_of(annotation) for value in point)


@pytest.mark.parametrize("format_id", [key for key in PLANE if key not in ("csv", "coco-results")])
def test_labels_of_a_smaller_copy_are_scaled_and_of_another_picture_refused(format_id: str, tmp_path: Path) -> None:
    export(plane_document(BOX), format_id, out_path(format_id, tmp_path))
    twice = plane_document()
    twice.media = replace(twice.media, size=Size(1280, 960))
    says_size = format_id not in ("jsonl", "qwen2.5-vl-messages", "qwen2.5-vl-sharegpt")
    if says_size:
        (cat,) = read_annotations(main_file(format_id, tmp_path), twice).annotations
        box = bounds_of(cat)
        assert box is not None
        assert tuple(box) == pytest.approx([2 * side for side in BOX.box], abs=2)
    if format_id in ("coco", "voc", "labelme", "x-anylabeling", "cvat"):
        wide = plane_document()
        wide.media = replace(wide.media, size=Size(1000, 480))
        with pytest.raises(LabelFileError, match="640 x 480 pixels"):
            read_annotations(main_file(format_id, tmp_path), wide)


DEEP = "[" * 100_000


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('<!DOCTYPE a [<!ENTITY x "y">]><annotations>&x;</annotations>', "document type"),
        ('<!DOCTYPE a SYSTEM "file:///etc/passwd"><annotation/>', "document type"),
        ("<annotations>" + "<a>" * 100, "too deep"),
        ("<annotations><image", "not XML"),
        ("<annotations><image id='0' name='a' width='x' height='2'/></annotations>", "damaged"),
        ("<annotations><track id='0'/></annotations>", "of a film"),
        ("<x/><annotation/>", "not XML"),
        ('<a x="<annotation"/>', "not XML"),
        ("<b><annotation/></b>", "does not begin with <annotation>"),
        ("<b><annotations/></b>", "does not begin with <annotations>"),
        ('{"shapes": {}, "imagePath": ""}', "no list"),
        ('{"shapes": [], "imagePath": 5}', "damaged"),
        ('{"shapes": [1], "imagePath": "a"}', "No object"),
        (f'{{"shapes": "imagePath" {DEEP}', "not JSON"),
        (f'[{{"data": "annotations" {DEEP}', "JSON"),
        ('[{"data": {"image": "a"}, "annotations": [5]}]', "damaged"),
        ('[{"data": {"image": "a"}, "annotations": [{"result": 5}]}]', "damaged"),
        ('{"images": [], "annotations": [], "categories": [5]}', "damaged"),
        (f'[{{"image_id": "category_id" {DEEP}', "JSON"),
        ('{"messages": [{"role": "user"}], "images": ["a.jpg"]}', "damaged"),
        ("file,width,height,kind,label,text\na,b,c,detection,x,y", "damaged"),
        ("0 0.5 0.5 0.1 0\n", "no area"),
        ("0 0.5 0.5 0.1\n0 1 1 1 1", "nothing in it"),
    ],
)
def test_says_what_is_wrong_with_a_file(text: str, words: str) -> None:
    with pytest.raises(LabelFileError, match=words):
        read_labels(text, plane_document())


def test_what_a_format_has_and_this_program_has_not_is_said() -> None:
    value = json.loads(_text("labelme"))
    value["shapes"].append({**value["shapes"][0], "shape_type": "linestrip", "points": [[1, 1], [2, 2]]})
    read = read_labels(json.dumps(value), plane_document())
    assert len(read.annotations) == len(ALL)
    assert read.left_out == (
        "Left out: 1 object that could not be read (number 7: there is nothing here like a 'linestrip').",
    )
    coco = json.loads(_text("coco"))
    coco["annotations"][2]["segmentation"] = {"counts": "x", "size": [1, 1]}
    coco["annotations"][1]["segmentation"] *= 2
    read = read_labels(json.dumps(coco), plane_document())
    assert read.left_out == (
        "Left out: the mask of 1 object (its box is kept).",
        "Left out: an outline in several parts (its box is kept).",
    )


def make_of(format_id: str) -> Make:
    make = FORMATS[format_id].make
    assert make is not None
    return make
