"""Reading a kept reply again, and what that changes in a document: for "what if" and for "parse again".

A box that a person corrected keeps its place: only annotations that still stand as the reply was read are touched.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from qwvis_desktop.core.annotation import Annotation, new_id
from qwvis_desktop.core.camera import CameraIntrinsics
from qwvis_desktop.core.coordinates import CoordinateSpace, Frame
from qwvis_desktop.core.document import FIRST_IMAGE, Document, Run, in_picture
from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.replies.findings import ParsedReply, ReplyContext
from qwvis_desktop.core.tasks import TASKS


@dataclass(frozen=True, slots=True)
class Rereading:
    """What reading a run's reply again would change.

    Attributes:
        run: the run as it would be.
        added: annotations that were not there.
        removed: ids of annotations that the reply no longer gives.
        replaced: annotations that would stand elsewhere or say something else; same ids.
        kept: ids of annotations that a person changed or removed, and that therefore stay as they are.
    """

    run: Run
    added: tuple[Annotation, ...]
    removed: tuple[str, ...]
    replaced: tuple[Annotation, ...]
    kept: tuple[str, ...]

    @property
    def changes(self) -> int:
        """How many annotations would be touched."""
        return len(self.added) + len(self.removed) + len(self.replaced)


def frame_of(run: Run, size: Size) -> Frame:
    """Return what was sent for ``run``; for a reply without a request, the picture itself, whole."""
    return run.frame or Frame.whole(size, size)


def read_run(
    run: Run, size: Size, space: CoordinateSpace | None = None, camera: CameraIntrinsics | None = None
) -> ParsedReply:
    """Read the raw reply of ``run`` (of a picture of ``size``), with its numbers taken to count ``space``.

    Of a reply about several pictures only what is in this one is returned.
    """
    from qwvis_desktop.core.replies.parser import parse_reply  # with all its readers: not for the start

    context = ReplyContext(
        run=run.id,
        task=TASKS[run.task],
        space=space or run.space,
        frames=run.frames or (frame_of(run, size),),
        looks=tuple(look.frame for look in run.looks),
        camera=camera,
        film=run.film,
        first_image=FIRST_IMAGE if run.frames else 0,
    )
    parsed = parse_reply(run.reply, context, None if run.error else run.finish_reason or "stop")
    return replace(parsed, annotations=in_picture(parsed.annotations, run.image)) if run.frames else parsed


def numbers_of(run: Run) -> tuple[tuple[float, ...], ...]:
    """Return the numbers of everything in the reply of ``run`` that has a place, as the model wrote them.

    A vast frame of pixels lets nothing fall outside: what a wrong reading refuses is where the wrong reading shows.
    """
    vast = Size(1_000_000, 1_000_000)
    pixels = CoordinateSpace.ORIGINAL_PIXELS
    whole = Frame.whole(vast, vast)
    parsed = read_run(replace(run, frame=whole, frames=(whole,) * len(run.frames)), vast, pixels)
    return tuple(a.provenance.numbers for a in parsed.annotations if a.provenance is not None)


def reread(document: Document, run: Run, space: CoordinateSpace | None = None) -> Rereading:
    """Return what changes in ``document`` when the reply of ``run`` is read again, perhaps in another ``space``.

    What is read now is laid beside what was read last (``Run.as_read``, perhaps by an older reader), by the places in
    the reply; what has a place there already keeps its id.
    """
    before = _by_place(run.as_read)
    parsed = read_run(run, document.size, space)
    after = _renamed(_by_place(parsed.annotations), before, document)
    now = document.annotations
    ids = {place: annotation.id for place, annotation in before.items()}
    untouched = {place for place, annotation in before.items() if now.get(annotation.id) == annotation}
    present = {annotation.id for annotation in document.annotations_of(run.id)}
    # What a person changed is remembered even where this reading refuses it: the next reading must not add it anew.
    touched = (a for place, a in before.items() if place not in untouched and place not in after)
    return Rereading(
        run=replace(
            run,
            space=space or run.space,
            status=parsed.status,
            text=parsed.text,
            issues=parsed.issues,
            as_read=(*after.values(), *touched),
        ),
        added=tuple(annotation for place, annotation in after.items() if place not in before),
        removed=tuple(ids[place] for place in before if place in untouched and place not in after),
        replaced=tuple(a for place, a in after.items() if place in untouched and a != now[a.id]),
        kept=tuple(sorted((present | set(ids.values())) - {ids[place] for place in untouched})),
    )


_Place: TypeAlias = tuple[tuple[int, int] | None, str, int]


def _by_place(annotations: Iterable[Annotation]) -> dict[_Place, Annotation]:
    """Return annotations by the part of the reply they came from, their kind, and their number among such."""
    found: dict[_Place, Annotation] = {}
    counts: Counter[tuple[tuple[int, int] | None, str]] = Counter()
    for annotation in annotations:
        where = (annotation.provenance.span if annotation.provenance is not None else None, annotation.kind)
        found[(*where, counts[where])] = annotation
        counts[where] += 1
    return found


def _renamed(
    after: Mapping[_Place, Annotation], before: Mapping[_Place, Annotation], document: Document
) -> dict[_Place, Annotation]:
    """Return ``after`` with the ids of ``before`` where the places are the same, and with free ids where they are new.

    A reader that finds one object more counts all that follow differently.
    """
    taken = {annotation.id for annotation in before.values()} | document.annotations.keys()
    renamed = {}
    for place, annotation in after.items():
        former = before.get(place)
        if former is not None:
            renamed[place] = replace(annotation, id=former.id)
        elif annotation.id in taken:
            renamed[place] = replace(annotation, id=new_id())
        else:
            renamed[place] = annotation
    return renamed
