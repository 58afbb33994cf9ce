"""``OrbitView``: the panel with the scene in perspective, buttons for the usual views, and what is said of it."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from qwvis_desktop.ui.panels.space.orbit_surface import VIEWS, OrbitSurface
from qwvis_desktop.ui.panels.space.space_view import SpaceView


class OrbitView(SpaceView):
    """The scene with its buttons and a line of words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        surface = OrbitSurface()
        super().__init__(surface, parent)
        self.surface = surface
        words = {
            "front": (self.tr("Front"), self.tr("Look from the front")),
            "top": (self.tr("Top"), self.tr("Look from above")),
            "side": (self.tr("Side"), self.tr("Look from the side")),
            "camera": (self.tr("Camera"), self.tr("Look from the camera")),
        }
        for number, view in enumerate(VIEWS, 1):
            text, accessible = words[view]
            button = self._button(text, accessible, f"{accessible} ({number})")
            button.clicked.connect(lambda _=False, view=view: self.surface.look(view))
            self._bar.addWidget(button)
        self._bar.addStretch(1)
        fit = self._button("fit", self.tr("Fit the scene"), self.tr("Show all that lies near (F)"), has_icon=True)
        fit.clicked.connect(lambda: self.surface.fit())  # noqa: PLW0108 - the button's state is no argument of it
        self._bar.addWidget(fit)
        self._say()
