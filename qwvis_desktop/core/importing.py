"""The table of what can be read in: files of labels in others' formats, and replies; and reading one for a document.

The format is recognised by the content and not by the name. Nothing is changed here: what was read is handed back, fit
to be added to the document it was read for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path, PurePath

from qwvis_desktop.core.annotation import Annotation, ReplyStatus, new_id
from qwvis_desktop.core.camera import CameraIntrinsics
from qwvis_desktop.core.comparison import read_run
from qwvis_desktop.core.coordinates import CoordinateSpace, Frame
from qwvis_desktop.core.dataset import PictureLabels, clipped, scaled
from qwvis_desktop.core.document import Document, Run
from qwvis_desktop.core.formats import coco, jsonl, kitti, labelcloud, omni3d
from qwvis_desktop.core.formats.reply import ReplyFileError, is_kept_reply, load_kept
from qwvis_desktop.core.label_file import LabelFileError, Labels
from qwvis_desktop.core.tasks import TASKS

MOST_BYTES = 500_000_000
"""Files larger than this are refused unread; the largest data set of labels in one file takes about half."""

_SAME_SHAPE = 0.01
"""How much the ratio of a picture's sides may differ for it still to be the same picture, made smaller or larger."""

__all__ = [
    "IMPORTS",
    "ImportFormat",
    "Imported",
    "LabelFileError",
    "LabelledSet",
    "read_annotations",
    "read_labels",
    "read_set",
    "recognised",
]


@dataclass(frozen=True, slots=True)
class Imported:
    """What was read for a document.

    Attributes:
        format_id: key of ``IMPORTS``.
        annotations: with ids that the document does not have yet.
        camera: the one the file tells, in pixels of the upright original; None where it tells none.
        camera_source: where that is known from: the file's name, or that it was pasted.
        left_out: a sentence each on what could not be read.
        run: of a reply, to be kept with the document; the annotations say that they are of it.
    """

    format_id: str
    annotations: tuple[Annotation, ...]
    camera: CameraIntrinsics | None
    camera_source: str
    left_out: tuple[str, ...]
    run: Run | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """A text that is to be read, and the file it is of; None where it was pasted."""

    text: str
    path: Path | None = None

    def beside(self, *names: str) -> str | None:
        """Return the text of the first of these files that is there, paths from the file's own folder."""
        if self.path is None:
            return None
        places = (self.path.parent / name for name in names)
        found = next((place for place in places if place.is_file() and place.resolve() != self.path.resolve()), None)
        return None if found is None else _text_of(found)


@dataclass(frozen=True, slots=True)
class ImportFormat:
    """A kind of file that can be read.

    Attributes:
        id: its name on the command line.
        title: its name for people (translated where it is shown).
        suffixes: what its files' names may end in, for dialogs.
        recognises: says whether a text is one.
        read: gives labels for a document, and the run where the text is a reply.
        pictures: gives what is said of each picture, where the format names pictures.
    """

    id: str
    title: str
    suffixes: tuple[str, ...]
    recognises: Callable[[str], bool]
    read: Callable[[Source, Document], tuple[Labels, Run | None]]
    pictures: Callable[[Source], tuple[PictureLabels, ...]] | None = None


def _labels(load: Callable[[str, Document], Labels]) -> Callable[[Source, Document], tuple[Labels, Run | None]]:
    return lambda source, document: (load(source.text, document), None)


def _set(
    format_id: str,
    title: str,
    suffixes: tuple[str, ...],
    recognises: Callable[[str], bool],
    pictures: Callable[[Source], tuple[PictureLabels, ...]],
) -> ImportFormat:
    """Return a format that names the pictures its labels are of."""

    def read(source: Source, document: Document) -> tuple[Labels, Run | None]:
        found = pictures(source)
        return (labels_of(picture_of(found, document, title), document), None) if found else (Labels(()), None)

    return ImportFormat(format_id, title, suffixes, recognises, read, pictures)


def picture_of(pictures: Sequence[PictureLabels], document: Document, title: str) -> PictureLabels:
    """Return the entry of the document's picture: the only one, or the one of its name.

    Raises:
        LabelFileError: there are several, and none or more than one of its name.
    """
    if len(pictures) == 1:
        return pictures[0]
    named = [picture for picture in pictures if is_named(picture, document)]
    if len(named) > 1:
        named = [picture for picture in named if picture.size == document.size]
    if len(named) == 1:
        return named[0]
    found = "none of them is" if not named else f"{len(named)} of them are"
    raise LabelFileError(
        f'This {title} file is of {len(pictures)} pictures, and {found} called "{document.media.name}". '
        "Open the picture it is of, or choose a file of one picture."
    )


def is_named(picture: PictureLabels, document: Document) -> bool:
    """Say whether a picture in a file has the name of the document's; one without ending, as YOLO has it, too."""
    ours = PurePath(document.media.name)
    return picture.file_name.casefold() in (ours.name.casefold(), ours.stem.casefold())


def labels_of(picture: PictureLabels, document: Document) -> Labels:
    """Return what a file says of a picture, in pixels of the document's.

    Where the file is of another size of the same shape, places are scaled. Boxes are clipped to the picture.

    Raises:
        LabelFileError: the picture has another shape.
    """
    size = document.size
    if picture.size is None:
        return clipped(picture.read(size), size)
    across, down = size.width / picture.size.width, size.height / picture.size.height
    if abs(across / down - 1) > _SAME_SHAPE:
        raise LabelFileError(
            f"It is about a picture of {picture.size.width} x {picture.size.height} pixels, and the one that is open "
            f'has {size.width} x {size.height}. Open the picture "{picture.file_name}".'
        )
    return clipped(scaled(picture.read(picture.size), across, down), size)


def _kitti(source: Source, document: Document) -> tuple[Labels, Run | None]:
    """Read labels with the file of the camera, which lies beside them or, as in the data set, in ``calib``."""
    camera = None
    if source.path is not None:
        camera = source.beside(f"{source.path.stem}.calib.txt", f"../calib/{source.path.name}")
    return kitti.load(source.text, document, camera), None


def _kept_reply(source: Source, document: Document) -> tuple[Labels, Run | None]:
    try:
        kept = load_kept(source.text)
    except ReplyFileError as error:
        raise LabelFileError(str(error)) from error
    if kept.run.task not in TASKS:
        raise LabelFileError(f'This reply is to a task that is not known here ("{kept.run.task}"). Update QwVis.')
    size = document.size
    if kept.size != size:
        raise LabelFileError(
            f"This reply is about a picture of {kept.size.width} x {kept.size.height} pixels, and the one that is open "
            f'has {size.width} x {size.height}. Open the picture "{kept.picture}".'
        )
    return _run_labels(kept.run, document)


def _bare_reply(source: Source, document: Document) -> tuple[Labels, Run | None]:
    """Read text as the reply of a current model that was asked for boxes in space about the whole picture."""
    size = document.size
    run = Run(
        started=datetime.now(UTC),
        provider="reply",
        model="",
        family="",
        task="cuboid",
        prompt="",
        frame=Frame.whole(size, size),
        space=CoordinateSpace.RELATIVE_1000,
        reply=source.text,
        finish_reason="stop",
    )
    labels, run_read = _run_labels(run, document)
    if not labels.annotations:
        raise LabelFileError(
            f"There is nothing in it that can be drawn: it is no file of {_listed()}, and no reply with boxes."
        )
    return labels, run_read


def _run_labels(run: Run, document: Document) -> tuple[Labels, Run]:
    parsed = read_run(run, document.size)
    run = replace(run, status=parsed.status, text=parsed.text, issues=parsed.issues)
    partial = parsed.status is ReplyStatus.PARTIAL
    return Labels(parsed.annotations, None, tuple(issue.message for issue in parsed.issues) if partial else ()), run


def _coco_results(source: Source) -> tuple[PictureLabels, ...]:
    names = () if source.path is None else (f"{source.path.stem}.images.json",)
    return coco.pictures_of_results(source.text, source.beside(*names) if names else None)


_JSON, _TEXT = (".json",), (".txt",)

IMPORTS: dict[str, ImportFormat] = {
    kind.id: kind
    for kind in (
        ImportFormat("omni3d", "Omni3D JSON", _JSON, omni3d.is_omni3d, _labels(omni3d.load)),
        ImportFormat("kitti", "KITTI labels", _TEXT, kitti.is_labels, _kitti),
        ImportFormat("labelcloud", "labelCloud JSON", _JSON, labelcloud.is_labelcloud, _labels(labelcloud.load)),
        _set("jsonl", "JSON lines", (".jsonl",), jsonl.is_lines, lambda source: jsonl.pictures(source.text)),
        _set("coco", "COCO JSON", _JSON, coco.is_coco, lambda source: coco.pictures(source.text)),
        _set("coco-results", "COCO results", _JSON, coco.is_results, _coco_results),
        ImportFormat("reply", "Raw reply (JSON)", _JSON, is_kept_reply, _kept_reply),
        ImportFormat("text", "Reply of a model", (*_TEXT, *_JSON), lambda text: bool(text.strip()), _bare_reply),
    )
}
"""All formats by id, in the order in which they are tried; the last takes any text."""


def _listed() -> str:
    titles = [kind.title for kind in IMPORTS.values()][:-1]
    return f"{', '.join(titles[:-1])} or {titles[-1]}"


def recognised(text: str) -> ImportFormat | None:
    """Return what ``text`` is, by its content; None where it is empty."""
    return next((kind for kind in IMPORTS.values() if kind.recognises(text)), None)


def read_annotations(path: Path, document: Document, format_id: str = "") -> Imported:
    """Read a file of labels, or a reply, for the picture of ``document``, which stays as it is.

    Args:
        path: the file.
        document: the picture the labels are of; angles are given in its convention.
        format_id: key of ``IMPORTS``; empty to recognise it.

    Raises:
        LabelFileError: it cannot be read, is none of the formats, or of another picture. The text begins with the
            file's name.
    """
    try:
        return _read(Source(_text_of(path), path), document, format_id)
    except LabelFileError as error:
        raise LabelFileError(f'"{path.name}": {error}') from error


def read_labels(text: str, document: Document, format_id: str = "") -> Imported:
    """Read text that was pasted, as ``read_annotations`` does with a file.

    Raises:
        LabelFileError: it is none of the formats, or of another picture.
    """
    return _read(Source(text), document, format_id)


@dataclass(frozen=True, slots=True)
class LabelledSet:
    """A file that names the pictures its labels are of.

    Attributes:
        format_id: key of ``IMPORTS``.
        source: what was read.
        pictures: in the order of the file.
    """

    format_id: str
    source: Source
    pictures: tuple[PictureLabels, ...]

    def picture_of(self, document: Document) -> PictureLabels | None:
        """Return the entry with the name of the document's picture; None where there is none, or more than one."""
        named = [picture for picture in self.pictures if is_named(picture, document)]
        return named[0] if len(named) == 1 else None

    def read(self, picture: PictureLabels, document: Document) -> Imported:
        """Read what is said of a picture for its document, which stays as it is.

        Raises:
            LabelFileError: it cannot be read, or is of another picture.
        """
        return _imported(self.format_id, self.source, document, labels_of(picture, document))


def read_set(path: Path) -> LabelledSet | None:
    """Read a file that names its pictures; None where it is of a format that names none.

    Raises:
        LabelFileError: it cannot be read, or is damaged. The text begins with the file's name.
    """
    try:
        source = Source(_text_of(path), path)
        kind = recognised(source.text)
        return None if kind is None or kind.pictures is None else LabelledSet(kind.id, source, kind.pictures(source))
    except LabelFileError as error:
        raise LabelFileError(f'"{path.name}": {error}') from error


def _text_of(path: Path) -> str:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise LabelFileError(f"It is larger than {MOST_BYTES // 10**6} MB, so it was not read. Take a part of it.")
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise LabelFileError("It is no text, so it is no file of labels. Choose another file.") from error
    except OSError as error:
        raise LabelFileError(f"It could not be read: {error.strerror or error}.") from error


def _read(source: Source, document: Document, format_id: str) -> Imported:
    kind = _kind(source, format_id)
    labels, run = kind.read(source, document)
    return _imported(kind.id, source, document, labels, run)


def _kind(source: Source, format_id: str = "") -> ImportFormat:
    kind = IMPORTS[format_id] if format_id else recognised(source.text)
    if kind is None:
        raise LabelFileError("It is empty. Choose another file.")
    return kind


def _imported(format_id: str, source: Source, document: Document, labels: Labels, run: Run | None = None) -> Imported:
    known = {*document.runs, *((run.id,) if run else ())}
    return Imported(
        format_id=format_id,
        annotations=tuple(_fitting(labels.annotations, document, known)),
        camera=labels.camera,
        camera_source=source.path.name if source.path else "pasted",
        left_out=labels.left_out,
        run=run,
    )


def _fitting(annotations: Iterable[Annotation], document: Document, runs: set[str]) -> Iterable[Annotation]:
    """Give the annotations with ids that are free, and without the places in replies that are not there."""
    taken = set(document.annotations)
    for annotation in annotations:
        found = annotation if annotation.id not in taken else replace(annotation, id=new_id())
        if found.provenance is not None and found.provenance.run not in runs:
            found = replace(found, provenance=None)
        taken.add(found.id)
        yield found
