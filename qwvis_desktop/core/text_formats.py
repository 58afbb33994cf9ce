"""The table of what can be written of pages with text."""

from __future__ import annotations

from qwvis_desktop.core.export_options import Choice
from qwvis_desktop.core.file_format import Format, Layout
from qwvis_desktop.core.formats import (
    alto,
    hocr,
    page_html,
    page_markdown,
    page_text,
    ppocrlabel,
    searchable_pdf,
)

TEXT_FORMATS = (
    Format(
        "searchable-pdf",
        "Searchable PDF",
        ".searchable.pdf",
        "application/pdf",
        searchable_pdf.losses,
        layout=Layout.ONE,
        tailor=searchable_pdf.dump,
        choices=frozenset({Choice.PICTURE_QUALITY, Choice.ONTO_ORIGINAL}),
        notes=searchable_pdf.notes,
    ),
    Format(
        "page-markdown",
        "Page as Markdown, figures beside it",
        ".md",
        "text/markdown",
        page_markdown.losses,
        layout=Layout.ONE,
        tailor=page_markdown.dump,
        cuts_picture=True,
    ),
    Format(
        "page-html",
        "Page as HTML",
        ".html",
        "text/html",
        page_html.losses,
        layout=Layout.ONE,
        tailor=page_html.dump,
        cuts_picture=True,
    ),
    Format(
        "page-text",
        "Plain text",
        ".txt",
        "text/plain",
        page_text.losses,
        page_text.dump,
        layout=Layout.ONE,
    ),
    Format(
        "hocr",
        "hOCR",
        ".hocr",
        "application/xhtml+xml",
        hocr.losses,
        layout=Layout.ONE,
        tailor=hocr.dump,
        choices=frozenset({Choice.ESTIMATED_WORDS}),
    ),
    Format(
        "alto",
        "ALTO XML",
        ".alto.xml",
        "application/xml",
        alto.losses,
        tailor=alto.dump,
        choices=frozenset({Choice.ESTIMATED_WORDS}),
    ),
    Format(
        "ppocrlabel",
        "PPOCRLabel",
        ".ppocrlabel",
        "inode/directory",
        ppocrlabel.losses,
        ppocrlabel.dump,
        layout=Layout.FOLDER,
    ),
)
"""The formats for pages with text, in the order in which they are offered; a part of ``export_formats.FORMATS``."""
