"""core.replies.placing: numbers of a turned picture come to the same places as the frame says."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qwvis_desktop.core.annotation import Annotation, Cuboid, Detection, Keypoint, LayoutBlock, TextRegion
from qwvis_desktop.core.camera import Vector, corners
from qwvis_desktop.core.coordinates import CoordinateSpace, Frame
from qwvis_desktop.core.geometry import Box, Point, Size
from qwvis_desktop.core.replies.parser import ReplyContext, parse_reply
from qwvis_desktop.core.replies.placing import POINT_OVERSHOOT, Misplaced, placer_of
from qwvis_desktop.core.tasks import TASKS

ORIGINAL = Size(1200, 800)
CROP = Box(100, 50, 900, 650)

turns = st.integers(0, 3)
spaces = st.sampled_from(CoordinateSpace)
shares = st.floats(0.01, 0.99)


def frame_of(turn: int) -> Frame:
    return Frame(ORIGINAL, Size(500, 300), CROP, turn)


def read(turn: int, reply: object, task: str) -> Annotation:
    context = ReplyContext(run="r", task=TASKS[task], space=CoordinateSpace.RELATIVE_1000, frames=(frame_of(turn),))
    parsed = parse_reply(reply if isinstance(reply, str) else json.dumps(reply), context, "stop")
    (found,) = parsed.annotations
    return found


@given(turn=turns, space=spaces, pair=st.tuples(shares, shares, shares, shares))
def test_boxes_points_and_outlines(turn: int, space: CoordinateSpace, pair: tuple[float, float, float, float]) -> None:
    frame = frame_of(turn)
    placer, extent = placer_of(frame, space), space.extent(frame)
    x1, y1, x2, y2 = (share * extent[index % 2] for index, share in enumerate(pair))
    first, second, third = (frame.to_original(Point(x, y), space) for x, y in ((x1, y1), (x2, y2), (x1, y2)))
    assert placer.point((x1, y1)) == pytest.approx(first)
    if min(abs(first.x - second.x), abs(first.y - second.y)) < 0.01:
        return
    assert placer.box((x1, y1, x2, y2)) == pytest.approx(Box.from_corners(first, second))
    outline = placer.outline((x1, y1, x2, y2, x1, y2))
    for point, wanted in zip(outline.points, (first, second, third), strict=True):
        assert point == pytest.approx(wanted)


@pytest.mark.parametrize("turn", range(4))
def test_what_lies_outside_is_refused_or_clipped_as_ever(turn: int) -> None:
    placer = placer_of(Frame(ORIGINAL, ORIGINAL, Box.whole(ORIGINAL), turn), CoordinateSpace.RELATIVE_1)
    assert placer.box((-0.5, -0.5, 1.5, 1.5)) == Box.whole(ORIGINAL)
    with pytest.raises(Misplaced, match="outside"):
        placer.box((1.1, 0.1, 1.2, 0.2))
    with pytest.raises(Misplaced, match="without area"):
        placer.box((0.1, 0.1, 0.1, 0.2))
    with pytest.raises(Misplaced, match="no place"):
        placer.box((math.nan, 0.1, 0.1, 0.2))
    with pytest.raises(Misplaced, match="outside"):
        placer.point((1 + 2 * POINT_OVERSHOOT, 0.5))


@pytest.mark.parametrize("turn", range(4))
def test_a_text_begins_at_its_own_top_left(turn: int) -> None:
    """In the picture as the model saw it the line reads upright, and its first corner is where it begins."""
    frame = frame_of(turn)
    found = read(turn, [{"bbox_2d": [100, 200, 600, 250], "text_content": "line"}], "spot-text")
    assert isinstance(found, TextRegion)
    seen = ((100, 200), (600, 200), (600, 250), (100, 250))
    for corner, (x, y) in zip(found.polygon.points, seen, strict=True):
        assert corner == pytest.approx(frame.to_original(Point(x, y), CoordinateSpace.RELATIVE_1000))


@pytest.mark.parametrize("turn", range(4))
def test_all_other_kinds(turn: int) -> None:
    frame, space = frame_of(turn), CoordinateSpace.RELATIVE_1000
    wanted = frame.box_to_original(Box(100, 200, 600, 250), space)
    box = read(turn, [{"bbox_2d": [100, 200, 600, 250], "label": "a"}], "detect")
    assert isinstance(box, Detection)
    assert box.box == pytest.approx(wanted)
    point = read(turn, [{"point_2d": [100, 200], "label": "a"}], "point")
    assert isinstance(point, Keypoint)
    assert point.point == pytest.approx(frame.to_original(Point(100, 200), space))
    page = '<html><body><p data-bbox="100 200 600 250">Words</p></body></html>'
    block = read(turn, page, "document-html")
    assert isinstance(block, LayoutBlock)
    assert block.box == pytest.approx(wanted)
    location = [10, 20, 90, 20, 90, 40, 10, 40]
    text = read(turn, {"words_info": [{"text": "a", "location": location}]}, "ocr:advanced_recognition")
    assert isinstance(text, TextRegion)
    assert text.polygon.points[0] == pytest.approx(frame.to_original(Point(10, 20), CoordinateSpace.SENT_PIXELS))


@pytest.mark.parametrize("turn", range(4))
@pytest.mark.parametrize("angles", [(0.1, -0.2, 0.3), (-0.7, 0.4, -0.9), (0.0, 0.0, 1.0)])
def test_a_box_in_space_stands_in_the_upright_camera(turn: int, angles: Vector) -> None:
    """Its corners, turned as the picture was, are those that the model saw."""
    center, size = (0.5, -0.3, 4.0), (1.0, 2.0, 0.5)
    found = read(turn, [{"bbox_3d": [*center, *size, *angles], "label": "a"}], "cuboid")
    assert isinstance(found, Cuboid)
    assert found.size == size
    assert all(-1 < angle <= 1 for angle in found.angles)
    seen = corners(center, size, angles)
    for upright, wanted in zip(corners(found.center, found.size, found.angles), seen, strict=True):
        x, y, z = upright
        for _ in range(turn):
            x, y = -y, x
        assert (x, y, z) == pytest.approx(wanted)
