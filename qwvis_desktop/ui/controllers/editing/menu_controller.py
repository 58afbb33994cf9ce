"""``MenuController``: what the right button, or the menu key, offers on the picture and in the list."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtWidgets import QMenu, QWidget

from qwvis_desktop.ui.action_table.spec import translated
from qwvis_desktop.ui.action_table.table import ACTIONS, MENUS
from qwvis_desktop.ui.actions import Actions
from qwvis_desktop.ui.canvas.view import CanvasView
from qwvis_desktop.ui.panels.annotations import AnnotationPanel

SELECTED_MENU = (
    "edit.relabel", "edit.label", "edit.convert", "",
    "review.accept", "review.reject", "",
    "edit.copy", "edit.copy_as", "edit.duplicate", "edit.delete", "",
    "edit.select_same", "view.selection", "view.only_selected",
)  # fmt: skip
"""Of what is selected: ids of actions, keys of menus, and lines between them."""

PICTURE_MENU = (
    "edit.draw", "edit.paste", "edit.select_all", "",
    "view.fit", "view.actual_size", "view.annotations",
)  # fmt: skip
"""Where nothing is."""


class MenuController(QObject):
    """Shows the fitting actions of the table where they are asked for; those that cannot be chosen are left out."""

    def __init__(self, *, window: QWidget, canvas: CanvasView, panel: AnnotationPanel, actions: Actions) -> None:
        super().__init__(window)
        self._window, self._actions = window, actions
        canvas.menu_wanted.connect(self._show)
        panel.menu_wanted.connect(lambda place: self._show(place, True))

    def _show(self, place: QPoint, is_on_selected: bool) -> None:
        menu = QMenu(self._window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._fill(menu, SELECTED_MENU if is_on_selected else PICTURE_MENU)
        menu.popup(place)

    def _fill(self, menu: QMenu, entries: Sequence[str]) -> None:
        for entry in entries:
            if not entry:
                menu.addSeparator()
            elif entry in MENUS:
                inner = [spec.id for spec in ACTIONS if spec.menu == entry and self._actions[spec.id].isEnabled()]
                if inner:
                    self._fill(menu.addMenu(translated(MENUS[entry])), inner)
            elif self._actions[entry].isEnabled():
                menu.addAction(self._actions[entry])
