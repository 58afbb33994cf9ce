"""``SelectedLayer``: a large selection, drawn once; then copied while the picture, or all that is selected, moves."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QImage, QPainter

from qwvis_desktop.ui.canvas.painting.composition import Composition
from qwvis_desktop.ui.canvas.painting.layers import KeptLayer
from qwvis_desktop.ui.canvas.painting.placement import Placement
from qwvis_desktop.ui.canvas.painting.selected_marks import SelectedMarks

SELECTED_FILL = 56
"""Alpha of what fills selected areas, 0 to 255."""

MAX_LIVE = 60
"""Selected annotations up to which each is drawn with every paint; more are kept in this layer."""


class SelectedLayer:
    """What is selected, above the other annotations."""

    def __init__(self) -> None:
        self._layer = KeptLayer(QImage.Format.Format_ARGB32_Premultiplied)
        self._marks: SelectedMarks | None = None
        self._ids: frozenset[str] = frozenset()
        self._changes = 0

    @property
    def is_exact(self) -> bool:
        """Whether the last paint showed what an exact one would; else ``refine`` is due."""
        return self._marks is None or self._layer.is_exact

    def refine(self) -> None:
        """Make the next paint an exact one."""
        self._layer.refine()

    def drop(self) -> None:
        """Forget what is kept, and its memory."""
        if self._marks is not None:
            self._marks, self._ids = None, frozenset()
            self._layer = KeptLayer(QImage.Format.Format_ARGB32_Premultiplied)

    def paint(
        self, painter: QPainter, composition: Composition, ids: frozenset[str], at: Placement, view: QSize
    ) -> None:
        """Show these annotations as selected; surface pixels are device pixels, and ``at`` is where they lie.

        Args:
            painter: where.
            composition: the annotations below.
            ids: which are selected; the same object as before where they are the same.
            at: where the picture lies, moved by as much as they are.
            view: size of what is seen.
        """
        marks = self._of(composition, ids)
        if marks is not None:
            self._layer.paint(painter, marks, at, view)

    def _of(self, composition: Composition, ids: frozenset[str]) -> SelectedMarks | None:
        """Return the marks, found anew where anything about them is another than before."""
        import numpy as np

        scene = composition.scene
        if scene is None:
            self.drop()
            return None
        marks = self._marks
        is_same = marks is not None and marks.scene is scene and marks.style == composition.style
        if not is_same or self._ids is not ids or self._changes != scene.changes:
            places = np.array(sorted(scene.index[key] for key in ids if key in scene.index), np.intp)
            self._marks = SelectedMarks(scene, places, composition.size, composition.style, SELECTED_FILL)
            self._ids, self._changes = ids, scene.changes
            self._layer.invalidate()
        return self._marks
