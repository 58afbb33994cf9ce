"""``run_inference``: media, provider and reply parser joined; one request, told as events.

It is a plain generator, free of Qt: the window runs it on a worker thread, the command line in a loop. Whatever
happens, the last event is ``Finished`` or ``Failed``, and its run holds every character that came.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TypeAlias

from qwvis_desktop.core.annotation import Attributes, JsonValue, new_id
from qwvis_desktop.core.camera import CameraIntrinsics
from qwvis_desktop.core.chat import chat_request, conversation, ocr_options, prompt_for_several
from qwvis_desktop.core.coordinates import CoordinateSpace, Frame, Orientation, widened
from qwvis_desktop.core.document import FIRST_IMAGE, NO_USAGE, Run, SentRequest
from qwvis_desktop.core.inference_events import (
    Asked,
    Failed,
    Finished,
    InferenceEvent,
    Looked,
    LookRefusedError,
    Noted,
    Preparing,
    Received,
    Thinking,
    Waiting,
)
from qwvis_desktop.core.media.image import ImageMedia, MediaError
from qwvis_desktop.core.media.media import Media, picture
from qwvis_desktop.core.media.metadata import metadata_of
from qwvis_desktop.core.media.prepare import PreparedImage, prepare_image
from qwvis_desktop.core.media.raster import Raster
from qwvis_desktop.core.model_registry import ModelSpec
from qwvis_desktop.core.providers.base import (
    BadRequest,
    Cancelled,
    CancelToken,
    ChatRequest,
    ImageLink,
    ImagePart,
    Part,
    Provider,
    ProviderError,
    ReplyChunk,
    Role,
    ShrinksPictures,
    TextPart,
    Tool,
    ToolCall,
    Turn,
    unseen,
)
from qwvis_desktop.core.replies.parser import ReplyContext, ReplyParser
from qwvis_desktop.core.request.conversation import Exchange, without_thought
from qwvis_desktop.core.request.option_rules import pads, quarter_turns, resize_rule, sent_part, without_schema
from qwvis_desktop.core.run_progress import RunProgress
from qwvis_desktop.core.tasks import Task
from qwvis_desktop.core.zoom import ZOOM_TOOL, Looking, looks_wanted, without_calls, written_calls

__all__ = [
    "Asked",
    "Failed",
    "Finished",
    "InferenceEvent",
    "InferenceRequest",
    "LookGuard",
    "LookRefusedError",
    "Looked",
    "Noted",
    "Preparing",
    "Received",
    "Thinking",
    "Waiting",
    "image_part",
    "run_inference",
]


SCHEMA_REFUSED = "The service refused the schema for JSON, so it was asked for JSON without one."

LookGuard: TypeAlias = Callable[[Run, ChatRequest], str]
"""Says why a further part of the picture must not be sent, given the run so far and the request; empty: it may."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InferenceRequest:
    """One thing to do.

    Attributes:
        others: further pictures of the same request; ``media`` is image 1, these are image 2 and on.
        links: where the pictures lie on the web, in their order, for the service to fetch them there; empty for one
            that is sent. One that is stored on its side, or is to be turned, is sent in any case: services may not turn
            it.
        result_schema: the fields that the OCR service is to fill.
        space: what the numbers count, where it is not the model's own.
        frame: what was sent, for a reply that exists already (pasted, recorded): then no picture is prepared or sent.
        frames: the same where several pictures were sent.
        raster: the upright picture in full, where it is decoded already; else it is read from ``media``.
        options: what is set for the request, by the service's own names (``core.request_options``).
        earlier: what was asked and answered about the same pictures before; ``after``: id of the run that was the last.
        resumes: a run whose reply was cut: the service goes on where it was, and both parts are one run.
        history, prefix, tools: as in ``ChatRequest``.
        on_sending: as in ``ChatRequest``; called on the thread that asks.
        may_look: is asked before a part that the model wants to see is sent; says why not, or an empty sentence.
    """

    media: Media
    task: Task
    prompt: str
    model: ModelSpec
    provider: Provider
    others: tuple[Media, ...] = ()
    links: tuple[str, ...] = ()
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
    on_sending: Callable[[SentRequest], None] = unseen
    may_look: LookGuard = lambda _run, _chat: ""


def run_inference(request: InferenceRequest, cancel: CancelToken) -> Iterator[InferenceEvent]:
    """Do what ``request`` says and tell it as events, the annotations in pixels of the upright original.

    Errors of the service and of the picture end it with ``Failed``; nothing else is caught.
    """
    progress = RunProgress(_run_of(request), request.resumes)
    yield Preparing(progress.run)
    try:
        parts = _parts(request, progress)
    except MediaError as error:
        progress.mark("total")
        yield Failed(replace(progress.run, error=str(error)), error)
        return
    progress.mark("prepare")
    yield Waiting(progress.run, _bytes_of(parts), progress.run.notes)
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
    options = _options(request, parts)
    prefix = request.prefix
    if request.resumes is not None:
        prefix = without_thought(progress.run.reply)
        progress.told.update(dict.fromkeys(a.id for a in parser.feed(progress.run.reply).annotations))
        if request.model.can_switch_thinking:
            options["enable_thinking"] = False  # partial mode knows no thinking
    looks = looks_wanted(options, can="tools" in request.model.abilities and not progress.run.frames)
    history, said = conversation(request.earlier, parts)
    chat = chat_request(
        request.model,
        said,
        options,
        system=request.system,
        history=(*history, *request.history),
        prefix=prefix,
        tools=(ZOOM_TOOL, *request.tools) if looks else request.tools,
    )
    looking = None
    if looks:
        rule = resize_rule(request.model, request.options)
        looking = Looking(picture(request.media), rule, progress.frames[0], looks, request.raster)
    try:
        chat = yield from _asked(request, chat, parser, progress, cancel)
        while looking is not None and not looking.is_over and (calls := _calls(progress)):
            chat = yield from _shown(request, chat, looking, parser, progress, calls)
            chat = yield from _asked(request, chat, parser, progress, cancel)
    except (ProviderError, LookRefusedError) as error:
        end = progress.ended(parser, str(error))
        yield Failed(end.run, error, end.annotations, end.retracted)
    except Cancelled:
        end = progress.ended(parser, "stopped")
        yield Failed(end.run, None, end.annotations, end.retracted)
    else:
        yield progress.ended(parser)


def _bytes_of(parts: tuple[Part, ...]) -> int:
    return sum(len(part.data) for part in parts if isinstance(part, ImagePart))


def _options(request: InferenceRequest, parts: tuple[Part, ...]) -> dict[str, JsonValue]:
    options = {**request.options, **ocr_options(request.task, request.result_schema)}
    if any(isinstance(part, ImageLink) for part in parts):
        # What the service fetches it scales itself: by the rule that the frame was reckoned with.
        options.setdefault("max_pixels", resize_rule(request.model, request.options).max_pixels)
    return options


def _run_of(request: InferenceRequest) -> Run:
    return Run(
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


def _asked(
    request: InferenceRequest, chat: ChatRequest, parser: ReplyParser, progress: RunProgress, cancel: CancelToken
) -> Generator[InferenceEvent, None, ChatRequest]:
    """Ask and tell what comes; return what was asked: plain JSON, once, where the service refuses a schema for it."""
    begun = progress.length, progress.thought
    try:
        yield from _streamed(request, chat, parser, progress, cancel)
    except BadRequest as error:
        options = without_schema(chat.options, f"{error} {error.details}")
        if options is None or begun != (progress.length, progress.thought):
            raise
        chat = replace(chat, options=options)
        progress.asks({**progress.run.options, "response_format": options["response_format"]})
        progress.note(SCHEMA_REFUSED)
        yield Noted(progress.run.id, SCHEMA_REFUSED)
        yield from _streamed(request, chat, parser, progress, cancel)
    return chat


def _streamed(
    request: InferenceRequest, chat: ChatRequest, parser: ReplyParser, progress: RunProgress, cancel: CancelToken
) -> Iterator[InferenceEvent]:
    """Ask once and tell what comes."""
    shown = progress.run.requests

    def on_sending(sent: SentRequest) -> None:
        progress.goes_out(sent)
        request.on_sending(sent)

    for chunk in request.provider.stream(replace(chat, on_sending=on_sending), cancel):
        cancel.check()
        if progress.run.requests is not shown:
            shown = progress.run.requests
            yield Asked(progress.run)
        progress.take(chunk)
        yield from _told(chunk, parser, progress)


def _calls(progress: RunProgress) -> tuple[ToolCall, ...]:
    """Return what the model asks us to do: by the protocol, or written into its reply."""
    return tuple(progress.calls) or written_calls(progress.leg)


def _shown(
    request: InferenceRequest,
    chat: ChatRequest,
    looking: Looking,
    parser: ReplyParser,
    progress: RunProgress,
    calls: tuple[ToolCall, ...],
) -> Generator[InferenceEvent, None, ChatRequest]:
    """Show the model the parts that it asked for; return what it is asked next.

    Raises:
        LookRefusedError: nothing more may be sent; it was not shown anything.
    """
    said = progress.next_leg()
    if said and not said.endswith("\n"):
        # What follows is a reply of its own: a word or a number must not go on over the seam.
        seam = ReplyChunk(text="\n")
        progress.take(seam)
        yield from _told(seam, parser, progress)
    turns = [Turn(Role.USER, chat.parts)] if chat.parts else []
    answers = tuple(looking.answers(without_calls(said), calls, progress.length))
    turns += [turn for turn, _ in answers]
    further = replace(chat, parts=(), prefix="", history=(*chat.history, *turns))
    why_not = request.may_look(progress.run, further)
    if why_not:
        raise LookRefusedError(why_not)
    for look in (look for _, look in answers if look is not None):
        parser.add_look(look.frame)
        progress.looked(look)
        yield Looked(progress.run)
    return further


def _parts(request: InferenceRequest, progress: RunProgress) -> tuple[Part, ...]:
    """Make the pictures ready and return what is sent, the words last; a reply that exists already needs no picture."""
    prompt = progress.run.prompt
    if request.frame is not None:
        return (TextPart(prompt),)
    words = (TextPart(prompt),) if prompt else ()
    rule, turn = resize_rule(request.model, request.options), quarter_turns(request.options)
    longest = request.provider.longest_side if isinstance(request.provider, ShrinksPictures) else 0
    frames: list[Frame] = []
    pictures: list[Part] = []
    each = [picture(medium) for medium in (request.media, *request.others)]
    for number, media in enumerate(each):
        link = link_of(request, number)
        if link:
            frames.append(Frame.whole(media.size, rule.resized(media.size)))
            pictures.append(ImageLink(link))
            continue
        raster = request.raster if media is request.media else None
        within = rule.within(sent_part(request.options, media.size), longest) if longest else rule
        prepared = prepare_image(media, within, raster=raster, turn=turn, pad=pads(request.options))
        frames.append(prepared.frame)
        pictures.append(image_part(prepared))
        if prepared.note:
            progress.note(prepared.note)
    progress.sent(
        tuple(frames), tuple(() if link_of(request, number) else _left_out(media) for number, media in enumerate(each))
    )
    return (*pictures, *words)


def link_of(request: InferenceRequest, number: int) -> str:
    """Return where the service fetches the picture of this number, counted from 0; empty where it is sent."""
    media = (request.media, *request.others)[number]
    if not isinstance(media, ImageMedia):
        return ""
    link = request.links[number] if number < len(request.links) else ""
    as_it_is = not quarter_turns(request.options) and media.orientation is Orientation.NORMAL
    return link if as_it_is and widened(media.size) == media.size else ""


def _left_out(media: Media) -> tuple[str, ...]:
    try:
        return metadata_of(media)
    except MediaError:
        return ()  # the file is gone, and the picture was sent as it had been decoded before


def image_part(picture: PreparedImage) -> ImagePart:
    """Return a picture that was made ready as a part of a message."""
    size = picture.frame.sent
    return ImagePart(picture.data, picture.mime, size.width, size.height)


def _told(chunk: ReplyChunk, parser: ReplyParser, progress: RunProgress) -> Iterator[InferenceEvent]:
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
