"""``TimelinePanel``: the timeline of a film, and above it what plays the film."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QToolButton, QVBoxLayout, QWidget

from qwvis_desktop.core.film_time import clock
from qwvis_desktop.ui.editor import DocumentEditor
from qwvis_desktop.ui.panels.film.timeline_bars import TimelineBars
from qwvis_desktop.ui.panels.film.timeline_layout import Film
from qwvis_desktop.ui.panels.film.timeline_surface import TimelineSurface
from qwvis_desktop.ui.theme import icon
from qwvis_desktop.ui.translation import translatable

SPEEDS = (0.25, 0.5, 1.0, 1.5, 2.0, 4.0)
"""How fast a film can be played."""

_BUTTONS: tuple[tuple[str, str, str], ...] = (
    ("film.event_back", "event-back", translatable("TimelinePanel", "Previous event")),
    ("film.frame_back", "previous", translatable("TimelinePanel", "Previous frame")),
    ("film.play", "run", translatable("TimelinePanel", "Play")),
    ("film.frame_on", "next", translatable("TimelinePanel", "Next frame")),
    ("film.event_on", "event-on", translatable("TimelinePanel", "Next event")),
    ("film.loop", "loop", translatable("TimelinePanel", "Play the selected event again and again")),
)
"""What each button asks for, its icon and what is said of it."""

_ZOOM = 1.6


class TimelinePanel(QWidget):
    """Player and timeline of the film that is looked at.

    Signals:
        step_requested(str): what the action with this id does is asked for.
        time_entered(str): somebody wrote the time to go to.
        speed_chosen(float): the film is to be played so many times as fast.

    Attributes:
        surface: the timeline itself, with signals of its own.
    """

    step_requested = Signal(str)
    time_entered = Signal(str)
    speed_chosen = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.surface = TimelineSurface()
        self.surface.step_requested.connect(self.step_requested)
        self._buttons: dict[str, QToolButton] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(self._player())
        column.addLayout(TimelineBars(self.surface), 1)

    def show_editor(self, editor: DocumentEditor | None) -> None:
        """Show the events of this document; None for none."""
        self.surface.show_editor(editor)

    def show_film(self, film: Film | None, frames: Sequence[float] | None = None) -> None:
        """Show a film; ``frames`` are the times of its frames, None leaves those that are known."""
        self.surface.show_film(film, frames)
        self._length.setText(f"/ {clock(film.duration)}" if film is not None else "")
        self.setEnabled(film is not None)

    def show_time(self, time: float, *, follow: bool = False) -> None:
        """Show where the film is; ``follow`` brings it into view on the timeline."""
        self.surface.set_playhead(time, follow=follow)
        if not self._time.hasFocus() or not self._time.isModified():
            self._time.setText(clock(time))

    def show_playing(self, playing: bool, *, looping: bool = False) -> None:
        """Show whether the film plays, and an event of it again and again."""
        play = self._buttons["film.play"]
        play.setIcon(icon("pause" if playing else "run"))
        play.setToolTip(self._with_key(self.tr("Pause") if playing else self.tr("Play"), self.tr("Space")))
        play.setAccessibleName(self.tr("Pause") if playing else self.tr("Play"))
        self._buttons["film.loop"].setChecked(looping)

    @property
    def time_text(self) -> str:
        """What stands in the field of the time."""
        return self._time.text()

    def _player(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(6, 3, 6, 0)
        row.setSpacing(2)
        for action, name, words in _BUTTONS:
            button = self._button(name, self.tr(words), partial(self.step_requested.emit, action))
            self._buttons[action] = button
            row.addWidget(button)
        self._buttons["film.loop"].setCheckable(True)
        self._time = QLineEdit(clock(0))
        self._time.setAccessibleName(self.tr("Time"))
        self._time.setToolTip(self.tr("Write a time and press Enter to go there: 1:02.5 or 62.5"))
        self._time.setFixedWidth(self._time.fontMetrics().horizontalAdvance("00:00:00.000") + 18)
        self._time.returnPressed.connect(self._go)
        self._time.editingFinished.connect(self._leave)
        self._length = QLabel()
        self._length.setTextFormat(Qt.TextFormat.PlainText)
        row.addSpacing(8)
        row.addWidget(self._time)
        row.addWidget(self._length)
        row.addSpacing(8)
        row.addWidget(self._speeds())
        row.addStretch(1)
        for name, words, act in (
            ("zoom-out", self.tr("Show more of the film"), lambda: self.surface.zoom(1 / _ZOOM)),
            ("fit", self.tr("Show all of the film"), self.surface.fit),
            ("zoom-in", self.tr("Show less of the film, in more detail"), lambda: self.surface.zoom(_ZOOM)),
        ):
            row.addWidget(self._button(name, words, act))
        return row

    def _speeds(self) -> QComboBox:
        self._speed = QComboBox()
        self._speed.setAccessibleName(self.tr("Speed"))
        self._speed.setToolTip(self.tr("How fast the film is played"))
        for speed in SPEEDS:
            self._speed.addItem(f"{speed:g}×", speed)
        self._speed.setCurrentIndex(SPEEDS.index(1.0))
        self._speed.currentIndexChanged.connect(lambda place: self.speed_chosen.emit(SPEEDS[place]))
        return self._speed

    def _button(self, name: str, words: str, act: Callable[[], object]) -> QToolButton:
        button = QToolButton()
        button.setIcon(icon(name))
        button.setIconSize(QSize(16, 16))
        button.setAutoRaise(True)
        button.setToolTip(words)
        button.setAccessibleName(words)
        button.clicked.connect(lambda _checked: act())
        return button

    @staticmethod
    def _with_key(words: str, key: str) -> str:
        return f"{words} ({key})"

    def _go(self) -> None:
        text = self._time.text()
        self._time.setModified(False)
        self.time_entered.emit(text)
        self.surface.setFocus()

    def _leave(self) -> None:
        """Say again where the film is, where something else was written and not gone to."""
        self._time.setModified(False)
        self._time.setText(clock(self.surface.playhead))
