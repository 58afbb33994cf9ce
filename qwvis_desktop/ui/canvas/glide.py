"""``Glide``: moves a view smoothly from one place of the picture to another."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEasingCurve, QObject, QVariantAnimation

from qwvis_desktop.core.geometry import Point
from qwvis_desktop.ui.canvas.viewport import Viewport


class Glide(QObject):
    """One movement at a time; a further one begins where the one before has come to.

    Args:
        move: shows a viewport.
    """

    def __init__(self, move: Callable[[Viewport], object], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._move = move
        self._ends = (Viewport(), Viewport())
        self._view = Point(0.0, 0.0)
        self._animation = QVariantAnimation(self)
        self._animation.setStartValue(0.0)
        self._animation.setEndValue(1.0)
        self._animation.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._animation.valueChanged.connect(self._show)

    def start(self, before: Viewport, after: Viewport, view: Point, milliseconds: int) -> None:
        """Go from ``before`` to ``after``, both seen in a view of ``view`` widget units; at once in no time."""
        self.stop()
        if milliseconds <= 0:
            self._move(after)
            return
        self._ends, self._view = (before, after), view
        self._animation.setDuration(milliseconds)
        self._animation.start()

    @property
    def is_going(self) -> bool:
        """Whether it is on its way."""
        return self._animation.state() == QVariantAnimation.State.Running

    def stop(self) -> None:
        """Stay where it has come to."""
        self._animation.stop()

    def _show(self, share: float) -> None:
        before, after = self._ends
        self._move(between(before, after, self._view, share) if share < 1 else after)


def between(before: Viewport, after: Viewport, view: Point, share: float) -> Viewport:
    """Return what is seen at a share (0 to 1) of the way: the zoom grows evenly, the middle moves straight."""
    middle = Point(view.x / 2, view.y / 2)
    start, end = before.to_picture(middle), after.to_picture(middle)
    zoom = before.zoom * (after.zoom / before.zoom) ** share
    center = Point(start.x + (end.x - start.x) * share, start.y + (end.y - start.y) * share)
    return Viewport.centered(zoom, center, view, after.ratio)
