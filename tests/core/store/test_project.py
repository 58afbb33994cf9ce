"""The project file: what is written is read again; damaged and foreign files are refused and left as they are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from qwvis_desktop.core.store import project
from qwvis_desktop.core.store.picture_record import line_of
from qwvis_desktop.core.store.project import (
    FORMAT,
    VERSION,
    Project,
    ProjectFileError,
    dump_project,
    is_project,
    load_project,
    read_project,
    sidecar_of,
)

PICTURES: list[dict[str, Any]] = [{"name": "a.jpg", "path": "a.jpg"}, {"name": "b.jpg", "path": "x/b.jpg", "runs": []}]


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "town.qwvis"
    data = dump_project(map(line_of, PICTURES), 1, {"colour": "red"})
    path.write_bytes(data)
    read, stamp = load_project(path)
    assert read == Project(tuple(PICTURES), 1, {"colour": "red"})
    assert dump_project(map(line_of, read.pictures), read.current, read.further) == data
    assert stamp.size == len(data)


def test_the_file_is_json_with_a_picture_a_line() -> None:
    data = dump_project(map(line_of, PICTURES))
    value = json.loads(data)
    assert (value["format"], value["version"], value["pictures"]) == (FORMAT, VERSION, PICTURES)
    assert [json.loads(line.rstrip(b",")) for line in data.splitlines()[1:3]] == PICTURES
    assert read_project(dump_project([]), "empty") == Project()


@pytest.mark.parametrize(
    ("data", "part"),
    [
        (b"", "no project that can be read"),
        (b"\xff\xfe", "no project that can be read"),
        (dump_project(map(line_of, PICTURES))[:-9], "was damaged"),
        (b"[" * 100_000, "no project that can be read"),
        (b"[]", "no project of QwVis"),
        (b'{"format": "coco"}', "no project of QwVis"),
        (line_of({"format": FORMAT, "version": "2999-01-01", "pictures": []}), "later version"),
        (line_of({"format": FORMAT, "version": VERSION}), "is damaged"),
        (line_of({"format": FORMAT, "version": VERSION, "pictures": [7]}), "is damaged"),
    ],
)
def test_what_is_no_project_is_refused_in_a_sentence(data: bytes, part: str) -> None:
    with pytest.raises(ProjectFileError, match=part) as refused:
        read_project(data, "town.qwvis")
    assert "town.qwvis" in str(refused.value)


def test_an_earlier_form_is_brought_up_step_by_step(monkeypatch: pytest.MonkeyPatch) -> None:
    steps = (
        ("2026-12-01", lambda value: {**value, "pictures": value.pop("images")}),
        ("2027-01-01", lambda value: {**value, "pictures": [{"name": n} for n in value["pictures"]]}),
    )
    monkeypatch.setattr(project, "VERSION", "2027-01-01")
    old = line_of({"format": FORMAT, "version": "2026-11-30", "images": ["a.jpg"]})
    assert read_project(old, "old", steps).pictures == ({"name": "a.jpg"},)
    newer = line_of({"format": FORMAT, "version": "2026-12-01", "pictures": ["b.jpg"]})
    assert read_project(newer, "newer", steps).pictures == ({"name": "b.jpg"},)


def test_names() -> None:
    assert is_project(Path("town.QWVIS"))
    assert not is_project(Path("qwvis"))
    assert sidecar_of(Path("x/photo.jpg")) == Path("x/photo.jpg.qwvis")
