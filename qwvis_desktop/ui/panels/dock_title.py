"""``DockTitle``: the slim bar above a panel, by which it is moved, floated and closed."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QDockWidget, QHBoxLayout, QLabel, QToolButton, QWidget

from qwvis_desktop.ui.theme import icon


class DockTitle(QWidget):
    """A name and a button to close; dragging it moves the dock, a double click lets it float."""

    def __init__(self, dock: QDockWidget) -> None:
        super().__init__(dock)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Midlight)
        name = QLabel(dock.windowTitle())
        font = name.font()
        font.setBold(True)
        name.setFont(font)
        close = QToolButton()
        close.setAutoRaise(True)
        close.setIcon(icon("close"))
        close.setIconSize(QSize(12, 12))
        title = dock.windowTitle()
        close.setToolTip(self.tr('Close "{title}"; the View menu brings it back').replace("{title}", title))
        close.setAccessibleName(self.tr("Close {title}").replace("{title}", title))
        close.clicked.connect(dock.close)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 2, 4, 2)
        layout.addWidget(name, 1)
        layout.addWidget(close)
