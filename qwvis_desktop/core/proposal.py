"""Reading a text region again: which part of the picture is sent, and what the reply proposes for the region."""

from __future__ import annotations

from typing import NamedTuple

from qwvis_desktop.core.annotation import TextRegion
from qwvis_desktop.core.document import Run
from qwvis_desktop.core.geometry import Box, Polygon, Size
from qwvis_desktop.core.plane.reading_order import column_order
from qwvis_desktop.core.text.flow import running_joint, texts_of
from qwvis_desktop.core.text.places import Sides, sides_of

_ROOM = 0.6
"""Of a line's height: how much round it is sent too; engines miss letters that touch the border."""

_ENGINE_ROOM = 9.0
"""The same for an engine that enlarges what it is sent until its shorter side has 736 pixels."""

_LEAST_ROOM = 6.0
"""Pixels of that at least."""

_THINNEST = 6.0
"""How many times as long as high a part is at most: engines enlarge by the shorter side and take long for thin ones."""

_SLACK = 0.15
"""Of a region's sides: so far beside it the middle of what was read may lie and still be of it."""


class Proposal(NamedTuple):
    """What a region says by another reading; ``polygon`` and ``score`` are None where they were not told for it."""

    text: str
    polygon: Polygon | None = None
    score: float | None = None


def part_to_send(region: TextRegion, size: Size, *, is_engine: bool = False) -> Box:
    """Return the part of a picture of ``size`` that is sent to read a region again, in pixels.

    An engine that looks for lines by itself (``is_engine``) is sent more of what is round it: it enlarges small parts
    until it takes letters for lines.
    """
    box = region.polygon.bounds
    room = _ENGINE_ROOM if is_engine else _ROOM
    room = max(room * min(sides_of(region).height, box.height), _LEAST_ROOM)
    across = max(room, (box.height / _THINNEST - box.width) / 2)
    down = max(room, (box.width / _THINNEST - box.height) / 2)
    wanted = Box(box.left - across, box.top - down, box.right + across, box.bottom + down)
    return wanted.intersection(Box.whole(size)) or Box.whole(size)


def is_of_a_part(run: Run) -> bool:
    """Say whether only a part of the picture was sent."""
    return run.frame is not None and run.frame.crop != Box.whole(run.frame.original)


def proposal_of(region: TextRegion, run: Run) -> Proposal | None:
    """Return what a run about the part round ``region`` proposes for it; None where it read nothing there.

    The part holds neighbours too: only what stands in the region counts.
    """
    found = texts_of(run.as_read)
    if not found:
        text = " ".join((run.text or "").split())
        return Proposal(text) if text and not run.as_read else None
    sides = sides_of(region)
    inside = {each.id: each for each in found if each.text.strip() and _lies_in(sides, each)}
    if not inside:
        return None
    ordered = [inside[key] for key in column_order(inside.values())]
    text, before = "", None
    for each in ordered:
        text += (running_joint(before, each) if before is not None else "") + each.text.strip()
        before = each
    return Proposal(text, ordered[0].polygon, ordered[0].score) if len(ordered) == 1 else Proposal(text)


def _lies_in(sides: Sides, region: TextRegion) -> bool:
    share = sides.shares(sides_of(region).center)
    return -_SLACK <= share.x <= 1 + _SLACK and -_SLACK <= share.y <= 1 + _SLACK
