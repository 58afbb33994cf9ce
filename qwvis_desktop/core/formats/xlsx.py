"""XLSX: the rows of ``core.annotation_table`` as a workbook; texts are texts, whatever they begin with."""

from __future__ import annotations

from qwvis_desktop.core.annotation_table import COLUMNS, rows_of
from qwvis_desktop.core.dataset import Dataset
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.label_file import Losses
from qwvis_desktop.core.workbook import Sheet, is_too_long, workbook


def dump(dataset: Dataset) -> bytes:
    """Return the annotations as a workbook of one sheet, and of further ones where that is full."""
    rows = (
        [row.get(column) for column in COLUMNS]
        for picture in dataset
        for row in rows_of(picture.document, picture.name)
    )
    return workbook([Sheet("Annotations", COLUMNS, rows)])


def losses(document: Document) -> Losses:
    """Count what of ``document`` is left out: how many, and the words for one and for many."""
    cut = sum(
        any(isinstance(value, str) and is_too_long(value) for value in row.values())
        for row in rows_of(document, document.media.file_name)
    )
    return (
        (cut, "the end of 1 text that is too long for a cell", "the ends of {} texts that are too long for a cell"),
    )
