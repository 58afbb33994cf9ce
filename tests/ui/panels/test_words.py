from __future__ import annotations

from typing import get_args

import pytest

from qwvis_desktop.core.annotation import Annotation, Detection, Keypoint, ReplyStatus
from qwvis_desktop.core.coordinates import CoordinateSpace
from qwvis_desktop.core.geometry import Box, Point, Polygon
from qwvis_desktop.core.tasks import TASKS
from qwvis_desktop.ui.panels.words import (
    counted,
    counted_together,
    form_title,
    in_words,
    kind_title,
    outcome_sentence,
    space_title,
    space_words,
    task_title,
)

KINDS = [kind.kind for kind in get_args(Annotation)]


def test_everything_that_can_be_has_a_name_of_its_own() -> None:
    for names in (
        [space_title(space) for space in CoordinateSpace],
        [space_words(space) for space in CoordinateSpace],
        [kind_title(kind) for kind in KINDS],
        [outcome_sentence(status) for status in ReplyStatus],
        [task_title(task) for task in TASKS.values()],
    ):
        assert all(names)
        assert len(set(names)) == len(names)


def test_ids_in_sentences_become_words() -> None:
    told = in_words("It writes relative-1000 (not relative-1, relative-999 or sent-pixels).")
    assert told == "It writes thousandths (not fractions, thousandths up to 999 or sent pixels)."
    assert in_words("relative-10000 and Zürich stay.") == "relative-10000 and Zürich stay."


@pytest.mark.parametrize("kind", [*KINDS, "object"])
def test_one_and_many(kind: str) -> None:
    assert counted(1, kind).startswith("1 ")
    assert counted(14, kind).startswith("14 ")
    assert counted(0, kind).removeprefix("0 ") == counted(14, kind).removeprefix("14 ") != counted(1, kind)[2:]


def test_what_is_counted_together_has_its_own_name_where_all_is_alike() -> None:
    assert counted_together([]) == ""
    assert counted_together(["detection", "detection"]) == "2 boxes"
    assert counted_together(["detection", "keypoint"]) == "2 objects"
    assert counted_together(["of a later version"]) == "1 object"


def test_a_box_is_called_by_its_form() -> None:
    corners = (Point(4, 0), Point(8, 4), Point(4, 8), Point(0, 4))
    outlines = (None, Polygon(corners), Polygon(corners[:3]))
    found = [form_title(Detection(box=Box(0, 0, 8, 8), outline=outline)) for outline in outlines]
    assert found == ["box", "rotated", "polygon"]
    assert form_title(Keypoint(point=Point(1, 1))) == "point"
