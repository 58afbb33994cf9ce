"""Drawing by the left button: begun by an action, and said what to do while it goes on."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject

from qwvis_desktop.core.plane.forms import Form
from qwvis_desktop.ui.canvas.view import CanvasView
from qwvis_desktop.ui.translation import translatable

_FRAME = translatable("DrawController", "Drag from corner to corner, or press Return. Esc ends drawing.")
_HINTS: dict[Form, str] = {
    Form.BOX: _FRAME,
    Form.TEXT: _FRAME,
    Form.BLOCK: _FRAME,
    Form.ROTATED: translatable("DrawController", "Drag the first side, then click for the height. Esc ends drawing."),
    Form.POLYGON: translatable(
        "DrawController", "Click each corner; Return, or a click on the first one, closes it. Esc ends drawing."
    ),
    Form.POINT: translatable("DrawController", "Click the place, or press Return. Esc ends drawing."),
}


class DrawController(QObject):
    """Starts drawing.

    Args:
        hint: shows what to do now; empty where nothing is drawn any more.
    """

    def __init__(self, canvas: CanvasView, hint: Callable[[str], object]) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._hint = hint
        # A cuboid, which is not begun here, is drawn like a box.
        canvas.drawing_changed.connect(lambda on: hint(self.tr(_FRAME) if on else ""))

    def does(self) -> dict[str, Callable[[], object]]:
        """Return what the actions do, by their ids."""
        return {f"edit.draw_{form}": partial(self._draw, form) for form in Form}

    def _draw(self, form: Form) -> None:
        self._canvas.start_drawing(form)
        if self._canvas.is_drawing:
            self._hint(self.tr(_HINTS[form]))
