"""JSON lines: one annotation a line, as the command line prints it (``core.annotation_json``).

Text and blocks have their place in the order of reading, ``order``, and where a person corrected what a model had read,
that as ``model_text``.

Boxes in space are projected with the document's camera, their angles taken in its convention; both stand in the numbers
that follow from them (``projected_bounds``, ``edges``) and not by themselves.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from qwvis_desktop.core.annotation import Annotation, Cuboid, JsonValue, bounds_of
from qwvis_desktop.core.annotation_json import annotation_from_json, annotation_to_json, json_text
from qwvis_desktop.core.annotation_table import reading_of
from qwvis_desktop.core.dataset import Dataset, LabelledPicture, PictureLabels
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.geometry import Box, Size
from qwvis_desktop.core.label_file import LabelFileError, Labels, Losses, lengths, read_each, vector


def dump(dataset: Dataset) -> bytes:
    """Return the annotations, a line each with the name of its picture, UTF-8."""
    return "".join(f"{json_text(value)}\n" for picture in dataset for value in _lines(picture)).encode()


def _lines(picture: LabelledPicture) -> Iterator[dict[str, JsonValue]]:
    document = picture.document
    reading = reading_of(document)
    for annotation in document.annotations.values():
        told = annotation_to_json(annotation, document.camera, document.convention)
        yield {"file": picture.name, **told, **reading.get(annotation.id, {})}


def losses(document: Document) -> Losses:
    """Count what of ``document`` is left out: how many, and the words for one and for many."""
    spatial = any(annotation.kind == "cuboid" for annotation in document.annotations.values())
    return (
        (int(spatial), "the camera and what the angles of boxes in space mean", ""),
        (len(document.runs), "what is known of 1 request", "what is known of {} requests"),
    )


def is_lines(text: str) -> bool:
    """Say whether the first line of ``text`` is an annotation as QwVis prints it."""
    first = next((line for line in text.lstrip("\ufeff").split("\n") if line.strip()), "").strip()
    return first.startswith("{") and first.endswith("}") and '"kind"' in first and '"span"' in first


def pictures(text: str) -> tuple[PictureLabels, ...]:
    """Return what the lines say of each picture; lines that name none are of one without a name.

    Where in a reply something was read is not taken over, as the reply is not in the file.

    Raises:
        LabelFileError: this is no such file.
    """
    lines = [line for line in text.lstrip("\ufeff").split("\n") if line.strip()]
    if lines and not is_lines(lines[0]):
        raise LabelFileError("This is no file of annotations as QwVis writes them, one a line. Choose another file.")
    of: dict[str, list[str]] = {}
    name = ""
    for line in lines:
        name = _name_in(line, name)
        of.setdefault(name, []).append(line)
    return tuple(PictureLabels(name, None, partial(_labels, mine)) for name, mine in of.items())


def _name_in(line: str, before: str) -> str:
    """Return the picture that a line names; of one that cannot be read, that of the line before."""
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return before  # said when it is read
    name = value.get("file", "") if isinstance(value, dict) else before
    return name if isinstance(name, str) else before


def _labels(lines: list[str], size: Size) -> Labels:
    annotations, left_out = read_each(lines, lambda line: _read(line, Box.whole(size)))
    return Labels(annotations, None, left_out)


def _read(line: str, picture: Box) -> Annotation:
    try:
        value = json.loads(line)
    except RecursionError as error:
        raise ValueError("it is not JSON") from error
    if not isinstance(value, dict):
        raise TypeError("it is no object")
    annotation = replace(annotation_from_json(value), provenance=None)
    if isinstance(annotation, Cuboid):
        lengths(annotation.size, "size")
        vector(annotation.center, "center")
        vector(annotation.angles, "angles")
    bounds = bounds_of(annotation)
    if bounds is not None and not (
        picture.left <= bounds.left <= bounds.right <= picture.right
        and picture.top <= bounds.top <= bounds.bottom <= picture.bottom
    ):
        raise ValueError("it lies outside the picture")
    return annotation
