"""The order in which one would read what is on a picture: line by line from the top, each line from the left."""

from __future__ import annotations

from collections.abc import Iterable

from qwvis_desktop.core.annotation import Annotation, bounds_of


def reading_order(annotations: Iterable[Annotation]) -> tuple[str, ...]:
    """Return the ids of those that have a place in the plane, in reading order; then the others, as they come.

    Two stand in one line where the middle of the one that lies lower is still not below any of that line.
    """
    placed: list[tuple[float, float, float, float, str]] = []
    elsewhere = []
    for annotation in annotations:
        box = bounds_of(annotation)
        if box is None:
            elsewhere.append(annotation.id)
        else:
            left, top, _, bottom = box
            placed.append(((top + bottom) / 2, left, top, bottom, annotation.id))
    placed.sort(key=lambda each: each[:2])
    lines: list[list[tuple[float, float, str]]] = []
    end = 0.0
    for middle, left, top, bottom, key in placed:
        if lines and middle <= end:
            lines[-1].append((left, top, key))
            end = min(end, bottom)
        else:
            lines.append([(left, top, key)])
            end = bottom
    ordered = [key for line in lines for _, _, key in sorted(line, key=lambda each: each[:2])]
    return (*ordered, *elsewhere)
