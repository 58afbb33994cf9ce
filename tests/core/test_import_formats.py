from __future__ import annotations

from qwvis_desktop.core.export_formats import FORMATS
from qwvis_desktop.core.import_formats import IMPORTS


def test_what_is_written_can_be_read() -> None:
    read = {"labelme" if key == "x-anylabeling" else key.partition("-")[0] if "yolo" in key else key for key in FORMATS}
    talks = {key for key in read if key.startswith("qwen")}
    drawn = {key for key, kind in FORMATS.items() if kind.needs_picture}
    one_way = {"xlsx", "chapters", "ffmetadata"}
    one_way |= {key for key in read if key.startswith(("page-", "fields-"))}
    assert read - talks - drawn - one_way <= IMPORTS.keys()
    assert "conversations" in IMPORTS
