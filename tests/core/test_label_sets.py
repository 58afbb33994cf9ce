from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from plane_documents import BOX, TILTED, plane_document

from qwvis_desktop.core.export import export
from qwvis_desktop.core.imported import NotRead, Read, ReadForFile, ReadForOpen
from qwvis_desktop.core.importing import read_set
from qwvis_desktop.core.label_sets import read_for


def picture(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (640, 480), "white").save(path)
    return path


def read(path: Path, *names: str, current: str | None = None) -> list[Read]:
    found = read_set(path)
    assert found is not None
    return list(read_for(found, {name: plane_document(name=name) for name in names}, current))


def test_open_pictures_are_found_by_name_and_others_where_data_sets_keep_them(tmp_path: Path) -> None:
    names = ("day.jpg", "night.png", "rain.jpg", "gone.jpg")
    path = tmp_path / "set" / "labels" / "all.json"
    path.parent.mkdir(parents=True)
    export([plane_document(BOX, name=name) for name in names], "coco", path)
    near = picture(tmp_path / "set" / "images" / "train" / "night.png")
    beside = picture(tmp_path / "set" / "labels" / "rain.JPG")
    first, second, third, last = read(path, "DAY.jpg")
    assert isinstance(first, ReadForOpen)
    assert (first.key, len(first.imported.annotations)) == ("DAY.jpg", 1)
    assert isinstance(second, ReadForFile)
    assert (second.path, second.document.size) == (near, (640, 480))
    assert isinstance(third, ReadForFile)
    assert third.path == beside
    assert last == NotRead("1 picture of this file is neither open nor beside it, so its labels were not read.")


def test_the_only_picture_of_a_file_is_the_current_one_where_it_is_not_found(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    export(plane_document(TILTED, name="other.jpg"), "voc", path)
    (found,) = read(path, "street.jpg", current="street.jpg")
    assert isinstance(found, ReadForOpen)
    (nothing,) = read(path, "street.jpg")
    assert isinstance(nothing, NotRead)


def test_one_picture_that_cannot_be_read_does_not_keep_the_others_from_it(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    export([plane_document(BOX, name=name) for name in ("a.jpg", "b.jpg")], "coco", path)
    (tmp_path / "a.jpg").write_bytes(b"no picture")
    Image.new("RGB", (64, 480), "white").save(tmp_path / "b.jpg")
    damaged, other = read(path)
    assert isinstance(damaged, NotRead)
    assert "a.jpg" in damaged.sentence
    assert isinstance(other, NotRead)
    assert "640 x 480" in other.sentence


def test_a_path_in_a_file_leads_nowhere_else(tmp_path: Path) -> None:
    secret = picture(tmp_path / "secret" / "x.jpg")
    path = tmp_path / "a" / "b" / "c" / "a.json"
    path.parent.mkdir(parents=True)
    export([plane_document(BOX), plane_document(BOX)], "coco", path)
    path.write_text(path.read_text("utf-8").replace("street.jpg", str(secret)), "utf-8")
    assert all(isinstance(event, NotRead) for event in read(path))


def test_of_pictures_of_one_name_each_is_the_one_in_its_folder(tmp_path: Path) -> None:
    path = tmp_path / "all.json"
    export([plane_document(box, name=name) for box, name in ((BOX, "a.jpg"), (TILTED, "b.jpg"))], "coco", path)
    text = path.read_text().replace('"a.jpg"', '"val/1.jpg"').replace('"b.jpg"', r'"d:\\set\\Train\\1.jpg"')
    path.write_text(text)
    train, val = picture(tmp_path / "images" / "train" / "1.jpg"), picture(tmp_path / "images" / "val" / "1.jpg")
    first, second = read(path)
    assert isinstance(first, ReadForFile)
    assert isinstance(second, ReadForFile)
    assert (first.path, first.imported.annotations[0].label) == (val, "cat")
    assert (second.path, second.imported.annotations[0].label) == (train, "ship")
    val.unlink()
    # What is in another folder is another picture, though it has the name.
    found, missing = read(path)
    assert isinstance(found, ReadForFile)
    assert (found.path, found.imported.annotations[0].label) == (train, "ship")
    assert isinstance(missing, NotRead)


def test_a_picture_that_may_be_either_of_two_gets_the_labels_of_neither(tmp_path: Path) -> None:
    path = tmp_path / "all.json"
    export([plane_document(box, name=name) for box, name in ((BOX, "a.jpg"), (TILTED, "b.jpg"))], "coco", path)
    path.write_text(path.read_text().replace('"a.jpg"', '"val/1.jpg"').replace('"b.jpg"', '"train/1.jpg"'))
    expected = NotRead(
        "2 pictures of this file are neither open nor beside it, so their labels were not read. Several in it are "
        'called "1.jpg"; put that one into a folder that is called as there.'
    )
    assert read(path, "1.jpg") == [expected]
    picture(tmp_path / "images" / "1.jpg")
    assert read(path) == [expected]
    # One that is told of twice is one all the same.
    path.write_text(path.read_text().replace("val/", "train/"))
    assert [type(each) for each in read(path)] == [ReadForFile, ReadForFile]


@pytest.mark.parametrize(("images", "labels"), [("images/{}", "labels/{}"), ("{}/images", "{}/labels")])
def test_parts_of_a_yolo_set_may_call_their_pictures_alike(tmp_path: Path, images: str, labels: str) -> None:
    (tmp_path / "data.yaml").write_text("names: [cat, ship]\ntrain: x\n")
    pictures = {}
    for place, part in enumerate(("train", "val")):
        pictures[part] = picture(tmp_path / images.format(part) / "1.jpg")
        path = tmp_path / labels.format(part) / "1.txt"
        path.parent.mkdir(parents=True)
        path.write_text(f"{place} 0.5 0.5 0.1 0.1\n")
    found = {}
    for each in read(tmp_path / "data.yaml"):
        assert isinstance(each, ReadForFile)
        found[each.path] = each.imported.annotations[0].label
    assert found == {pictures["train"]: "cat", pictures["val"]: "ship"}
