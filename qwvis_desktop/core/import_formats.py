"""The table of what can be read in: files of labels in others' formats, and replies.

The format is recognised by the content and not by the name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from itertools import chain, islice
from pathlib import Path, PurePath

from qwvis_desktop.core.annotation import Annotation, ReplyStatus
from qwvis_desktop.core.comparison import read_run
from qwvis_desktop.core.coordinates import CoordinateSpace, Frame
from qwvis_desktop.core.dataset import PictureLabels, clipped, scaled
from qwvis_desktop.core.document import Document, Run
from qwvis_desktop.core.film_options import film_of_reply
from qwvis_desktop.core.formats import (
    activitynet,
    alto,
    coco,
    conversations,
    csv_table,
    cvat,
    event_table,
    hocr,
    jsonl,
    kitti,
    label_studio,
    labelcloud,
    labelme,
    omni3d,
    ppocrlabel,
    srt,
    voc,
    webvtt,
    yolo,
)
from qwvis_desktop.core.formats.reply import ReplyFileError, is_kept_reply, load_kept
from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.label_file import LabelFileError, Labels
from qwvis_desktop.core.media.video import VideoMedia
from qwvis_desktop.core.tasks import TASKS

MOST_BYTES = 500_000_000
"""Files larger than this are refused unread; the largest data set of labels in one file takes about half."""

MOST_FILES = 1_000_000
"""Files of labels in a folder that are looked at."""

_SAME_SHAPE = 0.01
"""How much the ratio of a picture's sides may differ for it still to be the same picture, made smaller or larger."""


@dataclass(frozen=True, slots=True)
class Source:
    """A text that is to be read, and the file it is of; None where it was pasted."""

    text: str
    path: Path | None = None

    def beside(self, *names: str) -> str | None:
        """Return the text of the first of these files that is there, paths from the file's own folder."""
        if self.path is None:
            return None
        places = (self.path.parent / name for name in names)
        found = next((place for place in places if place.is_file() and place.resolve() != self.path.resolve()), None)
        return None if found is None else text_of(found)


@dataclass(frozen=True, slots=True)
class ImportFormat:
    """A kind of file that can be read.

    Attributes:
        id: its name on the command line.
        title: its name for people (translated where it is shown).
        suffixes: what its files' names may end in, for dialogs.
        recognises: says whether a text is one.
        read: gives labels for a document, and the run where the text is a reply.
        pictures: gives what is said of each picture, where the format names pictures.
    """

    id: str
    title: str
    suffixes: tuple[str, ...]
    recognises: Callable[[str], bool]
    read: Callable[[Source, Document], tuple[Labels, Run | None]]
    pictures: Callable[[Source], tuple[PictureLabels, ...]] | None = None


def _labels(load: Callable[[str, Document], Labels]) -> Callable[[Source, Document], tuple[Labels, Run | None]]:
    return lambda source, document: (load(source.text, document), None)


def _events(load: Callable[[str], Labels], title: str) -> Callable[[Source, Document], tuple[Labels, Run | None]]:
    """Read events, which are of a film."""

    def read(source: Source, document: Document) -> tuple[Labels, Run | None]:
        if not isinstance(document.media, VideoMedia):
            raise LabelFileError(f"It tells when something happens in a film ({title}). Open the film it is of.")
        return load(source.text), None

    return read


def _set(
    format_id: str,
    title: str,
    suffixes: tuple[str, ...],
    recognises: Callable[[str], bool],
    pictures: Callable[[Source], tuple[PictureLabels, ...]],
) -> ImportFormat:
    """Return a format that names the pictures its labels are of."""

    def read(source: Source, document: Document) -> tuple[Labels, Run | None]:
        found = pictures(source)
        return (labels_of(picture_of(found, document, title), document), None) if found else (Labels(()), None)

    return ImportFormat(format_id, title, suffixes, recognises, read, pictures)


def picture_of(pictures: Sequence[PictureLabels], document: Document, title: str) -> PictureLabels:
    """Return the entry of the document's picture: the only one, or the one of its name.

    Raises:
        LabelFileError: there are several, and none or more than one of its name.
    """
    if len(pictures) == 1:
        return pictures[0]
    named = [picture for picture in pictures if is_named(picture, document)]
    if len(named) > 1:
        named = [picture for picture in named if picture.size == document.size]
    if len(named) == 1:
        return named[0]
    found = "none of them is" if not named else f"{len(named)} of them are"
    raise LabelFileError(
        f'This {title} file is of {len(pictures)} pictures, and {found} called "{document.media.name}". '
        "Open the picture it is of, or choose a file of one picture."
    )


def is_named(picture: PictureLabels, document: Document) -> bool:
    """Say whether a picture in a file has the name of the document's; one without ending, as YOLO has it, too."""
    return picture.file_name.casefold() in names_of(document)


def names_of(document: Document) -> frozenset[str]:
    """Return what files may call the picture of a document, in lower case; a page by the name of its copy, too."""
    ours = PurePath(document.media.file_name)
    copies = {f"{ours.stem}.png"} if document.media.page else set()
    return frozenset(name.casefold() for name in {ours.name, ours.stem} | copies)


def labels_of(picture: PictureLabels, document: Document) -> Labels:
    """Return what a file says of a picture, in pixels of the document's.

    Where the file is of another size of the same shape, places are scaled. Boxes are clipped to the picture.

    Raises:
        LabelFileError: the picture has another shape.
    """
    size = document.size
    if picture.size is None:
        return clipped(picture.read(size), size)
    across, down = size.width / picture.size.width, size.height / picture.size.height
    if abs(across / down - 1) > _SAME_SHAPE:
        raise LabelFileError(
            f"It is about a picture of {picture.size.width} x {picture.size.height} pixels, and the one that is open "
            f'has {size.width} x {size.height}. Open the picture "{picture.file_name}".'
        )
    return clipped(scaled(picture.read(picture.size), across, down), size)


def _kitti(source: Source, document: Document) -> tuple[Labels, Run | None]:
    """Read labels with the file of the camera, which lies beside them or, as in the data set, in ``calib``."""
    camera = None
    if source.path is not None:
        camera = source.beside(f"{source.path.stem}.calib.txt", f"../calib/{source.path.name}")
    return kitti.load(source.text, document, camera), None


def _kept_reply(source: Source, document: Document) -> tuple[Labels, Run | None]:
    try:
        kept = load_kept(source.text)
    except ReplyFileError as error:
        raise LabelFileError(str(error)) from error
    if kept.run.task not in TASKS:
        raise LabelFileError(f'This reply is to a task that is not known here ("{kept.run.task}"). Update QwVis.')
    size = document.size
    if kept.size != size:
        raise LabelFileError(
            f"This reply is about a picture of {kept.size.width} x {kept.size.height} pixels, and the one that is open "
            f'has {size.width} x {size.height}. Open the picture "{kept.picture}".'
        )
    return _run_labels(kept.run, document)


def _bare_reply(source: Source, document: Document) -> tuple[Labels, Run | None]:
    """Read text as the reply of a current model that was asked about all of it: for boxes in space, or for events."""
    size, film = document.size, film_of_reply(document.media)
    asked = "cuboid" if film is None else "video-events"
    run = _run(source.text, Frame.whole(size, size), asked, CoordinateSpace.RELATIVE_1000)
    run = replace(run, film=film)
    labels, run_read = _run_labels(run, document)
    if not labels.annotations:
        raise LabelFileError(
            f"There is nothing in it that can be drawn: it is no file of {_listed()}, and no reply with "
            f"{'boxes' if film is None else 'events'}."
        )
    return labels, run_read


def _run(reply: str, frame: Frame, task: str, space: CoordinateSpace) -> Run:
    return Run(
        started=datetime.now(UTC),
        provider="reply",
        model="",
        family="",
        task=task,
        prompt="",
        frame=frame,
        space=space,
        reply=reply,
        finish_reason="stop",
    )


def _run_labels(run: Run, document: Document) -> tuple[Labels, Run]:
    parsed = read_run(run, document.size)
    run = replace(run, status=parsed.status, text=parsed.text, issues=parsed.issues)
    partial = parsed.status is ReplyStatus.PARTIAL
    return Labels(parsed.annotations, None, tuple(issue.message for issue in parsed.issues) if partial else ()), run


def _coco_results(source: Source) -> tuple[PictureLabels, ...]:
    names = () if source.path is None else (f"{source.path.stem}.images.json",)
    return coco.pictures_of_results(source.text, source.beside(*names) if names else None)


def _yolo(source: Source) -> tuple[PictureLabels, ...]:
    """Read a ``data.yaml`` with all labels below its folder, or the labels of one picture with the names near them."""
    if yolo.is_description(source.text) and source.path is not None:
        return yolo.pictures(_label_files(source.path.parent), yolo.names_in(source.text))
    name = "" if source.path is None else source.path.stem
    return yolo.pictures({name: lambda: source.text}, _yolo_names(source))


def _label_files(folder: Path) -> dict[str, Callable[[], str]]:
    """Return what reads each file of labels: those in folders called ``labels``, or else all texts beside."""
    inside = chain(folder.glob("labels/**/*.txt"), folder.glob("*/labels/**/*.txt"))
    found = sorted(islice(inside, MOST_FILES)) or sorted(islice(folder.glob("*.txt"), MOST_FILES))
    return {path.stem: partial(text_of, path) for path in found if path.name != "classes.txt"}


def _yolo_names(source: Source) -> dict[int, str]:
    """Return the names of the classes from what lies beside the labels or up to three folders above."""
    ups = ("", "../", "../../", "../../../")
    description = source.beside(*(f"{up}data.yaml" for up in ups))
    if description is not None:
        return yolo.names_in(description)
    lines = source.beside(*(f"{up}classes.txt" for up in ups[:3]))
    return {} if lines is None else yolo.names_in_lines(lines)


def _conversations(source: Source) -> tuple[PictureLabels, ...]:
    of: dict[str, list[conversations.Conversation]] = {}
    for found in conversations.load(source.text):
        of.setdefault(found.picture, []).append(found)
    return tuple(PictureLabels(name, None, partial(_answers, answers)) for name, answers in of.items())


def _answers(answers: Sequence[conversations.Conversation], size: Size) -> Labels:
    """Read answers as replies of a model; what was asked and said about them is not kept."""
    annotations: list[Annotation] = []
    left_out: list[str] = []
    for answer in answers:
        space, seen, guess = _counting(answer, size)
        parsed = read_run(_run(answer.answer, Frame.whole(size, seen), answer.task, space), size)
        annotations += (replace(annotation, provenance=None) for annotation in parsed.annotations)
        if parsed.status in (ReplyStatus.PARTIAL, ReplyStatus.NO_STRUCTURED_DATA):
            left_out += (issue.message for issue in parsed.issues)
        left_out += guess
    return Labels(tuple(annotations), None, tuple(dict.fromkeys(left_out)))


_BEYOND = re.compile(r"(?<![\d.])[1-9]\d{3,}(?![\d.])")
"""A whole number over 999."""


def _counting(answer: conversations.Conversation, size: Size) -> tuple[CoordinateSpace, Size, tuple[str, ...]]:
    """Return what the numbers of an answer count, of a picture of which size, and a sentence where that is a guess."""
    resized = conversations.QWEN25.seen(size)
    if answer.space is not None:
        return answer.space, answer.seen or resized, ()
    if any(int(number) > 1000 for number in _BEYOND.findall(answer.answer)):
        return (
            CoordinateSpace.SENT_PIXELS,
            resized,
            ("The file does not say what its numbers count; they were taken for pixels of the resized picture.",),
        )
    return (
        CoordinateSpace.RELATIVE_1000,
        size,
        ("The file does not say what its numbers count; they were taken for thousandths.",),
    )


_JSON, _TEXT, _XML = (".json",), (".txt",), (".xml",)

IMPORTS: dict[str, ImportFormat] = {
    kind.id: kind
    for kind in (
        ImportFormat("webvtt", "WebVTT subtitles", (".vtt",), webvtt.is_webvtt, _events(webvtt.load, "WebVTT")),
        ImportFormat("srt", "SRT subtitles", (".srt",), srt.is_srt, _events(srt.load, "SRT")),
        ImportFormat("omni3d", "Omni3D JSON", _JSON, omni3d.is_omni3d, _labels(omni3d.load)),
        ImportFormat("kitti", "KITTI labels", _TEXT, kitti.is_labels, _kitti),
        ImportFormat("labelcloud", "labelCloud JSON", _JSON, labelcloud.is_labelcloud, _labels(labelcloud.load)),
        _set(
            "activitynet",
            "ActivityNet JSON",
            _JSON,
            activitynet.is_activitynet,
            lambda source: activitynet.pictures(source.text),
        ),
        _set("jsonl", "JSON lines", (".jsonl",), jsonl.is_lines, lambda source: jsonl.pictures(source.text)),
        _set("coco", "COCO JSON", _JSON, coco.is_coco, lambda source: coco.pictures(source.text)),
        _set("coco-results", "COCO results", _JSON, coco.is_results, _coco_results),
        _set("labelme", "labelme JSON", _JSON, labelme.is_labelme, lambda source: labelme.pictures(source.text)),
        _set(
            "label-studio",
            "Label Studio JSON",
            _JSON,
            label_studio.is_label_studio,
            lambda source: label_studio.pictures(source.text),
        ),
        _set(
            "conversations",
            "conversations JSON",
            (*_JSON, ".jsonl"),
            conversations.is_conversations,
            _conversations,
        ),
        _set("ppocrlabel", "PPOCRLabel", _TEXT, ppocrlabel.is_labels, lambda source: ppocrlabel.pictures(source.text)),
        _set("csv", "CSV", (".csv",), csv_table.is_table, lambda source: csv_table.pictures(source.text)),
        ImportFormat(
            "event-table",
            "Table of events",
            (".csv", ".tsv"),
            event_table.is_event_table,
            _events(event_table.load, "a table of events"),
        ),
        _set("hocr", "hOCR", (".hocr", ".html", ".xhtml"), hocr.is_hocr, lambda source: hocr.pictures(source.text)),
        _set("alto", "ALTO XML", _XML, alto.is_alto, lambda source: alto.pictures(source.text)),
        _set("voc", "Pascal VOC", _XML, voc.is_voc, lambda source: voc.pictures(source.text)),
        _set("cvat", "CVAT XML", _XML, cvat.is_cvat, lambda source: cvat.pictures(source.text)),
        _set("yolo", "YOLO", (*_TEXT, ".yaml"), lambda text: yolo.is_description(text) or yolo.is_labels(text), _yolo),
        ImportFormat("reply", "Raw reply (JSON)", _JSON, is_kept_reply, _kept_reply),
        ImportFormat("text", "Reply of a model", (*_TEXT, *_JSON), lambda text: bool(text.strip()), _bare_reply),
    )
}
"""All formats by id, in the order in which they are tried; the last takes any text."""


def _listed() -> str:
    titles = [kind.title for kind in IMPORTS.values()][:-1]
    return f"{', '.join(titles[:-1])} or {titles[-1]}"


def recognised(text: str) -> ImportFormat | None:
    """Return what ``text`` is, by its content; None where it is empty."""
    return next((kind for kind in IMPORTS.values() if kind.recognises(text)), None)


def text_of(path: Path) -> str:
    """Return the text of a file of labels.

    Raises:
        LabelFileError: it is not there, too large, or no text.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise LabelFileError(f"It is larger than {MOST_BYTES // 10**6} MB, so it was not read. Take a part of it.")
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise LabelFileError(
            "It is no text in UTF-8. If it holds labels, save it in that encoding; else choose another file."
        ) from error
    except OSError as error:
        raise LabelFileError(f"It could not be read: {error.strerror or error}.") from error
