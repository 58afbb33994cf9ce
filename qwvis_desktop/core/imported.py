"""What was read of files for documents, whatever the format; the readers themselves are not needed to show it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from qwvis_desktop.core.annotation import Annotation
from qwvis_desktop.core.camera import CameraIntrinsics
from qwvis_desktop.core.document import Document, Run


@dataclass(frozen=True, slots=True)
class Imported:
    """What was read for a document.

    Attributes:
        format_id: key of ``core.import_formats.IMPORTS``.
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
class ReadForOpen:
    """Labels for a document that is open, by its key."""

    key: str
    imported: Imported


@dataclass(frozen=True, slots=True)
class ReadForFile:
    """Labels for a picture that was found on the disk, which is now the document's."""

    path: Path
    document: Document
    imported: Imported


@dataclass(frozen=True, slots=True)
class NotRead:
    """Why the labels of a picture were not read, in a sentence."""

    sentence: str


Read = ReadForOpen | ReadForFile | NotRead


@dataclass(frozen=True, slots=True)
class ReplyText:
    """The text of a file that holds a reply."""

    text: str
