"""Reading files of labels and replies for documents.

Nothing is changed here: what was read is handed back, fit to be added to the document it was read for.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from qwvis_desktop.core.annotation import Annotation, new_id
from qwvis_desktop.core.cues import within
from qwvis_desktop.core.dataset import PictureLabels
from qwvis_desktop.core.document import Document, Run
from qwvis_desktop.core.import_format import ImportFormat, Source, is_named, labels_of, text_of
from qwvis_desktop.core.import_formats import IMPORTS, recognised
from qwvis_desktop.core.imported import Imported
from qwvis_desktop.core.label_file import LabelFileError, Labels
from qwvis_desktop.core.media.video import VideoMedia

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
        return _read(Source(text_of(path), path), document, format_id)
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
        source = Source(text_of(path), path)
        kind = recognised(source.text)
        return None if kind is None or kind.pictures is None else LabelledSet(kind.id, source, kind.pictures(source))
    except LabelFileError as error:
        raise LabelFileError(f'"{path.name}": {error}') from error


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
    if isinstance(document.media, VideoMedia):
        labels = within(labels, document.media.duration)
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
