from __future__ import annotations

import pytest
from documents import empty_document, rich_document

from qwvis_desktop.core.export_formats import FORMATS
from qwvis_desktop.core.file_format import Layout


@pytest.mark.parametrize("format_id", FORMATS)
def test_each_format_says_what_it_is(format_id: str) -> None:
    kind = FORMATS[format_id]
    assert kind.id == format_id
    assert kind.title
    assert kind.suffix.startswith(".")
    is_drawn = kind.id == "stills" or kind.mime.startswith(("image/", "video/"))
    assert kind.needs_picture == (is_drawn or kind.mime == "application/pdf")
    assert all(sentence.startswith("Left out: ") for sentence in kind.cannot_hold(rich_document()))
    assert kind.cannot_hold(empty_document()) == ()
    assert kind.left_out([empty_document()] * 2) == ()


def test_a_format_is_a_file_each_one_file_or_a_folder() -> None:
    layouts = {layout: [key for key, kind in FORMATS.items() if kind.layout is layout] for layout in Layout}
    assert layouts[Layout.FOLDER] == ["ppocrlabel", "yolo", "yolo-obb", "yolo-segment", "stills", "mot"]
    assert {"coco", "cvat", "label-studio", "csv"} < set(layouts[Layout.ONE])
    assert {"png", "voc", "labelme", "kitti", "reply"} < set(layouts[Layout.EACH])
