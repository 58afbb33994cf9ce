"""From the numbers of a reply to pixels of the upright original: finite, ordered, inside the picture."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from qwvis_desktop.core.annotation import JsonValue
from qwvis_desktop.core.camera import Vector
from qwvis_desktop.core.coordinates import CoordinateSpace, Frame
from qwvis_desktop.core.geometry import Box, Point, Polygon

HUGE = 1e6
"""No picture has a side this long in pixels; a number beyond it is no coordinate."""

POINT_OVERSHOOT = 0.05
"""How far, in parts of the picture's side, a point may lie outside and still be meant for its border.

Models overshoot by a few thousandths (``qwen-api.md`` 1.7); more than 5 % says that the numbers count something else
(7.9). A box that is partly inside is clipped however far it reaches; a point has no inside part to keep.
"""

LEAST_SIDE = 1e-6
"""Sides in pixels below this are none: what is left of a clipped box that only touched the border."""

_NUMBER = re.compile(r"\s*[-+]?(?:\d{1,20}\.?\d{0,20}|\.\d{1,20})(?:[eE][-+]?\d{1,3})?\s*\Z")
_NUMBERS = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_ONLY_NUMBERS = re.compile(r"[\s()\[\],;，、\d.eE+-]*\Z")


class Misplaced(Exception):
    """Numbers that make no place; ``code`` and a sentence for people.

    Args:
        code: the code of the issue.
        message: what is wrong, in a sentence.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def number(value: JsonValue) -> float | None:
    """Return a number, also one in quotes; None where ``value`` is none."""
    if isinstance(value, bool):
        return None
    if isinstance(value, float):
        return value
    if isinstance(value, int):
        return float(value) if abs(value) < 1e300 else math.inf
    if isinstance(value, str) and len(value) <= 50 and _NUMBER.match(value):
        return float(value)
    return None


def numbers_in(text: str) -> tuple[float, ...] | None:
    """Return the numbers in a text that holds nothing else but brackets and commas; None for any other."""
    if len(text) > 4096 or not _ONLY_NUMBERS.match(text):
        return None
    return tuple(float(found) for found in _NUMBERS.findall(text))


class Placer:
    """Maps numbers of one space to pixels of one picture's upright original; made by ``placer_of``.

    Args:
        frame: what was sent of the picture.
        space: what the numbers count.
    """

    def __init__(self, frame: Frame, space: CoordinateSpace) -> None:
        across, down = space.extent(frame)
        self._x_scale, self._y_scale = frame.crop.width / across, frame.crop.height / down
        self._left, self._top = frame.crop.left, frame.crop.top
        self._width, self._height = float(frame.original.width), float(frame.original.height)

    def _pixels(self, numbers: Sequence[float]) -> list[float]:
        """Return x, y, x, y ... in pixels.

        Raises:
            Misplaced: a number is not finite or huge.
        """
        _refuse_huge(numbers)
        return [
            value * self._y_scale + self._top if index % 2 else value * self._x_scale + self._left
            for index, value in enumerate(numbers)
        ]

    def box(self, numbers: Sequence[float]) -> Box:
        """Return the box between two opposite corners, clipped to the picture.

        Raises:
            Misplaced: it has no area, or none inside.
        """
        x1, y1, x2, y2 = numbers
        left, right = x1 * self._x_scale + self._left, x2 * self._x_scale + self._left
        top, bottom = y1 * self._y_scale + self._top, y2 * self._y_scale + self._top
        if (
            left >= 0.0 <= top
            and left + LEAST_SIDE <= right <= self._width
            and top + LEAST_SIDE <= bottom <= self._height
        ):
            return Box(left, top, right, bottom)  # as nearly all are; the rest is looked at closely
        return self._odd_box(numbers)

    def _odd_box(self, numbers: Sequence[float]) -> Box:
        x1, y1, x2, y2 = self._pixels(numbers)
        if x1 > x2:
            x1, x2 = x2, x1
        if y1 > y2:
            y1, y2 = y2, y1
        if x2 - x1 < LEAST_SIDE or y2 - y1 < LEAST_SIDE:
            raise Misplaced("no-area", "A box without area was refused.")
        if x1 < 0.0 or y1 < 0.0 or x2 > self._width or y2 > self._height:
            x1, y1, x2, y2 = max(x1, 0.0), max(y1, 0.0), min(x2, self._width), min(y2, self._height)
            if x2 - x1 < LEAST_SIDE or y2 - y1 < LEAST_SIDE:
                raise Misplaced("outside", "A box that lies outside the picture was refused.")
        return Box(x1, y1, x2, y2)

    def corners(self, box: Box) -> tuple[Point, ...]:
        """Return the corners of a box that was placed, clockwise from its top left as the model saw the picture."""
        return box.corners

    def in_space(self, center: Vector, angles: Vector) -> tuple[Vector, Vector]:
        """Return a box in space, given by its centre and its angles as the model saw it, in the upright camera."""
        return center, angles

    def point(self, numbers: Sequence[float]) -> Point:
        """Return the point; one that overshoots the picture a little is moved to its border.

        Raises:
            Misplaced: it lies further outside.
        """
        x, y = self._pixels(numbers)
        beyond = max(-x / self._width, x / self._width - 1, -y / self._height, y / self._height - 1)
        if beyond > POINT_OVERSHOOT:
            raise Misplaced("outside", "A point that lies outside the picture was refused.")
        return self._clipped(x, y)

    def outline(self, numbers: Sequence[float]) -> Polygon:
        """Return the outline through the corners x, y, x, y ..., each clipped to the picture.

        Raises:
            Misplaced: it has no area, or none inside.
        """
        flat = self._pixels(numbers)
        whole = Polygon(tuple(Point(x, y) for x, y in zip(flat[::2], flat[1::2], strict=True)))
        if whole.area < LEAST_SIDE:
            raise Misplaced("no-area", "An outline without area was refused.")
        clipped = Polygon(tuple(self._clipped(x, y) for x, y in whole.points))
        if clipped.area < LEAST_SIDE:
            raise Misplaced("outside", "An outline that lies outside the picture was refused.")
        return clipped

    def _clipped(self, x: float, y: float) -> Point:
        return Point(min(max(x, 0.0), self._width), min(max(y, 0.0), self._height))


class _TurnedPlacer(Placer):
    """A placer for a picture that was turned before it was sent: across there may be down here."""

    def __init__(self, frame: Frame, space: CoordinateSpace) -> None:
        super().__init__(frame, space)
        self._frame, self._space = frame, space

    def _pixels(self, numbers: Sequence[float]) -> list[float]:
        _refuse_huge(numbers)
        places = zip(numbers[::2], numbers[1::2], strict=True)
        return [value for x, y in places for value in self._frame.to_original(Point(x, y), self._space)]

    def box(self, numbers: Sequence[float]) -> Box:
        return self._odd_box(numbers)

    def in_space(self, center: Vector, angles: Vector) -> tuple[Vector, Vector]:
        # R = Rz Ry Rx, so that the camera's own turn about z just adds to the third angle, in half turns.
        x, y, z = center
        for _ in range(-self._frame.turn % 4):
            x, y = -y, x
        pitch, yaw, roll = angles
        roll -= self._frame.turn / 2
        return (x, y, z), (pitch, yaw, roll if roll > -1 else roll + 2)

    def corners(self, box: Box) -> tuple[Point, ...]:
        first = -self._frame.turn % 4
        return box.corners[first:] + box.corners[:first]


def placer_of(frame: Frame, space: CoordinateSpace) -> Placer:
    """Return what maps numbers of ``space`` to pixels of the upright original that ``frame`` was made of."""
    return _TurnedPlacer(frame, space) if frame.turn else Placer(frame, space)


def _refuse_huge(numbers: Sequence[float]) -> None:
    for value in numbers:
        if not -HUGE < value < HUGE:
            raise Misplaced("bad-number", f"A coordinate of {value:g} is no place in a picture.")


def turned_corners(numbers: Sequence[float]) -> tuple[float, ...]:
    """Return the corners x1, y1 ... x4, y4 of a turned box (centre, width, height, degrees), the text's top left first.

    As the OCR service writes it the width runs along the angle, y pointing down, and the text runs across it: at 90
    degrees the width is the line's height (corpus, ``cn-ocr-rotated``: all 96 numbers agree).
    """
    x, y, width, height, degrees = numbers
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    along, across = (width / 2 * cos, width / 2 * sin), (-height / 2 * sin, height / 2 * cos)
    signs = ((-1, 1), (-1, -1), (1, -1), (1, 1))
    return tuple(
        value for a, b in signs for value in (x + a * along[0] + b * across[0], y + a * along[1] + b * across[1])
    )
