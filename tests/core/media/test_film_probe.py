"""How long a film really is, whatever its header says, and what it calls itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from films import Film, make_film

from qwvis_desktop.core.media.film import FilmReader
from qwvis_desktop.core.media.film_opening import open_video
from qwvis_desktop.core.media.image import MediaError


@pytest.mark.parametrize(
    ("film", "mime"),
    [
        (Film("a.mp4"), "video/mp4"),
        (Film("a.mov"), "video/quicktime"),
        (Film("a.mkv"), "video/x-matroska"),
        (Film("a.webm", "libvpx-vp9", b_frames=0), "video/webm"),
        (Film("a.avi", "mpeg4", b_frames=0), "video/x-msvideo"),
        (Film("a.ts"), "video/mp2t"),
        (Film("a.flv", b_frames=0), "video/x-flv"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_containers_call_themselves(film: Film, mime: str, tmp_path: Path) -> None:
    media = open_video(make_film(tmp_path, film))
    assert media.mime == mime
    assert media.duration == pytest.approx(2.0, abs=0.07)  # not every container says how long the last frame lasts
    assert media.rate == pytest.approx(30.0)
    assert not media.note


def test_a_length_that_is_not_said_is_found(tmp_path: Path) -> None:
    media = open_video(make_film(tmp_path, Film("live.mkv", container_options={"live": "1"})))
    assert media.duration == pytest.approx(2.0, abs=0.04)
    assert not media.note


@pytest.mark.parametrize("name", ["cut.mp4", "cut.mkv"])
def test_a_film_that_was_cut_off_is_as_long_as_what_is_there(name: str, tmp_path: Path) -> None:
    path = make_film(
        tmp_path, Film(name, count=300, container_options={"movflags": "faststart"} if "mp4" in name else {})
    )
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    media = open_video(path)
    assert 3 < media.duration < 8
    assert f'"{name}" was cut off' in media.note
    assert "of its 10.0 seconds are there" in media.note
    with FilmReader(media) as reader:
        assert reader.at(media.duration).time > media.duration - 0.5


def test_a_film_whose_frames_are_all_broken_is_refused(tmp_path: Path) -> None:
    path = make_film(tmp_path, Film(count=10, container_options={"movflags": "faststart"}))
    data = bytearray(path.read_bytes())
    start = data.index(b"mdat") + 4
    data[start:] = bytes(len(data) - start)
    path.write_bytes(data)
    with pytest.raises(MediaError, match=r"No frame of .* can be decoded|holds no frame"):
        open_video(path)
