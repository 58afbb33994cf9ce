"""What was dropped is opened as what its content says it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from films import Film, make_film
from PIL import Image

from qwvis_desktop.core.media.image import ImageMedia, MediaError
from qwvis_desktop.core.media.media import open_media, picture
from qwvis_desktop.core.media.video import VideoMedia


def test_content_decides(tmp_path: Path) -> None:
    film = make_film(tmp_path, Film(count=3))
    wrong = tmp_path / "film.jpg"
    wrong.write_bytes(film.read_bytes())
    Image.new("RGB", (40, 30)).save(tmp_path / "picture.png")
    assert isinstance(open_media(film), VideoMedia)
    assert isinstance(open_media(wrong), VideoMedia)
    assert isinstance(open_media(tmp_path / "picture.png"), ImageMedia)
    assert isinstance(open_media((tmp_path / "picture.png").read_bytes(), "pasted"), ImageMedia)


def test_a_suffix_says_what_broken_content_was_to_be(tmp_path: Path) -> None:
    for name, words in (("a.mp4", "cannot be read as a film"), ("a.png", "is not a picture that can be read")):
        (tmp_path / name).write_bytes(b"nothing that is known")
        with pytest.raises(MediaError, match=words):
            open_media(tmp_path / name)


def test_what_is_no_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(MediaError, match="is a folder"):
        open_media(tmp_path)
    with pytest.raises(MediaError, match="There is no file"):
        open_media(tmp_path / "gone.mp4")


def test_a_film_where_a_picture_is_needed_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MediaError, match="is a film, and this can only be done with pictures"):
        picture(open_media(make_film(tmp_path, Film(count=3))))
