"""``RunButtons``: Run and Stop, what it will take, a look at what is sent, and why Run cannot be pressed."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from qwvis_desktop.ui.panels.labels import WrappingLabel
from qwvis_desktop.ui.theme import Tone, icon


class RunButtons(QWidget):
    """Starts and stops; decides nothing.

    Signals:
        run_requested(): Run was pressed.
        stop_requested(): Stop was pressed.
        sent_requested(): what Run would send is wanted to be seen.
    """

    run_requested = Signal()
    stop_requested = Signal()
    sent_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._run = QPushButton(icon("run", Tone.SUCCESS), self.tr("Run"))
        self._run.setAccessibleName(self.tr("Run"))
        self._stop = QPushButton(icon("stop", Tone.ERROR), self.tr("Stop"))
        self._stop.setAccessibleName(self.tr("Stop"))
        self._stop.setToolTip(self.tr("Stop at once; what came so far is kept (Esc)"))
        self._estimate = WrappingLabel()
        self._estimate.setAccessibleName(self.tr("What it will take"))
        self._estimate.hide()
        self._why_not = WrappingLabel()
        buttons = QHBoxLayout()
        for button in (self._run, self._stop):
            button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            button.setMinimumHeight(30)
            buttons.addWidget(button, 1)
        self._sent = QToolButton()
        self._sent.setIcon(icon("eye"))
        self._sent.setAccessibleName(self.tr("What is sent"))
        self._sent.setToolTip(self.tr("Look at the very request that Run would send, without sending it"))
        self._sent.setMinimumHeight(30)
        buttons.addWidget(self._sent)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(buttons)
        layout.addWidget(self._estimate)
        layout.addWidget(self._why_not)
        self._run.clicked.connect(self.run_requested)
        self._stop.clicked.connect(self.stop_requested)
        self._sent.clicked.connect(self.sent_requested)

    def press_run(self) -> None:
        """Press Run, where it can be pressed."""
        self._run.click()

    def set_state(self, *, busy: bool, lacks: bool, obstacle: str) -> None:
        """Show whether a run goes on; why one cannot be started, or that something is lacking."""
        self._run.setEnabled(not busy and not obstacle and not lacks)
        self._stop.setEnabled(busy)
        self._sent.setEnabled(not obstacle)
        self._run.setToolTip(obstacle or self.tr("Ask the model (Ctrl+Return)"))
        self._why_not.setText(obstacle)
        self._why_not.setVisible(bool(obstacle) and not busy)

    def set_estimate(self, text: str, more: str = "") -> None:
        """Say what it will take; ``more`` is told when the pointer rests on it."""
        self._estimate.setText(text)
        self._estimate.setToolTip(more)
        self._estimate.setVisible(bool(text))
