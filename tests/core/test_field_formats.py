from __future__ import annotations

from pathlib import Path

import pytest
from field_documents import field_document

from qwvis_desktop.core.export import export
from qwvis_desktop.core.field_formats import FIELD_FORMATS


@pytest.mark.parametrize("kind", FIELD_FORMATS, ids=lambda kind: kind.id)
def test_a_page_without_fields_is_a_row_all_the_same(kind: object, tmp_path: Path) -> None:
    format_id = kind.id  # type: ignore[attr-defined]  # of the table
    done = export(field_document("no fields"), format_id, tmp_path / "a")
    assert done.files[0].stat().st_size > 20
