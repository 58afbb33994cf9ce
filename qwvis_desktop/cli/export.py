"""Write kept replies (FILE.reply.json) in another format.

The picture is looked for beside the reply, then in the current folder. Only annotated pictures need it.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from dataclasses import replace
from pathlib import Path

from qwvis_desktop.cli.drawing import off_screen_renderer
from qwvis_desktop.cli.json_output import print_json
from qwvis_desktop.cli.output import CommandError, ExitCode, note, tell
from qwvis_desktop.core.annotation import JsonValue
from qwvis_desktop.core.comparison import read_run
from qwvis_desktop.core.coordinates import Orientation
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.export import FORMATS, ExportError, Renderer, default_path, export
from qwvis_desktop.core.formats.reply import KeptReply, ReplyFileError, load_kept
from qwvis_desktop.core.media.image import ImageMedia, MediaError, open_image
from qwvis_desktop.core.media.write import WriteError


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of ``qwvis export``."""
    parser.add_argument("projects", metavar="PROJECT", nargs="+", type=Path, help="a kept reply, FILE.reply.json")
    parser.add_argument("--format", required=True, choices=FORMATS, help="what to write")
    parser.add_argument(
        "--out", required=True, type=Path, metavar="PATH", help="file; for several, or where it is one, folder"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON document, a list with one object per file")


def execute(arguments: Namespace) -> ExitCode:
    """Write each; go on after one that fails; return 1 where one did.

    Raises:
        CommandError: several are to be written to one file.
    """
    out: Path = arguments.out
    if len(arguments.projects) > 1 and not out.is_dir():
        raise CommandError(f'Several files need a folder to go to, and "{out}" is none.', ExitCode.USAGE)
    code = ExitCode.DONE
    written: list[JsonValue] = []
    taken = {path.resolve() for path in arguments.projects}
    for project in arguments.projects:
        try:
            document = _open_kept(project, with_picture=FORMATS[arguments.format].dump is None)
            path = default_path(document, arguments.format, out, taken) if out.is_dir() else out
            losses = export(document, arguments.format, path, _renderer(arguments.format))
        except (ExportError, MediaError, OSError, ReplyFileError, WriteError) as error:
            note(f"qwvis: {project}: {error}")
            written.append({"file": str(project), "error": str(error)})
            code = ExitCode.ERROR
            continue
        taken.add(path.resolve())
        written.append({"file": str(project), "out": str(path), "left_out": list(losses)})
        if not arguments.json:
            tell(" ".join((str(path), *losses)))
    if arguments.json:
        print_json(written)
    return code


def _renderer(format_id: str) -> Renderer | None:
    return off_screen_renderer() if FORMATS[format_id].dump is None else None


def _open_kept(path: Path, *, with_picture: bool) -> Document:
    """Return the document of a kept reply, what it places read anew.

    Raises:
        ReplyFileError: this is no kept reply.
        OSError: it cannot be read.
        MediaError: the picture cannot be read, is not there, or is of another size.
    """
    kept = load_kept(path.read_bytes())
    document = Document(_picture(kept, path.parent) if with_picture else _named(kept))
    parsed = read_run(kept.run, kept.size)
    document.set_run(replace(kept.run, status=parsed.status, text=parsed.text, issues=parsed.issues))
    document.add(parsed.annotations)
    return document


def _picture(kept: KeptReply, folder: Path) -> ImageMedia:
    name = Path(kept.picture).name
    for place in (folder / name, Path(name)):
        if place.exists():
            media = open_image(place)
            if media.size != kept.size:
                raise MediaError(f'"{place}" is not the picture of this reply: it is of another size.')
            return media
    raise MediaError(f'The picture "{name}" is neither beside the reply nor in the current folder. Put it there.')


def _named(kept: KeptReply) -> ImageMedia:
    """Return a picture of which only the name and the size are known, which is all that label files tell."""
    return ImageMedia(
        name=kept.picture,
        path=None,
        data=None,
        size=kept.size,
        stored=kept.size,
        orientation=Orientation.NORMAL,
        mime="",
    )
