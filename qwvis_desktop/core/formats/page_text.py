"""Plain text of pages in reading order; a form feed, as printers know it, stands between pages."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qwvis_desktop.core.dataset import Dataset, OutFile
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.label_file import Losses
from qwvis_desktop.core.page import reading
from qwvis_desktop.core.page.elements import Table
from qwvis_desktop.core.page.text import text_of

_SURROGATE = re.compile("[\ud800-\udfff]")


def losses(document: Document) -> Losses:
    """Count what of ``document`` is left out: how many, and the words for one and for many."""
    tables = [each for each in reading.readable_elements(document) if isinstance(each, Table)]
    merged = sum(cell.rows > 1 or cell.columns > 1 for table in tables for cell in table.cells)
    return (
        *reading.losses(document, figures=False),
        (merged, "how far 1 cell of a table reaches", "how far {} cells of tables reach"),
    )


def dump(dataset: Dataset) -> Iterator[OutFile]:
    """Give the file, UTF-8; it is made while it is written."""
    yield OutFile("", pieces=_pages(dataset))


def _pages(dataset: Dataset) -> Iterator[bytes]:
    for number, picture in enumerate(dataset):
        text = _SURROGATE.sub("\ufffd", text_of(reading.readable_elements(picture.document)).replace("\f", " "))
        yield ("\f" if number else "").encode() + text.encode()
