"""``Columns``: what of many boxes lies at a place, sought among few of them: the pointer asks with each move."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qwvis_desktop.core.geometry import Box

if TYPE_CHECKING:  # numpy is slow to load and the window opens without it
    import numpy as np
    from numpy.typing import NDArray

_COUNT = 32
"""Columns that a picture is divided into: of ten thousand boxes one holds several hundred, and is made in 20 us."""


class Columns:
    """Boxes by columns of a picture, each made when something in it is asked for first.

    Args:
        bounds: left, top, right, bottom of the boxes; shape (4, n). They must not change.
        width: of the picture.
    """

    def __init__(self, bounds: NDArray[np.float64], width: float) -> None:
        self._bounds, self._step = bounds, width / _COUNT
        self._made: dict[int, tuple[NDArray[np.intp], NDArray[np.float64]]] = {}

    def within(self, area: Box) -> NDArray[np.intp]:
        """Return the places of the boxes that meet ``area``, in order."""
        column = int((area.left + area.right) / 2 // self._step)
        if area.width > self._step or not 0 <= column < _COUNT:
            return meeting(self._bounds, area)
        if column not in self._made:
            # Half a column more on each side, so that no small area reaches out of the column of its middle.
            left, right = (column - 0.5) * self._step, (column + 1.5) * self._step
            places = ((self._bounds[2] >= left) & (self._bounds[0] <= right)).nonzero()[0]
            self._made[column] = places, self._bounds[:, places]
        places, bounds = self._made[column]
        found: NDArray[np.intp] = places[meeting(bounds, area)]
        return found


def meeting(bounds: NDArray[np.float64], area: Box) -> NDArray[np.intp]:
    """Return the places of the boxes, of shape (4, n), that meet ``area``."""
    # No import here: PySide makes each take longer than one of these comparisons.
    left, top, right, bottom = bounds
    met = (right >= area.left) & (left <= area.right) & (bottom >= area.top) & (top <= area.bottom)
    found: NDArray[np.intp] = met.nonzero()[0]
    return found
