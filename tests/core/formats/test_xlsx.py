from __future__ import annotations

import csv
import io
from dataclasses import replace
from typing import Any

from documents import rich_document
from openpyxl import load_workbook
from plane_documents import BLOCK, BOX, TEXT, plane_document

from qwvis_desktop.core.annotation import TextRegion
from qwvis_desktop.core.dataset import dataset_of
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.formats import csv_table, xlsx


def rows_of(*documents: Document) -> list[dict[str, Any]]:
    (sheet,) = load_workbook(io.BytesIO(xlsx.dump(dataset_of(documents))))
    head, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_holds_what_the_other_table_holds() -> None:
    ours = rows_of(rich_document())
    text = csv_table.dump(dataset_of([rich_document()])).decode("utf-8-sig")
    theirs = list(csv.DictReader(io.StringIO(text, newline="")))
    assert len(ours) == len(theirs)
    for row, other in zip(ours, theirs, strict=True):
        for column, cell in row.items():
            if isinstance(cell, str):
                assert cell.split() == other[column].removeprefix("'").split(), column
            else:
                assert cell == (float(other[column]) if other[column] else None), column


def test_text_comes_in_reading_order_with_what_the_model_had_read() -> None:
    document = rich_document()
    (run, *_) = document.runs.values()
    read = TextRegion(text="cot", polygon=TEXT.polygon)
    document.set_run(replace(run, as_read=(read,)))
    document.add([replace(read, text="cat")])
    (row,) = [row for row in rows_of(document) if row["text"] == "cat"]
    assert row["model_text"] == "cot"
    orders = [(row["kind"], row["order"]) for row in rows_of(plane_document(TEXT, BOX, BLOCK))]
    assert orders == [("text", 1), ("detection", None), ("block", 2)]


def test_several_pictures_stand_in_one_sheet() -> None:
    files = [row["file"] for row in rows_of(plane_document(BOX, name="a.jpg"), plane_document(TEXT, name="b.jpg"))]
    assert files == ["a.jpg", "b.jpg"]


def test_a_formula_is_text_and_a_long_text_is_said() -> None:
    document = plane_document(replace(TEXT, text="=1+1"), replace(TEXT, id="long", text="x" * 40_000))
    assert [row["text"][:4] for row in rows_of(document)] == ["=1+1", "xxxx"]
    assert xlsx.losses(document)[0][0] == 1
