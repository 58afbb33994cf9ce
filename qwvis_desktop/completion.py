"""``Completion``: what is behind a window that is seen already, made bit by bit, or at once when it is wanted."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator

from PySide6.QtCore import QEvent, QObject, QTimer

from qwvis_desktop.front import Front
from qwvis_desktop.ui.jobs import once

UNSEEN_MS = 1000
"""How long a window that is never painted (it may start as an icon) is waited for."""

_KINDS = QEvent.Type
TOUCHES = frozenset(
    (
        *(_KINDS.KeyPress, _KINDS.ShortcutOverride, _KINDS.Shortcut, _KINDS.InputMethod),
        *(_KINDS.MouseButtonPress, _KINDS.Wheel, _KINDS.NativeGesture, _KINDS.TouchBegin, _KINDS.TabletPress),
        *(_KINDS.ContextMenu, _KINDS.DragEnter, _KINDS.Drop, _KINDS.FileOpen, _KINDS.Close),
    )
)
"""What may need any part of the program: all of it is made before such an event goes on to its widget."""


class Completion(QObject):
    """Makes the rest of the program when the window has been painted; who touches it before then finds it whole.

    Attributes:
        is_whole: whether all is made.

    Args:
        front: the window and what is seen of it at first; it is shown already.
        modules: those of what is behind that know nothing of Qt. They are imported on a worker thread before the first
            stage. Not so those with widgets: PySide 6.11 may crash where a class of Qt objects comes into being on one
            thread while events are delivered on another.
        stages: makes the rest, a stage at each step.
    """

    def __init__(self, front: Front, modules: Iterable[str], stages: Iterator[object]) -> None:
        super().__init__(front)
        self._front, self._modules, self._stages = front, tuple(modules), stages
        self._is_importing, self.is_whole = False, False
        front.actions.wanted.connect(self.finish)
        front.application.installEventFilter(self)
        if front.window.docks.show_gap:
            self.finish()
        QTimer.singleShot(UNSEEN_MS, self, self._import)

    def finish(self) -> None:
        """Make at once all that is not there yet."""
        while not self.is_whole:
            self._make_next()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Begin when the window was painted; finish when it is touched."""
        kind = event.type()
        if kind in TOUCHES:
            self.finish()
        elif kind == _KINDS.Paint and watched is self._front.window:
            QTimer.singleShot(0, self, self._import)
        return False

    def _import(self) -> None:
        """Import on a worker thread: the window can be moved meanwhile."""
        if not (self._is_importing or self.is_whole):
            self._is_importing = True
            work = once(lambda: [importlib.import_module(name) for name in self._modules])
            self._front.jobs.start(work, name="loading the program", on_finished=self._go_on)

    def _go_on(self) -> None:
        """Make a stage, then let the window live."""
        if not self.is_whole:
            self._make_next()
            QTimer.singleShot(0, self, self._go_on)

    def _make_next(self) -> None:
        try:
            next(self._stages)
        except StopIteration:
            self.is_whole = True
            self._front.application.removeEventFilter(self)
