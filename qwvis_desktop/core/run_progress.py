"""``RunProgress``: a run while it goes on: what came, when, and what it is when it ends."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace

from qwvis_desktop.core.annotation import Attributes, JsonValue, new_id
from qwvis_desktop.core.coordinates import CoordinateSpace, Frame
from qwvis_desktop.core.document import NO_USAGE, Look, Run, SentRequest
from qwvis_desktop.core.film_sent import FilmSent
from qwvis_desktop.core.inference_events import Finished
from qwvis_desktop.core.providers.base import ReplyChunk, ToolCall
from qwvis_desktop.core.replies.parser import ReplyParser, parse_reply
from qwvis_desktop.core.request.conversation import begun_again, joined, summed

MOST_REQUESTS = 40
"""So many requests of a run are kept: more than a model may take closer looks."""


class RunProgress:
    """The run as it grows; the only state of a request.

    Args:
        run: as it begins.
        resumes: the run as it was before, where this is the rest of a cut reply.
    """

    def __init__(self, run: Run, resumes: Run | None = None) -> None:
        self.started = time.monotonic()
        self.text: list[str] = []
        self.thinking: list[str] = []
        self.pace: list[tuple[float, int]] = []
        self.thinking_pace: list[tuple[float, int]] = []
        self.length = 0
        self.thought = 0
        self.told: dict[str, None] = {}
        self.seen: tuple[Frame, ...] = ()
        self.run = run
        self.before: Mapping[str, JsonValue] = NO_USAGE
        self.calls: list[ToolCall] = []
        self.leg_start = 0
        self.resumes = resumes
        if resumes is not None:
            self.run = begun_again(resumes)
            self.text, self.length = [self.run.reply], len(self.run.reply)
            self.leg_start = self.length
            self.pace, self.thinking = list(self.run.pace), [self.run.thinking]
            self.thinking_pace, self.thought = list(self.run.thinking_pace), len(self.run.thinking)

    def elapsed(self) -> float:
        """Return the seconds since it began."""
        return time.monotonic() - self.started

    def mark(self, moment: str) -> None:
        """Note that ``moment`` (a field of ``Seconds``) came now, unless it came before."""
        if getattr(self.run.seconds, moment) is None:
            self.run = replace(self.run, seconds=replace(self.run.seconds, **{moment: self.elapsed()}))

    @property
    def frames(self) -> tuple[Frame, ...]:
        """What was sent of each picture."""
        assert self.run.frame is not None
        return self.run.frames or (self.run.frame,)

    def sent(self, frames: tuple[Frame, ...], left_out: tuple[tuple[str, ...], ...] | None = None) -> None:
        """Note what was sent of each picture, and what its file holds beside pixels and was not sent."""
        if left_out is not None:
            self.run = replace(self.run, left_out=left_out)
        self.run = replace(self.run, frame=frames[0], frames=frames if len(frames) > 1 else ())

    def goes_out(self, request: SentRequest) -> None:
        """Note what is sent; of very many the last ones are kept."""
        self.run = replace(self.run, requests=(*self.run.requests, request)[-MOST_REQUESTS:])

    def note(self, sentence: str) -> None:
        """Note what was done otherwise than one would think."""
        self.run = replace(self.run, notes=(*self.run.notes, sentence))

    def sent_film(self, frame: Frame, film: FilmSent) -> None:
        """Note what was sent of a film."""
        self.run = replace(self.run, frame=frame, film=film)

    def asks(self, options: Attributes) -> None:
        """Note that it is asked with other options than those that were set."""
        self.run = replace(self.run, options=options)

    def take(self, chunk: ReplyChunk) -> None:
        """Take a further piece of the reply."""
        self.mark("first_byte")
        if len(chunk.image_hw) == len(self.frames):
            self.seen = tuple(
                replace(frame, sent=size) for frame, size in zip(self.frames, chunk.image_hw, strict=True)
            )
        self.calls += chunk.tool_calls
        self.text.append(chunk.text)
        if chunk.text:
            self.length += len(chunk.text)
            self.pace.append((round(self.elapsed(), 4), self.length))
        if chunk.thinking:
            self.thought += len(chunk.thinking)
            self.thinking_pace.append((round(self.elapsed(), 4), self.thought))
        self.thinking.append(chunk.thinking)
        if chunk.request_id:
            self.run = replace(self.run, request_id=chunk.request_id)
        if chunk.usage is not None or chunk.finish_reason is not None:
            self.run = replace(
                self.run,
                usage=summed(self.before, chunk.usage) if chunk.usage else self.run.usage,
                finish_reason=chunk.finish_reason or self.run.finish_reason,
            )

    @property
    def leg(self) -> str:
        """What was said since the model was last shown something."""
        return "".join(self.text)[self.leg_start :]

    def next_leg(self) -> str:
        """Begin a further reply of the same run, after the model asked for something; return what it said before."""
        said = self.leg
        self.before, self.calls = self.run.usage, []
        self.leg_start = self.length
        self.run = replace(self.run, finish_reason=None)
        return said

    def looked(self, look: Look) -> None:
        """Note a part that the model was shown."""
        self.run = replace(self.run, looks=(*self.run.looks, look))

    def ended(self, parser: ReplyParser, error: str = "") -> Finished:
        """Return the run as it stands, with its whole reply read to the end."""
        self.mark("total")
        reason = None if error else self.run.finish_reason or "stop"
        parsed = parser.finish(reason)
        if self.seen and self.seen != self.frames and self.run.space is CoordinateSpace.SENT_PIXELS:
            # The service resized what it was sent, and says so only at the end: the numbers count other pixels.
            self.sent(self.seen)
            parsed = parse_reply("".join(self.text), replace(parser.context, frames=self.seen), reason)
            parsed = replace(parsed, annotations=tuple(replace(a, id=new_id()) for a in parsed.annotations))
        kept = {annotation.id for annotation in parsed.annotations}
        run = replace(
            self.run,
            reply="".join(self.text),
            thinking="".join(self.thinking),
            pace=tuple(self.pace),
            thinking_pace=tuple(self.thinking_pace),
            status=parsed.status,
            text=parsed.text,
            issues=parsed.issues,
            error=error,
            as_read=parsed.annotations,
        )
        return Finished(
            run if self.resumes is None else joined(self.resumes, run),
            annotations=tuple(a for a in parsed.annotations if a.id not in self.told),
            retracted=tuple(key for key in self.told if key not in kept),
        )
