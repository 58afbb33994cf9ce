"""``SpaceScene``: the cuboids of a document as arrays, as the views of space draw and meet them.

Metres in camera axes: x right, y down, z forward. Which of a cuboid's own axes stands upright is looked up and not
taken for granted: models write a car on its wheels as well as one turned by 90 degrees twice.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qwvis_desktop.core.annotation import Cuboid
from qwvis_desktop.core.camera import AngleConvention, all_corners
from qwvis_desktop.core.document import Document
from qwvis_desktop.ui.palette import color_index

if TYPE_CHECKING:  # numpy is slow to load and the window opens without it
    import numpy as np
    from numpy.typing import NDArray

FARTHEST = 1e6
"""Metres; what lies beyond, or is as large, is no place on earth and is not drawn."""

_TINY = 1e-12

_UPRIGHT_SIDES = ((1, 2), (2, 0), (0, 1))
"""For each axis that may stand upright, the two others."""

_OUTLINE = ((1, 1), (1, -1), (-1, -1), (-1, 1))
"""The corners of a footprint, by the signs along its two axes."""

_SIDE_SIGNS = ((0, 1), (1, -1), (0, -1), (1, 1))
"""The sides of a footprint: between each corner and the next lies the face of this axis (first, second) and sign."""


@dataclass(frozen=True, slots=True, eq=False)
class SpaceScene:
    """Cuboids that can be drawn, in the document's order.

    Attributes:
        cuboids: as the document holds them.
        left_out: labels of those that cannot be drawn: not finite, or farther away than ``FARTHEST``.
        colors: places in ``palette.COLORS``, shape (n,).
        corners: shape (n, 8, 3), numbered as ``camera.corners`` does.
        footprints: the outline of the face each stands on, x and z, shape (n, 4, 2).
        sides: shape (n, 4, 2): for each side of the footprint (from its corner to the next) the cuboid's own axis
            that points out of it (0, 1, 2) and the sign along it.
        headings: unit vectors in x and z along the length (the first axis that does not stand upright), shape (n, 2).
    """

    cuboids: tuple[Cuboid, ...]
    left_out: tuple[str, ...]
    places: dict[str, int]
    colors: NDArray[np.intp]
    corners: NDArray[np.float64]
    footprints: NDArray[np.float64]
    sides: NDArray[np.intp]
    headings: NDArray[np.float64]

    @classmethod
    def of_document(cls, document: Document, hidden: Collection[str] = ()) -> SpaceScene:
        """Return what of ``document`` is to be drawn."""
        cuboids = [a for a in document.annotations.values() if isinstance(a, Cuboid) and a.id not in hidden]
        return cls.of(cuboids, document.convention)

    @classmethod
    def of(cls, cuboids: Sequence[Cuboid], convention: AngleConvention) -> SpaceScene:
        """Return a scene of these; what cannot be drawn is left out and named."""
        import numpy as np

        good = tuple(cuboid for cuboid in cuboids if is_drawable(cuboid))
        corners = all_corners(good, convention)
        footprints, sides, headings = _bases(corners)
        return cls(
            cuboids=good,
            left_out=tuple(cuboid.label for cuboid in cuboids if not is_drawable(cuboid)),
            places={cuboid.id: place for place, cuboid in enumerate(good)},
            colors=np.array([color_index(cuboid.label) for cuboid in good], dtype=np.intp),
            corners=corners,
            footprints=footprints,
            sides=sides,
            headings=headings,
        )

    def with_replaced(self, cuboids: Sequence[Cuboid], convention: AngleConvention) -> SpaceScene:
        """Return the scene with ``cuboids`` in the places of those with the same ids; others are left out."""
        new = SpaceScene.of([cuboid for cuboid in cuboids if cuboid.id in self.places], convention)
        places = [self.places[cuboid.id] for cuboid in new.cuboids]
        replaced = dict(zip(places, new.cuboids, strict=True))
        corners, footprints = self.corners.copy(), self.footprints.copy()
        sides, headings = self.sides.copy(), self.headings.copy()
        corners[places], footprints[places] = new.corners, new.footprints
        sides[places], headings[places] = new.sides, new.headings
        return SpaceScene(
            cuboids=tuple(replaced.get(place, cuboid) for place, cuboid in enumerate(self.cuboids)),
            left_out=self.left_out,
            places=self.places,
            colors=self.colors,
            corners=corners,
            footprints=footprints,
            sides=sides,
            headings=headings,
        )

    def __len__(self) -> int:
        return len(self.cuboids)

    @property
    def centers(self) -> NDArray[np.float64]:
        """The middles, shape (n, 3)."""
        middles: NDArray[np.float64] = self.corners.mean(axis=1)
        return middles

    @property
    def ground(self) -> float:
        """The height (y, metres below the camera) on which most cuboids stand; 1.5 where there are none."""
        import numpy as np

        return float(np.median(self.corners[..., 1].max(axis=1))) if len(self) else 1.5

    def near(self) -> NDArray[np.bool_]:
        """Say of each whether it belongs to the heap that a view is fitted to, shape (n,); see ``among_others``."""
        import numpy as np

        return among_others(np.linalg.norm(self.centers, axis=1))


def is_drawable(cuboid: Cuboid) -> bool:
    """Say whether all numbers are finite and none is beyond this earth."""
    numbers = (*cuboid.center, *cuboid.size)
    return all(abs(number) < FARTHEST for number in numbers) and all(map(math.isfinite, cuboid.angles))


def among_others(distances: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Say which of ``distances`` (metres from the camera) are not far beyond the others: at most 5 times the median."""
    import numpy as np

    if not distances.size:
        return np.zeros(0, dtype=np.bool_)
    # The lower median, so that of two the nearer one counts.
    middle = np.sort(distances)[(distances.size - 1) // 2]
    return distances <= max(3.0, 5.0 * float(middle))


def _bases(
    corners: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.intp], NDArray[np.float64]]:
    """Return footprints, sides and headings of cuboids given by their corners."""
    import numpy as np

    count = len(corners)
    every = np.arange(count)
    # Corner 0 is +++, and 4, 2, 1 differ from it by one axis each: half edges, as vectors.
    halves = (corners[:, [0]] - corners[:, [4, 2, 1]]) / 2
    lengths = np.linalg.norm(halves, axis=2, keepdims=True)
    units = halves / np.maximum(lengths, _TINY)
    upright = np.abs(units[..., 1]).argmax(axis=1)
    pairs = np.array(_UPRIGHT_SIDES, dtype=np.intp)[upright]
    down = np.where(units[every, upright, 1] < 0, -1.0, 1.0)
    base = corners.mean(axis=1) + down[:, None] * halves[every, upright]
    first, second = halves[every, pairs[:, 0]], halves[every, pairs[:, 1]]
    outline = [base + a * first + b * second for a, b in _OUTLINE]
    footprints = np.stack(outline, axis=1)[..., [0, 2]] if count else np.zeros((0, 4, 2))
    sides = np.stack([np.stack((pairs[:, axis], np.full(count, sign)), axis=1) for axis, sign in _SIDE_SIGNS], axis=1)
    length = np.where(upright == 0, 2, 0)
    ahead = units[every, length][:, [0, 2]]
    ahead = ahead / np.maximum(np.linalg.norm(ahead, axis=1, keepdims=True), _TINY)
    return footprints, sides.astype(np.intp), ahead
