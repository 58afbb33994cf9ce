"""Fetched films lie in a folder that does not grow without end."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from qwvis_desktop.core.media.fetched_films import keep_film
from qwvis_desktop.core.media.write import WriteError


def test_a_film_is_kept_once_under_its_suffix(tmp_path: Path) -> None:
    folder = tmp_path / "cache" / "films"
    first, again = keep_film(b"film", "a film.mp4", folder), keep_film(b"film", "other name.mp4", folder)
    assert first == again
    assert (first.suffix, first.read_bytes(), len(list(folder.iterdir()))) == (".mp4", b"film", 1)


def test_those_of_long_ago_make_room(tmp_path: Path) -> None:
    paths = [keep_film(bytes([number]) * 100, "a.mp4", tmp_path) for number in range(4)]
    for number, path in enumerate(paths):
        os.utime(path, (number, number))
    keep_film(bytes([1]) * 100, "a.mp4", tmp_path, room=250)
    assert [path.exists() for path in paths] == [False, True, True, True]


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "films").write_text("a file")
    with pytest.raises(WriteError, match="could not be saved"):
        keep_film(b"film", "a.mp4", tmp_path / "films")
