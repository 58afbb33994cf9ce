"""Films that cannot be opened, each refused in a sentence that says what, why and what to do."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from films import make_film, make_sound

from qwvis_desktop.core.media.film_opening import open_video
from qwvis_desktop.core.media.image import MediaError


def test_what_is_no_film(tmp_path: Path) -> None:
    (tmp_path / "empty.mp4").touch()
    (tmp_path / "text.mp4").write_text("no film at all")
    (tmp_path / "half.mp4").write_bytes(make_film(tmp_path).read_bytes()[:900])
    make_sound(tmp_path / "sound.mp4")
    for name, words in {
        "empty.mp4": "is empty",
        "text.mp4": "cannot be read as a film",
        "half.mp4": "cut off before what describes it",
        "sound.mp4": "holds sound but no moving picture",
        "gone.mp4": "There is no file",
        ".": "is no file",
    }.items():
        with pytest.raises(MediaError, match=words):
            open_video(tmp_path / name)


def test_the_part_that_reads_films_may_be_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make_film(tmp_path)
    monkeypatch.setitem(sys.modules, "av", None)
    for name in ("film_probe", "film_stream"):
        monkeypatch.delitem(sys.modules, f"qwvis_desktop.core.media.{name}", raising=False)
    with pytest.raises(MediaError, match=r'pip install "qwvis-desktop\[video\]"'):
        open_video(path)
