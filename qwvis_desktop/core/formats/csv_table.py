"""CSV: one row for each annotation, to be opened in a spreadsheet or read by a program.

UTF-8 with a byte order mark, without which spreadsheets take it for another encoding (Python: ``utf-8-sig``); commas,
quotes as RFC 4180 has them, lines end with CR LF. A row never takes more than one line: line breaks and other control
characters inside a cell become spaces. A text that a spreadsheet would run as a formula gets an apostrophe in front;
numbers stay numbers. A run that placed nothing still has one row, without a ``kind``, that tells its status.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterator
from typing import TypeAlias

from qwvis_desktop.core.annotation import (
    Annotation,
    Cuboid,
    Detection,
    Keypoint,
    LayoutBlock,
    TextRegion,
    VideoEvent,
    bounds_of,
)
from qwvis_desktop.core.annotation_json import json_text
from qwvis_desktop.core.camera import AngleConvention
from qwvis_desktop.core.dataset import Dataset
from qwvis_desktop.core.document import Document, Run
from qwvis_desktop.core.geometry import Polygon

Cell: TypeAlias = str | float | int | None

_SPACE = (
    *("center_x", "center_y", "center_z"),
    *("size_x", "size_y", "size_z"),
    *("angle_1", "angle_2", "angle_3"),
)
_TURNS = ("degrees_x", "degrees_y", "degrees_z")

COLUMNS = (
    *("file", "width", "height", "kind", "label", "text", "score"),
    *("left", "top", "right", "bottom", "points", "tag", "time", "end", *_SPACE, "convention", *_TURNS),
    *("attributes", "provider", "model", "run", "status", "issues"),
)
"""The names in the first row.

``angle_1`` to ``angle_3`` of a box in space are the numbers as the model gave them, ``degrees_x`` to ``degrees_z`` its
turns about the camera's axes (about x, then y, then z) as the ``convention`` has it.
"""

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]")
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_SURROGATE = re.compile("[\ud800-\udfff]")


def dump(dataset: Dataset) -> bytes:
    """Return the annotations as a table, UTF-8 with a byte order mark."""
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, COLUMNS)
    writer.writeheader()
    for picture in dataset:
        for row in _rows(picture.document, picture.name):
            writer.writerow({column: _cell(value) for column, value in row.items()})
    return file.getvalue().encode("utf-8-sig")


def _rows(document: Document, name: str) -> Iterator[dict[str, Cell]]:
    picture: dict[str, Cell] = {
        "file": name,
        "width": document.size.width,
        "height": document.size.height,
    }
    runs = {run.id: _of_run(run) for run in document.runs.values()}
    for annotation in document.annotations.values():
        origin = annotation.provenance
        yield picture | _of_annotation(annotation, document.convention) | (runs.get(origin.run, {}) if origin else {})
    for run in document.runs.values():
        if not document.annotations_of(run.id):
            yield picture | {"text": run.text} | runs[run.id]


def _of_run(run: Run) -> dict[str, Cell]:
    return {
        "provider": run.provider,
        "model": run.model,
        "run": run.id,
        "status": run.status,
        "issues": len(run.issues),
    }


def _of_annotation(annotation: Annotation, convention: AngleConvention) -> dict[str, Cell]:
    cells: dict[str, Cell] = {"kind": annotation.kind, "label": annotation.label, "score": annotation.score}
    box = bounds_of(annotation)
    if box is not None:
        cells |= {"left": box.left, "top": box.top, "right": box.right, "bottom": box.bottom}
    if annotation.attributes:
        cells["attributes"] = json_text(dict(annotation.attributes))
    return cells | _of_kind(annotation, convention)


def _of_kind(annotation: Annotation, convention: AngleConvention) -> dict[str, Cell]:
    match annotation:
        case Detection(time=time, outline=outline):
            return {"time": time, "points": None if outline is None else _points(outline)}
        case Keypoint(point=point):
            return {"points": f"{point.x} {point.y}"}
        case TextRegion(text=text, polygon=polygon):
            return {"text": text, "points": _points(polygon)}
        case LayoutBlock(text=text, tag=tag):
            return {"text": text, "tag": tag}
        case Cuboid(center=center, size=size, angles=angles):
            turns = map(math.degrees, convention.about_axes(angles))
            named = zip((*_SPACE, *_TURNS), (*center, *size, *angles, *turns), strict=True)
            return {"convention": convention.name, **dict(named)}
        case VideoEvent(start=start, end=end):
            return {"time": start, "end": end}


def _points(polygon: Polygon) -> str:
    return " ".join(f"{point.x} {point.y}" for point in polygon.points)


def _cell(value: Cell) -> Cell:
    if not isinstance(value, str):
        return value
    text = _SURROGATE.sub("\ufffd", _CONTROL.sub(" ", value))
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def losses(document: Document) -> tuple[tuple[int, str, str], ...]:
    """Count what of ``document`` is left out: how many, and the words for one and for many."""
    broken = sum(
        any(isinstance(value, str) and _CONTROL.search(value) is not None for value in row.values())
        for row in _rows(document, document.media.name)
    )
    return ((broken, "line breaks inside 1 text", "line breaks inside {} texts"),)
