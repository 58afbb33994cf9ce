"""Text regions for tests: lines at places of a page, upright or turned."""

from __future__ import annotations

import math
from collections.abc import Sequence

from qwvis_desktop.core.annotation import Provenance, TextRegion
from qwvis_desktop.core.geometry import Point, Polygon


def line(
    text: str,
    left: float,
    top: float,
    *,
    width: float | None = None,
    height: float = 20.0,
    degrees: float = 0.0,
    key: str = "",
    score: float | None = None,
    run: str = "",
) -> TextRegion:
    """Return a line; ``degrees`` turn it clockwise round its own top left."""
    wide = width if width is not None else 10.0 * max(len(text), 1)
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    corners = ((0.0, 0.0), (wide, 0.0), (wide, height), (0.0, height))
    points = tuple(Point(left + x * cos - y * sin, top + x * sin + y * cos) for x, y in corners)
    origin = Provenance(run, (0, 1)) if run else None
    return TextRegion(id=key or text, text=text, polygon=Polygon(points), score=score, provenance=origin)


def page(rows: Sequence[str], *, left: float = 40.0, top: float = 40.0, run: str = "") -> list[TextRegion]:
    """Return lines below each other."""
    return [line(text, left, top + 28.0 * place, key=f"{place}", run=run) for place, text in enumerate(rows)]
