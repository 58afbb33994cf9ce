"""What became of what a model gave: accepted, moved, relabelled, deleted, added; all of it follows from the document.

What the reply was read as stays with its run (``Run.as_read``), so the model's box is there beside the corrected one.
Looked at is whatever a person accepted or changed; rejecting is deleting.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from qwvis_desktop.core.annotation import Annotation, Cuboid, VideoEvent
from qwvis_desktop.core.document import Document, Run
from qwvis_desktop.core.plane.editing import words_of
from qwvis_desktop.core.plane.forms import corners_of
from qwvis_desktop.core.plane.overlap import iou
from qwvis_desktop.core.plane.reading_order import reading_order


@dataclass(frozen=True, slots=True)
class Review:
    """Where the review of a run stands.

    Attributes:
        total: how many annotations the reply gave.
        order: ids of those that are there still, in reading order.
        accepted: ids of those that a person accepted and that stand as the model gave them.
        moved: ids of those that stand elsewhere or have another size, and their IoU with the model's place.
        relabelled: ids of those that are called otherwise; they may have been moved too.
        deleted: ids of those that are gone.
        unseen: ids of those that nobody accepted or changed, in reading order too.
        added: ids of what a person drew on the picture; they belong to no run.
    """

    total: int
    order: tuple[str, ...]
    accepted: tuple[str, ...]
    moved: dict[str, float]
    relabelled: tuple[str, ...]
    deleted: tuple[str, ...]
    unseen: tuple[str, ...]
    added: tuple[str, ...]

    @property
    def looked_at(self) -> int:
        """How many of the model's annotations a person has looked at."""
        return self.total - len(self.unseen)

    @property
    def mean_iou(self) -> float | None:
        """Mean IoU of what was moved; None where nothing was."""
        return sum(self.moved.values()) / len(self.moved) if self.moved else None


def review(document: Document, run: Run) -> Review:
    """Return what became of what the reply of ``run`` was read as."""
    there: list[Annotation] = []
    accepted: list[str] = []
    unseen: set[str] = set()
    moved: dict[str, float] = {}
    relabelled, deleted = [], []
    for read in run.as_read:
        now = document.annotations.get(read.id)
        if now is None:
            deleted.append(read.id)
            continue
        there.append(now)
        if is_moved(read, now):
            moved[read.id] = iou(read, now)
        if words_of(read) != words_of(now) or read.label != now.label:
            relabelled.append(read.id)
        if now is read or replace(now, accepted=read.accepted) == read:
            accepted += [now.id] if now.accepted else []
            unseen |= set() if now.accepted else {now.id}
    order = reading_order(there)
    return Review(
        total=len(run.as_read),
        order=order,
        accepted=tuple(accepted),
        moved=moved,
        relabelled=tuple(relabelled),
        deleted=tuple(deleted),
        unseen=tuple(key for key in order if key in unseen),
        added=tuple(each.id for each in document.annotations.values() if each.provenance is None),
    )


def as_read(document: Document, annotation: Annotation) -> Annotation | None:
    """Return what the run of an annotation read it as; None where a person drew it, or the run is gone."""
    run = document.runs.get(annotation.provenance.run) if annotation.provenance is not None else None
    return next((each for each in run.as_read if each.id == annotation.id), None) if run is not None else None


def is_moved(read: Annotation, now: Annotation) -> bool:
    """Say whether an annotation stands elsewhere than the model said, or is of another shape."""
    if now is read:
        return False
    match read, now:
        case Cuboid(), Cuboid():
            return (read.center, read.size, read.angles) != (now.center, now.size, now.angles)
        case VideoEvent(), VideoEvent():
            return (read.start, read.end) != (now.start, now.end)
        case _:
            return corners_of(read) != corners_of(now)


def as_accepted(annotations: Iterable[Annotation]) -> tuple[Annotation, ...]:
    """Return those of a model that were not accepted yet, accepted."""
    return tuple(
        replace(each, accepted=True) for each in annotations if each.provenance is not None and not each.accepted
    )
