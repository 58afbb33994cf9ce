"""``FilmPlayer``: frames of a film for the screen, decoded on a thread of its own.

The thread always does what was asked for last. A frame that the window has not taken yet is replaced by the next one:
frames are dropped, never queued, so that the window is never behind.

A thread, and no process: of 2,720 broken films none crashed a decoder or held one up (``fuzz_films.py``), decoders let
the window's thread in while they work, and a process would take time to start and memory to share for each frame.
"""

from __future__ import annotations

import threading
import time
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from PySide6.QtCore import QObject, Qt, Signal

from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.media.film import FilmFrame, FilmReader
from qwvis_desktop.core.media.image import MediaError
from qwvis_desktop.core.media.large import NotWanted
from qwvis_desktop.core.media.pixels import Raster
from qwvis_desktop.core.media.video import VideoMedia
from qwvis_desktop.ui.images import Picture, image_of

_LATE_SECONDS = 0.04
"""Where the next frame would be later than this, those up to the one that is due are left out."""

_HOPELESS_SECONDS = 0.5
"""Where the next frame would be later than this, decoding takes too long: it goes on at another key frame."""

_MOST_HELD_SECONDS = 10.0
"""For how long a frame is held until the next key frame; where none comes so soon, the clock is set back."""

_REDUCED_BELOW = 0.75
"""Frames that are seen for a moment are made smaller where they are shown at most so wide; else that saves nothing."""


@dataclass(frozen=True, slots=True)
class Shot:
    """A frame on its way to the screen.

    Attributes:
        time, duration: of the frame, in seconds.
        picture: what is shown of it.
        is_exact: it is the frame that was asked for, not one near it that stands in for a moment.
        is_playing: it came because the film plays.
    """

    time: float
    duration: float
    picture: Picture
    is_exact: bool = True
    is_playing: bool = False


class Stretch(NamedTuple):
    """What is to be played: from ``start`` to ``end`` (None: of the film), ``speed`` times as fast, perhaps again.

    Attributes:
        again: where it goes on after ``end``; None where it stops there.
    """

    start: float
    end: float | None = None
    speed: float = 1.0
    again: float | None = None


class _Order(NamedTuple):
    number: int
    media: VideoMedia
    time: float
    is_exact: bool = True
    stretch: Stretch | None = None

    @property
    def is_for_a_moment(self) -> bool:
        """Whether others follow at once what is seen: the film plays, or a hand moves on."""
        return self.stretch is not None or not self.is_exact


class _Beat(NamedTuple):
    """When which frame is due: ``first``, in the film's seconds, was at ``began``, in the clock's."""

    began: float
    first: float
    speed: float

    def due(self, time: float) -> float:
        """Return when a frame is due."""
        return self.began + (time - self.first) / self.speed

    def time_at(self, now: float) -> float:
        """Return what is due at a moment of the clock."""
        return self.first + (now - self.began) * self.speed


def key_within(keys: Sequence[float], after: float, now: float, most: float) -> float | None:
    """Return where a film can go on that is behind: the last key frame up to ``now``, or else the next one.

    Args:
        keys: when key frames begin, in order.
        after: what was seen last; only what is later will do.
        now: what is due.
        most: how far from now the next one may be.
    """
    place = bisect_right(keys, now)
    if place and keys[place - 1] > after:
        return keys[place - 1]
    return keys[place] if place < len(keys) and keys[place] - now <= most else None


class FilmPlayer(QObject):
    """Brings frames of one film at a time.

    Signals (all on the GUI thread):
        shown(Shot): a frame that was asked for, or the next one of a film that plays.
        stopped(): a film that played came to its end.
        failed(str): a frame cannot be decoded; a sentence says why.

    Attributes:
        shown_size: of all of the picture on the screen, in device pixels. No more is made of frames that are seen for
            a moment, as the film plays or a hand seeks; None: in full.
        keys: when the key frames of the film that plays begin, in seconds, in order; empty while that is not known.
        dropped: how many frames were not shown, because they came too late.

    Args:
        clock: seconds that only grow.
    """

    shown = Signal(object)
    stopped = Signal()
    failed = Signal(str)
    _woken = Signal()

    def __init__(self, parent: QObject | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(parent)
        self._clock = clock
        self._lock = threading.Condition()
        self._order: _Order | None = None
        self._number = 0
        self._closed = False
        self._news: list[tuple[int, Shot | Exception | None]] = []
        self._thread: threading.Thread | None = None
        self._reader: FilmReader | None = None
        self._ahead: tuple[Raster, Picture] | None = None
        self.shown_size: Size | None = None
        self.keys: Sequence[float] = ()
        self._is_seen = True
        self.dropped = 0
        self._woken.connect(self._tell, Qt.ConnectionType.QueuedConnection)

    def seek(self, media: VideoMedia, time: float, *, is_exact: bool = True) -> None:
        """Bring the frame that shows at ``time``, or soon one near it; what was asked for before is not wanted."""
        self._ask(media, time, is_exact=is_exact)

    def play(self, media: VideoMedia, stretch: Stretch) -> None:
        """Bring frame after frame, each at its time."""
        self._ask(media, stretch.start, stretch=stretch)

    @property
    def is_seen(self) -> bool:
        """Whether anybody can see what comes; where not, a film that plays goes on, but no frame is made of it."""
        return self._is_seen

    @is_seen.setter
    def is_seen(self, is_seen: bool) -> None:
        if is_seen != self._is_seen:
            with self._lock:
                self._is_seen = is_seen
                self._lock.notify()

    def stop(self) -> None:
        """Bring nothing further."""
        with self._lock:
            self._number += 1
            self._order, self._news = None, []
            self._lock.notify()

    def close(self) -> bool:
        """Stop, and wait for the thread; say whether it has ended."""
        with self._lock:
            self._closed = True
            self._number += 1
            self._order, self._news = None, []
            self._lock.notify()
        if self._thread is not None:
            self._thread.join(2.0)
            return not self._thread.is_alive()
        return True

    def _ask(self, media: VideoMedia, time: float, *, is_exact: bool = True, stretch: Stretch | None = None) -> None:
        with self._lock:
            self._number += 1
            self._order = _Order(self._number, media, time, is_exact, stretch)
            self._news = []
            self._lock.notify()
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="film", daemon=True)
                self._thread.start()

    # On the GUI thread

    def _tell(self) -> None:
        with self._lock:
            news, self._news = self._news, []
            number = self._number
        for asked, what in news:
            if asked != number:
                continue
            if isinstance(what, Shot):
                self.shown.emit(what)
            elif what is None:
                self.stopped.emit()
            elif isinstance(what, MediaError):
                self.failed.emit(str(what))
            else:
                raise what  # a fault of the program; the film can be gone on with

    # On the film's thread

    def _work(self) -> None:
        try:
            while (order := self._next()) is not None:
                try:
                    self._do(order, self._reader_of(order.media))
                except NotWanted:
                    continue  # on the way to a frame, another one was asked for
                except Exception as error:  # noqa: BLE001 - told on the GUI thread, or raised there
                    self._hand_over(order.number, error)
        finally:
            self._close_reader()

    def _next(self) -> _Order | None:
        with self._lock:
            self._lock.wait_for(lambda: self._closed or self._order is not None)
            order, self._order = self._order, None
            return None if self._closed else order

    def _reader_of(self, media: VideoMedia) -> FilmReader:
        if self._reader is None or self._reader.media is not media:
            self._close_reader()
            self._reader = FilmReader(media)
        return self._reader

    def _close_reader(self) -> None:
        if self._reader is not None:
            self._reader.close()
            self._reader = None

    def _do(self, order: _Order, reader: FilmReader) -> None:
        reader.set_draft(self._draft(order.media) if order.is_for_a_moment else None)
        if order.stretch is not None:
            self._play(order, reader, order.stretch)
            return
        if not order.is_exact:
            self._show(order, reader.near(order.time))
            return
        self._show(order, reader.at(order.time, lambda: self._is_wanted(order)))
        # Who looks at a frame may want the next one, and then it is there.
        while self._is_wanted(order) and reader.decode_ahead():
            ahead = reader.ahead()
            if ahead is not None and (self._ahead is None or self._ahead[0] is not ahead):
                self._ahead = ahead, Picture.from_raster(ahead, order.media.size)

    def _draft(self, media: VideoMedia) -> Size | None:
        """Return the size in which frames that are seen for a moment are made; None where it is not known."""
        shown = self.shown_size
        if shown is None:
            return None
        return shown if shown.width < media.size.width * _REDUCED_BELOW else media.size

    def _play(self, order: _Order, reader: FilmReader, stretch: Stretch) -> None:
        frame = reader.at(stretch.start, lambda: self._is_wanted(order))
        self._show(order, frame)
        beat = _Beat(self._clock(), frame.time, stretch.speed)
        while self._is_wanted(order):
            reader.set_draft(self._draft(order.media))
            following = self._following_unseen(order, reader, frame, beat) or self._following(reader, frame, beat)
            if following is None or (stretch.end is not None and following.time >= stretch.end):
                if stretch.again is None:
                    self._hand_over(order.number, None)
                    return
                following = reader.at(stretch.again)
                beat = beat._replace(began=self._clock(), first=following.time)
            frame, due = following, beat.due(following.time)
            self._wait(order, due)
            late = self._clock() - due
            if late > _HOPELESS_SECONDS and self._key_ahead(frame.time, beat) is None:
                beat = beat._replace(began=beat.began + late)
            self._show(order, frame)

    def _following(self, reader: FilmReader, frame: FilmFrame, beat: _Beat) -> FilmFrame | None:
        """Return the next frame; where it would be too late, the one that is due now: none between is made ready."""
        after, now = frame.time + frame.duration, beat.time_at(self._clock())
        if now - after > max(_LATE_SECONDS * beat.speed, frame.duration):
            is_hopeless = now - after > _HOPELESS_SECONDS * beat.speed
            key = self._key_ahead(frame.time, beat) if is_hopeless else None
            found = reader.at(now) if key is None else reader.near(key)
            if found.time > frame.time:
                self.dropped += max(0, round((found.time - after) / frame.duration))
                return found
        return reader.following()

    def _key_ahead(self, after: float, beat: _Beat) -> float | None:
        return key_within(self.keys, after, beat.time_at(self._clock()), _MOST_HELD_SECONDS * beat.speed)

    def _following_unseen(self, order: _Order, reader: FilmReader, frame: FilmFrame, beat: _Beat) -> FilmFrame | None:
        """Wait while nobody sees the film, to its end at most, and return what is due then; None where that was not."""
        if self._is_seen or order.stretch is None:
            return None
        end = order.media.duration if order.stretch.end is None else order.stretch.end
        with self._lock:
            while self._is_wanted_unseen(order) and (left := beat.due(end) - self._clock()) > 0:
                self._lock.wait(left)
        found = reader.at(min(beat.time_at(self._clock()), end), lambda: self._is_wanted(order))
        return found if found.time > frame.time else None

    def _is_wanted_unseen(self, order: _Order) -> bool:
        return not self._is_seen and self._is_wanted(order)

    def _wait(self, order: _Order, until: float) -> None:
        with self._lock:
            while not self._closed and self._number == order.number:
                seconds = until - self._clock()
                if seconds <= 0:
                    return
                self._lock.wait(seconds)

    def _is_wanted(self, order: _Order) -> bool:
        return not self._closed and self._number == order.number

    def _show(self, order: _Order, frame: FilmFrame) -> None:
        if self._is_wanted(order):
            picture = self._picture_of(order, frame.raster)
            shot = Shot(frame.time, frame.duration, picture, order.is_exact, order.stretch is not None)
            self._hand_over(order.number, shot)

    def _picture_of(self, order: _Order, raster: Raster) -> Picture:
        if self._ahead is not None and self._ahead[0] is raster:
            return self._ahead[1]
        if order.is_for_a_moment and self.shown_size is not None:
            # Nobody sees it in other sizes, and making them takes longer than all else.
            return Picture(order.media.size, (image_of(raster),), (raster,))
        return Picture.from_raster(raster, order.media.size)

    def _hand_over(self, number: int, what: Shot | Exception | None) -> None:
        with self._lock:
            if self._closed or number != self._number:
                return
            wake = not self._news
            if isinstance(what, Shot) and self._news and isinstance(self._news[-1][1], Shot):
                self._news.pop()
                self.dropped += 1
            self._news.append((number, what))
            # Under the lock: after ``close`` returns, this thread touches no Qt object any more.
            if wake:
                self._woken.emit()
