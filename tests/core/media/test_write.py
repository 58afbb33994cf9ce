from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest

from qwvis_desktop.core.media.write import WriteError, replacing, write_beside, writing_together
from qwvis_desktop.core.steps import result_of

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="permissions and links as on POSIX")


def test_a_new_file_and_an_old_one(tmp_path: Path) -> None:
    path = tmp_path / "out.bin"
    write_beside(path, b"first")
    write_beside(path, b"second")
    assert path.read_bytes() == b"second"
    assert os.listdir(tmp_path) == ["out.bin"]  # noqa: PTH208 - the bare names are what is asked for


@posix_only
def test_permissions_are_kept_and_new_files_get_the_usual_ones(tmp_path: Path) -> None:
    path = tmp_path / "out.bin"
    (tmp_path / "usual").touch()
    write_beside(path, b"first")
    assert path.stat().st_mode == (tmp_path / "usual").stat().st_mode
    path.chmod(0o640)
    write_beside(path, b"second")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


@posix_only
def test_a_link_is_followed_and_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").write_bytes(b"old")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    write_beside(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"new"


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "disk is full"),
        (errno.EROFS, "only be read"),
        (errno.EACCES, "no permission"),
        (errno.EIO, "The system says"),
    ],
)
@pytest.mark.parametrize("step", ["open", "fsync", "replace"])
def test_a_failed_save_leaves_the_old_file_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, number: int, words: str
) -> None:
    path = tmp_path / "out.bin"
    path.write_bytes(b"old")

    def fail(*_: object, **__: object) -> NoReturn:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os if step == "fsync" else Path, step, fail)
    with pytest.raises(WriteError, match=words) as caught:
        write_beside(path, b"new")
    monkeypatch.undo()
    assert '"out.bin" could not be saved' in str(caught.value)
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["out.bin"]


def test_places_where_no_file_can_be(tmp_path: Path) -> None:
    with pytest.raises(WriteError, match="folder of that name"):
        write_beside(tmp_path, b"")
    with pytest.raises(WriteError, match="folder does not exist"):
        write_beside(tmp_path / "none" / "out.bin", b"")
    with pytest.raises(WriteError, match="name is too long"):
        write_beside(tmp_path / ("x" * 300), b"")


def test_a_save_that_is_interrupted_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_: int) -> NoReturn:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_beside(tmp_path / "out.bin", b"new")
    assert list(tmp_path.iterdir()) == []


def test_several_files_appear_together(tmp_path: Path) -> None:
    root = tmp_path / "a" / "b"
    files = [(root / "one.txt", b"1"), (root / "c" / "two.txt", b"2")]
    assert result_of(writing_together(files, root)) == tuple(path for path, _ in files)
    assert [path.read_bytes() for path, _ in files] == [b"1", b"2"]
    result_of(writing_together([(root / "one.txt", b"new")], root))
    assert (root / "one.txt").read_bytes() == b"new"
    assert sorted(item.name for item in root.iterdir()) == ["c", "one.txt"]
    assert [item.name for item in tmp_path.iterdir()] == ["a"]


def test_none_of_several_files_appears_where_one_cannot_be_made(tmp_path: Path) -> None:
    older = tmp_path / "one.txt"
    older.write_text("older")

    def files() -> Iterator[tuple[Path, bytes]]:
        yield older, b"new"
        raise ValueError("cannot be made")

    with pytest.raises(ValueError, match="cannot be made"):
        result_of(writing_together(files(), tmp_path))
    assert [(item.name, item.read_text()) for item in tmp_path.iterdir()] == [("one.txt", "older")]


@pytest.mark.parametrize("name", ["../out.txt", "/out.txt", "a/../../out.txt"])
def test_no_file_leaves_the_folder(name: str, tmp_path: Path) -> None:
    root = tmp_path / "root"
    with pytest.raises(ValueError, match="is not inside"):
        result_of(writing_together([(root / name, b"")], root))
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_written_of_several_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(WriteError, match="could not be saved"):
        result_of(writing_together([(tmp_path / "file" / "a.txt", b"")], tmp_path))
    assert [item.name for item in tmp_path.iterdir()] == ["file"]


def test_a_file_that_others_write_is_put_in_its_place_whole(tmp_path: Path) -> None:
    target = tmp_path / "film.mp4"
    with replacing(target) as temporary:
        temporary.write_bytes(b"whole")
        assert not target.exists()
    assert target.read_bytes() == b"whole"
    unfinished = replacing(target)
    unfinished.__enter__().write_bytes(b"half")
    assert not unfinished.__exit__(ZeroDivisionError, ZeroDivisionError(), None)
    assert target.read_bytes() == b"whole"
    assert list(tmp_path.iterdir()) == [target]
    with pytest.raises(WriteError, match="There is a folder of that name"), replacing(tmp_path):
        pass
