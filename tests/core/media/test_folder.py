from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qwvis_desktop.core.media.folder import natural_key, pictures_in
from qwvis_desktop.core.media.image import MediaError


def test_pictures_come_as_people_count(tmp_path: Path) -> None:
    names = ["img10.jpg", "img9.JPG", "Img1.png", "img09.jpg", "a.webp", "2.heic", "10.heic", "ü.tif"]
    for name in [*names, "notes.txt", ".hidden.jpg", "jpg", "video.mp4"]:
        (tmp_path / name).touch()
    (tmp_path / "folder.jpg").mkdir()
    (tmp_path / "folder.jpg" / "inside.jpg").touch()
    assert [path.name for path in pictures_in(tmp_path)] == [
        "2.heic", "10.heic", "a.webp", "Img1.png", "img09.jpg", "img9.JPG", "img10.jpg", "ü.tif"
    ]  # fmt: skip
    assert pictures_in(tmp_path)[0] == tmp_path / "2.heic"


def test_thousands_of_files(tmp_path: Path) -> None:
    for number in range(5000):
        (tmp_path / f"{number}.jpg").touch()
    assert [int(path.stem) for path in pictures_in(tmp_path)] == list(range(5000))


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(MediaError, match='"gone" is not there'):
        pictures_in(tmp_path / "gone")
    (tmp_path / "file").touch()
    with pytest.raises(MediaError, match='"file"'):
        pictures_in(tmp_path / "file")


@given(st.lists(st.text(max_size=12), unique=True))
def test_any_names_have_one_order(names: list[str]) -> None:
    backwards = names[::-1]
    assert sorted(names, key=natural_key) == sorted(backwards, key=natural_key)


@given(st.lists(st.integers(0, 10**18), min_size=2, max_size=6, unique=True), st.text("ab-_", max_size=3))
def test_numbers_sort_by_their_value(numbers: list[int], before: str) -> None:
    names = [f"{before}{number}.jpg" for number in numbers]
    assert sorted(names, key=natural_key) == [f"{before}{number}.jpg" for number in sorted(numbers)]
