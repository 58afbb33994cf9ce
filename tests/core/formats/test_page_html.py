from __future__ import annotations

import base64
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from audit import watched
from page_documents import page_document_of
from page_exports import HOSTILE, drawn_document

from qwvis_desktop.core.export import export
from qwvis_desktop.core.formats import page_html
from qwvis_desktop.core.formula import FormulaError


class Reader(HTMLParser):
    """Keeps what tags and addresses there are."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.addresses: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href")]
        assert not any(name.startswith("on") for name, _ in attrs)

    def handle_data(self, data: str) -> None:
        self.text += data


def read(path: Path) -> Reader:
    reader = Reader()
    reader.feed(path.read_text("utf-8"))
    reader.close()
    return reader


def test_all_is_in_one_file(tmp_path: Path) -> None:
    pytest.importorskip("ziamath", reason="the extra 'math' is not installed")
    done = export(drawn_document(tmp_path), "page-html", tmp_path / "page.html")
    assert [file.name for file in done.files] == ["page.html"]
    found = read(done.files[0])
    kinds = sorted(re.sub(r"^data:([^;]+);base64,.*", r"\1", address) for address in found.addresses)
    assert kinds == ["image/png", "image/svg+xml", "image/svg+xml"]
    assert {"h1", "h2", "table", "th", "td", "figure", "figcaption", "ol", "li", "strong"} <= found.tags
    assert "Small swings only: sin x is about x for x < 0.2." in found.text
    png = next(address for address in found.addresses if "png" in address)
    assert base64.b64decode(png.partition(",")[2]).startswith(b"\x89PNG")


def test_formulas_are_words_where_they_cannot_be_drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(latex: str, *, inline: bool = False) -> object:
        raise FormulaError(latex)

    monkeypatch.setattr(page_html, "draw_formula", fail)
    export(page_document_of('<p data-bbox="1 1 9 9">so $a &lt; b$</p>'), "page-html", tmp_path / "page.html")
    assert '<span class="formula">$a &lt; b$</span>' in (tmp_path / "page.html").read_text("utf-8")


def test_many_pages_are_parts_of_one(tmp_path: Path) -> None:
    documents = [page_document_of(f'<p data-bbox="1 1 9 9">page {number}</p>') for number in range(3)]
    export(documents, "page-html", tmp_path / "pages.html")
    text = (tmp_path / "pages.html").read_text("utf-8")
    assert text.count('<section class="page"') == 3
    assert "break-before: page" in text


def test_hostile_text_is_text_and_nothing_is_loaded(tmp_path: Path) -> None:
    document = page_document_of(HOSTILE)
    export(document, "page-html", tmp_path / "warm.html")
    with watched() as events:
        export(document, "page-html", tmp_path / "page.html")
    assert [event for event in events if str(tmp_path) not in event] == []
    found = read(tmp_path / "page.html")
    assert not found.tags & {"script", "img", "a", "iframe", "link", "object"}
    assert found.addresses == []
    assert "<script>alert(1)</script>" in found.text
    assert "default-src 'none'" in (tmp_path / "page.html").read_text("utf-8")
