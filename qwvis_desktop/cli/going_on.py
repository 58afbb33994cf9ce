"""``--continue-from``: going on from a reply that was kept: the rest of a cut one, or a further question."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from qwvis_desktop.cli.output import CommandError, ExitCode
from qwvis_desktop.core.comparison import read_run
from qwvis_desktop.core.document import Run
from qwvis_desktop.core.formats.reply import KeptReply, ReplyFileError, load_kept
from qwvis_desktop.core.media.image import MediaError, open_image
from qwvis_desktop.core.model_registry import ModelSpec
from qwvis_desktop.core.request.conversation import Exchange, exchanges_of, was_cut, why_not_continued
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
        type=Path,
        metavar="KEPT_REPLY",
        help='a reply kept by "--export reply" or the window: without --prompt, one that was cut is finished; with '
        "--prompt, it is asked further about the same picture",
    )


def going_on(arguments: Namespace, task: Task, model: ModelSpec) -> GoingOn:
    """Return what the request of ``arguments`` goes on from.

    Raises:
        CommandError: there is no such kept reply, it is of another task or picture, or it cannot be gone on with.
    """
    if arguments.continue_from is None:
        return GoingOn()
    kept = _kept(arguments.continue_from)
    if kept.run.task != task.id:
        raise CommandError(
            f"The kept reply is of the task {kept.run.task}. Give --task {kept.run.task}.", ExitCode.USAGE
        )
    _check_picture(arguments.files, kept)
    run = replace(kept.run, as_read=read_run(kept.run, kept.size).annotations)
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


def _kept(path: Path) -> KeptReply:
    try:
        return load_kept(path.read_bytes())
    except OSError as error:
        raise CommandError(f'"{path}" could not be read: {error.strerror or error}.') from error
    except (ReplyFileError, UnicodeDecodeError) as error:
        raise CommandError(f'"{path}": {error}') from error


def _check_picture(files: Sequence[Path], kept: KeptReply) -> None:
    if len(files) != 1:
        raise CommandError("--continue-from goes with one picture.", ExitCode.USAGE)
    try:
        size = open_image(files[0]).size
    except MediaError as error:
        raise CommandError(str(error)) from error
    if size != kept.size:
        raise CommandError(
            f'The kept reply is about "{kept.picture}", {kept.size.width} x {kept.size.height} pixels, and '
            f'"{files[0].name}" has {size.width} x {size.height}. Give the same picture.',
            ExitCode.USAGE,
        )
