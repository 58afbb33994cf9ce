"""``FilmPlayback``: where the film that is looked at is, and how it goes on from there."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage

from qwvis_desktop.core.event_editing import neighbour, times_of
from qwvis_desktop.core.film_moment import FilmMoment
from qwvis_desktop.core.film_time import clock
from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.media.film_index import FilmIndex
from qwvis_desktop.core.media.video import VideoMedia
from qwvis_desktop.core.times import seconds_of
from qwvis_desktop.ui.canvas.tooltip import describe
from qwvis_desktop.ui.canvas.view import CanvasView
from qwvis_desktop.ui.editor import DocumentEditor
from qwvis_desktop.ui.film_player import FilmPlayer, Shot, Stretch
from qwvis_desktop.ui.panels.film.timeline import TimelinePanel

_REST_MS = 120
"""For how long a hand rests until the exact frame is brought."""

_UNSEEN_MS = 100
"""How often it is looked whether a film that plays unseen is seen again."""

_SECOND = 1.0


@dataclass(slots=True)
class OpenFilm:
    """The film that is looked at.

    Attributes:
        time: where it is: the playhead, in seconds.
        frame: how long the frame at that time is seen, in seconds.
        index: when each frame begins; None until that was looked for.
        thumbnails: times with small pictures.
        is_playing: it plays, or will as soon as its first frame comes.
        loops: it plays a part again and again.
    """

    key: str
    editor: DocumentEditor
    media: VideoMedia
    moment: FilmMoment
    time: float = 0.0
    frame: float = 0.04
    index: FilmIndex | None = None
    thumbnails: list[tuple[float, QImage]] = field(default_factory=list)
    is_playing: bool = False
    loops: Stretch | None = None

    @property
    def last(self) -> float:
        """When the last frame begins."""
        return self.index.times[-1] if self.index is not None else max(0.0, self.media.duration - 1 / self.media.rate)


class FilmPlayback(QObject):
    """Plays, steps and seeks, and shows what comes of it on canvas and timeline.

    Signals:
        problem(str): something cannot be shown; a sentence for people.

    Attributes:
        film: the film that is looked at; None where it is none.
        player: brings its frames.
    """

    problem = Signal(str)

    def __init__(self, canvas: CanvasView, panel: TimelinePanel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._canvas, self._panel = canvas, panel
        self.film: OpenFilm | None = None
        self.player = FilmPlayer(self)
        self.player.shown.connect(self._shown)
        self.player.stopped.connect(self._rest_at_end)
        self.player.failed.connect(self._failed)
        self._speed = 1.0
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self._bring)
        self._unseen = QTimer(self, interval=_UNSEEN_MS)
        self._unseen.timeout.connect(self._look_if_seen)
        self._follows_selection = True
        panel.time_entered.connect(self._go_to_text)
        panel.speed_chosen.connect(self._set_speed)
        panel.surface.scrubbed.connect(self.scrub)
        panel.surface.loop_requested.connect(self.loop_event)
        canvas.space_tapped.connect(self.toggle)

    def does(self) -> dict[str, Callable[[], object]]:
        """Return what the actions do, by their ids."""
        return {
            "film.play": self.toggle,
            "film.loop": self.loop,
            "film.first": lambda: self.go_to(0.0),
            "film.last": lambda: self.go_to(self.film.last if self.film is not None else 0.0),
            "film.frame_back": partial(self.step, -1),
            "film.frame_on": partial(self.step, 1),
            "film.second_back": partial(self.skip, -_SECOND),
            "film.second_on": partial(self.skip, _SECOND),
            "film.event_back": partial(self.to_neighbour, -1),
            "film.event_on": partial(self.to_neighbour, 1),
        }

    # Where it is

    def go_to(self, time: float) -> None:
        """Show exactly the frame at a time, and play no further."""
        if self.film is not None:
            self._pause()
            self._to(time)
            self._bring()

    def scrub(self, time: float, is_final: bool) -> None:
        """Show soon what is near a time, and exactly that when the hand rests."""
        film = self.film
        if film is None:
            return
        self._pause()
        self._to(time)
        if is_final:
            self._bring()
        else:
            self._rest.start()
            self._tell_shown_size(film)
            self.player.seek(film.media, film.time, is_exact=False)

    def step(self, by: int) -> None:
        """Show the next frame, or the previous one."""
        film = self.film
        if film is None:
            return
        if film.index is not None:
            number = film.index.number_at(film.time) + by
            self.go_to(film.index.times[min(max(number, 0), len(film.index.times) - 1)])
        else:
            self.go_to(film.time + (film.frame * 1.01 if by > 0 else -film.frame / 2))

    def skip(self, seconds: float) -> None:
        """Show what is so many seconds later."""
        if self.film is not None:
            self.go_to(self.film.time + seconds)

    def to_neighbour(self, by: int) -> None:
        """Go to where the next or the previous event begins, or a box of a track stands, and select what is there."""
        film = self.film
        if film is None:
            return
        stops = film.moment.stops()
        time = neighbour((at for at, _ in stops), film.time, by, film.frame / 2)
        if time is not None:
            self.go_to(time)
            with_it = [key for at, key in stops if at == time]
            self.select(film.editor, with_it)
            self._canvas.announce(f"{describe(film.editor.document.annotations[with_it[0]])}, {clock(time)}")

    def select(self, editor: DocumentEditor, keys: Sequence[str]) -> None:
        """Select without going anywhere."""
        self._follows_selection = False
        try:
            editor.select(keys)
        finally:
            self._follows_selection = True

    def _go_to_text(self, text: str) -> None:
        time = seconds_of(text.strip())
        if time is None:
            self.problem.emit(
                self.tr('"{text}" is no time. Write 1:02.5, or seconds: 62.5.').replace("{text}", text[:40])
            )
        else:
            self.go_to(time)

    def _to(self, time: float) -> None:
        film = self.film
        assert film is not None, "no film is open"
        film.time = min(max(time, 0.0), film.last)
        self._panel.show_time(film.time, follow=True)

    def _bring(self) -> None:
        self._rest.stop()
        film = self.film
        if film is None:
            return
        if film.index is not None:
            # What is written as 1.0 is meant to be the frame stamped 1.001 rather than the one before.
            times, number = film.index.times, film.index.number_at(film.time)
            near = times[number : number + 2]
            film.time = min(near, key=lambda at: abs(at - film.time))
        self.player.seek(film.media, film.time)

    # Playing

    def toggle(self) -> None:
        """Play, or stop playing."""
        film = self.film
        if film is None:
            return
        if film.is_playing:
            self.go_to(film.time)
        else:
            start = 0.0 if film.time >= film.last else film.time
            self._play(Stretch(start, speed=self._speed))

    def loop(self) -> None:
        """Play the selected event again and again, or the range, or all; or stop."""
        film = self.film
        if film is None:
            return
        if film.loops is not None:
            self.go_to(film.time)
            return
        selected = (film.editor.document.annotations.get(key) for key in film.editor.selection)
        spans = [times for each in selected if each is not None and (times := times_of(each)) is not None]
        span = next((each for each in spans if each[1] > each[0]), None)
        start, end = span or film.editor.document.film_range
        self._loop(start or 0.0, film.media.duration if end is None else end)

    def loop_event(self, key: str) -> None:
        """Select an event and play it again and again."""
        if self.film is not None:
            self.select(self.film.editor, [key])
            self.film.loops = None
            self.loop()

    def _loop(self, start: float, end: float) -> None:
        self._play(Stretch(start, max(end, start + 0.001), self._speed, again=start))

    def _play(self, stretch: Stretch) -> None:
        film = self.film
        assert film is not None, "no film is open"
        self._rest.stop()
        film.is_playing, film.loops = True, stretch if stretch.again is not None else None
        self._tell_shown_size(film)
        self._look_if_seen()
        self._panel.show_playing(True, looping=film.loops is not None)
        self.player.keys = film.index.key_times if film.index is not None else ()
        self.player.play(film.media, stretch)

    def _look_if_seen(self) -> None:
        """Let no frames be made of a film that plays in a window that is minimized or covered."""
        canvas, film = self._canvas, self.film
        window = canvas.window()
        is_seen = canvas.isVisible() and not window.isMinimized() and window.windowHandle().isExposed()
        self.player.is_seen = is_seen
        if is_seen or film is None or not film.is_playing:
            self._unseen.stop()
        elif not self._unseen.isActive():
            self._unseen.start()

    def _tell_shown_size(self, film: OpenFilm) -> None:
        """Let no more be made of frames that play than is seen of them."""
        width, height = (max(1, math.ceil(side * self._canvas.zoom)) for side in film.media.size)
        self.player.shown_size = Size(width, height)

    def _pause(self) -> None:
        film = self.film
        if film is not None and film.is_playing:
            film.is_playing, film.loops = False, None
            self.player.stop()
            self._panel.show_playing(False)

    def _rest_at_end(self) -> None:
        """Show exactly the frame that came last: as the film played, it came so as it can be seen for a moment."""
        film = self.film
        if film is not None:
            self.go_to(film.time)

    def _set_speed(self, speed: float) -> None:
        self._speed = speed
        film = self.film
        if film is not None and film.is_playing:
            stretch = film.loops or Stretch(film.time)
            self._play(stretch._replace(start=film.time, speed=speed))

    def _failed(self, sentence: str) -> None:
        self._pause()
        self.problem.emit(sentence)

    def _shown(self, shot: Shot) -> None:
        film = self.film
        if film is None:
            return
        film.frame = shot.duration
        self._tell_shown_size(film)
        if shot.is_exact:
            film.time = shot.time
        self._canvas.set_picture(shot.picture)
        film.moment.go_to(shot.time, shot.duration)
        self._canvas.show_moment(film.moment)
        self._panel.show_time(film.time, follow=shot.is_playing)
        if shot.is_playing:
            self._look_if_seen()

    def close(self) -> bool:
        """Stop; say whether the film's thread has ended."""
        return self.player.close()
