"""Draw a reply that exists on its picture, at the picture's full size."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime
from pathlib import Path

from qwvis_desktop.cli.drawing import add_drawing_options, drawing_options_of, off_screen_renderer
from qwvis_desktop.cli.json_output import print_json
from qwvis_desktop.cli.output import CommandError, ExitCode, tell
from qwvis_desktop.cli.parse import tell_reading
from qwvis_desktop.cli.reply_options import Reading, add_reply_options, read_reply
from qwvis_desktop.core.document import Document, Run
from qwvis_desktop.core.media.image import ImageMedia, MediaError, open_image
from qwvis_desktop.core.media.write import WriteError, write_beside

MIMES = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
    ".svg": "image/svg+xml",
    ".pdf": "application/pdf",
}


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of ``qwvis draw``."""
    parser.add_argument("image", metavar="IMAGE", help="the picture that the reply is about")
    add_reply_options(parser)
    parser.add_argument("--out", required=True, type=Path, metavar="FILE", help="FILE.png, .jpg, .webp, .svg or .pdf")
    add_drawing_options(parser)


def execute(arguments: Namespace) -> ExitCode:
    """Read the reply, draw it, and print where the drawing is.

    Raises:
        CommandError: the picture or the reply cannot be read, or the drawing not written.
    """
    out: Path = arguments.out
    mime = MIMES.get(out.suffix.lower())
    if mime is None:
        raise CommandError(
            f'"{out.name}" is no kind of picture that can be drawn. Use .png, .jpg, .webp, .svg or .pdf.',
            ExitCode.USAGE,
        )
    try:
        media = open_image(Path(arguments.image))
        if out.resolve() == Path(arguments.image).resolve():
            raise CommandError(f'"{out}" is the picture itself and is never written over. Choose another name.')
        reading = read_reply(arguments, media.size)
        document = document_of(media, reading)
        write_beside(out, off_screen_renderer(drawing_options_of(arguments)).render(document, mime))
    except (MediaError, WriteError) as error:
        raise CommandError(str(error)) from error
    if arguments.json:
        print_json({**reading.to_json(), "out": str(out)})
    else:
        tell_reading(reading)
        tell(f"Drawn: {out}")
    return reading.exit_code


def document_of(media: ImageMedia, reading: Reading) -> Document:
    """Return the picture with what the reply says."""
    context, parsed = reading.context, reading.parsed
    document = Document(media)
    if context.camera is not None:
        document.set_camera(context.camera)
    document.set_convention(reading.convention)
    document.set_run(
        Run(
            id=context.run,
            started=datetime.now(UTC),
            provider="reply",
            model="",
            family="",
            task=context.task.id,
            prompt="",
            frame=context.frames[0],
            space=context.space,
            reply=reading.raw,
            status=parsed.status,
            text=parsed.text,
            issues=parsed.issues,
        )
    )
    document.add(parsed.annotations)
    return document
