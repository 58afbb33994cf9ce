"""A page with its picture, written in a format through the real export."""

from __future__ import annotations

from pathlib import Path

from drawn_page import draw_page, html_reply
from page_documents import page_document_of

from qwvis_desktop.core.document import Document
from qwvis_desktop.core.media.image import open_image

HOSTILE = (
    '<h1 data-bbox="1 1 9 9">&lt;script&gt;alert(1)&lt;/script&gt;</h1><p data-bbox="1 1 9 9">=HYPERLINK("x") '
    '![x](file:///etc/passwd) [y](javascript:z) **bold** &lt;img src=x&gt;<img src="file:///etc/passwd"></p>'
)


def drawn_document(folder: Path) -> Document:
    """Return the document of the drawn page, its picture in ``folder``."""
    return page_document_of(html_reply(), media=open_image(draw_page(folder / "pendulum.png")))
