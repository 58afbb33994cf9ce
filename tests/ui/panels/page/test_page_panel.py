from __future__ import annotations

import pytest
from page_documents import page_document_of
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from qwvis_desktop.core.page.document import page_elements
from qwvis_desktop.core.page.elements import Table
from qwvis_desktop.ui.panels.page.page_panel import PagePanel

TABLE = '<table data-bbox="1 20 90 29"><tr><td>{}</td><td>=1+1</td></tr></table>'


@pytest.fixture
def panel(qtbot: QtBot) -> PagePanel:
    panel = PagePanel()
    qtbot.addWidget(panel)
    panel.show()
    return panel


def button(panel: PagePanel, text: str) -> QToolButton:
    return next(each for each in panel.findChildren(QToolButton) if each.text() == text)


def show(panel: PagePanel, reply: str) -> None:
    panel.view.show_elements(page_elements(page_document_of(reply)))


def test_nothing_can_be_taken_from_nothing(panel: PagePanel) -> None:
    buttons = ("Copy Markdown", "Copy Text", "Copy Table")
    assert not any(button(panel, text).isEnabled() for text in buttons)
    QGuiApplication.clipboard().setText("before")
    panel.copy_table()
    assert QGuiApplication.clipboard().text() == "before"


def test_the_page_is_copied_whole(panel: PagePanel, qtbot: QtBot) -> None:
    show(panel, '<h2 data-bbox="1 1 9 9">A *b*</h2><p data-bbox="1 1 9 9">x</p>')
    assert not button(panel, "Copy Table").isEnabled()
    with qtbot.waitSignal(panel.said):
        button(panel, "Copy Markdown").click()
    assert QGuiApplication.clipboard().text() == "## A \\*b\\*\n\nx\n"
    button(panel, "Copy Text").click()
    assert QGuiApplication.clipboard().text() == "A *b*\n\nx\n"


def test_a_table_is_copied_for_a_spreadsheet(panel: PagePanel) -> None:
    show(panel, TABLE.format("only"))
    button(panel, "Copy Table").click()
    assert QGuiApplication.clipboard().text() == "only\t'=1+1\n"
    show(panel, TABLE.format("first") + TABLE.format("second"))
    assert not button(panel, "Copy Table").isEnabled()
    _, second = (each for each in panel.view.elements if isinstance(each, Table))
    panel.view.choose_blocks([second.block])
    button(panel, "Copy Table").click()
    assert QGuiApplication.clipboard().text() == "second\t'=1+1\n"
