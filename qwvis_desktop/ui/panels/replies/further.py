"""``FurtherRow``: going on from a run: a further question about the same pictures, and the rest of a cut reply."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QWidget

from qwvis_desktop.ui.theme import icon


class FurtherRow(QWidget):
    """A line to write in and two buttons; hidden where nothing can be gone on from.

    Signals:
        asked(str): the user asks further, in these words.
        continue_requested(): the user wants the rest of a cut reply.
    """

    asked = Signal(str)
    continue_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rest = QPushButton(icon("next"), self.tr("Continue the Cut Reply"))
        self._line = QLineEdit()
        self._line.setAccessibleName(self.tr("Ask further"))
        self._line.setPlaceholderText(self.tr("Ask further; what was said before is sent along"))
        self._line.setClearButtonEnabled(True)
        self._ask = QPushButton(self.tr("Ask Further"))
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 4, 8, 4)
        row.setSpacing(6)
        row.addWidget(self._rest)
        row.addWidget(self._line, 1)
        row.addWidget(self._ask)
        self._line.textChanged.connect(self._show_ask)
        self._line.returnPressed.connect(self._ask.click)
        self._ask.clicked.connect(self._tell)
        self._rest.clicked.connect(self.continue_requested)
        self._show_ask()
        self.offer(further=False, rest=False)

    def offer(self, *, further: bool, rest: bool, why_not: str = "") -> None:
        """Offer a further question and the rest of a reply; ``why_not`` says why the rest cannot be had."""
        self._rest.setVisible(rest)
        self._rest.setEnabled(not why_not)
        self._rest.setToolTip(
            why_not or self.tr("Let the model go on where its reply was cut; both parts are one reply")
        )
        self._line.setVisible(further)
        self._ask.setVisible(further)
        self.setVisible(further or rest)

    def clear(self) -> None:
        """Take away what was written."""
        self._line.clear()

    def _show_ask(self) -> None:
        self._ask.setEnabled(bool(self._line.text().strip()))

    def _tell(self) -> None:
        self.asked.emit(self._line.text().strip())
