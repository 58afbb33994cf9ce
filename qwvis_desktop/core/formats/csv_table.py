"""CSV: one row for each annotation, to be opened in a spreadsheet or read by a program.

UTF-8 with a byte order mark, without which spreadsheets take it for another encoding (Python: ``utf-8-sig``); commas,
quotes as RFC 4180 has them, lines end with CR LF. A row never takes more than one line: line breaks and other control
characters inside a cell become spaces. A text that a spreadsheet would run as a formula gets an apostrophe in front;
numbers stay numbers. The columns are those of ``core.annotation_table``.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any

from qwvis_desktop.core.annotation import (
    Annotation,
    Detection,
    Keypoint,
    LayoutBlock,
    TextRegion,
    VideoEvent,
)
from qwvis_desktop.core.annotation_table import COLUMNS, Cell, row_of, rows_of
from qwvis_desktop.core.dataset import Dataset, PictureLabels
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.geometry import Box, Point, Polygon, Size
from qwvis_desktop.core.label_file import LabelFileError, Labels, number, read_each
from qwvis_desktop.core.plane.outlines import box_of
from qwvis_desktop.core.spreadsheet_text import CONTROL, as_it_was, harmless


def dump(dataset: Dataset) -> bytes:
    """Return the annotations as a table, UTF-8 with a byte order mark."""
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, COLUMNS)
    writer.writeheader()
    for picture in dataset:
        for row in rows_of(picture.document, picture.name):
            writer.writerow({column: _cell(value) for column, value in row.items()})
    return file.getvalue().encode("utf-8-sig")


def tab_separated(document: Document, annotations: Iterable[Annotation]) -> str:
    """Return a table of annotations to be pasted into a spreadsheet: tabs, and only columns that hold something."""
    rows = [row_of(annotation, document.convention) for annotation in annotations]
    used = [column for column in COLUMNS if any(row.get(column) not in (None, "") for row in rows)]
    lines: list[list[Cell]] = [[*used], *([_cell(row.get(column)) for column in used] for row in rows)]
    return "".join("\t".join("" if cell is None else str(cell) for cell in line) + "\n" for line in lines)


def _cell(value: Cell) -> Cell:
    return harmless(value) if isinstance(value, str) else value


def losses(document: Document) -> tuple[tuple[int, str, str], ...]:
    """Count what of ``document`` is left out: how many, and the words for one and for many."""
    broken = sum(
        any(isinstance(value, str) and CONTROL.search(value) is not None for value in row.values())
        for row in rows_of(document, document.media.file_name)
    )
    return ((broken, "line breaks inside 1 text", "line breaks inside {} texts"),)


def is_table(text: str) -> bool:
    """Say whether ``text`` is a table as this program writes it."""
    return text.lstrip("\ufeff").startswith("file,width,height,kind,label,")


def pictures(text: str) -> tuple[PictureLabels, ...]:
    """Return the pictures of a table with what is said of each.

    Raises:
        LabelFileError: it is none.
    """
    if not is_table(text):
        raise LabelFileError("This is no table of annotations as QwVis writes it. Choose another file.")
    of: dict[tuple[str, str, str], list[dict[str, str]]] = {}
    try:
        for row in csv.DictReader(io.StringIO(text.lstrip("\ufeff"), newline="")):
            of.setdefault((as_it_was(row["file"]), row["width"], row["height"]), []).append(row)
        return tuple(
            PictureLabels(name, Size(int(width), int(height)), partial(_labels, rows))
            for (name, width, height), rows in of.items()
        )
    except (AttributeError, KeyError, TypeError, ValueError, csv.Error) as error:
        raise LabelFileError(f"This table is damaged: {error!r}. Save it again, or copy it whole.") from error


def _labels(rows: list[dict[str, str]], _: Size) -> Labels:
    placed = [row for row in rows if row["kind"]]
    annotations, left_out = read_each(placed, _read)
    return Labels(annotations, None, left_out)


def _read(row: Mapping[str, str]) -> Annotation:
    reader = _READERS.get(row["kind"])
    if reader is None:
        raise ValueError(f"a {row['kind']!r:.40} cannot be read back from a table; Omni3D JSON can hold boxes in space")
    attributes = json.loads(as_it_was(row["attributes"])) if row["attributes"] else {}
    if not isinstance(attributes, dict):
        raise TypeError("attributes should be an object")
    shared: dict[str, Any] = {
        "label": as_it_was(row["label"]),
        "score": _float(row["score"], "score") if row["score"] else None,
        "attributes": attributes,
        "accepted": row.get("accepted") == "yes",
    }
    return reader(row, shared)


def _read_detection(row: Mapping[str, str], shared: dict[str, Any]) -> Annotation:
    time = _float(row["time"], "time") if row["time"] else None
    if row["points"]:
        outline = Polygon(_pairs(row["points"]))
        return Detection(box=outline.bounds, outline=outline, time=time, **shared)
    return Detection(box=_box(row), time=time, **shared)


def _read_keypoint(row: Mapping[str, str], shared: dict[str, Any]) -> Annotation:
    (point,) = _pairs(row["points"], least=1)
    return Keypoint(point=point, **shared)


def _read_text(row: Mapping[str, str], shared: dict[str, Any]) -> Annotation:
    return TextRegion(text=as_it_was(row["text"]), polygon=Polygon(_pairs(row["points"])), **shared)


def _read_block(row: Mapping[str, str], shared: dict[str, Any]) -> Annotation:
    return LayoutBlock(
        tag=as_it_was(row["tag"]), text=as_it_was(row["text"]), box=_box(row) if row["left"] else None, **shared
    )


def _read_event(row: Mapping[str, str], shared: dict[str, Any]) -> Annotation:
    return VideoEvent(start=_float(row["time"], "time"), end=_float(row["end"], "end"), **shared)


_READERS: Mapping[str, Callable[[Mapping[str, str], dict[str, Any]], Annotation]] = MappingProxyType(
    {
        "detection": _read_detection,
        "keypoint": _read_keypoint,
        "text": _read_text,
        "block": _read_block,
        "event": _read_event,
    }
)


def _float(cell: str, what: str) -> float:
    return number(float(cell), what)


def _box(row: Mapping[str, str]) -> Box:
    left, top, right, bottom = (_float(row[key], key) for key in ("left", "top", "right", "bottom"))
    return box_of(left, top, right, bottom)


def _pairs(cell: str, least: int = 3) -> tuple[Point, ...]:
    flat = [_float(value, "points") for value in cell.split()]
    if len(flat) % 2 or len(flat) < 2 * least:
        raise ValueError("points should be pairs of numbers")
    return tuple(Point(x, y) for x, y in zip(flat[::2], flat[1::2], strict=True))
