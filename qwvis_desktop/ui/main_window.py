"""``MainWindow``: places finished widgets, decides nothing."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QByteArray, QSize, Qt, Signal
from PySide6.QtGui import QAction, QCloseEvent
from PySide6.QtWidgets import QDockWidget, QMainWindow, QSizePolicy, QTabBar, QToolBar, QVBoxLayout, QWidget

from qwvis_desktop.ui.actions import Actions
from qwvis_desktop.ui.panels.dock_title import DockTitle
from qwvis_desktop.ui.panels.panel_set import Panels

LAYOUT_VERSION = 7
"""Raised when docks come or go, so that an older layout is not taken for one of today."""

PAGE_SIZE = (430, 460)
"""Width and height that the page is given when it is first shown."""

SPACE_PANELS = ("camera", "cuboid", "plan", "orbit")
"""Panels that are hidden until there is something in space to be seen."""


class MainWindow(QMainWindow):
    """The window: canvas in the middle, panels round it, actions above.

    Signals:
        closing(): the window is about to close.

    Attributes:
        may_close: asked when the user closes the window; says whether it may.

    Args:
        canvas: what stands in the middle.
        panels: what stands round it.
        actions: what the menus and the tool bar offer; they are given the window as their parent.
    """

    closing = Signal()

    def __init__(self, canvas: QWidget, panels: Panels, actions: Actions) -> None:
        super().__init__()
        self.panels = panels
        self.actions_ = actions
        self._docks: dict[str, QDockWidget] = {}
        self._space_shown = False
        self._reading_shown: set[str] = set()
        self._film_shown, self._timeline_closed = False, False
        self._picture, self._project = "", ""
        self.may_close: Callable[[], bool] = lambda: True
        self.setObjectName("main")
        self.setDockNestingEnabled(True)
        self.setCentralWidget(self._middle(canvas))
        self.setStatusBar(panels.status_bar)
        self._add_actions()
        # First: docks share out the room that there is when they come.
        self.resize(QSize(1280, 800))
        self._add_docks()
        self._hide_left_tabs()
        self._first_layout = self.saveState(LAYOUT_VERSION)
        self.show_title("")

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
        self._docks["timeline"].setVisible(self._film_shown and not self._timeline_closed)
        self._hide_left_tabs()
        return layout and geometry

    def reset_layout(self) -> None:
        """Put all panels back where they were at first."""
        self.restoreState(self._first_layout, LAYOUT_VERSION)
        self._hide_left_tabs()
        if self._space_shown:
            self._show_space_docks()
        if self._film_shown:
            self.show_panel("timeline")

    def show_panel(self, name: str) -> None:
        """Show a panel (by the name in its action's id), in front of those it shares a place with."""
        dock = self._docks[name]
        dock.show()
        dock.raise_()

    def show_space(self) -> None:
        """Show the panels for boxes in space; only the first time, so that those the user closed stay closed."""
        if not self._space_shown:
            self._space_shown = True
            if all(self._docks[name].isHidden() for name in SPACE_PANELS):
                self._show_space_docks()

    def show_reading(self, name: str) -> None:
        """Show a panel of what is read; only the first time, so that it stays closed where it was closed."""
        if name not in self._reading_shown:
            self._reading_shown.add(name)
            self.show_panel(name)
            dock = [self._docks[name]]
            self.resizeDocks(dock, [PAGE_SIZE[0]], Qt.Orientation.Horizontal)
            self.resizeDocks(dock, [PAGE_SIZE[1]], Qt.Orientation.Vertical)

    def show_timeline(self, shown: bool) -> None:
        """Show the timeline while a film is looked at, unless the user closed it; pictures have its room."""
        dock = self._docks["timeline"]
        if shown == self._film_shown:
            return
        self._film_shown = shown
        if not shown:
            self._timeline_closed = dock.isHidden()
            dock.hide()
        elif not self._timeline_closed:
            self.show_panel("timeline")

    def closeEvent(self, event: QCloseEvent) -> None:
        """Tell it before it happens, where it may."""
        if not self.may_close():
            event.ignore()
            return
        self.closing.emit()
        super().closeEvent(event)

    def _middle(self, canvas: QWidget) -> QWidget:
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        canvas.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        canvas.setMinimumSize(240, 160)
        column.addWidget(self.panels.find_bar)
        column.addWidget(canvas, 1)
        column.addWidget(self.panels.correction)
        column.addWidget(self.panels.series_bar)
        column.addWidget(self.panels.run_bar)
        return middle

    def _add_actions(self) -> None:
        actions = self.actions_
        actions.setParent(self)
        self.addActions(list(actions))
        actions.fill_menu_bar(self.menuBar())
        bar = QToolBar(self.tr("Tools"))
        bar.setObjectName("tools")
        bar.setMovable(False)
        bar.setIconSize(QSize(18, 18))
        actions.fill_tool_bar(bar)
        self.addToolBar(bar)

    def _add_docks(self) -> None:
        panels = self.panels
        left, right, bottom = (
            Qt.DockWidgetArea.LeftDockWidgetArea,
            Qt.DockWidgetArea.RightDockWidgetArea,
            Qt.DockWidgetArea.BottomDockWidgetArea,
        )
        # The reply stands under the canvas only; the columns beside it reach down to the status bar.
        self.setCorner(Qt.Corner.BottomLeftCorner, left)
        self.setCorner(Qt.Corner.BottomRightCorner, right)
        prompt = self._add_dock("prompt", self.tr("Prompt"), panels.prompt, left)
        pictures = self._add_dock("pictures", self.tr("Pictures"), panels.filmstrip, left)
        annotations = self._add_dock("annotations", self.tr("Annotations"), panels.annotations, right)
        evidence = self._add_dock("evidence", self.tr("Evidence"), panels.evidence, right)
        reply = self._add_dock("reply", self.tr("Reply"), panels.reply, bottom)
        self.resizeDocks([prompt, annotations], [290, 310], Qt.Orientation.Horizontal)
        self.resizeDocks([prompt, pictures], [430, 220], Qt.Orientation.Vertical)
        self.resizeDocks([annotations, evidence], [320, 330], Qt.Orientation.Vertical)
        self.resizeDocks([reply], [190], Qt.Orientation.Vertical)

        self._add_edit_docks(annotations, evidence)
        self._add_space_docks(self._docks["review"], reply)
        # Last of all at its place: it is looked into now and then.
        self.tabifyDockWidget(reply, self._add_dock("history", self.tr("History"), panels.history, bottom))
        self.tabifyDockWidget(annotations, self._add_dock("document", self.tr("Document"), panels.document, right))
        self.tabifyDockWidget(annotations, self._add_dock("fields", self.tr("Fields"), panels.fields, right))
        self.tabifyDockWidget(reply, self._add_dock("timeline", self.tr("Timeline"), panels.timeline, bottom))
        for name in ("history", "document", "fields", "timeline"):
            self._docks[name].hide()
        # Only now: each panel that is put behind them comes to the front.
        annotations.raise_()
        evidence.raise_()

    def _add_edit_docks(self, annotations: QDockWidget, evidence: QDockWidget) -> None:
        """Add what belongs to editing, behind the list and the evidence."""
        right = Qt.DockWidgetArea.RightDockWidgetArea
        texts = self._add_dock("text", self.tr("Text"), self.panels.texts, right)
        steps = self._add_dock("steps", self.tr("Steps"), self.panels.steps, right)
        object_ = self._add_dock("object", self.tr("Object"), self.panels.object, right)
        review = self._add_dock("review", self.tr("Review"), self.panels.review, right)
        self.tabifyDockWidget(annotations, texts)
        self.tabifyDockWidget(texts, steps)
        self.tabifyDockWidget(evidence, object_)
        self.tabifyDockWidget(object_, review)
        annotations.raise_()

    def _add_space_docks(self, review: QDockWidget, reply: QDockWidget) -> None:
        """Add what shows space: numbers where the evidence stands, views from above and all round at the bottom."""
        panels = self.panels
        right, bottom = Qt.DockWidgetArea.RightDockWidgetArea, Qt.DockWidgetArea.BottomDockWidgetArea
        camera = self._add_dock("camera", self.tr("Camera"), panels.camera, right)
        cuboid = self._add_dock("cuboid", self.tr("Cuboid"), panels.cuboid, right)
        plan = self._add_dock("plan", self.tr("Plan"), panels.plan, bottom)
        orbit = self._add_dock("orbit", self.tr("Orbit"), panels.orbit, bottom)
        # One in each group of the right column: five tabs in one would have no room for their names.
        self.tabifyDockWidget(self._docks["steps"], camera)
        self.tabifyDockWidget(review, cuboid)
        self.splitDockWidget(reply, orbit, Qt.Orientation.Horizontal)
        self.tabifyDockWidget(reply, plan)
        for name in SPACE_PANELS:
            self._docks[name].hide()

    def _hide_left_tabs(self) -> None:
        """Hide tab bars that Qt 6.11 leaves: where it makes a group of tabs, it makes two bars and uses the second."""
        met: set[str] = set()
        for bar in reversed(self.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly)):
            tabs = {bar.tabText(place) for place in range(bar.count())}
            if tabs & met:
                bar.hide()
            met |= tabs

    def _show_space_docks(self) -> None:
        """Show them; the columns at the sides stay as wide as they were."""
        columns = [self._docks["prompt"], self._docks["annotations"]]
        widths = [dock.width() for dock in columns]
        for name in SPACE_PANELS:
            self._docks[name].show()
        for name in ("annotations", "evidence", "plan"):
            self._docks[name].raise_()
        views = [self._docks["plan"], self._docks["orbit"]]
        self.resizeDocks(views, [250, 250], Qt.Orientation.Vertical)
        self.resizeDocks([*columns, *views], [*widths, 300, 300], Qt.Orientation.Horizontal)

    def _add_dock(self, name: str, title: str, panel: QWidget, area: Qt.DockWidgetArea) -> QDockWidget:
        dock = QDockWidget(title)
        dock.setObjectName(name)
        dock.setWidget(panel)
        dock.setTitleBarWidget(DockTitle(dock))
        self.addDockWidget(area, dock)
        self._docks[name] = dock
        shown = dock.toggleViewAction()
        action = self.actions_[f"panel.{name}"]
        self._join(action, shown)
        action.triggered.connect(lambda checked: dock.raise_() if checked else None)
        return dock

    @staticmethod
    def _join(action: QAction, shown: QAction) -> None:
        """Let an action of the table and Qt's own for a dock say and do the same."""
        action.setChecked(shown.isChecked())
        shown.toggled.connect(action.setChecked)
        action.triggered.connect(lambda checked: shown.trigger() if shown.isChecked() != checked else None)
