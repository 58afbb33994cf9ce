"""Damaged and hostile pages through the reader of pages: nothing raises, no words are lost, no file is opened.

::

    python tests/benchmarks/fuzz_pages.py [--count 20000] [--seed 1]

Prints how many pages were read, what went wrong (nothing should), and the slowest of them.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from audit import watched
from drawn_page import html_reply
from page_documents import page_document_of

from qwvis_desktop.core.annotation import LayoutBlock
from qwvis_desktop.core.page.document import page_elements
from qwvis_desktop.core.page.elements import Table
from qwvis_desktop.core.page.html import html_of
from qwvis_desktop.core.page.markdown import markdown_of

PIECES = (
    "<table>", "</table>", "<tr>", "<td rowspan='9999'>", '<td colspan="0">', "<script>", "</script>", "<!--", "-->",
    "<", ">", "&amp;", "&#xD800;", "$$", "\\begin{tabular}{ll}", "\\end{tabular}", "\\multicolumn{9}{c}{", "&", "\\\\",
    "{", "}", "|", "**", "`", "\x00", "\u202e", "<img src='file:///etc/passwd'>", '<p data-bbox="1 2 3 4">', "</p>",
    '<li data-bbox="1 2 3 4">', "<ol start=99999999999>", "</ol>", "<iframe src='http://127.0.0.1:9'>", "中文", "🤗",
)  # fmt: skip


def damaged(chance: random.Random, whole: str) -> str:
    """Return a page with pieces taken out, put in and moved."""
    text = whole
    for _ in range(chance.randrange(1, 12)):
        at, to = sorted((chance.randrange(len(text) + 1), chance.randrange(len(text) + 1)))
        match chance.randrange(4):
            case 0:
                text = text[:at] + text[min(to, at + 200) :]
            case 1:
                text = text[:at] + chance.choice(PIECES) * chance.choice((1, 1, 1, 40)) + text[at:]
            case 2:
                text = text[:at] + text[at : at + 100] + text[at:]
            case _:
                text = text[:to] + chance.choice(PIECES) + text[to:]
    return text


def wrong_with(page: str, task: str) -> str:
    """Return what is wrong with how a page is read; empty where nothing is."""
    document = page_document_of(page, task)
    elements = page_elements(document)
    for element in elements:
        if isinstance(element, Table):
            places = [(c.row + y, c.column + x) for c in element.cells for y in range(c.rows) for x in range(c.columns)]
            if len(places) != len(set(places)):
                return "cells lie over each other"
    told = {element.block for element in elements}
    for block in document.annotations.values():
        if isinstance(block, LayoutBlock) and block.id not in told and "".join(block.text.split()):
            return f"a block is lost: {block.text!r:.60}"
    markdown_of(elements)
    html_of(elements)
    return ""


def main() -> int:
    """Read many damaged pages and print what came of them; return 1 where anything was wrong."""
    parser = argparse.ArgumentParser(description="Damaged and hostile pages through the reader of pages.")
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    chance = random.Random(given.seed)
    whole = html_reply()
    wrong: list[str] = []
    slowest = 0.0
    wrong_with(whole, "document-html")  # what is loaded once is loaded now
    wrong_with(whole, "document-markdown")
    with watched() as events:
        for _ in range(given.count):
            page, task = damaged(chance, whole), chance.choice(("document-html", "document-markdown"))
            begun = time.perf_counter()
            try:
                problem = wrong_with(page, task)
            except Exception as error:  # noqa: BLE001 - what it finds is what it is for
                problem = f"{type(error).__name__}: {error}"
            slowest = max(slowest, time.perf_counter() - begun)
            if problem:
                wrong.append(f"{problem} in {page!r:.200}")
    print(
        f"{given.count:,} pages, {len(wrong)} wrong, {len(events)} files and sockets, slowest {slowest * 1000:.0f} ms"
    )
    for line in wrong[:20]:
        print(line)
    return 1 if wrong or events else 0


if __name__ == "__main__":
    sys.exit(main())
