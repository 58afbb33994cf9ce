from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from qwvis_desktop.core.annotation import (
    Annotation,
    Cuboid,
    Detection,
    Keypoint,
    LayoutBlock,
    TextRegion,
    VideoEvent,
    bounds_of,
    new_id,
)
from qwvis_desktop.core.geometry import Box, Point, Polygon

QUAD = Polygon((Point(1, 2), Point(9, 3), Point(8, 7), Point(0, 6)))


@pytest.mark.parametrize(
    ("annotation", "bounds"),
    [
        (Detection(box=Box(1, 2, 3, 4)), Box(1, 2, 3, 4)),
        (Keypoint(point=Point(5, 6)), Box(5, 6, 5, 6)),
        (TextRegion(text="x", polygon=QUAD), Box(0, 2, 9, 7)),
        (LayoutBlock(tag="p", text="x", box=Box(1, 2, 3, 4)), Box(1, 2, 3, 4)),
        (LayoutBlock(tag="p", text="x", box=None), None),
        (Cuboid(center=(0, 0, 1), size=(1, 1, 1), angles=(0, 0, 0)), None),
        (VideoEvent(start=0, end=1), None),
    ],
)
def test_bounds(annotation: Annotation, bounds: Box | None) -> None:
    assert bounds_of(annotation) == bounds


def test_annotations_cannot_be_changed_only_replaced() -> None:
    detection = Detection(box=Box(0, 0, 1, 1), label="cat")
    with pytest.raises(dataclasses.FrozenInstanceError):
        detection.label = "dog"  # type: ignore[misc]  # what is tested
    renamed = dataclasses.replace(detection, label="dog")
    assert (renamed.id, renamed.label) == (detection.id, "dog")


def test_ids_are_not_given_twice() -> None:
    assert len({new_id() for _ in range(1000)}) == 1000


def test_ids_are_not_given_twice_to_threads_that_ask_at_the_same_time() -> None:
    with ThreadPoolExecutor(4) as threads:
        rows = threads.map(lambda count: [new_id() for _ in range(count)], [3000] * 8)
        given = [each for row in rows for each in row]
    assert len(set(given)) == 24_000
    assert {len(each) for each in given} == {32}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="nothing forks here")
def test_a_forked_process_gives_other_ids() -> None:
    code = (
        "import os; from qwvis_desktop.core.annotation import new_id; new_id(); here, there = os.pipe()\n"
        "if not os.fork():\n    os.write(there, new_id().encode()); os._exit(0)\n"
        "os.wait(); print(new_id() != os.read(here, 32).decode())"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "True\n"


def test_the_six_kinds_have_names_of_their_own() -> None:
    kinds = {kind.kind for kind in (Detection, Keypoint, TextRegion, LayoutBlock, Cuboid, VideoEvent)}
    assert kinds == {"detection", "keypoint", "text", "block", "cuboid", "event"}
