"""Films that cannot be opened, each refused in a sentence that says what, why and what to do."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from films import Film, make_film, make_sound

from qwvis_desktop.core.media.image import MediaError
from qwvis_desktop.core.media.video import is_film, open_video, reading_film


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
        "gone.mp4": "is not there any more",
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


def test_films_are_known_by_how_they_begin(tmp_path: Path) -> None:
    for name in ("a.mp4", "a.mov", "a.mkv", "a.webm", "a.avi", "a.ts", "a.flv"):
        codec = "libvpx-vp9" if name.endswith("webm") else "libx264"
        assert is_film(make_film(tmp_path, Film(name, codec, count=3, b_frames=0)).read_bytes()[:512]), name
    for start in (b"", b"\x89PNG\r\n\x1a\n", b"\0\0\0\x1cftypavif", b"RIFF\0\0\0\0WEBP", b"G" + bytes(500)):
        assert not is_film(start)


def test_bytes_of_a_film_can_be_read(tmp_path: Path) -> None:
    media = open_video(make_film(tmp_path), "holiday")
    assert media.name == "holiday"
    with media.open() as file:
        assert len(file.read()) == media.byte_count


def test_what_goes_wrong_on_the_way_is_said() -> None:
    with pytest.raises(MediaError, match="not enough memory"), reading_film("film.mp4"):
        raise MemoryError
    with pytest.raises(MediaError, match="no permission"), reading_film("film.mp4"):
        raise PermissionError
