from __future__ import annotations

import csv
import io
from pathlib import Path

from field_documents import field_document

from qwvis_desktop.core.export import export


def test_pages_are_rows_and_formulas_are_texts(tmp_path: Path) -> None:
    done = export([field_document(), field_document(name="b.png", shop="@x")], "fields-csv", tmp_path / "all.csv")
    rows = list(csv.reader(io.StringIO((tmp_path / "all.csv").read_text("utf-8-sig"), newline="")))
    assert rows[0] == ["file", "shop", "total", "paid", "items[0].name", "items[0].price", "items[1].name"]
    assert rows[1] == ["receipt.png", "Café Ada", "12.5", "true", "Tea", "4,00", "'=1+1"]
    assert rows[2][:2] == ["b.png", "'@x"]
    assert "what the model gave for 1 field" in " ".join(done.left_out)
