"""The table of what can be read in: files of labels in others' formats, and replies.

The format is recognised by the content and not by the name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from itertools import chain, islice
from pathlib import Path

from qwvis_desktop.core.annotation import Annotation, ReplyStatus
from qwvis_desktop.core.comparison import read_run
from qwvis_desktop.core.coordinates import CoordinateSpace, Frame
from qwvis_desktop.core.dataset import PictureLabels
from qwvis_desktop.core.document import Document, Run
from qwvis_desktop.core.film_options import film_of_reply
from qwvis_desktop.core.formats import (
    activitynet,
    alto,
    coco,
    coco_video,
    conversations,
    csv_table,
    cvat,
    event_table,
    hocr,
    jsonl,
    kitti,
    label_studio,
    label_studio_video,
    labelcloud,
    labelme,
    mot,
    omni3d,
    ppocrlabel,
    srt,
    voc,
    webvtt,
    yolo,
)
from qwvis_desktop.core.formats.reply import ReplyFileError, is_kept_reply, load_kept
from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.import_format import ImportFormat, Source, of_document, of_events, of_pictures, text_of
from qwvis_desktop.core.label_file import LabelFileError, Labels
from qwvis_desktop.core.tasks import TASKS

MOST_FILES = 1_000_000
"""Files of labels in a folder that are looked at."""


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


def _mot(source: Source) -> tuple[PictureLabels, ...]:
    """Read boxes with what the film is and the names of their classes; or what the film is, with its boxes."""
    called = "" if source.path is None else source.path.stem
    if not mot.is_information(source.text):
        told, names = source.beside("../seqinfo.ini", "seqinfo.ini"), source.beside("labels.txt", "../gt/labels.txt")
        return (mot.film(source.text, told, names, called=called),)
    boxes = source.beside("gt/gt.txt", "det/det.txt")
    if boxes is None:
        raise LabelFileError("It tells what a film is, but neither gt/gt.txt nor det/det.txt is beside it.")
    return (mot.film(boxes, source.text, source.beside("gt/labels.txt", "labels.txt"), called=called),)


def _studio_films(source: Source) -> tuple[PictureLabels, ...]:
    names = () if source.path is None else (f"{source.path.stem}.config.xml", "config.xml")
    return label_studio_video.pictures(source.text, source.beside(*names) if names else None)


def _coco_results(source: Source) -> tuple[PictureLabels, ...]:
    names = () if source.path is None else (f"{source.path.stem}.images.json",)
    return coco.pictures_of_results(source.text, source.beside(*names) if names else None)


def _yolo(source: Source) -> tuple[PictureLabels, ...]:
    """Read a ``data.yaml`` with all labels below its folder, or the labels of one picture with the names near them."""
    if yolo.is_description(source.text) and source.path is not None:
        told = source.text
        return yolo.pictures(_label_files(source.path.parent), yolo.names_in(told), yolo.pose_in(told))
    name = "" if source.path is None else source.path.stem
    return yolo.pictures({name: lambda: source.text}, *_yolo_names(source))


def _label_files(folder: Path) -> dict[str, Callable[[], str]]:
    """Return what reads each file of labels, by its picture: of folders called ``labels``, else all texts beside."""
    inside = chain(folder.glob("labels/**/*.txt"), folder.glob("*/labels/**/*.txt"))
    found = sorted(islice(inside, MOST_FILES)) or sorted(islice(folder.glob("*.txt"), MOST_FILES))
    return {
        _picture_of(path.relative_to(folder)): partial(text_of, path) for path in found if path.name != "classes.txt"
    }


def _picture_of(labels: Path) -> str:
    """Return what picture a file of labels is of, without ending: in ``images`` where the file is in ``labels``."""
    folders = ("images" if folder == "labels" else folder for folder in labels.parent.parts)
    return "/".join((*folders, labels.stem))


def _yolo_names(source: Source) -> tuple[dict[int, str], int]:
    """Return the names of the classes from what lies beside the labels or up to three folders above, and the pose."""
    ups = ("", "../", "../../", "../../../")
    description = source.beside(*(f"{up}data.yaml" for up in ups))
    if description is not None:
        return yolo.names_in(description), yolo.pose_in(description)
    lines = source.beside(*(f"{up}classes.txt" for up in ups[:3]))
    return ({} if lines is None else yolo.names_in_lines(lines)), 0


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
        ImportFormat("webvtt", "WebVTT subtitles", (".vtt",), webvtt.is_webvtt, of_events(webvtt.load, "WebVTT")),
        ImportFormat("srt", "SRT subtitles", (".srt",), srt.is_srt, of_events(srt.load, "SRT")),
        ImportFormat("omni3d", "Omni3D JSON", _JSON, omni3d.is_omni3d, of_document(omni3d.load)),
        of_pictures(
            "mot", "MOT Challenge", (*_TEXT, ".ini"), lambda text: mot.is_boxes(text) or mot.is_information(text), _mot
        ),
        ImportFormat("kitti", "KITTI labels", _TEXT, kitti.is_labels, _kitti),
        ImportFormat("labelcloud", "labelCloud JSON", _JSON, labelcloud.is_labelcloud, of_document(labelcloud.load)),
        of_pictures(
            "activitynet",
            "ActivityNet JSON",
            _JSON,
            activitynet.is_activitynet,
            lambda source: activitynet.pictures(source.text),
        ),
        of_pictures("jsonl", "JSON lines", (".jsonl",), jsonl.is_lines, lambda source: jsonl.pictures(source.text)),
        of_pictures(
            "coco-video",
            "COCO JSON with tracks",
            _JSON,
            coco_video.is_coco_video,
            lambda source: coco_video.pictures(source.text),
        ),
        of_pictures("coco", "COCO JSON", _JSON, coco.is_coco, lambda source: coco.pictures(source.text)),
        of_pictures("coco-results", "COCO results", _JSON, coco.is_results, _coco_results),
        of_pictures("labelme", "labelme JSON", _JSON, labelme.is_labelme, lambda source: labelme.pictures(source.text)),
        of_pictures(
            "label-studio-video",
            "Label Studio JSON of films",
            _JSON,
            label_studio_video.is_film_tasks,
            _studio_films,
        ),
        of_pictures(
            "label-studio",
            "Label Studio JSON",
            _JSON,
            label_studio.is_label_studio,
            lambda source: label_studio.pictures(source.text),
        ),
        of_pictures(
            "conversations",
            "conversations JSON",
            (*_JSON, ".jsonl"),
            conversations.is_conversations,
            _conversations,
        ),
        of_pictures(
            "ppocrlabel", "PPOCRLabel", _TEXT, ppocrlabel.is_labels, lambda source: ppocrlabel.pictures(source.text)
        ),
        of_pictures("csv", "CSV", (".csv",), csv_table.is_table, lambda source: csv_table.pictures(source.text)),
        ImportFormat(
            "event-table",
            "Table of events",
            (".csv", ".tsv"),
            event_table.is_event_table,
            of_events(event_table.load, "a table of events"),
        ),
        of_pictures(
            "hocr", "hOCR", (".hocr", ".html", ".xhtml"), hocr.is_hocr, lambda source: hocr.pictures(source.text)
        ),
        of_pictures("alto", "ALTO XML", _XML, alto.is_alto, lambda source: alto.pictures(source.text)),
        of_pictures("voc", "Pascal VOC", _XML, voc.is_voc, lambda source: voc.pictures(source.text)),
        of_pictures("cvat", "CVAT XML", _XML, cvat.is_cvat, lambda source: cvat.pictures(source.text)),
        of_pictures(
            "yolo", "YOLO", (*_TEXT, ".yaml"), lambda text: yolo.is_description(text) or yolo.is_labels(text), _yolo
        ),
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
