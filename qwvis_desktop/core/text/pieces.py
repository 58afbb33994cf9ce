"""Text regions split and merged: pure functions that give new ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from qwvis_desktop.core.annotation import TextRegion, new_id
from qwvis_desktop.core.geometry import Polygon
from qwvis_desktop.core.text.flow import running_joint
from qwvis_desktop.core.text.places import caret, sides_of, union


def split(region: TextRegion, offset: int) -> tuple[TextRegion, TextRegion] | None:
    """Return the two parts of a region before and after ``offset``, cut where that letter is estimated to stand.

    The first keeps the id. A score was given to the whole, so neither part has one. None where a part would be empty.
    """
    first, second = region.text[:offset].strip(), region.text[offset:].strip()
    if not first or not second:
        return None
    sides = sides_of(region)
    upper, _ = caret(region, offset)
    share = sides.shares(upper).x
    if "\n" in region.text:
        # Between two of its lines; within the only line above or below, through its middle.
        lines, rest = region.text.count("\n") + 1, region.text[offset:]
        above = region.text[:offset].count("\n") + (1 if rest.startswith("\n") else 0)
        down = min(max(above, 0.5), lines - 0.5) / lines
        upper_part = Polygon((sides.first, sides.second, sides.at(1, down), sides.at(0, down)))
        quads = upper_part, Polygon((sides.at(0, down), sides.at(1, down), sides.third, sides.fourth))
    else:
        left = Polygon((sides.first, sides.at(share, 0), sides.at(share, 1), sides.fourth))
        right = Polygon((sides.at(share, 0), sides.second, sides.third, sides.at(share, 1)))
        # In a right-to-left line the first part is the one on the right.
        ahead = sides.shares(caret(region, 0)[0]).x <= share
        quads = (left, right) if ahead else (right, left)
    return (
        replace(region, text=first, polygon=quads[0], score=None),
        replace(region, id=new_id(), text=second, polygon=quads[1], score=None),
    )


def merged(regions: Sequence[TextRegion]) -> TextRegion:
    """Return one region of several, in their order, with the id of the first; it has no score, nobody gave it one."""
    text, before = "", None
    for region in regions:
        text += (running_joint(before, region) if before is not None else "") + region.text
        before = region
    return replace(regions[0], text=text, polygon=union(regions), score=None)
