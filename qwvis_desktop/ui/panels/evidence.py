"""``EvidencePanel``: why the boxes stand where they stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from qwvis_desktop.core.annotation import ParseIssue
from qwvis_desktop.core.coordinates import CoordinateSpace
from qwvis_desktop.ui.panels.labels import ToneLabel, WrappingLabel
from qwvis_desktop.ui.panels.words import space_title
from qwvis_desktop.ui.theme import Tone, monospace_font


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """A name and what is known under it."""

    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What is shown of a run, and of the box that is selected.

    Attributes:
        run: sizes, convention and why, of the run.
        selected: raw numbers and numbers in every space, of the selected annotation; empty where none is.
        formula: how the raw numbers became the place, in one line or a few.
        refused: what of the reply could not be taken.
        space: what the numbers of the run are taken for; None where there is no run.
        warning: a sentence where numbers and convention contradict each other.
        self_test: the last verdict on this service and model, with its date; empty where there is none.
    """

    run: Sequence[EvidenceRow] = ()
    selected: Sequence[EvidenceRow] = ()
    formula: str = ""
    refused: Sequence[ParseIssue] = ()
    space: CoordinateSpace | None = None
    warning: str = ""
    self_test: str = ""


class EvidencePanel(QWidget):
    """Shows an ``Evidence``.

    Signals:
        what_if_requested(str): take the run's numbers for this ``CoordinateSpace``.
        parse_again_requested(): read the kept reply once more.
        self_test_requested(): test where the chosen model sees things.
        issue_chosen(int, int): the user chose a refused item; its [start, end) in the raw reply.
    """

    what_if_requested = Signal(str)
    parse_again_requested = Signal()
    self_test_requested = Signal()
    issue_chosen = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._warning = WrappingLabel("", Tone.WARNING)
        self._run = Rows()
        self._selected_title = _heading(self.tr("Selected"))
        self._selected = Rows()
        self._formula = WrappingLabel("", None)
        self._formula.setFont(monospace_font())
        self._formula.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._formula.setAccessibleName(self.tr("Formula"))
        self._refused_title = _heading(self.tr("Refused"))
        self._refused = QListWidget()
        self._refused.setAccessibleName(self.tr("Refused items"))
        self._refused.setWordWrap(True)
        self._spaces = QComboBox()
        self._spaces.setAccessibleName(self.tr("Take the numbers for"))
        for space in CoordinateSpace:
            self._spaces.addItem(space_title(space), space.value)
        self._again = QPushButton(self.tr("Parse &Again"))
        self._test = QPushButton(self.tr("Self-&Test..."))
        self._verdict = WrappingLabel()
        self._empty = WrappingLabel(
            self.tr("After a run this says what was sent, how the numbers were read and what was refused.")
        )
        self._content = QWidget()
        self._place()
        self._spaces.activated.connect(lambda: self.what_if_requested.emit(self._spaces.currentData()))
        self._again.clicked.connect(self.parse_again_requested)
        self._test.clicked.connect(self.self_test_requested)
        self._refused.itemActivated.connect(self._tell_issue)
        self._refused.itemClicked.connect(self._tell_issue)
        self.show_evidence(None)

    def show_evidence(self, evidence: Evidence | None) -> None:
        """Show other evidence; None where there was no run."""
        shown = evidence or Evidence()
        self._empty.setVisible(evidence is None)
        self._content.setVisible(evidence is not None)
        self._again.setEnabled(evidence is not None)
        self._warning.setText(shown.warning)
        self._warning.setVisible(bool(shown.warning))
        self._run.show_rows(shown.run)
        self._selected.show_rows(shown.selected)
        self._selected_title.setVisible(bool(shown.selected or shown.formula))
        self._formula.setText(shown.formula)
        self._formula.setVisible(bool(shown.formula))
        with QSignalBlocker(self._spaces):
            self._spaces.setCurrentIndex(self._spaces.findData(shown.space.value) if shown.space else -1)
        self._show_refused(shown.refused)
        self._verdict.setText(shown.self_test)
        self._verdict.setVisible(bool(shown.self_test))

    def _show_refused(self, issues: Sequence[ParseIssue]) -> None:
        noted = any(issue.is_note for issue in issues)
        title = self.tr("Refused or noted ({n})") if noted else self.tr("Refused ({n})")
        self._refused_title.setText(title.replace("{n}", str(len(issues))))
        self._refused_title.setVisible(bool(issues))
        self._refused.setVisible(bool(issues))
        self._refused.clear()
        for issue in issues:
            item = QListWidgetItem(issue.message)
            item.setData(Qt.ItemDataRole.UserRole, issue.span)
            item.setToolTip(self.tr("Click to see it in the reply"))
            self._refused.addItem(item)

    def _tell_issue(self, item: QListWidgetItem) -> None:
        start, end = item.data(Qt.ItemDataRole.UserRole)
        self.issue_chosen.emit(start, end)

    def _place(self) -> None:
        what_if = QFormLayout()
        what_if.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        caption = QLabel(self.tr("What &if"))
        caption.setBuddy(self._spaces)
        caption.setToolTip(self.tr("Place the boxes of this run as if its numbers counted something else"))
        self._spaces.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        what_if.addRow(caption, self._spaces)
        content = QVBoxLayout(self._content)
        content.setContentsMargins(0, 0, 0, 0)
        content.setSpacing(6)
        content.addWidget(self._warning)
        content.addWidget(self._run)
        content.addLayout(what_if)
        for widget in (self._selected_title, self._selected, self._formula, self._refused_title, self._refused):
            content.addWidget(widget)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(8, 8, 8, 8)
        column.addWidget(self._empty)
        column.addWidget(self._content)
        column.addWidget(self._verdict)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidget(inner)
        area.setWidgetResizable(True)
        area.setAccessibleName(self.tr("Evidence"))
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        buttons = QHBoxLayout()
        buttons.setContentsMargins(8, 4, 8, 8)
        buttons.setSpacing(6)
        buttons.addWidget(self._again, 1)
        buttons.addWidget(self._test, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(area, 1)
        layout.addLayout(buttons)


class Rows(QWidget):
    """Names and values beneath each other; the values can be selected and copied.

    A grid, because Qt's form gives a value that breaks in two lines the height of one.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setVerticalSpacing(3)
        self._grid.setColumnStretch(1, 1)
        self._labels: list[tuple[QLabel, QLabel]] = []
        self._rows: Sequence[EvidenceRow] = ()

    @property
    def rows(self) -> Sequence[EvidenceRow]:
        """What is shown."""
        return self._rows

    def show_rows(self, rows: Sequence[EvidenceRow]) -> None:
        """Show other rows."""
        if list(rows) == list(self._rows):
            return
        while len(self._labels) < len(rows):
            self._add_row()
        for place, (name, value) in enumerate(self._labels):
            row = rows[place] if place < len(rows) else EvidenceRow("", "")
            name.setText(row.name)
            value.setText(row.value)
            for label in (name, value):
                label.setVisible(place < len(rows))
        self._rows = tuple(rows)
        self.setVisible(bool(rows))

    def _add_row(self) -> None:
        name, value = ToneLabel(), WrappingLabel("", None)
        value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._grid.addWidget(name, len(self._labels), 0, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(value, len(self._labels), 1)
        self._labels.append((name, value))


def _heading(text: str) -> QLabel:
    label = QLabel(text)
    font = label.font()
    font.setBold(True)
    label.setFont(font)
    return label
