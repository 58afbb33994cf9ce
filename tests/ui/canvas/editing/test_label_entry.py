from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from qwvis_desktop.ui.canvas.editing.label_entry import LabelEntry


def made(qtbot: QtBot) -> tuple[QWidget, LabelEntry]:
    parent = QWidget()
    parent.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    qtbot.addWidget(parent)
    parent.resize(400, 300)
    entry = LabelEntry(parent)
    with qtbot.waitExposed(parent):
        parent.show()
    return parent, entry


def test_a_label_is_given_by_return_and_completed(qtbot: QtBot) -> None:
    _, entry = made(qtbot)
    given = QSignalSpy(entry.given)
    entry.ask(QPoint(10, 10), ["traffic light", "car"], "old")
    assert entry.selectedText() == "old"
    QTest.keyClicks(entry, "  li")
    QTest.keyClick(entry, Qt.Key.Key_Backspace)
    QTest.keyClick(entry, Qt.Key.Key_Backspace)
    QTest.keyClicks(entry, "tram")
    QTest.keyClick(entry, Qt.Key.Key_Return)
    assert given.at(0)[0] == "tram"
    assert entry.isHidden()
    completer = entry.completer()
    completer.setCompletionPrefix("LIGHT")
    assert completer.currentCompletion() == "traffic light"


def test_escape_and_leaving_give_none(qtbot: QtBot) -> None:
    parent, entry = made(qtbot)
    given, refused = QSignalSpy(entry.given), QSignalSpy(entry.refused)
    entry.ask(QPoint(10, 10), [])
    QTest.keyClick(entry, Qt.Key.Key_Escape)
    assert refused.count() == 1
    other = QLineEdit(parent)
    layout = QVBoxLayout(parent)
    layout.addWidget(other)
    other.show()
    entry.ask(QPoint(10, 10), [])
    qtbot.waitUntil(entry.hasFocus)
    other.setFocus()
    qtbot.waitUntil(lambda: refused.count() == 2)
    assert given.count() == 0


def test_it_stays_inside_and_offers_all_on_down(qtbot: QtBot) -> None:
    parent, entry = made(qtbot)
    entry.ask(QPoint(9999, -50), ["a", "b"])
    assert parent.rect().contains(entry.geometry())
    QTest.keyClick(entry, Qt.Key.Key_Down)
    assert entry.completer().completionCount() == 2
    popup = entry.completer().popup()
    assert popup is not None
    popup.hide()
    entry.close_entry()
