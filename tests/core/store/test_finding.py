"""Pictures that were moved or renamed since the project was saved."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest

from qwvis_desktop.core.store import finding
from qwvis_desktop.core.store.finding import PictureFinder


def put(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def record_of(path: str, content: bytes) -> dict[str, Any]:
    return {"name": path, "path": path, "sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}


def test_where_it_lay(tmp_path: Path) -> None:
    path = put(tmp_path / "a.jpg", b"one")
    assert PictureFinder(tmp_path).find(record_of("a.jpg", b"one")) == path
    assert PictureFinder(tmp_path).find({"name": "a.jpg", "path": "a.jpg"}) == path


def test_moved_with_its_name(tmp_path: Path) -> None:
    moved = put(tmp_path / "deep" / "er" / "a.jpg", b"one")
    put(tmp_path / "other" / "a.jpg", b"two")
    assert PictureFinder(tmp_path).find(record_of("a.jpg", b"one")) == moved


def test_renamed(tmp_path: Path) -> None:
    put(tmp_path / "c.jpg", b"two")
    renamed = put(tmp_path / "b.jpg", b"one")
    assert PictureFinder(tmp_path).find(record_of("a.jpg", b"one")) == renamed


def test_where_one_went_others_went_too_even_outside_of_the_project(tmp_path: Path) -> None:
    base = tmp_path / "project"
    base.mkdir()
    finder = PictureFinder(base)
    put(base / "new" / "a.jpg", b"one")
    assert finder.find(record_of("old/a.jpg", b"one")) == base / "new" / "a.jpg"
    # Looked for once only: what comes later is found where the first one was.
    late = put(base / "new" / "b.jpg", b"two")
    assert finder.find(record_of("old/b.jpg", b"two")) == late


def test_without_its_content_the_name_has_to_do(tmp_path: Path) -> None:
    moved = put(tmp_path / "x" / "a.jpg", b"anything")
    assert PictureFinder(tmp_path).find({"name": "a.jpg", "path": "a.jpg"}) == moved


def test_nowhere(tmp_path: Path) -> None:
    put(tmp_path / "x" / "a.jpg", b"two")
    assert PictureFinder(tmp_path).find(record_of("a.jpg", b"one")) is None
    assert PictureFinder(tmp_path / "gone").find(record_of("a.jpg", b"one")) is None
    assert PictureFinder(tmp_path).find({"name": "pasted", "data": "QQ=="}) is None


def test_changed_where_it_lay_is_better_than_nothing(tmp_path: Path) -> None:
    path = put(tmp_path / "a.jpg", b"edited")
    assert PictureFinder(tmp_path).find(record_of("a.jpg", b"one")) == path


def test_what_may_not_be_read_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path / "x" / "a.jpg", b"one")
    plain_open = Path.open

    def refuse(path: Path, *arguments: Any, **further: Any) -> Any:
        if path.name == "a.jpg":
            raise PermissionError(13, "no")
        return plain_open(path, *arguments, **further)

    monkeypatch.setattr(Path, "open", refuse)
    assert PictureFinder(tmp_path).find(record_of("a.jpg", b"one")) is None


def test_no_more_files_are_looked_at_than_pays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "MOST_FILES", 3)
    for number in range(5):
        put(tmp_path / f"{number}.jpg", b"two")
    put(tmp_path / "deep" / "a.jpg", b"one")
    assert PictureFinder(tmp_path).find(record_of("a.jpg", b"one")) is None


def test_a_folder_of_frames_that_moved_is_found_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "moved" / "walk").mkdir(parents=True)
    finder = PictureFinder(tmp_path)
    assert finder.find({"path": "walk", "frame_rate": 25}) == tmp_path / "moved" / "walk"
    assert finder.find({"path": "walk"}) is None  # a picture of that name is no folder
