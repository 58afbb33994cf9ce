"""``PlanMap``: where the ground lies on a plan. Pure arithmetic between metres (x, z) and units of the view.

x runs to the right and z, away from the camera, upwards.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from qwvis_desktop.core.geometry import Box, Point

MIN_SCALE, MAX_SCALE = 1e-4, 5_000.0
"""Units of the view per metre."""

SMALLEST_FIT = 4.0
"""Metres that a fitted plan shows at least: one cup is not blown up to the width of a street."""

_STEPS = (1.0, 2.0, 5.0)
_AHEAD = Point(0.0, 4.0)


@dataclass(frozen=True, slots=True)
class PlanMap:
    """A place and a scale.

    Attributes:
        width: of the view.
        height: of the view.
        scale: units of the view per metre.
        middle: x and z in metres in the middle of the view.
    """

    width: float
    height: float
    scale: float = 40.0
    middle: Point = _AHEAD

    @classmethod
    def fitted(cls, ground: Box, width: float, height: float, margin: float = 0.0) -> PlanMap:
        """Return the map that shows ``ground`` (x and z in metres) whole, with ``margin`` units free on all sides."""
        across, along = max(width - 2 * margin, 1.0), max(height - 2 * margin, 1.0)
        scale = min(across / max(ground.width, SMALLEST_FIT), along / max(ground.height, SMALLEST_FIT))
        return cls(width, height, _limited(scale), ground.center)

    def to_view(self, point: Point) -> Point:
        """Map metres to the view."""
        return Point(
            self.width / 2 + (point.x - self.middle.x) * self.scale,
            self.height / 2 - (point.y - self.middle.y) * self.scale,
        )

    def to_ground(self, point: Point) -> Point:
        """Map a place on the view to metres."""
        return Point(
            self.middle.x + (point.x - self.width / 2) / self.scale,
            self.middle.y - (point.y - self.height / 2) / self.scale,
        )

    @property
    def ground(self) -> Box:
        """What is seen, x and z in metres."""
        return Box.from_corners(self.to_ground(Point(0.0, 0.0)), self.to_ground(Point(self.width, self.height)))

    def zoomed(self, factor: float, anchor: Point) -> PlanMap:
        """Return the map at ``factor`` times the scale in which what lies under ``anchor`` stays there."""
        held, scale = self.to_ground(anchor), _limited(self.scale * factor)
        return replace(
            self,
            scale=scale,
            middle=Point(
                held.x - (anchor.x - self.width / 2) / scale,
                held.y + (anchor.y - self.height / 2) / scale,
            ),
        )

    def panned(self, dx: float, dy: float) -> PlanMap:
        """Return the map with the ground moved by units of the view."""
        return replace(self, middle=Point(self.middle.x - dx / self.scale, self.middle.y + dy / self.scale))

    def sized(self, width: float, height: float) -> PlanMap:
        """Return the map for a view of another size, the middle staying in the middle."""
        return replace(self, width=width, height=height)

    def with_in_view(self, point: Point, margin: float) -> PlanMap:
        """Return the map moved as little as needed so that ``point`` (metres) is ``margin`` units inside the view."""
        seen = self.to_view(point)
        room_x, room_y = min(margin, self.width / 2), min(margin, self.height / 2)
        x = min(max(seen.x, room_x), self.width - room_x)
        y = min(max(seen.y, room_y), self.height - room_y)
        return self.panned(x - seen.x, y - seen.y)


def _limited(scale: float) -> float:
    return min(max(scale, MIN_SCALE), MAX_SCALE)


def round_length(at_least: float) -> float:
    """Return the smallest of 1, 2, 5, 10, 20 ... (and their tenths) metres that is not below ``at_least`` > 0."""
    power = 10.0 ** math.floor(math.log10(at_least))
    # A hair of tolerance: 0.05 must not become 0.1 because of its last bit.
    return next((step * power for step in _STEPS if step * power >= at_least * (1 - 1e-9)), 10.0 * power)


def multiples(step: float, start: float, end: float) -> list[float]:
    """Return the multiples of ``step`` from ``start`` to ``end``."""
    return [step * number for number in range(math.ceil(start / step), math.floor(end / step) + 1)]


def metres(length: float) -> str:
    """Return a length as people read it: 5 cm, 2.35 m, 1.2 km."""
    if length < 1:
        return f"{length * 100:.3g} cm"
    if length < 1000:
        return f"{length:.2f} m" if length < 100 else f"{length:.0f} m"
    return f"{length / 1000:.3g} km"


def round_metres(length: float) -> str:
    """Return a round length without empty decimals: 20 cm, 5 m, 2 km."""
    for unit, name in ((1000.0, "km"), (1.0, "m")):
        if length >= unit * (1 - 1e-9):
            return f"{length / unit:g} {name}"
    return f"{length * 100:g} cm"
