"""Text laid onto original PDF documents, however their pages are turned and cropped; read again by pdfium and pypdf."""

from __future__ import annotations

from pathlib import Path

import pypdf
import pypdfium2
import pytest
from drawn_documents import Page, document
from PIL import ImageChops
from text_pages import overlap, page, places_in_pdf

from qwvis_desktop.core.annotation import TextRegion
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.export import Exported, export
from qwvis_desktop.core.export_options import ExportOptions
from qwvis_desktop.core.geometry import Box, Point, Polygon
from qwvis_desktop.core.media.image import MediaError, open_image

BAR = "0.2 0.4 0.8 rg 100 100 200 50 re f"
PAGES = (
    Page(marks=BAR),
    Page(marks=BAR, rotate=90),
    Page(marks=BAR, rotate=180, crop=(50, 60, 400, 600)),
    Page(marks="0.5 0 0 0.5 30 40 cm q " + BAR, rotate=270, size=(300, 500)),
    Page(lines=("It has text already",)),
)
"""Bare, turned, cropped; one that leaves its coordinates scaled and its state open; and one with text."""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "scan.pdf"
    path.write_bytes(document(PAGES))
    return path


def opened(path: Path, number: int, text: str = "found words") -> Document:
    """Return a page with a line in the upper left and one that runs upward."""
    found = Document(open_image(path, page=number))
    width, height = found.size
    line = Box(0.1 * width, 0.1 * height, 0.7 * width, 0.14 * height)
    upward = Polygon(
        (Point(200, 0.9 * height), Point(200, 0.4 * height), Point(240, 0.4 * height), Point(240, 0.9 * height))
    )
    found.add([TextRegion(text=text, polygon=Polygon(line.corners)), TextRegion(text="runs upward", polygon=upward)])
    return found


def laid(pages: list[Document], folder: Path) -> tuple[Path, Exported]:
    path = folder / "out.pdf"
    return path, export(pages, "searchable-pdf", path, options=ExportOptions(onto_original=True))


def test_text_is_found_at_its_place_however_the_page_is_turned(source: Path, tmp_path: Path) -> None:
    pages = [opened(source, number) for number in (1, 2, 3, 4)]
    path, done = laid(pages, tmp_path)
    for number, each in enumerate(pages):
        regions = [text for text in each.annotations.values() if isinstance(text, TextRegion)]
        boxes = list(places_in_pdf(path, number, [text.text for text in regions], each.size))
        for region, box in zip(regions, boxes, strict=True):
            assert overlap(box, region.polygon.bounds) > 0.9, (number, region.text, box, region.polygon.bounds)
        assert "found words" in pypdf.PdfReader(path).pages[number].extract_text()
    assert done.left_out == ()


def test_size_turn_and_looks_stay_and_so_do_the_bytes(source: Path, tmp_path: Path) -> None:
    path, _ = laid([opened(source, number) for number in (2, 3)], tmp_path)
    assert path.read_bytes().startswith(source.read_bytes())
    with pypdfium2.PdfDocument(source) as before, pypdfium2.PdfDocument(path) as after:
        assert len(after) == len(before) == 5
        for number in range(5):
            assert after[number].get_size() == before[number].get_size()
            assert after[number].get_rotation() == before[number].get_rotation()
            seen = [pdf[number].render(scale=0.5).to_pil().convert("RGB") for pdf in (before, after)]
            assert ImageChops.difference(*seen).getbbox() is None


def test_a_page_with_text_of_its_own_is_left_as_it_is_and_that_is_said(source: Path, tmp_path: Path) -> None:
    path, done = laid([opened(source, 1), opened(source, 5, "It has text already")], tmp_path)
    assert done.left_out == ("Left out: the text of 1 page that has its own already.",)
    assert pypdf.PdfReader(path).pages[4].extract_text().count("It has text") == 1
    assert "found words" in pypdf.PdfReader(path).pages[0].extract_text()


def test_what_is_no_page_of_one_document_is_refused_with_a_sentence(source: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.pdf"
    other.write_bytes(source.read_bytes())
    with pytest.raises(MediaError, match="several PDF documents"):
        laid([opened(source, 1), opened(other, 1)], tmp_path)
    with pytest.raises(MediaError, match="no page of a PDF"):
        laid([page()], tmp_path)
    assert not (tmp_path / "out.pdf").exists()


def test_an_encrypted_document_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QWVIS_PDF_PASSWORD", "secret")
    path = tmp_path / "locked.pdf"
    path.write_bytes(document(PAGES[:1], "secret"))
    with pytest.raises(MediaError, match="is encrypted, and text cannot be laid onto it"):
        laid([opened(path, 1)], tmp_path)


def test_a_document_that_was_damaged_meanwhile_is_refused(source: Path, tmp_path: Path) -> None:
    found = opened(source, 1)
    source.write_bytes(b"%PDF-1.4\nnothing")
    with pytest.raises(MediaError, match="scan"):
        laid([found], tmp_path)


def test_with_the_picture_the_page_has_the_size_of_the_original(source: Path, tmp_path: Path) -> None:
    path = tmp_path / "out.pdf"
    export([opened(source, 1)], "searchable-pdf", path)
    box = pypdf.PdfReader(path).pages[0].mediabox
    assert (float(box.width), float(box.height)) == pytest.approx(PAGES[0].size, abs=0.5)
