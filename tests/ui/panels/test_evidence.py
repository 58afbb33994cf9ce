from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QListWidget, QPushButton
from pytestqt.qtbot import QtBot
from widgets import child

from qwvis_desktop.core.annotation import ParseIssue
from qwvis_desktop.core.coordinates import CoordinateSpace
from qwvis_desktop.ui.panels.evidence import Evidence, EvidencePanel, EvidenceRow
from qwvis_desktop.ui.panels.labels import WrappingLabel

ISSUES = (
    ParseIssue("outside", "This box lies outside.", (10, 20)),
    ParseIssue("area", "This box has no area.", (30, 44)),
)
EVIDENCE = Evidence(
    run=(EvidenceRow("Original", "4032 × 3024"), EvidenceRow("Sent", "1856 × 1376")),
    selected=(EvidenceRow("As written", "112, 310, 298, 655"),),
    formula="x = 112 / 1000 × 4032 = 451.6",
    refused=ISSUES,
    space=CoordinateSpace.RELATIVE_1000,
    warning="The numbers look like sent pixels.",
    self_test="Passed on 4 May 2026.",
)


@pytest.fixture
def panel(qtbot: QtBot) -> EvidencePanel:
    panel = EvidencePanel()
    qtbot.addWidget(panel)
    panel.resize(300, 500)
    panel.show()
    return panel


def visible_words(panel: EvidencePanel) -> list[str]:
    QApplication.processEvents()  # a layout shows new widgets a moment later
    return [label.text() for label in panel.findChildren(QLabel) if label.isVisible()]


def button(panel: EvidencePanel, words: str) -> QPushButton:
    return next(found for found in panel.findChildren(QPushButton) if found.text() == words)


def test_without_a_run_it_says_what_it_will_say(panel: EvidencePanel) -> None:
    assert len(visible_words(panel)) == 1
    assert not button(panel, "Parse &Again").isEnabled()
    assert button(panel, "Self-&Test...").isEnabled()


def test_all_of_it_is_shown(panel: EvidencePanel) -> None:
    panel.show_evidence(EVIDENCE)
    words = visible_words(panel)
    for part in (*EVIDENCE.run, *EVIDENCE.selected):
        assert part.name in words
        assert part.value in words
    for sentence in (EVIDENCE.formula, EVIDENCE.warning, EVIDENCE.self_test, "Refused (2)", "Selected"):
        assert sentence in words


def test_what_is_not_there_takes_no_room(panel: EvidencePanel) -> None:
    panel.show_evidence(EVIDENCE)
    panel.show_evidence(Evidence(run=EVIDENCE.run[:1], space=CoordinateSpace.RELATIVE_1))
    words = visible_words(panel)
    assert "Original" in words
    assert not {"Sent", "Selected", EVIDENCE.formula, EVIDENCE.warning, "Refused (2)"} & set(words)
    assert not child(panel, QListWidget).isVisible()
    panel.show_evidence(EVIDENCE)
    assert "1856 × 1376" in visible_words(panel)


def test_another_space_can_be_tried(panel: EvidencePanel) -> None:
    told: list[str] = []
    panel.what_if_requested.connect(told.append)
    panel.show_evidence(EVIDENCE)
    combo = child(panel, QComboBox)
    assert combo.currentData() == "relative-1000"
    place = combo.findData("sent-pixels")
    combo.setCurrentIndex(place)
    combo.activated.emit(place)
    assert told == ["sent-pixels"]


def test_a_refused_item_leads_to_its_place(panel: EvidencePanel) -> None:
    told: list[tuple[int, int]] = []
    panel.issue_chosen.connect(lambda start, end: told.append((start, end)))
    panel.show_evidence(EVIDENCE)
    refused = child(panel, QListWidget)
    assert [refused.item(row).text() for row in range(refused.count())] == [issue.message for issue in ISSUES]
    refused.itemClicked.emit(refused.item(1))
    assert told == [(30, 44)]


def test_buttons_ask(panel: EvidencePanel) -> None:
    told: list[str] = []
    panel.parse_again_requested.connect(lambda: told.append("again"))
    panel.self_test_requested.connect(lambda: told.append("test"))
    panel.show_evidence(EVIDENCE)
    button(panel, "Parse &Again").click()
    button(panel, "Self-&Test...").click()
    assert told == ["again", "test"]


def test_values_that_break_into_two_lines_are_shown_whole(panel: EvidencePanel) -> None:
    names = ("Thousandths (0 to 1000)", "Thousandths (0 to 999)", "Pixels of the sent picture")
    rows = [EvidenceRow(name, "1067.9, 1407.6, 2213.8, 3595.4") for name in names]
    panel.show_evidence(Evidence(selected=rows[:1]))
    QApplication.processEvents()
    panel.show_evidence(Evidence(selected=rows))
    QApplication.processEvents()
    values = [label for label in panel.findChildren(WrappingLabel) if label.text() == rows[0].value]
    assert len(values) == len(rows)
    for value in values:
        assert value.height() >= value.heightForWidth(value.width()) > 1.5 * value.fontMetrics().height()
    panel.show_evidence(Evidence(selected=rows[:1]))
    assert [word for word in visible_words(panel) if word in names] == [names[0]]
