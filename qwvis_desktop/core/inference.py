"""``run_inference``: media, provider and reply parser joined; one request, told as events.

It is a plain generator, free of Qt: the window runs it on a worker thread, the command line in a loop. Whatever
happens, the last event is ``Finished`` or ``Failed``, and its run holds every character that came.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import replace
from datetime import UTC, datetime

from qwvis_desktop.core.annotation import new_id
from qwvis_desktop.core.chat import chat_request, conversation, prompt_for_several
from qwvis_desktop.core.document import FIRST_IMAGE, PASTED, Run, SentRequest
from qwvis_desktop.core.inference_events import (
    Asked,
    Failed,
    InferenceEvent,
    Looked,
    LookRefusedError,
    Noted,
    Preparing,
    Received,
    Thinking,
)
from qwvis_desktop.core.inference_request import InferenceRequest
from qwvis_desktop.core.media.media import picture
from qwvis_desktop.core.preparing import prepared, sent_options
from qwvis_desktop.core.providers.base import (
    BadRequest,
    Cancelled,
    CancelToken,
    ChatRequest,
    ProviderError,
    ReplyChunk,
    Role,
    ToolCall,
    Turn,
)
from qwvis_desktop.core.replies.parser import ReplyContext, ReplyParser
from qwvis_desktop.core.request.conversation import without_thought
from qwvis_desktop.core.request.option_rules import resize_rule, without_schema
from qwvis_desktop.core.run_progress import RunProgress
from qwvis_desktop.core.zoom import ZOOM_TOOL, Looking, looks_wanted, without_calls, written_calls

SCHEMA_REFUSED = "The service refused the schema for JSON, so it was asked for JSON without one."


def run_inference(request: InferenceRequest, cancel: CancelToken) -> Iterator[InferenceEvent]:
    """Do what ``request`` says and tell it as events, the annotations in pixels of the upright original.

    Errors of the service and of the picture end it with ``Failed``; nothing else is caught.
    """
    progress = RunProgress(_run_of(request), request.resumes)
    yield Preparing(progress.run)
    parts = yield from prepared(request, progress, cancel)
    if parts is None:
        return
    parser = ReplyParser(
        ReplyContext(
            run=progress.run.id,
            task=request.task,
            space=progress.run.space,
            frames=progress.frames,
            camera=request.camera,
            film=progress.run.film,
            first_image=FIRST_IMAGE if progress.run.frames else 0,
        )
    )
    options = sent_options(request, parts)
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


def _run_of(request: InferenceRequest) -> Run:
    return Run(
        id=request.run or new_id(),
        started=datetime.now(UTC),
        provider=request.provider.name,
        model=request.model.id if request.provider.name != PASTED else "",
        family=request.model.family,
        task=request.task.id,
        prompt=prompt_for_several(request.task, request.prompt, 1 + len(request.others), _pages_of(request)),
        after=request.after,
        system=request.system,
        options=request.options,
        frame=request.frame,
        frames=request.frames,
        film=request.film,
        space=request.space or request.model.space,
    )


def _pages_of(request: InferenceRequest) -> tuple[int, ...]:
    """Return the numbers of the pages, where all that is asked about are pages of one document."""
    asked = (request.media, *request.others)
    together = all(media.page for media in asked) and len({media.path for media in asked}) == 1
    return tuple(media.page for media in asked) if together else ()


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


def _told(chunk: ReplyChunk, parser: ReplyParser, progress: RunProgress) -> Iterator[InferenceEvent]:
    if chunk.note:
        progress.note(chunk.note)
        yield Noted(progress.run.id, chunk.note)
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
