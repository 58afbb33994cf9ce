"""Annotations as rows of a table, one for each; what CSV and XLSX have in common.

A run that placed nothing still has one row, without a ``kind``, that tells its status; one that extracted fields has
one for each, with the key as ``label`` and the value as ``text``.
"""

from __future__ import annotations

import math
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
from qwvis_desktop.core.document import Document, Run
from qwvis_desktop.core.field_table import read_fields
from qwvis_desktop.core.geometry import Polygon
from qwvis_desktop.core.plane.outlines import text_of

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
    *("page", "order", "model_text", "accepted"),
)
"""The names in the first row.

``page`` is the number of a page in its document, empty for other pictures. ``order`` counts text and blocks from 1 in
their order, ``model_text`` is what the model had read there before a person corrected it; empty where it stands as it
was read. ``accepted`` is "yes" where a person looked at what a model gave and found it right.
"""


def rows_of(document: Document, name: str) -> Iterator[dict[str, Cell]]:
    """Give the rows of a picture that is called ``name``; cells that are not named are empty."""
    picture: dict[str, Cell] = {
        "file": name,
        "width": document.size.width,
        "height": document.size.height,
        "page": document.media.page or None,
    }
    runs = {run.id: _of_run(run) for run in document.runs.values()}
    reading = reading_of(document)
    for annotation in document.annotations.values():
        origin = annotation.provenance
        told = runs.get(origin.run, {}) if origin else {}
        yield picture | row_of(annotation, document.convention) | told | reading.get(annotation.id, {})
    for run in document.runs.values():
        if not document.annotations_of(run.id):
            yield from (picture | cells | runs[run.id] for cells in _words_of(run))


def reading_of(document: Document) -> dict[str, dict[str, Cell]]:
    """Return for each text and block, by id, its ``order`` and the ``model_text`` where a person changed that."""
    read = {before.id: text_of(before) for run in document.runs.values() for before in run.as_read}
    texts = [each for each in document.annotations.values() if isinstance(each, TextRegion | LayoutBlock)]
    found: dict[str, dict[str, Cell]] = {}
    for number, text in enumerate(texts, start=1):
        before, now = read.get(text.id), text_of(text)
        found[text.id] = {"order": number} if before in (None, now) else {"order": number, "model_text": before or ""}
    return found


def _words_of(run: Run) -> Iterator[dict[str, Cell]]:
    """Give the cells of each field that a run filled; of its answer in words where it filled none."""
    fields = read_fields(run)
    for each in fields:
        corrected: dict[str, Cell] = {"model_text": each.read} if each.is_corrected else {}
        yield {"label": each.path, "text": each.value, **corrected}
    if not fields:
        yield {"label": None, "text": run.text}


def _of_run(run: Run) -> dict[str, Cell]:
    return {
        "provider": run.provider,
        "model": run.model,
        "run": run.id,
        "status": run.status,
        "issues": len(run.issues),
    }


def row_of(annotation: Annotation, convention: AngleConvention) -> dict[str, Cell]:
    """Return the cells that tell of an annotation by itself."""
    cells: dict[str, Cell] = {"kind": annotation.kind, "label": annotation.label, "score": annotation.score}
    box = bounds_of(annotation)
    if box is not None:
        cells |= {"left": box.left, "top": box.top, "right": box.right, "bottom": box.bottom}
    if annotation.accepted:
        cells["accepted"] = "yes"
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
