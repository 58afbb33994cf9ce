"""The README's pictures: all of them are there, as large as they should be and no larger; one is taken anew here."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

FOLDER = Path(__file__).parent
NAMES = (
    "window-light",
    "window-dark",
    "what-if",
    "self-test",
    "editing",
    "offline-ocr",
    "space",
    "pages",
    "correcting",
    "answer",
    "history",
    "film",
    "document",
    "fields",
)


@pytest.mark.parametrize("name", NAMES)
def test_each_picture_is_there_and_small(name: str) -> None:
    path = FOLDER / f"{name}.png"
    with Image.open(path) as picture:
        assert (picture.format, picture.size) == ("PNG", (1280, 800))
    assert path.stat().st_size < 150_000


def test_there_are_no_others() -> None:
    assert {path.stem for path in FOLDER.glob("*.png")} == set(NAMES)


def test_one_can_be_taken(tmp_path: Path) -> None:
    command = [sys.executable, str(FOLDER / "take.py"), "--into", str(tmp_path), "--only", "what-if"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    with Image.open(tmp_path / "what-if.png") as picture:
        assert picture.size == (1280, 800)
