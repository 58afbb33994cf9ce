"""Reads closed JSON objects: boxes, points, text, blocks, cuboids. The kind follows from what an object holds."""

from __future__ import annotations

import re
from collections.abc import Mapping

from qwvis_desktop.core.annotation import JsonValue, Provenance
from qwvis_desktop.core.replies.bare import FourNumbers, bare_detection
from qwvis_desktop.core.replies.building import AnnotationBuilder
from qwvis_desktop.core.replies.findings import Findings, ReplyContext
from qwvis_desktop.core.replies.json_tree import BrokenObject, ClosedObject, RepeatedKeys
from qwvis_desktop.core.replies.layout import Layout, Source, parts_of
from qwvis_desktop.core.replies.marked import marked_objects
from qwvis_desktop.core.replies.placing import Misplaced
from qwvis_desktop.core.replies.reply_stream import MarkedPlace
from qwvis_desktop.core.replies.shapes import Echo, Shape, named_boxes, shapes_of, sides_of
from qwvis_desktop.core.replies.vocabulary import (
    EXTENT_KEYS,
    OPEN_KEYS,
    PLACE_KEYS,
    POINT_KEYS,
    SIDES,
    WRAPPER_KEYS,
    plain,
)
from qwvis_desktop.core.tasks import ReplyShape

EXPLICIT_KEYS = frozenset({"bbox2d", "point2d", "bbox3d"})
"""Places that nobody writes by chance; the only ones read in answers to a question."""

_HINT = re.compile("(?:bbox|box|point)[23]d")
"""What in a damaged key shows that a place was meant."""


class ObjectReader:
    """Turns closed objects into annotations.

    Args:
        context: what must be known to read the reply.
        findings: where annotations and issues go.
    """

    def __init__(self, context: ReplyContext, findings: Findings) -> None:
        self._findings = findings
        self._builder = AnnotationBuilder(context, findings)
        self._first = self._builder.placers[0]
        self.add_frame = self._builder.add_frame
        self._text_asked = "text" in context.task.kinds
        self._point_asked = "keypoint" in context.task.kinds
        self._explicit_only = context.task.shape is ReplyShape.PROSE
        self._layouts: dict[tuple[str, ...], Layout] = {}

    def take_bare(self, label: str, numbers: FourNumbers, start: int, end: int) -> None:
        """Take a box and its label that were read already; see ``bare``."""
        findings = self._findings
        findings.structured = True
        try:
            box = self._first.box(numbers)
        except Misplaced as problem:
            findings.refuse(problem.code, str(problem), (start, end))
        else:
            provenance = Provenance(findings.run, (start, end), numbers)
            findings.add(bare_detection(label, findings.next_id(), provenance, box))

    def read(self, closed: ClosedObject) -> None:
        """Read one closed object."""
        self._findings.structured = True
        value = closed.value
        if not value:
            self._findings.said_nothing = self._findings.said_nothing or not closed.keys
        elif isinstance(value, RepeatedKeys):
            for part in parts_of(value):
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

    def _layout(self, value: Mapping[str, JsonValue]) -> Layout:
        keys = tuple(value)
        layout = self._layouts.get(keys)
        if layout is None:
            layout = self._layouts[keys] = Layout.of(keys)
        return layout

    def _read_part(self, value: dict[str, JsonValue], closed: ClosedObject) -> None:
        layout = self._layout(value)
        source = Source(value, layout, closed, self._findings.run)
        if not layout.places:
            self._read_placeless(source)
            return
        found = ""
        for key in layout.places:
            if self._explicit_only and plain(key) not in EXPLICIT_KEYS:
                continue
            if found and not {plain(found), plain(key)} <= POINT_KEYS | OPEN_KEYS:
                continue  # it has a surer place; only the two ends of a gesture are both told
            if self._read_place(source, key):
                found = key

    def _read_place(self, source: Source, key: str) -> bool:
        """Read what stands under ``key``; say whether it was meant for a place."""
        source.place_key = key
        value = source.value[key]
        try:
            shapes = shapes_of(plain(key), value, text=self._text_asked, points=self._point_asked)
        except Echo:
            self._findings.refuse("format-echo", "An echo of the requested format was left out.", source.span)
            return True
        except Misplaced as problem:
            self._findings.refuse(problem.code, str(problem), source.span)
            return True
        if not shapes and not value:
            self._findings.said_nothing = True
        for shape in shapes:
            self._add(source, shape)
        return bool(shapes)

    def _read_placeless(self, source: Source) -> None:
        """Read an object without a key for a place: sides under keys of their own, labels as keys, or nothing."""
        value = source.value
        empty = [key for key, item in value.items() if item == [] or item is None]
        if len(empty) == len(value) or any(plain(key) in WRAPPER_KEYS for key in empty):
            self._findings.said_nothing = True
        if any(_HINT.search(plain(key)) for key in value):
            message = "An object whose place could not be read was left out."
            self._findings.refuse("unread", message, source.span)
        if self._explicit_only:
            return
        shape = sides_of(value)
        if shape is not None:
            source.side_keys = frozenset(key for key in value if plain(key) in SIDES or plain(key) in EXTENT_KEYS)
            self._add(source, shape)
        elif not source.layout.labels:
            for label, place in named_boxes(value, points=self._point_asked):
                part: dict[str, JsonValue] = {"label": label}
                self._add(Source(part, self._layout(part), source.closed, self._findings.run), place)

    def _add(self, source: Source, shape: Shape) -> None:
        try:
            self._findings.add(self._builder.build(source, shape))
        except Misplaced as problem:
            self._findings.refuse(problem.code, str(problem), source.span)
