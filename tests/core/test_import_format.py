from __future__ import annotations

from pathlib import Path

import pytest
from plane_documents import BOX, plane_document

from qwvis_desktop.core.dataset import PictureLabels
from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.import_format import Source, is_named, picture_of, text_of
from qwvis_desktop.core.label_file import LabelFileError, Labels


def entry(name: str, size: Size | None = None) -> PictureLabels:
    return PictureLabels(name, size, lambda _: Labels((BOX,)))


def test_the_picture_is_found_by_its_name() -> None:
    street = plane_document(name="Street.JPG")
    assert is_named(entry("set/street.jpg"), street)
    assert is_named(entry("street"), street)
    assert not is_named(entry("street.png"), street)
    only = entry("other.jpg")
    assert picture_of([only], street, "COCO") is only
    right = entry("a\\street.jpg", Size(640, 480))
    assert picture_of([only, right], street, "COCO") is right
    assert picture_of([entry("b/street.jpg", Size(1, 1)), right], street, "COCO") is right
    with pytest.raises(LabelFileError, match="of 2 pictures, and none of them is called"):
        picture_of([only, only], street, "COCO")
    with pytest.raises(LabelFileError, match="of 2 pictures, and 2 of them are called"):
        picture_of([right, right], street, "COCO")


def test_what_is_no_text_is_said(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_bytes("<annotation>é</annotation>".encode("latin-1"))
    with pytest.raises(LabelFileError, match="no text in UTF-8"):
        text_of(path)
    assert Source("", path).beside("none.txt") is None
    assert Source("").beside("a.xml") is None
