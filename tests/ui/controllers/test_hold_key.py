from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from qwvis_desktop.ui.controllers.hold_key import HELD_SECONDS, HoldKey

H = Qt.Key.Key_H


def test_a_tap_stays_and_a_hold_is_undone(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    field = QLineEdit()
    inner = QWidget()
    inner.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    layout = QVBoxLayout(window)
    layout.addWidget(inner)
    layout.addWidget(field)
    action = QAction("hide", window)
    action.setShortcut("H")
    window.addAction(action)
    told: list[str] = []
    action.triggered.connect(lambda: told.append("done"))
    now = 0.0
    hold = HoldKey(window, H, lambda: told.append("undone"), lambda: now)
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    inner.setFocus()
    QTest.keyPress(inner, H)
    now = HELD_SECONDS / 2
    QTest.keyRelease(inner, H)
    assert told == ["done"]
    qtbot.waitUntil(lambda: not hold.is_down)
    QTest.keyPress(inner, H)
    for _ in range(3):
        now += HELD_SECONDS * 2
        # Repeated while it is held, on a busy X server.
        QTest.keyRelease(inner, H)
        QTest.keyPress(inner, H)
    assert told == ["done", "done"]
    QTest.keyRelease(inner, H)
    qtbot.waitUntil(lambda: not hold.is_down)
    assert told == ["done", "done", "undone"]
    field.setFocus()
    QTest.keyPress(field, H)
    now += HELD_SECONDS * 2
    QTest.keyRelease(field, H)
    qtbot.waitUntil(lambda: not hold.is_down)
    assert told == ["done", "done", "undone"]
    assert field.text() == "h"
