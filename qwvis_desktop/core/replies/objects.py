"""Reads closed JSON objects: boxes, points, text, blocks, cuboids. The kind follows from what an object holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from qwvis_desktop.core.annotation import (
    Annotation,
    Attributes,
    Cuboid,
    Detection,
    JsonValue,
    Keypoint,
    LayoutBlock,
    Provenance,
    TextRegion,
)
from qwvis_desktop.core.coordinates import CoordinateSpace
from qwvis_desktop.core.geometry import Polygon
from qwvis_desktop.core.replies.findings import Findings, ReplyContext
from qwvis_desktop.core.replies.json_stream import BrokenObject, ClosedObject, RepeatedKeys
from qwvis_desktop.core.replies.marked import marked_objects
from qwvis_desktop.core.replies.placing import Misplaced, Placer, number, turned_corners
from qwvis_desktop.core.replies.reply_stream import MarkedPlace
from qwvis_desktop.core.replies.shapes import Echo, Shape, shapes_of, sides_of
from qwvis_desktop.core.replies.times import seconds_of
from qwvis_desktop.core.replies.vocabulary import (
    IMAGE_KEYS,
    LABEL_KEYS,
    LABEL_STEMS,
    PLACE_KEYS,
    SCORE_KEYS,
    SIDES,
    TAG_KEYS,
    TEXT_KEYS,
    TIME_KEYS,
    plain,
)

_NONE: Attributes = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class _Layout:
    """Which key of an object means what; found once for all objects with the same keys."""

    places: tuple[str, ...]
    labels: tuple[str, ...]
    texts: tuple[str, ...]
    score: str | None
    time: str | None
    image: str | None
    tag: str | None
    bare: bool

    @classmethod
    def of(cls, keys: tuple[str, ...]) -> _Layout:
        """Return the layout of an object with these keys."""

        def first(names: frozenset[str]) -> str | None:
            return next((key for key in keys if plain(key) in names), None)

        labels = sorted((key for key in keys if _label_rank(key) is not None), key=lambda key: _label_rank(key) or 0)
        texts = sorted((key for key in keys if plain(key) in TEXT_KEYS), key=lambda key: TEXT_KEYS.index(plain(key)))
        places = tuple(key for key in keys if plain(key) in PLACE_KEYS)
        return cls(
            places=places,
            labels=tuple(labels),
            texts=tuple(texts),
            score=first(SCORE_KEYS),
            time=first(TIME_KEYS),
            image=first(IMAGE_KEYS),
            tag=first(TAG_KEYS),
            bare=len(places) == 1 and len(keys) == 2 and len(labels) == 1,
        )


def _label_rank(key: str) -> int | None:
    name = plain(key)
    if name in LABEL_KEYS:
        return LABEL_KEYS.index(name)
    return len(LABEL_KEYS) if name.startswith(LABEL_STEMS) else None


class ObjectReader:
    """Turns closed objects into annotations.

    Args:
        context: what must be known to read the reply.
        findings: where annotations and issues go.
    """

    def __init__(self, context: ReplyContext, findings: Findings) -> None:
        self._findings = findings
        self._placers = tuple(Placer(frame, context.space) for frame in context.frames)
        self._sent = tuple(Placer(frame, CoordinateSpace.SENT_PIXELS) for frame in context.frames)
        self._thousandths = tuple(Placer(frame, CoordinateSpace.RELATIVE_1000) for frame in context.frames)
        self._text_asked = "text" in context.task.kinds
        self._point_asked = "keypoint" in context.task.kinds
        self._layouts: dict[tuple[str, ...], _Layout] = {}
        self._build: dict[str, Callable[[_Source, Shape], Annotation]] = {
            "point": self._keypoint,
            "cuboid": self._cuboid,
        }

    def read(self, closed: ClosedObject) -> None:
        """Read one closed object."""
        self._findings.structured = True
        value = closed.value
        if isinstance(value, RepeatedKeys):
            for part in _parts(value):
                self._read_part(part, closed)
        elif not (closed.keys and not closed.listed and plain(closed.keys[-1]) in PLACE_KEYS):
            self._read_part(value, closed)

    def read_broken(self, broken: BrokenObject) -> None:
        """Say so where an object that holds a place never ended."""
        if self._layout(broken.value).places or broken.torn:
            self._findings.refuse(
                "unclosed",
                "An object whose closing bracket never came was left out.",
                (broken.start, broken.end),
            )

    def read_marked(self, marked: MarkedPlace) -> None:
        """Read a grounding tag."""
        span = (marked.start, marked.end)
        if not marked.closed:
            self._findings.refuse("unclosed", f"A {marked.tag} tag that was never closed was left out.", span)
            return
        for value in marked_objects(marked):
            self._read_part(value, ClosedObject(value, *span))

    def _layout(self, value: Mapping[str, JsonValue]) -> _Layout:
        keys = tuple(value)
        layout = self._layouts.get(keys)
        if layout is None:
            layout = self._layouts[keys] = _Layout.of(keys)
        return layout

    def _read_part(self, value: dict[str, JsonValue], closed: ClosedObject) -> None:
        layout = self._layout(value)
        source = _Source(value, layout, closed, self._findings)
        try:
            if not layout.places:
                self._read_placeless(source)
            for key in layout.places:
                source.place_key = key
                shapes = shapes_of(plain(key), value[key], text=self._text_asked, points=self._point_asked)
                if not shapes and not value[key]:
                    self._findings.said_nothing = True
                for shape in shapes:
                    self._add(source, shape)
                if shapes:
                    break
        except Echo:
            self._findings.refuse("format-echo", "An echo of the requested format was left out.", source.span)
        except Misplaced as problem:
            self._findings.refuse(problem.code, str(problem), source.span)

    def _read_placeless(self, source: _Source) -> None:
        """Read an object without a place of its own: sides under keys of their own, or nothing at all."""
        shape = sides_of(source.value)
        if shape is not None:
            source.side_keys = frozenset(key for key in source.value if plain(key) in SIDES or len(key) == 1)
            self._add(source, shape)
        elif all(item == [] or item is None for item in source.value.values()):
            self._findings.said_nothing = True

    def _add(self, source: _Source, shape: Shape) -> None:
        try:
            build = self._build.get(shape.kind, self._flat)
            self._findings.add(build(source, shape))
        except Misplaced as problem:
            self._findings.refuse(problem.code, str(problem), source.span)

    def _image(self, source: _Source) -> tuple[int, int | None]:
        """Return which frame is meant, and the index to keep where several were sent.

        Raises:
            Misplaced: there is no such picture.
        """
        if len(self._placers) == 1 or source.layout.image is None:
            return 0, None
        index = source.value[source.layout.image]
        if isinstance(index, str) and index.isdecimal():
            index = int(index)
        if not isinstance(index, int) or not 0 <= index < len(self._placers):
            raise Misplaced("image", f"There is no picture {index} among those that were sent.")
        return index, index

    def _placer(self, source: _Source, shape: Shape, image: int) -> Placer:
        if "words_info" in source.closed.keys or plain(source.place_key) == "location":
            return self._sent[image]
        return self._thousandths[image] if shape.kind == "turned" else self._placers[image]

    def _keypoint(self, source: _Source, shape: Shape) -> Annotation:
        image, kept = self._image(source)
        label, attributes = source.named()
        return Keypoint(
            label=label,
            id=self._findings.next_id(),
            score=source.score,
            attributes=attributes,
            provenance=source.provenance(shape.numbers),
            point=self._placer(source, shape, image).point(shape.numbers),
            image=kept,
        )

    def _cuboid(self, source: _Source, shape: Shape) -> Annotation:
        x, y, z, sx, sy, sz, a, b, c = shape.numbers
        if not all(-1e6 < value < 1e6 for value in shape.numbers):
            raise Misplaced("bad-number", "A box in space with a number that is no length or angle was refused.")
        if min(sx, sy, sz) <= 0:
            raise Misplaced("no-area", "A box in space with a side that is not positive was refused.")
        label, attributes = source.named()
        return Cuboid(
            label=label,
            id=self._findings.next_id(),
            score=source.score,
            attributes=attributes,
            provenance=source.provenance(shape.numbers),
            center=(x, y, z),
            size=(sx, sy, sz),
            angles=(a, b, c),
        )

    def _flat(self, source: _Source, shape: Shape) -> Annotation:
        """Build what lies flat on the picture: detection, text or block."""
        image, kept = self._image(source)
        placer = self._placer(source, shape, image)
        polygon = None
        if shape.kind == "box":
            box = placer.box(shape.numbers)
        elif shape.kind == "extent":
            x, y, width, height = shape.numbers
            box = placer.box((x, y, x + width, y + height))
        else:
            numbers = turned_corners(shape.numbers) if shape.kind == "turned" else shape.numbers
            polygon = placer.outline(numbers)
            box = polygon.bounds
        kind, text_key = self._meant(source, polygon)
        if kind == "text":
            label, attributes = source.named(text_key)
            return TextRegion(
                label=label,
                id=self._findings.next_id(),
                score=source.score,
                attributes=attributes,
                provenance=source.provenance(shape.numbers),
                text=source.string(text_key),
                polygon=polygon or Polygon(box.corners),
            )
        if kind == "block":
            tag = source.string(source.layout.tag)
            label, attributes = source.named(text_key, source.layout.tag)
            return LayoutBlock(
                label=label or tag,
                id=self._findings.next_id(),
                score=source.score,
                attributes=attributes,
                provenance=source.provenance(shape.numbers),
                tag=tag,
                text=source.string(text_key),
                box=box,
            )
        label, attributes = source.named()
        return Detection(
            label=label,
            id=self._findings.next_id(),
            score=source.score,
            attributes=attributes,
            provenance=source.provenance(shape.numbers),
            box=box,
            time=source.time,
            image=kept,
        )

    def _meant(self, source: _Source, polygon: Polygon | None) -> tuple[str, str | None]:
        """Return the kind an object is of, and the key of its text."""
        layout = source.layout
        text = next((key for key in layout.texts if isinstance(source.value[key], str)), None)
        if text is not None:
            explicit = plain(text) not in ("text", "content", "word", "words", "line")
            if layout.tag is not None and not explicit and (plain(layout.tag) == "tag" or not self._text_asked):
                return "block", text
            if explicit or self._text_asked or polygon is not None or not layout.labels:
                return "text", text
        elif self._text_asked and layout.labels and isinstance(source.value[layout.labels[0]], str):
            return "text", layout.labels[0]
        elif polygon is not None and self._text_asked:
            return "text", None
        return "detection", None


@dataclass(slots=True)
class _Source:
    """One object being read, and what can be asked of it."""

    value: dict[str, JsonValue]
    layout: _Layout
    closed: ClosedObject
    findings: Findings
    place_key: str = ""
    side_keys: frozenset[str] = frozenset()

    @property
    def span(self) -> tuple[int, int]:
        return self.closed.start, self.closed.end

    def provenance(self, numbers: tuple[float, ...]) -> Provenance:
        return Provenance(self.findings.run, (self.closed.start, self.closed.end), numbers)

    @property
    def score(self) -> float | None:
        """The score where it is a number from 0 to 1."""
        key = self.layout.score
        if key is None:
            return None
        score = number(self.value[key])
        return score if score is not None and 0 <= score <= 1 else None

    @property
    def time(self) -> float | None:
        """The time in seconds where one stands there."""
        return None if self.layout.time is None else seconds_of(self.value[self.layout.time])

    def string(self, key: str | None) -> str:
        """Return the string under ``key``, empty where it holds none."""
        value = self.value.get(key) if key is not None else None
        return str(value) if isinstance(value, str) else ""

    def named(self, *used: str | None) -> tuple[str, Attributes]:
        """Return the label, and what else the object says beside the keys in ``used``."""
        layout = self.layout
        if layout.bare and not used:
            label = self.value[layout.labels[0]]
            if isinstance(label, str):
                return label, _NONE
        label_key = next((key for key in layout.labels if key not in used and _named_by(self.value[key])), None)
        if label_key is None and not used:
            taken = {self.place_key, layout.time, layout.image, layout.score, *self.side_keys}
            label_key = next(
                (key for key, item in self.value.items() if key not in taken and isinstance(item, str) and item), None
            )
        label = _named_by(self.value[label_key]) if label_key is not None else self._inherited(bool(used))
        gone = {self.place_key, label_key, *used, *self.side_keys}
        if self.score is not None:
            gone.add(layout.score)
        if self.time is not None:
            gone.add(layout.time)
        return label, {key: item for key, item in self.value.items() if key not in gone} or _NONE

    def _inherited(self, text: bool) -> str:
        """Return the label that the enclosing object gives to all it holds."""
        if text or not self.closed.keys:
            return ""
        for name in LABEL_KEYS:
            for key, item in self.closed.around.items():
                if plain(key) == name and isinstance(item, str):
                    return item
        return ""


def _named_by(value: JsonValue) -> str:
    """Return the label that a value gives: a string, a number, or the first string of a list or an object."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, int | float):
        return str(value)
    inner: Iterator[JsonValue] = iter(value.values() if isinstance(value, dict) else value)
    return next((item for item in inner if isinstance(item, str)), "")


def _parts(value: RepeatedKeys) -> Iterator[dict[str, JsonValue]]:
    """Split an object whose keys come again.

    Where labels come again, several objects ran together. Where only others do, one label has several places, and each
    part gets what is said once.
    """
    keys = [key for key, _ in value.pairs]
    again = {key for key in keys if keys.count(key) > 1}
    together = any(_label_rank(key) is not None for key in again)
    once = {} if together else {key: item for key, item in value.items() if key not in again}
    part: dict[str, JsonValue] = {}
    for key, item in value.pairs:
        if key in part:
            yield {**part, **once}
            part = {}
        part[key] = item
    yield {**part, **once}
