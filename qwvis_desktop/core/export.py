"""The table of formats, and writing a document in one of them.

A format says what it cannot hold, so that nobody finds out later what was lost. Files are written beside and renamed
over; a source picture is never written to.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path
from typing import Protocol, TypeAlias

from qwvis_desktop.core.annotation import LayoutBlock
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.formats import coco, csv_table, reply
from qwvis_desktop.core.media.write import write_beside


class ExportError(ValueError):
    """A document could not be written in a format; the text is for people."""


class Renderer(Protocol):
    """Draws a document with its annotations (``ui.canvas.render``)."""

    def render(self, document: Document, mime: str) -> bytes:
        """Return the annotated picture at its full original size, encoded as ``mime``."""


Losses: TypeAlias = tuple[tuple[int, str, str], ...]
"""How many of something are left out, and the words for one and for many."""


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file.

    Attributes:
        id: its name on the command line and in settings.
        title: its name for people (translated where it is shown).
        suffix: what is put behind the picture's name; never that of a plain picture.
        mime: what it is.
        losses: counts what of a document is left out.
        dump: makes the file's content; None for what a ``Renderer`` draws.
    """

    id: str
    title: str
    suffix: str
    mime: str
    losses: Callable[[Document], Losses]
    dump: Callable[[Document], bytes] | None = None

    def cannot_hold(self, document: Document) -> tuple[str, ...]:
        """Say what of ``document`` is left out, a sentence each."""
        return tuple(
            f"Left out: {one if number == 1 else many.format(number)}."
            for number, one, many in self.losses(document)
            if number > 0
        )


def _losses_of_pictures(document: Document) -> Losses:
    annotations = document.annotations.values()
    return (
        (sum(annotation.kind == "event" for annotation in annotations), "1 event in time", "{} events in time"),
        (
            sum(isinstance(annotation, LayoutBlock) and annotation.box is None for annotation in annotations),
            "1 block without a place",
            "{} blocks without a place",
        ),
        (sum(bool(run.text) for run in document.runs.values()), "the answer in words", "{} answers in words"),
    )


FORMATS: dict[str, Format] = {
    kind.id: kind
    for kind in (
        Format("png", "Annotated picture (PNG)", ".annotated.png", "image/png", _losses_of_pictures),
        Format("jpg", "Annotated picture (JPEG)", ".annotated.jpg", "image/jpeg", _losses_of_pictures),
        Format("coco", "COCO JSON", ".coco.json", "application/json", coco.losses, coco.dump),
        Format("csv", "Table (CSV)", ".csv", "text/csv", csv_table.losses, csv_table.dump),
        Format("reply", "Raw reply (JSON)", ".reply.json", "application/json", reply.losses, reply.dump),
    )
}
"""All formats by id, in the order in which they are offered."""


def default_path(document: Document, format_id: str, folder: Path, taken: Collection[Path] = ()) -> Path:
    """Return where to write ``document`` unless told otherwise: the picture's name with the format's suffix.

    Args:
        document: what will be written.
        format_id: id of the format.
        folder: where to.
        taken: resolved paths that must not be written to; the name then gets a number.

    Raises:
        ExportError: the format is unknown.
    """
    stem, suffix = Path(document.media.name).stem or "picture", _format(format_id).suffix
    names = chain([stem], (f"{stem}-{number}" for number in count(2)))
    paths = (folder / f"{name}{suffix}" for name in names)
    return next(path for path in paths if path.resolve() not in taken)


def export(document: Document, format_id: str, path: Path, renderer: Renderer | None = None) -> tuple[str, ...]:
    """Write ``document`` to ``path``; an older file there is replaced only when the new one is whole.

    Args:
        document: what to write.
        format_id: id of the format.
        path: where.
        renderer: draws the pictures; the other formats do not need it.

    Returns:
        What the format could not hold, a sentence each.

    Raises:
        ExportError: unknown format, nothing to write, or ``path`` is the source picture.
        WriteError: the file could not be written.
        MediaError: the picture could not be read.
    """
    kind = _format(format_id)
    source = document.media.path
    if source is not None and path.resolve() == source.resolve():
        raise ExportError(f'"{path.name}" is the picture itself and is never written over. Choose another name.')
    write_beside(path, _content(document, kind, renderer))
    return kind.cannot_hold(document)


def _format(name: str) -> Format:
    if name not in FORMATS:
        raise ExportError(f'There is no format "{name}". Choose one of {", ".join(FORMATS)}.')
    return FORMATS[name]


def _content(document: Document, kind: Format, renderer: Renderer | None) -> bytes:
    if kind.dump is None:
        if renderer is None:
            raise ExportError("Annotated pictures need the part of QwVis that draws, which was not given here.")
        return renderer.render(document, kind.mime)
    try:
        return kind.dump(document)
    except ValueError as error:
        raise ExportError(f"{document.media.name}: {error}.") from error
