"""``HoldKey``: a key that does one thing when tapped and undoes it when it was held and is let go."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

HELD_SECONDS = 0.3
"""A key that is down for longer is held, not tapped."""


class HoldKey(QObject):
    """Looks on as a key that is a shortcut of the window goes down and up.

    Args:
        window: the widget in which the shortcut holds.
        key: the key, without modifiers.
        undo: called when the key goes up after it was held.
        clock: seconds that only grow.
    """

    def __init__(
        self, window: QWidget, key: Qt.Key, undo: Callable[[], object], clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(window)
        self._key, self._undo, self._clock = key, undo, clock
        self._down_since: float | None = None
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: ARG002 - Qt's signature
        """Note when the key goes down: before it becomes a shortcut, whatever widget has the keyboard."""
        if isinstance(event, QKeyEvent) and event.key() == self._key and not event.isAutoRepeat():
            if event.type() == QEvent.Type.ShortcutOverride and not event.modifiers():
                self._down_since = self._clock()
            elif event.type() == QEvent.Type.KeyRelease:
                self._let_go()
        return False

    def _let_go(self) -> None:
        since, self._down_since = self._down_since, None
        if since is not None and self._clock() - since > HELD_SECONDS:
            self._undo()
