"""The table of what can be written: label files, annotated pictures, and the raw reply."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from qwvis_desktop.core.annotation import LayoutBlock
from qwvis_desktop.core.dataset import Dataset, OutFile
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.field_formats import FIELD_FORMATS
from qwvis_desktop.core.file_format import Format, Group, Layout, of_picture, single, whole
from qwvis_desktop.core.film_formats import FILM_FORMATS
from qwvis_desktop.core.formats import (
    coco,
    conversations,
    csv_table,
    cvat,
    jsonl,
    kitti,
    label_studio,
    labelcloud,
    labelme,
    omni3d,
    reply,
    voc,
    xlsx,
    yolo,
)
from qwvis_desktop.core.label_file import Losses
from qwvis_desktop.core.text_formats import TEXT_FORMATS
from qwvis_desktop.core.workbook import MIME as _WORKBOOK


def _losses_of_pictures(document: Document) -> Losses:
    annotations = document.annotations.values()
    return (
        (sum(annotation.kind == "event" for annotation in annotations), "1 event in time", "{} events in time"),
        (
            sum(isinstance(annotation, LayoutBlock) and annotation.box is None for annotation in annotations),
            "1 block without a place",
            "{} blocks without a place",
        ),
        (sum(bool(run.text) for run in document.runs.values()), "the answer in words", "{} answers in words"),
    )


def _tasks(dataset: Dataset) -> Iterator[OutFile]:
    yield OutFile("", label_studio.dump(dataset))
    yield OutFile(_CONFIGURATION, label_studio.dump_configuration(dataset))


_CONFIGURATION = ".config.xml"


def _results(dataset: Dataset) -> Iterator[OutFile]:
    yield OutFile("", coco.dump_results(dataset))
    yield OutFile(_NUMBERS, coco.dump_numbers(dataset))


_NUMBERS = ".images.json"


_ANY = ("image", "video")
_JSON, _LINES, _XML = "application/json", "application/jsonl", "application/xml"


def _yolo(form: yolo.Form, title: str) -> Format:
    return Format(
        id="yolo" if form is yolo.Form.DETECT else f"yolo-{form}",
        title=title,
        suffix=".yolo" if form is yolo.Form.DETECT else f".yolo-{form}",
        mime="inode/directory",
        losses=partial(yolo.losses, form),
        make=partial(yolo.dump, form),
        layout=Layout.FOLDER,
    )


def _talks(name: str, title: str, family: conversations.Family) -> tuple[Format, Format]:
    """Return both forms of conversations for fine-tuning a family of models."""
    messages, sharegpt = conversations.dump_messages, conversations.dump_sharegpt
    return (
        Format(
            f"{name}-messages",
            f"Fine-tuning {title} (messages)",
            f".{name}.jsonl",
            _LINES,
            conversations.losses,
            whole(partial(messages, family)),
            Layout.ONE,
        ),
        Format(
            f"{name}-sharegpt",
            f"Fine-tuning {title} (ShareGPT)",
            f".{name}.json",
            _JSON,
            conversations.losses,
            whole(partial(sharegpt, family)),
            Layout.ONE,
        ),
    )


_PICTURES = (
    Format("png", "Annotated picture (PNG)", ".annotated.png", "image/png", _losses_of_pictures),
    Format("jpg", "Annotated picture (JPEG)", ".annotated.jpg", "image/jpeg", _losses_of_pictures),
    Format("webp", "Annotated picture (WebP)", ".annotated.webp", "image/webp", _losses_of_pictures),
    Format("svg", "Drawing (SVG)", ".annotated.svg", "image/svg+xml", _losses_of_pictures),
    Format("pdf", "Drawing (PDF)", ".annotated.pdf", "application/pdf", _losses_of_pictures),
)

_LABELS = (
    Format("coco", "COCO JSON", ".coco.json", _JSON, coco.losses, whole(coco.dump), Layout.ONE),
    Format(
        "coco-results",
        "COCO results",
        ".coco-results.json",
        _JSON,
        coco.losses_of_results,
        _results,
        Layout.ONE,
        beside=(_NUMBERS,),
    ),
    _yolo(yolo.Form.DETECT, "YOLO boxes"),
    _yolo(yolo.Form.OBB, "YOLO turned boxes (OBB)"),
    _yolo(yolo.Form.SEGMENT, "YOLO outlines (segment)"),
    Format("voc", "Pascal VOC XML", ".xml", _XML, voc.losses, of_picture(voc.dump)),
    Format("labelme", "labelme JSON", ".json", _JSON, labelme.losses, of_picture(labelme.dump)),
    Format(
        "x-anylabeling",
        "X-AnyLabeling JSON",
        ".json",
        _JSON,
        labelme.losses,
        of_picture(labelme.dump_x_anylabeling),
    ),
    Format(
        "label-studio",
        "Label Studio tasks",
        ".label-studio.json",
        _JSON,
        label_studio.losses,
        _tasks,
        Layout.ONE,
        beside=(_CONFIGURATION,),
    ),
    Format("cvat", "CVAT XML for images", ".cvat.xml", _XML, cvat.losses, whole(cvat.dump), Layout.ONE),
)

_TABLES = (
    Format("csv", "Table (CSV)", ".csv", "text/csv", csv_table.losses, whole(csv_table.dump), Layout.ONE, media=_ANY),
    Format("xlsx", "Workbook (XLSX)", ".xlsx", _WORKBOOK, xlsx.losses, whole(xlsx.dump), Layout.ONE, media=_ANY),
    *FIELD_FORMATS,
    Format("jsonl", "JSON lines", ".jsonl", _LINES, jsonl.losses, whole(jsonl.dump), Layout.ONE, media=_ANY),
)

_SPACE = (
    Format("omni3d", "Omni3D JSON", ".omni3d.json", _JSON, omni3d.losses, single(omni3d.dump)),
    Format(
        "kitti",
        "KITTI labels",
        ".kitti.txt",
        "text/plain",
        kitti.losses,
        single(kitti.dump, kitti.dump_camera),
        beside=(".calib.txt",),
    ),
    Format("labelcloud", "labelCloud JSON", ".labelcloud.json", _JSON, labelcloud.losses, single(labelcloud.dump)),
)

_BY_GROUP: dict[Group, tuple[Format, ...]] = {
    Group.PICTURES: _PICTURES,
    Group.TEXT: TEXT_FORMATS,
    Group.LABELS: _LABELS,
    Group.TRAINING: (
        *_talks("qwen3-vl", "Qwen3-VL and later", conversations.QWEN3),
        *_talks("qwen2.5-vl", "Qwen2.5-VL", conversations.QWEN25),
    ),
    Group.TABLES: _TABLES,
    Group.SPACE: _SPACE,
    Group.FILMS: FILM_FORMATS,
    Group.REPLIES: (
        Format("reply", "Raw reply (JSON)", ".reply.json", _JSON, reply.losses, single(reply.dump), media=_ANY),
    ),
}

FORMATS: dict[str, Format] = {
    kind.id: replace(kind, group=group) for group, kinds in _BY_GROUP.items() for kind in kinds
}
"""All formats by id, in the order in which they are offered."""
