"""JSON of the fields of pages: as they were asked for, with what a person corrected, and where each value stands."""

from __future__ import annotations

from qwvis_desktop.core import field_sheet
from qwvis_desktop.core.annotation_json import json_text
from qwvis_desktop.core.dataset import Dataset
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.label_file import Losses


def dump(dataset: Dataset) -> bytes:
    """Return a list with one object for each page."""
    pages = ",\n".join(json_text(field_sheet.as_json(picture)) for picture in dataset)
    return f"[\n{pages}\n]\n".encode()


def losses(document: Document) -> Losses:
    """Count what of ``document`` is left out: how many, and the words for one and for many."""
    return field_sheet.losses(document, places=True, model=True)
