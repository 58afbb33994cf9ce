from __future__ import annotations

from pathlib import Path

from page_documents import page_document_of
from page_exports import HOSTILE, drawn_document

from qwvis_desktop.core.export import export


def test_a_page_in_reading_order(tmp_path: Path) -> None:
    document = drawn_document(tmp_path)
    done = export(document, "page-text", tmp_path / "page.txt")
    assert (tmp_path / "page.txt").read_text("utf-8") == (
        "Measuring a pendulum\n\n"
        "A weight on a thread swings with a period of $T = 2\\pi\\sqrt{l/g}$.\nWe timed ten swings for each length.\n\n"
        "Results\n\n"
        "Length\tTen swings\t\n\tmeasured\tcomputed\n25 cm\t10.1 s\t10.03 s\n50 cm\t14.2 s\t14.19 s\n\n"
        "[The pendulum]\n\n"
        "$$g = \\frac{4\\pi^2 l}{T^2}$$\n\n"
        "1. The thread must not stretch.\n2. Small swings only: sin x is about x for x < 0.2.\n"
    )
    assert "how far 2 cells of tables reach" in " ".join(done.left_out)


def test_pages_are_parted_by_form_feeds(tmp_path: Path) -> None:
    documents = [page_document_of(f'<p data-bbox="1 1 9 9">page\f{number}\ud800</p>') for number in range(3)]
    export(documents, "page-text", tmp_path / "pages.txt")
    text = (tmp_path / "pages.txt").read_bytes().decode("utf-8")
    assert text == "page 0\ufffd\n\fpage 1\ufffd\n\fpage 2\ufffd\n"


def test_what_looks_like_markup_is_text(tmp_path: Path) -> None:
    export(page_document_of(HOSTILE), "page-text", tmp_path / "page.txt")
    text = (tmp_path / "page.txt").read_text("utf-8")
    assert text.startswith("<script>alert(1)</script>\n\n=HYPERLINK")
    assert "<img src=x>" in text
