"""The convention detector: do a run's numbers contradict what they were taken to count?

It is shy. A wrong alarm costs more trust than a missed one, so it speaks only where numbers cannot mean what is
expected *and* another reading places nearly all of them: numbers beyond every border, numbers that are all parts of 1,
or a grid of 1000 that shows at the border of a larger picture (``qwen-api.md`` 1.7 and 7.9).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qwvis_desktop.core.coordinates import CoordinateSpace, Frame

OVERSHOOT = 1.05
"""Models overshoot by a little; numbers beyond this many times the border's are outside."""

CLEAR_SHARE = 0.2
"""At least this share of the items must lie outside before the expected reading is doubted."""

FITS = 0.95
"""A reading must place at least this share of the items before it is put in place of the expected one."""

ROOMY = 1.25
"""Pixels per thousandth, from which on numbers that stop at 1000 leave a visible part of the picture empty."""

_BY_PREFERENCE = (
    CoordinateSpace.RELATIVE_1000,
    CoordinateSpace.SENT_PIXELS,
    CoordinateSpace.ORIGINAL_PIXELS,
    CoordinateSpace.RELATIVE_1,
    CoordinateSpace.RELATIVE_999,
)
_THOUSANDTHS = frozenset({CoordinateSpace.RELATIVE_1000, CoordinateSpace.RELATIVE_999})


@dataclass(frozen=True, slots=True)
class ConventionVerdict:
    """What a run's numbers say.

    Attributes:
        best: the reading that fits best; ``expected`` unless the numbers contradict it.
        expected: what they were taken to count.
        contradicts: whether they clearly count something else.
        reasons: sentences for people; may hold doubts that are too weak for a contradiction.
        scores: 0 to 1 for each reading: the share of items it places inside, 0 where the numbers cannot be of its kind.
    """

    best: CoordinateSpace
    expected: CoordinateSpace
    contradicts: bool
    reasons: tuple[str, ...]
    scores: Mapping[CoordinateSpace, float]


@dataclass(frozen=True, slots=True)
class _Item:
    """The pairs of numbers of one box, point or outline."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]

    def inside(self, extent: tuple[float, float]) -> bool:
        across, down = extent[0] * OVERSHOOT, extent[1] * OVERSHOOT
        slack_x, slack_y = extent[0] - across, extent[1] - down
        return min(self.xs) >= slack_x and min(self.ys) >= slack_y and max(self.xs) <= across and max(self.ys) <= down


def judge_convention(
    numbers: Sequence[Sequence[float]], frames: Sequence[Frame], expected: CoordinateSpace
) -> ConventionVerdict:
    """Judge the numbers of one run.

    Args:
        numbers: of each item as the model wrote them (``Provenance.numbers``): x, y in turns; five are a turned
            rectangle's, of which the centre counts; other odd counts (boxes in space) say nothing and are left out.
        frames: of the pictures that were sent; the largest decides.
        expected: what they were taken to count.

    Raises:
        ValueError: no frame.
    """
    if not frames:
        raise ValueError("without a frame there is nothing to compare numbers with")
    items = [item for item in map(_item, numbers) if item is not None]
    extents = {space: _extent(space, frames) for space in CoordinateSpace}
    scores = {space: _score(items, space, extents[space]) for space in CoordinateSpace}
    best, reasons = _verdict(items, expected, extents, scores)
    return ConventionVerdict(best, expected, best is not expected, (*reasons, *_order_doubts(numbers)), scores)


def _item(numbers: Sequence[float]) -> _Item | None:
    if len(numbers) == 5:
        numbers = numbers[:2]
    if not numbers or len(numbers) % 2:
        return None
    return _Item(tuple(numbers[::2]), tuple(numbers[1::2]))


def _extent(space: CoordinateSpace, frames: Sequence[Frame]) -> tuple[float, float]:
    extents = [space.extent(frame) for frame in frames]
    return max(across for across, _ in extents), max(down for _, down in extents)


def _score(items: Sequence[_Item], space: CoordinateSpace, extent: tuple[float, float]) -> float:
    if not items:
        return 0.0
    if space is not CoordinateSpace.RELATIVE_1 and _parts_of_one(items):
        return 0.0
    return sum(item.inside(extent) for item in items) / len(items)


def _parts_of_one(items: Sequence[_Item]) -> bool:
    """Say whether all is within 0 to 1 and has decimals: in any other space that were a speck in the corner."""
    flat = [value for item in items for value in (*item.xs, *item.ys)]
    return max(map(abs, flat)) <= OVERSHOOT and any(value != int(value) for value in flat)


def _verdict(
    items: Sequence[_Item],
    expected: CoordinateSpace,
    extents: Mapping[CoordinateSpace, tuple[float, float]],
    scores: Mapping[CoordinateSpace, float],
) -> tuple[CoordinateSpace, tuple[str, ...]]:
    """Return the reading to prefer and why."""
    if not items:
        return expected, ()
    grid = _grid_of_thousand(items, expected, extents)
    if grid:
        return CoordinateSpace.RELATIVE_1000, (grid,)
    if 1 - scores[expected] < CLEAR_SHARE:
        return expected, ()
    reason = _misfit(items, expected, extents[expected])
    others = (s for s in _BY_PREFERENCE if s is not expected and not {s, expected} <= _THOUSANDTHS)
    best = max(others, key=lambda space: scores[space])
    if scores[best] < FITS:
        return expected, (reason, "No other reading places them either.")
    return best, (reason,)


def _misfit(items: Sequence[_Item], expected: CoordinateSpace, extent: tuple[float, float]) -> str:
    if _parts_of_one(items):
        return f"All numbers are parts of 1, which {expected.value} does not give."
    outside = sum(not item.inside(extent) for item in items)
    largest = max(max(*item.xs, *item.ys) for item in items)
    return (
        f"{outside} of {len(items)} places lie outside the picture as {expected.value} "
        f"({extent[0]:g} x {extent[1]:g}); the largest number is {largest:g}."
    )


def _grid_of_thousand(
    items: Sequence[_Item], expected: CoordinateSpace, extents: Mapping[CoordinateSpace, tuple[float, float]]
) -> str:
    """Say that numbers taken for pixels stop at 1000 though the picture goes on; empty where they do not."""
    if expected not in {CoordinateSpace.SENT_PIXELS, CoordinateSpace.ORIGINAL_PIXELS} or len(items) < 3:
        return ""
    across, down = extents[expected]
    if min(across, down) < 1000 * ROOMY:
        return ""
    flat = [value for item in items for value in (*item.xs, *item.ys)]
    # Two exact hits, of different items, with nothing beyond: borders of objects do not end there by chance.
    hits = sum(max(*item.xs, *item.ys) in {999, 1000} for item in items)
    if hits < 2 or max(flat) > 1000:
        return ""
    return (
        f"No number is beyond 1000, and {hits} places end exactly there, though the picture is {across:g} x {down:g}."
    )


def _order_doubts(numbers: Sequence[Sequence[float]]) -> tuple[str, ...]:
    """Say that boxes seem to be written as x, y, width, height; that is no matter of the space."""
    boxes = [four for four in numbers if len(four) == 4]
    backwards = sum(four[2] < four[0] or four[3] < four[1] for four in boxes)
    if backwards < 3 or 2 * backwards < len(boxes):
        return ()
    return (f"{backwards} of {len(boxes)} boxes end before they begin: they may be x, y, width, height.",)
