"""Reads replies: raw text, task and frames in; annotations in pixels of the upright original and issues out.

``ReplyParser`` is fed a reply in any pieces and tells each annotation once, when the bracket of its object closes;
``parse_reply`` reads a whole one. Both give the same. Reading is pure: nothing depends on anything but the arguments.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from qwvis_desktop.core.annotation import Annotation, ParseIssue, ReplyStatus
from qwvis_desktop.core.replies.findings import NOTES, Findings, ParserUpdate, ReplyContext
from qwvis_desktop.core.replies.json_tree import BrokenObject, ClosedObject
from qwvis_desktop.core.replies.objects import ObjectReader
from qwvis_desktop.core.replies.reply_stream import MarkedPlace, ReplyEvent, ReplyStream, Thought
from qwvis_desktop.core.tasks import ReplyShape

__all__ = ["ParsedReply", "ParserUpdate", "ReplyContext", "ReplyParser", "parse_reply"]

_SPECIAL = re.compile(
    r"<\|(?:im_start|im_end|endoftext|vision_start|vision_end|image_pad)\|>|<\|im_start\|>assistant\n"
)
_NOTHING = re.compile(r"(?:```\w*|json|\s|\[|\]|\{|\}|:|,)*\Z")
_ENDED = frozenset({"stop", "tool_calls", "eos", "end_turn"})


@dataclass(frozen=True, slots=True)
class ParsedReply:
    """A whole reply, read. ``text`` is the answer of a task that is answered in prose, without thinking; else None."""

    status: ReplyStatus
    text: str | None
    annotations: tuple[Annotation, ...]
    issues: tuple[ParseIssue, ...]


_NO_UPDATE = ParserUpdate((), ())


class ReplyParser:
    """Reads one reply as it comes.

    Args:
        context: what must be known to read it.
    """

    def __init__(self, context: ReplyContext) -> None:
        self._context = context
        self._findings = Findings(context.run)
        prose = context.task.shape is ReplyShape.PROSE
        self._stream = ReplyStream(self._take, objects=not prose, markup=True)
        self._objects = ObjectReader(context, self._findings)
        self._pieces: list[str] = []
        self._thoughts: list[tuple[int, int]] = []

    def feed(self, text: str) -> ParserUpdate:
        """Take the next piece of the reply and return what it completed."""
        self._pieces.append(text)
        self._stream.feed(text)
        return self._findings.take_news() if self._findings.news else _NO_UPDATE

    def finish(self, finish_reason: str | None) -> ParsedReply:
        """Take the reply as ended and return all of it.

        Args:
            finish_reason: "stop", "length" (cut at the limit of tokens), or None where it was broken off.
        """
        self._stream.finish()
        raw = "".join(self._pieces)
        answer = self._answer(raw)
        cut = finish_reason not in _ENDED
        if cut and answer.strip():
            why = "at the limit of tokens" if finish_reason == "length" else "before its end"
            self._findings.refuse("cut-off", f"The reply was cut off {why}.", (len(raw), len(raw)))
        prose = self._context.task.shape is ReplyShape.PROSE
        return ParsedReply(
            status=self._status(answer),
            text=answer.strip() if prose else None,
            annotations=tuple(self._findings.annotations.values()),
            issues=tuple(self._findings.issues),
        )

    def _take(self, event: ReplyEvent) -> None:
        if isinstance(event, ClosedObject):
            self._objects.read(event)
        elif isinstance(event, BrokenObject):
            self._objects.read_broken(event)
        elif isinstance(event, MarkedPlace):
            self._objects.read_marked(event)
        else:
            self._forget(event)

    def _forget(self, thought: Thought) -> None:
        self._thoughts.append((thought.start, thought.end))
        if thought.start == 0:
            self._findings.retract_before(thought.end)
        if thought.open:
            self._findings.refuse(
                "only-thinking", "The reply ended while the model was thinking.", (thought.start, thought.end)
            )

    def _answer(self, raw: str) -> str:
        """Return the reply without thoughts and special tokens."""
        kept, place = [], 0
        for start, end in self._thoughts:
            if start >= place:
                kept.append(raw[place:start])
            place = max(place, end)
            if start == 0:
                kept.clear()
        kept.append(raw[place:])
        return _SPECIAL.sub("", "".join(kept))

    def _status(self, answer: str) -> ReplyStatus:
        findings = self._findings
        serious = any(issue.code not in NOTES for issue in findings.issues)
        if not answer.strip("\ufeff\x00 \t\r\n\u200b"):
            return ReplyStatus.EMPTY_REPLY
        if self._context.task.shape is ReplyShape.PROSE:
            return ReplyStatus.PARTIAL if serious else ReplyStatus.OK
        if serious:
            return ReplyStatus.PARTIAL
        if findings.annotations:
            return ReplyStatus.OK
        if findings.said_nothing or _NOTHING.match(answer):
            return ReplyStatus.OK_EMPTY
        return ReplyStatus.NO_STRUCTURED_DATA


def parse_reply(raw: str, context: ReplyContext, finish_reason: str | None = "stop") -> ParsedReply:
    """Read a whole reply; see ``ReplyParser``."""
    parser = ReplyParser(context)
    parser.feed(raw)
    return parser.finish(finish_reason)
