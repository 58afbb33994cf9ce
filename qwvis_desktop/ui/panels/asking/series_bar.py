"""``SeriesBar``: many pictures asked one after the other: how far it is, what failed, and the buttons for it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QHBoxLayout, QMenu, QProgressBar, QPushButton, QSizePolicy, QToolButton, QWidget

from qwvis_desktop.ui.panels.labels import WrappingLabel
from qwvis_desktop.ui.theme import icon

LONGEST_REASON = 560
"""Pixels of a menu's line that says why a picture failed; all of it is in the tip."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A picture that failed: its key, its name for people, and why."""

    key: str
    name: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesBarState:
    """What is to be shown.

    Attributes:
        text: how far it is, or what is offered; the bar is hidden where it is empty.
        done, total: for the bar of progress; hidden where ``total`` is 0.
        offers: buttons to show, by their names: "start" (its words are ``start``), "rest", "stop", "continue", "retry".
        start, rest: words on the buttons that start it for all and for those that are left.
        failures: what failed.
    """

    text: str = ""
    done: int = 0
    total: int = 0
    offers: frozenset[str] = frozenset()
    start: str = ""
    rest: str = ""
    failures: tuple[Failure, ...] = ()


class SeriesBar(QWidget):
    """Shows a ``SeriesBarState``; decides nothing.

    Signals:
        requested(str): a button was pressed: one of ``SeriesBarState.offers``, or "close".
        picture_requested(str): the picture with this key, which failed, is to be looked at.
    """

    requested = Signal(str)
    picture_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = SeriesBarState()
        self._text = WrappingLabel("", None)
        self._progress = QProgressBar()
        self._progress.setTextVisible(False)
        self._progress.setFixedSize(140, 8)
        self._progress.setAccessibleName(self.tr("How far it is"))
        self._failures = QToolButton()
        self._failures.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._failures.setAccessibleName(self.tr("What failed"))
        self._failures.setToolTip(self.tr("What failed, and why; choose one to look at it"))
        self._menu = QMenu(self._failures)
        self._menu.setToolTipsVisible(True)
        self._failures.setMenu(self._menu)
        words = {
            "start": "",
            "rest": "",
            "continue": self.tr("Continue"),
            "retry": self.tr("Try Failed Again"),
            "stop": self.tr("Stop"),
        }
        self.buttons = {name: QPushButton(text) for name, text in words.items()}
        self.buttons["start"].setAccessibleName(self.tr("Run on all of them"))
        self.buttons["rest"].setAccessibleName(self.tr("Run on the remaining ones"))
        close = QToolButton()
        close.setIcon(icon("close"))
        close.setAutoRaise(True)
        close.setAccessibleName(self.tr("Close this bar"))
        close.setToolTip(self.tr("Close this bar"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 3, 4, 3)
        layout.setSpacing(8)
        layout.addWidget(self._progress)
        layout.addWidget(self._text, 1)
        for widget in (self._failures, *self.buttons.values(), close):
            layout.addWidget(widget)
        for name, button in self.buttons.items():
            button.clicked.connect(lambda _=False, name=name: self.requested.emit(name))
        close.clicked.connect(lambda: self.requested.emit("close"))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.setAutoFillBackground(True)
        self.set_state(self._state)

    @property
    def state(self) -> SeriesBarState:
        """What is shown."""
        return self._state

    def set_state(self, state: SeriesBarState) -> None:
        """Show another state."""
        failures_changed = state.failures != self._state.failures
        self._state = state
        self.setVisible(bool(state.text))
        self._text.setText(state.text)
        self.setAccessibleName(state.text)
        self._progress.setVisible(bool(state.total))
        self._progress.setRange(0, max(1, state.total))
        self._progress.setValue(state.done)
        self.buttons["start"].setText(state.start)
        self.buttons["rest"].setText(state.rest)
        for name, button in self.buttons.items():
            button.setVisible(name in state.offers)
        self._failures.setVisible(bool(state.failures))
        if failures_changed:
            self._list_failures()

    def _list_failures(self) -> None:
        # Room for the arrow, which is drawn over the end of the words.
        self._failures.setText(self.tr("{n} failed").replace("{n}", str(len(self._state.failures))) + "   ")
        self._menu.clear()
        metrics = QFontMetrics(self._menu.font())
        for failure in self._state.failures:
            line = f"{failure.name}: {failure.why}"
            short = metrics.elidedText(line, Qt.TextElideMode.ElideRight, LONGEST_REASON)
            action = self._menu.addAction(short.replace("&", "&&"))
            action.setToolTip(line)
            action.triggered.connect(lambda _=False, key=failure.key: self.picture_requested.emit(key))
