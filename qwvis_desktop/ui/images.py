"""Pictures for the screen: decoded in the background, a quick preview first, then in full, kept in half-size levels.

Nothing here makes the window's thread wait: decoding, converting and halving all happen on two threads of the loader.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QImage

from qwvis_desktop.core.geometry import Box, Size
from qwvis_desktop.core.media.image import MediaError
from qwvis_desktop.core.media.large import NotWanted, Part, is_large, part
from qwvis_desktop.core.media.media import Media, picture
from qwvis_desktop.core.media.raster import Raster, decode, halved, is_light, is_reducible

CACHE_BYTES = 160 << 20
"""What decoded pictures may take in memory: one of 24 megapixels with its levels, and previews of a dozen others."""

_KEPT_PIXELS = 4_000_000
"""Of a picture that is not on show no level with more is kept: in full it is there again when it is looked at."""

_SMALLEST_LEVEL = 900
"""Longest side in pixels at which no further half-size level pays."""

_PREVIEW_GAIN = 0.7
"""A preview is decoded first where it has at most this share of the original's width."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A decoded picture in half-size levels.

    Attributes:
        size: of the upright original, also where no level has it (a preview).
        levels: the largest first.
        rasters: the memory that the levels show; held here, because ``QImage`` does not hold it.
        is_overview: it is all that is shown of a large picture as a whole; sharp parts are read by themselves.
    """

    size: Size
    levels: tuple[QImage, ...]
    rasters: tuple[Raster, ...]
    is_overview: bool = False

    @classmethod
    def from_raster(cls, raster: Raster, size: Size, is_overview: bool = False) -> Picture:
        """Return the picture of an original of ``size`` that ``raster`` shows, in full or reduced."""
        # Not halved by Qt: its scaling holds Python's lock, and waits for threads of its own meanwhile.
        rasters = [raster]
        while max(rasters[-1].size) > _SMALLEST_LEVEL:
            rasters.append(halved(rasters[-1]))
        return cls(size, tuple(image_of(each) for each in rasters), tuple(rasters), is_overview)

    @property
    def raster(self) -> Raster:
        """The largest level as it was decoded."""
        return self.rasters[0]

    @property
    def is_full(self) -> bool:
        """Whether the largest level has every pixel of the original."""
        return self.raster.size == self.size

    @property
    def is_final(self) -> bool:
        """Whether no better one follows."""
        return self.is_full or self.is_overview

    @property
    def byte_count(self) -> int:
        """What it takes in memory."""
        return sum(level.sizeInBytes() for level in self.levels)

    def reduced(self) -> Picture:
        """Return the picture without its large levels; itself where it has no smaller one."""
        first = next((n for n, each in enumerate(self.rasters) if each.size.pixels <= _KEPT_PIXELS), 0)
        return Picture(self.size, self.levels[first:], self.rasters[first:]) if first else self

    def level_for(self, zoom: float) -> QImage:
        """Return the smallest level with at least one pixel for each pixel of a surface at ``zoom``."""
        wanted = zoom * self.size.width * (1 - 1e-9)
        return next((level for level in reversed(self.levels) if level.width() >= wanted), self.levels[0])


def image_of(raster: Raster) -> QImage:
    """Return an image that shows the memory of ``raster``, which must live as long."""
    width, height = raster.size
    return QImage(raster.data, width, height, 4 * width, QImage.Format.Format_RGB32)


@dataclass(frozen=True, slots=True)
class Detail:
    """A sharp part of a large picture, as it is drawn above the overview.

    Attributes:
        image: shows the memory of ``part``.
    """

    image: QImage
    part: Part


_Job: TypeAlias = Callable[[], None]


class _Worker:
    """A thread that always does what was asked for last; what was asked for before waits, or is called off.

    Args:
        name: of the thread.
        before: done first of all, whatever is called off.
    """

    def __init__(self, name: str, before: _Job | None = None) -> None:
        self._before = before
        self._jobs: OrderedDict[str, _Job] = OrderedDict()
        self._wake = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    def ask(self, key: str, job: _Job, first: bool = True) -> None:
        """Do ``job`` next, or after all others; a waiting one with the same key is replaced."""
        with self._wake:
            self._jobs[key] = job
            self._jobs.move_to_end(key, last=first)
            self._wake.notify()

    def call_off(self) -> None:
        """Drop all that waits."""
        with self._wake:
            self._jobs.clear()

    def close(self) -> None:
        """Drop all that waits, and return when what runs has ended."""
        with self._wake:
            self._jobs.clear()
            self._closed = True
            self._wake.notify()
        self._thread.join()

    def _work(self) -> None:
        if self._before is not None:
            self._before()
        while True:
            with self._wake:
                self._wake.wait_for(lambda: self._closed or bool(self._jobs))
                if self._closed:
                    return
                _, job = self._jobs.popitem()
            job()


class PictureLoader(QObject):
    """Decodes pictures in the background and keeps the latest ones.

    One thread makes previews, so that turning pages never waits for a picture in full; another makes those, and a third
    reads parts of large pictures.

    Args:
        cache_bytes: what kept pictures may take in memory; the one on show is kept whatever it takes.

    Keys travel as they are, not as Qt's text: the path of a file whose name is no UTF-8 would come out as another.

    Signals:
        ready(str, Picture, bool): the picture with this key; True when it is as good as it gets, False for a preview.
        detail_ready(str, Detail): a part of the picture with this key that ``sharpen`` asked for.
        failed(str, str): the picture with this key cannot be decoded; a sentence says why.
    """

    ready = Signal(object, object, bool)
    detail_ready = Signal(object, object)
    failed = Signal(object, str)
    _detailed = Signal(object, object, int)
    _decoded = Signal(object, object, int)
    _broken = Signal(object, str, int)

    def __init__(self, cache_bytes: int = CACHE_BYTES, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._cache_bytes = cache_bytes
        self._cache: OrderedDict[str, Picture] = OrderedDict()
        self._shown: str | None = None
        self._generation = 0
        self._closed = False
        self._previews: _Worker | None = None
        self._fulls: _Worker | None = None
        self._details: _Worker | None = None
        self._detail_generation = 0
        self._detailed.connect(self._tell_detail, Qt.ConnectionType.QueuedConnection)
        self._decoded.connect(self._keep, Qt.ConnectionType.QueuedConnection)
        self._broken.connect(self._say, Qt.ConnectionType.QueuedConnection)

    def show(self, key: str, media: Media, target: Size) -> None:
        """Bring the picture of ``media`` for a view that shows it at ``target`` pixels of the screen.

        What is kept is announced before this returns; the rest follows. Any picture asked for before is not wanted
        any more: its results are kept and not announced.
        """
        former, self._shown = self._shown, key
        self._generation += 1
        self._detail_generation += 1
        if former is not None and former != key and former in self._cache:
            self._cache[former] = self._cache[former].reduced()
        kept = self._cache.get(key)
        if kept is not None:
            self._cache.move_to_end(key)
            self.ready.emit(key, kept, kept.is_final)
            if kept.is_final:
                return
        previews, fulls = self._workers()
        previews.call_off()
        fulls.call_off()
        generation = self._generation
        wants_preview = kept is None and is_reducible(media) and target.width <= media.size.width * _PREVIEW_GAIN
        if wants_preview:
            previews.ask(key, lambda: self._decode(key, media, target, generation))
        if wants_preview and not is_light(media):
            # In full only when the preview is there: two heavy decoders at once would both be slow.
            previews.ask(f"{key} in full", lambda: self._ask_full(key, media, generation), first=False)
        else:
            self._ask_full(key, media, generation)

    def sharpen(self, key: str, media: Media, area: Box, shrink: int) -> None:
        """Read a part of a large picture; what was asked for before is not wanted any more, also while it is read."""
        self._detail_generation += 1
        number = self._detail_generation
        self._workers()
        if self._details is not None:
            self._details.call_off()
            self._details.ask(key, lambda: self._read_part(key, media, area, shrink=shrink, number=number))

    def _read_part(self, key: str, media: Media, area: Box, *, shrink: int, number: int) -> None:
        """Read a part; runs on a worker."""
        try:
            read = part(picture(media), shrink, area, lambda: number == self._detail_generation)
        except NotWanted:
            return
        except MediaError as error:
            self._broken.emit(key, str(error), self._generation)
        else:
            self._detailed.emit(key, Detail(image_of(read.raster), read), number)

    def _tell_detail(self, key: str, detail: Detail, number: int) -> None:
        if key == self._shown and number == self._detail_generation:
            self.detail_ready.emit(key, detail)

    def prefetch(self, key: str, media: Media, target: Size) -> None:
        """Make a preview of a neighbour while nobody waits for one; a failure is told when it is shown."""
        if key not in self._cache:
            previews, _ = self._workers()
            previews.ask(key, lambda: self._decode(key, media, target, 0), first=False)

    def kept(self, key: str) -> Picture | None:
        """Return what is kept of the picture with this key, perhaps a preview; None where nothing is."""
        return self._cache.get(key)

    def full(self, key: str) -> Raster | None:
        """Return the decoded picture with this key; None where it is not kept, or only as a preview."""
        kept = self._cache.get(key)
        return kept.raster if kept is not None and kept.is_full else None

    def forget(self, key: str) -> None:
        """Drop what is kept of a picture that was closed."""
        self._cache.pop(key, None)
        if self._shown == key:
            self._shown = None
            self._generation += 1

    def close(self) -> None:
        """Stop; returns when all threads have ended."""
        self._closed = True
        self._generation += 1
        self._detail_generation += 1
        for worker in (self._previews, self._fulls, self._details):
            if worker is not None:
                worker.close()
        self._previews = self._fulls = self._details = None

    @property
    def kept_bytes(self) -> int:
        """What the kept pictures take in memory."""
        return sum(picture.byte_count for picture in self._cache.values())

    def _workers(self) -> tuple[_Worker, _Worker]:
        if self._previews is None or self._fulls is None:
            self._previews, self._fulls = _Worker("picture previews"), _Worker("pictures in full", load_numpy)
            self._details = _Worker("parts of pictures")
        return self._previews, self._fulls

    def _ask_full(self, key: str, media: Media, generation: int) -> None:
        if generation == self._generation and self._fulls is not None:
            self._fulls.ask(key, lambda: self._decode(key, media, None, generation))

    def _decode(self, key: str, media: Media, target: Size | None, generation: int) -> None:
        """Decode and halve; runs on a worker."""
        if not self._is_wanted(generation):
            return
        try:
            is_overview = target is None and is_large(media)
            raster = decode(media, media.size if is_overview else target, lambda: self._is_wanted(generation))
            picture = Picture.from_raster(raster, media.size, is_overview)
        except NotWanted:
            return
        except MediaError as error:
            self._broken.emit(key, str(error), generation)
        else:
            self._decoded.emit(key, picture, generation)

    def _is_wanted(self, generation: int) -> bool:
        return not self._closed and generation in (0, self._generation)

    def _keep(self, key: str, picture: Picture, generation: int) -> None:
        kept = self._cache.get(key)
        if kept is not None and picture.raster.size.pixels < kept.raster.size.pixels:
            return  # a preview that came after the whole
        is_shown = key == self._shown
        self._cache[key] = picture if is_shown else picture.reduced()
        self._cache.move_to_end(key)
        self._evict()
        if is_shown and generation == self._generation:
            self.ready.emit(key, picture, picture.is_final)

    def _evict(self) -> None:
        for key in [key for key in self._cache if key != self._shown]:
            if self.kept_bytes <= self._cache_bytes:
                return
            del self._cache[key]

    def _say(self, key: str, sentence: str, generation: int) -> None:
        if key == self._shown and generation == self._generation:
            self.failed.emit(key, sentence)


def load_numpy() -> None:
    """Load what the first box on the canvas will need, before it comes and where nobody waits."""
    import numpy as np

    np.unique(np.zeros(1))  # its first call loads more
