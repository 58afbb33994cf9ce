"""The table of what can be read in: files of labels in others' formats, and replies; and reading one for a document.

The format is recognised by the content and not by the name. Nothing is changed here: what was read is handed back, fit
to be added to the document it was read for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from qwvis_desktop.core.annotation import Annotation, ReplyStatus, new_id
from qwvis_desktop.core.camera import CameraIntrinsics
from qwvis_desktop.core.comparison import read_run
from qwvis_desktop.core.coordinates import CoordinateSpace, Frame
from qwvis_desktop.core.document import Document, Run
from qwvis_desktop.core.formats import jsonl, kitti, labelcloud, omni3d
from qwvis_desktop.core.formats.reply import ReplyFileError, is_kept_reply, load_kept
from qwvis_desktop.core.label_file import LabelFileError, Labels
from qwvis_desktop.core.tasks import TASKS

MOST_BYTES = 500_000_000
"""Files larger than this are refused unread; the largest data set of labels in one file takes about half."""

__all__ = ["IMPORTS", "ImportFormat", "Imported", "LabelFileError", "read_annotations", "read_labels", "recognised"]


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
class _Source:
    """A text that is to be read: the file it is of, None where it was pasted, and the document it is for."""

    text: str
    document: Document
    path: Path | None = None


@dataclass(frozen=True, slots=True)
class ImportFormat:
    """A kind of file that can be read.

    Attributes:
        id: its name on the command line.
        title: its name for people (translated where it is shown).
        suffixes: what its files' names may end in, for dialogs.
        recognises: says whether a text is one.
        read: gives labels, and the run where the text is a reply.
    """

    id: str
    title: str
    suffixes: tuple[str, ...]
    recognises: Callable[[str], bool]
    read: Callable[[_Source], tuple[Labels, Run | None]]


def _labels(load: Callable[[str, Document], Labels]) -> Callable[[_Source], tuple[Labels, Run | None]]:
    return lambda source: (load(source.text, source.document), None)


def _kitti(source: _Source) -> tuple[Labels, Run | None]:
    """Read labels with the file of the camera, which lies beside them or, as in the data set, in ``calib``."""
    camera = None
    if source.path is not None:
        folder, name = source.path.parent, source.path.name
        places = (folder / f"{source.path.stem}.calib.txt", folder.parent / "calib" / name)
        found = next((place for place in places if place.is_file() and place.resolve() != source.path.resolve()), None)
        camera = None if found is None else _text_of(found)
    return kitti.load(source.text, source.document, camera), None


def _kept_reply(source: _Source) -> tuple[Labels, Run | None]:
    try:
        kept = load_kept(source.text)
    except ReplyFileError as error:
        raise LabelFileError(str(error)) from error
    if kept.run.task not in TASKS:
        raise LabelFileError(f'This reply is to a task that is not known here ("{kept.run.task}"). Update QwVis.')
    size = source.document.size
    if kept.size != size:
        raise LabelFileError(
            f"This reply is about a picture of {kept.size.width} x {kept.size.height} pixels, and the one that is open "
            f'has {size.width} x {size.height}. Open the picture "{kept.picture}".'
        )
    return _run_labels(kept.run, source.document)


def _bare_reply(source: _Source) -> tuple[Labels, Run | None]:
    """Read text as the reply of a current model that was asked for boxes in space about the whole picture."""
    size = source.document.size
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
    labels, run_read = _run_labels(run, source.document)
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


_JSON, _TEXT = (".json",), (".txt",)

IMPORTS: dict[str, ImportFormat] = {
    kind.id: kind
    for kind in (
        ImportFormat("omni3d", "Omni3D JSON", _JSON, omni3d.is_omni3d, _labels(omni3d.load)),
        ImportFormat("kitti", "KITTI labels", _TEXT, kitti.is_labels, _kitti),
        ImportFormat("labelcloud", "labelCloud JSON", _JSON, labelcloud.is_labelcloud, _labels(labelcloud.load)),
        ImportFormat("jsonl", "JSON lines", (".jsonl",), jsonl.is_lines, _labels(jsonl.load)),
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
        return _read(_Source(_text_of(path), document, path), format_id)
    except LabelFileError as error:
        raise LabelFileError(f'"{path.name}": {error}') from error


def read_labels(text: str, document: Document, format_id: str = "") -> Imported:
    """Read text that was pasted, as ``read_annotations`` does with a file.

    Raises:
        LabelFileError: it is none of the formats, or of another picture.
    """
    return _read(_Source(text, document), format_id)


def _text_of(path: Path) -> str:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise LabelFileError(f"It is larger than {MOST_BYTES // 10**6} MB, so it was not read. Take a part of it.")
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise LabelFileError("It is no text, so it is no file of labels. Choose another file.") from error
    except OSError as error:
        raise LabelFileError(f"It could not be read: {error.strerror or error}.") from error


def _read(source: _Source, format_id: str) -> Imported:
    kind = IMPORTS[format_id] if format_id else recognised(source.text)
    if kind is None:
        raise LabelFileError("It is empty. Choose another file.")
    labels, run = kind.read(source)
    known = {*source.document.runs, *((run.id,) if run else ())}
    return Imported(
        format_id=kind.id,
        annotations=tuple(_fitting(labels.annotations, source.document, known)),
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
