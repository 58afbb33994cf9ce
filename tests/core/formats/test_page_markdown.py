from __future__ import annotations

from pathlib import Path

import pytest
from drawn_page import BLOCKS
from page_documents import page_document_of
from page_exports import HOSTILE, drawn_document
from PIL import Image

from qwvis_desktop.core.export import ExportError, export
from qwvis_desktop.core.page.document import page_elements


def test_figures_lie_beside_it_and_are_named_in_it(tmp_path: Path) -> None:
    document = drawn_document(tmp_path)
    done = export(document, "page-markdown", tmp_path / "my page.md")
    assert [file.name for file in done.files] == ["my page.md", "my page.figure-1.png"]
    text = done.files[0].read_text("utf-8")
    assert "# Measuring a pendulum\n" in text
    assert "![The pendulum](my%20page.figure-1.png)" in text
    assert "\n$$\ng = \\frac{4\\pi^2 l}{T^2}\n$$\n" in text
    assert '<th rowspan="2">Length</th>' in text
    assert "1. The thread must not stretch.\n2. Small swings only: sin x is about x for x \\< 0.2.\n" in text
    truth = next(block.box for block in BLOCKS if block.tag == "image")
    with Image.open(done.files[1]) as figure:
        assert figure.size == pytest.approx((truth.width, truth.height), abs=3)
        assert figure.convert("RGB").getpixel((370, 270)) == (192, 57, 43)  # the weight of the pendulum
    assert not any("figure" in sentence for sentence in done.left_out)


def test_many_pages_have_a_rule_between_them(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    documents = [
        drawn_document(tmp_path),
        page_document_of('<p data-bbox="1 1 9 9">a</p>'),
        drawn_document(tmp_path / "b"),
    ]
    done = export(documents, "page-markdown", tmp_path / "book.md")
    assert [file.name for file in done.files] == ["book.md", "book.figure-1.png", "book.figure-2.png"]
    pages = done.files[0].read_text("utf-8").split("\n---\n\n")
    assert len(pages) == 3
    assert pages[1] == "a\n"
    assert "(book.figure-2.png)" in pages[2]


def test_a_page_whose_picture_is_gone_says_so(tmp_path: Path) -> None:
    document = page_document_of('<div class="image" data-bbox="1 1 9 9">a cat</div>')
    done = export(document, "page-markdown", tmp_path / "page.md")
    assert done.files[0].read_text("utf-8") == "[a cat]\n"
    assert "1 figure (what is said of it is kept)" in " ".join(done.left_out)


def test_a_figure_never_takes_the_place_of_a_picture(tmp_path: Path) -> None:
    document = drawn_document(tmp_path)
    (tmp_path / "pendulum.png").rename(tmp_path / "x.figure-1.png")
    from dataclasses import replace

    from qwvis_desktop.core.document import Document
    from qwvis_desktop.core.media.image import open_image

    again = Document(open_image(tmp_path / "x.figure-1.png"))
    again.set_run(replace(document.runs["run"]))
    again.add(document.annotations.values())
    before = (tmp_path / "x.figure-1.png").read_bytes()
    with pytest.raises(ExportError, match="never written over"):
        export(again, "page-markdown", tmp_path / "x.md")
    assert (tmp_path / "x.figure-1.png").read_bytes() == before
    assert not (tmp_path / "x.md").exists()


def test_hostile_text_is_text(tmp_path: Path) -> None:
    document = page_document_of(HOSTILE)
    export(document, "page-markdown", tmp_path / "page.md")
    text = (tmp_path / "page.md").read_text("utf-8")
    assert text.splitlines()[0] == "# \\<script\\>alert(1)\\</script\\>"
    assert "](" not in text.replace("\\](", "")
    before = page_elements(document)
    after = page_elements(page_document_of(text, "document-markdown"))
    assert [getattr(each, "words", ()) for each in after] == [getattr(each, "words", ()) for each in before]
