"""Reading replies in tests: contexts in few words, and every reading done in several chunkings at once."""

from __future__ import annotations

from qwvis_desktop.core.annotation import Annotation
from qwvis_desktop.core.coordinates import CoordinateSpace, Frame
from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.replies.parser import ParsedReply, ReplyContext, ReplyParser, parse_reply
from qwvis_desktop.core.tasks import TASKS

ORIGINAL = Size(2000, 1000)
SENT = Size(1000, 500)


def context(
    task: str = "detect",
    space: str = "relative-1000",
    *,
    original: Size = ORIGINAL,
    sent: Size = SENT,
    pictures: int = 1,
    duration: float | None = None,
) -> ReplyContext:
    """Return a context; a picture of 2000x1000 sent at half its size, unless said otherwise."""
    frames = (Frame.whole(original, sent),) * pictures
    return ReplyContext("run", TASKS[task], CoordinateSpace(space), frames, duration=duration)


def read(raw: str, where: ReplyContext | None = None, finish_reason: str | None = "stop") -> ParsedReply:
    """Read a reply whole, by characters and by sevens; fail where they differ or where the updates do not add up."""
    where = where or context()
    whole = parse_reply(raw, where, finish_reason)
    for size in (1, 7):
        parser = ReplyParser(where)
        told: dict[str, Annotation] = {}
        for place in range(0, len(raw), size):
            update = parser.feed(raw[place : place + size])
            for annotation in update.annotations:
                assert annotation.id not in told
                told[annotation.id] = annotation
            for key in update.retracted:
                del told[key]
        assert parser.finish(finish_reason) == whole
    return whole


def within(raw: str, annotation: Annotation) -> bool:
    """Say whether an annotation tells where in the reply it stands, and stands there."""
    where = annotation.provenance
    return where is not None and 0 <= where.span[0] < where.span[1] <= len(raw)


def numbers(reply: ParsedReply) -> list[tuple[float, ...]]:
    """Return the numbers of each annotation as the model wrote them."""
    return [annotation.provenance.numbers for annotation in reply.annotations if annotation.provenance]


def labels(reply: ParsedReply) -> list[str]:
    """Return the label of each annotation."""
    return [annotation.label for annotation in reply.annotations]


def codes(reply: ParsedReply) -> list[str]:
    """Return the code of each issue."""
    return [issue.code for issue in reply.issues]
