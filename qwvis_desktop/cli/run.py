"""Ask a model about pictures, print what it says and where it places it, and save it.

Files go to the current folder or to --save-dir, named after the picture; a picture itself is never written over. A file
that fails does not keep the others from being done; the highest exit code counts. With --json one file gives one
object, several give a list.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from qwvis_desktop.cli import argument_types
from qwvis_desktop.cli.asking import Asker, Outcome
from qwvis_desktop.cli.drawing import add_drawing_options, drawing_options_of, off_screen_renderer
from qwvis_desktop.cli.export_options import add_export_options, export_options_of
from qwvis_desktop.cli.going_on import add_continue_option, going_on
from qwvis_desktop.cli.json_output import print_json
from qwvis_desktop.cli.output import CommandError, ExitCode, note, tell
from qwvis_desktop.cli.page_sources import PageProgress, expand_sources
from qwvis_desktop.cli.reply_options import SENTENCES, summary
from qwvis_desktop.cli.services import (
    accounts_of,
    add_service_options,
    add_task_option,
    options_of,
    prompt_of,
    service_of,
)
from qwvis_desktop.cli.sources import Source, files_of, source
from qwvis_desktop.core.annotation import JsonValue
from qwvis_desktop.core.chat import prompt_for_several, several_refusal
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.export import FORMATS, ExportError, Format, Layout, default_path, export
from qwvis_desktop.core.export_options import ExportOptions
from qwvis_desktop.core.media.image import MediaError
from qwvis_desktop.core.media.write import WriteError
from qwvis_desktop.core.profiles import UploadWay
from qwvis_desktop.core.providers.redaction import forms_of
from qwvis_desktop.core.store.history import history_at, history_path
from qwvis_desktop.core.tasks import TASKS
from qwvis_desktop.ui.drawing_options import DrawingOptions


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of ``qwvis run``."""
    parser.add_argument(
        "files",
        metavar="FILE",
        nargs="+",
        type=source,
        help="a picture, a document with pages, a film, a folder of its frames (frames#rate=25), or an address",
    )
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
        "--at-once",
        type=argument_types.at_once,
        metavar="N",
        help="how many requests go on at a time (default: as in the settings, 3)",
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
    add_export_options(parser)
    add_drawing_options(parser)
    add_continue_option(parser)


def execute(arguments: Namespace) -> ExitCode:
    """Ask about each file in turn; return the highest exit code.

    Raises:
        CommandError: there is no such service, the model cannot do the task, or the folder cannot be made.
    """
    expand_sources(arguments)
    service = service_of(
        provider=arguments.provider, base_url=arguments.base_url, model=arguments.model, upload=arguments.upload
    )
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
    if arguments.one_request and (refusal := several_refusal(task, len(arguments.files))):
        raise CommandError(refusal, ExitCode.USAGE)
    groups = [arguments.files] if arguments.one_request else [[path] for path in arguments.files]
    prompt = prompt_of(arguments, task)
    together = dict.fromkeys(name for name in arguments.formats if _is_whole(FORMATS[name], arguments.together))
    saving = _Saving(
        formats=tuple(dict.fromkeys(name for name in arguments.formats if name not in together)),
        together=tuple(together),
        folder=arguments.save_dir,
        taken=files_of(arguments.files),
        options=export_options_of(arguments),
        drawing=drawing_options_of(arguments),
    )
    history = history_at(history_path(), note, lambda: forms_of((service.key,) if service.key else ()))
    begun = going_on(arguments, task, service.model)
    asker = Asker(
        begun=begun,
        prompt=prompt,
        task=task,
        service=service,
        provider=service.provider(task),
        fetched=service.settings.wire.upload is UploadWay.LINK,
        options=options_of(arguments, service.model, prompt_for_several(task, prompt, len(groups[0]))),
        result_schema=arguments.result_schema,
        history=history,
        accounts=accounts_of(service),
        at_once=arguments.at_once or service.settings.parallel,
    )
    with closing(history):
        outcomes = _ask_all(asker, groups, saving, arguments)
    if arguments.json:
        told = [outcome.to_json() for outcome in outcomes]
        print_json(told[0] if len(told) == 1 else list[JsonValue](told))
    return max(outcome.code for outcome in outcomes)


def _ask_all(asker: Asker, groups: Sequence[Sequence[Source]], saving: _Saving, arguments: Namespace) -> list[Outcome]:
    """Ask about each group, save and tell what comes; return how each picture went."""
    outcomes: list[Outcome] = []
    progress = PageProgress(arguments.files if len(groups) > 1 else (), asker.at_once)
    with closing(asker.ask_all(groups)) as answers:
        try:
            for answer in answers:
                for outcome in map(saving.save, answer):
                    outcomes.append(outcome)
                    _tell(outcome, arguments)
                    progress.ended([outcome.file], failed=bool(outcome.error))
        except KeyboardInterrupt:
            progress.stopped()
            raise
        finally:
            outcomes = saving.save_together(outcomes)  # also what came before it was stopped
    progress.over()
    return outcomes


def _is_whole(kind: Format, together: bool) -> bool:
    """Say whether all pictures go into one file or folder of this kind."""
    return kind.layout is Layout.FOLDER or (together and kind.layout is Layout.ONE)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Saving:
    """Where files go; ``taken`` are the pictures and all that was written, none to be written over."""

    formats: tuple[str, ...]
    together: tuple[str, ...]
    folder: Path
    taken: set[Path]
    options: ExportOptions
    drawing: DrawingOptions

    def save(self, outcome: Outcome) -> Outcome:
        """Save what came for one picture in the formats of one picture; return the outcome with what came of it."""
        exports: list[Path] = []
        failure = ""
        if outcome.document is not None and outcome.has_reply:
            try:
                for format_id in self.formats:
                    exports.extend(self._export(outcome.document, format_id))
            except (ExportError, MediaError, WriteError) as unsaved:
                failure = str(unsaved)
        return outcome.saved(exports, failure)

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
        renderer = off_screen_renderer(self.drawing) if FORMATS[format_id].is_drawn else None
        done = export(documents, format_id, path, renderer, options=self.options)
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
