"""Names for people of what ``core`` calls by id; here they can be translated."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from qwvis_desktop.core.annotation import ReplyStatus
from qwvis_desktop.core.coordinates import CoordinateSpace

_SPACES: dict[CoordinateSpace, str] = {
    CoordinateSpace.RELATIVE_1000: QT_TRANSLATE_NOOP("Words", "Thousandths (0 to 1000)"),
    CoordinateSpace.RELATIVE_999: QT_TRANSLATE_NOOP("Words", "Thousandths (0 to 999)"),
    CoordinateSpace.RELATIVE_1: QT_TRANSLATE_NOOP("Words", "Fractions (0 to 1)"),
    CoordinateSpace.SENT_PIXELS: QT_TRANSLATE_NOOP("Words", "Pixels of the sent picture"),
    CoordinateSpace.ORIGINAL_PIXELS: QT_TRANSLATE_NOOP("Words", "Pixels of the original"),
}
_KINDS: dict[str, str] = {
    "detection": QT_TRANSLATE_NOOP("Words", "box"),
    "keypoint": QT_TRANSLATE_NOOP("Words", "point"),
    "text": QT_TRANSLATE_NOOP("Words", "text"),
    "block": QT_TRANSLATE_NOOP("Words", "block"),
    "cuboid": QT_TRANSLATE_NOOP("Words", "cuboid"),
    "event": QT_TRANSLATE_NOOP("Words", "event"),
}
_COUNTS: dict[str, tuple[str, str]] = {
    "detection": (QT_TRANSLATE_NOOP("Words", "{n} box"), QT_TRANSLATE_NOOP("Words", "{n} boxes")),
    "keypoint": (QT_TRANSLATE_NOOP("Words", "{n} point"), QT_TRANSLATE_NOOP("Words", "{n} points")),
    "text": (QT_TRANSLATE_NOOP("Words", "{n} text"), QT_TRANSLATE_NOOP("Words", "{n} texts")),
    "block": (QT_TRANSLATE_NOOP("Words", "{n} block"), QT_TRANSLATE_NOOP("Words", "{n} blocks")),
    "cuboid": (QT_TRANSLATE_NOOP("Words", "{n} cuboid"), QT_TRANSLATE_NOOP("Words", "{n} cuboids")),
    "event": (QT_TRANSLATE_NOOP("Words", "{n} event"), QT_TRANSLATE_NOOP("Words", "{n} events")),
    "object": (QT_TRANSLATE_NOOP("Words", "{n} object"), QT_TRANSLATE_NOOP("Words", "{n} objects")),
}
_OUTCOMES: dict[ReplyStatus, str] = {
    ReplyStatus.OK: QT_TRANSLATE_NOOP("Words", "All of the reply was understood."),
    ReplyStatus.OK_EMPTY: QT_TRANSLATE_NOOP("Words", "The model says there is nothing of that here."),
    ReplyStatus.PARTIAL: QT_TRANSLATE_NOOP(
        "Words", "What is listed is right, but a part of the reply was cut off or refused. The evidence says what."
    ),
    ReplyStatus.NO_STRUCTURED_DATA: QT_TRANSLATE_NOOP(
        "Words", "The model replied, but without anything of the kind that was asked for. Read the reply below."
    ),
    ReplyStatus.EMPTY_REPLY: QT_TRANSLATE_NOOP(
        "Words", "The model sent an empty reply. Run again, or ask differently."
    ),
}


def _tr(text: str) -> str:
    return QCoreApplication.translate("Words", text)


def space_title(space: CoordinateSpace) -> str:
    """Return the name of a coordinate space."""
    return _tr(_SPACES[space])


def kind_title(kind: str) -> str:
    """Return the name of a kind of annotation."""
    return _tr(_KINDS[kind])


def counted(count: int, kind: str) -> str:
    """Return "1 box", "14 boxes"; ``kind`` is a kind of annotation or "object"."""
    one, many = _COUNTS[kind]
    return _tr(one if count == 1 else many).replace("{n}", str(count))


def outcome_sentence(status: ReplyStatus) -> str:
    """Return a sentence on how reading a reply ended."""
    return _tr(_OUTCOMES[status])
