"""``FilmSeeker``: brings the frame of any stamp out of a film's file, exactly and with as little decoding as can be.

The way to a frame leads from the key frame before it; on the way only frames are decoded that others need. Which frame
shows at a time is known from the packets alone: they come in the order of decoding, and no codec lets a frame come more
than ``MOST_REORDERED`` packets after one that is shown later.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest

from av.video.frame import VideoFrame

from qwvis_desktop.core.media.film_stream import Film, FilmStream
from qwvis_desktop.core.media.large import NotWanted

MOST_REORDERED = 16
"""H.264 keeps at most 16 frames back (ITU-T H.264, A.3.1), H.265 15, the others fewer."""

MOST_QUEUED = 256
"""Packets that wait to be decoded at most."""

MOST_KEPT = 32
"""Frames that are kept at most. Where somebody steps backwards, those before the wanted one are decoded too."""

KEPT_BYTES = 96 << 20
"""What kept frames may take in memory, where somebody steps to and fro."""

AHEAD_BYTES, MOST_AHEAD = 48 << 20, 8
"""What frames that are decoded ahead may take, and how many there are at most."""

_FEW = 12
"""Frames before a key frame that are decoded rather than passed over by seeking."""

_GO_ON_SECONDS = 2.0
"""How far forward it is decoded rather than sought where nothing is known of where key frames are."""

_BACK_OFF_SECONDS = (0.0, 0.5, 2.0, 8.0, 32.0)
"""How much further back it is sought where what was found begins after the frame."""


class _KeyRhythm:
    """How far apart the key frames of a film are, as far as it was read, where its container does not say.

    A film of one frame a second has one in some minutes: whoever sought each frame of many would begin at the same key
    frame again and again, and take five times as long as by decoding all.
    """

    def __init__(self) -> None:
        self._last: int | None = None
        self._apart = 0

    def begin(self, asked: int, found: int) -> None:
        """Learn that the last key frame up to the stamp ``asked`` for is at ``found``, and go on from there."""
        self._last, self._apart = found, max(self._apart, asked - found)

    def meet(self, stamp: int) -> None:
        """Learn that the next key frame is here."""
        if self._last is not None and stamp > self._last:
            self._last, self._apart = stamp, stamp - self._last

    def next_key(self) -> int | None:
        """Return about where the key frame is that comes next; None where nothing is known."""
        return self._last + self._apart if self._last is not None and self._apart else None


class FilmSeeker:
    """Finds frames of an open film; ``seeker.end_of`` tells when one ends.

    Attributes:
        is_wanted: asked on the way to a frame; where it says no, ``NotWanted`` is raised, and one can go on elsewhere.

    Args:
        stream: the film, whose ``origin`` is known.
        rate: frames a second, on average.
        kept_bytes: what kept frames may take in memory; two are kept whatever they take.
    """

    def __init__(self, stream: FilmStream, rate: float, kept_bytes: int = KEPT_BYTES) -> None:
        self._stream = stream
        self._kept_bytes = kept_bytes
        self._most = 2
        self._usual = max(1, round(1 / rate / float(stream.time_base)))
        self._is_stamped = True
        self._is_counted = False
        self._kept: deque[VideoFrame] = deque()
        self._rhythm = _KeyRhythm()
        self.is_wanted: Callable[[], bool] = lambda: True
        self._forget()

    def at(self, stamp: int) -> VideoFrame | None:
        """Return the frame that shows at ``stamp``; the first one before the film begins; None where there is none."""
        kept = self._kept_at(stamp)
        if kept is not None:
            return kept
        back = self._last is not None and 0 < self._last - stamp < 2 * MOST_KEPT * self._usual
        if not self._is_on_the_way(stamp):
            self._go_before(stamp)
        if not self._is_stamped:
            return self._by_decoding(stamp)
        self._look_ahead(stamp)
        target = self._showing(stamp)
        floor = target - ((self._most - 2) * self._usual if back else 0)
        before: VideoFrame | None = None
        while (frame := self._next(floor)) is not None:
            if _stamp(frame) >= target:
                return frame
            before = frame
        return before

    def decode_ahead(self) -> bool:
        """Decode a frame after the one that came last, while nobody waits; say whether it is worth to go on so."""
        if self._last is None or not self._is_stamped or self._drained or not self._kept:
            return False
        if len(self._ready) >= min(MOST_AHEAD, AHEAD_BYTES // max(1, _byte_count(self._kept[-1]))):
            return False
        if not self._queue and not self._pull():
            return False
        self._ready.extend(self._stream.decode(self._queue.popleft()))
        return True

    @property
    def ready(self) -> Sequence[VideoFrame]:
        """The frames that are decoded and come next."""
        return self._ready

    def is_at(self, stamp: int) -> bool:
        """Say whether the frame at ``stamp`` came last, so that ``following`` brings the next one."""
        return self._last == stamp

    def following(self) -> VideoFrame | None:
        """Return the frame after the one that came last; None at the end, or where none came yet."""
        if self._last is None:
            return None
        return self._next(self._last + 1)

    def near(self, stamp: int) -> VideoFrame | None:
        """Return the key frame before ``stamp``; what was decoded so far is forgotten."""
        self._begin(stamp)
        frames = self._stream.decode(self._queue.popleft()) or self._stream.drain() if self._queue else []
        self._forget()
        return frames[0] if frames else None

    def end_of(self, frame: VideoFrame) -> int:
        """Return the stamp at which a frame ends: where the next one begins, as far as that is known."""
        stamp = _stamp(frame)
        if self._is_stamped:
            self._look_ahead(stamp)
            place = bisect_right(self._stamps, stamp)
            if place < len(self._stamps):
                return self._stamps[place]
        elif self._ready and not self._is_counted:
            return max(stamp + 1, _stamp(self._ready[0]))
        return stamp + (frame.duration or self._usual)

    def _forget(self) -> None:
        """Forget where we are; the decoder is emptied by the next seek."""
        self._packets: Iterator[Film] = iter(())
        self._queue: deque[Film] = deque()
        self._ready: deque[VideoFrame] = deque()
        self._stamps: list[int] = []
        self._last: int | None = None
        self._drained = True
        self._count, self._is_back = 0, False

    def _kept_at(self, stamp: int) -> VideoFrame | None:
        """Return a kept frame that is known to show at ``stamp``."""
        if self._is_stamped and self._last is not None and stamp >= self._last:
            self._look_ahead(self._last)
        kept = tuple(self._kept)
        for frame, following in zip_longest(kept, kept[1:]):
            if _stamp(frame) == stamp or _stamp(frame) < stamp < self._known_end(frame, following):
                return frame
        return None

    def _known_end(self, frame: VideoFrame, following: VideoFrame | None) -> int:
        """Return up to where a kept frame is known to show; ``following`` is the one that was kept after it."""
        place = bisect_right(self._stamps, _stamp(frame))
        is_last_out = following is None and self._is_stamped
        if place < len(self._stamps) and (is_last_out or self._stamps[place] == _stamp(following or frame)):
            return self._stamps[place]
        return _stamp(frame)

    def _is_on_the_way(self, stamp: int) -> bool:
        """Say whether the frame is reached sooner by going on than by seeking."""
        if self._last is None or stamp < self._last or self._drained:
            return False
        if self._is_counted:
            return True
        key = self._stream.key_stamp_before(stamp)
        if key is None:
            if stamp - self._last <= _GO_ON_SECONDS / float(self._stream.time_base):
                return True
            following = self._rhythm.next_key()
            return following is not None and stamp < following + _FEW * self._usual
        # Decoding a few more frames is cheaper than to begin anew, with nothing in the decoder.
        return key <= self._last + _FEW * self._usual

    def _go_before(self, stamp: int) -> None:
        """Go to a key frame from which the frame at ``stamp`` can be decoded."""
        for seconds in () if self._is_counted else _BACK_OFF_SECONDS:
            can_begin = self._begin(stamp - round(seconds / float(self._stream.time_base)))
            first = self._queue[0] if self._queue else None
            # A frame that is shown before the key frame it follows needs frames of before that.
            is_before = first is not None and (first.pts is None or first.pts <= stamp)
            if can_begin and is_before and not self._is_counted:
                return
        self._begin(self._stream.origin)

    def _begin(self, stamp: int) -> bool:
        """Seek; say whether decoding can begin with the first packet that waits then."""
        self._forget()
        self._drained = False
        self._kept.clear()
        self._stream.seek(stamp)
        self._packets = self._stream.packets()
        # Some containers can only be sought in by place: what comes before the first key frame cannot be decoded.
        while self._pull() and stamp > self._stream.origin and not self._queue[-1].is_keyframe:
            if len(self._queue) > MOST_QUEUED:
                return True  # none of them is said to be one
        if self._queue and self._queue[-1].is_keyframe and self._queue[-1].pts is not None:
            self._rhythm.begin(stamp, self._queue[-1].pts)
        can_begin = bool(self._queue) and (stamp <= self._stream.origin or self._queue[-1].is_keyframe)
        while len(self._queue) > 1:
            packet = self._queue.popleft()
            if packet.pts in self._stamps:
                self._stamps.remove(packet.pts)
        return can_begin

    def _pull(self) -> bool:
        """Take one more packet; say whether there was one."""
        packet = next(self._packets, None)
        if packet is None:
            return False
        self._queue.append(packet)
        if self._stream.is_miscounted(packet):
            self._is_counted, self._is_stamped = True, False
        elif packet.pts is None:
            self._is_stamped = False
        elif not packet.is_discard:
            insort(self._stamps, packet.pts)
            if packet.is_keyframe:
                self._rhythm.meet(packet.pts)
        return True

    def _look_ahead(self, stamp: int) -> None:
        """Take packets until all that are shown up to ``stamp``, and the next one, are known."""
        while len(self._stamps) - bisect_right(self._stamps, stamp) <= MOST_REORDERED and self._pull():
            if len(self._queue) > MOST_QUEUED:
                # So far behind the latest, none can show at ``stamp``; nor may a long way fill the memory.
                self._ready.extend(self._stream.decode(self._queue.popleft(), wanted=False))
                while len(self._ready) > MOST_KEPT:
                    self._ready.popleft()

    def _showing(self, stamp: int) -> int:
        place = bisect_right(self._stamps, stamp)
        return self._stamps[max(0, place - 1)] if self._stamps else stamp

    def _by_decoding(self, stamp: int) -> VideoFrame | None:
        """Return the frame that shows at ``stamp`` where only frames that came out tell their time."""
        before: VideoFrame | None = None
        while (frame := self._next(None)) is not None:
            if _stamp(frame) > stamp and before is not None:
                self._ready.appendleft(frame)
                self._is_back = True
                self._kept.pop()
                self._last = _stamp(before)
                return before
            before = frame
            if _stamp(frame) > stamp:
                return frame
        return before

    def _next(self, floor: int | None) -> VideoFrame | None:
        """Return the next frame; those before ``floor`` are only decoded where others need them."""
        while not self._ready:
            if not self.is_wanted():
                raise NotWanted
            if not self._queue and not self._pull():
                if self._drained:
                    return None
                self._drained = True
                self._ready.extend(self._stream.drain())
                continue
            packet = self._queue.popleft()
            wanted = floor is None or packet.pts is None or packet.pts >= floor
            self._ready.extend(self._stream.decode(packet, wanted=wanted))
        frame = self._ready.popleft()
        if self._is_counted and not self._is_back:
            frame.pts = self._stream.origin + self._count * (frame.duration or self._usual)
            self._count += 1
        self._is_back = False
        self._last = _stamp(frame)
        self._keep(frame)
        return frame

    def _keep(self, frame: VideoFrame) -> None:
        self._kept.append(frame)
        self._most = max(2, min(MOST_KEPT, self._kept_bytes // max(1, _byte_count(frame))))
        while len(self._kept) > self._most:
            self._kept.popleft()
        if len(self._stamps) > 4096:
            del self._stamps[: bisect_left(self._stamps, _stamp(self._kept[0]))]


def _byte_count(frame: VideoFrame) -> int:
    return sum(plane.buffer_size for plane in frame.planes)


def _stamp(frame: VideoFrame) -> int:
    return frame.pts or 0
