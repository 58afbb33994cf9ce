"""Lines of a project file, made of what is open."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from documents import empty_document, media_of, rich_document

from qwvis_desktop.core.document import Document
from qwvis_desktop.core.store import saving
from qwvis_desktop.core.store.picture_record import document_of
from qwvis_desktop.core.store.saving import PictureState, PictureWriter


def state(path: Path, document: Document | None = None, **further: Any) -> PictureState:
    return PictureState(key=str(path), name=path.name, path=path, document=document, **further)


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "photos" / "street.jpg"
    path.parent.mkdir()
    path.write_bytes(b"encoded")
    return path


def test_pictures_are_told_by_path_and_content(picture: Path, tmp_path: Path) -> None:
    document = rich_document(picture)
    (line,) = PictureWriter().lines([state(picture, document)], tmp_path)
    record = json.loads(line)
    assert (record["path"], record["bytes"], len(record["sha256"])) == ("photos/street.jpg", 7, 64)
    read, _ = document_of(record, document.media)
    assert list(read.annotations.values()) == list(document.annotations.values())


def test_a_picture_nobody_worked_on_is_not_read(tmp_path: Path) -> None:
    lines = PictureWriter().lines([state(tmp_path / "a.jpg"), state(tmp_path / "b.jpg", empty_document())], tmp_path)
    assert json.loads(lines[0]) == {"name": "a.jpg", "path": "a.jpg"}
    assert "sha256" not in json.loads(lines[1])


def test_a_picture_that_was_not_opened_keeps_its_record(tmp_path: Path) -> None:
    record = {"name": "a.jpg", "path": "x/a.jpg", "sha256": "ab", "annotations": [7], "stars": 5}
    (line,) = PictureWriter().lines([state(tmp_path / "y" / "a.jpg", record=record)], tmp_path)
    assert json.loads(line) == {**record, "path": "y/a.jpg"}
    pasted = {"name": "pasted", "data": "QQ=="}
    (line,) = PictureWriter().lines([PictureState(key="k", name="pasted", record=pasted)], tmp_path)
    assert json.loads(line) == pasted


def test_a_picture_that_is_gone_is_written_with_what_is_known(tmp_path: Path) -> None:
    known = {"sha256": "ab", "bytes": 7}
    gone = state(tmp_path / "gone.jpg", rich_document(tmp_path / "gone.jpg"), record=known)
    record = PictureWriter().record(gone, tmp_path)
    assert (record["sha256"], record["bytes"], len(record["annotations"])) == ("ab", 7, 9)


def test_what_did_not_change_is_not_made_anew(picture: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    writer, document = PictureWriter(), rich_document(picture)
    one, two = state(picture, document), state(tmp_path / "b.jpg")
    before = writer.lines([one, two], tmp_path)
    monkeypatch.setattr(saving, "content", pytest.fail)
    assert writer.lines([two, one], tmp_path) == before[::-1]
    monkeypatch.undo()
    monkeypatch.setattr(saving, "fingerprint", pytest.fail)
    document.remove(["a"])
    (changed, _) = writer.lines([replace(one, revision=1), two], tmp_path)
    assert len(json.loads(changed)["annotations"]) == 8
    monkeypatch.undo()
    picture.write_bytes(b"encoded anew")
    (changed, _) = writer.lines([replace(one, revision=2), two], tmp_path)
    assert json.loads(changed)["bytes"] == 12


def test_a_pasted_picture_is_in_the_line(tmp_path: Path) -> None:
    document = Document(replace(media_of(), data=b"\x89PNG"))
    (line,) = PictureWriter().lines([PictureState(key="data:1", name="pasted", document=document)], tmp_path)
    assert json.loads(line)["data"] == "iVBORw=="
    assert "path" not in json.loads(line)
