"""Markdown (GitHub's) of pages, with their figures cut out of the pictures into files beside it.

What is text on the page is text in the file: nothing of it becomes HTML, a link, a heading or a formula that was none.
A rule stands between pages.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from qwvis_desktop.core.dataset import Dataset, OutFile
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.export_options import ExportOptions
from qwvis_desktop.core.label_file import Losses
from qwvis_desktop.core.media.cut import cut_out
from qwvis_desktop.core.media.media import picture as picture_of
from qwvis_desktop.core.page import reading
from qwvis_desktop.core.page.elements import Figure
from qwvis_desktop.core.page.markdown import markdown_of

_SUFFIXES = {"image/jpeg": ".jpg", "image/png": ".png"}
_BREAK = "\n---\n\n"


def losses(document: Document) -> Losses:
    """Count what of ``document`` is left out: how many, and the words for one and for many."""
    return reading.losses(document, figures=reading.can_cut(document))


def dump(dataset: Dataset, options: ExportOptions) -> Iterator[OutFile]:
    """Give the Markdown, and after it the figures that it names."""
    figures: list[OutFile] = []
    pages: list[str] = []
    for picture in dataset:
        document = picture.document

        def address(figure: Figure, document: Document = document) -> str:
            if figure.box is None or not reading.can_cut(document):
                return ""
            data, mime = cut_out(picture_of(document.media), figure.box)
            ending = f".figure-{len(figures) + 1}{_SUFFIXES[mime]}"
            figures.append(OutFile(ending, data))
            return quote(f"{options.stem}{ending}")

        pages.append(markdown_of(reading.readable_elements(document), address))
    yield OutFile("", _BREAK.join(pages).encode())
    yield from figures
