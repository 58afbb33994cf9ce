"""``ReviewPanel``: how far a person has looked through what a model gave, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from qwvis_desktop.core.error_rate import ErrorRate
from qwvis_desktop.core.review import Review
from qwvis_desktop.ui.panels.evidence import EvidenceRow, Rows
from qwvis_desktop.ui.panels.labels import WrappingLabel
from qwvis_desktop.ui.theme import Tone


class ReviewPanel(QWidget):
    """Figures of a run's review, and buttons for the keys.

    Signals:
        accept_requested(): what is selected is right.
        reject_requested(): what is selected is wrong.
        next_requested(): show the next one that nobody looked at.
        run_chosen(str): the review of the run with this id is to be shown.
    """

    accept_requested = Signal()
    reject_requested = Signal()
    next_requested = Signal()
    run_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._runs = QComboBox()
        self._runs.setAccessibleName(self.tr("Run that is reviewed"))
        self._runs.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._runs.activated.connect(lambda place: self.run_chosen.emit(self._runs.itemData(place)))
        self._sentence = WrappingLabel("", None)
        self._sentence.setAccessibleName(self.tr("Where the review stands"))
        self._bar = QProgressBar()
        self._bar.setAccessibleName(self.tr("Looked at"))
        self._bar.setTextVisible(False)
        self._bar.setMaximumHeight(8)
        self._rows = Rows()
        self._accept = QPushButton(self.tr("&Accept"))
        self._reject = QPushButton(self.tr("Re&ject"))
        self._next = QPushButton(self.tr("&Next Unseen"))
        buttons = QGridLayout()
        buttons.setSpacing(6)
        for place, (button, signal, tip) in enumerate(
            (
                (self._accept, self.accept_requested, self.tr("What is selected is right (A)")),
                (self._reject, self.reject_requested, self.tr("What is selected is wrong: delete it (X)")),
                (self._next, self.next_requested, self.tr("Go to the next one that nobody looked at (N)")),
            )
        ):
            button.setToolTip(tip)
            button.clicked.connect(lambda _checked=False, signal=signal: signal.emit())
            buttons.addWidget(button, 0 if place < 2 else 1, place % 2, 1, 1 if place < 2 else 2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(8)
        for widget in (self._runs, self._sentence, self._bar, self._rows):
            layout.addWidget(widget)
        layout.addStretch(1)
        layout.addLayout(buttons)
        self.show_runs((), "")
        self.show_review(None)

    def show_runs(self, runs: Sequence[tuple[str, str]], chosen: str) -> None:
        """Offer runs to choose from, (id, title) each; nothing is offered where there is only one."""
        self._runs.clear()
        for key, title in runs:
            self._runs.addItem(title, key)
        self._runs.setCurrentIndex(self._runs.findData(chosen))
        self._runs.setVisible(len(runs) > 1)

    @property
    def sentence(self) -> str:
        """What is said of it."""
        return self._sentence.text()

    @property
    def figures(self) -> dict[str, str]:
        """The figures by their names."""
        return {row.name: row.value for row in self._rows.rows}

    def show_review(self, found: Review | None, wrong: ErrorRate | None = None, page: ErrorRate | None = None) -> None:
        """Show the figures; None where no run has given anything.

        Args:
            found: of the chosen run.
            wrong: characters that it read wrongly, as far as it was corrected; None where it read none.
            page: the same of all runs of the page, where there are several.
        """
        for button in (self._accept, self._reject, self._next):
            button.setEnabled(found is not None)
        self._bar.setVisible(found is not None)
        if found is None:
            self._sentence.say(
                self.tr("Once a model has given something, this counts what you accept, move, relabel and delete."),
                Tone.MUTED,
            )
            self._rows.show_rows(())
            return
        words = self.tr("{n} of {total} looked at").replace("{n}", str(found.looked_at))
        words = words.replace("{total}", str(found.total))
        done = self.tr("All {total} looked at").replace("{total}", str(found.total))
        self._sentence.say(words if found.unseen else done, None if found.unseen else Tone.SUCCESS)
        self._bar.setMaximum(found.total)
        self._bar.setValue(found.looked_at)
        rates = ((self.tr("Wrong characters"), wrong), (self.tr("Wrong on the page"), page))
        rows = [EvidenceRow(name, _rate(rate)) for name, rate in rates if rate is not None]
        self._rows.show_rows([*self._figures(found), *rows])

    def _figures(self, found: Review) -> list[EvidenceRow]:
        moved = str(len(found.moved))
        if found.mean_iou is not None:
            moved += " " + self.tr("(mean IoU {iou})").replace("{iou}", f"{found.mean_iou:.2f}")
        return [
            EvidenceRow(self.tr("Accepted"), str(len(found.accepted))),
            EvidenceRow(self.tr("Moved"), moved),
            EvidenceRow(self.tr("Relabelled"), str(len(found.relabelled))),
            EvidenceRow(self.tr("Deleted"), str(len(found.deleted))),
            EvidenceRow(self.tr("Added"), str(len(found.added))),
        ]


def _rate(rate: ErrorRate) -> str:
    share = rate.share
    return f"{100 * share:.1f} % ({rate.wrong} of {rate.characters})" if share is not None else str(rate.wrong)
