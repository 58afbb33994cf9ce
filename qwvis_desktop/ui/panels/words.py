"""Names for people of what ``core`` calls by id; here they can be translated."""

from __future__ import annotations

import re
from collections.abc import Collection

from PySide6.QtCore import QCoreApplication

from qwvis_desktop.core.annotation import Annotation, Detection, ReplyStatus
from qwvis_desktop.core.coordinates import CoordinateSpace
from qwvis_desktop.core.plane.forms import Form, form_of
from qwvis_desktop.core.tasks import Task
from qwvis_desktop.ui.translation import translatable

STOPPED = "stopped"
"""``Run.error`` of a run that the user stopped."""

_SPACES: dict[CoordinateSpace, str] = {
    CoordinateSpace.RELATIVE_1000: translatable("Words", "Thousandths (0 to 1000)"),
    CoordinateSpace.RELATIVE_999: translatable("Words", "Thousandths (0 to 999)"),
    CoordinateSpace.RELATIVE_1: translatable("Words", "Fractions (0 to 1)"),
    CoordinateSpace.SENT_PIXELS: translatable("Words", "Pixels of the sent picture"),
    CoordinateSpace.ORIGINAL_PIXELS: translatable("Words", "Pixels of the original"),
}
_SPACE_WORDS: dict[CoordinateSpace, str] = {
    CoordinateSpace.RELATIVE_1000: translatable("Words", "thousandths"),
    CoordinateSpace.RELATIVE_999: translatable("Words", "thousandths up to 999"),
    CoordinateSpace.RELATIVE_1: translatable("Words", "fractions"),
    CoordinateSpace.SENT_PIXELS: translatable("Words", "sent pixels"),
    CoordinateSpace.ORIGINAL_PIXELS: translatable("Words", "original pixels"),
}
_KINDS: dict[str, str] = {
    "detection": translatable("Words", "box"),
    "keypoint": translatable("Words", "point"),
    "text": translatable("Words", "text"),
    "block": translatable("Words", "block"),
    "cuboid": translatable("Words", "cuboid"),
    "event": translatable("Words", "event"),
}
_FORMS: dict[Form, str] = {
    Form.ROTATED: translatable("Words", "rotated"),
    Form.POLYGON: translatable("Words", "polygon"),
}
_COUNTS: dict[str, tuple[str, str]] = {
    "detection": (translatable("Words", "{n} box"), translatable("Words", "{n} boxes")),
    "keypoint": (translatable("Words", "{n} point"), translatable("Words", "{n} points")),
    "text": (translatable("Words", "{n} text"), translatable("Words", "{n} texts")),
    "block": (translatable("Words", "{n} block"), translatable("Words", "{n} blocks")),
    "cuboid": (translatable("Words", "{n} cuboid"), translatable("Words", "{n} cuboids")),
    "event": (translatable("Words", "{n} event"), translatable("Words", "{n} events")),
    "object": (translatable("Words", "{n} object"), translatable("Words", "{n} objects")),
    "hit": (translatable("Words", "{n} hit"), translatable("Words", "{n} hits")),
    "page": (translatable("Words", "{n} page"), translatable("Words", "{n} pages")),
    "picture": (translatable("Words", "{n} picture"), translatable("Words", "{n} pictures")),
    "file": (translatable("Words", "{n} file"), translatable("Words", "{n} files")),
}
_OUTCOMES: dict[ReplyStatus, str] = {
    ReplyStatus.OK: translatable("Words", "All of the reply was understood."),
    ReplyStatus.OK_EMPTY: translatable("Words", "The model says there is nothing of that here."),
    ReplyStatus.PARTIAL: translatable(
        "Words",
        "What is listed was read in full, but a part of the reply was cut off or refused. The evidence says what.",
    ),
    ReplyStatus.NO_STRUCTURED_DATA: translatable(
        "Words", "The model replied, but without anything of the kind that was asked for. Read the reply below."
    ),
    ReplyStatus.EMPTY_REPLY: translatable("Words", "The model sent an empty reply. Run again, or ask differently."),
}


def _tr(text: str) -> str:
    return QCoreApplication.translate("Words", text)


def space_title(space: CoordinateSpace) -> str:
    """Return the name of a coordinate space."""
    return _tr(_SPACES[space])


def space_words(space: CoordinateSpace) -> str:
    """Return what a coordinate space is called within a sentence: "thousandths"."""
    return _tr(_SPACE_WORDS[space])


def in_words(sentence: str) -> str:
    """Return a sentence of ``core`` with the names of coordinate spaces in place of their ids."""
    ids = "|".join(sorted(CoordinateSpace, key=len, reverse=True))
    return re.sub(rf"\b({ids})\b", lambda found: space_words(CoordinateSpace(found[0])), sentence)


def task_title(task: Task) -> str:
    """Return the name of a task."""
    return QCoreApplication.translate("Tasks", task.title)


def kind_title(kind: str) -> str:
    """Return the name of a kind of annotation."""
    return _tr(_KINDS[kind])


def form_title(annotation: Annotation) -> str:
    """Return what an annotation is called: by its form where that says more than its kind."""
    form = form_of(annotation) if isinstance(annotation, Detection) else None
    return _tr(_FORMS[form]) if form in _FORMS else kind_title(annotation.kind)


def counted(count: int, kind: str) -> str:
    """Return "1 box", "14 boxes"; ``kind`` is a kind of annotation or "object"."""
    one, many = _COUNTS[kind]
    return _tr(one if count == 1 else many).replace("{n}", str(count))


def counted_together(kinds: Collection[str]) -> str:
    """Return "14 boxes" where all are of one kind, else "14 objects"; empty for none."""
    alike = set(kinds)
    return (
        counted(len(kinds), alike.pop() if len(alike) == 1 and alike <= _COUNTS.keys() else "object") if kinds else ""
    )


def outcome_sentence(status: ReplyStatus) -> str:
    """Return a sentence on how reading a reply ended."""
    return _tr(_OUTCOMES[status])


def look_words(number: int, label: str) -> str:
    """Say what the model looked at more closely."""
    if not label:
        return QCoreApplication.translate("Words", "Look {n}").replace("{n}", str(number))
    return (
        QCoreApplication.translate("Words", "Look {n}: {label}").replace("{n}", str(number)).replace("{label}", label)
    )
