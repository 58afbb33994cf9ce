"""How the user wants to see things: the switches of the view menu, the filter, and what is under the pointer."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QWidget

from qwvis_desktop.core.geometry import Point
from qwvis_desktop.ui.actions import Actions
from qwvis_desktop.ui.canvas.look import OPACITY_ACTIONS, SWITCHES, TEXT_ACTIONS, Look, TextView, checks_of
from qwvis_desktop.ui.canvas.view import CanvasView
from qwvis_desktop.ui.controllers.asking.service_controller import ServiceController
from qwvis_desktop.ui.controllers.hold_key import HoldKey
from qwvis_desktop.ui.panels.first_panels import FirstPanels

ANSWERED = frozenset({*SWITCHES, *OPACITY_ACTIONS, *TEXT_ACTIONS, "view.text_next", "view.selection"})
"""Actions that are answered here."""


class ViewController(QObject):
    """Joins the switches of the view menu with the canvas, and keeps how they stand.

    Args:
        window: what the key that hides annotations is heard in.
        canvas: what is looked at.
        panels: those with the filter and the pixel's place.
        actions: the switches; they stand as ``look`` is.
        services: where it is kept.
        look: how things were shown last.
    """

    def __init__(
        self,
        *,
        window: QWidget,
        canvas: CanvasView,
        panels: FirstPanels,
        actions: Actions,
        services: ServiceController,
        look: Look,
    ) -> None:
        super().__init__(window)
        self._canvas, self._status_bar, self._actions, self._services = canvas, panels.status_bar, actions, services
        actions.toggled.connect(self._switch)
        actions.triggered.connect(self._choose)
        # The key repeats itself while it is held; the action must not.
        HoldKey(window, Qt.Key.Key_H, actions["view.annotations"].trigger)
        canvas.pointer_moved.connect(self._tell_pixel)
        panels.annotations.filter_changed.connect(canvas.set_filter)
        canvas.set_look(look)

    def _switch(self, action: str, is_on: bool) -> None:
        name = SWITCHES.get(action)
        if name is not None:
            switched: dict[str, Any] = {name: is_on}
            self._set(replace(self._canvas.look, **switched))

    def _choose(self, action: str) -> None:
        if action == "view.selection":
            self._canvas.zoom_to(self._canvas.selected())
        elif action in OPACITY_ACTIONS:
            self._set(replace(self._canvas.look, opacity=OPACITY_ACTIONS[action]))
        elif action in TEXT_ACTIONS:
            self._set(replace(self._canvas.look, text=TEXT_ACTIONS[action]))
        elif action == "view.text_next":
            views = tuple(TextView)
            self._set(replace(self._canvas.look, text=views[(self._canvas.look.text + 1) % len(views)]))
            self._show_checks()

    def _show_checks(self) -> None:
        for action, is_on in checks_of(self._canvas.look).items():
            self._actions.set_checked(action, is_on)

    def _set(self, look: Look) -> None:
        self._canvas.set_look(look)
        self._services.update(view=look.changes())

    def _tell_pixel(self, point: Point | None) -> None:
        self._status_bar.set_pixel(self._canvas.pixel_at(point) if point is not None else None)
