"""How far annotations cover each other: intersection over union, and duplicates by it."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence

from qwvis_desktop.core.annotation import Annotation, bounds_of
from qwvis_desktop.core.geometry import Point, Polygon
from qwvis_desktop.core.plane.editing import clip, words_of
from qwvis_desktop.core.plane.forms import Form, corners_of, form_of


def iou(first: Annotation, second: Annotation) -> float:
    """Return intersection over union, 0 to 1, of outlines where both are convex, else of the boxes round them."""
    one, other = bounds_of(first), bounds_of(second)
    if one is None or other is None:
        return 0.0
    if Form.BOX == form_of(first) == form_of(second):
        return one.iou(other)
    here, there = _clockwise(corners_of(first)), _clockwise(corners_of(second))
    if not (_is_convex(here) and _is_convex(there)):
        return one.iou(other)
    common = clip(here, there)
    if len(common) < 3:
        return 0.0
    shared = Polygon(tuple(common)).area
    whole = Polygon(tuple(here)).area + Polygon(tuple(there)).area - shared
    return min(shared / whole, 1.0) if whole > 0 else 0.0


def duplicates(annotations: Iterable[Annotation], threshold: float) -> tuple[str, ...]:
    """Return the ids of those that lie on another of the same kind and words by at least ``threshold`` of IoU.

    Of each pile one is left out, which stays: what a person drew before what a model gave, the higher score before the
    lower one, the earlier before the later. Points and what has no area are never duplicates.
    """
    groups: dict[tuple[str, str], list[Annotation]] = defaultdict(list)
    for annotation in annotations:
        box = bounds_of(annotation)
        if box is not None and box.area > 0:
            groups[annotation.kind, words_of(annotation).casefold()].append(annotation)
    return tuple(key for group in groups.values() for key in _duplicates(group, threshold))


def _duplicates(group: Sequence[Annotation], threshold: float) -> list[str]:
    boxes = {each.id: box for each in group if (box := bounds_of(each)) is not None}
    by_left = sorted(group, key=lambda each: boxes[each.id].left)
    lefts = [boxes[each.id].left for each in by_left]
    widest = max(box.width for box in boxes.values())
    gone: set[str] = set()
    for kept in sorted(group, key=_rank):
        if kept.id in gone:
            continue
        box = boxes[kept.id]
        for place in range(bisect_left(lefts, box.left - widest), len(by_left)):
            other = by_left[place]
            if lefts[place] >= box.right:
                break
            is_met = other is not kept and other.id not in gone and box.iou(boxes[other.id]) > 0
            if is_met and iou(kept, other) >= threshold:
                gone.add(other.id)
    return [each.id for each in group if each.id in gone]


def _rank(annotation: Annotation) -> tuple[bool, float]:
    """Return what sorts the one that stays first; sorting keeps the order of equals."""
    return annotation.provenance is not None, -annotation.score if annotation.score is not None else 0.0


def _clockwise(points: Sequence[Point]) -> Sequence[Point]:
    return points if _turns(points) >= 0 else tuple(reversed(points))


def _turns(points: Sequence[Point]) -> float:
    pairs = zip(points, (*points[1:], *points[:1]), strict=True)
    return sum(here.x * there.y - there.x * here.y for here, there in pairs)


def _is_convex(points: Sequence[Point]) -> bool:
    """Say whether the corners, clockwise as seen, turn one way only and once round."""
    if len(points) < 3:
        return False
    count = len(points)
    for place, here in enumerate(points):
        after, last = points[(place + 1) % count], points[(place + 2) % count]
        if (after.x - here.x) * (last.y - after.y) - (after.y - here.y) * (last.x - after.x) < -1e-9:
            return False
    # A star turns one way as well, but twice round: then some corner lies outside of a side's half-plane.
    first, second = points[0], points[1]
    return all((second.x - first.x) * (p.y - first.y) - (second.y - first.y) * (p.x - first.x) >= -1e-9 for p in points)
