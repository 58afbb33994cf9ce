"""``run_inference``: media, provider and reply parser joined; one request, told as events.

It is a plain generator, free of Qt: the window runs it on a worker thread, the command line in a loop. Whatever
happens, the last event is ``Finished`` or ``Failed``, and its run holds every character that came.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TypeAlias

from qwvis_desktop.core.annotation import Annotation, Attributes, ParseIssue, new_id
from qwvis_desktop.core.camera import CameraIntrinsics
from qwvis_desktop.core.chat import chat_request, conversation, ocr_options, prompt_for_several
from qwvis_desktop.core.conversation import Exchange, begun_again, joined, without_thought
from qwvis_desktop.core.coordinates import CoordinateSpace, Frame
from qwvis_desktop.core.document import FIRST_IMAGE, NO_USAGE, Run
from qwvis_desktop.core.media.image import ImageMedia, MediaError
from qwvis_desktop.core.media.prepare import PreparedImage, prepare_image
from qwvis_desktop.core.media.raster import Raster
from qwvis_desktop.core.model_registry import ModelSpec
from qwvis_desktop.core.option_rules import resize_rule
from qwvis_desktop.core.providers.base import (
    Cancelled,
    CancelToken,
    ImagePart,
    Part,
    Provider,
    ProviderError,
    ReplyChunk,
    ShrinksPictures,
    TextPart,
    Tool,
    Turn,
)
from qwvis_desktop.core.replies.parser import ReplyContext, ReplyParser, parse_reply
from qwvis_desktop.core.tasks import Task


@dataclass(frozen=True, slots=True, kw_only=True)
class InferenceRequest:
    """One thing to do.

    Attributes:
        others: further pictures of the same request; ``media`` is image 1, these are image 2 and on.
        result_schema: the fields that the OCR service is to fill.
        space: what the numbers count, where it is not the model's own.
        frame: what was sent, for a reply that exists already (pasted, recorded): then no picture is prepared or sent.
        frames: the same where several pictures were sent.
        raster: the upright picture in full, where it is decoded already; else it is read from ``media``.
        options: what is set for the request, by the service's own names (``core.request_options``).
        earlier: what was asked and answered about the same pictures before; ``after``: id of the run that was the last.
        resumes: a run whose reply was cut: the service goes on where it was, and both parts are one run.
        history, prefix, tools: as in ``ChatRequest``.
    """

    media: ImageMedia
    task: Task
    prompt: str
    model: ModelSpec
    provider: Provider
    others: tuple[ImageMedia, ...] = ()
    result_schema: Attributes | None = None
    options: Attributes = field(default_factory=lambda: NO_USAGE)
    system: str = ""
    space: CoordinateSpace | None = None
    frame: Frame | None = None
    frames: tuple[Frame, ...] = ()
    camera: CameraIntrinsics | None = None
    raster: Raster | None = None
    run: str = ""
    earlier: tuple[Exchange, ...] = ()
    after: str = ""
    resumes: Run | None = None
    history: tuple[Turn, ...] = ()
    prefix: str = ""
    tools: tuple[Tool, ...] = ()


@dataclass(frozen=True, slots=True)
class Preparing:
    """The picture is being made ready."""

    run: Run


@dataclass(frozen=True, slots=True)
class Waiting:
    """The request is on its way; ``run.frame`` says what is sent, ``sent_bytes`` how much (0: nothing leaves)."""

    run: Run
    sent_bytes: int


@dataclass(frozen=True, slots=True)
class Thinking:
    """A piece of reasoning came."""

    run: str
    text: str


@dataclass(frozen=True, slots=True)
class Received:
    """A piece of the reply came, what it completed, and ids of what it showed to be no answer (abandoned thoughts)."""

    run: str
    text: str
    annotations: tuple[Annotation, ...]
    issues: tuple[ParseIssue, ...]
    retracted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finished:
    """The reply ended and was read; ``annotations`` and ``retracted`` are what only its end made known."""

    run: Run
    annotations: tuple[Annotation, ...] = ()
    retracted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Failed:
    """It failed or was stopped (``error`` is None); ``run`` holds what came before, the rest as for ``Finished``."""

    run: Run
    error: ProviderError | MediaError | None
    annotations: tuple[Annotation, ...] = ()
    retracted: tuple[str, ...] = ()


InferenceEvent: TypeAlias = Preparing | Waiting | Thinking | Received | Finished | Failed


class _Progress:
    """The run as it grows; the only state of a request."""

    def __init__(self, request: InferenceRequest) -> None:
        self.started = time.monotonic()
        self.text: list[str] = []
        self.thinking: list[str] = []
        self.pace: list[tuple[float, int]] = []
        self.thinking_pace: list[tuple[float, int]] = []
        self.length = 0
        self.thought = 0
        self.told: dict[str, None] = {}
        self.seen: tuple[Frame, ...] = ()
        self.run = Run(
            id=request.run or new_id(),
            started=datetime.now(UTC),
            provider=request.provider.name,
            model=request.model.id,
            family=request.model.family,
            task=request.task.id,
            prompt=prompt_for_several(request.task, request.prompt, 1 + len(request.others)),
            after=request.after,
            system=request.system,
            options=request.options,
            frame=request.frame,
            frames=request.frames,
            space=request.space or request.model.space,
        )
        self.resumes = request.resumes
        if request.resumes is not None:
            self.run = begun_again(request.resumes)
            self.text, self.length = [self.run.reply], len(self.run.reply)
            self.pace, self.thinking = list(self.run.pace), [self.run.thinking]

    def elapsed(self) -> float:
        return time.monotonic() - self.started

    def mark(self, moment: str) -> None:
        """Note that ``moment`` (a field of ``Seconds``) came now, unless it came before."""
        if getattr(self.run.seconds, moment) is None:
            self.run = replace(self.run, seconds=replace(self.run.seconds, **{moment: self.elapsed()}))

    @property
    def frames(self) -> tuple[Frame, ...]:
        assert self.run.frame is not None
        return self.run.frames or (self.run.frame,)

    def sent(self, frames: tuple[Frame, ...]) -> None:
        """Note what was sent of each picture."""
        self.run = replace(self.run, frame=frames[0], frames=frames if len(frames) > 1 else ())

    def take(self, chunk: ReplyChunk) -> None:
        self.mark("first_byte")
        if len(chunk.image_hw) == len(self.frames):
            self.seen = tuple(
                replace(frame, sent=size) for frame, size in zip(self.frames, chunk.image_hw, strict=True)
            )
        self.text.append(chunk.text)
        if chunk.text:
            self.length += len(chunk.text)
            self.pace.append((round(self.elapsed(), 4), self.length))
        if chunk.thinking:
            self.thought += len(chunk.thinking)
            self.thinking_pace.append((round(self.elapsed(), 4), self.thought))
        self.thinking.append(chunk.thinking)
        if chunk.usage is not None or chunk.finish_reason is not None:
            self.run = replace(
                self.run,
                usage=chunk.usage or self.run.usage,
                finish_reason=chunk.finish_reason or self.run.finish_reason,
            )

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


def run_inference(request: InferenceRequest, cancel: CancelToken) -> Iterator[InferenceEvent]:
    """Do what ``request`` says and tell it as events, the annotations in pixels of the upright original.

    Errors of the service and of the picture end it with ``Failed``; nothing else is caught.
    """
    progress = _Progress(request)
    yield Preparing(progress.run)
    try:
        parts = _parts(request, progress)
    except MediaError as error:
        progress.mark("total")
        yield Failed(replace(progress.run, error=str(error)), error)
        return
    progress.mark("prepare")
    yield Waiting(progress.run, sum(len(part.data) for part in parts if isinstance(part, ImagePart)))
    parser = ReplyParser(
        ReplyContext(
            run=progress.run.id,
            task=request.task,
            space=progress.run.space,
            frames=progress.frames,
            camera=request.camera,
            first_image=FIRST_IMAGE if progress.run.frames else 0,
        )
    )
    options = {**request.options, **ocr_options(request.task, request.result_schema)}
    prefix = request.prefix
    if request.resumes is not None:
        prefix = without_thought(progress.run.reply)
        progress.told.update(dict.fromkeys(a.id for a in parser.feed(progress.run.reply).annotations))
        if request.model.can_switch_thinking:
            options["enable_thinking"] = False  # partial mode knows no thinking
    history, said = conversation(request.earlier, parts)
    chat = chat_request(
        request.model,
        said,
        options,
        system=request.system,
        history=(*history, *request.history),
        prefix=prefix,
        tools=request.tools,
    )
    try:
        for chunk in request.provider.stream(chat, cancel):
            cancel.check()
            progress.take(chunk)
            yield from _told(chunk, parser, progress)
    except ProviderError as error:
        end = progress.ended(parser, str(error))
        yield Failed(end.run, error, end.annotations, end.retracted)
    except Cancelled:
        end = progress.ended(parser, "stopped")
        yield Failed(end.run, None, end.annotations, end.retracted)
    else:
        yield progress.ended(parser)


def _parts(request: InferenceRequest, progress: _Progress) -> tuple[Part, ...]:
    """Make the pictures ready and return what is sent, the words last; a reply that exists already needs no picture."""
    prompt = progress.run.prompt
    if request.frame is not None:
        return (TextPart(prompt),)
    words = (TextPart(prompt),) if prompt else ()
    rule = resize_rule(request.model, request.options)
    longest = request.provider.longest_side if isinstance(request.provider, ShrinksPictures) else 0
    pictures = []
    for media in (request.media, *request.others):
        raster = request.raster if media is request.media else None
        within = rule.within(media.size, longest) if longest else rule
        pictures.append(prepare_image(media, within, raster=raster))
    progress.sent(tuple(picture.frame for picture in pictures))
    return (*(image_part(picture) for picture in pictures), *words)


def image_part(picture: PreparedImage) -> ImagePart:
    """Return a picture that was made ready as a part of a message."""
    size = picture.frame.sent
    return ImagePart(picture.data, picture.mime, size.width, size.height)


def _told(chunk: ReplyChunk, parser: ReplyParser, progress: _Progress) -> Iterator[InferenceEvent]:
    if chunk.thinking:
        yield Thinking(progress.run.id, chunk.thinking)
    if chunk.text:
        read = parser.feed(chunk.text)
        if read.annotations:
            progress.mark("first_annotation")
        progress.told.update(dict.fromkeys(annotation.id for annotation in read.annotations))
        for key in read.retracted:
            progress.told.pop(key, None)
        yield Received(progress.run.id, chunk.text, read.annotations, read.issues, read.retracted)
