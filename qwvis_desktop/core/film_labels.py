"""What formats of films need of a document: the film, the numbers of its frames, its tracks.

Frames and seconds, the one rule: a file that numbers frames (MOT Challenge, COCO) counts those of the film as they
are shown, so that number n is the n-th of the container's own time stamps, whatever lies between them
(``FrameNumbers``). A file that counts time in frames (Label Studio) has a rate, at which frame n begins (n - 1) / rate
seconds after the first one (``RatedFrames``). Numbers begin with 1 here; COCO takes 1 off. A time stands for the frame
nearest to it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from qwvis_desktop.core.annotation import NO_ATTRIBUTES, Attributes, Detection
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.label_file import Losses, sentences
from qwvis_desktop.core.media.film_index import constant_index, film_index
from qwvis_desktop.core.media.image import MediaError
from qwvis_desktop.core.media.video import VideoMedia
from qwvis_desktop.core.tracks import ENDS, IDENTITY_KEYS, Track, identity_of, is_parted, tracks

TRACK_ID = IDENTITY_KEYS[0]
"""Attribute that boxes get by which files tell tracks apart."""


def film_of(document: Document) -> VideoMedia:
    """Return the film of a document.

    Raises:
        ValueError: it is a picture.
    """
    if isinstance(document.media, VideoMedia):
        return document.media
    raise ValueError("this format is for films, and it is a picture")


@dataclass(frozen=True, slots=True)
class FrameNumbers:
    """The frames of a film by number, from 1.

    Attributes:
        times: when each begins, in seconds since the first.
        end: when the last one ends.
    """

    times: Sequence[float]
    end: float

    @classmethod
    def of(cls, film: VideoMedia) -> FrameNumbers:
        """Count the frames of a film, all of whose file is read; by its average rate where that is not at hand."""
        try:
            index = constant_index(max(1, film.frames), film.rate) if is_away(film) else film_index(film)
        except MediaError:
            index = constant_index(max(1, film.frames), film.rate)
        return cls(index.times, index.end)

    def number(self, time: float) -> int:
        """Return the number of the frame nearest to ``time``."""
        place = bisect_left(self.times, time)
        near = range(max(0, place - 1), min(place + 1, len(self.times)))
        return min(near, key=lambda each: abs(self.times[each] - time)) + 1

    def time(self, number: int) -> float:
        """Return when a frame begins; later than the film ends where it has no such frame.

        Raises:
            ValueError: there is no frame before the first.
        """
        if number < 1:
            raise ValueError(f"frames are counted from 1, and it is of frame {number}")
        if number <= len(self.times):
            return self.times[number - 1]
        return self.end + (number - len(self.times)) * self.end / len(self.times)


@dataclass(frozen=True, slots=True)
class RatedFrames:
    """Frames as a measure of time, from 1, so many a second; at most ``count``."""

    rate: float
    count: int

    def number(self, time: float) -> int:
        """Return the number of the frame whose beginning is nearest to ``time``."""
        return max(1, min(round(time * self.rate) + 1, self.count))

    def time(self, number: float) -> float:
        """Return when a frame begins."""
        return max(0.0, (number - 1) / self.rate)


def is_away(film: VideoMedia) -> bool:
    """Say whether the film's file is not at hand."""
    return film.path is None or not film.path.exists()


@dataclass(frozen=True, slots=True)
class Key:
    """A box of a track as files have it.

    Attributes:
        frame: its number, from 1.
        goes_on: whether the object is followed to the next one, what lies between being worked out.
    """

    detection: Detection
    frame: int
    goes_on: bool


def keys_of(track: Track, document: Document, frames: FrameNumbers | RatedFrames) -> Iterator[Key]:
    """Yield the boxes of a track, at most one for each frame: the first of several."""
    numbered = [(key, frames.number(key.time or 0.0)) for key in track.keys]
    held = [next(same) for _, same in groupby(numbered, key=lambda pair: pair[1])]
    for (key, frame), after in pairwise([*held, (None, 0)]):
        if key is not None:
            follower = after[0]
            goes_on = follower is not None and not is_parted(key, follower, _looked_at(document, key, follower))
            yield Key(key, frame, goes_on)


def _looked_at(document: Document, before: Detection, after: Detection) -> Sequence[float]:
    """Return the times of the frames that were looked at for both boxes; none where they are not of one run."""
    runs = {each.provenance.run if each.provenance is not None else "" for each in (before, after)}
    run = document.runs.get(runs.pop()) if len(runs) == 1 else None
    return run.film.times if run is not None and run.film is not None else ()


def track_numbers(found: Sequence[Track]) -> list[int]:
    """Return a number for each track: its id where that is one and free, else the next that is free."""
    ids = [int(track.identity) if track.identity.isdecimal() and len(track.identity) < 10 else 0 for track in found]
    taken = {number for number in ids if number}
    used: set[int] = set()
    free = (number for number in range(1, len(found) + len(taken) + 2) if number not in taken)
    numbers = []
    for wanted in ids:
        number = wanted if wanted and wanted not in used else next(free)
        used.add(number)
        numbers.append(number)
    return numbers


@dataclass(frozen=True, slots=True)
class ReadKey:
    """A box of a track as a file tells it; ``goes_on`` as in ``Key``."""

    detection: Detection
    goes_on: bool


def with_ends(keys: Iterable[ReadKey]) -> Iterator[Detection]:
    """Yield the boxes of one track, given by time, those after which it is interrupted with ``ENDS``."""
    held = list(keys)
    for place, key in enumerate(held):
        is_end = not key.goes_on and place + 1 < len(held)
        yield with_attributes(key.detection, {ENDS: True}) if is_end else key.detection


def with_attributes(detection: Detection, more: Attributes) -> Detection:
    """Return a box with further attributes."""
    return replace(detection, attributes={**detection.attributes, **more})


def told_apart(found: Sequence[Sequence[Detection]]) -> list[Detection]:
    """Return the boxes of tracks; those of a label and an id that others have as well get ``TRACK_ID``."""
    names = [(boxes[0].label, identity_of(boxes[0])) for boxes in found if boxes]
    told = []
    for number, boxes in enumerate((boxes for boxes in found if boxes), 1):
        name = names[number - 1]
        more: Attributes = {TRACK_ID: f"{name[1]} #{number}".strip()} if names.count(name) > 1 else NO_ATTRIBUTES
        told += [with_attributes(box, more) if more else box for box in boxes]
    return told


def timeless(document: Document) -> Losses:
    """Count the boxes that have no time, which formats of boxes in time leave out."""
    boxes = (each for each in document.annotations.values() if isinstance(each, Detection))
    return ((sum(box.time is None for box in boxes), "1 box without a time", "{} boxes without a time"),)


def crowded(document: Document, frames: FrameNumbers | RatedFrames) -> Losses:
    """Count the boxes that share a frame with another one of their track."""
    lost = 0
    for track in tracks(document.annotations.values()):
        lost += len(track.keys) - len({frames.number(key.time or 0.0) for key in track.keys})
    return ((lost, "1 box at a frame of another of its track", "{} boxes at frames of others of their tracks"),)


def frame_notes(documents: Iterable[Document], _options: object = None) -> tuple[str, ...]:
    """Say, for people, what the numbers of frames could not hold, and where they could not be counted."""
    held = list(documents)
    lost = [crowded(document, FrameNumbers.of(film_of(document)))[0] for document in held if _has_tracks(document)]
    total = ((sum(number for number, *_ in lost), *lost[0][1:]),) if lost else ()
    away = [document.media.name for document in held if is_away(film_of(document))]
    told = (f'Frames of "{name}" were counted by its average rate, as the film is not there.' for name in away)
    return (*sentences(total), *told)


def _has_tracks(document: Document) -> bool:
    return any(len(track.keys) > 1 for track in tracks(document.annotations.values()))


def unheld_attributes(document: Document, held: Iterable[str] = ()) -> Losses:
    """Count the boxes with attributes beyond those that are ``held``, and that tell tracks apart."""
    known = {*held, *IDENTITY_KEYS, ENDS}
    boxes = (each for each in document.annotations.values() if isinstance(each, Detection) and each.time is not None)
    lost = sum(not known >= box.attributes.keys() for box in boxes)
    return ((lost, "the attributes of 1 annotation", "the attributes of {} annotations"),)
