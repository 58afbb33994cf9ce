"""A workbook of the fields of pages: a sheet with a row for each page, and one with a row for each value."""

from __future__ import annotations

from collections.abc import Iterator

from qwvis_desktop.core import field_sheet
from qwvis_desktop.core.dataset import Dataset
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.geometry import Box
from qwvis_desktop.core.label_file import Losses
from qwvis_desktop.core.workbook import Sheet, Value, is_too_long, workbook

MOST_COLUMNS = 16_384
"""Columns of a sheet (Excel's limit)."""

_HEAD = ("file", "field", "value", "model value", "places", "left", "top", "right", "bottom")


def dump(dataset: Dataset) -> bytes:
    """Return the workbook; its second sheet has every value, also where the first has no column left."""
    head, lines = field_sheet.cells(field_sheet.field_sheet(dataset), MOST_COLUMNS)
    return workbook([Sheet("Pages", head, lines), Sheet("Values", _HEAD, _values(dataset))])


def _values(dataset: Dataset) -> Iterator[list[Value]]:
    for picture in dataset:
        for placed in field_sheet.placed_fields(picture.document):
            each = placed.field
            yield [
                *(picture.name, each.path, each.value, each.read if each.is_corrected else None),
                *(len(placed.boxes), *_bounds(placed.boxes)),
            ]


def _bounds(places: tuple[tuple[Box, ...], ...]) -> tuple[Value, ...]:
    """Return the box round the one place of a value; nothing where it stands in several, or nowhere."""
    if len(places) != 1:
        return (None,) * 4
    boxes = places[0]
    return (
        min(box.left for box in boxes),
        min(box.top for box in boxes),
        max(box.right for box in boxes),
        max(box.bottom for box in boxes),
    )


def losses(document: Document) -> Losses:
    """Count what of ``document`` is left out: how many, and the words for one and for many."""
    cut = sum(is_too_long(each.value) for each in field_sheet.fields_on(document))
    return (
        *field_sheet.losses(document, places=True, model=True),
        (cut, "the end of 1 text that is too long for a cell", "the ends of {} texts that are too long for a cell"),
    )
