"""The table of formats, and writing documents in one of them.

A format says what it cannot hold, so that nobody finds out later what was lost. Some formats are a file for each
picture, some one file for all, some a folder. Everything is made before anything is put in its place: files are
written beside and renamed over, and a source picture is never written to.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain, count
from pathlib import Path
from typing import Protocol, TypeAlias

from qwvis_desktop.core.annotation import LayoutBlock
from qwvis_desktop.core.dataset import Dataset, LabelledPicture, OutFile, dataset_of
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.formats import coco, csv_table, jsonl, kitti, labelcloud, omni3d, reply
from qwvis_desktop.core.label_file import Losses, sentences
from qwvis_desktop.core.media.image import reading
from qwvis_desktop.core.media.write import write_beside, write_together


class ExportError(ValueError):
    """Documents could not be written in a format; the text is for people."""


class Renderer(Protocol):
    """Draws a document with its annotations (``ui.canvas.render``)."""

    def render(self, document: Document, mime: str) -> bytes:
        """Return the annotated picture at its full original size, encoded as ``mime``."""


class Layout(StrEnum):
    """How a format lays out several pictures."""

    EACH = "a file for each picture"
    ONE = "one file for all pictures"
    FOLDER = "a folder"


Make: TypeAlias = Callable[[Dataset], Iterable[OutFile]]


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file, or of folder.

    Attributes:
        id: its name on the command line and in settings.
        title: its name for people (translated where it is shown).
        suffix: what is put behind the picture's name; never that of a plain picture.
        mime: what it is.
        losses: counts what of a document is left out.
        make: makes the files, the main one first, of one picture where ``layout`` is EACH; None for what a
            ``Renderer`` draws.
        layout: how several pictures are laid out.
        beside: the endings of the files that lie beside the main one.
    """

    id: str
    title: str
    suffix: str
    mime: str
    losses: Callable[[Document], Losses]
    make: Make | None = None
    layout: Layout = Layout.EACH
    beside: tuple[str, ...] = ()

    @property
    def is_drawn(self) -> bool:
        """Whether a ``Renderer`` makes it."""
        return self.make is None

    def cannot_hold(self, document: Document) -> tuple[str, ...]:
        """Say what of ``document`` is left out, a sentence each."""
        return sentences(self.losses(document))

    def left_out(self, documents: Iterable[Document]) -> tuple[str, ...]:
        """Say what of several documents is left out, a sentence each, counted together."""
        totals: dict[tuple[str, str], int] = {}
        for document in documents:
            for number, one, many in self.losses(document):
                totals[one, many] = totals.get((one, many), 0) + max(0, number)
        return sentences(tuple((number, one, many or one) for (one, many), number in totals.items()))

    def files(self, path: Path) -> tuple[Path, ...]:
        """Return all files that are written where the first is ``path``; of a folder, only itself is known."""
        return path, *(_placed(path, suffix) for suffix in self.beside)

    def place(self, path: Path, name: str) -> Path:
        """Return where ``OutFile.name`` goes when ``path`` was chosen."""
        return path.joinpath(*name.split("/")) if self.layout is Layout.FOLDER else _placed(path, name)


def _placed(path: Path, suffix: str) -> Path:
    return path.with_name(f"{path.stem}{suffix}") if suffix else path


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


def _single(dump: Callable[[Document], bytes], beside: Callable[[Document], bytes] | None = None) -> Make:
    """Make the one file of a format, and its companion, by functions of the document."""

    def make(dataset: Dataset) -> Iterator[OutFile]:
        for picture in dataset:
            yield OutFile("", dump(picture.document))
            if beside is not None:
                yield OutFile(".calib.txt", beside(picture.document))

    return make


def _results(dataset: Dataset) -> Iterator[OutFile]:
    yield OutFile("", coco.dump_results(dataset))
    yield OutFile(_NUMBERS, coco.dump_numbers(dataset))


_NUMBERS = ".images.json"


def _whole(dump: Callable[[Dataset], bytes]) -> Make:
    """Make the one file of a format that holds all pictures."""
    return lambda dataset: [OutFile("", dump(dataset))]


_JSON, _LINES = "application/json", "application/jsonl"

FORMATS: dict[str, Format] = {
    kind.id: kind
    for kind in (
        Format("png", "Annotated picture (PNG)", ".annotated.png", "image/png", _losses_of_pictures),
        Format("jpg", "Annotated picture (JPEG)", ".annotated.jpg", "image/jpeg", _losses_of_pictures),
        Format("webp", "Annotated picture (WebP)", ".annotated.webp", "image/webp", _losses_of_pictures),
        Format("svg", "Drawing (SVG)", ".annotated.svg", "image/svg+xml", _losses_of_pictures),
        Format("pdf", "Drawing (PDF)", ".annotated.pdf", "application/pdf", _losses_of_pictures),
        Format("coco", "COCO JSON", ".coco.json", _JSON, coco.losses, _whole(coco.dump), Layout.ONE),
        Format(
            "coco-results",
            "COCO results",
            ".coco-results.json",
            _JSON,
            coco.losses_of_results,
            _results,
            Layout.ONE,
            beside=(_NUMBERS,),
        ),
        Format("csv", "Table (CSV)", ".csv", "text/csv", csv_table.losses, _whole(csv_table.dump), Layout.ONE),
        Format("jsonl", "JSON lines", ".jsonl", _LINES, jsonl.losses, _whole(jsonl.dump), Layout.ONE),
        Format("omni3d", "Omni3D JSON", ".omni3d.json", _JSON, omni3d.losses, _single(omni3d.dump)),
        Format(
            "kitti",
            "KITTI labels",
            ".kitti.txt",
            "text/plain",
            kitti.losses,
            _single(kitti.dump, kitti.dump_camera),
            beside=(".calib.txt",),
        ),
        Format("labelcloud", "labelCloud JSON", ".labelcloud.json", _JSON, labelcloud.losses, _single(labelcloud.dump)),
        Format("reply", "Raw reply (JSON)", ".reply.json", _JSON, reply.losses, _single(reply.dump)),
    )
}
"""All formats by id, in the order in which they are offered."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written: the files, the main one first, and what the format could not hold, a sentence each."""

    files: tuple[Path, ...]
    left_out: tuple[str, ...]


def default_path(
    documents: Document | Sequence[Document], format_id: str, folder: Path, taken: Collection[Path] = ()
) -> Path:
    """Return where to write unless told otherwise: the picture's name, or that of the folder, with the suffix.

    Args:
        documents: what will be written; several need a name of their own only where one file or folder holds them all.
        format_id: id of the format.
        folder: where to.
        taken: resolved paths that must not be written to; the name then gets a number.

    Raises:
        ExportError: the format is unknown.
    """
    kind = _format(format_id)
    held = [documents] if isinstance(documents, Document) else documents
    if len(held) > 1 and kind.layout is Layout.EACH:
        return folder
    stem = dataset_of(held)[0].stem if len(held) == 1 else "annotations"
    names = chain([stem], (f"{stem}-{number}" for number in count(2)))
    paths = (folder / f"{name}{kind.suffix}" for name in names)
    return next(path for path in paths if not any(file.resolve() in taken for file in kind.files(path)))


def files_of(format_id: str, path: Path) -> tuple[Path, ...]:
    """Return all files that ``export`` writes for one picture where the first is ``path``.

    Raises:
        ExportError: the format is unknown.
    """
    return _format(format_id).files(path)


def export(
    documents: Document | Sequence[Document],
    format_id: str,
    path: Path,
    renderer: Renderer | None = None,
    *,
    pictures: bool = False,
) -> Exported:
    """Write documents to ``path``; what was there is replaced only when all of the new is whole.

    Args:
        documents: what to write: one, or several.
        format_id: id of the format.
        path: the file; the folder for a format that is one, and for several pictures in a format with a file for each.
        renderer: draws the pictures; the other formats do not need it.
        pictures: put copies of the pictures into a folder as well (``images``); for formats that are a folder.

    Raises:
        ExportError: unknown format, nothing to write, or a source picture is in the way.
        WriteError: a file could not be written.
        MediaError: a picture could not be read.
    """
    kind = _format(format_id)
    held = [documents] if isinstance(documents, Document) else list(documents)
    sources = {document.media.path.resolve() for document in held if document.media.path is not None}
    dataset = dataset_of(held)
    if len(held) == 1 and kind.layout is not Layout.FOLDER:
        for place in kind.files(path):
            _check(place, sources)
        made = tuple(_made(kind, dataset, renderer))
        files = tuple(kind.place(path, file.name) for file in made)
        for place, file in zip(files, made, strict=True):
            write_beside(place, file.data)
    else:
        planned = _several(kind, dataset, path, renderer)
        copies = _copies(dataset, path) if pictures and kind.layout is Layout.FOLDER else ()
        files = write_together(_checked(chain(planned, copies), sources), root=_root(kind, path, len(held)))
    return Exported(files, kind.left_out(held))


def _root(kind: Format, path: Path, pictures: int) -> Path:
    """Return the folder that all files lie in."""
    return path if kind.layout is Layout.FOLDER or (kind.layout is Layout.EACH and pictures != 1) else path.parent


def _several(kind: Format, dataset: Dataset, path: Path, renderer: Renderer | None) -> Iterator[tuple[Path, bytes]]:
    """Give the files of several pictures, or of a folder, with where they go."""
    if kind.layout is not Layout.EACH:
        for file in _made(kind, dataset, renderer):
            yield kind.place(path, file.name), file.data
        return
    for picture in dataset:
        main = path / f"{picture.stem}{kind.suffix}"
        for file in _made(kind, [picture], renderer):
            yield kind.place(main, file.name), file.data


def _copies(dataset: Dataset, path: Path) -> Iterator[tuple[Path, bytes]]:
    """Give copies of the pictures as they are; one that lies in its place already is left alone."""
    for picture in dataset:
        media, target = picture.document.media, path / "images" / picture.copy_name
        if media.path is None or media.path.resolve() != target.resolve():
            with reading(media.name), media.open() as file:
                yield target, file.read()


def _checked(files: Iterable[tuple[Path, bytes]], sources: Collection[Path]) -> Iterator[tuple[Path, bytes]]:
    for path, data in files:
        _check(path, sources)
        yield path, data


def _check(path: Path, sources: Collection[Path]) -> None:
    if path.resolve() in sources:
        raise ExportError(f'"{path}" is the picture itself and is never written over. Choose another name.')


def _format(name: str) -> Format:
    if name not in FORMATS:
        raise ExportError(f'There is no format "{name}". Choose one of {", ".join(FORMATS)}.')
    return FORMATS[name]


def _made(kind: Format, dataset: Dataset, renderer: Renderer | None) -> Iterator[OutFile]:
    """Give the format's files, the main one first."""
    if kind.make is None:
        yield _drawn(kind, dataset[0], renderer)
        return
    try:
        yield from kind.make(dataset)
    except ValueError as error:
        raise ExportError(f"{dataset[0].document.media.name}: {error}.") from error


def _drawn(kind: Format, picture: LabelledPicture, renderer: Renderer | None) -> OutFile:
    if renderer is None:
        raise ExportError("Annotated pictures need the part of QwVis that draws, which was not given here.")
    return OutFile("", renderer.render(picture.document, kind.mime))
