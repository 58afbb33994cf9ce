"""``--continue-from``: going on from a reply that was kept: the rest of a cut one, or a further question."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from qwvis_desktop.cli.output import CommandError, ExitCode, note
from qwvis_desktop.cli.sources import opened, shown
from qwvis_desktop.core.comparison import read_run
from qwvis_desktop.core.document import Run, run_of_picture
from qwvis_desktop.core.formats.reply import NamedPicture, ReplyFileError, load_kept
from qwvis_desktop.core.media.image import MediaError
from qwvis_desktop.core.model_registry import ModelSpec
from qwvis_desktop.core.request.conversation import Exchange, exchanges_of, was_cut, why_not_continued
from qwvis_desktop.core.store.history import history_at, history_path
from qwvis_desktop.core.store.history_file import HistoryError
from qwvis_desktop.core.tasks import Task


@dataclass(frozen=True, slots=True)
class GoingOn:
    """What a request goes on from.

    Attributes:
        resumes: the run whose reply was cut; None where nothing is to be finished.
        earlier: what was asked and answered before; ``after``: id of the run that was the last.
    """

    resumes: Run | None = None
    earlier: tuple[Exchange, ...] = ()
    after: str = ""


def add_continue_option(parser: ArgumentParser) -> None:
    """Add the option."""
    parser.add_argument(
        "--continue-from",
        metavar="RUN|KEPT_REPLY",
        help='a run of the history, by the begin of its id, or a reply kept by "--export reply": without --prompt, one '
        "that was cut is finished; with --prompt, it is asked further about the same picture; of several pictures with "
        "--one-request, in the same order",
    )


def going_on(arguments: Namespace, task: Task, model: ModelSpec) -> GoingOn:
    """Return what the request of ``arguments`` goes on from.

    Raises:
        CommandError: there is no such kept reply, it is of another task or picture, or it cannot be gone on with.
    """
    if arguments.continue_from is None:
        return GoingOn()
    kept, pictures = _kept(arguments.continue_from)
    if kept.task != task.id:
        raise CommandError(f"The kept reply is of the task {kept.task}. Give --task {kept.task}.", ExitCode.USAGE)
    _check_pictures(arguments, pictures)
    if len(kept.frames or pictures) != len(pictures):
        raise CommandError(
            "This file holds the part of one picture in a reply about several. Name the run by its id instead.",
            ExitCode.USAGE,
        )
    parts = [read_run(run_of_picture(kept, image), size).annotations for image, (_, size, _) in enumerate(pictures)]
    run = replace(kept, as_read=tuple(annotation for part in parts for annotation in part))
    if arguments.prompt is not None:
        return GoingOn(earlier=exchanges_of((run,)), after=run.id)
    if not was_cut(run):
        raise CommandError(
            "The kept reply is whole, so there is nothing to be finished. Ask further with --prompt.", ExitCode.USAGE
        )
    why_not = why_not_continued(run, model)
    if why_not:
        raise CommandError(why_not, ExitCode.USAGE)
    return GoingOn(resumes=run)


def _kept(named: str) -> tuple[Run, Sequence[NamedPicture]]:
    """Return a kept run and its pictures: that of a file, or of the history."""
    path = Path(named)
    if not path.exists() and (found := _in_history(named)) is not None:
        return found
    try:
        kept = load_kept(path.read_bytes())
    except OSError as error:
        raise CommandError(
            f'"{path}" could not be read: {error.strerror or error}. No run of the history has such an id either.'
        ) from error
    except (ReplyFileError, UnicodeDecodeError) as error:
        raise CommandError(f'"{path}": {error}') from error
    return kept.run, (NamedPicture(kept.picture, kept.size, kept.sha256), *kept.further)


def _in_history(begins: str) -> tuple[Run, Sequence[NamedPicture]] | None:
    """Return the run whose id begins so; None where there is none.

    Raises:
        CommandError: several are meant, or the history cannot be read.
    """
    try:
        with closing(history_at(history_path(), note)) as history:
            found = history.ids(begins)
            if len(found) > 1:
                raise CommandError(f'Several runs have an id that begins with "{begins}".', ExitCode.USAGE)
            kept = history.get(found[0]) if found else None
    except HistoryError as error:
        raise CommandError(str(error)) from error
    if kept is None:
        return None
    return kept.run, [NamedPicture(picture.name, picture.size, picture.sha256) for picture in kept.pictures]


def _check_pictures(arguments: Namespace, pictures: Sequence[NamedPicture]) -> None:
    """Refuse other pictures than those that the kept reply is about."""
    if len(arguments.files) != len(pictures) or (len(pictures) > 1 and not arguments.one_request):
        how = "with one picture" if len(pictures) == 1 else f"with its {len(pictures)} pictures and --one-request"
        raise CommandError(f"Going on from this reply goes {how}.", ExitCode.USAGE)
    for where, picture in zip(arguments.files, pictures, strict=True):
        try:
            size = opened(where).size
        except MediaError as error:
            raise CommandError(str(error)) from error
        if size != picture.size:
            raise CommandError(
                f'The kept reply is about "{picture.name}", {picture.size.width} x {picture.size.height} pixels, and '
                f'"{shown(where)}" has {size.width} x {size.height}. Give the same picture.',
                ExitCode.USAGE,
            )
