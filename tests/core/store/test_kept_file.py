"""Files that others may change meanwhile."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from qwvis_desktop.core.media.write import WriteError
from qwvis_desktop.core.store.kept_file import (
    ChangedOutside,
    is_changed,
    set_aside,
    stamp_of,
    write_anyway,
    write_unchanged,
)


def test_a_file_that_nobody_touched_is_written_over(tmp_path: Path) -> None:
    path = tmp_path / "town.qwvis"
    stamp = write_unchanged(path, b"one", None)
    stamp = write_unchanged(path, b"two", stamp)
    assert path.read_bytes() == b"two"
    assert not is_changed(path, stamp)


def test_a_file_that_another_program_changed_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "town.qwvis"
    stamp = write_unchanged(path, b"one", None)
    path.write_bytes(b"two")
    os.utime(path, ns=(0, 0))
    with pytest.raises(ChangedOutside, match=r"town\.qwvis"):
        write_unchanged(path, b"three", stamp)
    assert path.read_bytes() == b"two"
    write_anyway(path, b"three")
    assert path.read_bytes() == b"three"


def test_a_file_where_none_was_is_somebody_elses(tmp_path: Path) -> None:
    path = tmp_path / "town.qwvis"
    path.write_bytes(b"theirs")
    with pytest.raises(ChangedOutside):
        write_unchanged(path, b"ours", None)


def test_touched_or_gone_is_not_changed(tmp_path: Path) -> None:
    path = tmp_path / "town.qwvis"
    path.write_bytes(b"one")
    stamp = stamp_of(path, b"one")
    os.utime(path, ns=(0, 0))
    assert not is_changed(path, stamp)
    path.unlink()
    assert not is_changed(path, stamp)
    assert write_unchanged(path, b"two", stamp).size == 3


def test_what_cannot_be_read_counts_as_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "town.qwvis"
    path.write_bytes(b"one")
    stamp = stamp_of(path, b"one")
    os.utime(path, ns=(0, 0))

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "no")

    monkeypatch.setattr(Path, "open", refuse)
    assert is_changed(path, stamp)


def test_a_file_is_set_aside_under_a_new_name(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg.qwvis"
    path.write_bytes(b"broken")
    aside = set_aside(path, "damaged")
    assert (path.exists(), aside.read_bytes(), aside.suffix) == (False, b"broken", ".qwvis")


def test_a_failure_says_so(tmp_path: Path) -> None:
    with pytest.raises(WriteError, match="does not exist"):
        write_anyway(tmp_path / "gone" / "town.qwvis", b"x")
