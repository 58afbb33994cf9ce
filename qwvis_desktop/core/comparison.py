"""Reading a kept reply again, and what that changes in a document: for "what if" and for "parse again".

A box that a person corrected keeps its place: only annotations that still stand as the reply was read are touched.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from qwvis_desktop.core.annotation import Annotation
from qwvis_desktop.core.camera import CameraIntrinsics
from qwvis_desktop.core.coordinates import CoordinateSpace, Frame
from qwvis_desktop.core.document import Document, Run
from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.replies.parser import ParsedReply, ReplyContext, parse_reply
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
    """Read the raw reply of ``run`` (of a picture of ``size``), with its numbers taken to count ``space``."""
    context = ReplyContext(
        run=run.id, task=TASKS[run.task], space=space or run.space, frames=(frame_of(run, size),), camera=camera
    )
    return parse_reply(run.reply, context, None if run.error else run.finish_reason or "stop")


def numbers_of(run: Run) -> tuple[tuple[float, ...], ...]:
    """Return the numbers of everything in the reply of ``run`` that has a place, as the model wrote them.

    A vast frame of pixels lets nothing fall outside: what a wrong reading refuses is where the wrong reading shows.
    """
    vast = Size(1_000_000, 1_000_000)
    pixels = CoordinateSpace.ORIGINAL_PIXELS
    parsed = read_run(replace(run, frame=Frame.whole(vast, vast)), vast, pixels)
    return tuple(a.provenance.numbers for a in parsed.annotations if a.provenance is not None)


def reread(document: Document, run: Run, space: CoordinateSpace | None = None) -> Rereading:
    """Return what changes in ``document`` when the reply of ``run`` is read again, perhaps in another ``space``.

    The annotations carry the same ids each time a reply is read, so the two readings are compared by id.
    """
    before = {annotation.id: annotation for annotation in read_run(run, document.size).annotations}
    parsed = read_run(run, document.size, space)
    after = {annotation.id: annotation for annotation in parsed.annotations}
    now = document.annotations
    untouched = {key for key, annotation in before.items() if now.get(key) == annotation}
    present = {annotation.id for annotation in document.annotations_of(run.id)}
    return Rereading(
        run=replace(run, space=space or run.space, status=parsed.status, text=parsed.text, issues=parsed.issues),
        added=tuple(a for key, a in after.items() if key not in before and key not in now),
        removed=tuple(key for key in before if key in untouched and key not in after),
        replaced=tuple(a for key, a in after.items() if key in untouched and a != now[key]),
        kept=tuple(key for key in before.keys() | present if key not in untouched),
    )
