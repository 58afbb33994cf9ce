"""``CostsDialog``: what runs cost, by day, model or document, and the caps that ask before they are passed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QRegularExpression, Qt, Signal
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QGroupBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from qwvis_desktop.ui.panels.dialogs.sizing import resize_within_screen
from qwvis_desktop.ui.panels.labels import WrappingLabel
from qwvis_desktop.ui.translation import translatable

AMOUNT = r"(\d{1,9}(\.\d{1,6})?)?"
"""What may be written as an amount; nothing is no cap."""

CURRENCIES = ("CNY", "USD", "EUR")

_GROUPS = {
    "day": translatable("CostsDialog", "Day"),
    "model": translatable("CostsDialog", "Model"),
    "document": translatable("CostsDialog", "Picture"),
}

_COLUMNS = (
    translatable("CostsDialog", "Amount"),
    translatable("CostsDialog", "Runs"),
    translatable("CostsDialog", "Tokens in"),
    translatable("CostsDialog", "Of them cached"),
    translatable("CostsDialog", "Tokens out"),
)


@dataclass(frozen=True, slots=True)
class CostRow:
    """A line of the table.

    Attributes:
        name: the day, model or document.
        amount: with its currency, or that no price is known.
        estimated: whether some of it is an estimate.
    """

    name: str
    runs: int
    input: int
    cached: int
    output: int
    amount: str
    estimated: bool


@dataclass(frozen=True, slots=True)
class CapFields:
    """The caps as they are written: amounts for a run and a day, empty for none, and their currency."""

    run: str = ""
    day: str = ""
    currency: str = "CNY"


class CostsDialog(QDialog):
    """Shows totals; ``caps`` holds the caps when accepted.

    Signals:
        group_chosen(str): totals by something else are wanted; answer with ``show_rows``.
        export_requested(): a table of all runs is wanted.

    Args:
        groups: what totals may be told by, the first one is chosen.
        caps: the caps to begin with.
    """

    group_chosen = Signal(str)
    export_requested = Signal()

    def __init__(self, groups: Sequence[str], caps: CapFields, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Costs"))
        self._by = QComboBox()
        self._by.setAccessibleName(self.tr("Totals by"))
        for group in groups:
            self._by.addItem(_said(_GROUPS[group]), group)
        self._table = QTableWidget(0, len(_COLUMNS) + 1)
        self._table.setAccessibleName(self.tr("Totals"))
        self._table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self._table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self._table.verticalHeader().hide()
        header = self._table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self._note = WrappingLabel()
        self._export = QPushButton(self.tr("&Save as CSV..."))
        self._run = self._amount_field(caps.run, self.tr("Cap for a run"))
        self._day = self._amount_field(caps.day, self.tr("Cap for a day"))
        self._currency = QComboBox()
        self._currency.setAccessibleName(self.tr("Currency of the caps"))
        self._currency.addItems(list(dict.fromkeys((caps.currency, *CURRENCIES))))
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self._place()
        self._by.currentIndexChanged.connect(lambda: self.group_chosen.emit(self._by.currentData()))
        self._export.clicked.connect(self.export_requested)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        self.show_rows(groups[0], ())

    @property
    def caps(self) -> CapFields:
        """The caps as they are written."""
        return CapFields(self._run.text().rstrip("."), self._day.text().rstrip("."), self._currency.currentText())

    def show_rows(self, by: str, rows: Sequence[CostRow]) -> None:
        """Show totals by ``by``; those that are no longer wanted are not shown."""
        if by != self._by.currentData():
            return
        self._table.setHorizontalHeaderLabels([_said(_GROUPS[by]), *map(_said, _COLUMNS)])
        self._table.setRowCount(len(rows))
        for line, row in enumerate(rows):
            amount = self.tr("{amount} (partly estimated)") if row.estimated else "{amount}"
            numbers = [f"{number:,}" for number in (row.runs, row.input, row.cached, row.output)]
            for column, text in enumerate((row.name, amount.replace("{amount}", row.amount), *numbers)):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                if column:
                    item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self._table.setItem(line, column, item)
        self._export.setEnabled(bool(rows))
        self._note.setText(
            self.tr("By the prices that were known when each run was made. The service's own bill is what counts.")
            if rows
            else self.tr("Nothing was spent yet. What runs on this machine costs nothing and is not listed.")
        )

    def _amount_field(self, text: str, name: str) -> QLineEdit:
        line = QLineEdit(text)
        line.setAccessibleName(name)
        line.setPlaceholderText(self.tr("none"))
        line.setValidator(QRegularExpressionValidator(QRegularExpression(AMOUNT), line))
        return line

    def _place(self) -> None:
        top = QHBoxLayout()
        caption = QLabel(self.tr("Totals &by"))
        caption.setBuddy(self._by)
        top.addWidget(caption)
        top.addWidget(self._by)
        top.addStretch(1)
        top.addWidget(self._export)
        caps = QGroupBox(self.tr("Ask before a run would pass"))
        form = QFormLayout(caps)
        form.addRow(self.tr("For a &run"), self._run)
        form.addRow(self.tr("For a &day"), self._day)
        form.addRow(self.tr("&Currency"), self._currency)
        layout = QVBoxLayout(self)
        layout.addLayout(top)
        layout.addWidget(self._table, 1)
        layout.addWidget(self._note)
        layout.addWidget(caps)
        layout.addWidget(self._buttons)
        resize_within_screen(self, 720, 520)


def _said(text: str) -> str:
    return QCoreApplication.translate("CostsDialog", text)
