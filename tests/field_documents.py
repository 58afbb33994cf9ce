"""Pages of which a model filled fields, with the lines of text that an engine read there."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from page_documents import media_of, page_run

from qwvis_desktop.core.annotation import TextRegion
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.geometry import Box, Polygon

RECEIPT = {
    "shop": "Café Ada",
    "total": 12.5,
    "paid": True,
    "items": [{"name": "Tea", "price": "4,00"}, {"name": "=1+1"}],
}
LINES = ("CAFÉ ADA", "Tea 4.00", "Sum 12,50 EUR", "paid 12.50")


def field_document(
    value: Any = RECEIPT, lines: tuple[str, ...] = LINES, *, name: str = "receipt.png", **corrections: str
) -> Document:
    """Return a page with fields and lines of text; ``corrections`` by the names of fields at the top."""
    run = replace(
        page_run(json.dumps(value, ensure_ascii=False), "extract-fields"),
        corrections={f"/{key}": words for key, words in corrections.items()},
    )
    document = Document(media_of(name=name))
    document.set_run(run)
    document.add(
        TextRegion(id=f"line-{at}", text=text, polygon=Polygon(Box(100, 100 + 50 * at, 500, 140 + 50 * at).corners))
        for at, text in enumerate(lines)
    )
    return document
