"""Fields through the real export, read back by other programs' readers."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from field_documents import RECEIPT, field_document
from openpyxl import load_workbook

from qwvis_desktop.core.export import export
from qwvis_desktop.core.field_formats import FIELD_FORMATS


def test_csv(tmp_path: Path) -> None:
    done = export([field_document(), field_document(name="b.png", shop="@x")], "fields-csv", tmp_path / "all.csv")
    rows = list(csv.reader(io.StringIO((tmp_path / "all.csv").read_text("utf-8-sig"), newline="")))
    assert rows[0] == ["file", "shop", "total", "paid", "items[0].name", "items[0].price", "items[1].name"]
    assert rows[1] == ["receipt.png", "Café Ada", "12.5", "true", "Tea", "4,00", "'=1+1"]
    assert rows[2][:2] == ["b.png", "'@x"]
    assert "what the model gave for 1 field" in " ".join(done.left_out)


def test_xlsx(tmp_path: Path) -> None:
    export([field_document(shop="Other"), field_document(name="b.png")], "fields-xlsx", tmp_path / "all.xlsx")
    book = load_workbook(tmp_path / "all.xlsx")
    pages, values = book["Pages"], book["Values"]
    assert [cell.value for cell in pages[2]] == ["receipt.png", "Other", "12.5", "true", "Tea", "4,00", "=1+1"]
    assert pages["G2"].data_type == "s"
    found = {(row[0], row[1]): row[2:] for row in values.iter_rows(min_row=2, values_only=True)}
    assert found["receipt.png", "shop"] == ("Other", "Café Ada", 0, None, None, None, None)
    assert found["receipt.png", "total"][2] == 2
    value, corrected, count, left, top, right, bottom = found["b.png", "items[0].price"]
    assert (value, corrected, count, top, bottom) == ("4,00", None, 1, 150, 190)
    assert 100 < left < right == pytest.approx(500)


def test_json(tmp_path: Path) -> None:
    export([field_document(), field_document(name="b.png", paid="false")], "fields-json", tmp_path / "all.json")
    first, second = json.loads((tmp_path / "all.json").read_text("utf-8"))
    assert first["fields"] == RECEIPT
    assert second["fields"]["paid"] is False
    assert len(first["places"]["total"]) == 2


@pytest.mark.parametrize("kind", FIELD_FORMATS, ids=lambda kind: kind.id)
def test_a_page_without_fields_is_a_row_all_the_same(kind: object, tmp_path: Path) -> None:
    format_id = kind.id  # type: ignore[attr-defined]  # of the table
    done = export(field_document("no fields"), format_id, tmp_path / "a")
    assert done.files[0].stat().st_size > 20
