"""A reply as it comes, cut into what can hold an answer: JSON objects, grounding tags, thoughts.

Outside of objects only ``{`` and ``<`` begin anything: lists, fences and sentences between the objects leave no trace,
so a lost or stray one does no harm.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from qwvis_desktop.core.replies.bare import TakeBare, read_bare
from qwvis_desktop.core.replies.json_stream import FLAT, JsonStream
from qwvis_desktop.core.replies.json_tree import BrokenObject, ClosedObject

LONGEST_TAG = 24
"""Longest name of a tag that means something here, brackets included."""

LONGEST_ELEMENT = 2048
"""Longest element (``<box>...</box>``), in characters; one that is not closed within is none."""


@dataclass(frozen=True, slots=True)
class MarkedPlace:
    """``<ref>label</ref><box>(x1,y1),(x2,y2)</box>`` or one of its kin.

    Attributes:
        tag: "box", "quad", "point" or "points".
        label: what the tag before it names.
        body: what stands between the tags, or the attributes.
        start: where it begins in the reply, the label included.
        end: where it ends.
        closed: whether its closing tag came.
    """

    tag: str
    label: str
    body: str
    start: int
    end: int
    closed: bool = True


@dataclass(frozen=True, slots=True)
class Thought:
    """Everything from ``start`` to ``end`` was thinking, no answer. ``open``: the reply ended in it."""

    start: int
    end: int
    open: bool = False


ReplyEvent: TypeAlias = ClosedObject | BrokenObject | MarkedPlace | Thought

_BEGINS = re.compile(r"[{｛]|<(?=[/|rtbqp]|\Z)|/[/*]|/\Z|\"(?=[bp]|\Z)")
_LOST = re.compile(r"\"(?:bbox|box|point)_?[23]d\"\s{0,8}:\s{0,8}\[\s{0,8}-?[\d.]")
_BEGUN = re.compile(r"\"(?:b|p|\Z)[bopxint]{0,8}_?[23]?d?\"?\s{0,8}:?\s{0,8}\[?\s{0,8}-?\Z")
_LOST_WINDOW = 48
_COMMENT_ENDS = {"//": "\n", "/*": "*/"}
_THOUGHT_BEGINS = frozenset({"<think>", "<thinking>"})
_THOUGHT_ENDS = frozenset({"</think>", "</thinking>"})
_THOUGHT_END = re.compile(r"</think(?:ing)?>")
_ELEMENTS = {
    "<ref>": ("ref", "</ref>"),
    "<|object_ref_start|>": ("ref", "<|object_ref_end|>"),
    "<box>": ("box", "</box>"),
    "<|box_start|>": ("box", "<|box_end|>"),
    "<quad>": ("quad", "</quad>"),
    "<|quad_start|>": ("quad", "<|quad_end|>"),
    "<point>": ("point", "</point>"),
    "<parameter=coordinate>": ("point", "</parameter>"),
    "<parameter=coordinate2>": ("point", "</parameter>"),
    "<|point_start|>": ("point", "<|point_end|>"),
    "<points": ("points", "</points>"),
    "<point": ("points", "</point>"),
}
_CALL_ENDS = "</tool_call>"
_ZOOM_CALL = re.compile(r'<tool_call>\s{0,40}\{\s{0,40}"name"\s{0,8}:\s{0,8}"image_zoom_in_tool"')
_CALL_WINDOW = 140
_POINTS = re.compile(r"<points?\s")
_OBJECT = re.compile(r"[{｛]\s{0,200}(?:[\"'“”‘’「『＂{｛}｝\[]|[A-Za-z_]\w{0,40}[\"']?\s{0,20}[:：]|//|/\*|#|,)")
_EMPTY = re.compile(r"(?:\{\s{0,40}\}[\s,]*+)+")
_OBJECT_WINDOW = 270


class ReplyStream:
    """Finds objects, tags and thoughts in a reply that comes in pieces.

    Args:
        tell: called with each event, at once, in the order in which they end.
        take: told boxes in the plainest form instead of ``tell``; None where all are to go there.
        objects: says whether a JSON object that begins now counts.
        markup: whether grounding tags count.
        outside: told the text outside of all these, with its place in the reply.
    """

    def __init__(
        self,
        tell: Callable[[ReplyEvent], None],
        take: TakeBare | None = None,
        *,
        objects: Callable[[], bool] | None = None,
        markup: bool = True,
        outside: Callable[[str, int], None] | None = None,
    ) -> None:
        self._tell = tell
        self._json = JsonStream(tell)
        self._take = take
        self._objects = objects
        self._markup = markup
        self._outside = outside
        self._buffer = ""
        self._offset = 0
        self._comment = ""
        self._thought: int | None = None
        self._last = ""
        self._label, self._label_start = "", -1
        self._steps = {
            "<": self._read_tag,
            "{": self._read_object,
            "｛": self._read_object,
            "/": self._begin_comment,
            '"': self._read_lost,
        }

    def feed(self, text: str) -> None:
        """Take the next piece."""
        self._buffer = buffer = self._buffer + text
        if not self._json.awaits or "}" in text or len(buffer) >= FLAT:
            self._read(final=False)

    def finish(self, whole: bool) -> None:
        """Take the reply as ended; ``whole`` where it was not broken off."""
        self._json.end_is_near(whole)
        self._read(final=True)
        end = self._offset + len(self._buffer)
        self._json.break_off(end)
        if self._thought is not None:
            self._tell(Thought(self._thought, end, open=True))

    def _read(self, final: bool) -> None:
        buffer, place = self._buffer, 0
        self._json.awaits = False
        if self._take is not None and not (self._json.open or self._comment or self._thought is not None):
            place = read_bare(buffer, self._offset, self._take)
        length = len(buffer)
        while place < length:
            before = place
            if self._json.open:
                place = self._json.read(buffer, place, self._offset, final)
            elif self._comment:
                place = self._read_comment(buffer, place)
            elif self._thought is not None:
                place = self._read_thought(buffer, place)
            else:
                place = self._read_outside(buffer, place, final)
            if place == before or self._json.awaits:
                break
        if place:
            self._last = buffer[place - 1]
        self._buffer = buffer[place:]
        self._offset += place

    def _read_outside(self, buffer: str, place: int, final: bool) -> int:
        """Read on to the next bracket or tag and through it; return the place reached."""
        match = _BEGINS.search(buffer, place)
        begin = match.start() if match else len(buffer)
        if self._outside is not None and begin > place:
            self._outside(buffer[place:begin], self._offset + place)
        if match is None:
            return begin
        reached = self._steps[buffer[begin]](buffer, begin, final)
        if self._outside is not None and reached == begin + 1 and not self._json.open:
            self._outside(buffer[begin:reached], self._offset + begin)
        return reached

    def _read_object(self, buffer: str, place: int, final: bool) -> int:
        if self._objects is not None and not self._objects():
            return place + 1
        empty = _EMPTY.match(buffer, place)
        if empty:
            self._tell(ClosedObject({}, self._offset + place, self._offset + empty.end()))
            return empty.end()
        if buffer.startswith('{"', place):
            reached = self._json.read_flat(buffer, place, self._offset, final)
            if reached is not None:
                return reached
        elif not _OBJECT.match(buffer, place):
            return place if not final and len(buffer) - place < _OBJECT_WINDOW else place + 1
        return self._json.read(buffer, place, self._offset, final)

    def _begin_comment(self, buffer: str, place: int, final: bool) -> int:
        """Pass over a comment, with what it holds; the slashes of an address begin none."""
        mark = buffer[place : place + 2]
        if mark == "/" and not final:
            return place
        before = buffer[place - 1] if place else self._last
        if mark not in _COMMENT_ENDS or before in (":", "/") or self._outside is not None:
            return place + 1
        self._comment = _COMMENT_ENDS[mark]
        return place + 2

    def _read_comment(self, buffer: str, place: int) -> int:
        end = buffer.find(self._comment, place)
        if end < 0:
            return max(place, len(buffer) - len(self._comment) + 1)
        end += len(self._comment)
        self._comment = ""
        return end

    def _read_lost(self, buffer: str, place: int, final: bool) -> int:
        """Notice a place that stands in no object: its opening bracket was lost."""
        if not final and len(buffer) - place < _LOST_WINDOW and _BEGUN.match(buffer, place):
            return place
        lost = _LOST.match(buffer, place)
        if lost and (self._objects is None or self._objects()):
            start = self._offset + place
            self._tell(BrokenObject({}, start, self._offset + lost.end(), torn=True))
        return place + 1

    def _read_thought(self, buffer: str, place: int) -> int:
        match = _THOUGHT_END.search(buffer, place)
        if match is None:
            return max(place, len(buffer) - LONGEST_TAG)
        assert self._thought is not None
        self._tell(Thought(self._thought, self._offset + match.end()))
        self._thought = None
        return match.end()

    def _read_tag(self, buffer: str, place: int, final: bool) -> int:
        close = buffer.find(">", place, place + LONGEST_TAG)
        if close < 0 and not final and len(buffer) - place < LONGEST_TAG:
            return place
        tag = buffer[place : close + 1]
        if tag in _THOUGHT_ENDS:
            self._tell(Thought(0, self._offset + close + 1))
            self._label, self._label_start = "", -1
            return close + 1
        if tag in _THOUGHT_BEGINS:
            self._thought = self._offset + place
            return close + 1
        points = _POINTS.match(buffer, place)
        if points:
            tag = points.group().strip()
        if tag == "<tool_call>":
            return self._read_call(buffer, place, final)
        return self._read_element(tag, buffer, place, final) if self._markup and tag in _ELEMENTS else place + 1

    def _read_call(self, buffer: str, place: int, final: bool) -> int:
        """Pass over a call of the zoom tool that is written as text; a click that is called so is an answer."""
        room = not final and len(buffer) - place
        if not _ZOOM_CALL.match(buffer, place):
            return place if room and room < _CALL_WINDOW else place + 1
        end = buffer.find(_CALL_ENDS, place, place + LONGEST_ELEMENT)
        if end < 0 and room and room < LONGEST_ELEMENT:
            return place
        end = len(buffer) if end < 0 else end + len(_CALL_ENDS)
        self._tell(Thought(self._offset + place, self._offset + end))
        return end

    def _read_element(self, tag: str, buffer: str, place: int, final: bool) -> int:
        name, closing = _ELEMENTS[tag]
        end = buffer.find(closing, place, place + LONGEST_ELEMENT)
        if end < 0:
            if not final and len(buffer) - place < LONGEST_ELEMENT:
                return place
            start = self._offset + place
            self._tell(MarkedPlace(name, self._label, "", start, start + len(tag), closed=False))
            return place + len(tag)
        body = buffer[place + len(tag) : end]
        start, end = self._offset + place, end + len(closing)
        if name == "ref":
            self._label, self._label_start = body.strip(), start
            return end
        if self._label_start >= 0:
            start, self._label_start = self._label_start, -1
        self._tell(MarkedPlace(name, self._label, body, start, self._offset + end))
        return end
