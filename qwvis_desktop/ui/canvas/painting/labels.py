"""Label chips: each text drawn once and copied, and placed so that none covers another.

A chip stands on its frame's top left corner; where that place is taken or outside the picture, inside the corner or
below the frame. Places depend on the zoom alone, so that panning moves chips and never reshuffles them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QPointF, QRect, QRectF, QSize
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter

from qwvis_desktop.core.geometry import Size
from qwvis_desktop.ui import palette
from qwvis_desktop.ui.canvas.painting.marks import Shape
from qwvis_desktop.ui.canvas.painting.scene import Scene
from qwvis_desktop.ui.canvas.painting.style import Style

if TYPE_CHECKING:  # numpy is slow to load and the window opens without it
    import numpy as np
    from numpy.typing import NDArray

_MAX_CHIPS = 4096
"""Chips that are kept drawn; with one more, all are forgotten. One view hardly shows that many."""
_FINE, _COARSE = 4, 16
"""Sides in pixels of the cells in which places are booked, for few chips and for many."""
_MANY = 1000
_MAX_LINE = 4
"""Height of a line of text, in chips, up to which none may cover it."""
_MOST_CELLS = 1 << 20
"""Cells among which the first chip of each is found without sorting, in 8 MB."""
_MAX_SIDE = 2048
"""Cells across and down that are kept; a wider plane is folded. Chips are sparse where it is (at high zoom), so that
hardly one meets another's fold, and then it takes its next place."""


class ChipSheet:
    """Chips by text and colour, in one font; each is drawn the first time it is wanted."""

    def __init__(self, style: Style) -> None:
        self.font: QFont = style.chip_font
        self._metrics = QFontMetricsF(self.font)
        self.padding = max(2.0, round(style.font * 0.3))
        self.height = round(self._metrics.height()) + max(1, round(style.font / 12)) * 2
        self._widths: dict[str, int] = {"": 0}
        self._images: dict[tuple[str, int], QImage] = {}

    def width(self, text: str) -> int:
        """Return the width in pixels of the chip of ``text``; 0 where there is no text."""
        width = self._widths.get(text)
        if width is None:
            width = self._widths[text] = round(self._metrics.horizontalAdvance(text) + 2 * self.padding)
        return width

    def widths(self, texts: Sequence[str]) -> list[int]:
        """Return the widths of the chips of many texts, most of which are alike."""
        for text in set(texts) - self._widths.keys():
            self.width(text)
        return list(map(self._widths.__getitem__, texts))

    def image(self, text: str, color: int) -> QImage:
        """Return the chip of ``text`` on the colour at this place of ``palette.COLORS``."""
        key = (text, color)
        chip = self._images.get(key)
        if chip is None:
            chip = QImage(QSize(self.width(text), self.height), QImage.Format.Format_RGB32)
            chip.fill(palette.COLORS[color])
            painter = QPainter(chip)
            self.draw(painter, QPointF(0, 0), text, color, filled=True)
            painter.end()
            if len(self._images) >= _MAX_CHIPS:
                self._images.clear()
            self._images[key] = chip
        return chip

    def draw(self, painter: QPainter, place: QPointF, text: str, color: int, filled: bool = False) -> None:
        """Draw a chip with its top left corner at ``place``; ``filled``: its ground is there already."""
        ground: QColor = palette.COLORS[color]
        if not filled:
            painter.fillRect(QRectF(place.x(), place.y(), self.width(text), self.height), ground)
        painter.setFont(self.font)
        painter.setPen(palette.text_on(ground))
        baseline = (self.height - self._metrics.height()) / 2 + self._metrics.ascent()
        painter.drawText(QPointF(place.x() + self.padding, place.y() + round(baseline)), text)


class PlacedChips(NamedTuple):
    """Where chips stand: places in the scene; top left corners in pixels from the picture's corner, shape (n, 2)."""

    marks: NDArray[np.intp]
    corners: NDArray[np.int64]


class LabelPlan:
    """The places of all chips of a scene at one zoom; further marks are placed round those that stand.

    Args:
        scene: what is labelled.
        sheet: knows the chips' sizes.
        picture: size of the upright original.
        zoom: pixels of the surface per picture pixel.
        style: knows how far a keypoint's disc reaches.
        widths: of the chips, as far as they are known; it grows, so that the plan of another zoom can take it over.
    """

    def __init__(
        self,
        scene: Scene,
        sheet: ChipSheet,
        *,
        picture: Size,
        zoom: float,
        style: Style,
        widths: list[int] | None = None,
    ) -> None:
        import numpy as np

        self.widths = [] if widths is None else widths
        self.scene, self.zoom = scene, zoom
        self._sheet, self._style = sheet, style
        self._limits = np.array([picture.width * zoom, picture.height * zoom])
        self._cell = _FINE if len(scene) <= _MANY else _COARSE
        cells = np.minimum(self._limits // self._cell + 2, _MAX_SIDE).astype(np.int64)
        self._columns, self._rows = int(cells[0]), int(cells[1])
        # One cell more than there are: it stands for "none" and is never taken.
        self._taken = np.zeros(self._columns * self._rows + 1, np.bool_)
        self._owner = np.empty(len(self._taken), np.int64)
        self._shown = np.zeros(0, np.bool_)
        self._corners = np.zeros((0, 2), np.int64)
        self._sizes = np.zeros((0, 2), np.int64)

    def extend(self) -> None:
        """Place the chips of the marks that were added to the scene since."""
        import numpy as np

        start, end = len(self._shown), len(self.scene)
        if start == end:
            return
        new = np.arange(start, end)
        sheet = self._sheet
        self.widths += sheet.widths(self.scene.captions[len(self.widths) : end])
        sizes = np.stack(
            [np.array(self.widths[start:end], np.int64), np.full(len(new), sheet.height, np.int64)], axis=1
        )
        are_text = self.scene.are_text[new]
        # What a line of text says stands there already; its chip is drawn when it is pointed at or selected.
        wanted = (sizes[:, 0] > 0) & ~are_text
        self._keep_free(new[are_text])
        corners = np.zeros((len(new), 2), np.int64)
        shown = np.zeros(len(new), np.bool_)
        if self._style.every_label:
            # Those that would lie above the picture stand in their frames.
            first, second = islice(self._candidates(new, sizes), 2)
            corners, shown = np.where(self._fits(first, sizes)[:, None], first, second), wanted
        else:
            if len(new) > _MANY:
                wanted &= self._first_of_cells(next(self._candidates(new, sizes)))
            places = np.flatnonzero(wanted)
            corners[places], shown[places] = self._placed(new[places], sizes[places])
        self._shown = np.concatenate([self._shown, shown])
        self._corners = np.concatenate([self._corners, corners])
        self._sizes = np.concatenate([self._sizes, sizes])

    def _placed(self, new: NDArray[np.intp], sizes: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Find places for the chips of these marks, one after the other; return them, and which found one."""
        import numpy as np

        corners = np.zeros((len(new), 2), np.int64)
        shown = np.zeros(len(new), np.bool_)
        for candidate in self._candidates(new, sizes):
            open_ = np.flatnonzero(~shown & self._fits(candidate, sizes))
            won = open_[self._book(candidate[open_], sizes[open_])]
            corners[won], shown[won] = candidate[won], True
        return corners, shown

    def take_out(self, places: Sequence[int]) -> None:
        """Leave the chips of these marks out: they stand elsewhere now, or say something else."""
        for place in places:
            if place < len(self._shown):
                self._shown[place] = False
            if place < len(self.widths):
                self.widths[place] = self._sheet.width(self.scene.captions[place])

    def corner(self, place: int) -> tuple[int, int] | None:
        """Return where the chip of a mark stands, in pixels from the picture's corner; None where it found no room."""
        if not self._shown[place]:
            return None
        x, y = self._corners[place].tolist()
        return x, y

    def chip(self, place: int) -> QRect | None:
        """Return what the chip of a mark covers, in pixels from the picture's corner; None where there is none."""
        if place >= len(self._shown) or not self._shown[place]:
            return None
        return QRect(*self._corners[place].tolist(), *self._sizes[place].tolist())

    def within(self, left: float, top: float, right: float, bottom: float) -> PlacedChips:
        """Return the chips that meet a rectangle, given in pixels from the picture's corner."""
        import numpy as np

        ends = self._corners + self._sizes
        met = (
            self._shown
            & (ends[:, 0] >= left)
            & (self._corners[:, 0] <= right)
            & (ends[:, 1] >= top)
            & (self._corners[:, 1] <= bottom)
        )
        marks = np.flatnonzero(met)
        return PlacedChips(marks, self._corners[marks])

    def _first_of_cells(self, corners: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Say which chips are the first of their cell of about a chip's size: in a crowd, only they find room."""
        import numpy as np

        cells = corners // (2 * self._sheet.height, self._sheet.height)
        numbers, places = cells[:, 1] * (1 << 32) + cells[:, 0], np.arange(len(corners))
        low, high = cells.min(axis=0), cells.max(axis=0)
        across, down = (high - low + 1).tolist()
        leading = np.zeros(len(corners), np.bool_)
        if across * down <= _MOST_CELLS:
            # Written backwards, the first of each cell is written last. This needs no sorting.
            numbers = (cells[:, 1] - low[1]) * across + cells[:, 0] - low[0]
            owners = np.empty(across * down, np.intp)
            owners[numbers[::-1]] = places[::-1]
            first = owners[numbers]
        else:
            _, first = np.unique(numbers, return_index=True)
        leading[first] = True
        return leading

    def _keep_free(self, lines: NDArray[np.intp]) -> None:
        """Book the places of lines of text, so that no chip hides what can be read there.

        Only every few cells are booked: a chip is larger than the gaps. Lines much higher than a chip are left out; it
        hides little of them.
        """
        import numpy as np

        height = self._sheet.height
        step_down, step_across = max(1, height // 2 // self._cell), max(1, height // self._cell)
        edges = self.scene.bounds[lines] * self.zoom
        edges = edges[edges[:, 3] - edges[:, 1] <= _MAX_LINE * height]
        # A little smaller than they are: a chip may touch its own line.
        inner = (edges + np.array([1, 1, -1, -1]) * self._cell) // self._cell
        for left, top, right, bottom in inner.astype(np.int64).tolist():
            rows = np.arange(top, max(bottom, top) + 1, step_down) % self._rows
            columns = np.arange(left, max(right, left) + 1, step_across) % self._columns
            self._taken[rows[:, None] * self._columns + columns] = True

    def _candidates(self, new: NDArray[np.intp], sizes: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
        """Yield the places to try, each of shape (n, 2)."""
        import numpy as np

        boxes = np.floor(self.scene.bounds[new] * self.zoom + 0.5).astype(np.int64)
        half = max(1, round(self._style.line / 2))
        width, height = sizes[:, 0], sizes[:, 1]
        left, top, right, bottom = boxes.T
        is_point = self.scene.shapes[new] == Shape.POINT
        away = round(self._style.marker) + 2 * half + 1
        level = top - height // 2
        last = np.maximum(self._limits[0].astype(np.int64) - width, 0)

        def at(x: NDArray[np.int64], y: NDArray[np.int64]) -> NDArray[np.int64]:
            return np.stack([np.clip(x, 0, last), y], axis=1)

        yield at(np.where(is_point, left + away, left - half), np.where(is_point, level, top - height - half + 1))
        yield at(np.where(is_point, left - away - width, left + half), np.where(is_point, level, top + half))
        if len(self.scene) > _MANY:
            return
        yield at(np.where(is_point, left - width // 2, left - half), np.where(is_point, top + away, bottom + half))
        yield at(right + half - width, top - height - half + 1)

    def _fits(self, corners: NDArray[np.int64], sizes: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Say which places lie on the picture from top to bottom (across they were moved onto it)."""
        inside: NDArray[np.bool_] = (corners[:, 1] >= 0) & (corners[:, 1] + sizes[:, 1] <= self._limits[1])
        return inside

    def _book(self, corners: NDArray[np.int64], sizes: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Book places, the first come first; return which were free and are booked now."""
        import numpy as np

        won = np.zeros(len(corners), np.bool_)
        if not len(corners):
            return won
        cells = self._cells(corners, sizes)
        # Who loses a cell to a chip that itself loses another gets a second chance.
        for _ in range(2):
            open_ = np.flatnonzero(~won & ~self._taken[cells].any(axis=1))
            if not len(open_):
                break
            wanted = cells[open_]
            flat = wanted.ravel()
            # Of those who want a cell, the last one that is written has it: written backwards, the first come.
            self._owner[flat[::-1]] = np.repeat(open_, wanted.shape[1])[::-1]
            self._owner[-1] = -1
            owners = self._owner[wanted]
            winners = open_[((owners == open_[:, None]) | (owners == -1)).all(axis=1)]
            won[winners] = True
            self._taken[cells[winners]] = True
            self._taken[-1] = False
        return won

    def _cells(self, corners: NDArray[np.int64], sizes: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the numbers of the cells under each place, filled up with the cell that stands for none."""
        import numpy as np

        first = corners // self._cell
        counts = (corners + sizes - 1) // self._cell - first + 1
        across, down = (np.arange(count) for count in counts.max(axis=0, initial=1).tolist())
        columns = (first[:, :1] + across) % self._columns
        rows = (first[:, 1:] + down) % self._rows
        cells = rows[:, :, None] * self._columns + columns[:, None, :]
        beyond = (down >= counts[:, 1:])[:, :, None] | (across >= counts[:, :1])[:, None, :]
        cells[beyond] = len(self._taken) - 1
        return cells.reshape(len(corners), len(down) * len(across))
