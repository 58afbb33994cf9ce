"""Documents with pages in them, read from replies as the program reads them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from qwvis_desktop.core.comparison import read_run
from qwvis_desktop.core.coordinates import CoordinateSpace, Frame, Orientation
from qwvis_desktop.core.document import Document, Run
from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.media.image import ImageMedia

PAGE = Size(1000, 1000)
"""Size of the pages: thousandths are pixels."""


def media_of(size: Size = PAGE, name: str = "page.png") -> ImageMedia:
    """Return a picture of which no pixels are there."""
    return ImageMedia(
        name=name, path=None, data=None, size=size, stored=size, orientation=Orientation.NORMAL, mime="image/png"
    )


def page_run(
    reply: str, task: str = "document-html", size: Size = PAGE, space: str = "relative-1000", sent: Size | None = None
) -> Run:
    """Return a run that ended with ``reply``, read."""
    run = Run(
        id="run",
        started=datetime(2026, 11, 1, tzinfo=UTC),
        provider="Recorded",
        model="qwen3-vl-plus",
        family="qwen3-vl",
        task=task,
        prompt="qwenvl html",
        frame=Frame.whole(size, sent or size),
        space=CoordinateSpace(space),
        reply=reply,
        finish_reason="stop",
    )
    parsed = read_run(run, size)
    return replace(run, status=parsed.status, text=parsed.text, issues=parsed.issues, as_read=parsed.annotations)


def page_document_of(
    reply: str, task: str = "document-html", *, media: ImageMedia | None = None, run: Run | None = None
) -> Document:
    """Return a document with what ``reply`` says of its page."""
    picture = media or media_of()
    document = Document(picture)
    read = run or page_run(reply, task, picture.size)
    document.set_run(read)
    document.add(read.as_read)
    return document
