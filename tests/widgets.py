"""Finding and using widgets in tests, typed: what is not there fails the test."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

W = TypeVar("W", bound=QWidget)

NO_MODIFIER = Qt.KeyboardModifier.NoModifier


def child(parent: QWidget, kind: type[W], name: str = "") -> W:
    """Return the widget of this kind and accessible name inside ``parent``; the first one where no name is given."""
    found: list[W] = parent.findChildren(kind)
    return next(widget for widget in found if not name or widget.accessibleName() == name)


def press(widget: QWidget | None, key: Qt.Key, modifier: Qt.KeyboardModifier = NO_MODIFIER) -> None:
    """Press and release a key."""
    assert widget is not None
    QTest.keyClick(widget, key, modifier)


def write(widget: QWidget | None, text: str) -> None:
    """Write ``text`` on the keyboard."""
    assert widget is not None
    QTest.keyClicks(widget, text)


def click(widget: QWidget, place: QPoint, modifier: Qt.KeyboardModifier = NO_MODIFIER) -> None:
    """Click with the left button."""
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton, modifier, place)
