"""Writing documents in one of the formats of ``export_formats``.

A format says what it cannot hold, so that nobody finds out later what was lost. Everything is made before anything is
put in its place: files are written beside and renamed over, and a source picture is never written to.
"""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, count
from pathlib import Path
from typing import Protocol, TypeAlias, overload

from qwvis_desktop.core.coordinates import Orientation
from qwvis_desktop.core.dataset import Dataset, LabelledPicture, OutFile, dataset_of
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.export_film import FilmRenderer, writing_film
from qwvis_desktop.core.export_formats import FORMATS
from qwvis_desktop.core.export_options import DEFAULT_OPTIONS, ExportOptions
from qwvis_desktop.core.file_format import Format, Layout
from qwvis_desktop.core.media.image import reading
from qwvis_desktop.core.media.raster import decode, encode
from qwvis_desktop.core.media.write import writing_beside, writing_together
from qwvis_desktop.core.steps import result_of, told

__all__ = [
    "FORMATS",
    "ExportError",
    "Exported",
    "Format",
    "Layout",
    "Renderer",
    "default_path",
    "export",
    "exporting",
    "files_of",
]


class ExportError(ValueError):
    """Documents could not be written in a format; the text is for people."""


class Renderer(Protocol):
    """Draws a document with its annotations (``ui.canvas.render``)."""

    def render(self, document: Document, mime: str) -> bytes:
        """Return the annotated picture at its full original size, encoded as ``mime``."""


_Planned: TypeAlias = tuple[Path, bytes | Iterable[bytes]]
"""Where a file goes, and what is in it."""


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
    options: ExportOptions = DEFAULT_OPTIONS,
) -> Exported:
    """Write documents to ``path``; what was there is replaced only when all of the new is whole.

    Args:
        documents: what to write: one, or several.
        format_id: id of the format.
        path: the file; the folder for a format that is one, and for several pictures in a format with a file for each.
        renderer: draws the pictures; the other formats do not need it.
        pictures: put copies of the pictures into a folder as well (``images``); for formats that are a folder.
        options: what was chosen beside the format.

    Raises:
        ExportError: unknown format, nothing to write, or a source picture is in the way.
        WriteError: a file could not be written.
        MediaError: a picture could not be read.
    """
    return result_of(exporting(documents, format_id, path, renderer, pictures=pictures, options=options))


def exporting(
    documents: Document | Sequence[Document],
    format_id: str,
    path: Path,
    renderer: Renderer | None = None,
    *,
    pictures: bool = False,
    options: ExportOptions = DEFAULT_OPTIONS,
) -> Generator[int, None, Exported]:
    """Write as ``export`` does, step by step, and give at each how many of the documents are done.

    Closed before its end, it leaves no file behind, and what was there is as it was.

    Raises:
        ExportError: unknown format, nothing to write, or a source picture is in the way.
        WriteError: a file could not be written.
        MediaError: a picture could not be read.
    """
    kind = _format(format_id)
    options = replace(options, stem=path.stem)
    held = [documents] if isinstance(documents, Document) else list(documents)
    _check_media(kind, held)
    sources = {document.media.path.resolve() for document in held if document.media.path is not None}
    if kind.is_drawn and kind.media == ("video",):
        files = yield from _films(kind, held, path, renderer=renderer, sources=sources)
        return Exported(files, kind.left_out(held))
    dataset = _Counted(dataset_of(held))
    if len(held) == 1 and kind.layout is not Layout.FOLDER:
        for place in kind.files(path):
            _check(place, sources)
        made = tuple(_made(kind, dataset, renderer, options))
        files = tuple(kind.place(path, file.name) for file in made)
        for place in files:
            _check(place, sources)
        for place, file in zip(files, made, strict=True):
            with closing(writing_beside(place, file.content)) as steps:
                for _ in steps:
                    yield dataset.done
    else:
        planned = _several(kind, dataset, path, renderer=renderer, options=options)
        copies = _copies(dataset, path) if pictures and kind.layout is Layout.FOLDER else ()
        writing = writing_together(_checked(chain(planned, copies), sources), root=_root(kind, path, len(held)))
        files = yield from _counting(writing, dataset)
    return Exported(files, (*kind.left_out(held), *kind.notes(held, options), *_turned(kind, held, pictures)))


def _films(
    kind: Format, documents: Sequence[Document], path: Path, *, renderer: object, sources: Collection[Path]
) -> Generator[int, None, tuple[Path, ...]]:
    """Write films that are drawn, several into a folder each under its name, and count those that are done."""
    if not isinstance(renderer, FilmRenderer):
        raise ExportError("Annotated films need the part of QwVis that draws, which was not given here.")
    files: list[Path] = []
    for done, picture in enumerate(dataset_of(documents)):
        place = path if len(documents) == 1 else path / f"{picture.stem}{kind.suffix}"
        _check(place, sources)
        files += yield from told(writing_film(picture.document, kind.id, place, renderer), partial(_still, done))
    return tuple(files)


def _still(done: int, _step: object) -> int:
    """Return how many are done while a further one is written."""
    return done


class _Counted(Sequence[LabelledPicture]):
    """A data set that knows how far it was gone through: ``done`` pictures are behind."""

    def __init__(self, pictures: Dataset) -> None:
        self._pictures = pictures
        self.done = 0

    def __iter__(self) -> Iterator[LabelledPicture]:
        self.done = 0
        for picture in self._pictures:
            yield picture
            self.done += 1

    @overload
    def __getitem__(self, place: int) -> LabelledPicture: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[LabelledPicture]: ...
    def __getitem__(self, place: int | slice) -> LabelledPicture | Sequence[LabelledPicture]:
        return self._pictures[place]

    def __len__(self) -> int:
        return len(self._pictures)


def _counting(
    steps: Generator[None, None, tuple[Path, ...]], dataset: _Counted
) -> Generator[int, None, tuple[Path, ...]]:
    """Give at each step how many pictures are done, and in the end what the steps return."""
    return told(steps, lambda _step: dataset.done)


def _check_media(kind: Format, documents: Iterable[Document]) -> None:
    """Refuse what a format is not for."""
    for media in (document.media for document in documents if document.media.kind not in kind.media):
        ours, others = ("a film", "pictures") if media.kind == "video" else ("a picture", "films")
        raise ExportError(f'"{media.name}" is {ours}, and {kind.title} is a format for {others}. Choose another.')


def _turned(kind: Format, documents: Sequence[Document], copied: bool) -> Iterator[str]:
    """Say which labels would be taken for misplaced by a reader that passes over EXIF."""
    turned = 0 if kind.needs_picture or kind.id == "reply" else sum(map(is_turned, documents))
    if turned:
        pictures = "1 picture is" if turned == 1 else f"{turned} pictures are"
        upright = "The copies were turned upright." if copied else "Labels count the upright picture, as EXIF says."
        yield f"{pictures} stored turned. {upright}"


def _root(kind: Format, path: Path, pictures: int) -> Path:
    """Return the folder that all files lie in."""
    return path if kind.layout is Layout.FOLDER or (kind.layout is Layout.EACH and pictures != 1) else path.parent


def _several(
    kind: Format, dataset: Dataset, path: Path, *, renderer: Renderer | None, options: ExportOptions
) -> Iterator[_Planned]:
    """Give the files of several pictures, or of a folder, with where they go."""
    if kind.layout is not Layout.EACH:
        for file in _made(kind, dataset, renderer, options):
            yield kind.place(path, file.name), file.content
        return
    for picture in dataset:
        main = path / f"{picture.stem}{kind.suffix}"
        for file in _made(kind, [picture], renderer, options):
            yield kind.place(main, file.name), file.content


def _copies(dataset: Dataset, path: Path) -> Iterator[_Planned]:
    """Give copies of the pictures; one that lies in its place already is left alone.

    A page of a document is saved as a PNG of its own. One that is stored turned is saved anew upright where its format
    can be written: labels count the upright picture, and many readers do not turn it.
    """
    for picture in dataset:
        media, target = picture.document.media, path / "images" / picture.copy_name
        if media.path is not None and media.path.resolve() == target.resolve():
            continue
        if is_turned(picture.document) and media.mime in _UPRIGHT:
            yield target, encode(decode(media), media.mime, _COPY_QUALITY)
            continue
        if media.page:
            yield target, encode(decode(media), "image/png")
            continue
        with reading(media.name), media.open() as file:
            yield target, file.read()


_UPRIGHT = ("image/jpeg", "image/png", "image/webp")
"""Formats in which a copy is saved upright."""

_COPY_QUALITY = 95


def is_turned(document: Document) -> bool:
    """Say whether a picture is stored turned or mirrored, so that its EXIF orientation is needed to see it upright."""
    return document.media.orientation is not Orientation.NORMAL


def _checked(files: Iterable[_Planned], sources: Collection[Path]) -> Iterator[_Planned]:
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


def _made(kind: Format, dataset: Dataset, renderer: Renderer | None, options: ExportOptions) -> Iterator[OutFile]:
    """Give the format's files, the main one first."""
    if kind.is_drawn:
        yield _drawn(kind, dataset[0], renderer)
        return
    try:
        yield from kind.made(dataset, options)
    except ValueError as error:
        raise ExportError(f"{dataset[0].document.media.name}: {error}.") from error


def _drawn(kind: Format, picture: LabelledPicture, renderer: Renderer | None) -> OutFile:
    if renderer is None:
        raise ExportError("Annotated pictures need the part of QwVis that draws, which was not given here.")
    return OutFile("", renderer.render(picture.document, kind.mime))
