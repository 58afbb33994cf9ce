from __future__ import annotations

from field_documents import RECEIPT, field_document
from page_documents import page_document_of

from qwvis_desktop.core.dataset import dataset_of
from qwvis_desktop.core.field_sheet import as_json, field_sheet, fields_on, losses, placed_fields
from qwvis_desktop.core.label_file import sentences


def test_pages_are_rows_and_fields_are_columns() -> None:
    documents = [
        field_document({"a": 1, "b": {"c": "x"}}, name="1.png"),
        page_document_of('<p data-bbox="1 1 9 9">none</p>'),
        field_document({"d": "=1", "a": 2}, name="3.png", a="3"),
    ]
    sheet = field_sheet(dataset_of(documents))
    assert sheet.head == ("file", "a", "b.c", "d")
    assert list(sheet.lines()) == [["1.png", "1", "x", ""], ["page.png", "", "", ""], ["3.png", "3", "", "=1"]]


def test_values_have_their_places() -> None:
    placed = {each.field.path: len(each.boxes) for each in placed_fields(field_document())}
    assert placed == {"shop": 1, "total": 2, "paid": 0, "items[0].name": 1, "items[0].price": 1, "items[1].name": 0}


def test_json_is_as_it_was_asked_for() -> None:
    (picture,) = dataset_of([field_document(total="13.5", shop="Ada's")])
    told = as_json(picture)
    assert told["fields"] == {**RECEIPT, "total": 13.5, "shop": "Ada's"}
    assert told["model_fields"] == RECEIPT
    places = told["places"]
    assert isinstance(places, dict)
    assert set(places) == {"items[0].name", "items[0].price"}
    (picture,) = dataset_of([field_document({"a": "x"}, ())])
    assert as_json(picture) == {"file": "receipt.png", "fields": {"a": "x"}}


def test_what_tables_have_no_room_for_is_said() -> None:
    document = field_document(shop="Other")
    assert [each.is_corrected for each in fields_on(document)] == [True, *[False] * 5]
    said = " ".join(sentences(losses(document)))
    assert "4 lines of text" in said
    assert "where 3 values stand" in said
    assert "what the model gave for 1 field" in said
