from __future__ import annotations

import pytest
from field_documents import LINES, RECEIPT, field_document
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QToolButton, QTreeWidgetItem, QTreeWidgetItemIterator
from pytestqt.qtbot import QtBot

from qwvis_desktop.core.field_sheet import fields_on
from qwvis_desktop.ui.panels.page.fields_panel import FieldsPanel

PLACES = {"/shop": 1, "/total": 2}


@pytest.fixture
def panel(qtbot: QtBot) -> FieldsPanel:
    panel = FieldsPanel()
    qtbot.addWidget(panel)
    panel.resize(500, 400)
    panel.show()
    qtbot.waitExposed(panel)
    return panel


def show(panel: FieldsPanel, *, has_text: bool = True, value: object = RECEIPT, **corrections: str) -> None:
    panel.show_fields(fields_on(field_document(value, LINES, **corrections)), PLACES, has_text=has_text)


def items(panel: FieldsPanel) -> dict[str, QTreeWidgetItem]:
    found = {}
    walk = QTreeWidgetItemIterator(panel.tree)
    while walk.value() is not None:
        item = walk.value()
        names, at = [item.text(0)], item.parent()
        while at is not None:
            names.insert(0, at.text(0))
            at = at.parent()
        found["/".join(names)] = item
        walk += 1
    return found


def button(panel: FieldsPanel, text: str) -> QToolButton:
    return next(each for each in panel.findChildren(QToolButton) if each.text() == text)


def test_nested_fields_are_a_tree(panel: FieldsPanel) -> None:
    show(panel)
    told = {path: (item.text(1), item.text(2)) for path, item in items(panel).items()}
    assert told == {
        "shop": ("Café Ada", "found"),
        "total": ("12.5", "2 places"),
        "paid": ("true", "not found"),
        "items": ("", ""),
        "items/1": ("", ""),
        "items/1/name": ("Tea", "not found"),
        "items/1/price": ("4,00", "not found"),
        "items/2": ("", ""),
        "items/2/name": ("=1+1", "not found"),
    }
    assert not panel.tree.isColumnHidden(2)
    assert panel.tree.isColumnHidden(3)


def test_without_text_it_offers_to_read_the_page(panel: FieldsPanel, qtbot: QtBot) -> None:
    assert not button(panel, "Find on the Page").isVisible()
    show(panel, has_text=False)
    assert panel.tree.isColumnHidden(2)
    with qtbot.waitSignal(panel.search_requested):
        button(panel, "Find on the Page").click()
    show(panel)
    assert not button(panel, "Find on the Page").isVisible()


def test_a_value_is_changed_in_its_place(panel: FieldsPanel, qtbot: QtBot) -> None:
    show(panel)
    panel.tree.setCurrentItem(items(panel)["shop"])
    panel.tree.itemActivated.emit(items(panel)["shop"], 1)
    line = panel.tree.findChild(QLineEdit)
    assert line is not None
    line.setText("Ada's")
    with qtbot.waitSignal(panel.value_edited) as edited:
        QTest.keyClick(line, Qt.Key.Key_Return)
    assert edited.args == ["/shop", "Ada's"]
    panel.tree.itemActivated.emit(items(panel)["items"], 1)
    assert panel.tree.state() != panel.tree.State.EditingState


def test_what_the_model_read_stands_beside_a_correction(panel: FieldsPanel, qtbot: QtBot) -> None:
    show(panel, shop="Other")
    item = items(panel)["shop"]
    assert (item.text(1), item.text(3), item.font(1).bold()) == ("Other", "Café Ada", True)
    assert not panel.tree.isColumnHidden(3)
    assert not button(panel, "Take Model's Value").isEnabled()
    panel.tree.setCurrentItem(item)
    with qtbot.waitSignal(panel.value_edited) as edited:
        button(panel, "Take Model's Value").click()
    assert edited.args == ["/shop", "Café Ada"]


def test_news_keep_what_is_chosen_and_say_nothing(panel: FieldsPanel, qtbot: QtBot) -> None:
    show(panel)
    with qtbot.waitSignal(panel.field_chosen) as chosen:
        panel.tree.setCurrentItem(items(panel)["total"])
    assert chosen.args == ["/total"]
    with qtbot.assertNotEmitted(panel.value_edited), qtbot.assertNotEmitted(panel.field_chosen):
        show(panel, total="13")
        panel.choose("/shop")
        panel.choose("/total")
    current = panel.tree.currentItem()
    assert current is not None
    assert current.text(1) == "13"


def test_fields_are_copied_as_a_table(panel: FieldsPanel) -> None:
    assert not button(panel, "Copy").isEnabled()
    show(panel, value={"a": "=1", "b": {"c": "x"}})
    button(panel, "Copy").click()
    assert QGuiApplication.clipboard().text() == "a\t'=1\nb.c\tx\n"
