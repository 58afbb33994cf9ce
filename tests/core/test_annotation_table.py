from __future__ import annotations

from dataclasses import replace

from documents import rich_document
from plane_documents import BLOCK, BOX, TEXT, plane_document

from qwvis_desktop.core.annotation import TextRegion
from qwvis_desktop.core.annotation_table import COLUMNS, reading_of, rows_of


def test_every_cell_has_a_column_and_every_column_a_name_of_its_own() -> None:
    assert len(set(COLUMNS)) == len(COLUMNS)
    rows = list(rows_of(rich_document(), "a.jpg"))
    assert {column for row in rows for column in row} <= set(COLUMNS)
    assert {row["file"] for row in rows} == {"a.jpg"}


def test_text_and_blocks_are_counted_in_their_order_and_nothing_else() -> None:
    assert reading_of(plane_document(TEXT, BOX, BLOCK)) == {"text": {"order": 1}, "block": {"order": 2}}


def test_what_the_model_had_read_is_told_where_a_person_changed_it() -> None:
    document = rich_document()
    (run, *_) = document.runs.values()
    changed, same = TextRegion(text="cot", polygon=TEXT.polygon), TextRegion(text="dog", polygon=TEXT.polygon)
    document.set_run(replace(run, as_read=(changed, same)))
    document.add([replace(changed, text="cat"), same])
    reading = reading_of(document)
    assert reading[changed.id]["model_text"] == "cot"
    assert "model_text" not in reading[same.id]


def test_what_a_person_found_right_is_told() -> None:
    document = plane_document(BOX, TEXT)
    document.replace([replace(BOX, accepted=True)])
    assert [row.get("accepted") for row in rows_of(document, "a.jpg")] == ["yes", None]
