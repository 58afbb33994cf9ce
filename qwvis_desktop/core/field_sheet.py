"""The fields of many pages as one table: a row for each page, a column for each field; and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qwvis_desktop.core.annotation import JsonValue, LayoutBlock, TextRegion
from qwvis_desktop.core.annotation_json import box_to_json
from qwvis_desktop.core.dataset import Dataset, LabelledPicture
from qwvis_desktop.core.document import Document, Run
from qwvis_desktop.core.field_places import PageText
from qwvis_desktop.core.field_table import Field, corrected_value, read_fields, read_value
from qwvis_desktop.core.geometry import Box
from qwvis_desktop.core.label_file import Losses
from qwvis_desktop.core.text.flow import texts_of

FILE = "file"
"""The name of the first column."""


@dataclass(frozen=True, slots=True)
class FieldSheet:
    """A row for each page.

    Attributes:
        paths: the fields of all pages, in the order in which they first came.
        rows: name of the picture and its values by path.
    """

    paths: tuple[str, ...]
    rows: tuple[tuple[str, dict[str, str]], ...]

    @property
    def head(self) -> tuple[str, ...]:
        """The names of the columns."""
        return FILE, *self.paths

    def lines(self) -> Iterator[list[str]]:
        """Give the rows as texts under ``head``; a page without a field has an empty cell."""
        for name, values in self.rows:
            yield [name, *(values.get(path, "") for path in self.paths)]


def fields_run(document: Document) -> Run | None:
    """Return the latest run of a document that filled fields; None where there is none."""
    return next((run for run in reversed(tuple(document.runs.values())) if read_fields(run)), None)


def fields_on(document: Document) -> tuple[Field, ...]:
    """Return the fields that were filled last from a document."""
    run = fields_run(document)
    return read_fields(run) if run is not None else ()


def field_sheet(dataset: Dataset) -> FieldSheet:
    """Return the fields of all pictures as a table."""
    rows = tuple((picture.name, {each.path: each.value for each in fields_on(picture.document)}) for picture in dataset)
    paths = dict.fromkeys(path for _, values in rows for path in values)
    return FieldSheet(tuple(paths), rows)


@dataclass(frozen=True, slots=True)
class PlacedField:
    """A field of a page and the boxes round each place where its value stands, in pixels."""

    field: Field
    boxes: tuple[tuple[Box, ...], ...]


def placed_fields(document: Document) -> tuple[PlacedField, ...]:
    """Return the fields of a page, each with the places where the text that was read there says the same."""
    fields = fields_on(document)
    page = PageText(texts_of(document.annotations.values())) if fields else PageText(())
    found = []
    for each in fields:
        places = page.places_of(each.value)
        found.append(PlacedField(each, tuple(tuple(line.bounds for line in page.outlines(place)) for place in places)))
    return tuple(found)


def as_json(picture: LabelledPicture) -> dict[str, JsonValue]:
    """Return the fields of a page as they were asked for, what the model gave where that was corrected, and places."""
    run = fields_run(picture.document)
    told: dict[str, JsonValue] = {FILE: picture.name, "fields": corrected_value(run) if run is not None else None}
    if run is not None and run.corrections:
        told["model_fields"] = read_value(run)
    places: dict[str, JsonValue] = {}
    for placed in placed_fields(picture.document):
        if placed.boxes:
            places[placed.field.path] = [[box_to_json(box) for box in lines] for lines in placed.boxes]
    return {**told, "places": places} if places else told


_KINDS = ("detection", "keypoint", "cuboid", "event")


def losses(document: Document, *, places: bool = False, model: bool = False) -> Losses:
    """Count what of ``document`` no table of fields has room for: how many, and the words for one and for many.

    Args:
        document: the picture with its runs.
        places: whether it has where values stand.
        model: whether it has what the model gave where that was corrected.
    """
    annotations = document.annotations.values()
    others = sum(annotation.kind in _KINDS for annotation in annotations)
    blocks = sum(isinstance(annotation, LayoutBlock) for annotation in annotations)
    lines = sum(isinstance(annotation, TextRegion) for annotation in annotations)
    fields = fields_on(document)
    run = fields_run(document)
    answers = sum(bool(each.text) for each in document.runs.values() if each is not run)
    placed = 0 if places else sum(bool(each.boxes) for each in placed_fields(document))
    corrected = 0 if model else sum(each.is_corrected for each in fields)
    return (
        (others, "1 object on the picture", "{} objects on the picture"),
        (blocks, "1 block of a page", "{} blocks of pages"),
        (lines, "1 line of text", "{} lines of text"),
        (placed, "where 1 value stands", "where {} values stand"),
        (corrected, "what the model gave for 1 field", "what the model gave for {} fields"),
        (answers, "the answer in words", "{} answers in words"),
    )


def cells(sheet: FieldSheet, most: int) -> tuple[Sequence[str], Iterator[list[str]]]:
    """Return head and rows with at most so many columns."""
    return sheet.head[:most], (line[:most] for line in sheet.lines())
