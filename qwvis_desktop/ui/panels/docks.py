"""``Docks``: the docks round the canvas, which stand at their places before their panels are made."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QDockWidget, QMainWindow, QTabBar, QWidget

from qwvis_desktop.ui.actions import Actions
from qwvis_desktop.ui.panels.dock_title import DockTitle

SPACE_PANELS = ("camera", "cuboid", "plan", "orbit")
"""Panels that are hidden until there is something in space to be seen."""

LEAST_TIMELINE, TIMELINE_HEIGHT = 220, 270
"""Heights with room for three lanes and for five: what is lower when the first film comes is made higher."""


def _tr(text: str) -> str:
    return QCoreApplication.translate("MainWindow", text)


class Docks:
    """The docks of a window by the names of their panels: ``docks["reply"]``.

    All of them are there from the beginning, so that nothing moves when the panels come that are closed at first, or
    stand behind others.

    Args:
        window: where they are added.
        actions: those that show and hide panels say and do the same as Qt's own.
    """

    def __init__(self, window: QMainWindow, actions: Actions) -> None:
        self._window, self._actions = window, actions
        self._docks: dict[str, QDockWidget] = {}
        self._add_all()
        self.hide_left_tabs()

    def __getitem__(self, name: str) -> QDockWidget:
        return self._docks[name]

    @property
    def show_gap(self) -> bool:
        """Whether one is in sight whose panel is not there yet."""
        return any(dock.widget() is None and not dock.visibleRegion().isEmpty() for dock in self._docks.values())

    def is_in_sight(self, widget: QWidget | None) -> bool:
        """Say whether a widget is seen, or would be if its panel were scrolled: its dock stands behind no other."""
        if widget is None:
            return False
        place = next((dock for dock in self._docks.values() if dock.isAncestorOf(widget)), widget)
        return not place.visibleRegion().isEmpty()

    def go_on(self, picture: QWidget, by: int) -> None:
        """Give the keyboard to the panel in sight that follows the one that has it, from ``picture`` round to it."""
        seen = [dock for dock in self._docks.values() if not dock.visibleRegion().isEmpty()]
        panels: list[QWidget | None] = [dock.widget() for dock in seen]
        parts = [picture, *(panel for panel in panels if panel is not None)]
        before = QApplication.focusWidget() or self._window.focusWidget()
        here = next((place for place, part in enumerate(parts) if before in (part, *part.findChildren(QWidget))), 0)
        entrance = _entrance(parts[(here + by) % len(parts)])
        entrance.window().activateWindow()  # a panel may float in a window of its own
        entrance.setFocus(Qt.FocusReason.TabFocusReason)

    def fill(self, panels: Mapping[str, QWidget]) -> None:
        """Put panels into their docks."""
        for name, panel in panels.items():
            dock = self._docks[name]
            dock.setWidget(panel)
            dock.setTitleBarWidget(DockTitle(dock))

    def hide_left_tabs(self) -> None:
        """Hide tab bars that Qt 6.11 leaves: where it makes a group of tabs, it makes two bars and uses the second."""
        met: set[str] = set()
        for bar in reversed(self._window.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly)):
            tabs = {bar.tabText(place) for place in range(bar.count())}
            if tabs & met:
                bar.hide()
            met |= tabs

    def show_space(self) -> None:
        """Show what is for boxes in space; the columns at the sides stay as wide as they were."""
        columns = [self._docks["prompt"], self._docks["annotations"]]
        widths = [dock.width() for dock in columns]
        for name in SPACE_PANELS:
            self._docks[name].show()
        for name in ("annotations", "evidence", "plan"):
            self._docks[name].raise_()
        views = [self._docks["plan"], self._docks["orbit"]]
        self._window.resizeDocks(views, [250, 250], Qt.Orientation.Vertical)
        self._window.resizeDocks([*columns, *views], [*widths, 300, 300], Qt.Orientation.Horizontal)

    def _add_all(self) -> None:
        left, right, bottom = (
            Qt.DockWidgetArea.LeftDockWidgetArea,
            Qt.DockWidgetArea.RightDockWidgetArea,
            Qt.DockWidgetArea.BottomDockWidgetArea,
        )
        # The reply stands under the canvas only; the columns beside it reach down to the status bar.
        self._window.setCorner(Qt.Corner.BottomLeftCorner, left)
        self._window.setCorner(Qt.Corner.BottomRightCorner, right)
        prompt = self._add("prompt", _tr("Prompt"), left)
        pictures = self._add("pictures", _tr("Pictures"), left)
        annotations = self._add("annotations", _tr("Annotations"), right)
        evidence = self._add("evidence", _tr("Evidence"), right)
        reply = self._add("reply", _tr("Reply"), bottom)
        self._window.resizeDocks([prompt, annotations], [290, 310], Qt.Orientation.Horizontal)
        self._window.resizeDocks([prompt, pictures], [430, 220], Qt.Orientation.Vertical)
        self._window.resizeDocks([annotations, evidence], [320, 330], Qt.Orientation.Vertical)
        self._window.resizeDocks([reply], [190], Qt.Orientation.Vertical)

        self._add_edit_docks(annotations, evidence)
        self._add_space_docks(self._docks["review"], reply)
        # Last of all at its place: it is looked into now and then.
        self._window.tabifyDockWidget(reply, self._add("history", _tr("History"), bottom))
        self._window.tabifyDockWidget(annotations, self._add("document", _tr("Document"), right))
        self._window.tabifyDockWidget(annotations, self._add("fields", _tr("Fields"), right))
        self._window.tabifyDockWidget(reply, self._add("timeline", _tr("Timeline"), bottom))
        for name in ("history", "document", "fields", "timeline"):
            self._docks[name].hide()
        # Only now: each panel that is put behind them comes to the front.
        annotations.raise_()
        evidence.raise_()

    def _add_edit_docks(self, annotations: QDockWidget, evidence: QDockWidget) -> None:
        """Add what belongs to editing, behind the list and the evidence."""
        right = Qt.DockWidgetArea.RightDockWidgetArea
        texts = self._add("text", _tr("Text"), right)
        steps = self._add("steps", _tr("Steps"), right)
        object_ = self._add("object", _tr("Object"), right)
        review = self._add("review", _tr("Review"), right)
        self._window.tabifyDockWidget(annotations, texts)
        self._window.tabifyDockWidget(texts, steps)
        self._window.tabifyDockWidget(evidence, object_)
        self._window.tabifyDockWidget(object_, review)
        annotations.raise_()

    def _add_space_docks(self, review: QDockWidget, reply: QDockWidget) -> None:
        """Add what shows space: numbers where the evidence stands, views from above and all round at the bottom."""
        right, bottom = Qt.DockWidgetArea.RightDockWidgetArea, Qt.DockWidgetArea.BottomDockWidgetArea
        camera = self._add("camera", _tr("Camera"), right)
        cuboid = self._add("cuboid", _tr("Cuboid"), right)
        plan = self._add("plan", _tr("Plan"), bottom)
        orbit = self._add("orbit", _tr("Orbit"), bottom)
        # One in each group of the right column: five tabs in one would have no room for their names.
        self._window.tabifyDockWidget(self._docks["steps"], camera)
        self._window.tabifyDockWidget(review, cuboid)
        self._window.splitDockWidget(reply, orbit, Qt.Orientation.Horizontal)
        self._window.tabifyDockWidget(reply, plan)
        for name in SPACE_PANELS:
            self._docks[name].hide()

    def _add(self, name: str, title: str, area: Qt.DockWidgetArea) -> QDockWidget:
        dock = QDockWidget(title)
        dock.setObjectName(name)
        self._window.addDockWidget(area, dock)
        self._docks[name] = dock
        self._join(self._actions[f"panel.{name}"], dock)
        return dock

    @staticmethod
    def _join(action: QAction, dock: QDockWidget) -> None:
        """Let an action of the table and Qt's own for a dock say and do the same; what lies behind others comes up."""
        shown = dock.toggleViewAction()
        action.setChecked(shown.isChecked())
        shown.toggled.connect(action.setChecked)

        def act(checked: bool) -> None:
            if dock.isVisible() and dock.visibleRegion().isEmpty():
                action.setChecked(True)  # it is a tab behind another: whoever asks for it wants to see it
            elif shown.isChecked() != checked:
                shown.trigger()
            if action.isChecked():
                dock.raise_()

        action.triggered.connect(act)


def _entrance(part: QWidget) -> QWidget:
    """Return what takes the keyboard in a part of the window: what had it last there, else the first that can."""
    within = (part, *part.findChildren(QWidget))
    takers = [each for each in within if each.focusPolicy() & Qt.FocusPolicy.TabFocus and each.isVisibleTo(part)]
    last: QWidget | None = part.focusWidget()
    return last if last in takers else next((each for each in takers if each.isEnabled()), part)
