"""Pictures are opened with what was done on them, wherever that is kept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from qwvis_desktop.core.annotation import Detection
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.geometry import Box
from qwvis_desktop.core.media.frame_folder import open_frames
from qwvis_desktop.core.media.image import MediaError
from qwvis_desktop.core.media.video import VideoMedia
from qwvis_desktop.core.store.picture_record import RecordError, annotation_record, line_of
from qwvis_desktop.core.store.project import dump_project, sidecar_of
from qwvis_desktop.core.store.saving import PictureState, PictureWriter
from qwvis_desktop.core.store.shelf import OpenedPicture, Shelf

BOX = Detection(id="a", label="cat", box=Box(1.0, 2.0, 3.0, 4.0))


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "photo.png"
    Image.new("RGB", (40, 30)).save(path)
    return path


def record(path: str = "photo.png", **further: Any) -> dict[str, Any]:
    return {"name": "photo.png", "path": path, "size": [40, 30], "annotations": [annotation_record(BOX)], **further}


def labels(opened: OpenedPicture) -> list[str]:
    return [annotation.label for annotation in opened.document.annotations.values()]


def test_a_picture_of_which_nothing_is_known(picture: Path) -> None:
    opened = Shelf().open("k", picture, "photo")
    assert (labels(opened), opened.record, opened.sidecar, opened.unsaved) == ([], None, None, False)
    assert opened.document.media.name == "photo"
    with pytest.raises(MediaError):
        Shelf().open("k", picture.with_name("gone.png"), "gone")


def test_a_picture_of_a_project_even_where_it_was_moved(picture: Path, tmp_path: Path) -> None:
    shelf = Shelf()
    shelf.fill({"k": record(stars=3)}, tmp_path)
    (tmp_path / "new").mkdir()
    moved = picture.rename(tmp_path / "new" / "photo.png")
    opened = shelf.open("k", picture, "photo.png")
    assert (labels(opened), opened.document.media.path, opened.extras.further) == (["cat"], moved, {"stars": 3})


def test_work_that_is_in_no_file(picture: Path, tmp_path: Path) -> None:
    shelf = Shelf()
    shelf.fill({"other": record()}, tmp_path)
    shelf.fill({"k": record()}, None, unsaved=True)
    opened = shelf.open("k", picture, "photo.png")
    assert opened.unsaved
    assert not shelf.is_outdated("k", opened)
    shelf.fill({"k": record()}, None, unsaved=True)
    assert shelf.is_outdated("k", opened)
    assert not shelf.open("other", picture, "photo.png").unsaved
    shelf.saved(["k", "unknown"])
    assert not shelf.unsaved
    shelf.drop("k")
    shelf.drop("k")
    assert list(shelf.records) == ["other"]
    shelf.clear()
    assert not shelf.records


def test_what_was_opened_before_a_project_was_is_outdated(picture: Path, tmp_path: Path) -> None:
    shelf = Shelf()
    bare = shelf.open("k", picture, "photo.png")
    assert not shelf.is_outdated("k", bare)
    shelf.fill({"k": record()}, tmp_path)
    assert shelf.is_outdated("k", bare)
    opened = shelf.open("k", picture, "photo.png")
    assert not shelf.is_outdated("k", opened)
    shelf.drop("k")
    assert shelf.is_outdated("k", opened)


def test_what_lies_beside_a_picture_is_found(picture: Path, tmp_path: Path) -> None:
    beside = sidecar_of(picture)
    beside.write_bytes(dump_project([line_of(record())]))
    opened = Shelf().open("k", picture, "photo.png")
    assert labels(opened) == ["cat"]
    assert opened.sidecar is not None
    shelf = Shelf()
    shelf.fill({"k": {**record(), "annotations": []}}, tmp_path)
    assert labels(shelf.open("k", picture, "photo.png")) == ["cat"]
    shelf.fill({"k": {**record(), "annotations": [annotation_record(BOX) | {"label": "dog"}]}}, tmp_path)
    assert labels(shelf.open("k", picture, "photo.png")) == ["dog"]


@pytest.mark.parametrize(
    "content",
    [b"", b"{}", dump_project([line_of(record(annotations=[7]))]), dump_project([line_of(record(size=[1, 1]))])],
)
def test_a_file_beside_that_cannot_be_read_is_said_and_the_picture_opens(picture: Path, content: bytes) -> None:
    sidecar_of(picture).write_bytes(content)
    opened = Shelf().open("k", picture, "photo.png")
    assert (labels(opened), opened.sidecar) == ([], None)
    assert opened.problem.endswith(".")
    assert sidecar_of(picture).read_bytes() == content


def test_a_damaged_record_is_refused_and_kept(picture: Path, tmp_path: Path) -> None:
    shelf = Shelf()
    damaged = record(annotations=[{"id": "a"}])
    shelf.fill({"k": damaged}, tmp_path)
    with pytest.raises(RecordError):
        shelf.open("k", picture, "photo.png")
    assert json.loads(line_of(shelf.records["k"])) == damaged


def test_a_folder_is_looked_at_as_fast_as_when_work_was_done_on_it(tmp_path: Path) -> None:
    folder = tmp_path / "walk"
    folder.mkdir()
    for number in range(4):
        Image.new("RGB", (60, 50), "teal").save(folder / f"{number}.png")
    document = Document(open_frames(folder, 10))
    document.add([Detection(label="x", box=Box(1, 1, 9, 9), time=0.2)])
    state = PictureState(key=str(folder), name="walk", path=folder, document=document)
    (tmp_path / "walk.qwvis").write_bytes(dump_project(PictureWriter().lines([state], tmp_path)))
    shelf = Shelf()
    shelf.fill({str(folder): {"frame_rate": 25.0}}, None)
    opened = shelf.open(str(folder), folder, "walk")
    assert isinstance(opened.document.media, VideoMedia)
    assert (opened.document.media.rate, len(opened.document.annotations)) == (10, 1)
    assert "looked at with 10 frames a second again" in opened.problem
