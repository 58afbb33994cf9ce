"""Stretching all times of a film, where a model counted too fast or too slow.

What such a model wrote was clipped at the end of the film, or refused for lying behind it: its replies are read once
more as if the film had no end, so that what is stretched is what it wrote.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from qwvis_desktop.core.annotation import Annotation, ReplyStatus, VideoEvent, new_id
from qwvis_desktop.core.comparison import read_run
from qwvis_desktop.core.document import Document, Run
from qwvis_desktop.core.event_editing import stretched, times_of


@dataclass(frozen=True, slots=True)
class WrittenTimes:
    """All that has a time in a film, as its models wrote it.

    Attributes:
        there: what is there, with ends that were clipped as they were written.
        refused: what is not, since it lay behind the end of the film.
        origins: from when the model of a run counted, in seconds of the film, by the run's id.
    """

    there: tuple[Annotation, ...] = ()
    refused: tuple[Annotation, ...] = ()
    origins: Mapping[str, float] | None = None

    @property
    def _all(self) -> tuple[Annotation, ...]:
        return (*self.there, *self.refused)

    def _origin(self, annotation: Annotation) -> float:
        run = annotation.provenance.run if annotation.provenance is not None else ""
        return (self.origins or {}).get(run, 0.0)

    def last(self) -> float:
        """Return the latest time of all, in seconds of the film; 0 where nothing has one."""
        return max((times[1] for each in self._all if (times := times_of(each)) is not None), default=0.0)

    def factor(self, duration: float) -> float:
        """Return by what all times are to be multiplied for the last one to be the end of a film of ``duration``."""
        last = max(self._all, key=lambda each: (times_of(each) or (0.0, 0.0))[1], default=None)
        origin = self._origin(last) if last is not None else 0.0
        written = self.last() - origin
        return (duration - origin) / written if written > 0 and duration > origin else 1.0

    def scaled(self, factor: float, duration: float) -> tuple[tuple[Annotation, ...], tuple[Annotation, ...]]:
        """Return what takes the place of what is there, and what is new, with all times multiplied.

        Args:
            factor: counted from where each model counted from.
            duration: of the film, in seconds; what begins after that even now is still left out.
        """
        there = (made for each in self.there for made in stretched([each], factor, duration, self._origin(each)))
        kept = (each for each in self.refused if self._begin(each, factor) <= duration)
        new = (made for each in kept for made in stretched([each], factor, duration, self._origin(each)))
        return tuple(there), tuple(new)

    def _begin(self, annotation: Annotation, factor: float) -> float:
        origin = self._origin(annotation)
        return origin + ((times_of(annotation) or (0.0, 0.0))[0] - origin) * factor


def written_times(document: Document) -> WrittenTimes:
    """Return all that has a time in a film as its models wrote it; reads replies, so not for the window's thread."""
    there = {key: each for key, each in document.annotations.items() if times_of(each) is not None}
    places = {_place(each) for each in there.values()}
    refused: list[Annotation] = []
    for run in document.runs.values():
        if run.film is not None and _may_run_over(run):
            as_read = {_place(each): each for each in run.as_read}
            for each in _read_on(run, document):
                former = as_read.get(_place(each))
                if former is None and _place(each) not in places:
                    refused.append(replace(each, id=new_id()))
                elif former is not None and there.get(former.id) == former and _is_clipped(former, each):
                    there[former.id] = replace(each, id=former.id)
    origins = {run.id: run.film.start for run in document.runs.values() if run.film is not None}
    return WrittenTimes(tuple(there.values()), tuple(refused), origins)


def restated(document: Document, brought: Iterable[Annotation]) -> Iterator[Run]:
    """Yield the runs of a film that no longer refuse what was ``brought`` back; where that was all, they are whole."""
    by_run: dict[str, list[Annotation]] = {}
    for each in brought:
        if each.provenance is not None:
            by_run.setdefault(each.provenance.run, []).append(each)
    for key, back in by_run.items():
        run = document.runs[key]
        spans = {each.provenance.span for each in back if each.provenance is not None}
        left = (issue for issue in run.issues if issue.code != _OUTSIDE or tuple(issue.span) not in spans)
        issues = tuple(issue for issue in left if issue.code != _CLIPPED)
        is_whole = run.status is ReplyStatus.PARTIAL and all(issue.is_note for issue in issues)
        status = ReplyStatus.OK if is_whole else run.status
        yield replace(run, issues=issues, status=status, as_read=(*run.as_read, *back))


_OUTSIDE, _CLIPPED = "outside", "clipped"


def _may_run_over(run: Run) -> bool:
    end = run.film.end if run.film is not None else math.inf
    clipped = any(isinstance(each, VideoEvent) and each.end >= end for each in run.as_read)
    return clipped or any(issue.code == _OUTSIDE for issue in run.issues)


def _read_on(run: Run, document: Document) -> Iterator[Annotation]:
    assert run.film is not None
    endless = replace(run, film=replace(run.film, duration=math.inf, end=math.inf))
    return (each for each in read_run(endless, document.size).annotations if times_of(each) is not None)


def _is_clipped(kept: Annotation, written: Annotation) -> bool:
    if not isinstance(kept, VideoEvent) or not isinstance(written, VideoEvent):
        return False
    return kept.start == written.start and kept.end < written.end


def _place(annotation: Annotation) -> tuple[object, ...]:
    """Return where an annotation was read from; what no model gave has a place of its own."""
    source = annotation.provenance
    return (annotation.kind, source.run, source.span, source.numbers) if source is not None else (annotation.id,)
