from __future__ import annotations

import json
from dataclasses import replace

import pytest
from documents import rich_document
from plane_annotations import BOX, PLANAR, SIZE

from qwvis_desktop.core.annotation import Cuboid, VideoEvent
from qwvis_desktop.core.clip import annotations_in, clip_text
from qwvis_desktop.core.plane.forms import corners_of


def test_all_kinds_come_back_with_new_ids_and_of_no_run() -> None:
    document = rich_document()
    given = [*document.annotations.values(), *PLANAR, replace(BOX, id="yes", accepted=True)]
    text = clip_text(document, given)
    found = annotations_in(text)
    assert found is not None
    assert len(found) == len(given)
    for before, after in zip(given, found, strict=True):
        assert after.id != before.id
        assert after == replace(before, id=after.id, provenance=None, accepted=False)
        assert corners_of(after) == corners_of(before)
    assert any(isinstance(each, Cuboid) for each in found)
    assert any(isinstance(each, VideoEvent) for each in found)
    assert json.loads(text)["picture_size"] == list(SIZE)


def test_other_text_is_none() -> None:
    for text in ("", "hello", '[{"bbox_2d": [1, 2, 3, 4], "label": "x"}]', "{}"):
        assert annotations_in(text) is None


@pytest.mark.parametrize(
    "damage",
    [
        '{"qwvis_annotations": 1',
        '{"qwvis_annotations": 1}',
        "qwvis_annotations",
        '{"qwvis_annotations": 1, "annotations": [{"kind": "detection"}]}',
        '{"qwvis_annotations": 1, "annotations": [3]}',
    ],
)
def test_damage_is_said(damage: str) -> None:
    with pytest.raises(ValueError, match="not pasted"):
        annotations_in(damage)
