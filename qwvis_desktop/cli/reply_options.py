"""The options of commands that read a reply which exists already (``parse``, ``draw``), and reading it by them.

A reply that QwVis kept itself (``core.formats.reply``) brings its task, family and sizes along; options overrule them.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from dataclasses import dataclass
from pathlib import Path

from qwvis_desktop.cli import argument_types
from qwvis_desktop.cli.output import CommandError, ExitCode, note
from qwvis_desktop.core.annotation import Annotation, JsonValue, ReplyStatus
from qwvis_desktop.core.annotation_json import annotation_to_json, issue_to_json
from qwvis_desktop.core.camera import ANGLE_CONVENTIONS, HALF_TURNS_XYZ, AngleConvention, CameraIntrinsics
from qwvis_desktop.core.coordinates import CoordinateSpace, Frame
from qwvis_desktop.core.formats.reply import KeptReply, ReplyFileError, is_kept_reply, load_kept
from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.model_files import load_registry
from qwvis_desktop.core.model_registry import ModelSpec
from qwvis_desktop.core.replies.parser import ParsedReply, ReplyContext, parse_reply
from qwvis_desktop.core.settings import home
from qwvis_desktop.core.tasks import TASKS, ReplyShape

THOUSANDTHS = Size(1000, 1000)
"""The picture that is assumed where its size is not known: then thousandths stay thousandths."""

BOUNDLESS = Size(1_000_000, 1_000_000)
"""The picture that is assumed where pixels are written and its size is not known: they stay as they are, unclipped."""

UNUSABLE = frozenset({ReplyStatus.PARTIAL, ReplyStatus.NO_STRUCTURED_DATA, ReplyStatus.EMPTY_REPLY})
"""What ends with exit code 3."""

SENTENCES: dict[ReplyStatus, str] = {
    ReplyStatus.OK: "All of the reply was understood.",
    ReplyStatus.OK_EMPTY: "The model says that there is nothing of the kind.",
    ReplyStatus.PARTIAL: "What is listed was read in full, but something was cut off or refused.",
    ReplyStatus.NO_STRUCTURED_DATA: "There is a reply, but nothing of the asked kind in it.",
    ReplyStatus.EMPTY_REPLY: "The reply is empty.",
}


@dataclass(frozen=True, slots=True)
class Reading:
    """A reply that was read: what it says, how its numbers were placed, the view of its cuboids."""

    raw: str
    context: ReplyContext
    parsed: ParsedReply
    camera: CameraIntrinsics
    convention: AngleConvention = HALF_TURNS_XYZ

    @property
    def exit_code(self) -> ExitCode:
        """3 where the reply is unusable or incomplete, else 0."""
        return exit_code_of(self.parsed.status)

    def to_json(self) -> dict[str, JsonValue]:
        """Return what ``parse --json`` prints."""
        return {
            "status": self.parsed.status,
            "text": self.parsed.text,
            "annotations": [annotation_to_json(item, self.camera, self.convention) for item in self.parsed.annotations],
            "issues": [issue_to_json(issue) for issue in self.parsed.issues],
        }


def exit_code_of(status: ReplyStatus | None) -> ExitCode:
    """Return how a command ends whose reply ended so."""
    return ExitCode.UNUSABLE_REPLY if status is None or status in UNUSABLE else ExitCode.DONE


def _said_later(_sentence: str) -> None:
    """Say nothing: what is wrong with a file of models is said by the command itself."""


def add_reply_options(parser: ArgumentParser) -> None:
    """Add the reply and all options that say how to read it."""
    parser.add_argument(
        "reply", metavar="REPLY", help='file with the reply, as the model wrote it; "-": standard input'
    )
    parser.add_argument("--task", choices=TASKS, metavar="TASK", help=f"what was asked: {', '.join(TASKS)}")
    families = tuple(load_registry(home(), say=_said_later).families)
    parser.add_argument("--family", choices=families, metavar="FAMILY", help=f"of the model: {', '.join(families)}")
    parser.add_argument(
        "--image-size",
        type=argument_types.size,
        metavar="WxH",
        help="of the upright original in pixels; without it places are given in thousandths (1000x1000), and numbers "
        "that count pixels as they were written",
    )
    parser.add_argument(
        "--sent-size",
        type=argument_types.size,
        metavar="WxH",
        help="of the picture that the model saw; without it what the family's own resize rule gives",
    )
    spaces = [space.value for space in CoordinateSpace]
    parser.add_argument("--coordinates", choices=spaces, help="what the numbers count, where not what the family does")
    parser.add_argument(
        "--camera",
        type=argument_types.camera,
        metavar="FX,FY,CX,CY",
        help="for boxes in space, in pixels; without it 60 degrees across and 60 degrees down",
    )
    parser.add_argument(
        "--angles",
        choices=ANGLE_CONVENTIONS,
        default=HALF_TURNS_XYZ.name,
        help="for boxes in space: the unit of the last three numbers, and the axes they turn about in their order "
        f"(default: {HALF_TURNS_XYZ.name})",
    )
    parser.add_argument("--duration", type=argument_types.seconds, metavar="SECONDS", help="length of the film")
    parser.add_argument("--finish-reason", choices=("stop", "length"), help="how the reply ended (default: stop)")
    parser.add_argument("--json", action="store_true", help="print one JSON document")


def read_reply(arguments: Namespace, size: Size | None = None) -> Reading:
    """Read the reply that ``arguments`` name.

    Args:
        arguments: parsed, with the options of ``add_reply_options``.
        size: of the upright original in pixels, where the picture is at hand.

    Raises:
        CommandError: the reply cannot be read, or an option that is needed is missing or contradicts the picture.
    """
    raw, kept = _reply_text(arguments.reply)
    if kept is not None:
        raw = kept.run.reply
        _fill_in(arguments, kept)
    for name in ("task", "family"):
        if getattr(arguments, name) is None:
            raise CommandError(f"The option --{name} is needed to read this reply.", ExitCode.USAGE)
    if size is not None and arguments.image_size not in {None, size}:
        raise CommandError(
            f"--image-size contradicts the picture, which is {size.width}x{size.height}. Leave the option out.",
            ExitCode.USAGE,
        )
    spec = load_registry(home(), say=note).spec("", family=arguments.family)
    space = CoordinateSpace(arguments.coordinates or spec.space)
    frame = _kept_frame(kept, arguments) or _frame(arguments, size or arguments.image_size, spec, space)
    context = ReplyContext(
        run=kept.run.id if kept else "reply",
        task=TASKS[arguments.task],
        space=space,
        frames=(frame,),
        duration=arguments.duration,
        camera=arguments.camera,
    )
    parsed = parse_reply(raw, context, arguments.finish_reason or _kept_end(kept))
    camera = arguments.camera or CameraIntrinsics.from_field_of_view(frame.original)
    return Reading(raw, context, parsed, camera, ANGLE_CONVENTIONS[arguments.angles])


def _reply_text(source: str) -> tuple[str, KeptReply | None]:
    try:
        data = sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()
    except OSError as error:
        raise CommandError(f'The reply "{source}" could not be read: {error.strerror or error}.') from error
    try:
        text = data.decode()
    except UnicodeDecodeError:
        text = data.decode(errors="replace")
        note("The reply is not valid UTF-8. What could not be read stands as the replacement character.")
    if not is_kept_reply(text):
        return text, None
    try:
        return text, load_kept(text)
    except ReplyFileError as error:
        raise CommandError(str(error)) from error


def _fill_in(arguments: Namespace, kept: KeptReply) -> None:
    defaults = {
        "task": kept.run.task,
        "family": kept.run.family,
        "image_size": kept.size,
        "coordinates": kept.run.space.value,
        "finish_reason": kept.run.finish_reason,
    }
    for name, value in defaults.items():
        if getattr(arguments, name) is None:
            setattr(arguments, name, value)


def _kept_end(kept: KeptReply | None) -> str | None:
    """Return how the reply ended: None where it broke off."""
    return "stop" if kept is None or not kept.run.error else None


def _kept_frame(kept: KeptReply | None, arguments: Namespace) -> Frame | None:
    if kept is None or arguments.sent_size is not None or arguments.image_size != kept.size:
        return None
    return kept.run.frame


def _frame(arguments: Namespace, size: Size | None, spec: ModelSpec, space: CoordinateSpace) -> Frame:
    sent: Size | None = arguments.sent_size
    if size is None:
        return _frame_without_picture(sent, space, TASKS[arguments.task].shape)
    if sent is None and space is CoordinateSpace.SENT_PIXELS:
        try:
            sent = spec.processor_resize.resized(size)
        except ValueError as error:
            raise CommandError(f"The size of what the model saw cannot be worked out: {error}.") from error
    return Frame.whole(size, sent or size)


def _frame_without_picture(sent: Size | None, space: CoordinateSpace, shape: ReplyShape) -> Frame:
    if sent is not None:
        size, unit = sent, "pixels of the picture that was sent"
    elif space in {CoordinateSpace.SENT_PIXELS, CoordinateSpace.ORIGINAL_PIXELS}:
        size, unit = BOUNDLESS, "pixels as the model wrote them"
    else:
        size, unit = THOUSANDTHS, "thousandths"
    if shape in {ReplyShape.OBJECTS, ReplyShape.DOCUMENT}:
        note(f"The size of the picture is not known (--image-size), so places are given in {unit}.")
    return Frame.whole(size, sent or size)


def summary(annotation: Annotation) -> str:
    """Return one line on an annotation for people, numbers to one digit."""
    from qwvis_desktop.core.annotation import Cuboid, LayoutBlock, TextRegion, VideoEvent, bounds_of

    words = annotation.text if isinstance(annotation, TextRegion | LayoutBlock) else annotation.label
    match annotation:
        case VideoEvent(start=start, end=end):
            place = f"{start:.2f} to {end:.2f} s"
        case Cuboid(center=center):
            place = "at " + ", ".join(f"{number:.2f}" for number in center) + " m"
        case _:
            box = bounds_of(annotation)
            numbers = () if box is None else (box.left, box.top, box.right, box.bottom)
            place = "[" + ", ".join(f"{number:.1f}" for number in numbers) + "]" if box else "no place"
    return f"{annotation.kind:<10} {place}  {' '.join(words.split())}"
