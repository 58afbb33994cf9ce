"""The part of an export that knows the formats: which can be chosen, and the writing, on a worker thread."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from qwvis_desktop.core.document import Document
from qwvis_desktop.core.export import FORMATS, Exported, Layout, exporting
from qwvis_desktop.core.export_film import writing_film
from qwvis_desktop.core.export_options import Choice, ExportOptions
from qwvis_desktop.core.film_formats import MP4, STILLS
from qwvis_desktop.core.media.pdf import MIME as PDF
from qwvis_desktop.ui.canvas.painting.film_render import FilmRenderer
from qwvis_desktop.ui.drawing_options import DrawingOptions
from qwvis_desktop.ui.panels.dialogs.format_list import FormatChoice


def format_choices(
    document: Document, opened: Sequence[Document], translate: Callable[[str], str]
) -> list[FormatChoice]:
    """Return the formats that a document can be saved in; ``opened`` are all that are saved where all are."""
    return [
        FormatChoice(
            kind.id,
            translate(kind.title),
            kind.suffix,
            kind.cannot_hold(document),
            kind.left_out(opened),
            is_drawn=kind.is_drawn,
            is_folder=kind.layout is Layout.FOLDER,
            holds_all=kind.layout is not Layout.EACH,
            group=translate(kind.group),
            choices=kind.choices if _is_of_pdf(document) else kind.choices - {Choice.ONTO_ORIGINAL},
        )
        for kind in FORMATS.values()
        if document.media.kind in kind.media
    ]


def is_of_films(format_id: str) -> bool:
    """Say whether a format draws films or frames of them, frame by frame."""
    return format_id in (MP4, STILLS)


def writing(
    work: Sequence[Callable[[], Document]],
    format_id: str,
    path: Path,
    *,
    drawing: DrawingOptions,
    options: ExportOptions,
    pictures: bool,
) -> Iterator[float | Exported]:
    """Write documents in one format, and give how far it is, and in the end what was written.

    Args:
        work: gives the documents, one after the other.
        format_id: id of the format.
        path: the file, or the folder.
        drawing: how pictures are drawn.
        options: what was chosen beside the format.
        pictures: put copies of the pictures beside.

    Raises:
        ExportError, WriteError, MediaError: as ``core.export.exporting``.
    """
    renderer = FilmRenderer(options=drawing)
    documents = [give() for give in work]
    if len(documents) == 1 and is_of_films(format_id):
        files = yield from writing_film(documents[0], format_id, path, renderer)
        yield Exported(files, FORMATS[format_id].cannot_hold(documents[0]))
        return
    held = documents[0] if len(documents) == 1 else documents
    yield (yield from exporting(held, format_id, path, renderer, pictures=pictures, options=options))


def _is_of_pdf(document: Document) -> bool:
    """Say whether a document is a page of a PDF document."""
    return document.media.kind == "image" and document.media.mime == PDF
