"""CSV of the fields of pages: a row for each page, a column for each field (``core.field_sheet``).

UTF-8 with a byte order mark, as spreadsheets want it; what a spreadsheet would run is kept from it by an apostrophe.
"""

from __future__ import annotations

import csv
import io

from qwvis_desktop.core import field_sheet
from qwvis_desktop.core.dataset import Dataset
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.label_file import Losses
from qwvis_desktop.core.spreadsheet_text import CONTROL, harmless


def dump(dataset: Dataset) -> bytes:
    """Return the table."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    sheet = field_sheet.field_sheet(dataset)
    for line in (sheet.head, *sheet.lines()):
        writer.writerow([harmless(cell) for cell in line])
    return file.getvalue().encode("utf-8-sig")


def losses(document: Document) -> Losses:
    """Count what of ``document`` is left out: how many, and the words for one and for many."""
    broken = sum(CONTROL.search(each.value) is not None for each in field_sheet.fields_on(document))
    return (
        *field_sheet.losses(document),
        (broken, "line breaks inside 1 text", "line breaks inside {} texts"),
    )
