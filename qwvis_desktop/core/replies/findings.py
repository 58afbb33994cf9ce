"""What reading a reply has found so far: annotations, issues, what was taken back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from qwvis_desktop.core.annotation import Annotation, Detection, LayoutBlock, ParseIssue, ReplyStatus, TextRegion
from qwvis_desktop.core.camera import CameraIntrinsics
from qwvis_desktop.core.coordinates import CoordinateSpace, Frame
from qwvis_desktop.core.film_sent import FilmSent
from qwvis_desktop.core.tasks import Task


@dataclass(frozen=True, slots=True)
class ReplyContext:
    """What must be known to read a reply.

    Attributes:
        run: id of the run; annotations get their ids from it.
        task: what was asked.
        space: what the numbers count.
        frames: what was sent, one for each picture.
        looks: parts of the one picture that were sent as further images; places in them are places in the picture.
        first_image: what the first of several pictures is called; where it is 1, each place must say its picture.
        duration: length of the film in seconds, where there is one and it is known.
        film: what was sent of it; times in the reply count from its start. None where the reply counts the film's own.
        camera: for cuboids; reading does not need it.
    """

    run: str
    task: Task
    space: CoordinateSpace
    frames: tuple[Frame, ...]
    looks: tuple[Frame, ...] = ()
    duration: float | None = None
    film: FilmSent | None = None
    camera: CameraIntrinsics | None = None
    first_image: int = 0

    @property
    def last_moment(self) -> float | None:
        """Seconds of the film after which nothing was seen; None where that is not known."""
        return self.film.end if self.film is not None else self.duration

    def film_time(self, seconds: float) -> float:
        """Return the time in the film of a time in the reply."""
        return self.film.film_time(seconds) if self.film is not None else seconds


class ParserUpdate(NamedTuple):
    """What one piece of a reply brought; ``retracted``: ids given earlier that turned out to be no answer."""

    annotations: tuple[Annotation, ...]
    issues: tuple[ParseIssue, ...]
    retracted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ParsedReply:
    """A whole reply, read. ``text`` is the answer of a task that is answered in prose, without thinking; else None."""

    status: ReplyStatus
    text: str | None
    annotations: tuple[Annotation, ...]
    issues: tuple[ParseIssue, ...]


LOOP = 8
"""Annotations in a row that repeat earlier ones, after which it is a loop."""

LOOP_BEFORE_CUT = 3
"""The same, right before the reply was cut off at the limit of tokens."""


def _signature(annotation: Annotation) -> tuple[object, ...]:
    """Return what two annotations share that say the same."""
    numbers = annotation.provenance.numbers if annotation.provenance is not None else ()
    if isinstance(annotation, Detection):
        return annotation.label, numbers, annotation.time, annotation.image
    text = annotation.text if isinstance(annotation, TextRegion | LayoutBlock) else ""
    return annotation.kind, annotation.label, text, numbers


@dataclass(slots=True)
class Findings:
    """The annotations, in the order in which their brackets closed, and everything said about the rest.

    Ids are made of the run and a running number, so that the same reply read twice gives equal annotations.

    Attributes:
        run: id of the run.
        annotations: what stands, by id.
        issues: what was refused or could not be read.
        said_nothing: the reply holds a valid "nothing there" (an empty list).
        structured: objects were read, whatever they held.
        news: something came since ``take_news``.
    """

    run: str
    annotations: dict[str, Annotation] = field(default_factory=dict)
    issues: list[ParseIssue] = field(default_factory=list)
    said_nothing: bool = False
    structured: bool = False
    news: bool = False
    _count: int = 0
    _seen: set[tuple[object, ...]] = field(default_factory=set)
    _again: list[str] = field(default_factory=list)
    _loop: tuple[int, int] | None = None
    _fresh: list[Annotation] = field(default_factory=list)
    _fresh_issues: list[ParseIssue] = field(default_factory=list)
    _gone: list[str] = field(default_factory=list)

    def next_id(self) -> str:
        """Return the id for the next annotation."""
        self._count += 1
        return f"{self.run}:{self._count}"

    def add(self, annotation: Annotation) -> None:
        """Keep an annotation, unless it only repeats what stands while the model runs in circles.

        A model may say the same twice and mean it: a few equal annotations stand. ``LOOP`` in a row that were all said
        before are no find any more but a loop: then all of the row are taken back, and further ones not taken.
        """
        before = len(self._seen)
        self._seen.add(_signature(annotation))
        fresh = len(self._seen) > before
        if fresh or self._loop is None:
            self.annotations[annotation.id] = annotation
            self._fresh.append(annotation)
            self.news = True
        if fresh:
            self._again.clear()
        elif self._loop is None:
            self._again.append(annotation.id)
            if len(self._again) >= LOOP:
                self._drop_loop()
        elif annotation.provenance is not None:
            self._loop = (self._loop[0], annotation.provenance.span[1])

    @property
    def looping(self) -> bool:
        """Whether the model says the same over and over."""
        return self._loop is not None

    def end(self, cut: bool) -> None:
        """Take the reply as ended; a row of repetitions up to a cut is a loop, too, however short."""
        if cut and self._loop is None and len(self._again) >= LOOP_BEFORE_CUT:
            self._drop_loop()
        if self._loop is not None:
            message = "The model said the same over and over; one copy of each was kept."
            self.refuse("repetition", message, self._loop)

    def _drop_loop(self) -> None:
        spans = [place.span for key in self._again if (place := self.annotations[key].provenance) is not None]
        self._loop = (min(span[0] for span in spans), max(span[1] for span in spans))
        self.retract(self._again)
        self._again.clear()

    def refuse(self, code: str, message: str, span: tuple[int, int]) -> None:
        """Keep an issue."""
        issue = ParseIssue(code, message, span)
        self.issues.append(issue)
        self._fresh_issues.append(issue)
        self.news = True

    def retract(self, ids: Iterable[str]) -> None:
        """Take annotations back."""
        untold = {annotation.id for annotation in self._fresh}
        for key in ids:
            del self.annotations[key]
            if key not in untold:
                self._gone.append(key)
                self.news = True
        self._fresh[:] = [annotation for annotation in self._fresh if annotation.id in self.annotations]

    def retract_before(self, end: int) -> None:
        """Take back everything that lies before ``end``: it was thinking."""
        self.retract([key for key, a in self.annotations.items() if a.provenance is None or a.provenance.span[0] < end])
        self.issues[:] = [issue for issue in self.issues if issue.span[0] >= end]
        self._fresh_issues[:] = [issue for issue in self._fresh_issues if issue.span[0] >= end]
        self.said_nothing = self.structured = False
        self._seen = {_signature(annotation) for annotation in self.annotations.values()}
        self._again.clear()
        self._loop = None

    def take_news(self) -> ParserUpdate:
        """Return what came since the last call."""
        update = ParserUpdate(tuple(self._fresh), tuple(self._fresh_issues), tuple(self._gone))
        self._fresh.clear()
        self._fresh_issues.clear()
        self._gone.clear()
        self.news = False
        return update
