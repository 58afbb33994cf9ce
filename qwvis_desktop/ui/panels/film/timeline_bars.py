"""``TimelineBars``: a timeline with the bars that move its view, each there only while there is more than is seen."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QCoreApplication, QSignalBlocker, Qt
from PySide6.QtWidgets import QGridLayout, QScrollBar

from qwvis_desktop.ui.panels.film.timeline_view import TimelineView

_MOST_UNITS = 1e9
"""What a bar counts to at most: films of a week, zoomed in, have more widget units than a bar can count."""

_STEP = 40


class TimelineBars(QGridLayout):
    """Lays out a timeline with a bar for time below it and one for lanes beside it, and keeps them in step.

    Args:
        view: the timeline.
    """

    def __init__(self, view: TimelineView) -> None:
        super().__init__()
        self._view = view
        self._units = 1.0
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(0)
        self.times, self.lanes = QScrollBar(Qt.Orientation.Horizontal), QScrollBar(Qt.Orientation.Vertical)
        self.times.setAccessibleName(QCoreApplication.translate("TimelineBars", "Times in view"))
        self.lanes.setAccessibleName(QCoreApplication.translate("TimelineBars", "Lanes in view"))
        self.addWidget(view, 0, 0)
        self.addWidget(self.lanes, 0, 1)
        self.addWidget(self.times, 1, 0)
        for bar in (self.times, self.lanes):
            bar.hide()
            bar.setSingleStep(_STEP)
        self.times.valueChanged.connect(self._go_to_time)
        self.lanes.valueChanged.connect(view.scroll_to)
        view.view_changed.connect(self._follow)

    def _go_to_time(self, value: int) -> None:
        axis = self._view.axis
        self._view.set_axis(replace(axis, start=value * self._units / axis.pixels))

    def _follow(self) -> None:
        axis, layout, is_film = self._view.axis, self._view.layout_, self._view.film is not None
        whole = axis.duration * axis.pixels
        self._units = max(1.0, whole / _MOST_UNITS)
        beyond = 0.0 if axis.is_whole or not is_film else (whole - axis.width) / self._units
        self._set(self.times, beyond, axis.start * axis.pixels / self._units, axis.width / self._units)
        beyond = layout.most_scroll if is_film else 0.0
        self._set(self.lanes, beyond, layout.scroll, layout.height - layout.lanes_top)

    @staticmethod
    def _set(bar: QScrollBar, beyond: float, at: float, page: float) -> None:
        with QSignalBlocker(bar):
            bar.setRange(0, round(beyond))
            bar.setPageStep(max(1, round(page)))
            bar.setValue(round(at))
        bar.setVisible(beyond >= 1)
