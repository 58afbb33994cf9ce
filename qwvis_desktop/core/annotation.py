"""Annotations: one object placed on a medium, in six kinds; and what a reply could not give.

Plane geometry is in pixels of the upright original, cuboids are in camera coordinates in metres, events in seconds
(rule 1 of the architecture). All are immutable: an edit is ``dataclasses.replace``.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import ClassVar, NamedTuple, TypeAlias

from qwvis_desktop.core.geometry import Box, Point, Polygon

JsonValue: TypeAlias = bool | int | float | str | list["JsonValue"] | dict[str, "JsonValue"] | None
Attributes: TypeAlias = Mapping[str, JsonValue]

NO_ATTRIBUTES: Attributes = MappingProxyType({})
"""The default; given by a factory, because Python 3.11 takes a mapping proxy for a mutable default."""


_ID_BYTES, _IDS_AT_ONCE = 16, 256

_drawn: list[str] = []
"""Identifiers that nobody has yet: to ask the system for each by itself takes a tenth of reading a file of labels."""


def new_id() -> str:
    """Return a new identifier, unique for ever."""
    try:
        return _drawn.pop()  # one step for Python, so that no two threads get the same
    except IndexError:
        digits = os.urandom(_ID_BYTES * _IDS_AT_ONCE).hex()
        first, *others = (digits[at : at + 2 * _ID_BYTES] for at in range(0, len(digits), 2 * _ID_BYTES))
        _drawn.extend(others)
        return first


if hasattr(os, "register_at_fork"):  # not on Windows, where nothing forks
    os.register_at_fork(after_in_child=_drawn.clear)


class Provenance(NamedTuple):
    """Where an annotation came from.

    Attributes:
        run: id of the run whose reply it was read from.
        span: [start, end) characters of that raw reply.
        numbers: the coordinates as the model wrote them, in its own space.
    """

    run: str
    span: tuple[int, int]
    numbers: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Annotation:
    """What all kinds share.

    ``accepted`` says that a person looked at what a model gave and found it right; see ``core.review``.
    """

    kind: ClassVar[str]
    label: str = ""
    id: str = field(default_factory=new_id)
    score: float | None = None
    accepted: bool = False
    attributes: Attributes = field(default_factory=lambda: NO_ATTRIBUTES)
    provenance: Provenance | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Detection(_Annotation):
    """A labelled box; ``time`` in seconds where it stands in a film, ``image`` where several were sent (from 0).

    ``outline`` is the object's own shape where it is known more closely than by its box: a rotated rectangle (four
    points) or a polygon. ``box`` is then the box round it; whoever changes one changes both.
    """

    kind: ClassVar[str] = "detection"
    box: Box
    outline: Polygon | None = None
    time: float | None = None
    image: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Keypoint(_Annotation):
    """A labelled point."""

    kind: ClassVar[str] = "keypoint"
    point: Point
    image: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TextRegion(_Annotation):
    """Text and its quadrilateral, four points from the text's own top left, clockwise."""

    kind: ClassVar[str] = "text"
    text: str
    polygon: Polygon
    image: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LayoutBlock(_Annotation):
    """A title, paragraph, table or figure of a page, in reading order; ``box`` is None where the reply gave none."""

    kind: ClassVar[str] = "block"
    tag: str
    text: str
    box: Box | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cuboid(_Annotation):
    """A box in space: centre and size in metres, camera axes x right, y down, z forward.

    ``angles`` are the three numbers as the model gave them; an ``AngleConvention`` says what they mean.
    """

    kind: ClassVar[str] = "cuboid"
    center: tuple[float, float, float]
    size: tuple[float, float, float]
    angles: tuple[float, float, float]
    image: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoEvent(_Annotation):
    """Something that happens from ``start`` to ``end`` seconds; the label describes it."""

    kind: ClassVar[str] = "event"
    start: float
    end: float


Annotation: TypeAlias = Detection | Keypoint | TextRegion | LayoutBlock | Cuboid | VideoEvent


LOOK = "look"
"""Attribute of what was seen in a part that the model looked at more closely: which of its looks, counted from 1."""


class ReplyStatus(StrEnum):
    """How reading a reply ended; the same five words everywhere."""

    OK = "ok"
    OK_EMPTY = "ok_empty"
    PARTIAL = "partial"
    NO_STRUCTURED_DATA = "no_structured_data"
    EMPTY_REPLY = "empty_reply"


NOTES = frozenset({"format-echo", "turned-round", "clipped"})
"""Codes of issues that take nothing away: the status of a reply stays as if they were not."""


@dataclass(frozen=True, slots=True)
class ParseIssue:
    """Something in a reply that was refused or could not be read: a code, a sentence, [start, end) in the raw reply."""

    code: str
    message: str
    span: tuple[int, int]

    @property
    def is_note(self) -> bool:
        """Whether it takes nothing away, and only says what was made of what stands there."""
        return self.code in NOTES


def bounds_of(annotation: Annotation) -> Box | None:
    """Return the upright box round an annotation on the picture; None where it has no place in the plane."""
    match annotation:
        case Detection(box=box) | LayoutBlock(box=box):
            return box
        case Keypoint(point=point):
            return Box(point.x, point.y, point.x, point.y)
        case TextRegion(polygon=polygon):
            return polygon.bounds
        case _:
            return None
