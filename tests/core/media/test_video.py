"""How films are known, read as bytes, and what is said where that goes wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from films import Film, make_film

from qwvis_desktop.core.media.film_opening import open_video
from qwvis_desktop.core.media.image import MediaError
from qwvis_desktop.core.media.video import is_film, reading_film


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
