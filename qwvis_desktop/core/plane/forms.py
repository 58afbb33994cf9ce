"""Forms of what lies in the plane: box, rotated rectangle, polygon, point, text region, block; and one made another.

All is in pixels of the upright original; corners go round in a ring.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Any, NamedTuple

from qwvis_desktop.core.annotation import (
    Annotation,
    Detection,
    Keypoint,
    LayoutBlock,
    TextRegion,
    bounds_of,
)
from qwvis_desktop.core.geometry import Box, Point, Polygon, Size

_TOLERANCE = 0.05
"""Pixels by which four corners may miss a rectangle and still be edited as one."""

_POINT_SHARE = 0.02
"""Share of the picture's longer side that a box made of a point is wide and high."""


class Form(StrEnum):
    """What an annotation in the plane looks like, and so how it can be edited."""

    BOX = "box"
    ROTATED = "rotated"
    POLYGON = "polygon"
    POINT = "point"
    TEXT = "text"
    BLOCK = "block"


class TurnedRectangle(NamedTuple):
    """A rectangle at any angle: its middle, and the halves of its first and second side as vectors in pixels."""

    center: Point
    along: Point
    across: Point

    @classmethod
    def of(cls, points: Sequence[Point]) -> TurnedRectangle | None:
        """Return the rectangle with these corners, in a ring; None where they are not those of one."""
        if len(points) != 4:
            return None
        first, second, third, fourth = points
        center = Point(sum(p.x for p in points) / 4, sum(p.y for p in points) / 4)
        along = Point((second.x - first.x + third.x - fourth.x) / 4, (second.y - first.y + third.y - fourth.y) / 4)
        across = Point((fourth.x - first.x + third.x - second.x) / 4, (fourth.y - first.y + third.y - second.y) / 4)
        made = cls(center, along, across)
        length = max(math.hypot(*along), math.hypot(*across))
        if not min(math.hypot(*along), math.hypot(*across)):
            return None
        off = max(math.dist(here, there) for here, there in zip(points, made.corners, strict=True))
        is_square = abs(along.x * across.x + along.y * across.y) <= _TOLERANCE * length
        return made if off <= _TOLERANCE and is_square else None

    @classmethod
    def made(cls, center: Point, width: float, height: float, degrees: float) -> TurnedRectangle:
        """Return a rectangle by its numbers; ``degrees`` turn it clockwise as seen."""
        cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
        w, h = width / 2, height / 2
        return cls(center, Point(w * cos, w * sin), Point(-h * sin, h * cos))

    @property
    def corners(self) -> tuple[Point, Point, Point, Point]:
        """The four corners, from the first one on."""
        return tuple(self.at(*side) for side in ((-1, -1), (1, -1), (1, 1), (-1, 1)))  # type: ignore[return-value]  # four of them

    @property
    def width(self) -> float:
        """Length of the first side."""
        return 2 * math.hypot(*self.along)

    @property
    def height(self) -> float:
        """Length of the second side."""
        return 2 * math.hypot(*self.across)

    @property
    def degrees(self) -> float:
        """Angle of the first side against the horizontal, clockwise as seen, from -180 to 180."""
        return math.degrees(math.atan2(self.along.y, self.along.x))

    def at(self, x: float, y: float) -> Point:
        """Return the place at shares of the two halves: (-1, -1) is the first corner, (0, 0) the middle."""
        return Point(
            self.center.x + x * self.along.x + y * self.across.x, self.center.y + x * self.along.y + y * self.across.y
        )


def form_of(annotation: Annotation) -> Form | None:
    """Return what an annotation looks like; None where it has no place in the plane."""
    match annotation:
        case Detection(outline=None):
            return Form.BOX
        case Detection(outline=Polygon(points=points)):
            return Form.POLYGON if TurnedRectangle.of(points) is None else Form.ROTATED
        case Keypoint():
            return Form.POINT
        case TextRegion():
            return Form.TEXT
        case LayoutBlock(box=Box()):
            return Form.BLOCK
        case _:
            return None


def corners_of(annotation: Annotation) -> tuple[Point, ...]:
    """Return the corners of an annotation, in a ring; a single one of a point, none where it has no place."""
    match annotation:
        case Detection(outline=Polygon(points=points)) | TextRegion(polygon=Polygon(points=points)):
            return points
        case Detection(box=Box() as box) | LayoutBlock(box=Box() as box):
            return box.corners
        case Keypoint(point=point):
            return (point,)
        case _:
            return ()


def with_corners(annotation: Annotation, points: Sequence[Point]) -> Annotation:
    """Return the annotation with other corners; of what is always upright, with the box round them.

    Without any corner it stays as it is.
    """
    if not points:
        return annotation
    outline = Polygon(tuple(points))
    match annotation:
        case Detection(outline=None) | LayoutBlock():
            return replace(annotation, box=outline.bounds)
        case Detection():
            return replace(annotation, outline=outline, box=outline.bounds)
        case TextRegion():
            return replace(annotation, polygon=outline)
        case Keypoint():
            return replace(annotation, point=points[0])
        case _:
            return annotation


def with_outline(annotation: Annotation, points: Sequence[Point]) -> Annotation:
    """Return the annotation with an outline of its own; a box becomes a rotated rectangle or a polygon by it."""
    if isinstance(annotation, Detection):
        outline = Polygon(tuple(points))
        return replace(annotation, outline=outline, box=outline.bounds)
    return with_corners(annotation, points)


def converted(annotation: Annotation, form: Form, size: Size) -> Annotation:
    """Return the annotation in another form, with the same id; what the form has no room for goes into the label.

    Args:
        annotation: one in the plane; others are returned as they are.
        form: what it becomes.
        size: of the picture: a box made of a point is a fiftieth of its longer side.
    """
    before, box = form_of(annotation), bounds_of(annotation)
    if before is None or box is None or before is form:
        return annotation
    if before is Form.POINT and form is not Form.POINT:
        reach = max(size) * _POINT_SHARE / 2
        around = Box(box.left - reach, box.top - reach, box.right + reach, box.bottom + reach)
        box = around.intersection(Box.whole(size)) or around
        points: tuple[Point, ...] = box.corners
    else:
        points = corners_of(annotation)
    return _MAKERS[form](annotation, box, points)


def _shared(annotation: Annotation) -> dict[str, Any]:
    text = annotation.text if isinstance(annotation, TextRegion | LayoutBlock) else ""
    tag = annotation.tag if isinstance(annotation, LayoutBlock) else ""
    return {
        "id": annotation.id,
        "label": annotation.label or tag or text,
        "score": annotation.score,
        "accepted": annotation.accepted,
        "attributes": annotation.attributes,
        "provenance": annotation.provenance,
    }


def _text_of(annotation: Annotation) -> str:
    return annotation.text if isinstance(annotation, TextRegion | LayoutBlock) else annotation.label


def _middles(points: Sequence[Point]) -> tuple[Point, ...]:
    """Return the corners with the middles of the sides between them: a rectangle that is to be bent."""
    found = []
    for here, there in zip(points, (*points[1:], points[0]), strict=True):
        found += [here, Point((here.x + there.x) / 2, (here.y + there.y) / 2)]
    return tuple(found)


def _polygon(annotation: Annotation, box: Box, points: tuple[Point, ...]) -> Annotation:
    outline = Polygon(points if TurnedRectangle.of(points) is None else _middles(points))
    return Detection(box=box, outline=outline, **_shared(annotation))


def _rotated(annotation: Annotation, box: Box, points: tuple[Point, ...]) -> Annotation:
    outline = Polygon(points if TurnedRectangle.of(points) is not None else box.corners)
    return Detection(box=box, outline=outline, **_shared(annotation))


def _text(annotation: Annotation, box: Box, points: tuple[Point, ...]) -> Annotation:
    outline = Polygon(points if len(points) == 4 else box.corners)
    return TextRegion(text=_text_of(annotation), polygon=outline, **_shared(annotation))


_MAKERS: dict[Form, Callable[[Annotation, Box, tuple[Point, ...]], Annotation]] = {
    Form.BOX: lambda annotation, box, _: Detection(box=box, **_shared(annotation)),
    Form.ROTATED: _rotated,
    Form.POLYGON: _polygon,
    Form.POINT: lambda annotation, box, _: Keypoint(point=box.center, **_shared(annotation)),
    Form.TEXT: _text,
    Form.BLOCK: lambda annotation, box, _: LayoutBlock(
        tag=annotation.label or "text", text=_text_of(annotation), box=box, **_shared(annotation)
    ),
}
