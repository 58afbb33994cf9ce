from __future__ import annotations

import json
from pathlib import Path

from field_documents import RECEIPT, field_document

from qwvis_desktop.core.export import export


def test_fields_are_as_they_were_asked_for(tmp_path: Path) -> None:
    export([field_document(), field_document(name="b.png", paid="false")], "fields-json", tmp_path / "all.json")
    first, second = json.loads((tmp_path / "all.json").read_text("utf-8"))
    assert first["fields"] == RECEIPT
    assert second["fields"]["paid"] is False
    assert len(first["places"]["total"]) == 2
