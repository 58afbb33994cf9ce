"""Editing what lies in the plane: pure functions that give a new annotation, moved, resized, turned, clipped.

All is in pixels of the upright original. What an edit does not concern keeps its very numbers: the three sides of a box
that are not pulled, and everything of an annotation but its place. Boxes in space have ``core.cuboid_editing``.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace

from qwvis_desktop.core.annotation import Annotation, Detection, Keypoint, LayoutBlock, TextRegion, bounds_of
from qwvis_desktop.core.geometry import Box, Point, Size
from qwvis_desktop.core.plane.forms import Form, TurnedRectangle, corners_of, form_of, with_corners, with_outline

SMALLEST = 1.0
"""Pixels below which no side is pulled."""


def moved(annotation: Annotation, dx: float, dy: float) -> Annotation:
    """Return the annotation moved by pixels."""
    if isinstance(annotation, Detection) and annotation.outline is None:
        return boxed(annotation, annotation.box.translated(dx, dy))
    if isinstance(annotation, LayoutBlock) and annotation.box is not None:
        return replace(annotation, box=annotation.box.translated(dx, dy))
    return with_corners(annotation, [Point(p.x + dx, p.y + dy) for p in corners_of(annotation)])


def boxed(detection: Detection, box: Box) -> Detection:
    """Return ``replace(detection, box=box)``, in half of its time: ten thousand may be moved at once."""
    return Detection(
        label=detection.label,
        id=detection.id,
        score=detection.score,
        accepted=detection.accepted,
        attributes=detection.attributes,
        provenance=detection.provenance,
        box=box,
        outline=detection.outline,
        time=detection.time,
        image=detection.image,
    )


def bounds_of_all(annotations: Iterable[Annotation]) -> Box | None:
    """Return the box round all of these; None where none has a place in the plane."""
    boxes = [box for box in map(bounds_of, annotations) if box is not None]
    if not boxes:
        return None
    return Box(
        min(box.left for box in boxes),
        min(box.top for box in boxes),
        max(box.right for box in boxes),
        max(box.bottom for box in boxes),
    )


def shift_within(box: Box, dx: float, dy: float, size: Size) -> tuple[float, float]:
    """Return ``dx``, ``dy``, shortened so that ``box`` moved by it does not leave the picture farther than it did."""
    return (
        max(min(dx, max(size.width - box.right, 0.0)), min(-box.left, 0.0)),
        max(min(dy, max(size.height - box.bottom, 0.0)), min(-box.top, 0.0)),
    )


Side = tuple[int, int]
"""Which sides of a rectangle are pulled: -1 left or top, 1 right or bottom, 0 neither; (1, 1) is a corner."""


def resized(annotation: Annotation, side: Side, place: Point, *, keeps_ratio: bool = False) -> Annotation:
    """Return the annotation with a side or corner pulled to ``place``; what lies across stays where it is.

    Args:
        annotation: a box, a rotated rectangle, a text region that is a rectangle, or a block.
        side: what is pulled, counted along the rectangle's own sides.
        place: where to; beyond what lies across, the rectangle is on the other side of it.
        keeps_ratio: a corner keeps width and height in proportion.
    """
    box = bounds_of(annotation)
    if box is not None and form_of(annotation) in (Form.BOX, Form.BLOCK):
        if keeps_ratio and all(side):
            across = Point(box.left if side[0] > 0 else box.right, box.top if side[1] > 0 else box.bottom)
            place = _in_proportion(across, place, side, box.width, box.height)
        return with_corners(annotation, _pulled(box, side, place).corners)
    rectangle = TurnedRectangle.of(corners_of(annotation))
    if rectangle is None:
        return annotation
    return with_corners(annotation, _pulled_turned(rectangle, side, place, keeps_ratio=keeps_ratio).corners)


def _in_proportion(across: Point, place: Point, side: Side, width: float, height: float) -> Point:
    dx, dy = place.x - across.x, place.y - across.y
    growth = max(abs(dx) / max(width, SMALLEST), abs(dy) / max(height, SMALLEST))
    return Point(
        across.x + math.copysign(width * growth, dx or side[0]),
        across.y + math.copysign(height * growth, dy or side[1]),
    )


def _pulled(box: Box, side: Side, place: Point) -> Box:
    left, right = _pulled_side(box.left, box.right, side[0], place.x)
    top, bottom = _pulled_side(box.top, box.bottom, side[1], place.y)
    return Box(left, top, right, bottom)


def _pulled_side(low: float, high: float, side: int, place: float) -> tuple[float, float]:
    if not side:
        return low, high
    still = low if side > 0 else high
    if abs(place - still) < SMALLEST:
        place = still + SMALLEST * (side if place == still else math.copysign(1, place - still))
    return min(still, place), max(still, place)


def _pulled_turned(rectangle: TurnedRectangle, side: Side, place: Point, *, keeps_ratio: bool) -> TurnedRectangle:
    still = rectangle.at(-side[0], -side[1])
    way = Point(place.x - still.x, place.y - still.y)
    lengths = []
    for half, sign in zip((rectangle.along, rectangle.across), side, strict=True):
        length = max(math.hypot(*half), 1e-9)
        pulled = (way.x * half.x + way.y * half.y) / length * sign
        lengths.append(pulled if abs(pulled) >= SMALLEST else math.copysign(SMALLEST, pulled))
    if keeps_ratio and all(side):
        growth = max(abs(lengths[0]) / rectangle.width, abs(lengths[1]) / rectangle.height)
        lengths = [
            math.copysign(rectangle.width * growth, lengths[0]),
            math.copysign(rectangle.height * growth, lengths[1]),
        ]
    grown = []
    for half, sign, length in zip((rectangle.along, rectangle.across), side, lengths, strict=True):
        share = length / (2 * max(math.hypot(*half), 1e-9)) if sign else 1.0
        grown.append(Point(half.x * share, half.y * share))
    along, across = grown
    center = Point(still.x + side[0] * along.x + side[1] * across.x, still.y + side[0] * along.y + side[1] * across.y)
    # A rectangle that was pulled through itself keeps the direction of its sides.
    return TurnedRectangle(center, _same_way(along, rectangle.along), _same_way(across, rectangle.across))


def _same_way(half: Point, before: Point) -> Point:
    return half if half.x * before.x + half.y * before.y >= 0 else Point(-half.x, -half.y)


def turned(annotation: Annotation, degrees: float) -> Annotation:
    """Return the annotation turned clockwise round the middle of its bounds; points and blocks cannot be turned."""
    box = bounds_of(annotation)
    if box is None or not degrees or not isinstance(annotation, Detection | TextRegion):
        return annotation
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    x, y = box.center
    points = [
        Point(x + (p.x - x) * cos - (p.y - y) * sin, y + (p.x - x) * sin + (p.y - y) * cos)
        for p in corners_of(annotation)
    ]
    return with_outline(annotation, points)


def with_box(annotation: Annotation, box: Box) -> Annotation:
    """Return the annotation fitted into ``box``: its corners keep their shares of width and height."""
    before = bounds_of(annotation)
    if before is None:
        return annotation
    across, down = (
        box.width / before.width if before.width else 0.0,
        box.height / before.height if before.height else 0.0,
    )
    points = [
        Point(box.left + (p.x - before.left) * across, box.top + (p.y - before.top) * down)
        for p in corners_of(annotation)
    ]
    if form_of(annotation) in (Form.BOX, Form.BLOCK):
        return with_corners(annotation, box.corners)
    return with_corners(annotation, points)


def with_vertex(annotation: Annotation, place: int, point: Point) -> Annotation:
    """Return the annotation with its corner at ``place`` (from 0) moved to ``point``."""
    points = list(corners_of(annotation))
    points[place] = point
    return with_corners(annotation, points)


def with_new_vertex(annotation: Annotation, place: int, point: Point) -> Annotation:
    """Return the annotation with one corner more, before the one at ``place``; only a box or polygon takes one."""
    points = list(corners_of(annotation))
    points.insert(place, point)
    return with_outline(annotation, points) if isinstance(annotation, Detection) else annotation


def without_vertex(annotation: Annotation, place: int) -> Annotation:
    """Return the annotation without its corner at ``place``; a triangle, and what is no polygon, stays as it is."""
    points = list(corners_of(annotation))
    if not isinstance(annotation, Detection) or annotation.outline is None or len(points) <= 3:
        return annotation
    del points[place]
    return with_outline(annotation, points)


def inside(place: Point, size: Size) -> Point:
    """Return the place of the picture that is nearest to ``place``."""
    return Point(min(max(place.x, 0.0), float(size.width)), min(max(place.y, 0.0), float(size.height)))


def clipped(annotation: Annotation, size: Size) -> Annotation | None:
    """Return the part of an annotation that lies in a picture of ``size``; None where nothing does.

    What lies inside is returned as it is, and so is what has no place in the plane. The corners of a text region are
    brought in one by one, because it has four.
    """
    box, picture = bounds_of(annotation), Box.whole(size)
    if box is None or picture.intersection(box) == box:
        return annotation
    if isinstance(annotation, Keypoint):
        return annotation if picture.contains(annotation.point) else None
    common = picture.intersection(box)
    if common is None:
        return None
    if form_of(annotation) in (Form.BOX, Form.BLOCK):
        return with_corners(annotation, common.corners)
    if isinstance(annotation, TextRegion):
        return with_corners(annotation, [inside(p, size) for p in annotation.polygon.points])
    points = clip(corners_of(annotation), picture.corners)
    return with_corners(annotation, points) if len(points) >= 3 else None


def clip(points: Sequence[Point], window: Sequence[Point]) -> list[Point]:
    """Return the part of an outline that lies in a convex window, whose corners go clockwise as seen.

    The algorithm is that of Sutherland and Hodgman (1974).
    """
    found = list(points)
    for start, end in zip(window, (*window[1:], window[0]), strict=True):
        before, found = found, []
        for here, there in zip(before, (*before[1:], *before[:1]), strict=True):
            a, b = _left_of(start, end, here), _left_of(start, end, there)
            if a >= 0:
                found.append(here)
            if (a < 0 < b) or (b < 0 < a):
                share = a / (a - b)
                found.append(Point(here.x + (there.x - here.x) * share, here.y + (there.y - here.y) * share))
    return found


def _left_of(start: Point, end: Point, point: Point) -> float:
    return (end.x - start.x) * (point.y - start.y) - (end.y - start.y) * (point.x - start.x)


def with_words(annotation: Annotation, words: str) -> Annotation:
    """Return the annotation with what its chip says changed: the text of a text region, else the label."""
    if isinstance(annotation, TextRegion):
        return replace(annotation, text=words)
    return with_label(annotation, words)


def with_label(annotation: Annotation, label: str) -> Annotation:
    """Return the annotation with another label; of a block that is its tag."""
    if isinstance(annotation, LayoutBlock):
        return replace(annotation, tag=label, label="")
    return replace(annotation, label=label)


def words_of(annotation: Annotation) -> str:
    """Return what ``with_words`` changes."""
    match annotation:
        case TextRegion(text=text):
            return text
        case LayoutBlock(tag=tag, label=label):
            return label or tag
        case _:
            return annotation.label
