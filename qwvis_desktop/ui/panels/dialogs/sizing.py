"""``resize_within_screen``: the size a dialog opens with, its buttons always in reach."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog

_FRAME = (16, 48)
"""Room for the window's frame and title, which only the desktop knows exactly."""


def resize_within_screen(dialog: QDialog, width: int, height: int) -> None:
    """Give ``dialog`` this size, or what the screen has room for."""
    room = dialog.screen().availableGeometry()
    dialog.resize(min(width, room.width() - _FRAME[0]), min(height, room.height() - _FRAME[1]))
