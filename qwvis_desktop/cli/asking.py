"""Asking about pictures on the command line: a few requests at a time, each kept and paid for, none past a cap.

Requests go on threads of their own; what came is given back in the order of the files.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Generator, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from qwvis_desktop.cli.going_on import GoingOn
from qwvis_desktop.cli.output import CommandError, ExitCode, note
from qwvis_desktop.cli.reply_options import exit_code_of
from qwvis_desktop.cli.services import Service
from qwvis_desktop.cli.sources import Source, link_of, opened, shown
from qwvis_desktop.core.accounting import Accounts, accounted, estimated_request, look_guard
from qwvis_desktop.core.annotation import JsonValue, new_id
from qwvis_desktop.core.annotation_json import annotation_to_json, box_to_json, issue_to_json
from qwvis_desktop.core.camera import CameraIntrinsics
from qwvis_desktop.core.document import Document, Run, in_picture, run_of_picture
from qwvis_desktop.core.inference import run_inference
from qwvis_desktop.core.inference_events import (
    Extracting,
    Failed,
    Finished,
    InferenceEvent,
    Noted,
    Received,
    Thinking,
    Waiting,
)
from qwvis_desktop.core.inference_request import InferenceRequest
from qwvis_desktop.core.media.image import MediaError
from qwvis_desktop.core.media.media import Media
from qwvis_desktop.core.media.video import FOLDER
from qwvis_desktop.core.providers.base import CancelToken, Provider, ProviderError
from qwvis_desktop.core.providers.catalog import film_room_of
from qwvis_desktop.core.providers.pace import Pace, PacedProvider, Paces
from qwvis_desktop.core.request.limits import Finding
from qwvis_desktop.core.request_findings import request_findings
from qwvis_desktop.core.run_recording import recorded
from qwvis_desktop.core.store.history import History
from qwvis_desktop.core.store.ledger import LedgerError
from qwvis_desktop.core.tasks import TASKS, Task, for_media

RAISE_CAPS = "Nothing was sent. Raise the cap in the window, under Run > Costs."


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one file went: what came, the files that were written, and why it failed (empty where it did not)."""

    file: str
    code: ExitCode
    document: Document | None = None
    run: Run | None = None
    exports: tuple[Path, ...] = ()
    error: str = ""

    @property
    def has_reply(self) -> bool:
        """Whether there is something to save."""
        return self.run is not None and (not self.error or bool(self.run.reply))

    def saved(self, exports: Iterable[Path], failure: str) -> Outcome:
        """Return it with further files that were written, or with why they were not."""
        code = max(self.code, ExitCode.ERROR) if failure else self.code
        return replace(self, code=code, exports=(*self.exports, *exports), error=self.error or failure)

    def to_json(self) -> dict[str, JsonValue]:
        """Return what ``run --json`` prints for this file; what never came is null or empty."""
        annotations: list[JsonValue] = []
        if self.document is not None:
            camera = CameraIntrinsics.from_field_of_view(self.document.size)
            annotations = [annotation_to_json(item, camera) for item in self.document.annotations.values()]
        told: dict[str, JsonValue] = {
            "file": self.file,
            "run": None,
            "status": None,
            "annotations": annotations,
            "issues": [],
            "usage": {},
            "seconds": {},
            "exports": [str(path) for path in self.exports],
            "text": None,
            "error": self.error or None,
        }
        if self.run is not None:
            looks = [{"label": look.label, "box": box_to_json(look.frame.crop)} for look in self.run.looks]
            told |= {
                "looks": list[JsonValue](looks),
                "notes": list[JsonValue](self.run.notes),
                "run": self.run.id,
                "status": self.run.status,
                "issues": [issue_to_json(issue) for issue in self.run.issues],
                # Several pictures of one request: it is counted once, with the first.
                "usage": dict(self.run.usage) if self.run.image == 0 else {},
                "seconds": dict(asdict(self.run.seconds)),
                "text": self.run.text,
            }
        return told


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """What is the same for all requests of a command.

    Attributes:
        provider: who answers.
        at_once: how many requests go on at a time.
        begun: what the one request goes on from.
        fetched: whether the service fetches pictures on the web itself.
    """

    prompt: str
    task: Task
    service: Service
    provider: Provider
    options: dict[str, JsonValue]
    result_schema: dict[str, JsonValue] | None
    history: History
    accounts: Accounts
    at_once: int
    begun: GoingOn
    fetched: bool = False
    _tokens: set[CancelToken] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def ask_all(self, groups: Sequence[Sequence[Source]]) -> Generator[list[Outcome], None, None]:
        """Ask about each group of pictures in a request of its own; yield what came, in their order.

        Stopped by the user, all requests are stopped before it goes on.
        """
        on_the_web = bool(self.service.profile.host)
        workers = min(self.at_once, len(groups)) if on_the_web else 1  # the engine here takes all processors anyway
        pace = Paces(lambda: workers).of(self.service.profile.host, self.service.key, self.service.model)
        alone = len(groups) == 1
        with ThreadPoolExecutor(workers, thread_name_prefix="ask") as pool:
            asked = [pool.submit(self._ask, group, pace, alone=alone) for group in groups]
            try:
                for one in asked:
                    yield one.result()
            finally:
                for one in asked:
                    one.cancel()
                with self._lock:
                    going = tuple(self._tokens)
                for token in going:
                    token.cancel()

    def _ask(self, paths: Sequence[Source], pace: Pace, *, alone: bool) -> list[Outcome]:
        try:
            documents = [Document(opened(path)) for path in paths]
            for document in documents:
                check_fit(self.task, document.media)
        except (MediaError, CommandError) as error:
            return [Outcome(shown(path), ExitCode.ERROR, error=str(error)) for path in paths]
        resumes = self.begun.resumes
        if resumes is not None:
            for image, document in enumerate(documents):
                document.add(in_picture(resumes.as_read, image) if resumes.frames else resumes.as_read)
        name, is_of_film = ", ".join(map(shown, paths)), documents[0].media.kind == "video"
        provider = PacedProvider(self.provider, pace, self.service.model, lambda waits: _say_turn(name, waits=waits))
        request = InferenceRequest(
            media=documents[0].media,
            others=tuple(document.media for document in documents[1:]),
            links=tuple(link_of(path) for path in paths) if self.fetched or is_of_film else (),
            room=film_room_of(self.service.profile, self.service.settings.wire.upload),
            task=self.task,
            prompt=resumes.prompt if resumes else words_for(self.prompt, self.task, documents[0].media),
            model=self.service.model,
            provider=provider if self.service.profile.host else self.provider,
            options={**resumes.options, **self.options} if resumes else self.options,
            result_schema=self.result_schema,
            earlier=self.begun.earlier,
            after=self.begun.after,
            resumes=resumes,
            run=resumes.id if resumes else new_id(),
            base64_mb=self.service.settings.wire.base64_mb,
            may_look=look_guard(self.accounts, self.service.model, self.service.profile.host),
        )
        pairs = list(zip(paths, documents, strict=True))
        refused = self._refused(request)
        if refused:
            return [Outcome(shown(path), ExitCode.ERROR, document, error=refused) for path, document in pairs]
        try:
            usual = self.accounts.usual_reply(self.service.model, self.task.id)
            estimate = estimated_request(request, self.service.profile.host, usual)
            refusal = self.accounts.claim(request.run, estimate) if estimate is not None else ""
        except LedgerError as error:
            return [Outcome(shown(path), ExitCode.ERROR, document, error=str(error)) for path, document in pairs]
        if refusal:
            refusal = f"{refusal} {RAISE_CAPS}"
            return [Outcome(shown(path), ExitCode.ERROR, document, error=refusal) for path, document in pairs]
        try:
            end = self._follow(request, documents, _Progress(name, shown=alone))
        finally:
            self.accounts.release(request.run)
        return [_outcome(path, document, end) for path, document in pairs]

    def _refused(self, request: InferenceRequest) -> str:
        """Return what the service would refuse, and what to add; empty where there is nothing."""
        return next((finding_words(finding) for finding in request_findings(request) if finding.refused), "")

    def _follow(
        self, request: InferenceRequest, documents: Sequence[Document], progress: _Progress
    ) -> Finished | Failed:
        """Do the request, fill the documents as the reply comes, and return how it ended; all of it is kept."""
        cancel = CancelToken()
        with self._lock:
            self._tokens.add(cancel)
        kept = recorded(run_inference(request, cancel), self.history, [request.media, *request.others], note)
        events = accounted(kept, request, self.service.profile.host, self.accounts, note)
        try:
            for event in events:
                progress.show(event)
                for sentence in _notes(event):
                    progress.clear()
                    note(sentence)
                if isinstance(event, Received | Finished | Failed):
                    for image, document in enumerate(documents):
                        document.add(in_picture(event.annotations, image))
                        document.remove(key for key in event.retracted if key in document.annotations)
                if isinstance(event, Finished | Failed):
                    for image, document in enumerate(documents):
                        document.set_run(run_of_picture(event.run, image))
                    return event
        finally:
            with self._lock:
                self._tokens.discard(cancel)
            events.close()
            progress.clear()
        raise AssertionError("a request ended without saying how")


def check_fit(task: Task, media: Media) -> None:
    """Refuse a task that is not asked about such media.

    Raises:
        CommandError: it is not.
    """
    if media.kind not in task.media:
        ours, others = ("a film", "pictures") if media.kind == "video" else ("a picture", "films")
        fitting = ", ".join(other.id for other in TASKS.values() if media.kind in other.media)
        one_by_one = f" Or name its pictures: {media.path}/*" if media.mime == FOLDER else ""
        raise CommandError(
            f'"{media.name}" is {ours}, and {task.id} is asked about {others}. Choose one of {fitting}.{one_by_one}',
            ExitCode.USAGE,
        )


def words_for(prompt: str, task: Task, media: Media) -> str:
    """Return what is asked: of a film in words for films, where nothing else was said."""
    return for_media(task, media.kind).prompt if prompt == task.prompt else prompt


def _notes(event: InferenceEvent) -> tuple[str, ...]:
    """Return what ``event`` says was done otherwise than one would think."""
    match event:
        case Waiting(notes=notes):
            return notes
        case Noted(note=sentence):
            return (sentence,)
        case _:
            return ()


def _outcome(path: Source, document: Document, end: Finished | Failed) -> Outcome:
    run = document.runs[end.run.id]
    code, failure = exit_code_of(run.status), ""
    if isinstance(end, Failed):
        code = ExitCode.PROVIDER_FAILED if isinstance(end.error, ProviderError) else ExitCode.ERROR
        failure = str(end.error)
    return Outcome(shown(path), code, document, run, error=failure)


def finding_words(finding: Finding) -> str:
    """Return a finding for people at a command line: the sentence, and what to add to mend it."""
    words = finding.remedy.on_the_command_line if finding.remedy is not None else ""
    return f"{finding.message} Add {words}." if words else finding.message


def _say_turn(name: str, *, waits: bool) -> None:
    if waits:
        note(f"{name} waits for its turn.")


class _Progress:
    """One line on standard error that says how far a file is, where somebody can see it."""

    def __init__(self, name: str, *, shown: bool) -> None:
        self._name = name
        self._shown = shown and sys.stderr.isatty()
        self._found = 0
        self._width = 0

    def show(self, event: InferenceEvent) -> None:
        """Show what ``event`` means."""
        match event:
            case Extracting(done=done, of=of):
                self._line(f"frame {done} of {of}")
            case Waiting(sent_bytes=sent):
                self._line(f"waiting ({sent / 1e6:.1f} MB sent)")
            case Thinking():
                self._line("thinking")
            case Received(annotations=annotations):
                self._found += len(annotations)
                self._line(f"receiving, {self._found} placed")
            case _:
                pass

    def clear(self) -> None:
        """Take the line away."""
        if self._width:
            sys.stderr.write(f"\r{' ' * self._width}\r")
            sys.stderr.flush()

    def _line(self, text: str) -> None:
        if self._shown:
            line = f"{self._name}: {text}"
            sys.stderr.write(f"\r{line:<{self._width}}")
            sys.stderr.flush()
            self._width = max(self._width, len(line))
