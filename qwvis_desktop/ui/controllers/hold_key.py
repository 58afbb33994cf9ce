"""``HoldKey``: a key that does one thing when tapped and undoes it when it was held and is let go."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

HELD_SECONDS = 0.3
"""A key that is down for longer is held, not tapped."""


_AGAIN_MS = 40
"""A key that is down again within this time was not let go: on a busy X server Qt takes some repetitions of a key that
is held for a release and a new press."""


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
        self._release = QTimer(self, singleShot=True, interval=_AGAIN_MS)
        self._release.timeout.connect(self._let_go)
        window.installEventFilter(self)

    @property
    def is_down(self) -> bool:
        """Whether the key is down, or was a moment ago."""
        return self._down_since is not None

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Note when the key goes down: before it becomes a shortcut, whatever widget has the keyboard."""
        if not isinstance(event, QKeyEvent) or event.key() != self._key or event.isAutoRepeat():
            return False
        if event.type() == QEvent.Type.ShortcutOverride and not event.modifiers():
            if self._release.isActive():
                self._release.stop()
                event.accept()  # so that it is no shortcut this time
                return True
            self._down_since = self._clock()
        elif event.type() == QEvent.Type.KeyRelease and self._down_since is not None:
            if self._clock() - self._down_since > HELD_SECONDS:
                self._release.start()
            else:
                self._down_since = None
        return False

    def _let_go(self) -> None:
        self._down_since = None
        self._undo()
