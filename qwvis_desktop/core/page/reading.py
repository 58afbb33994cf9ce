"""What of a document is read as a page: its blocks; where it has none, its lines of text; else the answer in words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qwvis_desktop.core.annotation import Annotation, LayoutBlock, TextRegion
from qwvis_desktop.core.document import Document, Run
from qwvis_desktop.core.label_file import Losses
from qwvis_desktop.core.media.image import ImageMedia
from qwvis_desktop.core.page.document import page_elements
from qwvis_desktop.core.page.elements import Element, Figure, Paragraph, Table
from qwvis_desktop.core.page.markup import read_markup
from qwvis_desktop.core.page.tables import Placed, tab_table
from qwvis_desktop.core.page.words import pieces_of
from qwvis_desktop.core.text.flow import TextFlow, texts_of

READ_IN_WORDS = frozenset({
    "read-text", "ocr:text_recognition", "ocr:multi_lan", "ocr:document_parsing", "ocr:table_parsing",
    "ocr:formula_recognition",
})  # fmt: skip
"""Tasks whose answer is what stands on the page."""

_FENCE = re.compile(r"\A\s*```\w*\s*\n|\s*```\s*\Z")

_KINDS = {
    "detection": ("1 box", "{} boxes"),
    "keypoint": ("1 point", "{} points"),
    "cuboid": ("1 box in space", "{} boxes in space"),
    "event": ("1 event in time", "{} events in time"),
}


def readable_elements(document: Document) -> tuple[Element, ...]:
    """Return what stands on the page of a document, in reading order."""
    annotations = document.annotations.values()
    if any(isinstance(annotation, LayoutBlock) for annotation in annotations):
        return page_elements(document)
    texts = texts_of(annotations)
    return tuple(_paragraphs(texts)) if texts else _answer(document)


def _paragraphs(texts: tuple[TextRegion, ...]) -> Iterator[Element]:
    """Yield lines of text as paragraphs, and as a table where each line has cells."""
    flow = TextFlow(texts)
    whole = flow.whole
    text = flow.text(*whole) if whole is not None else ""
    for paragraph in text.split("\n\n"):
        lines = [line for line in paragraph.split("\n") if line.strip()]
        if len(lines) > 1 and all("\t" in line for line in lines):
            yield _table(tab_table(paragraph))
        elif lines:
            yield Paragraph(block="", words=pieces_of(paragraph))


def _table(found: Placed) -> Table:
    return Table(block="", cells=found.cells, rows=found.rows, columns=found.columns)


def answer_run(document: Document) -> Run | None:
    """Return the latest run whose answer is what stands on the page; None where there is none."""
    runs = reversed(tuple(document.runs.values()))
    return next((run for run in runs if run.task in READ_IN_WORDS and run.text), None)


def _answer(document: Document) -> tuple[Element, ...]:
    run = answer_run(document)
    return tuple(answer_elements(run.text)) if run is not None and run.text else ()


def answer_elements(text: str) -> Iterator[Element]:
    """Yield what an answer says is on the page: words and tables where it is HTML, else paragraphs."""
    inner = _FENCE.sub("", text)
    if "<table" in inner.lower():
        for part in read_markup(inner).parts:
            yield _table(part) if isinstance(part, Placed) else Paragraph(block="", words=part)
        return
    for paragraph in inner.split("\n\n"):
        words = pieces_of(paragraph)
        if words:
            yield Paragraph(block="", words=words)


def _is_read(annotation: Annotation, with_blocks: bool) -> bool:
    return isinstance(annotation, LayoutBlock if with_blocks else TextRegion)


def can_cut(document: Document) -> bool:
    """Say whether the picture of a document is at hand, and not only its name."""
    media = document.media
    return isinstance(media, ImageMedia) and (media.path is not None or media.data is not None)


def losses(document: Document, *, figures: bool = True) -> Losses:
    """Count what of ``document`` no page that is read has room for: how many, and the words for one and for many.

    Args:
        document: the picture with its annotations.
        figures: whether figures are cut out of the picture.
    """
    held = tuple(document.annotations.values())
    with_blocks = any(isinstance(annotation, LayoutBlock) for annotation in held)
    lines = sum(isinstance(annotation, TextRegion) for annotation in held) if with_blocks else 0
    kinds = [annotation.kind for annotation in held]
    places = sum(_is_read(annotation, with_blocks) for annotation in held)
    answers = sum(bool(run.text) for run in document.runs.values())
    used = 0 if held and places else int(answer_run(document) is not None)
    elements = readable_elements(document)
    seen = [each for each in elements if isinstance(each, Figure)]
    lost = [figure for figure in seen if not figures or figure.box is None]
    return (
        *((kinds.count(kind), one, many) for kind, (one, many) in _KINDS.items()),
        (lines, "1 line of text beside the blocks of the page", "{} lines of text beside the blocks of the page"),
        (places, "the place of 1 part of the page", "the places of {} parts of the page"),
        (len(lost), "1 figure (what is said of it is kept)", "{} figures (what is said of them is kept)"),
        (answers - used, "the answer in words", "{} answers in words"),
    )
