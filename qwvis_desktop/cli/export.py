"""Write projects (FILE.qwvis), kept replies (FILE.reply.json) and label files in another format.

Of a project each picture with annotations or replies is written; one that was moved is looked for. The picture of a
reply is looked for beside it, then in the current folder; only annotated pictures need it. The pictures that label
files name are looked for near them; where a file names none, or another one is meant, --image does.
"""

from __future__ import annotations

import os
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from qwvis_desktop.cli import argument_types
from qwvis_desktop.cli.drawing import add_drawing_options, drawing_options_of, off_screen_renderer
from qwvis_desktop.cli.export_options import add_export_options, export_options_of
from qwvis_desktop.cli.json_output import print_json
from qwvis_desktop.cli.output import CommandError, ExitCode, note, tell
from qwvis_desktop.cli.sources import opened, source
from qwvis_desktop.core.annotation import JsonValue
from qwvis_desktop.core.camera import ANGLE_CONVENTIONS
from qwvis_desktop.core.comparison import read_run
from qwvis_desktop.core.coordinates import Orientation
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.export import FORMATS, Exported, Layout, Renderer, default_path, export
from qwvis_desktop.core.formats.reply import KeptReply, is_kept_reply, load_kept
from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.importing import LabelFileError, read_annotations, read_set
from qwvis_desktop.core.label_sets import documents_of
from qwvis_desktop.core.media.frame_folder import open_frames
from qwvis_desktop.core.media.image import ImageMedia, MediaError, open_image
from qwvis_desktop.core.media.media import Media, open_media
from qwvis_desktop.core.media.write import WriteError
from qwvis_desktop.core.run_json import size_from_json
from qwvis_desktop.core.store.finding import PictureFinder
from qwvis_desktop.core.store.picture_record import (
    Record,
    data_of,
    document_of,
    frame_rate_of,
    has_work,
    page_of,
    resolution_of,
)
from qwvis_desktop.core.store.project import ProjectFileError, is_project, load_project


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of ``qwvis export``."""
    parser.add_argument(
        "projects",
        metavar="PROJECT",
        nargs="+",
        type=Path,
        help=f"a project, FILE.qwvis; a kept reply, FILE.reply.json; or {_LABELS}",
    )
    parser.add_argument("--format", required=True, choices=FORMATS, help="what to write")
    parser.add_argument(
        "--out",
        required=True,
        metavar="PATH",
        help="file, or a folder to put it in, named as the picture; one that ends in a slash is made",
    )
    parser.add_argument(
        "--with-pictures", action="store_true", help="copy the pictures too, for formats that are a folder"
    )
    parser.add_argument(
        "--image",
        type=source,
        metavar="PICTURE",
        help="the picture, the film or the folder of frames (frames#rate=25) that labels are of, where their file does "
        "not name it",
    )
    parser.add_argument(
        "--camera",
        type=argument_types.camera,
        metavar="FX,FY,CX,CY",
        help="for boxes in space, in pixels; without it the file's, else 60 degrees across and down",
    )
    parser.add_argument(
        "--convention",
        choices=ANGLE_CONVENTIONS,
        metavar="NAME",
        help=f"what the angles of boxes in space mean: {', '.join(ANGLE_CONVENTIONS)}",
    )
    add_export_options(parser)
    add_drawing_options(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON document, a list with one object per file")


_LABELS = "labels that others wrote (COCO, Omni3D, KITTI, ...)"


def execute(arguments: Namespace) -> ExitCode:
    """Write all; go on after one that fails; return 1 where one did.

    Raises:
        CommandError: several are to be written to one file, in a format with a file for each.
    """
    is_folder = arguments.out.endswith(("/", os.sep))
    arguments.out = out = Path(arguments.out)
    if is_folder:
        _made(out)
    kind = FORMATS[arguments.format]
    several = len(arguments.projects) > 1
    if several and kind.layout is Layout.EACH and not _takes_several(out):
        raise CommandError(f'Several files need a folder to go to, and "{out}" is none.', ExitCode.USAGE)
    session = _Session(arguments, {path.resolve() for path in arguments.projects})
    for project in arguments.projects:
        for make in _documents(project, arguments):
            session.open(project, make)
    session.write(together=kind.layout is not Layout.EACH)
    if arguments.json:
        print_json([entry.told for entry in session.entries])
    return ExitCode.ERROR if any("error" in entry.told for entry in session.entries) else ExitCode.DONE


def _takes_several(out: Path) -> bool:
    """Say whether several files can go to ``out``: a folder, which is made where there is nothing of that name."""
    if not out.suffix and not out.exists():
        _made(out)
    return out.is_dir()


def _made(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CommandError(f'The folder "{folder}" could not be made: {error.strerror}.') from error


@dataclass(slots=True)
class _Entry:
    """A document of a file, None where it cannot be read, and what ``--json`` tells of it."""

    file: str
    document: Document | None
    told: dict[str, JsonValue]

    def fail(self, error: Exception) -> None:
        """Say why it was not written."""
        note(f"qwvis: {self.file}: {error}")
        self.told = {"file": self.file, "error": str(error)}


_FAILURES = (MediaError, OSError, ValueError, WriteError)


class _Session:
    """All documents of a command, in order.

    Args:
        arguments: of the command.
        taken: resolved paths that are not written over; what was written comes to it.
    """

    def __init__(self, arguments: Namespace, taken: set[Path]) -> None:
        self._arguments = arguments
        self._taken = taken
        self.entries: list[_Entry] = []

    def open(self, file: Path, make: Callable[[], Document]) -> None:
        """Take a document; one that cannot be read is said."""
        entry = _Entry(str(file), None, {})
        self.entries.append(entry)
        try:
            entry.document = make()
        except _FAILURES as error:
            entry.fail(error)

    def write(self, together: bool) -> None:
        """Write all documents, each for itself or in one file or folder."""
        held = [entry for entry in self.entries if entry.document is not None]
        for group in [held] if together and held else [[entry] for entry in held]:
            try:
                self._write(group)
            except _FAILURES as error:
                for entry in group:
                    entry.fail(error)

    def _write(self, entries: Sequence[_Entry]) -> None:
        arguments, out = self._arguments, self._arguments.out
        documents = [entry.document for entry in entries if entry.document is not None]
        path = default_path(documents, arguments.format, out, self._taken) if out.is_dir() else out
        done = export(
            documents,
            arguments.format,
            path,
            _renderer(arguments),
            pictures=arguments.with_pictures,
            options=export_options_of(arguments),
        )
        self._taken.update(file.resolve() for file in done.files)
        for entry, document in zip(entries, documents, strict=True):
            entry.told = {
                "file": entry.file,
                "picture": document.media.name,
                "out": str(path),
                "beside": [str(file) for file in done.files if file != path],
                "left_out": list(done.left_out),
            }
        if not arguments.json:
            tell(" ".join((_places(path, done, arguments), *done.left_out)))


def _places(path: Path, done: Exported, arguments: Namespace) -> str:
    """Return where it was written, for people: a folder by its name, files one by one."""
    is_folder = FORMATS[arguments.format].layout is Layout.FOLDER
    return str(path) if is_folder else ", ".join(map(str, done.files))


def _needs_picture(arguments: Namespace) -> bool:
    return FORMATS[arguments.format].needs_picture or bool(arguments.with_pictures)


def _renderer(arguments: Namespace) -> Renderer | None:
    return off_screen_renderer(drawing_options_of(arguments)) if FORMATS[arguments.format].is_drawn else None


def _documents(path: Path, arguments: Namespace) -> Sequence[Callable[[], Document]]:
    """Return what makes the documents of a file, each for itself: one that is damaged does not keep others back.

    Raises:
        CommandError: a project has several pictures, and there is one file to write.
    """
    if path.is_dir():
        path = path / "data.yaml"  # a data set of YOLO, as we and others write it
        if not path.is_file():
            wrong = LabelFileError("This is a folder without a data.yaml. Name the file in it that holds the labels.")
            return [partial(_fail, wrong)]
    if not is_project(path):
        return _documents_of_labels(path, arguments) or [lambda: _open(path, arguments)]
    try:
        project, _ = load_project(path)
    except (OSError, ProjectFileError) as error:
        return [partial(_fail, error)]
    records = [record for record in project.pictures if has_work(record)]
    each = FORMATS[arguments.format].layout is Layout.EACH
    if each and len(records) != 1 and not _takes_several(arguments.out):
        raise CommandError(
            f'The project "{path.name}" has {len(records)} pictures with annotations. They need a folder to go to, and '
            f'"{arguments.out}" is none.',
            ExitCode.USAGE,
        )
    finder = PictureFinder(path.resolve().parent)
    return [partial(_open_record, record, finder, arguments) for record in records]


def _documents_of_labels(path: Path, arguments: Namespace) -> Sequence[Callable[[], Document]]:
    """Return what makes the documents of a file that names its pictures; nothing for others, or where one is named.

    Raises:
        CommandError: it is of several pictures, and there is one file to write.
    """
    try:
        found = read_set(path) if arguments.image is None and not _is_reply(path) else None
    except (LabelFileError, OSError) as error:
        return [partial(_fail, error)]
    if found is None or not found.pictures:
        return []
    each = FORMATS[arguments.format].layout is Layout.EACH
    if each and len(found.pictures) > 1 and not _takes_several(arguments.out):
        raise CommandError(
            f'"{path.name}" is of {len(found.pictures)} pictures. They need a folder to go to, and "{arguments.out}" '
            "is none.",
            ExitCode.USAGE,
        )
    return [partial(_labelled, make, path, arguments) for make in documents_of(found)]


def _is_reply(path: Path) -> bool:
    return path.is_file() and is_kept_reply(path.read_bytes()[:1000].decode(errors="replace"))


def _labelled(make: Callable[[], tuple[Document, tuple[str, ...]]], path: Path, arguments: Namespace) -> Document:
    document, left_out = make()
    for sentence in left_out:
        note(f"{path}: {sentence}")
    if _needs_picture(arguments) and document.media.path is None:
        raise MediaError(f'The picture "{document.media.name}" is not beside the labels. Put it there.')
    _look(document, arguments)
    return document


def _fail(error: Exception) -> Document:
    raise error


def _open_record(record: Record, finder: PictureFinder, arguments: Namespace) -> Document:
    """Return the document of one picture of a project.

    Raises:
        RecordError: the record is damaged, or of another picture.
        MediaError: the picture cannot be read, or is needed and not there.
    """
    media = _media_of(record, finder, _needs_picture(arguments))
    document, _ = document_of(record, media)
    _look(document, arguments)
    return document


def _media_of(record: Record, finder: PictureFinder, with_picture: bool) -> Media:
    """Return the picture of a record; where it is not drawn on, what the record says of it is enough."""
    name, found = str(record.get("name", "picture")), finder.find(record)
    if found is not None or "data" in record:
        if found is not None and frame_rate_of(record):
            return open_frames(found, frame_rate_of(record), name)
        content = found or data_of(record) or b""
        return open_media(content, name, page=page_of(record), resolution=resolution_of(record))
    if with_picture or "size" not in record:
        raise MediaError(f'The picture "{name}" is not there any more, nor anywhere below the folder of the project.')
    return _named(name, size_from_json(record["size"]))


def _open(path: Path, arguments: Namespace) -> Document:
    """Return the document of a kept reply or of labels, seen as the options say.

    Raises:
        LabelFileError: this is neither, or the picture of labels was not named.
        ReplyFileError: this is a kept reply, but a damaged one.
        OSError: it cannot be read.
        MediaError: the picture cannot be read, is not there, or is of another size.
    """
    if is_kept_reply(path.read_bytes().decode(errors="replace")):
        document = _open_kept(path, arguments)
    else:
        if arguments.image is None:
            raise LabelFileError(
                "This is no kept reply. To read it as labels, say which picture they are of (--image PICTURE)."
            )
        document = Document(opened(arguments.image))
        _look(document, arguments)
        labels = read_annotations(path, document)
        if labels.camera is not None and arguments.camera is None:
            document.set_camera(labels.camera, labels.camera_source)
        for sentence in labels.left_out:
            note(f"{path}: {sentence}")
        if labels.run is not None:
            document.set_run(labels.run)
        document.add(labels.annotations)
    return document


def _look(document: Document, arguments: Namespace) -> None:
    """Set camera and convention as the options say."""
    if arguments.camera is not None:
        document.set_camera(arguments.camera)
    if arguments.convention is not None:
        document.set_convention(ANGLE_CONVENTIONS[arguments.convention])


def _open_kept(path: Path, arguments: Namespace) -> Document:
    """Return the document of a kept reply, what it places read anew."""
    kept = load_kept(path.read_bytes())
    document = Document(_media_of_kept(kept, path.parent, arguments))
    _look(document, arguments)
    parsed = read_run(kept.run, kept.size)
    document.set_run(replace(kept.run, status=parsed.status, text=parsed.text, issues=parsed.issues))
    document.add(parsed.annotations)
    return document


def _media_of_kept(kept: KeptReply, folder: Path, arguments: Namespace) -> ImageMedia:
    """Return the picture of a kept reply as far as the format needs it.

    Raises:
        MediaError: it is needed, and cannot be read, is not there, or is of another size.
    """
    if _needs_picture(arguments):
        return _picture(kept, folder)
    if FORMATS[arguments.format].cuts_picture:
        try:
            return _picture(kept, folder)
        except MediaError as error:
            note(f"{error} Its figures are left out.")
    return _named(kept.picture, kept.size)


def _picture(kept: KeptReply, folder: Path) -> ImageMedia:
    name = Path(kept.picture).name
    for place in (folder / name, Path(name)):
        if place.exists():
            media = open_image(place)
            if media.size != kept.size:
                raise MediaError(f'"{place}" is not the picture of this reply: it is of another size.')
            return media
    raise MediaError(f'The picture "{name}" is neither beside the reply nor in the current folder. Put it there.')


def _named(name: str, size: Size) -> ImageMedia:
    """Return a picture of which only the name and the size are known, which is all that label files tell."""
    return ImageMedia(name=name, path=None, data=None, size=size, stored=size, orientation=Orientation.NORMAL, mime="")
