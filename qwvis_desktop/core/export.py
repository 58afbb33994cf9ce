"""The table of formats, and writing a document in one of them.

A format says what it cannot hold, so that nobody finds out later what was lost. Most formats are one file; one that
needs more has companions, which lie beside it. Files are written beside and renamed over; a source picture is never
written to.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path
from typing import Protocol

from qwvis_desktop.core.annotation import LayoutBlock
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.formats import coco, csv_table, jsonl, kitti, labelcloud, omni3d, reply
from qwvis_desktop.core.label_file import Losses, sentences
from qwvis_desktop.core.media.write import write_beside


class ExportError(ValueError):
    """A document could not be written in a format; the text is for people."""


class Renderer(Protocol):
    """Draws a document with its annotations (``ui.canvas.render``)."""

    def render(self, document: Document, mime: str) -> bytes:
        """Return the annotated picture at its full original size, encoded as ``mime``."""


@dataclass(frozen=True, slots=True)
class Companion:
    """A further file of a format, beside the first.

    Attributes:
        suffix: what stands in place of the last ending of the first file's name.
        dump: makes its content.
    """

    suffix: str
    dump: Callable[[Document], bytes]


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
        companions: the files that lie beside it, for formats that take more than one.
    """

    id: str
    title: str
    suffix: str
    mime: str
    losses: Callable[[Document], Losses]
    dump: Callable[[Document], bytes] | None = None
    companions: tuple[Companion, ...] = ()

    def cannot_hold(self, document: Document) -> tuple[str, ...]:
        """Say what of ``document`` is left out, a sentence each."""
        return sentences(self.losses(document))

    def files(self, path: Path) -> tuple[Path, ...]:
        """Return all files that are written where the first is ``path``."""
        return path, *(path.parent / f"{path.stem}{companion.suffix}" for companion in self.companions)


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


_KITTI_COMPANIONS = (Companion(".calib.txt", kitti.dump_camera),)

FORMATS: dict[str, Format] = {
    kind.id: kind
    for kind in (
        Format("png", "Annotated picture (PNG)", ".annotated.png", "image/png", _losses_of_pictures),
        Format("jpg", "Annotated picture (JPEG)", ".annotated.jpg", "image/jpeg", _losses_of_pictures),
        Format("coco", "COCO JSON", ".coco.json", "application/json", coco.losses, coco.dump),
        Format("csv", "Table (CSV)", ".csv", "text/csv", csv_table.losses, csv_table.dump),
        Format("jsonl", "JSON lines", ".jsonl", "application/jsonl", jsonl.losses, jsonl.dump),
        Format("omni3d", "Omni3D JSON", ".omni3d.json", "application/json", omni3d.losses, omni3d.dump),
        Format("kitti", "KITTI labels", ".kitti.txt", "text/plain", kitti.losses, kitti.dump, _KITTI_COMPANIONS),
        Format(
            "labelcloud", "labelCloud JSON", ".labelcloud.json", "application/json", labelcloud.losses, labelcloud.dump
        ),
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
    kind = FORMATS[format_id]
    return next(path for path in paths if not any(file.resolve() in taken for file in kind.files(path)))


def files_of(format_id: str, path: Path) -> tuple[Path, ...]:
    """Return all files that ``export`` writes where the first is ``path``.

    Raises:
        ExportError: the format is unknown.
    """
    return _format(format_id).files(path)


def export(document: Document, format_id: str, path: Path, renderer: Renderer | None = None) -> tuple[str, ...]:
    """Write ``document`` to ``path``; an older file there is replaced only when the new one is whole.

    What lies beside it (``files_of``) is written, too; all is made before anything is written.

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
    files = kind.files(path)
    for file in files:
        if source is not None and file.resolve() == source.resolve():
            raise ExportError(f'"{file.name}" is the picture itself and is never written over. Choose another name.')
    for file, content in zip(files, tuple(_contents(document, kind, renderer)), strict=True):
        write_beside(file, content)
    return kind.cannot_hold(document)


def _format(name: str) -> Format:
    if name not in FORMATS:
        raise ExportError(f'There is no format "{name}". Choose one of {", ".join(FORMATS)}.')
    return FORMATS[name]


def _contents(document: Document, kind: Format, renderer: Renderer | None) -> Iterator[bytes]:
    """Give the content of the format's files, the first one's first."""
    if kind.dump is None:
        if renderer is None:
            raise ExportError("Annotated pictures need the part of QwVis that draws, which was not given here.")
        yield renderer.render(document, kind.mime)
        return
    try:
        yield kind.dump(document)
    except ValueError as error:
        raise ExportError(f"{document.media.name}: {error}.") from error
    for companion in kind.companions:
        yield companion.dump(document)
