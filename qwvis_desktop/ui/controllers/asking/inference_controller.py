"""Runs requests: from the prompt panel to a worker thread, and what comes back to the picture it was asked about."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Protocol, TypeAlias

from PySide6.QtCore import QObject, Signal

from qwvis_desktop.core.annotation import Annotation, new_id
from qwvis_desktop.core.comparison import read_run
from qwvis_desktop.core.document import Run, SentRequest, in_picture, run_of_picture
from qwvis_desktop.core.inference_events import (
    Asked,
    Extracting,
    Failed,
    Finished,
    InferenceEvent,
    Looked,
    Noted,
    Preparing,
    Received,
    Thinking,
    Waiting,
)
from qwvis_desktop.core.inference_request import InferenceRequest, LookGuard
from qwvis_desktop.core.providers.base import CancelToken
from qwvis_desktop.core.request.conversation import joined
from qwvis_desktop.ui.controllers.asking.run_words import step_words
from qwvis_desktop.ui.editor import DocumentEditor
from qwvis_desktop.ui.jobs import Job, JobRunner


class RunPhase(StrEnum):
    """What a run is doing, as people see it."""

    PREPARING = "preparing"
    WAITING = "waiting"
    THINKING = "thinking"
    RECEIVING = "receiving"
    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"


@dataclass(slots=True)
class ActiveRun:
    """A run while it goes on, and its last state when it is over.

    Attributes:
        editor: of its picture; of the first one where several went into the request.
        editors: of all its pictures that are still open, by their numbers in the request, counted from 0.
        several: whether several pictures went into the request.
        is_aside: what it finds is a proposal, and is not put on the picture.
        reply, thinking: pieces as they came.
        found: how many annotations it has given so far.
        resumes: the run as it was before, where this is the rest of a cut reply.
        requests: what was sent, filled by the thread that asks; a run that is stopped at once keeps it, too.
        extracted: how many frames are taken out of its film, and how many there will be.
        notes: what was done to its pictures to make them fit, in sentences.
        details: what the service said about a failure, to be copied.
        error: why it failed; None where it did not.
        started: ``time.monotonic()`` of its start.
    """

    editor: DocumentEditor
    run: Run
    token: CancelToken
    phase: RunPhase = RunPhase.PREPARING
    reply: list[str] = field(default_factory=list)
    thinking: list[str] = field(default_factory=list)
    found: int = 0
    sent_bytes: int = 0
    extracted: tuple[int, int] = (0, 0)
    notes: tuple[str, ...] = ()
    details: str = ""
    error: Exception | None = None
    editors: dict[int, DocumentEditor] = field(default_factory=dict)
    several: bool = False
    is_aside: bool = False
    started: float = field(default_factory=time.monotonic)
    job: Job | None = None
    resumes: Run | None = None
    requests: list[SentRequest] = field(default_factory=list)

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come."""
        return self.phase in (RunPhase.DONE, RunPhase.STOPPED, RunPhase.FAILED)


Again: TypeAlias = Callable[[int | None], object]
"""Asks anew what was not sent: about the first so many pictures, or None for all."""


class Gate(Protocol):
    """What each request passes before anything of it is sent."""

    def allows(self, request: InferenceRequest, again: Again) -> bool:
        """Say whether ``request`` may be sent; where not, it was told why, and ``again`` asks it anew."""
        ...

    def looks(self, request: InferenceRequest) -> LookGuard:
        """Return what is asked, on the run's thread, before the model is shown a part that it wants to see."""
        ...


def unrecorded(events: Iterator[InferenceEvent], _request: InferenceRequest) -> Iterator[InferenceEvent]:
    """Keep no history of a run."""
    return events


def _kept_first(events: Iterator[InferenceEvent], keep: Callable[[Run], object]) -> Iterator[InferenceEvent]:
    """Lead the events on; how the run ended is put on the disk before anybody is told."""
    try:
        for event in events:
            if isinstance(event, Finished | Failed):
                keep(event.run)
            yield event
    finally:
        if isinstance(events, Generator):
            events.close()


class InferenceController(QObject):
    """Keeps the latest run of each editor; a result goes to the picture it was asked about, whatever is looked at.

    Signals (with the ``ActiveRun`` they are about):
        started(ActiveRun): a run began.
        progressed(ActiveRun): its phase or its counts changed.
        reply_arrived(ActiveRun, str): further text of the reply.
        thinking_arrived(ActiveRun, str): further reasoning.
        looked(ActiveRun): the model is shown a part of the picture, the last of the run's looks.
        ended(ActiveRun): it is done, was stopped or failed.
        abandoned(ActiveRun): the last picture of a run that went on was closed; it was stopped, and nothing more comes.

    Args:
        recorded: is led the events of each run that asks somebody, and the request, and leads them on.
        keeper_of: gives what puts a run of a picture on the disk, on the worker's thread, before it is told to have
            ended.
    """

    started = Signal(object)
    progressed = Signal(object)
    reply_arrived = Signal(object, str)
    thinking_arrived = Signal(object, str)
    looked = Signal(object)
    ended = Signal(object)
    abandoned = Signal(object)

    def __init__(
        self,
        jobs: JobRunner,
        parent: QObject | None = None,
        recorded: Callable[[Iterator[InferenceEvent], InferenceRequest], Iterator[InferenceEvent]] = unrecorded,
        keeper_of: Callable[[DocumentEditor], Callable[[Run], object]] = lambda _editor: lambda _run: None,
    ) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._recorded = recorded
        self._keeper_of = keeper_of
        self._latest: dict[DocumentEditor, ActiveRun] = {}
        self._gate: Gate | None = None

    def guard(self, gate: Gate) -> None:
        """Let all requests pass ``gate`` before they are sent."""
        self._gate = gate

    def latest(self, editor: DocumentEditor | None) -> ActiveRun | None:
        """Return the latest run of ``editor``."""
        return self._latest.get(editor) if editor is not None else None

    def is_running(self, editor: DocumentEditor | None) -> bool:
        """Say whether a run of ``editor`` goes on."""
        active = self.latest(editor)
        return active is not None and not active.is_over

    def start(
        self,
        editor: DocumentEditor,
        request: InferenceRequest,
        *,
        others: Sequence[DocumentEditor] = (),
        image: int = 0,
        replay: bool = False,
        again: Again | None = None,
    ) -> ActiveRun | None:
        """Start ``request`` for ``editor``; a run of the same picture that still goes on is stopped first.

        What may not be sent is not started: then it was told why, None is returned, and ``again`` asks it anew when
        that is mended; unless given, the same once more. What was answered already is not asked, and always begins.

        ``others`` are the editors of ``request.others``: what is found in these pictures goes to them. ``image`` is the
        number of the picture of ``editor``, where a reply about several is read for it alone.
        What is a ``replay`` of a run that was made before asks nobody, and makes no history.
        """
        if not request.run:
            request = replace(request, run=request.resumes.id if request.resumes is not None else new_id())
        if self._gate is not None and request.frame is None and not request.frames:
            retry = again or (lambda _keep: self.start(editor, request, others=others, image=image))
            if not self._gate.allows(request, retry):
                return None
            request = replace(request, may_look=self._gate.looks(request))
        editors = dict(enumerate((editor, *others), start=image))
        for each in editors.values():
            self.stop(each)
        token, sent = CancelToken(), list[SentRequest]()
        request = replace(request, on_sending=sent.append)
        from qwvis_desktop.core.inference import run_inference

        events = run_inference(request, token)
        if not replay:
            events = self._recorded(events, request)
        # The first event is made without waiting for anything: it carries the run as it starts.
        first = next(events)
        assert isinstance(first, Preparing)
        several = bool(others or request.frames)
        active = ActiveRun(editor, first.run, token, editors=editors, several=several, resumes=request.resumes)
        active.requests, active.is_aside = sent, request.crop is not None
        active.reply, active.thinking = [first.run.reply], [first.run.thinking]
        self._latest.update(dict.fromkeys(editors.values(), active))
        self._tell_editors(active)
        self.started.emit(active)
        keep = self._keeper_of(editor)
        active.job = self._jobs.start(
            lambda: _kept_first(events, keep),
            name=f"run {first.run.id}",
            on_events=lambda batch: self._take(active, batch),
            on_failed=lambda error: self._broke(active, error),
            stop=token.cancel,
        )
        return active

    def stop(self, editor: DocumentEditor | None) -> None:
        """Stop the run of ``editor`` at once; what came so far stays."""
        active = self.latest(editor)
        if active is None or active.job is None:
            return
        active.job.deliver()  # what has come already is not lost
        if active.is_over:
            return
        active.job.abandon()
        self._end(active, self._as_it_stands(active, "stopped"), RunPhase.STOPPED)

    def forget(self, editor: DocumentEditor) -> None:
        """Stop and forget what runs for an editor that is closed."""
        active = self._latest.pop(editor, None)
        if active is None:
            return
        active.editors = {image: other for image, other in active.editors.items() if other is not editor}
        if active.job is not None and not active.editors:
            active.job.abandon()
            if not active.is_over:
                self.abandoned.emit(active)

    def _as_it_stands(self, active: ActiveRun, error: str) -> Run:
        seconds = replace(active.run.seconds, total=time.monotonic() - active.started)
        before = active.resumes.requests if active.resumes is not None else ()
        run = replace(
            active.run,
            reply="".join(active.reply),
            thinking="".join(active.thinking),
            error=error,
            seconds=seconds,
            requests=(*before, *active.requests),
        )
        parts = [run_of_picture(run, image) for image in range(max(1, len(run.frames)))]
        parsed = [read_run(part, active.editor.document.size) for part in parts]
        found = tuple(annotation for part in parsed for annotation in part.annotations)
        first = parsed[0]
        run = replace(run, status=first.status, text=first.text, issues=first.issues, as_read=found)
        return run if active.resumes is None else joined(active.resumes, run)

    def _tell_editors(self, active: ActiveRun) -> None:
        for image, editor in active.editors.items():
            editor.set_run(run_of_picture(active.run, image))

    def _take(self, active: ActiveRun, batch: Sequence[InferenceEvent]) -> None:
        """Take a batch of events; what they found goes on the picture in one go."""
        self._place(active, [event for event in batch if isinstance(event, Received | Finished | Failed)])
        text = "".join(event.text for event in batch if isinstance(event, Received))
        thinking = "".join(event.text for event in batch if isinstance(event, Thinking))
        if thinking:
            active.thinking.append(thinking)
            active.phase = RunPhase.THINKING
            self.thinking_arrived.emit(active, thinking)
        if text:
            active.reply.append(text)
            active.phase = RunPhase.RECEIVING
            self.reply_arrived.emit(active, text)
        for event in batch:
            match event:
                case Waiting(run=run, sent_bytes=sent_bytes, notes=notes):
                    active.run, active.sent_bytes, active.notes = run, sent_bytes, notes
                    active.phase = RunPhase.WAITING if not (text or thinking) else active.phase
                    self._tell_editors(active)
                case Asked(run=run):
                    active.run = run
                case Extracting() | Noted():
                    _note(active, event)
                case Looked(run=run):
                    active.run = run
                    self._tell_editors(active)
                    self.looked.emit(active)
                case Finished(run=run):
                    self._end(active, run, RunPhase.DONE)
                    return
                case Failed(run=run, error=error):
                    active.error, active.details = error, getattr(error, "details", "")
                    self._end(active, run, RunPhase.FAILED if error is not None else RunPhase.STOPPED)
                    return
        self.progressed.emit(active)

    def _place(self, active: ActiveRun, events: Iterable[Received | Finished | Failed]) -> None:
        added: dict[str, Annotation] = {}
        retracted: list[str] = []
        for event in events:
            added.update((annotation.id, annotation) for annotation in event.annotations)
            retracted += [key for key in event.retracted if added.pop(key, None) is None]
        active.found += len(added) - len(retracted)
        if active.is_aside:
            return
        step = step_words(active.run)
        for image, editor in active.editors.items():
            present = editor.document.annotations
            editor.retract([key for key in retracted if key in present], step, active.run.id)
            found = in_picture(added.values(), image) if active.several else added.values()
            editor.add(found, step, run=active.run.id)

    def _broke(self, active: ActiveRun, error: Exception) -> None:
        """Show a fault of the program itself as a failed run, and let it be reported as one."""
        active.error, active.details = error, f"{type(error).__name__}: {error}"
        sentence = self.tr("The run ended because of a fault in QwVis. What came so far is kept; please report it.")
        self._end(active, self._as_it_stands(active, sentence), RunPhase.FAILED)
        raise error

    def _end(self, active: ActiveRun, run: Run, phase: RunPhase) -> None:
        active.run, active.phase = run, phase
        self._tell_editors(active)
        self.ended.emit(active)


def _note(active: ActiveRun, event: Extracting | Noted) -> None:
    """Keep what ``event`` says of how the run goes."""
    if isinstance(event, Noted):
        active.notes = (*active.notes, event.note)
    else:
        active.extracted = (event.done, event.of)
