from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDockWidget, QLabel, QMainWindow, QToolButton, QWidget
from pytestqt.qtbot import QtBot
from widgets import child

from qwvis_desktop.ui.panels.dock_title import DockTitle


def test_it_names_and_closes_its_dock(qtbot: QtBot) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    dock = QDockWidget("Evidence")
    title = DockTitle(dock)
    dock.setTitleBarWidget(title)
    dock.setWidget(QWidget())
    window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
    window.show()
    button = child(title, QToolButton)
    assert child(title, QLabel).text() == "Evidence"
    assert button.accessibleName() == "Close Evidence"
    assert dock.isVisible()
    button.click()
    assert not dock.isVisible()


def test_a_double_click_lets_the_dock_float(qtbot: QtBot) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    dock = QDockWidget("Evidence")
    title = DockTitle(dock)
    dock.setTitleBarWidget(title)
    window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
    window.show()
    QTest.mouseDClick(title, Qt.MouseButton.LeftButton, pos=QPoint(20, 8))
    assert dock.isFloating()
