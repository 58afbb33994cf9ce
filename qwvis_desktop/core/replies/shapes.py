"""What the numbers under a key are: a box, a point, an outline, a turned box, a cuboid; one or several."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from qwvis_desktop.core.annotation import JsonValue
from qwvis_desktop.core.replies.json_tree import Bare
from qwvis_desktop.core.replies.placing import Misplaced, number, numbers_in
from qwvis_desktop.core.replies.vocabulary import (
    BOX_KEYS,
    CUBOID_KEYS,
    OPEN_KEYS,
    OUTLINE_KEYS,
    POINT_KEYS,
    SIDES,
    TURNED_BOX_KEYS,
    plain,
)


class Echo(Exception):
    """Placeholders stand where numbers should: the reply repeats the format that was asked for."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A place as the model wrote it: "box", "point", "outline", "turned" or "cuboid"."""

    kind: str
    numbers: tuple[float, ...]


_BY_COUNT: dict[str, dict[int, str]] = {
    "box": {4: "box"},
    "point": {2: "point"},
    "cuboid": {9: "cuboid"},
    "outline": {4: "box"},
    "turned": {5: "turned"},
    "open": {2: "point", 4: "box", 8: "outline"},
}
"""What so many numbers are, for each family of keys; of an outline there may be any number of corners from three on."""

_FAMILIES = {
    **dict.fromkeys(OPEN_KEYS, "open"),
    **dict.fromkeys(TURNED_BOX_KEYS, "turned"),
    **dict.fromkeys(OUTLINE_KEYS, "outline"),
    **dict.fromkeys(CUBOID_KEYS, "cuboid"),
    **dict.fromkeys(POINT_KEYS, "point"),
    **dict.fromkeys(BOX_KEYS, "box"),
}

_SURE = frozenset(key for key in _FAMILIES if key.endswith(("2d", "3d")) or key.startswith(("bbox", "bounding")))
"""Keys with no other meaning."""

_WANTED = {
    "box": "four",
    "point": "two",
    "cuboid": "nine",
    "outline": "at least three pairs",
    "turned": "five",
    "open": "two, four or eight",
}


def shapes_of(key: str, value: JsonValue, *, text: bool = False, points: bool = False) -> list[Shape]:
    """Return the places under ``key`` (as ``plain`` spells it); none where there is validly nothing.

    Args:
        key: a key of ``PLACE_KEYS``.
        value: what stands under it.
        text: text was asked for, so that four corners are one outline.
        points: points were asked for, so that pairs are points.

    Raises:
        Misplaced: a wrong count, or something that is no number.
        Echo: placeholders instead of numbers.
    """
    if value is None or value == [] or value == "":
        return []
    family = _FAMILIES[key]
    if isinstance(value, dict):
        return _inner(value, text=text, points=points)
    if not isinstance(value, list):
        return [_counted(family, numbers) for numbers in _scalar(key, value)]
    if all(isinstance(item, dict) for item in value):
        return []  # objects of their own; each was read when it closed
    if any(isinstance(item, list) for item in value):
        return _nested(family, value, text=text, points=points)
    return [_counted(family, _numbers(value))]


def _inner(value: dict[str, JsonValue], *, text: bool, points: bool) -> list[Shape]:
    """Return the place that an object under a key of a place holds."""
    shape = sides_of(value)
    if shape is not None:
        return [shape]
    inner = next((name for name in value if plain(name) in _FAMILIES), None)
    return [] if inner is None else shapes_of(plain(inner), value[inner], text=text, points=points)


def _scalar(key: str, value: JsonValue) -> list[tuple[float, ...]]:
    """Return the numbers in a string; none where the key may mean something else: ``"location": "kitchen"``."""
    numbers = numbers_in(value) if isinstance(value, str) else None
    if numbers:
        return [numbers]
    if isinstance(value, Bare):
        raise Echo
    if key in _SURE:
        raise Misplaced("bad-number", f"{str(value)[:40]!r} is no place.")
    return []


def _numbers(items: list[JsonValue]) -> tuple[float, ...]:
    numbers = [number(item) for item in items]
    found = [value for value in numbers if value is not None]
    if len(found) == len(numbers):
        return tuple(found)
    if not found and all(isinstance(item, str) for item in items):
        raise Echo
    raise Misplaced("bad-number", "Something that is no number stands among the coordinates.")


def _counted(family: str, numbers: tuple[float, ...]) -> Shape:
    corners = family == "outline" and len(numbers) >= 6 and len(numbers) % 2 == 0
    kind = "outline" if corners else _BY_COUNT[family].get(len(numbers))
    if kind is None:
        raise Misplaced("bad-count", f"{len(numbers)} numbers where {_WANTED[family]} are due.")
    return Shape(kind, numbers)


def _nested(family: str, value: list[JsonValue], *, text: bool, points: bool) -> list[Shape]:
    rows = [item for item in value if isinstance(item, list)]
    if len(rows) != len(value):
        raise Misplaced("bad-count", "Numbers and lists of numbers are mixed.")
    if any(isinstance(item, list) for row in rows for item in row):
        return [shape for row in rows for shape in _nested(family, row, text=text, points=points)]
    numbers = [_numbers(row) for row in rows]
    joined = tuple(value for row in numbers for value in row)
    if family == "cuboid" and len(rows) == 3 and len(joined) == 9:
        return [Shape("cuboid", joined)]
    corners = family in ("box", "outline") or (family == "open" and not points)
    if corners and all(len(row) == 2 for row in numbers):
        if len(rows) == 2:
            return [Shape("box", joined)]
        if family == "outline" or (len(rows) == 4 and (family == "box" or text)):
            return [Shape("outline", joined)]
    return [_counted(family, row) for row in numbers]


def sides_of(value: dict[str, JsonValue]) -> Shape | None:
    """Return the place whose sides stand under keys of their own; None where there is none.

    ``x1 y1 x2 y2`` and their kin are a box, ``x y width height`` and ``left top width height`` too, ``x y`` alone is a
    point.
    """
    named = {plain(key): item for key, item in value.items()}
    sides = {SIDES[key]: number(item) for key, item in named.items() if key in SIDES}
    if len(sides) == 4:
        return _whole("box", [sides[index] for index in range(4)])
    x, y = (sides.get(index, number(named.get(name))) for index, name in enumerate("xy"))
    if x is None or y is None:
        return None
    width, height = (number(named.get(a, named.get(b))) for a, b in (("width", "w"), ("height", "h")))
    if width is not None and height is not None:
        return Shape("extent", (x, y, width, height))
    return None if sides else Shape("point", (x, y))


def _whole(kind: str, numbers: list[float | None]) -> Shape | None:
    found = tuple(value for value in numbers if value is not None)
    return Shape(kind, found) if len(found) == len(numbers) else None


def named_boxes(value: dict[str, JsonValue], *, points: bool) -> Iterator[tuple[str, Shape]]:
    """Yield label and place of each box in an object whose keys are labels; none unless every value is of that kind."""
    found: list[tuple[str, Shape]] = []
    for label, item in value.items():
        if not isinstance(item, list) or not item:
            return
        try:
            shapes = shapes_of("point2d" if points else "bbox2d", item, points=points)
        except (Echo, Misplaced):
            return
        if not shapes:
            return
        found.extend((label, shape) for shape in shapes)
    yield from found
