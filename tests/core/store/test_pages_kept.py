"""Pages of one file in projects and journals: each is known by its number, also before it was looked at."""

from __future__ import annotations

from pathlib import Path

from drawn_documents import Page, document

from qwvis_desktop.core.annotation import Detection
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.geometry import Box
from qwvis_desktop.core.media.image import open_image
from qwvis_desktop.core.store.opening import keyed
from qwvis_desktop.core.store.picture_record import content, document_of, identity, line_of
from qwvis_desktop.core.store.project import dump_project, read_project
from qwvis_desktop.core.store.saving import PictureState, PictureWriter


def states(path: Path) -> list[PictureState]:
    looked_at = Document(open_image(path, page=2, resolution=72))
    looked_at.add([Detection(label="stamp", box=Box(1, 2, 3, 4))])
    return [
        PictureState(key="one", name="scan.pdf, page 1 of 2", path=path, page=1),
        PictureState(key="two", name="scan.pdf, page 2 of 2", path=path, page=2, document=looked_at),
    ]


def test_pages_come_back_from_a_project_under_keys_of_their_own(tmp_path: Path) -> None:
    path = tmp_path / "scan.pdf"
    path.write_bytes(document([Page(), Page(size=(300, 400))]))
    data = dump_project(PictureWriter().lines(states(path), tmp_path))
    first, second = keyed(read_project(data, "x.qwvis").pictures, tmp_path)
    assert (first.key, first.page, second.key, second.page) == (f"{path}#page=1", 1, f"{path}#page=2", 2)
    assert (second.record["resolution"], second.record["size"]) == (72, [300, 400])
    media = open_image(path, page=second.page, resolution=second.record["resolution"])
    read, extras = document_of(second.record, media)
    assert [annotation.label for annotation in read.annotations.values()] == ["stamp"]
    assert not extras.further  # nothing of it is passed on as unknown


def test_a_project_of_the_form_before_is_read_as_it_was(tmp_path: Path) -> None:
    old = (
        b'{"format": "qwvis-project", "version": "2026-11-27", "current": 0, "pictures": [\n'
        b'{"name": "fax.tif", "path": "fax.tif", "size": [30, 20]}\n]}'
    )
    (only,) = keyed(read_project(old, "old.qwvis").pictures, tmp_path)
    assert (only.key, only.page) == (str(tmp_path / "fax.tif"), 0)


def test_a_journal_line_gives_the_page(tmp_path: Path) -> None:
    path = tmp_path / "scan.pdf"
    path.write_bytes(document([Page(), Page()]))
    held = Document(open_image(path, page=2))
    record = {**identity(held.media, None), **content(held)}
    assert b'"page":2,"resolution":200' in line_of(record)
    assert keyed([record], tmp_path)[0].key == f"{path}#page=2"
