"""``PlanView``: the panel with the plan of the ground, seen from above, and what is said of it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QToolButton, QWidget

from qwvis_desktop.ui.panels.space.plan_surface import PlanSurface
from qwvis_desktop.ui.panels.space.space_view import SpaceView
from qwvis_desktop.ui.panels.space.space_words import words_on
from qwvis_desktop.ui.theme import Tone


class PlanView(SpaceView):
    """The plan with its buttons and a line of words.

    Signals:
        picture_requested(): the user wants the plan as a file (``plan_picture.render_plan`` draws it).
    """

    picture_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        surface = PlanSurface()
        super().__init__(surface, parent)
        self.surface = surface
        self._measure = self._button(self.tr("Measure"), self.tr("Measure"), self.tr("Drag to measure a distance (M)"))
        self._measure.setCheckable(True)
        self._all = self._button(self.tr("Show all"), self.tr("Show all cuboids"), self.tr("Show those far away, too"))
        for button in (self._measure, self._all):
            self._bar.addWidget(button)
        self._bar.addStretch(1)
        for button in self._with_icons():
            self._bar.addWidget(button)
        self._all.clicked.connect(lambda: self.surface.fit(everything=True))
        self._measure.toggled.connect(self.surface.set_measuring)
        self.surface.measuring_changed.connect(self._measure.setChecked)
        self._say()

    def _with_icons(self) -> list[QToolButton]:
        """Return the buttons on the right."""
        made = []
        for name, accessible, tip, does in (
            ("export", self.tr("Save the plan"), self.tr("Save the plan as PNG, SVG or PDF"), self._ask_for_picture),
            ("zoom-out", self.tr("Zoom out of the plan"), self.tr("Zoom out (-)"), lambda: self.surface.zoom(0.8)),
            ("zoom-in", self.tr("Zoom into the plan"), self.tr("Zoom in (+)"), lambda: self.surface.zoom(1.25)),
            (
                "fit",
                self.tr("Fit the plan"),
                self.tr("Show the camera and all that lies near (F)"),
                lambda: self.surface.fit(everything=False),
            ),
        ):
            button = self._button(name, accessible, tip, has_icon=True)
            button.clicked.connect(does)
            made.append(button)
        return made

    def _ask_for_picture(self) -> None:
        self.picture_requested.emit()

    def _say(self) -> None:
        super()._say()
        surface = self.surface
        self._all.setVisible(bool(surface.beyond))
        pointed = bool(surface.selected or surface.hovered is not None or surface.measured is not None)
        if surface.beyond and not pointed:
            self._words.say(surface.beyond, Tone.WARNING)
        else:
            self._words.say(words_on(surface, surface.measured, surface.measuring), Tone.MUTED)
