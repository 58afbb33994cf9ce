"""Annotations in the plane for tests of editing: one of each form, and any of them."""

from __future__ import annotations

from hypothesis import strategies as st

from qwvis_desktop.core.annotation import (
    Annotation,
    Cuboid,
    Detection,
    Keypoint,
    LayoutBlock,
    TextRegion,
    VideoEvent,
)
from qwvis_desktop.core.geometry import Box, Point, Polygon, Size
from qwvis_desktop.core.plane.forms import TurnedRectangle

SIZE = Size(640, 480)

BOX = Detection(id="box", label="cat", box=Box(10.25, 20, 110, 220), score=0.5)
_RECTANGLE = TurnedRectangle.made(Point(300, 200), 120, 40, 30)
ROTATED = Detection(
    id="rotated", label="ship", box=Polygon(_RECTANGLE.corners).bounds, outline=Polygon(_RECTANGLE.corners)
)
_PENTAGON = (Point(50, 0), Point(100, 40), Point(80, 100), Point(20, 100), Point(0, 40))
POLYGON = Detection(id="polygon", label="leaf", box=Polygon(_PENTAGON).bounds, outline=Polygon(_PENTAGON))
POINT = Keypoint(id="point", label="nose", point=Point(33, 44))
TEXT = TextRegion(id="text", text="hello", polygon=Polygon((Point(10, 10), Point(60, 14), Point(58, 30), Point(8, 26))))
BLOCK = LayoutBlock(id="block", tag="title", text="A title", box=Box(5, 6, 70, 90))
NOWHERE = LayoutBlock(id="nowhere", tag="p", text="x", box=None)
CUBOID = Cuboid(id="cuboid", label="car", center=(0, 0, 5), size=(1, 1, 1), angles=(0, 0, 0))
EVENT = VideoEvent(id="event", label="opens", start=1, end=2)

PLANAR = (BOX, ROTATED, POLYGON, POINT, TEXT, BLOCK)


@st.composite
def places(draw: st.DrawFn, far: bool = False) -> Point:
    """A place of the picture, or ``far`` anywhere near it."""
    margin = 400 if far else 0
    return Point(draw(st.floats(-margin, SIZE.width + margin)), draw(st.floats(-margin, SIZE.height + margin)))


@st.composite
def boxes(draw: st.DrawFn, far: bool = False, least: float = 0.01) -> Box:
    """A box inside the picture, or ``far`` perhaps not."""
    first = draw(places(far))
    return (
        Box(first.x, first.y, first.x + draw(st.floats(least, 300)), first.y + draw(st.floats(least, 300)))
        if far
        else _fitting(first, draw(st.floats(least, 300)), draw(st.floats(least, 300)))
    )


def _fitting(first: Point, width: float, height: float) -> Box:
    left, top = min(first.x, SIZE.width - width), min(first.y, SIZE.height - height)
    return Box(left, top, min(left + width, SIZE.width), min(top + height, SIZE.height))


@st.composite
def planar(draw: st.DrawFn, far: bool = False) -> Annotation:
    """An annotation in the plane, of any form."""
    box = draw(boxes(far, least=1))
    form = draw(st.sampled_from(PLANAR))
    label = draw(st.sampled_from(["cat", "dog", ""]))
    if form is BOX:
        return Detection(label=label, box=box, score=draw(st.none() | st.floats(0, 1)))
    if form is POINT:
        return Keypoint(label=label, point=box.center)
    if form is BLOCK:
        return LayoutBlock(label=label, tag="p", text="x", box=box)
    if form is POLYGON:
        corners = tuple(draw(st.lists(places(far), min_size=3, max_size=7)))
        return Detection(label=label, box=Polygon(corners).bounds, outline=Polygon(corners))
    outline = Polygon(TurnedRectangle.made(box.center, box.width, box.height, draw(st.floats(-180, 180))).corners)
    if form is TEXT:
        return TextRegion(label=label, text="x", polygon=outline)
    return Detection(label=label, box=outline.bounds, outline=outline)
