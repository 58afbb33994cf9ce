"""``MainWindow``: places finished widgets, decides nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QByteArray, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QIcon
from PySide6.QtWidgets import QDockWidget, QMainWindow, QSizePolicy, QToolBar, QVBoxLayout, QWidget

from qwvis_desktop.core.resources import resource
from qwvis_desktop.ui.actions import Actions
from qwvis_desktop.ui.panels.docks import LEAST_TIMELINE, SPACE_PANELS, TIMELINE_HEIGHT, Docks
from qwvis_desktop.ui.panels.first_panels import FirstPanels

LAYOUT_VERSION = 7
"""Raised when docks come or go, so that an older layout is not taken for one of today."""

_MOST_STEPS = 500
"""Controls that are passed unseen on the way of the keyboard, at most."""

PAGE_SIZE = (430, 460)
"""Width and height that the page is given when it is first shown."""


class MainWindow(QMainWindow):
    """The window: canvas in the middle, panels round it, actions above.

    Signals:
        closing(): the window is about to close.

    Attributes:
        docks: what the panels stand in.
        may_close: asked when the user closes the window; says whether it may.

    Args:
        empty: what stands in the middle until the canvas takes its place.
        panels: what is seen round it at first.
        actions: what the menus and the tool bar offer; they are given the window as their parent.
    """

    closing = Signal()

    def __init__(self, empty: QWidget, panels: FirstPanels, actions: Actions) -> None:
        super().__init__()
        self.actions_ = actions
        self._space_shown = False
        self._reading_shown: set[str] = set()
        self._film_shown, self._timeline_closed, self._timeline_sized = False, False, False
        self._picture, self._project = "", ""
        self.may_close: Callable[[], bool] = lambda: True
        self.setObjectName("main")
        self.setDockNestingEnabled(True)
        self._empty = empty
        self._middle = self._column(panels.run_bar)
        self.setStatusBar(panels.status_bar)
        self._add_actions()
        # First: docks share out the room that there is when they come.
        self.resize(QSize(1280, 800))
        self.docks = Docks(self, actions)
        self.docks.fill(panels.docked())
        self._first_layout = self.saveState(LAYOUT_VERSION)
        self.show_title("")

    def complete_actions(self) -> None:
        """Put all actions into the menus, and let their keys hold in the whole window."""
        self.actions_.fill_menus()
        self.addActions(list(self.actions_))

    def place_canvas(self, canvas: QWidget) -> None:
        """Put the canvas where it is stood for; the keyboard finds it there too."""
        self._set_room(canvas)
        self._middle.replaceWidget(self._empty, canvas)
        # At once, not with the next layout: what made the program whole may be a click that is meant for the canvas.
        canvas.setGeometry(self._empty.geometry())
        canvas.show()
        self.setTabOrder(self._empty, canvas)
        if self._empty.hasFocus():
            canvas.setFocus()
        self._empty.hide()
        self._empty.deleteLater()

    def place(self, docked: Mapping[str, QWidget], *, above: QWidget, below: Sequence[QWidget]) -> None:
        """Place what is not seen at first: panels in their docks, bars above and below the canvas, the icon."""
        self.setWindowIcon(QIcon(str(resource("qwvis.svg"))))
        self.docks.fill(docked)
        self._middle.insertWidget(0, above)
        for place, bar in enumerate(below, start=2):
            self._middle.insertWidget(place, bar)

    def show_title(self, name: str) -> None:
        """Name the picture in the title."""
        self._picture = name
        self._show_title()

    def show_project(self, name: str, unsaved: bool) -> None:
        """Name the project in the title, empty where none is open, and mark that something is to be saved."""
        self._project = name
        self._show_title()
        self.setWindowModified(unsaved)

    def _show_title(self) -> None:
        # The sign in brackets stands for the mark, which each system draws in its own way.
        what = " - ".join(part for part in (self._picture, self._project) if part)
        self.setWindowTitle(f"{what}[*] - QwVis" if what else "QwVis[*]")

    def save_state(self) -> bytes:
        """Return size, place and layout, to be kept."""
        geometry = self.saveGeometry()
        return len(geometry.data()).to_bytes(4, "big") + geometry.data() + self.saveState(LAYOUT_VERSION).data()

    def restore_state(self, state: bytes) -> bool:
        """Take over what ``save_state`` gave; say whether it could be used."""
        length = int.from_bytes(state[:4], "big")
        if len(state) < 4 + length or not length:
            return False
        geometry = self.restoreGeometry(QByteArray(state[4 : 4 + length]))
        layout = self.restoreState(QByteArray(state[4 + length :]), LAYOUT_VERSION)
        self.docks["timeline"].setVisible(self._film_shown and not self._timeline_closed)
        self.docks.hide_left_tabs()
        return layout and geometry

    def reset_layout(self) -> None:
        """Put all panels back where they were at first."""
        self.restoreState(self._first_layout, LAYOUT_VERSION)
        self.docks.hide_left_tabs()
        if self._space_shown:
            self.docks.show_space()
        if self._film_shown:
            self.show_panel("timeline")

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Take the keyboard on or back, past what is in panels behind others: Qt would go through them unseen."""
        first = self.focusWidget()
        for _ in range(_MOST_STEPS):
            if not super().focusNextPrevChild(forward):
                return False
            reached = self.focusWidget()
            if reached is first or self.docks.is_in_sight(reached):
                break
        return True

    def show_panel(self, name: str) -> None:
        """Show a panel (by the name in its action's id), in front of those it shares a place with."""
        dock = self.docks[name]
        dock.show()
        dock.raise_()

    def bring_forward(self, name: str) -> None:
        """Bring a panel in front of those it shares a place with, unless the user closed it."""
        if not self.docks[name].isHidden():
            self.docks[name].raise_()

    def show_space(self) -> None:
        """Show the panels for boxes in space; only the first time, so that those the user closed stay closed."""
        if not self._space_shown:
            self._space_shown = True
            if all(self.docks[name].isHidden() for name in SPACE_PANELS):
                self.docks.show_space()

    def show_reading(self, name: str) -> None:
        """Show a panel of what is read; only the first time, so that it stays closed where it was closed."""
        if name not in self._reading_shown:
            self._reading_shown.add(name)
            self.show_panel(name)
            dock = [self.docks[name]]
            self.resizeDocks(dock, [PAGE_SIZE[0]], Qt.Orientation.Horizontal)
            self.resizeDocks(dock, [PAGE_SIZE[1]], Qt.Orientation.Vertical)

    def show_timeline(self, shown: bool) -> None:
        """Show the timeline while a film is looked at, unless the user closed it; pictures have its room."""
        dock = self.docks["timeline"]
        if shown == self._film_shown:
            return
        self._film_shown = shown
        if not shown:
            self._timeline_closed = dock.isHidden()
            dock.hide()
        elif not self._timeline_closed:
            self.show_panel("timeline")
            self._make_room(dock)

    def _make_room(self, timeline: QDockWidget) -> None:
        """Give a timeline room for some lanes, once: how high it is after that is the user's."""
        if not self._timeline_sized:
            self._timeline_sized = True
            if self.docks["reply"].height() < LEAST_TIMELINE:
                self.resizeDocks([timeline], [TIMELINE_HEIGHT], Qt.Orientation.Vertical)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Tell it before it happens, where it may."""
        if not self.may_close():
            event.ignore()
            return
        self.closing.emit()
        super().closeEvent(event)

    @staticmethod
    def _set_room(canvas: QWidget) -> None:
        canvas.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        canvas.setMinimumSize(240, 160)

    def _column(self, run_bar: QWidget) -> QVBoxLayout:
        """Put the canvas' place into the middle, what runs below it; return the column in which they stand."""
        middle = QWidget()
        self.setCentralWidget(middle)
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._set_room(self._empty)
        column.addWidget(self._empty, 1)
        column.addWidget(run_bar)
        return column

    def _add_actions(self) -> None:
        actions = self.actions_
        actions.setParent(self)
        actions.title_menus(self.menuBar())
        bar = QToolBar(self.tr("Tools"))
        bar.setObjectName("tools")
        bar.setMovable(False)
        bar.setIconSize(QSize(18, 18))
        actions.fill_tool_bar(bar)
        self.addToolBar(bar)
