"""What the offline engine's outlines say of a page: which way up it is, where its parts are, in which order it is read.

Corners are those of a quadrilateral, clockwise, in pixels of the picture with y down. A page's turn counts quarter
turns clockwise by which its text stands turned: 1 where the text runs down, 2 where it stands on its head, 3 where it
runs up.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import dist
from statistics import median
from typing import Any, TypeAlias

from qwvis_desktop.core.geometry import Box, Point, Size
from qwvis_desktop.core.plane.reading_order import columns_first

Pixels: TypeAlias = Any  # a numpy array, B, G, R; numpy is loaded late
Corners: TypeAlias = tuple[Point, Point, Point, Point]

PART = 1280
"""Pixels that the side of a part has at most: a page is searched in parts, so that memory stays bounded."""

OVERLAP = 160
"""Pixels by which neighbouring parts overlap: a line cut by one is whole in the other, or they are joined."""

UPRIGHT_RATIO = 1.5
"""Regions this many times higher than wide run across the other lines, and are turned before they are read."""

CROSSWISE_LENGTH = 2.5
"""Of a line's height: shorter regions that are high and narrow are single characters, and do not run across."""

_TRIM = 0.45
"""Of its height: so much at most is taken off a region on each side; outlines are wider than their text by less."""

_RULED = 0.97
"""Of a row or column of pixels: where more is ink, it is a ruled line."""

_FRINGE = 24
"""Grey levels by which ink differs from its ground at least."""


@dataclass(frozen=True, slots=True)
class Region:
    """A place where text stands.

    Attributes:
        found: its outline with some ground around, as the engine likes to read it, from the text's own top left.
        corners: its outline drawn in to the ink, from the text's own top left.
        place: where it would stand were the page laid straight; what is beside and below it can be said there.
    """

    found: Corners
    corners: Corners
    place: Box


def parts(size: Size) -> list[Box]:
    """Return the parts in which a picture is searched, in whole pixels: of equal size, overlapping."""
    return [
        Box(left, top, right, bottom)
        for top, bottom in _stretches(size.height)
        for left, right in _stretches(size.width)
    ]


def _stretches(length: int) -> Iterator[tuple[int, int]]:
    count = max(1, math.ceil((length - OVERLAP) / (PART - OVERLAP)))
    part = math.ceil((length + (count - 1) * OVERLAP) / count)
    for number in range(count):
        start = min(number * (part - OVERLAP), max(0, length - part))
        yield start, min(start + part, length)


def joined(boxes: Sequence[Corners]) -> list[Corners]:
    """Return outlines found in overlapping parts: those of one line, found twice or cut apart, as one."""
    found: list[Corners] = []
    for box in sorted(map(level, boxes), key=_length, reverse=True):
        for number, other in enumerate(found):
            whole = _one_line(other, box)
            if whole is not None:
                found[number] = whole
                break
        else:
            found.append(box)
    return found


def _one_line(one: Corners, other: Corners) -> Corners | None:
    """Return the outline around two that overlap along the same line; None where they do not."""
    start, along, down = _axes(one)
    shares = [_shares(start, along, down, corner) for corner in other]
    heights = sorted(each.y for each in shares)
    top, bottom = sum(heights[:2]) / 2, sum(heights[2:]) / 2
    left, right = min(each.x for each in shares), max(each.x for each in shares)
    common = min(bottom, 1.0) - max(top, 0.0)
    if common < 0.6 * min(1.0, max(bottom - top, 0.0)) or common < 0.3 or right < 0 or left > 1:
        return None
    if bottom - top > 2:  # a region many lines high is none of them
        return None
    left, right = min(left, 0.0), max(right, 1.0)
    ends = ((left, 0.0), (right, 0.0), (right, 1.0), (left, 1.0))
    first, second, third, fourth = (
        Point(start.x + x * along.x + y * down.x, start.y + x * along.y + y * down.y) for x, y in ends
    )
    return first, second, third, fourth


def _axes(box: Corners) -> tuple[Point, Point, Point]:
    first, second, _, fourth = box
    if dist(first, fourth) > dist(first, second):  # the line runs down: its long side is the one to go along
        first, second, fourth = second, box[2], first
    return first, Point(second.x - first.x, second.y - first.y), Point(fourth.x - first.x, fourth.y - first.y)


def _shares(start: Point, along: Point, down: Point, point: Point) -> Point:
    x, y = point.x - start.x, point.y - start.y
    area = along.x * down.y - along.y * down.x or 1e-9
    return Point((x * down.y - y * down.x) / area, (along.x * y - along.y * x) / area)


def _length(box: Corners) -> float:
    return max(extent(box))


def level(box: Corners) -> Corners:
    """Return the corners from the one at which the side that runs to the right begins."""
    return max((_from(box, number) for number in range(4)), key=lambda each: each[1].x - each[0].x - _steep(each))


def _steep(box: Corners) -> float:
    return abs(box[1].y - box[0].y)


def _from(box: Corners, number: int) -> Corners:
    first, second, third, fourth = (box[(place + number) % 4] for place in range(4))
    return first, second, third, fourth


def on_its_side(boxes: Sequence[Corners]) -> bool:
    """Say whether most of the text runs up or down the page: long regions count for more."""
    lying = sum(_across(box) for box in boxes)
    return lying < 0


def _across(box: Corners) -> float:
    width, height = extent(level(box))
    return 0.0 if max(width, height) < UPRIGHT_RATIO * min(width, height) else float(width - height)


def turned(boxes: Sequence[Corners], turn: int) -> list[Corners]:
    """Return the corners from the text's own top left on a page turned by ``turn``; crosswise lines run down there."""
    if not boxes:
        return []
    least = CROSSWISE_LENGTH * median(min(extent(box)) for box in boxes)
    found = []
    for box in (_from(level(box), turn) for box in boxes):
        width, height = extent(box)
        is_crosswise = height >= UPRIGHT_RATIO * width and (height >= least or len(boxes) == 1)
        found.append(_from(box, 1) if is_crosswise else box)
    return found


def upside_down(box: Corners) -> Corners:
    """Return the corners of text that stands the other way up."""
    return _from(box, 2)


def in_order(pixels: Pixels, boxes: Sequence[Corners], turn: int) -> list[Region]:
    """Return regions in reading order, column by column, for a page turned and leaning as its lines are."""
    found = turned(boxes, turn)
    drawn_in = [tight(box, crop(pixels, box)) for box in found]
    lean = _lean(found, turn)
    cos, sin = math.cos(-lean), math.sin(-lean)
    places = []
    for box in drawn_in:
        xs = [point.x * cos - point.y * sin for point in box]
        ys = [point.x * sin + point.y * cos for point in box]
        places.append(Box(min(xs), min(ys), max(xs), max(ys)))
    return [Region(found[number], drawn_in[number], places[number]) for number in columns_first(places)]


def _lean(boxes: Sequence[Corners], turn: int) -> float:
    """Return the angle at which lines run, in radians clockwise from running to the right."""
    base = turn * math.pi / 2
    angles = []
    for box in boxes:
        first, second = box[:2]
        angle = math.remainder(math.atan2(second.y - first.y, second.x - first.x) - base, math.tau)
        if abs(angle) < math.pi / 4 and extent(box)[0] >= 3 * extent(box)[1]:
            angles.append(angle)
    return base + (median(angles) if angles else 0.0)


def extent(box: Corners) -> tuple[int, int]:
    """Return width and height of the region in whole pixels, along its own sides."""
    first, second, third, fourth = box
    return (
        max(1, int(max(dist(first, second), dist(fourth, third)))),
        max(1, int(max(dist(first, fourth), dist(second, third)))),
    )


def crop(pixels: Pixels, box: Corners) -> Pixels:
    """Return the region laid straight."""
    import cv2
    import numpy as np

    width, height = extent(box)
    straight = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    matrix = cv2.getPerspectiveTransform(np.array(box, np.float32), straight)
    return cv2.warpPerspective(pixels, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)


def tight(box: Corners, straight: Pixels) -> Corners:
    """Return the outline drawn in to the ink on its crop, as far as the ground around the text is plain."""
    import numpy as np

    grey = straight.mean(axis=2)
    ground = float(np.median(grey))
    away = np.abs(grey - ground)
    ink = away > max(_FRINGE, 6 * float(np.median(away)))
    for axis in (0, 1):  # a ruled line runs from end to end, as no text does
        share = ink.mean(axis=axis, keepdims=True)
        ink = ink & (share < _RULED)
    height, width = ink.shape
    most = _TRIM * height
    left, right = _inked(ink.sum(axis=0), most)
    top, bottom = _inked(ink[:, left:right].sum(axis=1), most)
    first, second, third, fourth = (
        _within(box, x / width, y / height) for x, y in ((left, top), (right, top), (right, bottom), (left, bottom))
    )
    return first, second, third, fourth


def _inked(counts: Pixels, most: float) -> tuple[int, int]:
    """Return where ink begins and ends, at most ``most`` pixels from each end."""
    import numpy as np

    length = len(counts)
    where = np.flatnonzero(counts >= 1)
    if not len(where):
        return 0, length
    most = min(most, _TRIM * length)
    return min(int(where[0]), int(most)), max(int(where[-1]) + 1, length - int(most))


def _within(box: Corners, x: float, y: float) -> Point:
    first, second, third, fourth = box
    top = Point(first.x + (second.x - first.x) * x, first.y + (second.y - first.y) * x)
    low = Point(fourth.x + (third.x - fourth.x) * x, fourth.y + (third.y - fourth.y) * x)
    return Point(top.x + (low.x - top.x) * y, top.y + (low.y - top.y) * y)


def goes_on(previous: Region, region: Region) -> bool:
    """Say whether ``region`` goes on in the same line of the page: further right, its middle at the same height."""
    return (
        previous.place.top < region.place.center.y < previous.place.bottom and region.place.left >= previous.place.left
    )
