"""How a model writes places, and what of a picture it was shown: the two borders of the one coordinate space inside.

Inside, every place is in pixels of the *upright original*. A ``CoordinateSpace`` says what a model's numbers mean, a
``Frame`` what was sent; together they lead both ways. Sources: ``qwen-api.md`` 1.7, 5.4, 7.9 and the corpus's README.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from qwvis_desktop.core.geometry import Box, Point, Polygon, Size

MAX_RATIO = 200
"""Longest to shortest side that the services take (``qwen-api.md`` 6)."""

MIN_SIDE = 11
"""Shortest side in pixels that the services take: "both > 10 px" (``qwen-api.md`` 6)."""


class CoordinateSpace(StrEnum):
    """What the numbers of a reply count.

    All count from the top left of what was sent: thousandths (or 999ths, or parts of 1) of its sides, its pixels as the
    model saw them (``sent-pixels``), or its pixels before it was scaled (``original-pixels``).
    """

    RELATIVE_1000 = "relative-1000"
    RELATIVE_999 = "relative-999"
    RELATIVE_1 = "relative-1"
    SENT_PIXELS = "sent-pixels"
    ORIGINAL_PIXELS = "original-pixels"

    def extent(self, frame: Frame) -> tuple[float, float]:
        """Return what the right and the bottom border of the frame are called in this space."""
        if self is CoordinateSpace.SENT_PIXELS:
            return float(frame.sent.width), float(frame.sent.height)
        if self is CoordinateSpace.ORIGINAL_PIXELS:
            sides = frame.crop.width, frame.crop.height
            return sides[::-1] if frame.turn % 2 else sides
        return _PARTS[self], _PARTS[self]


_PARTS = {
    CoordinateSpace.RELATIVE_1000: 1000.0,
    CoordinateSpace.RELATIVE_999: 999.0,
    CoordinateSpace.RELATIVE_1: 1.0,
}
"""What the relative spaces call the right and the bottom border."""


@dataclass(frozen=True, slots=True)
class ResizeRule:
    """The resize that a family's image processor applies (``qwen-api.md`` 5.4): multiples of ``factor`` in a budget.

    ``min_pixels`` and ``max_pixels`` bound width x height.
    """

    factor: int
    min_pixels: int
    max_pixels: int

    def resized(self, size: Size) -> Size:
        """Return the size the model sees of a picture of ``size``.

        Raises:
            ValueError: a side is not positive, or the sides' ratio is over 200 (the makers refuse it too).
        """
        width, height, factor = size.width, size.height, self.factor
        if min(width, height) <= 0:
            raise ValueError(f"a picture of {width}x{height} pixels has no area")
        if max(width, height) / min(width, height) > MAX_RATIO:
            raise ValueError(f"{width}x{height}: one side is more than {MAX_RATIO} times the other")
        # Python's round() is half-even, and so is the makers': 48/32 = 1.5 gives 2, 80/32 = 2.5 gives 2.
        new_width = max(factor, round(width / factor) * factor)
        new_height = max(factor, round(height / factor) * factor)
        if new_width * new_height > self.max_pixels:
            shrink = math.sqrt(width * height / self.max_pixels)
            new_width = max(factor, math.floor(width / shrink / factor) * factor)
            new_height = max(factor, math.floor(height / shrink / factor) * factor)
        elif new_width * new_height < self.min_pixels:
            grow = math.sqrt(self.min_pixels / (width * height))
            new_width = math.ceil(width * grow / factor) * factor
            new_height = math.ceil(height * grow / factor) * factor
        return Size(new_width, new_height)

    def within(self, size: Size, longest_side: int) -> ResizeRule:
        """Return the rule for a picture of ``size`` whose sides must not pass ``longest_side`` pixels when resized."""
        shrink = longest_side / max(size)
        if shrink >= 1:
            return self
        most = max(self.factor**2, min(self.max_pixels, math.floor(size.pixels * shrink * shrink)))
        return ResizeRule(self.factor, min(self.min_pixels, most), most)

    def enlarging(self, pixels: int) -> ResizeRule:
        """Return the rule by which pictures are sent with at least so many pixels, where the model takes that many."""
        return ResizeRule(self.factor, min(max(self.min_pixels, pixels), self.max_pixels), self.max_pixels)

    def tokens(self, size: Size) -> int:
        """Return the visual tokens a picture of ``size`` costs, start and end mark included (``qwen-api.md`` 5.4)."""
        return self.resized(size).pixels // (self.factor * self.factor) + 2


def widened(size: Size) -> Size:
    """Return the smallest size that services take (``qwen-api.md`` 6) and that holds a picture of ``size``."""
    width, height = (max(side, MIN_SIDE) for side in size)
    return Size(max(width, math.ceil(height / MAX_RATIO)), max(height, math.ceil(width / MAX_RATIO)))


class Orientation(IntEnum):
    """The eight EXIF orientations: where the stored picture's first row and column lie in the upright one."""

    NORMAL = 1
    MIRRORED = 2
    TURNED_180 = 3
    FLIPPED = 4
    TRANSPOSED = 5
    TURNED_RIGHT = 6
    TRANSVERSED = 7
    TURNED_LEFT = 8

    @classmethod
    def after_turn(cls, quarters: int) -> Orientation:
        """Return where an upright picture's rows and columns lie after ``quarters`` (0 to 3) of a turn clockwise."""
        return (cls.NORMAL, cls.TURNED_RIGHT, cls.TURNED_180, cls.TURNED_LEFT)[quarters]

    @property
    def swaps_sides(self) -> bool:
        """Whether the upright picture is as wide as the stored one is high."""
        return self >= Orientation.TRANSPOSED

    def upright_size(self, stored: Size) -> Size:
        """Return the size of the upright picture."""
        return Size(stored.height, stored.width) if self.swaps_sides else stored

    def to_upright(self, point: Point, stored: Size) -> Point:
        """Map a place in the stored picture (size ``stored``) into the upright one."""
        x, y, width, height = point.x, point.y, float(stored.width), float(stored.height)
        return Point(
            *{
                Orientation.NORMAL: (x, y),
                Orientation.MIRRORED: (width - x, y),
                Orientation.TURNED_180: (width - x, height - y),
                Orientation.FLIPPED: (x, height - y),
                Orientation.TRANSPOSED: (y, x),
                Orientation.TURNED_RIGHT: (height - y, x),
                Orientation.TRANSVERSED: (height - y, width - x),
                Orientation.TURNED_LEFT: (y, width - x),
            }[self]
        )

    def to_stored(self, point: Point, stored: Size) -> Point:
        """Map a place in the upright picture back into the stored one (size ``stored``)."""
        inverse = {
            Orientation.TURNED_RIGHT: Orientation.TURNED_LEFT,
            Orientation.TURNED_LEFT: Orientation.TURNED_RIGHT,
        }.get(self, self)
        return inverse.to_upright(point, self.upright_size(stored))


@dataclass(frozen=True, slots=True)
class Frame:
    """What was sent of a picture.

    Attributes:
        original: size of the upright original.
        sent: size in pixels of what the model saw.
        crop: the part of the upright original that was sent, in its pixels.
        turn: by how many quarters, clockwise, that part was turned before it was scaled; 0 to 3.

    Raises:
        ValueError: a size or the crop has no area, so that no place in it has a number; or there is no such turn.
    """

    original: Size
    sent: Size
    crop: Box
    turn: int = 0

    def __post_init__(self) -> None:
        sides = (*self.original, *self.sent, self.crop.width, self.crop.height)
        if min(sides) <= 0:
            raise ValueError("the original, the sent picture and the crop must each have an area")
        if self.turn not in range(4):
            raise ValueError(f"a picture is turned by 0 to 3 quarters, not {self.turn}")

    @classmethod
    def whole(cls, original: Size, sent: Size) -> Frame:
        """Return the frame of a picture sent whole."""
        return cls(original, sent, Box.whole(original))

    def to_original(self, point: Point, space: CoordinateSpace) -> Point:
        """Map a place as the model wrote it to pixels of the upright original; nothing is clipped."""
        across, down = space.extent(self)
        x, y = _turned(point.x / across, point.y / down, -self.turn % 4)
        return Point(self.crop.left + x * self.crop.width, self.crop.top + y * self.crop.height)

    def from_original(self, point: Point, space: CoordinateSpace) -> Point:
        """Map pixels of the upright original to what a model would write."""
        across, down = space.extent(self)
        left, top = (point.x - self.crop.left) / self.crop.width, (point.y - self.crop.top) / self.crop.height
        x, y = _turned(left, top, self.turn)
        return Point(x * across, y * down)

    def box_to_original(self, box: Box, space: CoordinateSpace) -> Box:
        """Map a box as the model wrote it to pixels of the upright original; nothing is clipped."""
        return Box.from_corners(
            self.to_original(Point(box.left, box.top), space), self.to_original(Point(box.right, box.bottom), space)
        )

    def box_from_original(self, box: Box, space: CoordinateSpace) -> Box:
        """Map a box in pixels of the upright original to what a model would write."""
        return Box.from_corners(
            self.from_original(Point(box.left, box.top), space), self.from_original(Point(box.right, box.bottom), space)
        )

    def polygon_to_original(self, polygon: Polygon, space: CoordinateSpace) -> Polygon:
        """Map an outline as the model wrote it to pixels of the upright original; nothing is clipped."""
        return Polygon(tuple(self.to_original(point, space) for point in polygon.points))


def _turned(x: float, y: float, quarters: int) -> tuple[float, float]:
    """Return where a place, in parts of the sides, lies after ``quarters`` of a turn clockwise."""
    for _ in range(quarters):
        x, y = 1 - y, x
    return x, y
