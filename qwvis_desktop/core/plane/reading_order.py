"""The order in which one would read what is on a picture: line by line from the top, or column by column.

Columns are found by cutting the page again and again (after the recursive X-Y cut of Nagy and Seth, 1984): down a gap
that few lines reach over, those being headings; where there is none, across the widest gap between lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from qwvis_desktop.core.annotation import Annotation, TextRegion, bounds_of
from qwvis_desktop.core.geometry import Box
from qwvis_desktop.core.text.places import is_right_to_left

_COLUMN_WIDTH = 6.0
"""Of a line's height: a narrower stack is a column of a table, which is read across."""

_COLUMN_GAP = 0.6
"""Of a line's height: the least gap between columns."""

_SPANNING = 0.25
"""Of all lines: so many at most may reach over a gap that parts columns."""

_SECTION_GAP = 0.75
"""Of a line's height: the least gap between two parts of a page that are read one after the other."""

_Placed = tuple[int, Box]
"""A box and its place among those that are to be ordered."""

_DEPTH = 40
"""Cuts within cuts; no page needs more, and hostile ones must not reach Python's own limit."""


def reading_order(annotations: Iterable[Annotation]) -> tuple[str, ...]:
    """Return the ids of those that have a place in the plane, in reading order; then the others, as they come.

    Two stand in one line where the middle of the one that lies lower is still not below any of that line.
    """
    placed: list[_Placed] = []
    keys: list[str] = []
    elsewhere: list[str] = []
    for annotation in annotations:
        box = bounds_of(annotation)
        if box is None:
            elsewhere.append(annotation.id)
        else:
            placed.append((len(keys), box))
            keys.append(annotation.id)
    return (*(keys[place] for line in _lines(placed) for place, _ in line), *elsewhere)


def _lines(boxes: Iterable[_Placed]) -> list[list[_Placed]]:
    """Return boxes line by line from the top, each line from the left."""
    lines: list[list[_Placed]] = []
    end = 0.0
    for _, _, place, box in sorted(((b.top + b.bottom) / 2, b.left, place, b) for place, b in boxes):
        if lines and (box.top + box.bottom) / 2 <= end:
            lines[-1].append((place, box))
            end = min(end, box.bottom)
        else:
            lines.append([(place, box)])
            end = box.bottom
    return [sorted(line, key=lambda each: (each[1].left, each[1].top)) for line in lines]


def column_order(annotations: Iterable[Annotation]) -> tuple[str, ...]:
    """Return the ids of those that have a place in the plane, column by column; then the others, as they come.

    Where most texts run from the right, so do lines and columns.
    """
    found = list(annotations)
    boxes = {each.id: box for each in found if (box := bounds_of(each)) is not None}
    texts = [each.text for each in found if isinstance(each, TextRegion)]
    is_mirrored = 2 * sum(map(is_right_to_left, texts)) > len(texts)
    keys = list(boxes)
    order = columns_first([_mirrored(box) if is_mirrored else box for box in boxes.values()])
    return (*(keys[place] for place in order), *(each.id for each in found if each.id not in boxes))


def columns_first(boxes: Sequence[Box]) -> list[int]:
    """Return the places of boxes in the order in which one reads them, column by column, from the left."""
    return _cut(list(enumerate(boxes)), _DEPTH)


def _mirrored(box: Box) -> Box:
    return Box(-box.right, box.top, -box.left, box.bottom)


def _cut(boxes: list[_Placed], depth: int) -> list[int]:
    if len(boxes) < 3 or not depth:
        return _by_lines(boxes)
    height = max(_median(box.height for _, box in boxes), 1e-6)
    gutter = _gutter(boxes, height)
    if gutter is not None:
        return _cut_down(boxes, gutter, depth)
    across = _widest_gap_across(boxes, height)
    if across is None:
        return _by_lines(boxes)
    above = [each for each in boxes if each[1].center.y < across]
    below = [each for each in boxes if each[1].center.y >= across]
    return _cut(above, depth - 1) + _cut(below, depth - 1)


def _by_lines(boxes: Sequence[_Placed]) -> list[int]:
    return [place for line in _lines(boxes) for place, _ in line]


def _cut_down(boxes: Sequence[_Placed], gutter: float, depth: int) -> list[int]:
    """Read left of a gap, then right of it, in each band between what reaches over it."""
    spanning = sorted((each for each in boxes if _reaches_over(each[1], gutter)), key=lambda each: each[1].center.y)
    rest = [each for each in boxes if not _reaches_over(each[1], gutter)]
    found: list[int] = []
    for line in _lines(spanning):
        top = min(box.center.y for _, box in line)
        above = [each for each in rest if each[1].center.y < top]
        rest = [each for each in rest if each[1].center.y >= top]
        found += _both_sides(above, gutter, depth) + [place for place, _ in line]
    return found + _both_sides(rest, gutter, depth)


def _both_sides(boxes: Sequence[_Placed], gutter: float, depth: int) -> list[int]:
    left = [each for each in boxes if each[1].center.x < gutter]
    right = [each for each in boxes if each[1].center.x >= gutter]
    return _cut(left, depth - 1) + _cut(right, depth - 1)


def _reaches_over(box: Box, x: float) -> bool:
    return box.left < x < box.right


class _Gap(NamedTuple):
    """A stretch across the page: how many boxes reach over it, and from where to where it goes."""

    over: int
    start: float
    end: float


def _gutter(boxes: Sequence[_Placed], height: float) -> float | None:
    """Return the middle of the gap that parts columns, the one with the fewest boxes over it; None where none does."""
    gaps = [gap for gap in _gaps(boxes) if gap.end - gap.start >= _COLUMN_GAP * height]
    for gap in sorted(gaps, key=lambda gap: (gap.over, gap.start - gap.end)):
        if gap.over > _SPANNING * len(boxes):
            return None
        middle = (gap.start + gap.end) / 2
        if all(_is_column([b for _, b in boxes if side(b, middle)], height) for side in (_is_left, _is_right)):
            return middle
    return None


def _is_left(box: Box, x: float) -> bool:
    return box.right <= x


def _is_right(box: Box, x: float) -> bool:
    return box.left >= x


def _is_column(boxes: Sequence[Box], height: float) -> bool:
    """Say whether a stack is wide enough for prose: cells of a table are not, and are read across."""
    return len(boxes) > 1 and _median(box.width for box in boxes) >= _COLUMN_WIDTH * height


def _gaps(boxes: Sequence[_Placed]) -> list[_Gap]:
    """Return the stretches between neighbouring sides of boxes, with how many boxes reach over each."""
    sides = sorted([(box.left, 1) for _, box in boxes] + [(box.right, -1) for _, box in boxes])
    found, over = [], 0
    for (x, step), (after, _) in pairwise(sides):
        over += step
        if after > x:
            found.append(_Gap(over, x, after))
    return found


def _widest_gap_across(boxes: Sequence[_Placed], height: float) -> float | None:
    """Return the middle of the widest empty stretch that goes across the whole page; None where lines are too near."""
    placed = sorted((box.top, box.bottom) for _, box in boxes)
    reach, best, at = placed[0][1], _SECTION_GAP * height, None
    for top, bottom in placed[1:]:
        if top - reach > best:
            best, at = top - reach, (top + reach) / 2
        reach = max(reach, bottom)
    return at


def _median(lengths: Iterable[float]) -> float:
    """Return the middle one; ``statistics`` has it too, and takes longer to load than this module."""
    ordered = sorted(lengths)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
