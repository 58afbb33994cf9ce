from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from drawn_documents import Page, document, tiff

from qwvis_desktop.core.media.content_hash import content_hash
from qwvis_desktop.core.media.image import MediaError, open_image


def test_a_picture_is_its_bytes_wherever_they_lie(tmp_path: Path) -> None:
    data = tiff((20, 20))
    (tmp_path / "a.tif").write_bytes(data)
    assert content_hash(open_image(tmp_path / "a.tif")) == hashlib.sha256(data).hexdigest()
    assert content_hash(open_image(data)) == hashlib.sha256(data).hexdigest()


def test_each_page_of_a_document_is_another_picture(tmp_path: Path) -> None:
    path = tmp_path / "scan.pdf"
    path.write_bytes(document([Page(), Page()]))
    first, second = (content_hash(open_image(path, page=page)) for page in (1, 2))
    assert first == hashlib.sha256(path.read_bytes()).hexdigest()
    assert second == f"{first}#page=2"


def test_a_file_that_was_changed_is_looked_at_again(tmp_path: Path) -> None:
    path = tmp_path / "scan.pdf"
    path.write_bytes(document([Page()]))
    media = open_image(path)
    before = content_hash(media)
    path.write_bytes(document([Page(["more"])]))
    assert content_hash(media) != before
    path.unlink()
    with pytest.raises(MediaError, match="is not there any more"):
        content_hash(media)
