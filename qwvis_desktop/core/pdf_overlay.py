"""The text of pages laid onto the PDF document that they are of: its bytes stay as they are, text is added behind them.

The document is updated incrementally (ISO 32000-1, 7.5.6), so size, turn and content of its pages are the original's.
The text stands before what a page draws, which therefore cannot move it; as nobody sees it, it hides nothing. A page
that has text of its own already is left as it is: it would be found twice.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeAlias

from qwvis_desktop.core.document import Document
from qwvis_desktop.core.geometry import Point
from qwvis_desktop.core.label_file import sentences
from qwvis_desktop.core.media import pdf
from qwvis_desktop.core.media.image import ImageMedia, MediaError, reading
from qwvis_desktop.core.media.media import picture
from qwvis_desktop.core.pdf_text import FONT, Mapping, TextFont, text_content

Writer: TypeAlias = Any  # pypdf's, which is loaded late
Object: TypeAlias = Any


def source_of(documents: Sequence[Document]) -> ImageMedia:
    """Return the media of the PDF document that all pages are of.

    Raises:
        MediaError: one is no page of a PDF document, or they are pages of several.
    """
    pages = [picture(document.media) for document in documents]
    strange = next((media for media in pages if not (media.page and media.mime == pdf.MIME)), None)
    if strange is not None:
        raise MediaError(
            f'"{strange.name}" is no page of a PDF document, so there is no original to lay its text onto. '
            "Save it with its picture instead."
        )
    if len({media.path or media.data for media in pages}) != 1:
        raise MediaError("These are pages of several PDF documents. Save those of each by themselves.")
    return pages[0]


def overlaid(documents: Sequence[Document]) -> bytes:
    """Return the document that pages are of, with their text on them.

    Raises:
        MediaError: they are not pages of one PDF document, it is encrypted, or cannot be read.
    """
    media = source_of(documents)
    with reading(media.name, media.path), media.open() as file:
        data = file.read()
    with _reading_structure(media):
        from pypdf import PdfReader, PdfWriter

        if PdfReader(io.BytesIO(data)).is_encrypted:
            raise MediaError(
                f'"{media.name}" is encrypted, and text cannot be laid onto it. Save the pages with their pictures '
                "instead, or a copy of the document without a password."
            )
        writer = PdfWriter(io.BytesIO(data), incremental=True)
        _lay(writer, documents)
        made = io.BytesIO()
        writer.write(made)
    return made.getvalue()


def notes(documents: Sequence[Document]) -> tuple[str, ...]:
    """Say how many pages were left as they are."""
    kept = sum(_has_own_text(picture(document.media)) for document in documents)
    return sentences(
        ((kept, "the text of 1 page that has its own already", "the texts of {} pages that have their own already"),)
    )


def _has_own_text(media: ImageMedia) -> bool:
    with reading(media.name, media.path):
        return pdf.has_text(media.path or media.data or b"", media.page)


@contextmanager
def _reading_structure(media: ImageMedia) -> Iterator[None]:
    """Turn what goes wrong while the objects of a document are read into a ``MediaError``."""
    try:
        from pypdf.errors import PyPdfError
    except ImportError as error:
        raise MediaError(
            'The part that adds to PDF documents is not installed. Type: pip install "qwvis-desktop[pdf]"'
        ) from error
    try:
        yield
    except (PyPdfError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError, RecursionError) as error:
        raise MediaError(
            f'Text cannot be laid onto "{media.name}": its structure cannot be read ({error}). Save the pages with '
            "their pictures instead."
        ) from error


def _lay(writer: Writer, documents: Iterable[Document]) -> None:
    from pypdf.generic import ArrayObject, DictionaryObject, NameObject

    font = TextFont()
    places = [writer._add_object(DictionaryObject()) for _ in range(6)]
    for document in documents:
        media = picture(document.media)
        content = b"" if _has_own_text(media) else text_content(document, font, _mapping(media))
        if not content:
            continue
        page = writer.pages[media.page - 1]
        drawn = page.get("/Contents")
        own = list(drawn) if isinstance(drawn, list) else [] if drawn is None else [page.raw_get("/Contents")]
        page[NameObject("/Contents")] = ArrayObject([_stream(writer, content), *own])
        resources = DictionaryObject(page.get("/Resources") or {})
        fonts = DictionaryObject(resources.get("/Font") or {})
        fonts[NameObject(f"/{FONT}")] = places[0]
        resources[NameObject("/Font")] = fonts
        page[NameObject("/Resources")] = resources
    made = font.objects(lambda at: f"{places[at].idnum} 0 R")
    for place, (dictionary, stream) in zip(places, made, strict=True):
        writer._replace_object(place, _object(writer, dictionary, stream))


def _mapping(media: ImageMedia) -> Mapping:
    """Return what leads from pixels of the drawn page to the page's own coordinates."""
    shown = pdf.geometry(media.path or media.data or b"", media.page)
    across, down = shown.width / media.size.width, shown.height / media.size.height
    return lambda point: Point(*shown.own_point(point.x * across, point.y * down))


def _stream(writer: Writer, data: bytes) -> Object:
    return writer._add_object(_object(writer, "/Filter /FlateDecode", zlib.compress(data)))


def _object(writer: Writer, dictionary: str, stream: bytes | None) -> Object:
    from pypdf.generic import EncodedStreamObject, read_object

    values: Object = read_object(io.BytesIO(f"<< {dictionary} >>".encode()), writer)
    if stream is None:
        return values
    held = EncodedStreamObject()
    held.update(values)
    held._data = stream
    return held
