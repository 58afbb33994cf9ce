"""The part of taking files in that knows the formats; it runs on a worker thread."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from qwvis_desktop.core.calibration import Calibration, CalibrationError, read_calibration
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.import_formats import IMPORTS, recognised
from qwvis_desktop.core.imported import ReadForOpen, ReplyText
from qwvis_desktop.core.importing import LabelFileError, read_annotations, read_labels, read_set
from qwvis_desktop.core.label_sets import read_for

__all__ = ["labels_in", "read_file", "read_labels"]

_LABELS = frozenset(IMPORTS) - {"reply", "text"}
"""Formats of ``core.importing`` that hold annotations alone; the others are replies, which are played as runs."""

_CAMERA_SUFFIXES = frozenset({".yaml", ".yml"})
"""Endings of files that can be nothing but a camera."""


def labels_in(text: str) -> str | None:
    """Return the id of the format of labels that a text is in; None where it holds none, or a reply."""
    kind = recognised(text)
    return kind.id if kind is not None and kind.id in _LABELS else None


def read_file(path: Path, documents: Mapping[str, Document], current: str | None) -> Iterator[object]:
    """Read a file for what it holds: labels for documents, a camera, or a reply.

    Args:
        path: the file.
        documents: the open ones by key; none is changed.
        current: key of the one that is looked at.

    Raises:
        LabelFileError, CalibrationError: it cannot be read; a sentence for people.
    """
    try:
        text = path.read_text(encoding="utf-8-sig", errors="replace")
    except OSError as error:
        raise LabelFileError(f'"{path.name}" could not be read: {error.strerror or error}.') from error
    if not text.strip():
        sentence = QCoreApplication.translate("ImportController", '"{name}" is empty. Choose another file.')
        raise LabelFileError(sentence.replace("{name}", path.name))
    kind = recognised(text)
    found = read_set(path) if kind is not None and kind.pictures is not None else None
    if found is not None and found.pictures:
        yield from read_for(found, documents, current)
        return
    if current is None:
        sentence = QCoreApplication.translate(
            "ImportController", 'Open the picture first that "{name}" is about, then drop the file again.'
        )
        raise LabelFileError(sentence.replace("{name}", path.name))
    yield _for_current(path, text, documents[current], current)


def _for_current(path: Path, text: str, document: Document, key: str) -> ReadForOpen | Calibration | ReplyText:
    """Read a file that does not name its picture."""
    kind = recognised(text)
    if kind is not None and kind.id in _LABELS:
        return ReadForOpen(key, read_annotations(path, document, kind.id))
    if path.suffix.lower() in _CAMERA_SUFFIXES:
        return read_calibration(path, document.size, document.media.name)
    if kind is None or kind.id == "text":
        try:
            return read_calibration(text, document.size, document.media.name)
        except CalibrationError:
            if path.name == "cameras.txt" or "calib" in path.name.lower():
                raise
    return ReplyText(text)
