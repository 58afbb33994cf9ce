"""``StatusBar``: where the pointer is, the zoom, what was sent, what the last run cost."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QStatusBar, QWidget

from qwvis_desktop.core.coordinates import CoordinateSpace, Frame
from qwvis_desktop.core.geometry import Point, Size


class StatusBar(QStatusBar):
    """Shows figures, and passing messages by ``showMessage``."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._size: Size | None = None
        self._factor = 1.0
        self._place = self._field(self.tr("Which of the open pictures this is"), "")
        self._pointer = self._field(self.tr("Pointer"), "00000, 00000 px  (1000, 1000)")
        self._pixel = self._field(self.tr("Red, green and blue of the pixel"), "255 255 255")
        self._zoom = self._field(self.tr("Zoom"), "1000 %")
        self._sizes = self._field(self.tr("Size of the picture"), "")
        self._cost = self._field(self.tr("Cost of the last run"), "")
        self.setSizeGripEnabled(False)

    def set_pointer(self, point: Point | None) -> None:
        """Show where the pointer is, in pixels of the upright original and in thousandths; None hides it."""
        if point is None or self._size is None:
            self._pointer.setText("")
            return
        thousandths = Frame.whole(self._size, self._size).from_original(point, CoordinateSpace.RELATIVE_1000)
        self._pointer.setText(
            self.tr("{x}, {y} px  ({u}, {v} ‰)")
            .replace("{x}", f"{point.x:.0f}")
            .replace("{y}", f"{point.y:.0f}")
            .replace("{u}", f"{thousandths.x:.0f}")
            .replace("{v}", f"{thousandths.y:.0f}")
        )

    def set_pixel(self, color: tuple[int, int, int] | None) -> None:
        """Show red, green and blue of the pixel under the pointer, 0 to 255; None hides them."""
        self._pixel.setText(" ".join(map(str, color)) if color is not None else "")

    def set_place(self, place: int, count: int) -> None:
        """Show which of the open pictures is looked at, counted from 0; -1, or a single one, hides it."""
        text = self.tr("{n} of {all}").replace("{n}", f"{place + 1:,}").replace("{all}", f"{count:,}")
        self._place.setText(text if place >= 0 and count > 1 else "")

    def set_zoom(self, factor: float) -> None:
        """Show screen pixels per pixel of the original (1.0 is 100 %), while there is a picture."""
        self._factor = factor
        percent = f"{factor * 100:.0f}" if factor >= 0.1 else f"{factor * 100:.1f}"
        self._zoom.setText(self.tr("{n} %").replace("{n}", percent) if self._size is not None else "")

    def set_sizes(self, original: Size | None, sent: Size | None = None) -> None:
        """Show the size of the upright original and of what was sent of it."""
        self._size = original
        self.set_zoom(self._factor)
        if original is None:
            self._sizes.setText("")
            self._pointer.setText("")
            return
        text = f"{original.width} × {original.height}"
        if sent is not None:
            text = self.tr("{original}, sent {sent}").replace("{original}", text)
            text = text.replace("{sent}", f"{sent.width} × {sent.height}")
        self._sizes.setText(text)

    def set_cost(
        self,
        tokens_in: int | None,
        tokens_out: int | None,
        seconds: float | None,
        cached: int | None = None,
        request_id: str = "",
    ) -> None:
        """Show what the last run cost, and how many of the tokens sent the service knew already; None: not known.

        The request's id, which the service's support asks for, is the tool tip.
        """
        parts = []
        if tokens_in is not None or tokens_out is not None:
            counts = [f"{count:,}" if count is not None else "?" for count in (tokens_in, tokens_out)]
            parts.append(self.tr("{a} + {b} tokens").replace("{a}", counts[0]).replace("{b}", counts[1]))
        if cached:
            parts.append(self.tr("{n} of them cached").replace("{n}", f"{cached:,}"))
        if seconds is not None:
            parts.append(self.tr("{n} s").replace("{n}", f"{seconds:.1f}"))
        self._cost.setText(", ".join(parts))
        name = self._cost.accessibleName()
        self._cost.setToolTip(f"{name}\n{self.tr('Request')} {request_id}" if request_id else name)

    def _field(self, name: str, widest: str) -> QLabel:
        field = QLabel()
        field.setAccessibleName(name)
        field.setToolTip(name)
        field.setContentsMargins(6, 0, 6, 0)
        if widest:
            field.setMinimumWidth(field.fontMetrics().horizontalAdvance(widest) + 12)
        self.addPermanentWidget(field)
        return field
