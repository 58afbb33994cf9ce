"""Small files as they must be written, and read: what other programs rely on does not change unnoticed.

Each was checked against the format's own description (see the modules). Numbers are compared as numbers, as the last
digit of a sine is the machine's own.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from spatial_documents import CAMERA, CAR, CHAIR, distance_of_corners, fresh, spatial_document

from qwvis_desktop.core.annotation import Cuboid
from qwvis_desktop.core.dataset import dataset_of
from qwvis_desktop.core.export import FORMATS, files_of
from qwvis_desktop.core.importing import read_annotations

FOLDER = Path(__file__).with_name("golden")
FILES = {
    "omni3d": FOLDER / "room.omni3d.json",
    "kitti": FOLDER / "room.kitti.txt",
    "labelcloud": FOLDER / "room.labelcloud.json",
    "jsonl": FOLDER / "room.jsonl",
}


def values_of(text: str) -> list[Any]:
    """Return all words and numbers of a file, in order."""
    if not text.startswith("{"):
        return [number_or_word(word) for word in text.split()]
    whole = text.startswith("{\n")  # else an object on each line
    return [leaf for part in ([text] if whole else text.splitlines()) for leaf in leaves(json.loads(part))]


def leaves(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [leaf for key, inner in value.items() for leaf in (key, *leaves(inner))]
    return [leaf for inner in value for leaf in leaves(inner)] if isinstance(value, list) else [value]


def number_or_word(word: str) -> float | str:
    try:
        return float(word)
    except ValueError:
        return word


def same(found: list[Any], expected: list[Any]) -> bool:
    return len(found) == len(expected) and all(
        a == (pytest.approx(b, abs=1e-9) if isinstance(b, float) else b) for a, b in zip(found, expected, strict=True)
    )


@pytest.mark.parametrize("format_id", FILES)
def test_is_written_as_it_was(format_id: str) -> None:
    kind = FORMATS[format_id]
    document = spatial_document(CHAIR, CAR)
    assert kind.make is not None
    for path, file in zip(files_of(format_id, FILES[format_id]), kind.make(dataset_of([document])), strict=True):
        assert same(values_of(file.data.decode()), values_of(path.read_text("utf-8")))


@pytest.mark.parametrize("format_id", FILES)
def test_is_read_as_it_was(format_id: str) -> None:
    document = spatial_document(CHAIR, CAR)
    read = read_annotations(FILES[format_id], fresh(document))
    chair, car = read.annotations
    assert isinstance(chair, Cuboid)
    assert isinstance(car, Cuboid)
    assert (chair.label, car.label) == ("black_chair" if format_id == "kitti" else "black chair", "car")
    if format_id != "kitti":
        assert distance_of_corners(CHAIR, chair, document) < 1e-9
    assert distance_of_corners(CAR, car, document) < (0.15 if format_id == "kitti" else 1e-9)
    assert read.camera == (CAMERA if format_id in ("omni3d", "kitti") else None)


def test_a_change_would_be_seen() -> None:
    text = FILES["kitti"].read_text("utf-8")
    assert not same(values_of(text), values_of(text.replace("0.96", "0.97", 1)))
    assert not same(values_of(text), values_of(text.replace("car", "cat", 1)))
    lines = FILES["jsonl"].read_text("utf-8")
    assert same(values_of(lines), values_of(lines))
    assert not same(values_of(lines), values_of(lines.replace("2.71", "2.72")))
