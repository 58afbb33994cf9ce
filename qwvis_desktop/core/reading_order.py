"""The order in which one would read what is on a picture: line by line from the top, each line from the left."""

from __future__ import annotations

from collections.abc import Iterable

from qwvis_desktop.core.annotation import Annotation, bounds_of
from qwvis_desktop.core.geometry import Box


def reading_order(annotations: Iterable[Annotation]) -> tuple[str, ...]:
    """Return the ids of those that have a place in the plane, in reading order; then the others, as they come.

    Two stand in one line where the middle of the one that lies lower is still not below any of that line.
    """
    placed: list[tuple[Box, str]] = []
    elsewhere = []
    for annotation in annotations:
        box = bounds_of(annotation)
        if box is None:
            elsewhere.append(annotation.id)
        else:
            placed.append((box, annotation.id))
    placed.sort(key=lambda each: (each[0].center.y, each[0].left))
    lines: list[list[tuple[Box, str]]] = []
    bottom = 0.0
    for box, key in placed:
        if lines and box.center.y <= bottom:
            lines[-1].append((box, key))
            bottom = min(bottom, box.bottom)
        else:
            lines.append([(box, key)])
            bottom = box.bottom
    ordered = [key for line in lines for _, key in sorted(line, key=lambda each: (each[0].left, each[0].top))]
    return (*ordered, *elsewhere)
