"""``RunBar``: what the run of the picture is doing, and how it ended, in one line."""

from __future__ import annotations

import time
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QPen, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QWidget

from qwvis_desktop.ui.panels.labels import ToneLabel, WrappingLabel
from qwvis_desktop.ui.theme import Tone, icon, tone_color
from qwvis_desktop.ui.translation import translatable

TICK_MS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class RunBarState:
    """What is to be shown.

    Attributes:
        phase: a key of ``PHASES``.
        text: what follows the phase's own words: "14 boxes, 0 refused"; the evidence; why it failed and what to do.
        details: what to copy for a bug report; empty where there is nothing more to say.
        started: ``time.monotonic()`` of the start, for the seconds that tick; None where nothing goes on.
        seconds: how long it took, where it is over.
    """

    phase: str = "idle"
    text: str = ""
    details: str = ""
    started: float | None = None
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class _Phase:
    words: str
    tone: Tone | None = None
    icon: str = ""
    busy: bool = False


PHASES: dict[str, _Phase] = {
    "idle": _Phase(translatable("RunBar", "Ready"), Tone.MUTED),
    "preparing": _Phase(translatable("RunBar", "Preparing the picture"), busy=True),
    "uploading": _Phase(translatable("RunBar", "Uploading"), busy=True),
    "waiting": _Phase(translatable("RunBar", "Waiting for the model"), busy=True),
    "thinking": _Phase(translatable("RunBar", "The model is thinking"), busy=True),
    "receiving": _Phase(translatable("RunBar", "Receiving"), busy=True),
    "done": _Phase(translatable("RunBar", "Done"), Tone.SUCCESS, "ok"),
    "stopped": _Phase(translatable("RunBar", "Stopped"), Tone.WARNING, "stop"),
    "failed": _Phase(translatable("RunBar", "Failed"), Tone.ERROR, "failed"),
}
"""The states one can see."""


class BusyMark(QWidget):
    """A ring with a gap that moves on with each ``step``; at rest it shows an icon, or nothing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._step = 0
        self._busy = False
        self._icon = ""
        self._tone: Tone | None = None
        self.setFixedSize(QSize(16, 16))

    def rest(self, name: str, tone: Tone | None) -> None:
        """Show an icon; none for an empty name."""
        self._busy, self._icon, self._tone = False, name, tone
        self.update()

    def step(self) -> None:
        """Move on."""
        self._busy = True
        self._step = (self._step + 1) % 12
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it."""
        painter = QPainter(self)
        if not self._busy:
            if self._icon:
                icon(self._icon, self._tone).paint(painter, self.rect())
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(tone_color(Tone.ACCENT, self.palette()), 2))
        painter.drawArc(self.rect().adjusted(2, 2, -2, -2), -self._step * 30 * 16, 270 * 16)


class RunBar(QWidget):
    """Shows a ``RunBarState``; ticks the seconds of a run that goes on.

    Signals:
        details_requested(str): the user wants to see the details of a failure.
    """

    details_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = RunBarState()
        self._mark = BusyMark()
        self._phase = ToneLabel("", None)
        font = self._phase.font()
        font.setBold(True)
        self._phase.setFont(font)
        self._text = WrappingLabel("", None)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._seconds = ToneLabel()
        self._details = QToolButton()
        self._details.setText(self.tr("Details..."))
        self._details.setAccessibleName(self.tr("Details of the failure"))
        self._timer = QTimer(self, interval=TICK_MS)
        self._timer.timeout.connect(self._tick)
        self._details.clicked.connect(lambda: self.details_requested.emit(self._state.details))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 3, 8, 3)
        layout.setSpacing(8)
        for widget in (self._mark, self._phase, self._text, self._details, self._seconds):
            layout.addWidget(widget, 1 if widget is self._text else 0)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.setMinimumHeight(30)
        self.setAutoFillBackground(True)
        self.set_state(self._state)

    @property
    def state(self) -> RunBarState:
        """What is shown."""
        return self._state

    def set_state(self, state: RunBarState) -> None:
        """Show another state.

        Raises:
            KeyError: ``state.phase`` is no key of ``PHASES``.
        """
        phase = PHASES[state.phase]
        self._state = state
        self._phase.say(QCoreApplication.translate("RunBar", phase.words), phase.tone)
        self._text.setText(state.text)
        self._details.setVisible(bool(state.details))
        self.setAccessibleName(f"{self._phase.text()} {state.text}".strip())
        self._mark.setVisible(phase.busy or bool(phase.icon))
        if not phase.busy:
            self._timer.stop()
            self._mark.rest(phase.icon, phase.tone)
            self._show_seconds(state.seconds)
        elif not self._timer.isActive():
            self._tick()
            if self.isVisible():
                self._timer.start()

    def showEvent(self, event: QShowEvent) -> None:
        """Go on ticking."""
        super().showEvent(event)
        if PHASES[self._state.phase].busy:
            self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Tick for nobody."""
        super().hideEvent(event)
        self._timer.stop()

    def _tick(self) -> None:
        self._mark.step()
        started = self._state.started
        self._show_seconds(time.monotonic() - started if started is not None else None)

    def _show_seconds(self, seconds: float | None) -> None:
        self._seconds.setText("" if seconds is None else self.tr("{n} s").replace("{n}", f"{seconds:.1f}"))
