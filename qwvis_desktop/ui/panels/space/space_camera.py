"""``OrbitCamera``: the eye of the orbit view, which circles a point in space. Pure arithmetic, vectorised.

Metres in the document's camera axes: x right, y down, z forward. The view is in its own units, x right and y down.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from qwvis_desktop.core.camera import Vector
from qwvis_desktop.core.geometry import Point

if TYPE_CHECKING:  # numpy is slow to load and the window opens without it
    import numpy as np
    from numpy.typing import NDArray

FIELD_OF_VIEW = math.radians(45)
MIN_DISTANCE, MAX_DISTANCE = 0.05, 1e6
"""Metres from the eye to the point it circles."""

_STEEPEST = math.pi / 2
_NEAR_SHARE = 0.02
"""The near plane, as a share of the distance to the point that is circled."""

PRESETS: dict[str, tuple[float, float]] = {
    "front": (0.0, math.radians(12)),
    "top": (0.0, _STEEPEST),
    "side": (-math.pi / 2, math.radians(12)),
}
"""Azimuth and elevation; "camera" is the document's own camera, see ``OrbitCamera.at_camera``."""


@dataclass(frozen=True, slots=True)
class OrbitCamera:
    """Where the eye is and where it looks.

    Attributes:
        width: of the view.
        height: of the view.
        target: the point that is circled.
        distance: metres from the eye to it.
        azimuth: radians about the vertical; 0 looks forward (z), positive to the right.
        elevation: radians; positive looks down from above.
    """

    width: float
    height: float
    target: Vector = (0.0, 0.0, 5.0)
    distance: float = 10.0
    azimuth: float = math.radians(-35)
    elevation: float = math.radians(28)

    @property
    def focal(self) -> float:
        """Focal length in units of the view: the field of view fits the shorter side."""
        return max(min(self.width, self.height), 1.0) / (2 * math.tan(FIELD_OF_VIEW / 2))

    @property
    def axes(self) -> tuple[Vector, Vector, Vector]:
        """Unit vectors to the right, downwards and forward of the view."""
        (sa, ca), (se, ce) = ((math.sin(turn), math.cos(turn)) for turn in (self.azimuth, self.elevation))
        return (ca, 0.0, -sa), (-sa * se, ce, -ca * se), (sa * ce, se, ca * ce)

    @property
    def eye(self) -> Vector:
        """Where it looks from."""
        forward = self.axes[2]
        x, y, z = (middle - self.distance * step for middle, step in zip(self.target, forward, strict=True))
        return x, y, z

    @property
    def near(self) -> float:
        """Metres in front of the eye below which nothing is drawn."""
        return self.distance * _NEAR_SHARE

    # Moving

    def orbited(self, dx: float, dy: float) -> OrbitCamera:
        """Return the camera after a drag by units of the view: half a turn over the shorter side."""
        turn = math.pi / max(min(self.width, self.height), 1.0)
        elevation = min(max(self.elevation + dy * turn, -_STEEPEST), _STEEPEST)
        return replace(self, azimuth=math.remainder(self.azimuth + dx * turn, math.tau), elevation=elevation)

    def panned(self, dx: float, dy: float) -> OrbitCamera:
        """Return the camera with what lies at the target's depth moved by units of the view."""
        return self._shifted(-dx * self.distance / self.focal, -dy * self.distance / self.focal)

    def zoomed(self, factor: float, anchor: Point) -> OrbitCamera:
        """Return the camera nearer by ``factor``; what lies under ``anchor`` at the target's depth stays there."""
        distance = min(max(self.distance / factor, MIN_DISTANCE), MAX_DISTANCE)
        share = (self.distance - distance) / self.focal
        moved = self._shifted((anchor.x - self.width / 2) * share, (anchor.y - self.height / 2) * share)
        return replace(moved, distance=distance)

    def _shifted(self, right: float, down: float) -> OrbitCamera:
        across, along, _ = self.axes
        x, y, z = (
            min(max(middle + right * a + down * b, -MAX_DISTANCE), MAX_DISTANCE)
            for middle, a, b in zip(self.target, across, along, strict=True)
        )
        return replace(self, target=(x, y, z))

    def sized(self, width: float, height: float) -> OrbitCamera:
        """Return the camera for a view of another size."""
        return replace(self, width=width, height=height)

    def looking(self, preset: str) -> OrbitCamera:
        """Return the camera turned to one of ``PRESETS``."""
        azimuth, elevation = PRESETS[preset]
        return replace(self, azimuth=azimuth, elevation=elevation)

    def at_camera(self) -> OrbitCamera:
        """Return the eye of the document's own camera: at the origin, looking forward."""
        depth = max(self.target[2], 1.0)
        return replace(self, target=(0.0, 0.0, depth), distance=depth, azimuth=0.0, elevation=0.0)

    def fitted(self, points: NDArray[np.float64]) -> OrbitCamera:
        """Return the camera that has all ``points``, shape (n, 3), n > 0, in view, without being turned."""
        import numpy as np

        low, high = points.min(axis=0), points.max(axis=0)
        middle = (low + high) / 2
        radius = max(float(np.linalg.norm(points - middle, axis=1).max()), 0.5)
        x, y, z = (float(number) for number in middle)
        distance = radius / math.sin(FIELD_OF_VIEW / 2)
        return replace(self, target=(x, y, z), distance=min(distance, MAX_DISTANCE))

    # Seeing

    def in_view(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return ``points``, shape (..., 3), in the eye's own axes: right, down and forward of it, in metres."""
        import numpy as np

        seen: NDArray[np.float64] = (points - np.array(self.eye)) @ np.array(self.axes).T
        return seen

    def project(self, seen: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return where points of ``in_view`` are on the view, shape (..., 2); those behind as if at the near plane."""
        import numpy as np

        depth = np.maximum(seen[..., 2:], self.near)
        places: NDArray[np.float64] = seen[..., :2] * (self.focal / depth) + (self.width / 2, self.height / 2)
        return places

    def lines(
        self, starts: NDArray[np.float64], ends: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """Return segments as seen, shape (n, 4), and which of them are seen at all.

        Args:
            starts: points of ``in_view``, shape (n, 3).
            ends: the other ends.
        """
        import numpy as np

        near = self.near
        rise = ends[:, 2] - starts[:, 2]
        share = (near - starts[:, 2]) / np.where(rise == 0, 1.0, rise)
        cut = starts + share[:, None] * (ends - starts)
        first = np.where((starts[:, 2] < near)[:, None], cut, starts)
        second = np.where((ends[:, 2] < near)[:, None], cut, ends)
        before = (starts[:, 2] >= near) | (ends[:, 2] >= near)
        flat = np.hstack((self.project(first), self.project(second)))
        return clipped(flat, before, self.width, self.height)


def clipped(
    lines: NDArray[np.float64], kept: NDArray[np.bool_], width: float, height: float, margin: float = 16.0
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return lines, shape (n, 4), cut to the view and ``margin`` round it, and which of ``kept`` meet it.

    Painters of pixels lose precision and time over ends far outside.
    """
    import numpy as np

    start, step = lines[:, :2], lines[:, 2:] - lines[:, :2]
    low, high = np.array((-margin, -margin)), np.array((width + margin, height + margin))
    # Steps this small divide badly and move nothing.
    still = np.abs(step) < 1e-9
    safe = np.where(still, 1.0, step)
    one, other = (low - start) / safe, (high - start) / safe
    inside = (start >= low) & (start <= high)
    enter = np.where(still, np.where(inside, 0.0, np.inf), np.minimum(one, other)).max(axis=1).clip(0.0)
    leave = np.where(still, np.where(inside, 1.0, -np.inf), np.maximum(one, other)).min(axis=1).clip(max=1.0)
    meets = kept & (enter <= leave)
    enter, leave = np.where(meets, enter, 0.0)[:, None], np.where(meets, leave, 1.0)[:, None]
    return np.hstack((start + enter * step, start + leave * step)), meets
