"""``FilmMoment``: what is seen of a film's annotations at one time, and what becomes of what is changed there."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from qwvis_desktop.core.annotation import (
    NO_ATTRIBUTES,
    Annotation,
    Detection,
    LayoutBlock,
    TextRegion,
    VideoEvent,
    new_id,
)
from qwvis_desktop.core.geometry import Box
from qwvis_desktop.core.tracks import Track, box_at, key_at, looked_at, tracks

INTERPOLATED = "interpolated"
"""Attribute of a box that was worked out between two others of its track; it is drawn dashed and never kept."""


def is_interpolated(annotation: Annotation) -> bool:
    """Say whether a box was worked out between two others."""
    return INTERPOLATED in annotation.attributes


def in_film(annotation: Annotation, time: float) -> Detection | None:
    """Return what was found on a frame as the box in time that a film holds; None of what has no box.

    It is new: what the runs of a film say of their replies does not hold for it. A text is called by its words.
    """
    match annotation:
        case Detection():
            return replace(annotation, id=new_id(), time=time, image=None, provenance=None)
        case TextRegion(text=text, polygon=polygon, score=score):
            return Detection(id=new_id(), label=text, box=polygon.bounds, outline=polygon, score=score, time=time)
        case LayoutBlock(tag=tag, text=text, box=Box() as box):
            return Detection(id=new_id(), label=tag, box=box, time=time, attributes={"text": text} if text else {})
        case _:
            return None


@dataclass(frozen=True, slots=True)
class _Read:
    """A film's annotations, sorted out."""

    still: tuple[Annotation, ...]
    events: tuple[VideoEvent, ...]
    starts: tuple[float, ...]
    tracks: tuple[Track, ...]

    @classmethod
    def of(cls, annotations: Iterable[Annotation]) -> _Read:
        every = tuple(annotations)
        events = tuple(sorted((each for each in every if isinstance(each, VideoEvent)), key=lambda each: each.start))
        still = (each for each in every if not isinstance(each, VideoEvent) and getattr(each, "time", None) is None)
        return cls(tuple(still), events, tuple(each.start for each in events), tracks(every))


class FilmMoment:
    """The annotations of a film as they are at one time.

    Boxes stand at the frame nearest to their time; between two of a track, where it is worked out that the object is,
    stands a box with the id of the one before it. What has no time is always there.

    Args:
        annotations: gives all of the film's; asked when they are needed, and again after ``forget``.
        seen: times of all frames that the model looked at, sorted, by the id of the run.
    """

    def __init__(
        self,
        annotations: Callable[[], Iterable[Annotation]] = tuple,
        seen: Mapping[str, Sequence[float]] = MappingProxyType({}),
    ) -> None:
        self.time, self._half = 0.0, 0.0
        self._source = annotations
        self._seen = seen
        self._read: _Read | None = None
        self._shown: dict[str, Annotation] | None = None

    def forget(self, seen: Mapping[str, Sequence[float]] | None = None) -> None:
        """Look at the film's annotations again: they are others."""
        self._seen = self._seen if seen is None else seen
        self._read = self._shown = None

    def go_to(self, time: float, frame: float) -> None:
        """Look at another time.

        Args:
            time: of the frame that is seen, in seconds.
            frame: how long a frame is seen, in seconds.
        """
        self.time, self._half = time, frame / 2
        self._shown = None

    @property
    def shown(self) -> Mapping[str, Annotation]:
        """What is seen on the picture now, by id."""
        if self._shown is None:
            read = self._all()
            found = (self._at_now(track) for track in read.tracks)
            self._shown = {each.id: each for each in (*read.still, *(each for each in found if each is not None))}
        return self._shown

    @property
    def events(self) -> tuple[VideoEvent, ...]:
        """What happens now, by its beginning."""
        read = self._all()
        begun = read.events[: bisect_right(read.starts, self.time + 1e-6)]
        return tuple(each for each in begun if each.end > self.time)

    def _all(self) -> _Read:
        if self._read is None:
            self._read = _Read.of(self._source())
        return self._read

    def _at_now(self, track: Track) -> Detection | None:
        own = key_at(track, self.time, self._half)
        if own is not None:
            return own
        place = bisect_right(track.keys, self.time, key=lambda key: key.time or 0.0)
        if not 0 < place < len(track.keys):
            return None
        before, after = track.keys[place - 1 : place + 1]
        found = box_at(track, self.time, self._half, seen=looked_at(before, after, self._seen))
        if found is None:
            return None
        attributes = {**before.attributes, INTERPOLATED: True}
        return Detection(id=before.id, label=before.label, box=found[0], time=self.time, attributes=attributes)

    def timed(self, annotation: Annotation) -> Annotation:
        """Return what was drawn now as it is kept: a box has the time of the frame it was drawn on."""
        return replace(annotation, time=self.time) if isinstance(annotation, Detection) else annotation

    def settled(self, changed: Iterable[Annotation]) -> tuple[list[Annotation], list[Annotation]]:
        """Return, of what was changed now, what takes the place of others, and what is new.

        A box that was worked out becomes one of the track's own, at the time of the frame that is seen.
        """
        replaced: list[Annotation] = []
        new: list[Annotation] = []
        for each in changed:
            if is_interpolated(each) and isinstance(each, Detection):
                kept = {name: value for name, value in each.attributes.items() if name != INTERPOLATED}
                new.append(replace(each, id=new_id(), time=self.time, attributes=kept or NO_ATTRIBUTES))
            else:
                replaced.append(each)
        return replaced, new

    def track_of(self, key: str) -> tuple[str, ...]:
        """Return the ids of all boxes of the track that a box belongs to; its own alone where it is in none."""
        for track in self._all().tracks:
            ids = tuple(each.id for each in track.keys)
            if key in ids:
                return ids
        return (key,)

    def stops(self) -> list[tuple[float, str]]:
        """Return where one may want to go: starts of events and boxes of tracks, with their ids, by time."""
        boxes = ((key.time or 0.0, key.id) for track in self._all().tracks for key in track.keys)
        return sorted((*((each.start, each.id) for each in self._all().events), *boxes))
