"""``NumberField``: a number to be entered or stepped; and what keeps the wheel from changing fields in passing."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QAbstractSpinBox, QDoubleSpinBox, QSizePolicy, QWidget


class FocusedWheel(QObject):
    """An event filter: the wheel changes a field only while it has the focus, and scrolls the panel otherwise."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the wheel from a field without the focus."""
        if event.type() == QEvent.Type.Wheel and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return super().eventFilter(watched, event)


def guard_wheel(field: QWidget) -> None:
    """Let the wheel change ``field`` only while it has the focus."""
    field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    field.installEventFilter(FocusedWheel(field))


class NumberField(QDoubleSpinBox):
    """A number between two limits; what lies outside cannot be entered.

    Signals:
        edited(float): the user entered or stepped to another number.

    Args:
        name: accessible name.
        low, high: the limits.
        decimals: digits after the point.
        step: of the arrows.
    """

    edited = Signal(float)

    def __init__(
        self,
        name: str,
        low: float,
        high: float,
        *,
        decimals: int = 2,
        step: float = 1.0,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setRange(low, high)
        self.setDecimals(decimals)
        self.setSingleStep(step)
        self.setKeyboardTracking(False)
        self.setGroupSeparatorShown(False)
        self.setCorrectionMode(QAbstractSpinBox.CorrectionMode.CorrectToPreviousValue)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(58)
        guard_wheel(self)
        self.valueChanged.connect(self.edited)

    def show_value(self, value: float) -> None:
        """Show a number; ``edited`` is not emitted."""
        with QSignalBlocker(self):
            self.setValue(value)
