"""Ask a model about pictures, print what it says and where it places it, and save it.

Files go to the current folder or to --save-dir, named after the picture; a picture itself is never written over. A file
that fails does not keep the others from being done; the highest exit code counts. With --json one file gives one
object, several give a list.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from qwvis_desktop.cli.drawing import off_screen_renderer
from qwvis_desktop.cli.json_output import print_json
from qwvis_desktop.cli.output import CommandError, ExitCode, note, tell
from qwvis_desktop.cli.reply_options import SENTENCES, exit_code_of, summary
from qwvis_desktop.cli.services import (
    Service,
    accounts_of,
    add_service_options,
    add_task_option,
    options_of,
    prompt_of,
    service_of,
)
from qwvis_desktop.core.accounting import Accounts, Estimate, accounted, request_words
from qwvis_desktop.core.annotation import JsonValue
from qwvis_desktop.core.annotation_json import annotation_to_json, issue_to_json
from qwvis_desktop.core.camera import CameraIntrinsics
from qwvis_desktop.core.chat import can_take_several, prompt_for_several
from qwvis_desktop.core.document import Document, Run, in_picture, run_of_picture
from qwvis_desktop.core.export import FORMATS, ExportError, Format, Layout, default_path, export
from qwvis_desktop.core.inference import (
    Failed,
    Finished,
    InferenceEvent,
    InferenceRequest,
    Received,
    Thinking,
    Waiting,
    run_inference,
)
from qwvis_desktop.core.media.image import MediaError, open_image
from qwvis_desktop.core.media.write import WriteError
from qwvis_desktop.core.option_rules import resize_rule
from qwvis_desktop.core.providers.base import CancelToken, Provider, ProviderError
from qwvis_desktop.core.run_recording import recorded
from qwvis_desktop.core.store.history import History, history_at, history_path
from qwvis_desktop.core.store.ledger import LedgerError
from qwvis_desktop.core.tasks import TASKS, Task

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
            told |= {
                "run": self.run.id,
                "status": self.run.status,
                "issues": [issue_to_json(issue) for issue in self.run.issues],
                # Several pictures of one request: it is counted once, with the first.
                "usage": dict(self.run.usage) if self.run.image == 0 else {},
                "seconds": dict(asdict(self.run.seconds)),
                "text": self.run.text,
            }
        return told


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of ``qwvis run``."""
    parser.add_argument("files", metavar="FILE", nargs="+", type=Path, help="a picture")
    add_task_option(parser, required=True)
    parser.add_argument("--model", metavar="ID", help="as the service expects it (default: the one in the settings)")
    add_service_options(parser)
    parser.add_argument("--save-dir", type=Path, default=Path(), metavar="DIR", help="where to (default: this folder)")
    parser.add_argument(
        "--export",
        dest="formats",
        choices=FORMATS,
        action="append",
        default=[],
        metavar="FORMAT",
        help=f"what to save, may be given several times: {', '.join(FORMATS)}",
    )
    parser.add_argument(
        "--together",
        action="store_true",
        help="save all pictures in one file, in formats that can; formats that are a folder hold all in any case",
    )
    parser.add_argument(
        "--one-request",
        action="store_true",
        help="ask about all pictures at once: the first is image 1, the next image 2, and so on",
    )


def execute(arguments: Namespace) -> ExitCode:
    """Ask about each file in turn; return the highest exit code.

    Raises:
        CommandError: there is no such service, the model cannot do the task, or the folder cannot be made.
    """
    service = service_of(provider=arguments.provider, base_url=arguments.base_url, model=arguments.model)
    task = TASKS[arguments.task]
    if not service.model.can(task):
        raise CommandError(
            f'{service.model.family_title} cannot do "{arguments.task}". '
            "Choose another with --model, and the service with --provider or --base-url.",
            ExitCode.USAGE,
        )
    try:
        arguments.save_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CommandError(f'The folder "{arguments.save_dir}" cannot be made: {error.strerror}.') from error
    if arguments.one_request and not can_take_several(task):
        raise CommandError(
            f'"{task.id}" is asked about one picture at a time. Leave --one-request out.', ExitCode.USAGE
        )
    groups = [arguments.files] if arguments.one_request else [[path] for path in arguments.files]
    prompt = prompt_of(arguments, task)
    together = dict.fromkeys(name for name in arguments.formats if _is_whole(FORMATS[name], arguments.together))
    session = _Session(
        prompt=prompt,
        task=task,
        service=service,
        provider=service.provider(task),
        options=options_of(arguments, service.model, prompt_for_several(task, prompt, len(groups[0]))),
        result_schema=arguments.result_schema,
        formats=tuple(dict.fromkeys(name for name in arguments.formats if name not in together)),
        together=tuple(together),
        folder=arguments.save_dir,
        taken={path.resolve() for path in arguments.files},
        history=history_at(history_path(), note, lambda: (service.key,) if service.key else ()),
        accounts=accounts_of(service),
    )
    outcomes = []
    with closing(session.history):
        try:
            for group in groups:
                for outcome in session.ask(group):
                    outcomes.append(outcome)
                    _tell(outcome, arguments)
        finally:
            outcomes = session.save_together(outcomes)  # also what came before it was stopped
    if arguments.json:
        told = [outcome.to_json() for outcome in outcomes]
        print_json(told[0] if len(told) == 1 else list[JsonValue](told))
    return max(outcome.code for outcome in outcomes)


def _is_whole(kind: Format, together: bool) -> bool:
    """Say whether all pictures go into one file or folder of this kind."""
    return kind.layout is Layout.FOLDER or (together and kind.layout is Layout.ONE)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Session:
    """What is the same for all files; ``taken`` are the pictures and all that was written, none to be written over."""

    prompt: str
    task: Task
    service: Service
    provider: Provider
    options: dict[str, JsonValue]
    result_schema: dict[str, JsonValue] | None
    formats: tuple[str, ...]
    together: tuple[str, ...]
    folder: Path
    taken: set[Path]
    history: History
    accounts: Accounts

    def ask(self, paths: Sequence[Path]) -> list[Outcome]:
        """Ask about pictures in one request and save what came; one outcome for each picture."""
        try:
            documents = [Document(open_image(path)) for path in paths]
        except MediaError as error:
            return [Outcome(str(path), ExitCode.ERROR, error=str(error)) for path in paths]
        request = InferenceRequest(
            media=documents[0].media,
            others=tuple(document.media for document in documents[1:]),
            task=self.task,
            prompt=self.prompt,
            model=self.service.model,
            provider=self.provider,
            options=self.options,
            result_schema=self.result_schema,
        )
        pairs = list(zip(paths, documents, strict=True))
        try:
            estimate = self._estimate(request)
            refusal = self.accounts.claim(estimate) if estimate is not None else ""
        except LedgerError as error:
            return [Outcome(str(path), ExitCode.ERROR, document, error=str(error)) for path, document in pairs]
        if refusal:
            refusal = f"{refusal} {RAISE_CAPS}"
            return [Outcome(str(path), ExitCode.ERROR, document, error=refusal) for path, document in pairs]
        try:
            end = self._follow(request, documents, ", ".join(map(str, paths)))
        finally:
            if estimate is not None:
                self.accounts.release(estimate)
        return [self._outcome(path, document, end) for path, document in pairs]

    def _outcome(self, path: Path, document: Document, end: Finished | Failed) -> Outcome:
        run = document.runs[end.run.id]
        code, failure = exit_code_of(run.status), ""
        if isinstance(end, Failed):
            code = ExitCode.PROVIDER_FAILED if isinstance(end.error, ProviderError) else ExitCode.ERROR
            failure = str(end.error)
        exports: list[Path] = []
        if not failure or run.reply:
            try:
                self._save(document, exports)
            except (ExportError, MediaError, WriteError) as unsaved:
                code, failure = max(code, ExitCode.ERROR), failure or str(unsaved)
        return Outcome(str(path), code, document, run, tuple(exports), failure)

    def _estimate(self, request: InferenceRequest) -> Estimate | None:
        try:
            rule = resize_rule(request.model, request.options)
            sizes = [rule.resized(media.size) for media in (request.media, *request.others)]
        except ValueError:
            return None  # the services refuse such sides; what makes the picture ready says it better
        words = request_words(request.prompt, request.options)
        host = self.service.profile.host
        return self.accounts.estimate(request.model, host, self.task.id, sizes, words, request.options)

    def _follow(self, request: InferenceRequest, documents: Sequence[Document], name: str) -> Finished | Failed:
        """Do the request, fill the documents as the reply comes, and return how it ended; all of it is kept."""
        cancel = CancelToken()
        progress = _Progress(name)
        kept = recorded(run_inference(request, cancel), self.history, [request.media, *request.others], note)
        events = accounted(kept, request, self.service.profile.host, self.accounts, note)
        try:
            for event in events:
                progress.show(event)
                if isinstance(event, Received | Finished | Failed):
                    for image, document in enumerate(documents):
                        document.add(in_picture(event.annotations, image))
                        document.remove(key for key in event.retracted if key in document.annotations)
                if isinstance(event, Finished | Failed):
                    for image, document in enumerate(documents):
                        document.set_run(run_of_picture(event.run, image))
                    return event
        except KeyboardInterrupt:
            cancel.cancel()
            raise
        finally:
            events.close()
            progress.clear()
        raise AssertionError("a request ended without saying how")

    def _save(self, document: Document, exports: list[Path]) -> None:
        for format_id in self.formats:
            exports.extend(self._export(document, format_id))

    def save_together(self, outcomes: Sequence[Outcome]) -> list[Outcome]:
        """Write the formats that hold all pictures in one file or folder; return the outcomes with what came of it."""
        answered = [outcome for outcome in outcomes if outcome.has_reply]
        documents = [outcome.document for outcome in answered if outcome.document is not None]
        exports: list[Path] = []
        failure = ""
        for format_id in self.together if documents else ():
            try:
                exports.extend(self._export(documents, format_id))
            except (ExportError, MediaError, WriteError) as unsaved:
                failure = failure or str(unsaved)
        if failure:
            note(f"qwvis: {failure}")
        for path in exports:
            note(f"Saved: {path}")
        return [outcome.saved(exports, failure) if outcome in answered else outcome for outcome in outcomes]

    def _export(self, documents: Document | Sequence[Document], format_id: str) -> Sequence[Path]:
        path = default_path(documents, format_id, self.folder, self.taken)
        renderer = off_screen_renderer() if FORMATS[format_id].is_drawn else None
        done = export(documents, format_id, path, renderer)
        for sentence in done.left_out:
            note(f"{path}: {sentence}")
        self.taken.update(file.resolve() for file in done.files)
        return done.files


def _tell(outcome: Outcome, arguments: Namespace) -> None:
    if not arguments.json:
        if len(arguments.files) > 1:
            tell(f"{outcome.file}:")
        _tell_result(outcome)
    if outcome.error:
        note(f"qwvis: {outcome.file}: {outcome.error}")


def _tell_result(outcome: Outcome) -> None:
    run, document = outcome.run, outcome.document
    if run is None or document is None:
        return
    if run.text is not None:
        tell(run.text)
    for annotation in document.annotations.values():
        tell(summary(annotation))
    if run.status is not None and run.text is None and not outcome.error:
        tell(f"{SENTENCES[run.status]} ({run.status}, {len(document.annotations)} placed)")
    for issue in run.issues:
        tell(f"  characters {issue.span[0]} to {issue.span[1]}: {issue.message} ({issue.code})")
    for path in outcome.exports:
        tell(f"Saved: {path}")


class _Progress:
    """One line on standard error that says how far a file is, where somebody can see it."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._found = 0
        self._width = 0

    def show(self, event: InferenceEvent) -> None:
        """Show what ``event`` means."""
        match event:
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
        if sys.stderr.isatty():
            line = f"{self._name}: {text}"
            sys.stderr.write(f"\r{line:<{self._width}}")
            sys.stderr.flush()
            self._width = max(self._width, len(line))
