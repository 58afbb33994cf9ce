"""Searchable PDF, read by two other programs: pdfium (search and places) and pypdf (text, structure)."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pypdf
import pytest
from PIL import Image
from text_pages import drawn_page, overlap, page, places_in_pdf, rectangle

from qwvis_desktop.core.annotation import Detection, TextRegion
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.export import export
from qwvis_desktop.core.export_options import ExportOptions
from qwvis_desktop.core.formats import searchable_pdf
from qwvis_desktop.core.geometry import Box, Polygon, Size
from qwvis_desktop.core.media.image import MediaError, open_image

LINES = {
    "plain words": rectangle(100, 100, 400, 40),
    "中文搜索测试 mixed 文本": rectangle(100, 200, 500, 40),
    "leaning by seven": rectangle(100, 300, 400, 40, 7),
    "upward": rectangle(900, 900, 300, 40, -90),
    "on its head": rectangle(900, 1200, 400, 40, 180),
    "downward": rectangle(700, 600, 300, 40, 90),
    "שלום עולם 123 abc": rectangle(100, 600, 400, 40),
    "مرحبا بالعالم": rectangle(100, 700, 400, 40),
    "竖排文字": rectangle(100, 900, 40, 200),
    "<b>=1+1 \\(PDF) %": rectangle(100, 1300, 400, 40),
}


def made(documents: Document | list[Document], folder: Path, **options: int | None) -> Path:
    path = folder / "out.pdf"
    export(documents, "searchable-pdf", path, options=ExportOptions(**options))  # type: ignore[arg-type]  # fields by name
    return path


def test_each_line_is_found_at_its_place(tmp_path: Path) -> None:
    path = made(page(*(TextRegion(text=text, polygon=place) for text, place in LINES.items())), tmp_path)
    found = places_in_pdf(path, 0, list(LINES))
    for (text, polygon), box in zip(LINES.items(), found, strict=True):
        assert overlap(box, polygon.bounds) > 0.9, text
    text = pypdf.PdfReader(path).pages[0].extract_text()
    assert all(line in text for line in list(LINES)[:2])


def test_letters_beyond_two_bytes_are_read(tmp_path: Path) -> None:
    path = made(page(TextRegion(text="smile 😀 𠮷", polygon=rectangle(100, 100, 400, 40))), tmp_path)
    assert "smile 😀 𠮷" in pypdf.PdfReader(path).pages[0].extract_text()


def test_drawn_pages_are_found_line_by_line(tmp_path: Path) -> None:
    pages = [drawn_page(number, tmp_path) for number in range(2)]
    path = made(pages, tmp_path)
    shares = []
    for number, document in enumerate(pages):
        regions = [each for each in document.annotations.values() if isinstance(each, TextRegion)]
        boxes = places_in_pdf(path, number, [region.text for region in regions])
        shares += [overlap(box, region.polygon.bounds) for box, region in zip(boxes, regions, strict=True)]
    assert len(shares) == 48
    assert min(shares) >= 0.6
    assert len(pypdf.PdfReader(path).pages) == 2


def test_nothing_of_the_text_is_seen(tmp_path: Path) -> None:
    import pypdfium2

    path = made(page(TextRegion(text="invisible", polygon=rectangle(100, 100, 900, 300))), tmp_path)
    with pypdfium2.PdfDocument(path) as pdf:
        shown = pdf[0].render(scale=0.5).to_pil().convert("L")
    assert shown.getextrema() == (255, 255)


def picture_in(path: Path) -> Image.Image:
    (image,) = pypdf.PdfReader(path).pages[0].images
    assert image.image is not None
    return image.image.convert("RGB")


@pytest.mark.parametrize("quality", [None, 90])
@pytest.mark.parametrize("suffix", ["png", "jpg"])
def test_the_picture_is_whole(suffix: str, quality: int | None, tmp_path: Path) -> None:
    source = tmp_path / f"in.{suffix}"
    drawn = Image.linear_gradient("L").resize((300, 200)).convert("RGB")
    drawn.save(source)
    document = Document(open_image(source))
    path = made(document, tmp_path, picture_quality=quality)
    shown, wanted = picture_in(path), Image.open(source).convert("RGB")
    if quality is None:
        assert shown.tobytes() == wanted.tobytes()
        assert suffix == "png" or source.read_bytes() in path.read_bytes()
    else:
        assert max(abs(a - b) for a, b in zip(shown.tobytes(), wanted.tobytes(), strict=True)) < 12
    box = pypdf.PdfReader(path).pages[0].mediabox
    assert (float(box.width), float(box.height)) == (144, 96)


def test_a_picture_stored_turned_is_put_in_upright(tmp_path: Path) -> None:
    source = tmp_path / "turned.jpg"
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (300, 200), "red").save(source, exif=exif)
    path = made(Document(open_image(source)), tmp_path, picture_quality=None)
    assert picture_in(path).size == (200, 300)


def test_grey_and_four_colours_are_told_apart() -> None:
    for mode, colours in (("L", 1), ("RGB", 3), ("CMYK", 4)):
        file = io.BytesIO()
        Image.new(mode, (20, 20)).save(file, "JPEG")
        assert searchable_pdf.jpeg_colours(file.getvalue()) == colours
    assert searchable_pdf.jpeg_colours(b"\xff\xd8\xff") == 0


def test_a_page_that_cannot_be_read_leaves_no_half_file(tmp_path: Path) -> None:
    good, lost = drawn_page(1, tmp_path), drawn_page(2, tmp_path)
    (tmp_path / "page-002.jpg").unlink()
    with pytest.raises(MediaError, match=r"page-002\.jpg"):
        made([good, lost], tmp_path)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["page-001.jpg"]


def test_pages_are_made_one_by_one(tmp_path: Path) -> None:
    opened: list[int] = []

    class Counted(Document):
        @property
        def size(self) -> Size:
            opened.append(id(self))
            return super().size

    from qwvis_desktop.core.dataset import dataset_of

    (file,) = searchable_pdf.dump(dataset_of([Counted(page().media) for _ in range(3)]), ExportOptions())
    pieces: Iterator[bytes] = iter(file.content)
    while not opened:
        next(pieces)
    assert len(set(opened)) == 1


def test_what_it_cannot_hold_is_said() -> None:
    document = page(TextRegion(text="a", polygon=Polygon(Box(1, 1, 9, 9).corners), score=0.5))
    document.add([Detection(label="cat", box=Box(1, 1, 9, 9))])
    said = {one for number, one, _ in searchable_pdf.losses(document) if number}
    assert said == {"1 box", "the score of 1 annotation"}
