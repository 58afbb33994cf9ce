"""Reads replies: raw text, task and frames in; annotations in pixels of the upright original and issues out.

``ReplyParser`` is fed a reply in any pieces and tells each annotation once, when the bracket of its object closes;
``parse_reply`` reads a whole one. Both give the same. Reading is pure: nothing depends on anything but the arguments.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import TypedDict

from qwvis_desktop.core.annotation import ReplyStatus
from qwvis_desktop.core.coordinates import Frame
from qwvis_desktop.core.replies.blocks import BlockWriter
from qwvis_desktop.core.replies.events import EventReader
from qwvis_desktop.core.replies.fields import FieldReader
from qwvis_desktop.core.replies.findings import Findings, ParsedReply, ParserUpdate, ReplyContext
from qwvis_desktop.core.replies.html import HtmlReader
from qwvis_desktop.core.replies.json_tree import BrokenObject, ClosedObject
from qwvis_desktop.core.replies.markdown import MarkdownReader
from qwvis_desktop.core.replies.objects import ObjectReader
from qwvis_desktop.core.replies.reply_stream import MarkedPlace, ReplyEvent, ReplyStream, Thought
from qwvis_desktop.core.replies.surroundings import Surroundings
from qwvis_desktop.core.replies.unmarked import bare_places
from qwvis_desktop.core.tasks import ReplyShape

__all__ = ["ParsedReply", "ParserUpdate", "ReplyContext", "ReplyParser", "parse_reply"]

_SPECIAL = re.compile(
    r"<\|(?:im_start|im_end|endoftext|vision_start|vision_end|image_pad)\|>|<\|im_start\|>assistant\n"
)
_NOTHING = re.compile(
    r"^[ \t]{0,40}(?:json)?[ \t]{0,40}(?:\[\s{0,40}\]|\{\s{0,40}\}|\(\s{0,40}\))[ \t]{0,40}$"
    r"|\A\s{0,40}(?:null|none)\s{0,40}\Z",
    re.IGNORECASE | re.MULTILINE,
)
"""A list or an object with nothing in it, on lines of its own; or the word alone."""

_BLANKS = "\ufeff\x00\u200b \t\r\n\x0b\x0c\u2028\u2029\u3000"
_ENDED = frozenset({"stop", "tool_calls", "eos", "end_turn"})


class _Wanted(TypedDict):
    """What ``ReplyStream`` is to look for."""

    objects: Callable[[], bool] | None
    markup: bool
    outside: Callable[[str, int], None] | None


QUESTIONS = frozenset({"ask", "caption", "solve"})
"""Tasks answered in sentences, in which grounding tags and an answer in JSON are drawn all the same."""

_NO_UPDATE = ParserUpdate((), ())


class ReplyParser:
    """Reads one reply as it comes.

    Args:
        context: what must be known to read it; kept as an attribute.
    """

    def __init__(self, context: ReplyContext) -> None:
        self.context = context
        self._shape = context.task.shape
        self._findings = findings = Findings(context.run)
        self._pieces: list[str] = []
        self._thoughts: list[tuple[int, int]] = []
        self._around = Surroundings()
        self._fields = FieldReader(findings)
        self._objects = ObjectReader(context, findings)
        self._events = EventReader(context, findings)
        readers: dict[ReplyShape, ObjectReader | EventReader | FieldReader] = {
            ReplyShape.EVENTS: self._events,
            ReplyShape.FIELDS: self._fields,
        }
        self._reader = readers.get(self._shape, self._objects)
        page = BlockWriter(context, findings)
        self._page = MarkdownReader(page) if context.task.id == "document-markdown" else HtmlReader(page)
        bare = self._objects.take_bare if context.task.kinds == ("detection",) else None
        self._stream = ReplyStream(self._take, bare, **self._wanted())

    def feed(self, text: str) -> ParserUpdate:
        """Take the next piece of the reply and return what it completed."""
        self._pieces.append(text)
        self._stream.feed(text)
        return self._findings.take_news() if self._findings.news else _NO_UPDATE

    def add_look(self, frame: Frame) -> None:
        """Take a part of the picture that was sent as a further image."""
        self.context = replace(self.context, looks=(*self.context.looks, frame))
        self._objects.add_frame(frame)

    @property
    def looping(self) -> bool:
        """Whether the model says the same over and over, so that the request may as well be stopped."""
        return self._findings.looping

    def finish(self, finish_reason: str | None) -> ParsedReply:
        """Take the reply as ended and return all of it.

        ``text`` is the answer for tasks that are answered in prose, the fields as JSON where fields were asked for,
        and None for all else.

        Args:
            finish_reason: "stop", "length" (cut at the limit of tokens), or None where it was broken off.
        """
        cut = finish_reason not in _ENDED
        self._stream.finish(whole=not cut)
        raw = "".join(self._pieces)
        answer = self._answer(raw)
        if self._shape is ReplyShape.DOCUMENT:
            self._finish_page(answer)
        elif not self._findings.structured and not self._findings.issues:
            self._read_unmarked(answer)
        self._findings.end(cut)
        if cut and answer.strip():
            why = "at the limit of tokens" if finish_reason == "length" else "before its end"
            self._findings.refuse("cut-off", f"The reply was cut off {why}.", (len(raw), len(raw)))
        annotations = list(self._findings.annotations.values())
        if self._shape is ReplyShape.DOCUMENT:
            annotations.sort(key=lambda item: item.provenance.span[0] if item.provenance else 0)
        return ParsedReply(self._status(answer), self._text(answer), tuple(annotations), tuple(self._findings.issues))

    def _wanted(self) -> _Wanted:
        """Return what of a reply to this task can hold an answer."""
        if self._shape is ReplyShape.DOCUMENT:
            return _Wanted(objects=lambda: self._around.leads, markup=False, outside=self._take_outside)
        if self._shape is not ReplyShape.PROSE:
            return _Wanted(objects=None, markup=True, outside=None)
        if self.context.task.id in QUESTIONS:
            return _Wanted(objects=lambda: self._around.answers_in_json, markup=True, outside=self._take_outside)
        return _Wanted(objects=lambda: False, markup=False, outside=None)

    def _take(self, event: ReplyEvent) -> None:
        if isinstance(event, ClosedObject):
            self._reader.read(event)
        elif isinstance(event, BrokenObject):
            self._reader.read_broken(event)
        elif isinstance(event, MarkedPlace):
            self._objects.read_marked(event)
        else:
            self._forget(event)

    def _take_outside(self, text: str, offset: int) -> None:
        self._around.feed(text)
        if self._shape is ReplyShape.DOCUMENT:
            self._page.feed(text, offset)

    def _forget(self, thought: Thought) -> None:
        self._thoughts.append((thought.start, thought.end))
        if thought.start == 0:
            self._findings.retract_before(thought.end)
            self._fields.forget_before(thought.end)
            self._around.reset()
            self._page.reset()
        if thought.open:
            message = "The reply ended while the model was thinking."
            self._findings.refuse("only-thinking", message, (thought.start, thought.end))

    def _finish_page(self, answer: str) -> None:
        self._page.finish()
        if not (self._findings.structured or self._findings.issues or _NOTHING.search(answer)):
            page = BlockWriter(self.context, self._findings)
            other = HtmlReader(page) if isinstance(self._page, MarkdownReader) else MarkdownReader(page)
            other.feed(answer, 0)
            other.finish()

    def _read_unmarked(self, answer: str) -> None:
        """Read what comes without any object: ranges of time in sentences, lists of numbers."""
        if self._shape is ReplyShape.EVENTS:
            self._events.read_prose(answer)
        elif self._shape is ReplyShape.OBJECTS and not self._findings.annotations:
            kinds = self.context.task.kinds
            for value, start, end in bare_places(answer, text="text" in kinds, points="keypoint" in kinds):
                self._objects.read(ClosedObject(value, start, end))

    def _answer(self, raw: str) -> str:
        """Return the reply with blanks in place of thoughts and special tokens, so that places stay what they are."""
        for start, end in self._thoughts:
            raw = raw[:start] + " " * (end - start) + raw[end:]
        return _SPECIAL.sub(lambda match: " " * len(match.group()), raw)

    def _text(self, answer: str) -> str | None:
        if self._shape is ReplyShape.FIELDS:
            return self._fields.text()
        return answer.strip(_BLANKS) if self._shape is ReplyShape.PROSE else None

    def _status(self, answer: str) -> ReplyStatus:
        findings = self._findings
        if not answer.strip(_BLANKS):
            return ReplyStatus.EMPTY_REPLY
        if any(not issue.is_note for issue in findings.issues):
            return ReplyStatus.PARTIAL
        if findings.annotations or self._fields.found or self._shape is ReplyShape.PROSE:
            return ReplyStatus.OK
        if findings.said_nothing or _NOTHING.search(answer):
            return ReplyStatus.OK_EMPTY
        return ReplyStatus.NO_STRUCTURED_DATA


def parse_reply(raw: str, context: ReplyContext, finish_reason: str | None = "stop") -> ParsedReply:
    """Read a whole reply; see ``ReplyParser``."""
    parser = ReplyParser(context)
    parser.feed(raw)
    return parser.finish(finish_reason)
