from __future__ import annotations

from pathlib import Path

import pytest
from field_documents import field_document
from openpyxl import load_workbook

from qwvis_desktop.core.export import export


def test_a_sheet_of_pages_and_one_of_values(tmp_path: Path) -> None:
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
