"""Grounding tags as the objects they stand for: ``<box>``, ``<quad>``, ``<point>``, ``<points x1= y1= alt=>``."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qwvis_desktop.core.annotation import JsonValue
from qwvis_desktop.core.replies.reply_stream import MarkedPlace

_KEYS = {"box": "bbox_2d", "quad": "polygon", "point": "point_2d"}
_ATTRIBUTE = re.compile(r"([A-Za-z]+)(\d*)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+))")


def marked_objects(marked: MarkedPlace) -> Iterator[dict[str, JsonValue]]:
    """Yield the objects that a tag stands for."""
    if marked.tag != "points":
        place: dict[str, JsonValue] = {_KEYS[marked.tag]: marked.body}
        yield place | {"label": marked.label} if marked.label else place
        return
    opening, _, text = marked.body.partition(">")
    numbers: dict[str, dict[str, JsonValue]] = {}
    label = text.strip()
    for name, index, *values in _ATTRIBUTE.findall(opening):
        value = next((item for item in values if item), "")
        if name == "alt":
            label = value
        elif name in ("x", "y"):
            numbers.setdefault(index, {})[name] = value
    for index in sorted(numbers, key=lambda key: int(key or 0)):
        point = numbers[index]
        yield {"point_2d": [point.get("x", ""), point.get("y", "")], "label": label}
