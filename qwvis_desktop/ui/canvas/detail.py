"""Which part of a large picture is to be read, so that what is on view is sharp."""

from __future__ import annotations

import math

from qwvis_desktop.core.geometry import Box, Point
from qwvis_desktop.ui.canvas.viewport import Viewport
from qwvis_desktop.ui.images import Detail, Picture

MARGIN = 0.5
"""Shares of the view by which a part reaches beyond it on each side, so that a small move needs no other."""


def wanted_part(
    picture: Picture | None, viewport: Viewport, view: Point, shown: Detail | None
) -> tuple[Box, int] | None:
    """Return the part of a picture to read, in its pixels, and by what to divide its sides.

    Args:
        picture: as it is shown.
        viewport: where it lies.
        view: size of the view in widget units.
        shown: the part that is there already.

    Returns:
        None where the picture is no overview, is sharp as it is, or ``shown`` is as sharp and covers the view.
    """
    if picture is None or not picture.is_overview or viewport.zoom * picture.size.width <= picture.levels[0].width():
        return None
    whole = Box.whole(picture.size)
    seen = viewport.visible(view).intersection(whole)
    if seen is None:
        return None
    shrink = 1 << max(0, int(math.log2(1 / viewport.zoom)))
    if shown is not None and shown.part.shrink <= shrink and shown.part.box.intersection(seen) == seen:
        return None
    across, down = seen.width * MARGIN, seen.height * MARGIN
    wide = Box(seen.left - across, seen.top - down, seen.right + across, seen.bottom + down)
    return wide.intersection(whole) or seen, shrink
